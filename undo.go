package clientaccount

import (
	"context"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/store"
)

// Undo takes back the change that led to revision record, as a new change made at
// the revision the editor saw. Passwords stay as they are, being known to nobody.
// The error is account.Faults where a field was changed again since
// (change.superseded), where nothing can be taken back (change.final: a creation,
// a change of passwords only), or where the rules no longer accept the old values;
// else as Update's.
func (s *Service) Undo(ctx context.Context, id account.ID, revision, record int64, e Edit) (Result, error) {
	return s.write(ctx, e, func(ctx context.Context, r store.Reader, e Edit) (draft, error) {
		target, err := s.record(ctx, r, id, record)
		if err != nil {
			return draft{}, err
		}
		back, _ := target.Inverse()
		if target.Kind == account.RecordCreated || len(back) == 0 {
			return draft{}, account.Faults{account.NewFault("change", "change.final")}
		}
		e.Apply = takeBack(back)
		d, err := s.draftUpdate(id, revision)(ctx, r, e)
		d.kind, d.undoes = account.RecordUndone, record
		return d, err
	})
}

// takeBack applies an inverse where nothing else happened to its fields since.
func takeBack(back account.Change) func(*account.Account) error {
	return func(a *account.Account) error {
		var faults account.Faults
		for _, fc := range back {
			if f, ok := account.FieldAt(fc.Path); ok && f.Text(*a) != fc.Old {
				faults = append(faults, account.NewFault(fc.Path, "change.superseded"))
			}
		}
		if len(faults) > 0 {
			return faults
		}
		return back.Apply(a)
	}
}

// record is the one that led to a revision, or account.ErrNotFound.
func (s *Service) record(ctx context.Context, r store.Reader, id account.ID, revision int64) (account.Record, error) {
	page, err := r.Changes(ctx, account.ChangeQuery{Account: id, Before: revision + 1, Since: revision - 1, Limit: 1})
	if err != nil {
		return account.Record{}, err
	}
	if len(page) == 0 || revision < 1 {
		return account.Record{}, account.ErrNotFound
	}
	return page[0], nil
}
