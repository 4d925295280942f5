package bunstore

import (
	"context"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/store"
	"github.com/clientaccount/clientaccount/store/bunstore/internal/dialect"
)

// Lock is [store.Tx]'s.
func (t *tx) Lock(ctx context.Context, ids ...account.ID) ([]account.Balance, error) {
	if len(ids) == 0 {
		return nil, ctx.Err()
	}
	balances, err := t.dialect.LockBalances(ctx, t.conn, store.Ascending(ids))
	return balances, t.failed(ctx, err)
}

// Post is [store.Tx]'s. What moves no money changes the terms.
func (t *tx) Post(ctx context.Context, p store.Posting) error {
	if p.From == 0 {
		return t.failed(ctx, dialect.Open(ctx, t.dialect, t.conn, &p))
	}
	err := t.dialect.Post(ctx, t.conn, p)
	if err != nil || len(p.Entries) > 0 {
		return t.failed(ctx, err)
	}
	return t.changed(ctx, p.Balance.Account)
}
