package storetest

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/store"
)

var revisionPromises = []promise{
	{"a stale revision changes nothing", staleAccount},
	{"a revision of the future changes nothing", futureAccount},
	{"an account that is not there is not replaced", goneAccount},
	{"a stale replacement takes the rest of the transaction with it", staleTakesAll},
}

func staleAccount(t *testing.T, s store.Store) {
	first := client("first")
	second := next(first)
	second.Contact.Company = "Second"
	insert(t, s, first)
	update(t, s, replacing(second))
	third := second
	third.Contact.Company = "Third"
	require.ErrorIs(t, s.Update(t.Context(), replacing(third)), account.ErrStale)
	requireSame(t, second, get(t, s, first.ID))
}

func futureAccount(t *testing.T, s store.Store) {
	first := client("first")
	insert(t, s, first)
	require.ErrorIs(t, s.Update(t.Context(), replacing(next(next(first)))), account.ErrStale)
	requireSame(t, first, get(t, s, first.ID))
}

func goneAccount(t *testing.T, s store.Store) {
	insert(t, s, client("other"))
	require.ErrorIs(t, s.Update(t.Context(), replacing(next(client("gone")))), account.ErrNotFound)
	_, err := s.AccountBy(t.Context(), store.KeyLogin, "gone")
	require.ErrorIs(t, err, account.ErrNotFound)
}

func staleTakesAll(t *testing.T, s store.Store) {
	insert(t, s, client("first"))
	err := s.Update(t.Context(), func(ctx context.Context, tx store.Tx) error {
		if err := tx.PutAccount(ctx, client("second"), 0); err != nil {
			return err
		}
		return tx.PutAccount(ctx, next(next(client("first"))), 2)
	})
	require.ErrorIs(t, err, account.ErrStale)
	rows, err := s.Accounts(t.Context(), account.Query{})
	require.NoError(t, err)
	require.Len(t, rows, 1)
}
