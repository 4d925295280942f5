// Package catalog is what happens alike to the items of the lists that accounts point at, managers
// and products: how they were when they were seen, and the records of what is done to them.
package catalog

import (
	"context"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/store"
)

// List is a list of Ts.
type List[T store.Listed] struct {
	Of     store.List
	Fields account.Table[T]
	Head   func(*T) (id *account.ID, revision *int64)
}

// Managers returns the list of managers.
func Managers() List[account.Manager] {
	return List[account.Manager]{store.ListManagers, account.ManagerTable(), func(m *account.Manager) (*account.ID, *int64) { return &m.ID, &m.Revision }}
}

// Products returns the list of products.
func Products() List[account.Product] {
	return List[account.Product]{store.ListProducts, account.ProductTable(), func(p *account.Product) (*account.ID, *int64) { return &p.ID, &p.Revision }}
}

// Seen returns the item of an id at the revision that an editor saw; the zero T at revision 0, of
// what is new. It is account.ErrStale where the item moved on, account.ErrNotFound where there is
// none.
func (l List[T]) Seen(ctx context.Context, r store.Reader, id account.ID, revision int64) (T, error) {
	var none T
	if revision == 0 {
		return none, nil
	}
	of, err := store.ItemOf[T](ctx, r, id)
	if err != nil {
		return none, err
	}
	if store.HeadOf(of).Revision != revision {
		return none, account.ErrStale
	}
	return of, nil
}

// TakenBack returns the item of an id, at the revision that an editor saw, with the change taken
// back that led to the revision record. It is account.ErrNotFound where no record did, and the
// faults of [account.Table.TakeBack].
func (l List[T]) TakenBack(ctx context.Context, r store.Reader, id account.ID, revision, record int64) (T, error) {
	of, err := store.ItemOf[T](ctx, r, id)
	if err != nil {
		return of, err
	}
	found, err := r.ItemChanges(ctx, l.Of, account.ChangeQuery{Of: id, Before: record + 1, Since: record - 1, Limit: 1})
	switch {
	case err != nil:
		return of, err
	case len(found) == 0 || record < 1:
		return of, account.ErrNotFound
	case store.HeadOf(of).Revision != revision:
		return of, account.ErrStale
	}
	err = l.Fields.TakeBack(&of, found[0])
	return of, err
}

// Record completes the record of what made after of before: one that has no kind is a creation, or
// an update. What is removed is the zero T after. The record of nothing has no change.
func (l List[T]) Record(before, after T, by account.Record) account.Record {
	was, is := store.HeadOf(before), store.HeadOf(after)
	by.Of, by.Revision, by.Change = was.ID, was.Revision+1, l.Fields.Diff(before, after)
	switch {
	case was.Revision == 0:
		by.Of, by.Kind = is.ID, account.RecordCreated
	case by.Kind == "":
		by.Kind = account.RecordUpdated
	}
	return by
}
