package tasks

import (
	"context"
	"errors"
	"log/slog"
	"slices"
	"time"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/store"
)

const (
	mostFailed   = 1000           // tasks of their own that one Tick passes over
	purgedAtOnce = 500            // tasks
	triedFor     = 24 * time.Hour // that a task which fails, and is not refused, is tried again
	judgedFor    = time.Hour      // likewise, of a batch that is judged: nothing was written of it yet
	ranFor       = time.Hour      // likewise, of one that runs, since it failed first in this process
	ranTimes     = 10             // and how often at least
	forgetsFor   = 2 * time.Second
	gatheredFor  = 24 * time.Hour // that the items of a batch may take to come
)

// Tick does what is due, for a while: tasks of their own first, then batches, each for a part of
// the time. Then it removes what ended so long ago, and ends what nobody went on with. It goes on
// after what failed, and returns the first error.
func (e *Engine) Tick(ctx context.Context, kept store.Tasks, during, keep time.Duration) error {
	while, cancel := context.WithTimeout(ctx, during)
	defer cancel()
	var first failed
	first.note(e.due(ctx, while, kept, &first))
	first.note(e.batches(ctx, while, during, keep, &first))
	for while.Err() == nil {
		n, err := kept.PurgeTasks(ctx, e.Clock().Add(-keep), purgedAtOnce)
		if first.note(err); err != nil || n < purgedAtOnce {
			break
		}
	}
	return first.err
}

// due does the tasks of their own that are due. What fails is met again, and passed over.
func (e *Engine) due(ctx, while context.Context, kept store.Tasks, first *failed) error {
	over := map[account.ID]bool{}
	for len(over) < mostFailed {
		ids, err := kept.DueTasks(ctx, e.Clock(), len(over)+ranAtOnce)
		if err != nil {
			return err
		}
		ids = slices.DeleteFunc(ids, func(id account.ID) bool { return over[id] })
		if len(ids) == 0 {
			return nil
		}
		for _, id := range ids {
			if while.Err() != nil {
				return nil
			}
			if err := e.dueOne(ctx, id); err != nil {
				first.note(err)
				over[id] = true
			}
		}
	}
	return nil
}

// dueOne does a task of its own that is due, or ends it. What fails for too long is refused.
func (e *Engine) dueOne(ctx context.Context, id account.ID) error {
	t, err := e.Store.Task(ctx, id)
	if err != nil {
		return err
	}
	if expired := Expired(t, e.Clock()); expired.State == store.TaskExpired {
		_, err := e.Put(ctx, t.State, expired)
		return err
	}
	if t.State != store.TaskWaiting {
		return nil
	}
	_, err = e.Run(ctx, t.State, t)
	if err == nil || ctx.Err() != nil || errors.Is(err, account.ErrConflict) || e.Clock().Sub(t.DueAt) < triedFor {
		return err
	}
	return e.giveUp(ctx, t.State, t, err)
}

// giveUp refuses a task that was found in a state, and failed for too long.
func (e *Engine) giveUp(ctx context.Context, found store.TaskState, t store.Task, why error) error {
	e.Logger.WarnContext(ctx, "a task failed for too long", slog.String("task", t.ID.String()), slog.Any("error", why))
	_, err := e.Refuse(ctx, found, t, account.Faults{account.NewFault("", "task.failed")})
	return err
}

// batches goes on with all batches that are worked on, and ends those that nobody goes on with. It
// looks at none that ended.
func (e *Engine) batches(ctx, while context.Context, during, keep time.Duration, first *failed) error {
	var active []account.ID
	q := store.BatchQuery{Open: true, Limit: account.MaxPage}
	for {
		page, err := e.Store.Batches(ctx, q)
		if err != nil {
			return err
		}
		for _, b := range page {
			q.Before = b.ID
			if b.State == store.BatchJudging || b.State == store.BatchRunning {
				active = append(active, b.ID)
			} else if while.Err() == nil {
				first.note(e.abandon(ctx, b, keep))
			}
		}
		if len(page) < account.MaxPage {
			break
		}
	}
	for _, id := range active {
		if while.Err() != nil {
			return nil
		}
		_, err := e.WorkOn(ctx, id, during/time.Duration(len(active)))
		first.note(err)
	}
	return nil
}

// abandon ends a batch that nobody went on with for too long, and goes on to end one of which texts are
// left.
func (e *Engine) abandon(ctx context.Context, b store.Batch, keep time.Duration) error {
	next, after := store.BatchDropped, keep
	switch b.State {
	case store.BatchGathering:
		after = gatheredFor
	case store.BatchJudged:
	case store.BatchStopped:
		next = store.BatchDone
	case store.BatchDone, store.BatchDropped:
		_, err := e.Forget(ctx, b)
		return err
	case store.BatchJudging, store.BatchRunning:
		return nil
	}
	if e.Clock().Sub(b.MadeAt) < after {
		return nil
	}
	moved := false
	err := e.holding(ctx, b, func(ctx context.Context, tx store.TaskTx, b store.Batch) error {
		moved = true
		was := b.Version
		b.Version, b.State = was+1, next
		return tx.PutBatch(ctx, e.Left(b), was)
	})
	if err != nil || !moved {
		return err
	}
	b.State = next
	_, err = e.Forget(ctx, b)
	return err
}

// Left returns a batch of which the rest is never done. It ends now, unless there may be tokens among
// the texts of that: then it ends once Forget has masked them, and until then Tick finds it.
func (e *Engine) Left(b store.Batch) store.Batch {
	isURL := func(path string) bool { f, known := account.FieldAt(path); return !known || f.Kind == account.FieldURL }
	if len(b.Paths) > 0 && !slices.ContainsFunc(b.Paths, isURL) {
		b.EndedAt = e.Clock()
	}
	return b
}

// Forget goes on, for a while, to mask what is needed no more of a batch of which the rest is never
// done, and returns the batch: it has ended where nothing is left of that.
func (e *Engine) Forget(ctx context.Context, b store.Batch) (store.Batch, error) {
	while, cancel := context.WithTimeout(ctx, forgetsFor)
	defer cancel()
	for b.EndedAt.IsZero() && while.Err() == nil {
		ts, err := e.page(ctx, b, 0, refusedAtOnce, store.TaskUnjudged, store.TaskReady, store.TaskFaulty)
		if err != nil {
			return b, err
		}
		for i := range ts {
			ts[i] = e.ended(ts[i], store.TaskCancelled)
		}
		err = e.holding(ctx, b, func(ctx context.Context, tx store.TaskTx, present store.Batch) error {
			if b = present; len(ts) > 0 || !b.EndedAt.IsZero() {
				return tx.PutTasks(ctx, ts...)
			}
			return e.Move(ctx, tx, b, b.State)
		})
		if err != nil {
			return b, err
		}
		if len(ts) == 0 {
			return e.Store.Batch(ctx, b.ID)
		}
	}
	return b, nil
}
