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

// lookups are all ways of asking for one row, here by an id and text that exist nowhere.
func lookups(ctx context.Context, r store.Reader, id account.ID, text string) map[string]error {
	errs := map[string]error{}
	_, errs["Account"] = r.Account(ctx, id)
	_, errs["AccountByLogin"] = r.AccountByLogin(ctx, text)
	_, errs["AccountByContract"] = r.AccountByContract(ctx, text)
	_, errs["Manager"] = r.Manager(ctx, id)
	_, errs["Product"] = r.Product(ctx, id)
	_, errs["Credential web"] = r.Credential(ctx, id, store.WebPassword)
	_, errs["Credential gateway"] = r.Credential(ctx, id, store.GatewayPassword)
	return errs
}

func notFound(t *testing.T, s store.Store) {
	insert(t, s, client("other"))
	for name, err := range lookups(t.Context(), s, accounttest.ID(99), "nobody") {
		assert.ErrorIs(t, err, store.ErrNotFound, name)
	}
}

func notFoundInTx(t *testing.T, s store.Store) {
	update(t, s, func(ctx context.Context, tx store.Tx) error {
		for name, err := range lookups(ctx, tx, accounttest.ID(99), "nobody") {
			assert.ErrorIs(t, err, store.ErrNotFound, name)
		}
		return nil
	})
	gone := map[string]func(context.Context, store.Tx) error{
		"ReplaceAccount": replacing(next(client("gone"))),
		"PutManager": func(ctx context.Context, tx store.Tx) error {
			return tx.PutManager(ctx, accounttest.Manager(1), 1)
		},
		"PutProduct": func(ctx context.Context, tx store.Tx) error {
			return tx.PutProduct(ctx, accounttest.Product(1), 1)
		},
		"DeleteManager": func(ctx context.Context, tx store.Tx) error { return tx.DeleteManager(ctx, accounttest.ID(99)) },
		"DeleteProduct": func(ctx context.Context, tx store.Tx) error { return tx.DeleteProduct(ctx, accounttest.ID(99)) },
	}
	for name, do := range gone {
		assert.ErrorIs(t, s.Update(t.Context(), do), store.ErrNotFound, name)
	}
	nothing(t, s)
}

func nobody(t *testing.T, s store.Store) {
	insert(t, s, client("without.contract"), client("without.either"))
	for name, err := range lookups(t.Context(), s, account.ID{}, "") {
		assert.ErrorIs(t, err, store.ErrNotFound, name)
	}
	n, err := s.OpenSubaccounts(t.Context(), account.ID{})
	require.NoError(t, err)
	assert.Zero(t, n, "accounts at the top level are nobody's subaccounts")
}

func nothing(t *testing.T, s store.Store) {
	rows, err := s.Accounts(t.Context(), account.Query{})
	require.NoError(t, err)
	assert.Empty(t, rows)
	records, err := s.Changes(t.Context(), account.ChangeQuery{Account: accounttest.ID(99)})
	require.NoError(t, err)
	assert.Empty(t, records)
	managers, err := s.Managers(t.Context())
	require.NoError(t, err)
	assert.Empty(t, managers)
	products, err := s.Products(t.Context())
	require.NoError(t, err)
	assert.Empty(t, products)
	n, err := s.OpenSubaccounts(t.Context(), accounttest.ID(99))
	require.NoError(t, err)
	assert.Zero(t, n)
	due, err := s.Due(t.Context(), at(1e9), account.ID{}, account.MaxPage)
	require.NoError(t, err)
	assert.Empty(t, due)
}
