package clientaccount

import (
	"context"
	"errors"
	"log/slog"
	"slices"
	"time"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/store"
)

// RunBatch has what could be done be done by WorkOn and Tick, each as if alone, of a batch that was
// judged, or stopped (else the fault batch.state). With all, a batch of which anything would be
// refused is the fault batch.faulty. A batch that takes back another one counts as having done so
// from now on; where that was taken back already, it is the fault batch.undone, as it is to run what
// was taken back; and where more was done of that since, or it runs again, batch.more.
//
// It runs for the edit's Actor, who is logged, and whose Managers and Guard count beside those of who
// made it; Apply and Reason do not. Guard is asked now about each task, with the account as it was
// when that was judged and as it would be; where a field has another value by the time it is done, the
// task is refused (change.superseded), and where it came to what cannot be taken back, or to
// more of it, too (task.step). What may not be done of the actor's own batch is faulty from
// then on; of somebody else's, nothing runs.
//
// Errors: [account.Faults], [account.ErrNotFound], [account.ErrConflict], [ErrNested], [ErrNoTasks];
// what Guard returns that is no Faults.
func (s *Service) RunBatch(ctx context.Context, batch account.ID, e Edit, all bool) (store.Batch, error) {
	if _, err := s.tasker(); err != nil {
		return store.Batch{}, err
	}
	if err := e.faults().Err(); err != nil {
		return store.Batch{}, err
	}
	guarded, err := s.guardBatch(ctx, batch, e)
	if err != nil {
		return store.Batch{}, err
	}
	b, err := s.onBatch(ctx, batch, func(ctx context.Context, tx store.TaskTx, b *store.Batch) error {
		switch {
		case b.State == store.BatchRunning:
			return nil
		case b.State != store.BatchJudged && b.State != store.BatchStopped, b.State != guarded:
			return account.Faults{account.NewFault("", "batch.state")}
		case !b.UndoneBy.IsZero():
			return account.Faults{account.NewFault("", "batch.undone")}
		}
		b.State, b.Managers = store.BatchRunning, narrower(b.Managers, e.Managers)
		if all {
			counts, err := tx.TaskCounts(ctx, b.ID)
			if err != nil {
				return err
			}
			if n := counts[store.TaskFaulty]; n > 0 {
				return account.Faults{account.NewFault("", "batch.faulty", n)}
			}
		}
		return undoes(ctx, tx, b)
	})
	s.logBatch(ctx, "a batch runs", batch, e.Actor, err)
	return b, err
}

// guardBatch asks the Guard of who lets a batch run about each task that would be done, and returns the
// state that the batch had: in any other one there may be tasks that nobody was asked about.
func (s *Service) guardBatch(ctx context.Context, id account.ID, e Edit) (store.BatchState, error) {
	b, err := s.stored().(store.TaskReader).Batch(ctx, id)
	if err != nil || e.Guard == nil && e.Managers.IsZero() || b.State != store.BatchJudged && b.State != store.BatchStopped {
		return b.State, err
	}
	q := store.TaskQuery{Batch: account.Some(id), States: []store.TaskState{store.TaskReady}, Limit: account.MaxPage}
	for {
		ts, err := s.Tasks(ctx, q)
		if err != nil || len(ts) == 0 {
			return b.State, err
		}
		q.After = &store.TaskPosition{Line: ts[len(ts)-1].Line}
		refused, err := s.guardTasks(ctx, e, ts)
		switch {
		case err != nil:
			return b.State, err
		case len(refused) == 0:
		case e.Actor.ID == "" || e.Actor.ID != b.Actor.ID:
			return b.State, account.Faults(refused[0].Faults)
		default:
			if err := s.leaveOut(ctx, b, refused); err != nil {
				return b.State, err
			}
		}
	}
}

// leaveOut puts tasks of a batch that does not run as faulty, but for those that were done meanwhile, by who
// had begun before it was stopped.
func (s *Service) leaveOut(ctx context.Context, b store.Batch, faulty []store.Task) error {
	_, err := s.onBatch(ctx, b.ID, func(ctx context.Context, tx store.TaskTx, now *store.Batch) error {
		if now.State != b.State {
			return nil
		}
		var left []store.Task
		for _, t := range faulty {
			switch present, err := tx.Task(ctx, t.ID); {
			case err != nil:
				return err
			case present.State == store.TaskReady:
				left = append(left, t)
			}
		}
		return tx.PutTasks(ctx, left...)
	})
	return err
}

// guardTasks returns those of some tasks that an editor may not do, as faulty ones.
func (s *Service) guardTasks(ctx context.Context, e Edit, ts []store.Task) (refused []store.Task, err error) {
	found, err := s.GetMany(ctx, accountsOf(ts)...)
	if err != nil {
		return nil, err
	}
	for _, t := range ts {
		a, there := found[t.Account]
		faults := account.Faults{account.NewFault("", "task.scope")}
		if t.Account.IsZero() || there && e.sees(a) {
			if faults, err = s.guardTask(e, t, a); err != nil {
				return nil, err
			}
		}
		if len(faults) > 0 {
			t.State, t.Faults = store.TaskFaulty, faults
			refused = append(refused, t)
		}
	}
	return refused, nil
}

// guardTask returns what an editor's Guard says against a task of an account, zero for a new one: what
// it would do is to bring its fields from what they were when it was judged to what it sets.
func (s *Service) guardTask(e Edit, t store.Task, a account.Account) (account.Faults, error) {
	d := draft{before: a, after: account.New()}
	if !t.Account.IsZero() {
		if err := changeTo(t.Was).Apply(&d.before); err != nil {
			return nil, err
		}
		d.after = d.before.Clone()
	}
	if err := changeTo(t.Set).Apply(&d.after); err != nil {
		return nil, err
	}
	err := s.guard(e, &d)
	return d.guarded, err
}

// accountsOf are the accounts of tasks, each once.
func accountsOf(ts []store.Task) []account.ID {
	ids := make([]account.ID, 0, len(ts))
	for _, t := range ts {
		if !t.Account.IsZero() {
			ids = append(ids, t.Account)
		}
	}
	return store.Ascending(ids)
}

// narrower are the managers of two editors that both see; unset: all.
func narrower(a, b account.Optional[[]account.ID]) account.Optional[[]account.ID] {
	one, narrowed := a.Get()
	other, too := b.Get()
	switch {
	case !narrowed:
		return b
	case !too:
		return a
	default:
		return account.Some(slices.DeleteFunc(slices.Clone(one), func(id account.ID) bool { return !slices.Contains(other, id) }))
	}
}

// undoes notes of the batch that another one takes back which one that is, unless nothing of it would be
// taken back: then others still may. One that takes back a rest comes after the one that left it.
func undoes(ctx context.Context, tx store.TaskTx, b *store.Batch) error {
	if b.Undoes.IsZero() {
		return nil
	}
	if counts, err := tx.TaskCounts(ctx, b.ID); err != nil || counts[store.TaskReady] == 0 {
		return err
	}
	of, err := tx.Batch(ctx, b.Undoes)
	switch {
	case errors.Is(err, account.ErrNotFound) && b.RestOf.IsZero() || err == nil && of.UndoneBy == b.ID: // gone by now, or noted
		return nil
	case err != nil:
		return err
	case of.UndoneBy != b.RestOf:
		return account.Faults{account.NewFault("", "batch.undone")}
	case of.State == store.BatchRunning: // it was let go on
		return account.Faults{account.NewFault("", "batch.more")}
	}
	if b.RestOf.IsZero() {
		counts, err := tx.TaskCounts(ctx, of.ID)
		if err != nil {
			return err
		}
		if int64(counts[store.TaskDone]) > b.Tasks { // by who had begun it when it was stopped
			return account.Faults{account.NewFault("", "batch.more")}
		}
	}
	was := of.Version
	of.Version, of.UndoneBy = was+1, b.ID
	return tx.PutBatch(ctx, of, was)
}

func (s *Service) logBatch(ctx context.Context, what string, batch account.ID, by account.Actor, err error) {
	if err == nil {
		s.opts.Logger.InfoContext(ctx, what, slog.String("batch", batch.String()), slog.String("actor", by.ID))
	}
}

// StopBatch stops a batch that runs; RunBatch lets it go on. No task is begun after that, but by who
// began it before. One that does not run yet is dropped: what may be tokens among its texts is
// masked, as much of it as can be in two seconds, and the rest by Tick; it has ended once all is. One
// that was done is the fault batch.state.
//
// Errors: [account.Faults], [account.ErrNotFound], [account.ErrConflict], [ErrNested], [ErrNoTasks].
func (s *Service) StopBatch(ctx context.Context, batch account.ID, by account.Actor) (store.Batch, error) {
	engine, err := s.tasker()
	if err != nil {
		return store.Batch{}, err
	}
	if err := by.Faults().Err(); err != nil {
		return store.Batch{}, err
	}
	b, err := s.onBatch(ctx, batch, func(_ context.Context, _ store.TaskTx, b *store.Batch) error {
		switch b.State {
		case store.BatchRunning:
			b.State = store.BatchStopped
		case store.BatchGathering, store.BatchJudging, store.BatchJudged:
			b.State = store.BatchDropped
			*b = engine.Left(*b)
		case store.BatchStopped, store.BatchDropped:
		default:
			return account.Faults{account.NewFault("", "batch.state")}
		}
		return nil
	})
	s.logBatch(ctx, "a batch was stopped", batch, by, err)
	if err != nil || b.State != store.BatchDropped {
		return b, err
	}
	if b, err = engine.Forget(ctx, b); err != nil { // it is dropped all the same, and Tick goes on
		s.opts.Logger.WarnContext(ctx, "texts of a batch that was dropped are kept", slog.String("batch", batch.String()), slog.Any("error", err))
	}
	return b, nil
}

// WorkOn goes on with a batch that is judged, or runs, for a while, and reports whether there may be
// more to do. Any number may do that at once; nothing is done twice. While another caller of this
// Service is at it, it returns at once. A task that fails, and is not refused, holds up no other: it
// is tried again by the next call, and its error returned; one that did so for an hour is refused
// (task.failed).
//
// Errors: [account.ErrNotFound], [account.ErrConflict], [ErrNested], [ErrNoTasks], and those of
// Options.Price.
func (s *Service) WorkOn(ctx context.Context, batch account.ID, during time.Duration) (more bool, err error) {
	engine, err := s.tasker()
	if err != nil {
		return false, err
	}
	return engine.WorkOn(ctx, batch, during)
}
