package storetest

import (
	"context"
	"errors"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/store"
)

var uniquePromises = []promise{
	{"a login belongs to one account, closed ones included", loginTaken},
	{"a contract number belongs to one account, closed ones included", contractTaken},
	{"replacing an account takes no other's login or contract number", replaceTaken},
	{"any number of accounts have no contract number", contractShared},
	{"contract numbers differ by every byte", contractExact},
	{"a login or contract number given up is free", givenUp},
	{"an id is inserted once", idTaken},
	{"of two inserts of one login at once, one succeeds", insertRace},
}

func withContract(login, contract string) account.Account {
	a := client(login)
	a.Contact.Contract = contract
	return a
}

func closed(a account.Account) account.Account {
	a.Status = account.StatusClosed
	return a
}

func requireTaken(t *testing.T, err error, path string) {
	t.Helper()
	taken, ok := errors.AsType[*store.TakenError](err)
	require.True(t, ok, "want a TakenError, got %v", err)
	assert.Equal(t, path, taken.Path)
}

func loginTaken(t *testing.T, s store.Store) {
	for _, first := range []account.Account{client("first"), closed(client("closed"))} {
		insert(t, s, first)
		second := client("second")
		second.Core.Login = first.Core.Login
		requireTaken(t, s.Update(t.Context(), inserting(second)), "login")
		_, err := s.Account(t.Context(), second.ID)
		require.ErrorIs(t, err, account.ErrNotFound)
	}
}

func contractTaken(t *testing.T, s store.Store) {
	for _, first := range []account.Account{withContract("first", "C-1"), closed(withContract("closed", "C-2"))} {
		insert(t, s, first)
		second := withContract("second", first.Contact.Contract)
		requireTaken(t, s.Update(t.Context(), inserting(second)), "contact.contract")
		_, err := s.AccountBy(t.Context(), store.KeyLogin, "second")
		require.ErrorIs(t, err, account.ErrNotFound)
	}
}

func replaceTaken(t *testing.T, s store.Store) {
	first, second := withContract("first", "C-1"), withContract("second", "C-2")
	insert(t, s, closed(first), second)
	contract := next(second)
	contract.Contact.Contract = "C-1"
	requireTaken(t, s.Update(t.Context(), replacing(contract)), "contact.contract")
	login := next(second)
	login.Core.Login = "first"
	requireTaken(t, s.Update(t.Context(), replacing(login)), "login")
	requireSame(t, second, get(t, s, second.ID))
	update(t, s, replacing(next(second))) // its own values are no obstacle
}

func contractShared(t *testing.T, s store.Store) {
	insert(t, s, client("one"), client("two"), client("three"))
	update(t, s, replacing(next(client("two"))))
	assert.Equal(t, int64(2), get(t, s, client("two").ID).Revision)
}

func contractExact(t *testing.T, s store.Store) {
	contracts := []string{"c-1", "C-1", "C-1 ", " C-1", "é", "e\u0301", "E\u0301", "01", "1", "1.0", "ß", "ss"}
	for i, contract := range contracts {
		insert(t, s, withContract(string(rune('a'+i))+"-login", contract))
	}
	for i, contract := range contracts {
		a, err := s.AccountBy(t.Context(), store.KeyContract, contract)
		require.NoError(t, err)
		assert.Equal(t, string(rune('a'+i))+"-login", a.Core.Login)
	}
}

func givenUp(t *testing.T, s store.Store) {
	first, second := withContract("first", "C-1"), withContract("second", "C-2")
	insert(t, s, first, second)
	update(t, s, func(ctx context.Context, tx store.Tx) error {
		without, instead := next(first), next(second)
		without.Contact.Contract, instead.Contact.Contract = "", "C-1"
		if err := tx.PutAccount(ctx, without, 1); err != nil {
			return err
		}
		return tx.PutAccount(ctx, instead, 1)
	})
	a, err := s.AccountBy(t.Context(), store.KeyContract, "C-1")
	require.NoError(t, err)
	assert.Equal(t, second.ID, a.ID)
	_, err = s.AccountBy(t.Context(), store.KeyContract, "C-2")
	require.ErrorIs(t, err, account.ErrNotFound)
	insert(t, s, withContract("third", "C-2"))

	renamed := get(t, s, second.ID)
	renamed.Core.Login = "renamed"
	update(t, s, replacing(next(renamed)))
	_, err = s.AccountBy(t.Context(), store.KeyLogin, "second")
	require.ErrorIs(t, err, account.ErrNotFound)
	heir := client("heir")
	heir.Core.Login = "second"
	insert(t, s, heir)
}

func idTaken(t *testing.T, s store.Store) {
	first, second := client("first"), client("second")
	second.ID = first.ID
	insert(t, s, first)
	require.Error(t, s.Update(t.Context(), inserting(second)))
	requireSame(t, first, get(t, s, first.ID))
}

func insertRace(t *testing.T, s store.Store) {
	for _, login := range []string{"race-1", "race-2", "race-3", "race-4", "race-5"} {
		one, two := client(login), client(login+"-other")
		two.Core.Login = login
		errOne, errTwo := both(
			func() error { return retry(t.Context(), s, inserting(one)) },
			func() error { return retry(t.Context(), s, inserting(two)) },
		)
		require.False(t, errOne == nil && errTwo == nil, "both accounts got one login")
		winner := one
		if errOne != nil {
			requireTaken(t, errOne, "login")
			winner = two
		} else {
			requireTaken(t, errTwo, "login")
		}
		a, err := s.AccountBy(t.Context(), store.KeyLogin, login)
		require.NoError(t, err)
		assert.Equal(t, winner.ID, a.ID)
	}
}

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

var credentialPromises = []promise{
	{"a hash is kept until another takes its place", credentials},
	{"replacing an account leaves its hashes alone", credentialsStay},
}

func setting(id account.ID, kind store.CredentialKind, hash string) func(context.Context, store.Tx) error {
	return func(ctx context.Context, tx store.Tx) error { return tx.SetCredential(ctx, id, kind, hash) }
}

func requireCredential(t *testing.T, s store.Store, id account.ID, kind store.CredentialKind, want string) {
	t.Helper()
	got, err := s.Credential(t.Context(), id, kind)
	require.NoError(t, err)
	assert.Equal(t, want, got)
}

func credentials(t *testing.T, s store.Store) {
	a, b := client("one"), client("two")
	insert(t, s, a, b)
	const hash = `$argon2id$v=19$m=19456,t=2,p=1$c2FsdD8/$aGFzaCdcJQ`
	update(t, s, setting(a.ID, store.WebPassword, hash))
	requireCredential(t, s, a.ID, store.WebPassword, hash)
	_, err := s.Credential(t.Context(), a.ID, store.GatewayPassword)
	require.ErrorIs(t, err, account.ErrNotFound, "of the other kind")
	_, err = s.Credential(t.Context(), b.ID, store.WebPassword)
	require.ErrorIs(t, err, account.ErrNotFound, "of another account")
	update(t, s, setting(a.ID, store.GatewayPassword, "gateway"))
	update(t, s, setting(a.ID, store.WebPassword, hash+"2"))
	requireCredential(t, s, a.ID, store.WebPassword, hash+"2")
	requireCredential(t, s, a.ID, store.GatewayPassword, "gateway")
}

func credentialsStay(t *testing.T, s store.Store) {
	a := client("one")
	insert(t, s, a)
	update(t, s, setting(a.ID, store.WebPassword, "hash"))
	update(t, s, replacing(next(a)))
	requireCredential(t, s, a.ID, store.WebPassword, "hash")
}
