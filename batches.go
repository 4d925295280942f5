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
	MaxItemText = 1 << 16 // bytes of all texts that an item sets, or has as they are
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
	Was     store.Texts    // of a file: fields that it has as they are already, which are not set
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
		for _, texts := range []store.Texts{item.Set, item.Was} {
			size := len(item.Label)
			for path, text := range texts {
				size += len(path) + len(text)
				paths[path] = true
			}
			if item.Line < 0 || size > MaxItemText {
				faults = append(faults, account.NewFault("", "text.length", MaxItemText))
			}
		}
	}
	return append(faults, pathFaults(slices.Values(slices.Sorted(maps.Keys(paths))))...)
}

// itemTask returns what an item has to be done. A text that cannot be stored is not kept.
func itemTask(item BulkItem) store.Task {
	t := store.Task{Kind: store.TaskChange, State: store.TaskUnjudged, Account: item.Account, Line: item.Line, Set: store.Texts{}, Faults: slices.Clone(item.Faults)}
	t.Was = maps.Clone(item.Was)
	maps.DeleteFunc(t.Was, func(_, text string) bool { return !storable(text) })
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
		b.Version = was.Version + 1
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

// UndoRest returns how many tasks of a batch that was taken back before [Service.UndoBatch] could take
// back now, of what was refused then, and how many it could not: what is for good, and fields that were
// changed since. There are none while the batch that took it back has not ended. Of very many all count
// as what could be.
//
// Errors: [ErrNoTasks].
func (s *Service) UndoRest(ctx context.Context, of store.Batch) (rest, stay int, err error) {
	before, counts, err := s.Batch(ctx, of.UndoneBy)
	if errors.Is(err, account.ErrNotFound) || err == nil && before.State != store.BatchDone {
		return 0, 0, nil
	}
	if err != nil {
		return 0, 0, err
	}
	for _, state := range restStates {
		stay += counts[state]
	}
	if stay > mostLookedAt {
		return stay, 0, nil
	}
	var changed []store.Task
	for t, err := range s.pagesOf(ctx, of.UndoneBy, restStates...) {
		switch {
		case err != nil:
			return 0, 0, err
		case t.IsFinal():
		case slices.ContainsFunc(t.Faults, isSuperseded):
			changed = append(changed, t)
		default:
			rest++
		}
	}
	back, err := s.undoable(ctx, changed)
	if err != nil {
		return 0, 0, err
	}
	rest += back
	return rest, stay - rest, nil
}

func isSuperseded(f account.Fault) bool { return f.Code == "change.superseded" }

// Bounds of looking for what can be taken back by now.
const (
	mostLookedAt = 1_000       // tasks of a batch, read at once
	mostCompared = 200         // changes, read one by one
	clocksDiffer = time.Minute // how far clocks of processes may be apart, and how long one may write
)

// undoable returns how many tasks that were refused, since fields had been changed again, could be done by
// now: these fields are as the batch left them. Of an account that was not changed since the task was made
// they are not. Those beyond mostCompared count as what could be.
func (s *Service) undoable(ctx context.Context, ts []store.Task) (n int, err error) {
	if len(ts) == 0 {
		return 0, nil
	}
	ids := make([]account.ID, len(ts))
	for i, t := range ts {
		ids[i] = t.Account
	}
	accounts, err := s.GetMany(ctx, ids...)
	if err != nil {
		return 0, err
	}
	compared := 0
	for _, t := range ts {
		a, there := accounts[t.Account]
		if !there || a.UpdatedAt.Add(clocksDiffer).Before(t.MadeAt) {
			continue
		}
		if compared++; compared > mostCompared {
			n++
			continue
		}
		made, err := s.record(ctx, s.stored(), t.Account, t.Undoes)
		if errors.Is(err, account.ErrNotFound) {
			continue
		}
		if err != nil {
			return 0, err
		}
		a = a.Clone()
		if faults, _ := account.AsFaults(made.TakeBack(&a)); !slices.ContainsFunc(faults, isSuperseded) {
			n++
		}
	}
	return n, nil
}
