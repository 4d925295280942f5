package clientaccount_test

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/clientaccount/clientaccount"
	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/account/accounttest"
	"github.com/clientaccount/clientaccount/account/document"
	"github.com/clientaccount/clientaccount/internal/ledger"
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

// Accounts that are older than their books, as all are on a platform that begins to keep
// them, get no documents of what is past; their first statement has all of it.
func TestWhatIsPastWhenBooksBeginIsNotMade(t *testing.T) {
	b := newBench(t)
	a := account.New()
	a.ID, a.Revision, a.CreatedAt, a.UpdatedAt = accounttest.ID(9), 1, began.AddDate(-2, 0, 0), began
	a.Core.Login, a.Contact.Company, a.Mail.Email, a.Mail.DailyStatistics = "acme", "Acme", "acme@example.com", true
	a.Billing.InvoiceDays, a.Billing.SendStats, a.Billing.SendInvoices, a.Billing.ToEmail = 1<<1, true, true, true
	a.Status, a.Credit.Limit = account.StatusActive, account.Some(account.Amount("1000"))
	require.NoError(t, b.store.Update(t.Context(), func(ctx context.Context, tx store.Tx) error {
		if err := tx.PutAccount(ctx, a, 0); err != nil {
			return err
		}
		return tx.Post(ctx, store.Posting{Balance: ledger.Opened(a.ID, account.Terms{Currency: "EUR", Credit: account.Amount("1000"), Zone: "UTC"}, a.CreatedAt)})
	}))
	b.clock.Advance(-10 * 24 * time.Hour)
	var many []clientaccount.Charge
	for n := range 2500 {
		many = append(many, clientaccount.Charge{Account: a.ID, Price: account.Some(account.Amount("0.01")), Messages: 1, Reference: fmt.Sprint("old-", n)})
	}
	for _, done := range b.svc.ChargeMany(t.Context(), many) {
		require.NoError(t, done.Err)
	}
	b.clock.Advance(10 * 24 * time.Hour)
	b.update(a, "contact.skype", "acme") // it has a book by that
	b.tick(0)
	assert.Empty(t, b.documents(a.ID))
	b.do(b.svc.Charge(t.Context(), chargeOf(a.ID, "3", "new")))
	b.tick(24 * time.Hour)
	assert.Equal(t, "2026-11-24", only[document.Daily](t, b.documents(a.ID)).Day.String(), "the day on which it began is reported")
	b.tick(9 * 24 * time.Hour)
	b.tick(0)
	made := b.documents(a.ID, document.KindStatement, document.KindInvoice)
	s, i := only[document.Statement](t, made), only[document.Invoice](t, made)
	assert.Equal(t, "0 2501 -28", fmt.Sprint(s.Opening.Entry, " ", s.Closing.Entry, " ", s.Closing.Balance))
	assert.Equal(t, "2501 3", fmt.Sprint(i.FirstEntry, " ", i.Total))
	b.verified()
}

// More entries than fit into one visit are gone through by the next ones.
func TestALongLedgerIsGoneThroughInPages(t *testing.T) {
	b := newBench(t)
	a := b.billed("acme", func(a *account.Account) { a.Credit.Limit = account.Some(account.Amount("1000")) })
	for range 12 {
		var many []clientaccount.Charge
		for n := range 1000 {
			many = append(many, clientaccount.Charge{
				Account: a.ID, Price: account.Some(account.Amount("0.01")), Messages: 1, Reference: fmt.Sprint(b.clock.Now().Unix(), n),
			})
		}
		for _, done := range b.svc.ChargeMany(t.Context(), many) {
			require.NoError(t, done.Err)
		}
		b.clock.Advance(time.Hour)
	}
	b.tick(8 * 24 * time.Hour)
	b.tick(0)
	i := only[document.Invoice](t, b.documents(a.ID))
	assert.Equal(t, "1 120", fmt.Sprint(len(i.Lines), " ", i.Total))
	b.verified()
}

func TestEachDayIsReportedOnceToTheAddressForBilling(t *testing.T) {
	b := newBench(t)
	a := b.billed("acme", func(a *account.Account) { a.Mail.DailyStatistics, a.Billing.InvoiceDays = true, 0 }, func(a *account.Account) {
		a.Billing.SendInvoices = false
	})
	b.do(b.svc.Charge(t.Context(), clientaccount.Charge{Account: a.ID, Price: account.Some(account.Amount("0.05")), Messages: 3, Reference: "m"}))
	b.tick(12*time.Hour + 29*time.Minute) // 23:59 in Kyiv
	assert.Empty(t, b.documents(a.ID))
	b.tick(time.Minute)
	b.tick(0)
	d := only[document.Daily](t, b.documents(a.ID))
	assert.Equal(t, "2026-11-24 3 0.15 9.85", fmt.Sprint(d.Day, " ", d.Total.Parts, " ", d.Total.Taken, " ", d.Funds.Balance))
	require.Len(t, b.mails(d), 1)
	assert.Equal(t, "billing@example.com", b.mails(d)[0].To)

	b.tick(20 * 24 * time.Hour) // after a long stop
	b.tick(0)
	all, mailed := b.documents(a.ID), 0
	for _, d := range all {
		mailed += len(b.mails(d))
	}
	assert.Len(t, all, 21, "each day is reported")
	assert.Equal(t, 1+7, mailed, "and those of the last week are mailed")
}

// Figures of messages that the Service keeps tell destinations and states.
func TestDailyStatisticsAreOfTheMessagesThatAreKept(t *testing.T) {
	b := newBench(t)
	a := b.billed("acme", func(a *account.Account) { a.Mail.DailyStatistics = true })
	r := message("0.05")
	_, err := b.svc.Admit(t.Context(), a.ID, r, clientaccount.MessageHold{Reference: "m-1", Keep: &clientaccount.Keep{}})
	require.NoError(t, err)
	b.tick(24 * time.Hour)
	d := only[document.Daily](t, b.documents(a.ID))
	require.Len(t, d.Figures, 1)
	assert.Equal(t, int64(1), d.Total.Messages)
	assert.Equal(t, r.Channel, d.Figures[0].Channel)
}

// What a function of the host's fails to answer is asked again later, and holds up nobody else.
func TestAHostThatFailsHoldsUpThatAccountAlone(t *testing.T) {
	b := newBench(t)
	failing, asked := map[string]bool{"acme": true}, 0
	b.svc = clientaccount.New(b.store, &clientaccount.Options{Clock: b.clock.Now, Hash: cheap, Documents: clientaccount.DocumentOptions{
		Issuer: func(_ context.Context, a account.Account) (document.Issuer, error) {
			if failing[a.Core.Login] {
				asked++
				return document.Issuer{}, errors.New("no answer")
			}
			return document.Issuer{Name: "Platform Ltd"}, nil
		},
		Taxes: document.Percent("VAT", account.Amount("20")),
	}})
	acme, other := b.billed("acme"), b.billed("other")
	for _, a := range []account.Account{acme, other} {
		b.do(b.svc.Charge(t.Context(), clientaccount.Charge{Account: a.ID, Amount: account.Amount("1"), Reference: "m"}))
	}
	b.clock.Advance(7 * 24 * time.Hour)
	require.ErrorContains(t, b.svc.Tick(t.Context()), "no answer")
	assert.Empty(t, b.documents(acme.ID))
	assert.Equal(t, "1.2", only[document.Invoice](t, b.documents(other.ID)).Total.String())
	assert.Equal(t, 1, asked)
	require.NoError(t, b.svc.Tick(t.Context()), "it is not asked again at once")
	assert.Equal(t, 1, asked)
	b.clock.Advance(time.Hour)
	require.Error(t, b.svc.Tick(t.Context()))
	failing["acme"] = false
	b.tick(time.Hour)
	assert.Equal(t, "INV-2026-000002", only[document.Invoice](t, b.documents(acme.ID)).Number.Text, "no number was lost")
}

// A panic of a function of the host's is a failure of that account's documents, and of nothing else.
func TestAHostThatPanicsHoldsUpThatAccountAlone(t *testing.T) {
	b := newBench(t)
	b.svc = clientaccount.New(b.store, &clientaccount.Options{Clock: b.clock.Now, Hash: cheap, Documents: clientaccount.DocumentOptions{
		Series: func(a account.Account, _ document.Kind) string {
			if a.Core.Login == "acme" {
				panic("of acme")
			}
			return "D"
		},
	}})
	acme, other := b.billed("acme"), b.billed("other")
	b.clock.Advance(7 * 24 * time.Hour)
	err := b.svc.Tick(t.Context())
	require.ErrorContains(t, err, "panicked")
	assert.NotContains(t, err.Error(), "of acme")
	assert.Empty(t, b.documents(acme.ID))
	assert.Len(t, b.documents(other.ID), 1)
}

// Others of a series wait for a number until it is kept: so the host is asked before.
func TestTaxesAreAskedBeforeANumberIsTaken(t *testing.T) {
	b := newBench(t)
	asked := 0
	b.svc = clientaccount.New(b.store, &clientaccount.Options{Clock: b.clock.Now, Hash: cheap, Documents: clientaccount.DocumentOptions{
		Taxes: func(i document.Invoice) ([]document.Tax, error) {
			asked++
			assert.True(t, i.Number.IsZero())
			return nil, nil
		},
	}})
	_, i := b.invoiced()
	assert.Equal(t, "INV-2026-000001", i.Number.Text)
	assert.Equal(t, 1, asked)
}

// An account that is edited by a process whose clock is late is not taken for one that is older
// than documents are.
func TestAnEditByALateClockIsNoOldAccount(t *testing.T) {
	b := newBench(t)
	b.clock.Advance(time.Date(2026, 11, 30, 21, 59, 30, 0, time.UTC).Sub(b.clock.Now())) // on the last day in Kyiv
	a := b.billed("acme")
	b.do(b.svc.Charge(t.Context(), chargeOf(a.ID, "1", "m")))
	b.clock.Advance(-time.Second)
	b.update(a, "contact.skype", "acme")
	b.tick(time.Minute)
	assert.Equal(t, "1", only[document.Invoice](t, b.documents(a.ID)).Total.String())
}

// A document that is there already is no reason to pass over a period.
func TestACutIsNotPassedOverForADocumentThatIsThere(t *testing.T) {
	b := newBench(t)
	a, other := b.billed("acme"), b.billed("other")
	b.do(b.svc.Charge(t.Context(), chargeOf(a.ID, "1", "m")))
	require.NoError(t, b.store.Update(t.Context(), func(ctx context.Context, tx store.Tx) error {
		d := store.Document{ID: accounttest.ID(77), Account: a.ID, Kind: document.KindStatement, Origin: "cut:2026-12-01:statement", At: began}
		_, err := tx.(store.BillingTx).PutDocument(ctx, d)
		return err
	}))
	b.clock.Advance(7 * 24 * time.Hour)
	require.ErrorContains(t, b.svc.Tick(t.Context()), "cut:2026-12-01:statement already")
	assert.Equal(t, "ST-2026-000001", only[document.Statement](t, b.documents(other.ID)).Number.Text, "no number was lost")
	book, err := b.store.Book(t.Context(), a.ID)
	require.NoError(t, err)
	assert.Zero(t, book.Statement.Entry)
}

func TestAClosedAccountIsLeftAloneAfterItsLastStatement(t *testing.T) {
	b := newBench(t)
	a := b.billed("acme")
	b.do(b.svc.Charge(t.Context(), chargeOf(a.ID, "10", "m")))
	b.tick(24 * time.Hour)
	b.update(b.get(a.ID), "status", "closed")
	due := func() []account.ID {
		ids, err := b.store.DueBooks(t.Context(), b.clock.Now().AddDate(100, 0, 0), 10, nil)
		require.NoError(t, err)
		return ids
	}
	b.tick(time.Minute)
	assert.NotEmpty(t, due())
	b.tick(8 * 24 * time.Hour)
	b.tick(0)
	assert.Equal(t, int64(2), only[document.Statement](t, b.documents(a.ID)).Closing.Entry)
	assert.Empty(t, due())
}

// Of two cuts that were missed each is made, in its order.
func TestMissedCutsAreCaughtUp(t *testing.T) {
	b := newBench(t)
	a := b.billed("acme")
	b.do(b.svc.Charge(t.Context(), chargeOf(a.ID, "1", "november")))
	b.clock.Advance(10 * 24 * time.Hour)
	b.do(b.svc.Charge(t.Context(), chargeOf(a.ID, "2", "december")))
	b.tick(60 * 24 * time.Hour)
	var said []string
	for _, d := range b.documents(a.ID, document.KindInvoice) {
		i := d.(document.Invoice)
		said = append(said, fmt.Sprint(i.Period.First, " ", i.Total))
	}
	assert.ElementsMatch(t, []string{"2026-11-24 1", "2026-12-01 2"}, said)
	assert.Len(t, b.documents(a.ID, document.KindStatement), 3)
}

// unbilled is a store that keeps no documents.
type unbilled struct{ store.Store }

func TestAStoreThatKeepsNoDocumentsSaysSo(t *testing.T) {
	b := newBench(t)
	a := b.billed("acme")
	svc := clientaccount.New(unbilled{b.store}, &clientaccount.Options{Clock: b.clock.Now, Hash: cheap})
	require.NoError(t, svc.Tick(t.Context()))
	ctx, day := t.Context(), account.DateOf(began, time.UTC)
	var errs [6]error
	_, errs[0] = svc.Documents(ctx, store.DocumentQuery{})
	_, errs[1] = svc.Document(ctx, a.ID, a.ID)
	_, errs[2] = svc.Mails(ctx, a.ID, a.ID)
	_, errs[3] = svc.MailDocument(ctx, a.ID, a.ID, "")
	_, errs[4] = svc.Credit(ctx, clientaccount.CreditNote{Account: a.ID})
	_, errs[5] = svc.Usage(ctx, a.ID, day, day)
	for _, err := range errs {
		require.ErrorIs(t, err, clientaccount.ErrNoBilling)
	}
	b.clock.Advance(10 * 24 * time.Hour)
	require.NoError(t, b.svc.On(b.store).Tick(ctx))
	assert.Empty(t, b.documents(a.ID), "within a transaction of the host's none are made")
}
