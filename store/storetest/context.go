package storetest

import (
	"context"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/account/accounttest"
	"github.com/clientaccount/clientaccount/store"
)

var contextPromises = []promise{
	{"a canceled context ends every question", canceledReads},
	{"a canceled context starts no transaction", canceledBefore},
	{"a context canceled in a transaction changes nothing", canceledDuring},
	{"a context that ends while waiting for a lock ends the call", canceledWaiting},
	{"a transaction within a transaction is refused at once", nesting},
}

func canceledReads(t *testing.T, s store.Store) {
	update(t, s, everything)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	full := accounttest.Full()
	errs := lookups(ctx, s, full.ID, full.Core.Login)
	_, errs["Accounts"] = s.Accounts(ctx, account.Query{})
	_, errs["OpenSubaccounts"] = s.OpenSubaccounts(ctx, full.ID)
	_, errs["Changes"] = s.Changes(ctx, account.ChangeQuery{Account: full.ID})
	_, errs["Managers"] = store.ItemsOf[account.Manager](ctx, s)
	_, errs["Products"] = store.ItemsOf[account.Product](ctx, s)
	for name, err := range errs {
		assert.ErrorIs(t, err, context.Canceled, name)
	}
}

func canceledBefore(t *testing.T, s store.Store) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	require.ErrorIs(t, s.Update(ctx, everything), context.Canceled)
	requireUntouched(t, s)
}

func canceledDuring(t *testing.T, s store.Store) {
	ctx, cancel := context.WithCancel(t.Context())
	err := s.Update(ctx, func(inner context.Context, tx store.Tx) error {
		err := everything(inner, tx)
		cancel()
		return err
	})
	require.ErrorIs(t, err, context.Canceled, "canceled before the commit")
	requireUntouched(t, s)

	ctx, cancel = context.WithCancel(t.Context())
	err = s.Update(ctx, func(inner context.Context, tx store.Tx) error {
		cancel()
		return everything(inner, tx)
	})
	require.ErrorIs(t, err, context.Canceled, "canceled before a write")
	requireUntouched(t, s)
	update(t, s, everything)
}

func canceledWaiting(t *testing.T, s store.Store) {
	a := client("locked")
	insert(t, s, a)
	update(t, s, func(ctx context.Context, tx store.Tx) error {
		if _, err := tx.Account(ctx, a.ID); err != nil {
			return err
		}
		waiting, cancel := context.WithTimeout(t.Context(), grace)
		defer cancel()
		err := s.Update(waiting, changing(a.ID, "while locked"))
		assert.ErrorIs(t, err, context.DeadlineExceeded)
		return nil
	})
	requireSame(t, a, get(t, s, a.ID))
}

// nesting begins, within a transaction and with its context, what would wait for it.
func nesting(t *testing.T, s store.Store) {
	update(t, s, func(ctx context.Context, _ store.Tx) error {
		ran := false
		err := s.Update(ctx, func(context.Context, store.Tx) error { ran = true; return nil })
		assert.ErrorIs(t, err, store.ErrNested)
		assert.False(t, ran)
		for _, ps := range [][]store.Posting{nil, {{From: 1}}} {
			_, err = s.Append(ctx, ps)
			assert.ErrorIs(t, err, store.ErrNested)
			assert.ErrorIs(t, err, store.ErrNothing)
		}
		return nil
	})
	_, err := s.Append(t.Context(), nil)
	require.NoError(t, err, "afterwards")
	update(t, s, everything)
}
