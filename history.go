package clientaccount

import (
	"cmp"
	"context"
	"iter"
	"log/slog"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/store"
)

// StaleError says that the account moved on since the revision an edit was made
// from, with what a person needs to choose: was, theirs, and who did what. It is
// account.ErrStale.
type StaleError struct {
	Was    account.Account  // as it was at the edit's revision
	Theirs account.Account  // as it is now
	Since  []account.Record // the changes between the two, the newest first
}

// Error says only that the edit is stale.
func (e *StaleError) Error() string { return account.ErrStale.Error() }

// Unwrap is account.ErrStale.
func (e *StaleError) Unwrap() error { return account.ErrStale }

// LogValue returns what Error says, for slog.
func (StaleError) LogValue() slog.Value { return slog.StringValue(account.ErrStale.Error()) }

// By returns the newest record since that changed the field, if one did.
func (e *StaleError) By(path string) (account.Record, bool) {
	for _, r := range e.Since {
		if _, ok := r.Change.At(path); ok {
			return r, true
		}
	}
	return account.Record{}, false
}

// stale rebuilds the account at a revision by taking back, newest first, what was
// changed since. A revision that never was has the present account on both sides.
func (s *Service) stale(ctx context.Context, r store.Reader, theirs account.Account, revision int64) error {
	e := &StaleError{Was: theirs.Clone(), Theirs: theirs}
	if revision < 1 || revision > theirs.Revision {
		return e
	}
	before := int64(0)
	for {
		page, err := r.Changes(ctx, account.ChangeQuery{Of: theirs.ID, Since: revision, Before: before, Limit: account.MaxPage})
		if err != nil {
			return err
		}
		for _, record := range page {
			back, _ := record.Inverse()
			if err := back.Apply(&e.Was); err != nil {
				return err
			}
			before = record.Revision
		}
		e.Since = append(e.Since, page...)
		if len(page) < account.MaxPage {
			e.Was.Revision = revision
			return e
		}
	}
}

// Changes returns a page of an account's history, the newest first; the page after it is
// asked for with Before set to the last row's revision. An unknown account has none.
//
// Errors: [account.Faults].
func (s *Service) Changes(ctx context.Context, q account.ChangeQuery) ([]account.Record, error) {
	if err := q.Faults().Err(); err != nil || !storable(q.Path) {
		return nil, err
	}
	return s.stored().Changes(ctx, q)
}

// AllChanges iterates over an account's whole history, the newest first. It ends after the
// first error.
//
// Errors: those of [Service.Changes].
func (s *Service) AllChanges(ctx context.Context, q account.ChangeQuery) iter.Seq2[account.Record, error] {
	q.Limit = account.MaxPage
	return pages(func() ([]account.Record, error) { return s.Changes(ctx, q) },
		func(last account.Record) { q.Before = last.Revision })
}

// Undo takes back the change that led to revision record, as a new change made at the
// revision the editor saw. Passwords stay as they are, being known to nobody. It is a fault
// where a field was changed again since (change.superseded), where nothing can be taken back
// (change.final: a creation, a change of passwords only), or where the rules no longer
// accept the old values.
//
// Errors: [account.Faults], [account.ErrNotFound], [account.ErrStale] (as *[StaleError]),
// [account.ErrConflict], [ErrNested]; what Guard and Options.Price return that is no Faults.
func (s *Service) Undo(ctx context.Context, id account.ID, revision, record int64, e Edit) (Result, error) {
	return s.write(ctx, e, s.draftUndo(id, record, s.draftUpdate(id, revision)), nil)
}

// PreviewUndo is [Service.Undo] without writing anything: its Result tells what taking the change
// back comes to that cannot be taken back itself.
//
// Errors: those of Undo.
func (s *Service) PreviewUndo(ctx context.Context, id account.ID, revision, record int64, e Edit) (Result, error) {
	return s.preview(ctx, e, s.draftUndo(id, record, s.draftUpdate(id, revision)))
}

// draftUndo returns an account as it is drafted, with a change taken back.
func (s *Service) draftUndo(id account.ID, record int64, drafted drafter) drafter {
	return func(ctx context.Context, r store.Reader, e Edit) (draft, error) {
		target, err := s.record(ctx, r, id, record)
		if err != nil {
			return draft{}, err
		}
		e.Apply = target.TakeBack
		d, err := drafted(ctx, r, e)
		d.kind, d.undoes = account.RecordUndone, record
		return d, err
	}
}

// record returns the one that led to a revision, or account.ErrNotFound.
func (s *Service) record(ctx context.Context, r store.Reader, id account.ID, revision int64) (account.Record, error) {
	page, err := r.Changes(ctx, account.ChangeQuery{Of: id, Before: revision + 1, Since: revision - 1, Limit: 1})
	if err != nil {
		return account.Record{}, err
	}
	if len(page) == 0 || revision < 1 {
		return account.Record{}, account.ErrNotFound
	}
	return page[0], nil
}

// UndoBatch makes a batch that takes back what another one did, as far as nothing else happened to
// those fields since, and has it judged; RunBatch lets it run. Clients that the other one made stay.
// Of one that was taken back before, and of which a part was refused then, it takes back that rest,
// but for what is for good; what was changed since is refused again. One that runs is the fault
// batch.state, one of which nothing is left that could be taken back batch.undone, and one that did
// nothing batch.empty. The kind and the paths are the Service's.
//
// Errors: [account.Faults], [account.ErrNotFound], [account.ErrConflict], [ErrNested], [ErrNoTasks],
// and that of Options.Random.
func (s *Service) UndoBatch(ctx context.Context, batch account.ID, b Bulk) (store.Batch, error) {
	faults := b.faults()
	of, _, err := s.Batch(ctx, batch)
	if err != nil {
		return store.Batch{}, cmp.Or(faults.Err(), err)
	}
	switch {
	case of.State != store.BatchDone && of.State != store.BatchStopped:
		faults = append(faults, account.NewFault("", "batch.state"))
	case !of.UndoneBy.IsZero():
		rest, _, err := s.UndoRest(ctx, of)
		if err != nil {
			return store.Batch{}, err
		}
		if rest == 0 {
			faults = append(faults, account.NewFault("", "batch.undone"))
		}
	}
	if err := faults.Err(); err != nil {
		return store.Batch{}, err
	}
	b.Kind, b.Paths = store.BatchUndo, of.Paths
	made, err := s.newBatch(b)
	if err != nil {
		return store.Batch{}, err
	}
	made.Undoes, made.RestOf = of.ID, of.UndoneBy
	put := func(ctx context.Context, _ store.Tx, kept store.TaskTx) error { return kept.PutBatch(ctx, made, 0) }
	if err := s.withTasks(ctx, put); err != nil {
		return store.Batch{}, err
	}
	if err := s.gatherUndo(ctx, made); err != nil {
		return store.Batch{}, err
	}
	return s.JudgeBatch(ctx, made.ID)
}

// restStates are those of tasks of a batch that ended which were not done, and had something to do.
var restStates = []store.TaskState{store.TaskRefused, store.TaskCancelled, store.TaskReady, store.TaskFaulty}

// pagesOf are the tasks of a batch that are in some states, by line.
func (s *Service) pagesOf(ctx context.Context, batch account.ID, states ...store.TaskState) iter.Seq2[store.Task, error] {
	q := store.TaskQuery{Batch: account.Some(batch), States: states, Limit: account.MaxPage}
	return pages(func() ([]store.Task, error) { return s.Tasks(ctx, q) }, func(last store.Task) { q.After = &store.TaskPosition{Line: last.Line} })
}

// toUndo are the tasks of a batch that takes back another one: of what that did, or of what was refused
// when that was taken back before.
func (s *Service) toUndo(ctx context.Context, undo store.Batch) iter.Seq2[store.Task, error] {
	again := !undo.RestOf.IsZero()
	found := s.pagesOf(ctx, undo.Undoes, store.TaskDone)
	if again {
		found = s.pagesOf(ctx, undo.RestOf, restStates...)
	}
	return func(yield func(store.Task, error) bool) {
		for t, err := range found {
			if err == nil && again && t.IsFinal() {
				continue
			}
			task := store.Task{Kind: store.TaskUndo, State: store.TaskUnjudged, Account: t.Account, Line: t.Line, Undoes: t.Revision}
			if again {
				task.Undoes = t.Undoes
			}
			if !yield(task, err) {
				return
			}
		}
	}
}

// gatherUndo fills a batch that takes back another one, a page at a time. One that it did not come
// to the end of is dropped by Tick.
func (s *Service) gatherUndo(ctx context.Context, undo store.Batch) error {
	var ts []store.Task
	add := func() error {
		_, err := s.onBatch(ctx, undo.ID, func(ctx context.Context, tx store.TaskTx, b *store.Batch) error { return s.addTasks(ctx, tx, b, ts) })
		ts = ts[:0]
		return err
	}
	for t, err := range s.toUndo(ctx, undo) {
		if err != nil {
			return err
		}
		if ts = append(ts, t); len(ts) == account.MaxPage {
			if err := add(); err != nil {
				return err
			}
		}
	}
	return add()
}

// ManagerChanges is [Service.Changes] of a manager, also of one that was removed.
//
// Errors: [account.Faults].
func (s *Service) ManagerChanges(ctx context.Context, q account.ChangeQuery) ([]account.Record, error) {
	return s.itemChanges(ctx, store.ListManagers, q)
}

// UndoManager takes back the change of a manager that led to revision record, as a new change made
// at the revision the editor saw. It is a fault where a field was changed again since
// (change.superseded), where nothing can be taken back (change.final: a creation, a removal), or
// where the rules no longer accept the old values.
//
// Errors: those of [Service.SaveManager].
func (s *Service) UndoManager(ctx context.Context, id account.ID, revision, record int64, by account.Actor, reason string) (account.Manager, error) {
	return undoItem(ctx, s, managerItems(), id, revision, record, account.Record{Actor: by, Reason: reason})
}

// ProductChanges is [Service.Changes] of a product, also of one that was removed. That prices were
// announced is among them, see [account.PathPrices].
//
// Errors: [account.Faults].
func (s *Service) ProductChanges(ctx context.Context, q account.ChangeQuery) ([]account.Record, error) {
	return s.itemChanges(ctx, store.ListProducts, q)
}

// UndoProduct is [Service.UndoManager] for products. Prices that were announced stay.
//
// Errors: those of [Service.SaveProduct].
func (s *Service) UndoProduct(ctx context.Context, id account.ID, revision, record int64, by account.Actor, reason string) (account.Product, error) {
	return undoItem(ctx, s, productItems(), id, revision, record, account.Record{Actor: by, Reason: reason})
}

// UndoneManager returns a manager as [Service.UndoManager] would store it, and writes nothing.
//
// Errors: [account.Faults], [account.ErrStale], [account.ErrNotFound].
func (s *Service) UndoneManager(ctx context.Context, id account.ID, revision, record int64) (account.Manager, error) {
	return undoneItem(ctx, s, managerItems(), id, revision, record)
}

// UndoneProduct is [Service.UndoneManager] for products. [Service.PreviewProduct] of it says which
// clients that would touch.
//
// Errors: those of UndoneManager.
func (s *Service) UndoneProduct(ctx context.Context, id account.ID, revision, record int64) (account.Product, error) {
	return undoneItem(ctx, s, productItems(), id, revision, record)
}

// undoneItem returns an item with a change taken back, in the form that is kept.
func undoneItem[T store.Listed](ctx context.Context, s *Service, l itemList[T], id account.ID, revision, record int64) (T, error) {
	var none T
	of, err := l.TakenBack(ctx, s.stored(), id, revision, record)
	if err == nil {
		err = l.accept(s, &of, &account.Record{})
	}
	if err != nil {
		return none, err
	}
	return of, nil
}

// undoItem takes back a change of an item, as a new one.
func undoItem[T store.Listed](ctx context.Context, s *Service, l itemList[T], id account.ID, revision, record int64, by account.Record) (T, error) {
	var none T
	if err := sign(&by).Err(); err != nil {
		return none, err
	}
	of, err := undoneItem(ctx, s, l, id, revision, record)
	if err != nil {
		return none, err
	}
	by.Kind, by.Undoes = account.RecordUndone, record
	return saveItem(ctx, s, l, of, by)
}

// itemChanges returns a page of the history of an item.
func (s *Service) itemChanges(ctx context.Context, list store.List, q account.ChangeQuery) ([]account.Record, error) {
	if err := q.Faults().Err(); err != nil || !storable(q.Path) {
		return nil, err
	}
	return s.stored().ItemChanges(ctx, list, q)
}
