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

var missingPromises = []promise{
	{"what is not there is ErrNotFound", notFound},
	{"what is not there is ErrNotFound within a transaction", notFoundInTx},
	{"the zero id and the empty contract number are nobody's", nobody},
	{"an empty store lists nothing", nothing},
}

// lookups returns all ways of asking for one row, here by an id and text that exist nowhere.
func lookups(ctx context.Context, r store.Reader, id account.ID, text string) map[string]error {
	errs := map[string]error{}
	_, errs["Account"] = r.Account(ctx, id)
	_, errs["AccountBy login"] = r.AccountBy(ctx, store.KeyLogin, text)
	_, errs["AccountBy contract"] = r.AccountBy(ctx, store.KeyContract, text)
	_, errs["Item manager"] = store.ItemOf[account.Manager](ctx, r, id)
	_, errs["Item product"] = store.ItemOf[account.Product](ctx, r, id)
	_, errs["Credential web"] = r.Credential(ctx, id, store.WebPassword)
	_, errs["Credential gateway"] = r.Credential(ctx, id, store.GatewayPassword)
	return errs
}

func notFound(t *testing.T, s store.Store) {
	insert(t, s, client("other"))
	for name, err := range lookups(t.Context(), s, accounttest.ID(99), "nobody") {
		assert.ErrorIs(t, err, account.ErrNotFound, name)
	}
}

func notFoundInTx(t *testing.T, s store.Store) {
	update(t, s, func(ctx context.Context, tx store.Tx) error {
		for name, err := range lookups(ctx, tx, accounttest.ID(99), "nobody") {
			assert.ErrorIs(t, err, account.ErrNotFound, name)
		}
		return nil
	})
	gone := map[string]func(context.Context, store.Tx) error{
		"PutAccount": replacing(next(client("gone"))),
		"PutItem manager": func(ctx context.Context, tx store.Tx) error {
			return tx.PutItem(ctx, accounttest.Manager(1), 1)
		},
		"PutItem product": func(ctx context.Context, tx store.Tx) error {
			return tx.PutItem(ctx, accounttest.Product(1), 1)
		},
		"DeleteItem manager": func(ctx context.Context, tx store.Tx) error {
			return tx.DeleteItem(ctx, store.ListManagers, accounttest.ID(99))
		},
		"DeleteItem product": func(ctx context.Context, tx store.Tx) error {
			return tx.DeleteItem(ctx, store.ListProducts, accounttest.ID(99))
		},
	}
	for name, do := range gone {
		assert.ErrorIs(t, s.Update(t.Context(), do), account.ErrNotFound, name)
	}
	nothing(t, s)
}

func nobody(t *testing.T, s store.Store) {
	insert(t, s, client("without.contract"), client("without.either"))
	for name, err := range lookups(t.Context(), s, account.ID{}, "") {
		assert.ErrorIs(t, err, account.ErrNotFound, name)
	}
	n, err := s.OpenSubaccounts(t.Context(), account.ID{})
	require.NoError(t, err)
	assert.Zero(t, n, "accounts at the top level are nobody's subaccounts")
}

func nothing(t *testing.T, s store.Store) {
	rows, err := s.Accounts(t.Context(), account.Query{})
	require.NoError(t, err)
	assert.Empty(t, rows)
	records, err := s.Changes(t.Context(), account.ChangeQuery{Of: accounttest.ID(99)})
	require.NoError(t, err)
	assert.Empty(t, records)
	managers, err := store.ItemsOf[account.Manager](t.Context(), s)
	require.NoError(t, err)
	assert.Empty(t, managers)
	products, err := store.ItemsOf[account.Product](t.Context(), s)
	require.NoError(t, err)
	assert.Empty(t, products)
	n, err := s.OpenSubaccounts(t.Context(), accounttest.ID(99))
	require.NoError(t, err)
	assert.Zero(t, n)
	due, err := s.Due(t.Context(), at(1e9), account.ID{}, account.MaxPage)
	require.NoError(t, err)
	assert.Empty(t, due)
}
