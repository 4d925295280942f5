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

var aliasPromises = []promise{
	{"changing what was handed in changes nothing stored", handedIn},
	{"changing what was handed out changes nothing stored", handedOut},
}

func senders(login string) account.Account {
	a := client(login)
	a.Routing.Senders = account.Senders{"ACME", "SHOP"}
	return a
}

func handedIn(t *testing.T, s store.Store) {
	a, r := senders("alias"), record(client("alias"), 1, "login", "status")
	update(t, s, func(ctx context.Context, tx store.Tx) error {
		if err := tx.PutAccount(ctx, a, 0); err != nil {
			return err
		}
		err := tx.AddChange(ctx, r)
		a.Routing.Senders[0], r.Change[0].New = "BEFORE", "BEFORE"
		return err
	})
	a.Routing.Senders[1], r.Change[1].New = "AFTER", "AFTER"
	assert.Equal(t, senders("alias").Routing.Senders, get(t, s, a.ID).Routing.Senders)
	requireHistory(t, s, account.ChangeQuery{Account: a.ID}, record(client("alias"), 1, "login", "status"))

	replaced := next(senders("alias"))
	update(t, s, replacing(replaced))
	replaced.Routing.Senders[0] = "AFTER"
	assert.Equal(t, senders("alias").Routing.Senders, get(t, s, a.ID).Routing.Senders)
}

func handedOut(t *testing.T, s store.Store) {
	a, r := senders("alias"), record(client("alias"), 1, "login")
	a.Contact.Contract = "C-1"
	update(t, s, func(ctx context.Context, tx store.Tx) error {
		if err := inserting(a)(ctx, tx); err != nil {
			return err
		}
		spoil(t, ctx, tx, a)
		return tx.AddChange(ctx, r)
	})
	spoil(t, t.Context(), s, a)
	assert.Equal(t, senders("alias").Routing.Senders, get(t, s, a.ID).Routing.Senders)

	records, err := s.Changes(t.Context(), account.ChangeQuery{Account: a.ID})
	require.NoError(t, err)
	require.Len(t, records, 1)
	records[0].Change[0].New = "SPOILT"
	requireHistory(t, s, account.ChangeQuery{Account: a.ID}, r)

	putReferences(t, s)
	managers, err := store.ItemsOf[account.Manager](t.Context(), s)
	require.NoError(t, err)
	managers[0].Name = "SPOILT"
	m, err := store.ItemOf[account.Manager](t.Context(), s, accounttest.Manager(1).ID)
	require.NoError(t, err)
	assert.Equal(t, accounttest.Manager(1), m)
}

// spoil changes the slices of an account as each way of reading hands it out.
func spoil(t *testing.T, ctx context.Context, r store.Reader, a account.Account) {
	t.Helper()
	for _, ask := range []func() (account.Account, error){
		func() (account.Account, error) { return r.Account(ctx, a.ID) },
		func() (account.Account, error) { return r.AccountBy(ctx, store.KeyLogin, a.Core.Login) },
		func() (account.Account, error) { return r.AccountBy(ctx, store.KeyContract, a.Contact.Contract) },
	} {
		got, err := ask()
		if assert.NoError(t, err) && assert.Equal(t, a.Routing.Senders, got.Routing.Senders) {
			got.Routing.Senders[0] = "SPOILT"
		}
	}
}
