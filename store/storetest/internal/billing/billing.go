// Package billing is the suite of stores that keep books, usage, documents and mails.
package billing

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/account/accounttest"
	"github.com/clientaccount/clientaccount/account/document"
	"github.com/clientaccount/clientaccount/store"
	"github.com/clientaccount/clientaccount/store/storetest/internal/support"
)

// Store is a store that keeps documents.
type Store interface {
	store.Store
	store.Billing
}

// Groups returns all promises.
func Groups() []support.Group[Store] {
	return []support.Group[Store]{
		{Name: "books", Promises: opened(bookPromises)},
		{Name: "due books", Promises: opened(duePromises)},
		{Name: "usage", Promises: opened(usagePromises)},
		{Name: "numbers", Promises: opened(numberPromises)},
		{Name: "documents", Promises: opened(documentPromises)},
		{Name: "pages", Promises: opened(pagePromises)},
		{Name: "mails", Promises: opened(mailPromises)},
		{Name: "claims", Promises: opened(claimPromises)},
		{Name: "results", Promises: opened(resultPromises)},
		{Name: "mailed", Promises: opened(mailedPromises)},
		{Name: "transactions", Promises: opened(transactionPromises)},
		{Name: "model", Promises: opened(modelPromises)},
	}
}

type promise = support.Promise[rig]

// rig is a store with two clients, and an id that is nobody's.
type rig struct {
	Store
	now              time.Time
	one, two, nobody account.ID
}

// Two owners, whose leases last a minute.
var (
	owner, other = accounttest.ID(70_001), accounttest.ID(70_002)
	minute       = time.Minute
)

// opened has each promise begin with a rig.
func opened(ps []promise) (all []support.Promise[Store]) {
	for _, p := range ps {
		all = append(all, support.Promise[Store]{Name: p.Name, Test: func(t *testing.T, s Store) { p.Test(t, newRig(t, s)) }})
	}
	return all
}

func newRig(t *testing.T, s Store) rig {
	t.Helper()
	one, two := client("one"), client("two")
	support.Insert(t, s, one, two)
	return rig{Store: s, now: accounttest.Now().Truncate(time.Microsecond), one: one.ID, two: two.ID, nobody: accounttest.ID(99)}
}

// client has an address for each role.
func client(login string) account.Account {
	a := accounttest.Valid(login)
	a.Mail.Email, a.Mail.Billing, a.Mail.PriceUpdate = login+"@main.example", login+"@billing.example", login+"@prices.example"
	return a
}

// write is a function of a transaction that can keep documents.
type write func(ctx context.Context, tx store.BillingTx) error

func (w write) in(ctx context.Context, tx store.Tx) error {
	to, ok := tx.(store.BillingTx)
	if !ok {
		return errors.New("the transaction is no store.BillingTx")
	}
	return w(ctx, to)
}

// must writes what must be kept.
func (r rig) must(t support.TB, w write) {
	t.Helper()
	support.Update(t, r, w.in)
}

// refused writes what must be refused.
func (r rig) refused(t support.TB, want error, w write, what ...any) {
	t.Helper()
	require.ErrorIs(t, r.Update(t.Context(), w.in), want, what...)
}

// after is so long after tests begin.
func (r rig) after(d time.Duration) time.Time { return r.now.Add(d) }

func money(amount string) decimal.Decimal { return decimal.RequireFromString(amount) }

func mark(entry int64, balance, held string) document.Mark {
	return document.Mark{Entry: entry, Balance: money(balance), Held: money(held)}
}

func day(n int) account.Date { return account.Date{Year: 2026, Month: 11, Day: n} }

// changeClient changes the settings of an account.
func (r rig) changeClient(t support.TB, id account.ID, change func(*account.Account)) {
	t.Helper()
	a, err := r.Account(t.Context(), id)
	require.NoError(t, err)
	change(&a)
	a.Revision++
	support.Update(t, r, func(ctx context.Context, tx store.Tx) error { return tx.PutAccount(ctx, a, a.Revision-1) })
}
