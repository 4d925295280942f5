package clientaccount

import (
	"context"
	"errors"
	"log/slog"
	"maps"
	"slices"
	"time"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/internal/textform"
	"github.com/clientaccount/clientaccount/store"
	"github.com/clientaccount/clientaccount/validate"
)

// Bounds of a batch.
const (
	MaxBatch    = 200_000 // tasks
	MaxItemText = 1 << 16 // bytes of all texts of an item
)

// Bulk says what is to be done to many accounts, and for whom.
type Bulk struct {
	Kind     store.BatchKind
	Title    string
	Paths    []string // that are set
	Actor    account.Actor
	Reason   string
	Managers account.Optional[[]account.ID] // those whose clients the actor sees; unset: all
}

// BulkItem is what is to be done to one of them: fields by path, of an account, or of a new one
// where it is zero.
type BulkItem struct {
	Account account.ID
	Line    int64 // of the file; zero: counted
	Set     store.Texts
	Label   string         // what a new one is called; empty: its login
	Faults  account.Faults // what is wrong with it already: it is faulty, and never done
}

// LogValue says whom the item is about, and what is set without what may be tokens, for slog.
func (i BulkItem) LogValue() slog.Value {
	return slog.GroupValue(slog.String("account", i.Account.String()), slog.Int64("line", i.Line), slog.Any("set", i.Set))
}

// NewBatch begins a batch, which [Service.AddToBatch] fills and [Service.JudgeBatch] closes. One that
// is not closed within a day is dropped by Tick. UndoBatch alone makes one of store.BatchUndo.
//
// Errors: [account.Faults], [account.ErrConflict], [ErrNested], [ErrNoTasks], and that of
// Options.Random.
func (s *Service) NewBatch(ctx context.Context, b Bulk) (store.Batch, error) {
	if _, err := s.tasker(); err != nil {
		return store.Batch{}, err
	}
	faults := b.faults()
	if b.Kind != store.BatchChange && b.Kind != store.BatchImport {
		faults = append(faults, account.NewFault("kind", "batch.kind"))
	}
	if err := faults.Err(); err != nil {
		return store.Batch{}, err
	}
	made, err := s.newBatch(b)
	if err != nil {
		return store.Batch{}, err
	}
	return made, s.withTasks(ctx, func(ctx context.Context, _ store.Tx, kept store.TaskTx) error { return kept.PutBatch(ctx, made, 0) })
}

// faults returns what is wrong with what is wanted by itself.
func (b Bulk) faults() account.Faults {
	faults := (Edit{Actor: b.Actor, Reason: b.Reason}).faults()
	if !textform.IsLine(b.Title) {
		faults = append(faults, account.NewFault("title", "text.chars"))
	}
	return append(faults, pathFaults(slices.Values(b.Paths))...)
}

// pathFaults returns what is wrong with fields that are to be set by a task.
func pathFaults(paths func(yield func(string) bool)) (faults account.Faults) {
	for path := range paths {
		switch f, known := account.FieldAt(path); {
		case !known:
			faults = append(faults, account.NewFault("", "field.unknown", path))
		case f.Secret():
			faults = append(faults, account.NewFault(path, "task.password"))
		}
	}
	return faults
}

func (s *Service) newBatch(b Bulk) (store.Batch, error) {
	id, err := s.newID()
	return store.Batch{
		ID: id, Version: 1, Kind: b.Kind, State: store.BatchGathering, Title: validate.Text(b.Title), Paths: b.Paths,
		Actor: actorText(b.Actor), Reason: validate.Text(b.Reason), Managers: b.Managers, MadeAt: s.now(),
	}, err
}

// AddToBatch adds items to a batch that is being gathered, at most account.MaxPage at once: all of
// them, or none. Their lines go up; an item of a line that is there already, or of an account that is
// not, is account.ErrConflict. A text that cannot be stored makes its item faulty. What an actor may
// write of an account is for the caller to see to: there is no Guard.
//
// Errors: [account.Faults], [account.ErrNotFound], [account.ErrConflict], [ErrNested], [ErrNoTasks],
// and that of Options.Random.
func (s *Service) AddToBatch(ctx context.Context, batch account.ID, items ...BulkItem) error {
	if _, err := s.tasker(); err != nil {
		return err
	}
	if err := itemFaults(items).Err(); err != nil {
		return err
	}
	_, err := s.onBatch(ctx, batch, func(ctx context.Context, tx store.TaskTx, b *store.Batch) error {
		if b.State != store.BatchGathering || b.Kind == store.BatchUndo {
			return account.Faults{account.NewFault("", "batch.state")}
		}
		ts := make([]store.Task, len(items))
		for i, item := range items {
			if item.Line == 0 {
				item.Line = b.Tasks + int64(i) + 1
			}
			if item.Account.IsZero() && b.Kind != store.BatchImport {
				return account.Faults{account.NewFault("account", "batch.account")}
			}
			ts[i] = itemTask(item)
		}
		return s.addTasks(ctx, tx, b, ts)
	})
	return err
}

// itemFaults returns what is wrong with items by themselves.
func itemFaults(items []BulkItem) (faults account.Faults) {
	if len(items) > account.MaxPage {
		faults = append(faults, account.NewFault("", "limit.range", account.MaxPage))
	}
	paths := map[string]bool{}
	for _, item := range items {
		size := len(item.Label)
		for path, text := range item.Set {
			size += len(path) + len(text)
			paths[path] = true
		}
		if item.Line < 0 || size > MaxItemText {
			faults = append(faults, account.NewFault("", "text.length", MaxItemText))
		}
	}
	return append(faults, pathFaults(slices.Values(slices.Sorted(maps.Keys(paths))))...)
}

// itemTask returns what an item has to be done. A text that cannot be stored is not kept.
func itemTask(item BulkItem) store.Task {
	t := store.Task{Kind: store.TaskChange, State: store.TaskUnjudged, Account: item.Account, Line: item.Line, Set: store.Texts{}, Faults: slices.Clone(item.Faults)}
	if len(t.Faults) > 0 {
		t.State = store.TaskFaulty
	}
	if item.Account.IsZero() {
		t.Kind = store.TaskCreate
	}
	for _, path := range slices.Sorted(maps.Keys(item.Set)) {
		if text := item.Set[path]; storable(text) {
			t.Set[path] = text
		} else {
			t.State, t.Faults = store.TaskFaulty, append(t.Faults, account.NewFault(path, "text.chars"))
		}
	}
	if t.Kind == store.TaskCreate {
		t.Label = validate.Text(item.Label)
		if t.Label == "" || !storable(t.Label) {
			t.Label = validate.KeyText(string(store.KeyLogin), t.Set[string(store.KeyLogin)])
		}
	}
	return t
}

// addTasks puts further tasks into a batch that a transaction holds.
func (s *Service) addTasks(ctx context.Context, tx store.TaskTx, b *store.Batch, ts []store.Task) (err error) {
	if b.Tasks += int64(len(ts)); b.Tasks > MaxBatch {
		return account.Faults{account.NewFault("", "batch.size", MaxBatch)}
	}
	for i := range ts {
		t := &ts[i]
		if t.ID, err = s.newID(); err != nil {
			return err
		}
		t.Batch, t.Actor, t.Reason, t.Managers, t.MadeAt = b.ID, b.Actor, b.Reason, b.Managers, s.now()
	}
	return tx.PutTasks(ctx, ts...)
}

// onBatch alters a batch in a transaction that holds it, and returns it. Where alter leaves it as it
// is, nothing is written of it.
func (s *Service) onBatch(ctx context.Context, id account.ID, alter func(context.Context, store.TaskTx, *store.Batch) error) (b store.Batch, err error) {
	err = s.withTasks(ctx, func(ctx context.Context, _ store.Tx, kept store.TaskTx) error {
		if b, err = kept.Batch(ctx, id); err != nil {
			return err
		}
		was := b
		if err := alter(ctx, kept, &b); err != nil {
			return err
		}
		if b.State == was.State && b.Tasks == was.Tasks {
			return nil
		}
		if b.Version = was.Version + 1; b.State == store.BatchDropped {
			b.EndedAt = s.now()
		}
		return kept.PutBatch(ctx, b, was.Version)
	})
	return b, err
}

// JudgeBatch closes a batch that was gathered: WorkOn and Tick look at what it would come to. One of
// nothing is the fault batch.empty, one that ended batch.state.
//
// Errors: [account.Faults], [account.ErrNotFound], [account.ErrConflict], [ErrNested], [ErrNoTasks].
func (s *Service) JudgeBatch(ctx context.Context, batch account.ID) (store.Batch, error) {
	if _, err := s.tasker(); err != nil {
		return store.Batch{}, err
	}
	return s.onBatch(ctx, batch, func(_ context.Context, _ store.TaskTx, b *store.Batch) error {
		switch {
		case b.State == store.BatchJudging || b.State == store.BatchJudged:
			return nil
		case b.State != store.BatchGathering:
			return account.Faults{account.NewFault("", "batch.state")}
		case b.Tasks == 0:
			return account.Faults{account.NewFault("", "batch.empty")}
		default:
			b.State = store.BatchJudging
			return nil
		}
	})
}

// RunBatch has what could be done be done by WorkOn and Tick, each as if alone, of a batch that was
// judged, or stopped (else the fault batch.state). With all, a batch of which anything would be
// refused is the fault batch.faulty. A batch that takes back another one counts as having done so
// from now on; where that was taken back already, it is the fault batch.undone, as it is to run what
// was taken back; and where more was done of that since, batch.more.
//
// It runs for the edit's Actor, who is logged, and whose Managers and Guard count beside those of who
// made it; Apply and Reason do not. Guard is asked now about each task, with the account as it was
// when that was judged and as it would be; where a field has another value by the time it is done, the
// task is refused (change.superseded), and where it came to what cannot be taken back, too
// (task.step). What may not be done of the actor's own batch is faulty from then on; of somebody
// else's, nothing runs.
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
	if err := s.guardBatch(ctx, batch, e); err != nil {
		return store.Batch{}, err
	}
	b, err := s.onBatch(ctx, batch, func(ctx context.Context, tx store.TaskTx, b *store.Batch) error {
		switch b.State {
		case store.BatchRunning:
			return nil
		case store.BatchJudged, store.BatchStopped:
		default:
			return account.Faults{account.NewFault("", "batch.state")}
		}
		if !b.UndoneBy.IsZero() {
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

// guardBatch asks the Guard of who lets a batch run about each task that would be done.
func (s *Service) guardBatch(ctx context.Context, id account.ID, e Edit) error {
	b, err := s.stored().(store.TaskReader).Batch(ctx, id)
	if err != nil || e.Guard == nil && e.Managers.IsZero() || b.State != store.BatchJudged && b.State != store.BatchStopped {
		return err
	}
	q := store.TaskQuery{Batch: account.Some(id), States: []store.TaskState{store.TaskReady}, Limit: account.MaxPage}
	for {
		ts, err := s.Tasks(ctx, q)
		if err != nil || len(ts) == 0 {
			return err
		}
		q.After = &store.TaskPosition{Line: ts[len(ts)-1].Line}
		refused, err := s.guardTasks(ctx, e, ts)
		switch {
		case err != nil:
			return err
		case len(refused) == 0:
		case e.Actor.ID == "" || e.Actor.ID != b.Actor.ID:
			return account.Faults(refused[0].Faults)
		default:
			_, err = s.onBatch(ctx, id, func(ctx context.Context, tx store.TaskTx, now *store.Batch) error {
				if now.State != b.State {
					return nil
				}
				return tx.PutTasks(ctx, refused...)
			})
			if err != nil {
				return err
			}
		}
	}
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

// undoes notes of the batch that another one takes back which one that is.
func undoes(ctx context.Context, tx store.TaskTx, b *store.Batch) error {
	if b.Undoes.IsZero() {
		return nil
	}
	of, err := tx.Batch(ctx, b.Undoes)
	switch {
	case errors.Is(err, account.ErrNotFound) || err == nil && of.UndoneBy == b.ID: // gone by now, or noted
		return nil
	case err != nil:
		return err
	case !of.UndoneBy.IsZero():
		return account.Faults{account.NewFault("", "batch.undone")}
	}
	switch counts, err := tx.TaskCounts(ctx, of.ID); {
	case err != nil:
		return err
	case int64(counts[store.TaskDone]) > b.Tasks: // by who had begun it when it was stopped
		return account.Faults{account.NewFault("", "batch.more")}
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
// began it before. One that does not run yet is dropped. One that was done is the fault batch.state.
//
// Errors: [account.Faults], [account.ErrNotFound], [account.ErrConflict], [ErrNested], [ErrNoTasks].
func (s *Service) StopBatch(ctx context.Context, batch account.ID, by account.Actor) (store.Batch, error) {
	if _, err := s.tasker(); err != nil {
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
		case store.BatchStopped, store.BatchDropped:
		default:
			return account.Faults{account.NewFault("", "batch.state")}
		}
		return nil
	})
	s.logBatch(ctx, "a batch was stopped", batch, by, err)
	return b, err
}

// WorkOn goes on with a batch that is judged, or runs, for a while, and reports whether there may be
// more to do. Any number may do that at once; nothing is done twice. While another caller of this
// Service is at it, it returns at once. A task that fails, and is not refused, holds up no other: it
// is tried again by the next call, and its error returned.
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

// Batch returns the batch of an id, and how many of its tasks are in each state: where others work on
// it in this process, as it was a second ago at most.
//
// Errors: [account.ErrNotFound], [ErrNoTasks].
func (s *Service) Batch(ctx context.Context, id account.ID) (store.Batch, map[store.TaskState]int, error) {
	engine, err := s.tasker()
	if err != nil {
		return store.Batch{}, nil, err
	}
	b, err := engine.Store.Batch(ctx, id)
	if err != nil {
		return store.Batch{}, nil, err
	}
	if s.hosted { // what is counted there may never be committed
		counts, err := engine.Store.TaskCounts(ctx, id)
		return b, counts, err
	}
	counts, err := engine.Counts(ctx, b)
	return b, counts, err
}

// Batches returns a page of batches, the newest first.
//
// Errors: [account.Faults], [ErrNoTasks].
func (s *Service) Batches(ctx context.Context, q store.BatchQuery) ([]store.Batch, error) {
	engine, err := s.tasker()
	if err != nil {
		return nil, err
	}
	if err := (account.EventQuery{Limit: q.Limit}).Faults().Err(); err != nil || !storable(q.Actor) {
		return nil, err
	}
	return engine.Store.Batches(ctx, q)
}
