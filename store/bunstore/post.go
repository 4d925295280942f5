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
	balances, err := t.Dialect.LockBalances(ctx, t.Conn, store.Ascending(ids))
	return balances, t.Failed(ctx, err)
}

// TryLock is [store.Tx]'s.
func (t *tx) TryLock(ctx context.Context, ids ...account.ID) ([]account.Balance, error) {
	if len(ids) == 0 {
		return nil, ctx.Err()
	}
	balances, err := t.Dialect.TryLockBalances(ctx, t.Conn, store.Ascending(ids))
	return balances, t.Failed(ctx, err)
}

// Post is [store.Tx]'s. What moves neither money nor a message changes the terms.
func (t *tx) Post(ctx context.Context, ps ...store.Posting) error {
	moving := make([]store.Posting, 0, len(ps))
	for i := range ps {
		if ps[i].From != 0 {
			moving = append(moving, ps[i])
		} else if err := dialect.Open(ctx, t.Dialect, t.Conn, &ps[i]); err != nil {
			return t.Failed(ctx, err)
		}
	}
	if len(moving) == 0 {
		return ctx.Err()
	}
	if err := t.Dialect.Post(ctx, t.Conn, moving); err != nil {
		return t.Failed(ctx, err)
	}
	var edited []account.ID
	for i := range moving {
		if len(moving[i].Entries)+len(moving[i].Messages) > 0 {
			continue
		}
		edited = append(edited, moving[i].Balance.Account)
		if err := t.changed(ctx, moving[i].Balance.Account); err != nil {
			return err
		}
	}
	return t.MarkBehind(ctx, edited...)
}
