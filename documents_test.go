package clientaccount_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/clientaccount/clientaccount"
	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/account/document"
	"github.com/clientaccount/clientaccount/store"
)

// billed makes an active client in Kyiv with 10 euro who is mailed a statement and an invoice on the
// 1st.
func (b *bench) billed(login string, adjust ...func(*account.Account)) account.Account {
	b.Helper()
	a := b.create(login, append([]func(*account.Account){sender, func(a *account.Account) {
		a.Core.TimeZone = "Europe/Kyiv"
		a.Mail = account.Mail{Email: login + "@example.com", Billing: "billing@example.com"}
		a.Billing.InvoiceDays, a.Billing.SendStats, a.Billing.SendInvoices, a.Billing.ToEmail = 1<<1, true, true, true
	}}, adjust...)...)
	b.do(b.svc.TopUp(b.Context(), topUpOf(a.ID, "10", "first")))
	return a
}

// tick moves the clock and calls Tick.
func (b *bench) tick(d time.Duration) {
	b.Helper()
	b.clock.Advance(d)
	require.NoError(b, b.svc.Tick(b.Context()))
}

// documents returns all of an account, the oldest first, decoded.
func (b *bench) documents(id account.ID, kinds ...document.Kind) (all []document.Document) {
	b.Helper()
	rows, err := b.svc.Documents(b.Context(), store.DocumentQuery{Account: id, Kinds: kinds, Limit: account.MaxPage})
	require.NoError(b, err)
	for _, row := range rows {
		d, err := b.svc.Document(b.Context(), id, row.ID)
		require.NoError(b, err)
		all = append([]document.Document{d}, all...)
	}
	return all
}

// only returns the one document of a type among others.
func only[D document.Document](t *testing.T, all []document.Document) (found D) {
	t.Helper()
	n := 0
	for _, d := range all {
		if it, ok := d.(D); ok {
			found, n = it, n+1
		}
	}
	require.Equal(t, 1, n)
	return found
}

func (b *bench) mails(of document.Document) []store.Mail {
	b.Helper()
	ms, err := b.svc.Mails(b.Context(), of.About().Account, of.About().ID)
	require.NoError(b, err)
	return ms
}

func TestAMonthEndsInAStatementAndAnInvoice(t *testing.T) {
	b := newBench(t)
	a := b.billed("acme")
	b.tick(time.Hour)
	for _, reference := range []string{"m-1", "m-2"} {
		b.do(b.svc.Charge(t.Context(), clientaccount.Charge{Account: a.ID, Price: account.Some(account.Amount("0.05")), Messages: 3, Reference: reference}))
		b.tick(24 * time.Hour)
	}
	assert.Empty(t, b.documents(a.ID))
	b.tick(7 * 24 * time.Hour)
	b.tick(0)
	made := b.documents(a.ID)
	require.Len(t, made, 2)
	s, i := only[document.Statement](t, made), only[document.Invoice](t, made)
	assert.Equal(t, "2026-11-24 2026-11-30 0 9.7", fmt.Sprint(s.Period.First, " ", s.Period.Last, " ", s.Opening.Balance, " ", s.Closing.Balance))
	assert.Len(t, s.Rows, 3, "a top-up, and charges of two days")
	assert.Equal(t, "0.3", i.Total.String())
	assert.Equal(t, "ST-2026-000001 INV-2026-000001", s.Number.Text+" "+i.Number.Text)
	for _, d := range made {
		require.Len(t, b.mails(d), 1)
		assert.Equal(t, "billing@example.com", b.mails(d)[0].To)
	}
	b.tick(31 * 24 * time.Hour)
	made = b.documents(a.ID)
	require.Len(t, made, 3, "nothing was used, so there is no invoice")
	assert.Equal(t, s.Closing, made[2].(document.Statement).Opening)
}
