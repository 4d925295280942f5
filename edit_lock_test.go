package clientaccount_test

import (
	"context"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/clientaccount/clientaccount"
	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/store"
)

// locking is a store that counts the balances its transactions lock.
type locking struct {
	store.Store
	locked int
}

func (l *locking) Update(ctx context.Context, fn func(context.Context, store.Tx) error) error {
	return l.Store.Update(ctx, func(ctx context.Context, tx store.Tx) error { return fn(ctx, lockingTx{tx, l}) })
}

type lockingTx struct {
	store.Tx
	l *locking
}

func (t lockingTx) Lock(ctx context.Context, ids ...account.ID) ([]account.Balance, error) {
	t.l.locked += len(ids)
	return t.Tx.Lock(ctx, ids...)
}

// Charges go on without locks while a client is edited: the balance is locked for
// what the money rule reads, and for nothing else.
func TestEditsLockTheBalanceOnlyForWhatTheMoneyRuleReads(t *testing.T) {
	b := newBench(t)
	st := &locking{Store: b.store}
	svc := clientaccount.New(st, &clientaccount.Options{Clock: b.clock.Now, Hash: cheap})
	p, err := svc.SaveProduct(t.Context(), account.Product{Name: "Bulk", Currency: "EUR", CreditLimit: account.Some(money("5"))}, account.Actor{}, "")
	require.NoError(t, err)
	a := b.rich("acme", "10", func(a *account.Account) { a.Notes.Product, a.Core.Currency = p.ID, "EUR" })
	edit := func(pathsAndTexts ...string) func() error {
		return func() error {
			_, err := svc.Update(t.Context(), a.ID, b.get(a.ID).Revision, set(pathsAndTexts...))
			return err
		}
	}
	product := func(change func(*account.Product)) func() error {
		return func() error {
			p, err := svc.Product(t.Context(), p.ID)
			if err != nil {
				return err
			}
			change(&p)
			_, err = svc.SaveProduct(t.Context(), p, account.Actor{}, "")
			return err
		}
	}
	for _, c := range []struct {
		name  string
		do    func() error
		locks int
	}{
		{"a phone number", edit("contact.phone", "+447400123456"), 0},
		{"taken back", func() error {
			revision := b.get(a.ID).Revision
			_, err := svc.Undo(t.Context(), a.ID, revision, revision, clientaccount.Edit{Actor: olena})
			return err
		}, 0},
		{"nothing", edit(), 0},
		{"permissions and webhooks", edit("sending.smpp", "false", "webhooks.rest_state", "https://example.com/dlr"), 0},
		{"suspended", edit("status", "suspended"), 0},
		{"a password", func() error {
			_, err := svc.SetPassword(t.Context(), a.ID, b.get(a.ID).Revision, olena, "an-other-Heron-31")
			return err
		}, 0},
		{"a gateway password", func() error {
			_, _, err := svc.NewGatewayPassword(t.Context(), a.ID, b.get(a.ID).Revision, olena)
			return err
		}, 0},
		{"a creation", func() error {
			_, err := svc.Create(t.Context(), client("other"))
			return err
		}, 0},
		{"a product's name", product(func(p *account.Product) { p.Name = "Bulk 2" }), 0},
		{"prices that did not change", func() error { return svc.Reprice(t.Context(), a.ID) }, 0},
		{"a fault", func() error {
			err := edit("login", "NO", "credit.limit", "7")()
			assert.Error(t, err)
			return nil
		}, 0},
		{"the product's credit", product(func(p *account.Product) { p.CreditLimit = account.Some(money("6")) }), 1},
		{"the product's price", product(func(p *account.Product) { p.Price = account.Some(money("0.01")) }), 1},
		{"a limit", edit("credit.limit", "7"), 1},
		{"an overdraw", edit("credit.overdraw.limit", "7", "credit.overdraw.expires_at", "2026-12-01T00:00:00Z"), 1},
		{"a notification limit", edit("notification_limit", "7 money"), 1},
		{"a time zone", edit("time_zone", "Europe/Kyiv"), 1},
		{"closed", edit("status", "closed"), 1},
	} {
		st.locked = 0
		require.NoError(t, c.do(), c.name)
		assert.Equal(t, c.locks, st.locked, c.name)
	}
	b.verified()
}
