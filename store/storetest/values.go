package storetest

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/account/accounttest"
	"github.com/clientaccount/clientaccount/store"
)

var valuePromises = []promise{
	{"an account comes back as it was inserted", fullAccount},
	{"an account comes back as it replaced another", emptied},
	{"any account comes back as it was given", anyAccount},
	{"text comes back byte for byte", textValues},
	{"amounts are exact to 15 digits and 6 places", amounts},
	{"instants are kept to the microsecond", instants},
	{"unset is not zero", unset},
	{"an account is found by login and by contract number", found},
}

func fullAccount(t *testing.T, s store.Store) {
	putReferences(t, s)
	parent := client("parent")
	full := accounttest.Full()
	full.Parent = parent.ID
	insert(t, s, parent, full)
	requireSame(t, full, get(t, s, full.ID))
}

// emptied replaces every value by its zero, which partial updates tend to skip.
func emptied(t *testing.T, s store.Store) {
	putReferences(t, s)
	full := accounttest.Full()
	insert(t, s, full)
	empty := account.Account{ID: full.ID, Revision: full.Revision + 1}
	empty.Core.Login, empty.Status = full.Core.Login, account.StatusClosed
	empty.Core.Currency, empty.Core.TimeZone = "EUR", "UTC"
	update(t, s, replacing(empty))
	requireSame(t, empty, get(t, s, full.ID))
	update(t, s, func(ctx context.Context, tx store.Tx) error {
		full.Revision = empty.Revision + 1
		return tx.PutAccount(ctx, full, empty.Revision)
	})
	requireSame(t, full, get(t, s, full.ID))
}

func anyAccount(t *testing.T, s store.Store) {
	putReferences(t, s)
	draws := 0
	draw := func(t *rapid.T) account.Account {
		draws++
		a := accounttest.Random(t)
		a.ID = accounttest.ID(draws)
		a.Core.Login = fmt.Sprintf("%.50s-%d", a.Core.Login, draws)
		if a.Contact.Contract != "" {
			a.Contact.Contract = fmt.Sprintf("%.20s-%d", a.Contact.Contract, draws)
		}
		return a
	}
	rapid.Check(t, func(t *rapid.T) {
		a, b := draw(t), draw(t)
		insert(t, s, a)
		requireSame(t, a, get(t, s, a.ID))
		b.ID = a.ID
		update(t, s, func(ctx context.Context, tx store.Tx) error { return tx.PutAccount(ctx, b, a.Revision) })
		requireSame(t, b, get(t, s, a.ID))
	})
}

func textValues(t *testing.T, s store.Store) {
	n := 0
	for name, text := range awkward() {
		n++
		a := client(fmt.Sprintf("text-%d", n))
		a.Notes.Comments, a.Contact.Company, a.Contact.Contract = text, head(text, 200), head(text, 64)
		a.Credit.Overdraw.Reason = head(text, 200)
		a.Routing.Senders = account.Senders{text, "B"}
		insert(t, s, a)
		t.Run(name, func(t *testing.T) {
			got := get(t, s, a.ID)
			requireSame(t, a, got)
			assert.Equal(t, a.Routing.Senders, got.Routing.Senders)
			byContract, err := s.AccountBy(t.Context(), store.KeyContract, a.Contact.Contract)
			require.NoError(t, err, "a contract number of any text is found")
			assert.Equal(t, a.ID, byContract.ID)
		})
	}
}

func amounts(t *testing.T, s store.Store) {
	for i, text := range []string{
		"0", "0.000001", "0.1", "100", "999999999999999.999999", "123456789012345.678901", "900719925474099.3", "0.30", "1000000",
	} {
		d := decimal.RequireFromString(text)
		a := client(fmt.Sprintf("amount-%d", i))
		a.Credit.Limit, a.Credit.Overdraw.Limit = account.Some(d), d
		a.Core.NotificationLimit = account.MoneyLimit(d.Neg())
		insert(t, s, a)
		got := get(t, s, a.ID)
		limit, set := got.Credit.Limit.Get()
		require.True(t, set)
		require.True(t, d.Equal(limit), "want %s, got %s", d, limit)
		requireSame(t, a, got)
	}
}

func instants(t *testing.T, s store.Store) {
	for i, at := range []time.Time{
		{},
		time.UnixMicro(0).UTC(), time.UnixMicro(1).UTC(), accounttest.Now(),
		time.Date(2024, 2, 29, 23, 59, 59, 999_999_000, time.UTC), time.Date(9999, 12, 31, 23, 59, 59, 999_999_000, time.UTC),
	} {
		a := client(fmt.Sprintf("instant-%d", i))
		a.Expires, a.Credit.Overdraw.ExpiresAt, a.CreatedAt, a.UpdatedAt = at, at, at, at
		insert(t, s, a)
		requireSame(t, a, get(t, s, a.ID))
	}
	kyiv := client("kyiv")
	kyiv.Expires = accounttest.Now().In(time.FixedZone("EEST", 3*60*60))
	insert(t, s, kyiv)
	requireSame(t, kyiv, get(t, s, kyiv.ID))
}

func unset(t *testing.T, s store.Store) {
	none, zero := client("none"), client("zero")
	zero.Credit.Limit = account.Some(decimal.Zero)
	zero.Routing.Priority, zero.Sending.DLRDays = account.Some(0), account.Some(0)
	zero.Core.NotificationLimit = account.MessagesLimit(0)
	insert(t, s, none, zero)
	requireSame(t, none, get(t, s, none.ID))
	requireSame(t, zero, get(t, s, zero.ID))
}

func found(t *testing.T, s store.Store) {
	putReferences(t, s)
	full := accounttest.Full()
	insert(t, s, full, client("other"))
	byLogin, err := s.AccountBy(t.Context(), store.KeyLogin, full.Core.Login)
	require.NoError(t, err)
	requireSame(t, full, byLogin)
	byContract, err := s.AccountBy(t.Context(), store.KeyContract, full.Contact.Contract)
	require.NoError(t, err)
	requireSame(t, full, byContract)
}

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
	requireHistory(t, s, account.ChangeQuery{Of: a.ID}, record(client("alias"), 1, "login", "status"))

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

	records, err := s.Changes(t.Context(), account.ChangeQuery{Of: a.ID})
	require.NoError(t, err)
	require.Len(t, records, 1)
	records[0].Change[0].New = "SPOILT"
	requireHistory(t, s, account.ChangeQuery{Of: a.ID}, r)

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
