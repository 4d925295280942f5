package memstore

import (
	"context"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/store"
)

func (t *tx) PutManager(ctx context.Context, m account.Manager, was int64) error {
	return t.write(ctx, func(s *state) error {
		return replace(&s.managers, m.ID, m, was, func(m account.Manager) int64 { return m.Revision })
	})
}

func (t *tx) PutProduct(ctx context.Context, p account.Product, was int64) error {
	return t.write(ctx, func(s *state) error {
		return replace(&s.products, p.ID, p, was, func(p account.Product) int64 { return p.Revision })
	})
}

// replace inserts (was 0) or replaces the row that is still at revision was.
func replace[V any](table *rows[account.ID, V], id account.ID, v V, was int64, revision func(V) int64) error {
	before, exists := table.get(id)
	switch {
	case was == 0 && exists:
		return store.ErrConflict
	case was != 0 && !exists:
		return store.ErrNotFound
	case was != 0 && revision(before) != was:
		return store.ErrStale
	}
	table.put(id, v)
	return nil
}

func (t *tx) DeleteManager(ctx context.Context, id account.ID) error {
	return t.write(ctx, func(s *state) error {
		return remove(s, &s.managers, id, func(a *account.Account) account.ID { return a.Core.Manager })
	})
}

func (t *tx) DeleteProduct(ctx context.Context, id account.ID) error {
	return t.write(ctx, func(s *state) error {
		return remove(s, &s.products, id, func(a *account.Account) account.ID { return a.Notes.Product })
	})
}

// remove deletes a row that no account points at, closed ones included.
func remove[V any](s *state, table *rows[account.ID, V], id account.ID, pointer func(*account.Account) account.ID) error {
	if !table.has(id) {
		return store.ErrNotFound
	}
	for r := range s.accounts.all() {
		if pointer(&r.account) == id {
			return store.ErrInUse
		}
	}
	table.delete(id)
	return nil
}
