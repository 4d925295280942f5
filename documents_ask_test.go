package clientaccount_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/clientaccount/clientaccount"
	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/account/document"
	"github.com/clientaccount/clientaccount/store"
)

// invoiced is a client with an invoice of 100 messages at 0.05 and 10 at 0.1.
func (b *bench) invoiced() (account.Account, document.Invoice) {
	b.Helper()
	a := b.billed("acme")
	for reference, messages := range map[string]int64{"0.05": 100, "0.1": 10} {
		b.do(b.svc.Charge(b.Context(), clientaccount.Charge{
			Account: a.ID, Price: account.Some(decimal.RequireFromString(reference)), Messages: messages, Reference: reference,
		}))
	}
	b.tick(10 * 24 * time.Hour)
	return a, only[document.Invoice](b.T, b.documents(a.ID))
}

func TestADocumentIsMailedAgain(t *testing.T) {
	b := newBench(t)
	a, i := b.invoiced()
	ctx := t.Context()
	first := b.mails(i)[0]
	again, err := b.svc.MailDocument(ctx, a.ID, i.ID, "")
	require.NoError(t, err)
	assert.Equal(t, first.ID, again.ID, "to the same address it is the same mail")
	fixed, err := b.svc.MailDocument(ctx, a.ID, i.ID, " boss@example.com ")
	require.NoError(t, err)
	assert.Equal(t, "boss@example.com "+string(store.MailFixed), fixed.To+" "+string(fixed.Role))
	same, err := b.svc.MailDocument(ctx, a.ID, i.ID, "boss@example.com")
	require.NoError(t, err)
	assert.Equal(t, fixed.ID, same.ID)
	b.update(b.get(a.ID), "mail.billing", "other@example.com")
	moved, err := b.svc.MailDocument(ctx, a.ID, i.ID, "")
	require.NoError(t, err)
	assert.Equal(t, first.ID, moved.ID, "a mail of a role goes where the client's address is")
	old, err := b.svc.MailDocument(ctx, a.ID, i.ID, "billing@example.com")
	require.NoError(t, err)
	assert.NotEqual(t, first.ID, old.ID)
	assert.Len(t, b.mails(i), 3)

	_, err = b.svc.MailDocument(ctx, a.ID, i.ID, "nobody")
	assert.Equal(t, []string{"to email.format"}, faults(err))
	_, err = b.svc.MailDocument(ctx, a.ID, a.ID, "")
	require.ErrorIs(t, err, account.ErrNotFound)
	b.update(b.get(a.ID), "mail.billing", "", "mail.email", "", "billing.to_email", "false")
	_, err = b.svc.MailDocument(ctx, a.ID, i.ID, "")
	assert.Equal(t, []string{"to document.address"}, faults(err))
}

func TestAnInvoiceIsTakenBack(t *testing.T) {
	b := newBench(t)
	a, i := b.invoiced()
	ctx := t.Context()
	c := clientaccount.CreditNote{
		Account: a.ID, Invoice: i.ID, Takes: []document.Take{{Line: 1, Messages: 20}}, Reason: "Twenty were late", Reference: "case-1", Actor: olena,
	}
	n, err := b.svc.Credit(ctx, c)
	require.NoError(t, err)
	assert.Equal(t, "CN-2026-000001 1 INV-2026-000001", n.Number.Text+" "+n.Total.String()+" "+n.Invoice.Number.Text)
	require.Len(t, b.mails(n), 1)
	assert.Contains(t, b.log.String(), olena.ID)
	whole := clientaccount.CreditNote{Account: a.ID, Invoice: i.ID, Reason: "All of it", Reference: "case-2"}
	rest, err := b.svc.Credit(ctx, whole)
	require.NoError(t, err)
	assert.Equal(t, "5", rest.Total.String())
	for _, asked := range []clientaccount.CreditNote{c, whole} {
		again, err := b.svc.Credit(ctx, asked)
		require.NoError(t, err)
		assert.Equal(t, asked.Reason, again.Reason)
	}
	assert.Len(t, b.documents(a.ID, document.KindCreditNote), 2)

	for _, change := range []func(*clientaccount.CreditNote){
		func(c *clientaccount.CreditNote) { c.Reason = "Another" },
		func(c *clientaccount.CreditNote) { c.Takes = []document.Take{{Line: 1, Messages: 21}} },
		func(c *clientaccount.CreditNote) { c.Takes = nil },
	} {
		other := c
		change(&other)
		_, err = b.svc.Credit(ctx, other)
		require.ErrorIs(t, err, account.ErrReused)
	}
	whole.Reference = "case-3"
	_, err = b.svc.Credit(ctx, whole)
	require.ErrorIs(t, err, document.ErrCredited)
	c.Invoice, c.Reference = n.ID, "case-4"
	_, err = b.svc.Credit(ctx, c)
	require.ErrorIs(t, err, account.ErrNotFound, "a credit note is no invoice")
	_, err = b.svc.Credit(ctx, clientaccount.CreditNote{Account: a.ID, Invoice: i.ID})
	assert.Equal(t, []string{"reference idempotency.required", "reason reason.required"}, faults(err))
	_, err = b.svc.Credit(ctx, clientaccount.CreditNote{Account: a.ID, Invoice: i.ID, Reason: "x", Reference: string(make([]byte, 250))})
	assert.Equal(t, []string{"reference idempotency.chars"}, faults(err))
	next, err := b.svc.Credit(ctx, clientaccount.CreditNote{Account: a.ID, Invoice: i.ID, Reason: "x", Reference: "case-5", Takes: []document.Take{{Line: 9}}})
	assert.Equal(t, []string{"lines.0.line credit_note.line"}, faults(err), "%v", next)
}

// No credit note is issued before its invoice, or before an earlier one, where clocks are set back.
func TestCreditNotesAreIssuedInTheirOrder(t *testing.T) {
	b := newBench(t)
	a, i := b.invoiced()
	for n := range 2 {
		b.clock.Advance(-30 * 24 * time.Hour)
		c, err := b.svc.Credit(t.Context(), clientaccount.CreditNote{
			Account: a.ID, Invoice: i.ID, Takes: []document.Take{{Line: 1, Messages: 1}}, Reason: "Late", Reference: fmt.Sprint("case-", n),
		})
		require.NoError(t, err)
		assert.True(t, c.At.After(i.At))
		assert.Equal(t, i.Issued, c.Issued)
	}
	assert.Len(t, b.documents(a.ID, document.KindCreditNote), 2)
}

func TestUsageIsOfWhatIsKeptAndWhatIsNotYet(t *testing.T) {
	b := newBench(t)
	a := b.billed("acme")
	charge := func(reference string) {
		b.do(b.svc.Charge(t.Context(), clientaccount.Charge{Account: a.ID, Price: account.Some(account.Amount("0.5")), Messages: 2, Reference: reference}))
	}
	usage := func(first, last int) clientaccount.Usage {
		u, err := b.svc.Usage(t.Context(), a.ID, account.Date{Year: 2026, Month: 11, Day: first}, account.Date{Year: 2026, Month: 11, Day: last})
		require.NoError(t, err)
		return u
	}
	charge("m-1")
	assert.Zero(t, usage(1, 30).RunsOut, "there is no whole day yet")
	b.tick(24 * time.Hour)
	charge("m-2")
	b.do(b.svc.Refund(t.Context(), clientaccount.Refund{Account: a.ID, OfReference: "m-1", Amount: account.Amount("0.25"), Reference: "r"}))
	b.clock.Advance(24 * time.Hour)
	charge("m-3")
	u := usage(24, 25)
	assert.Equal(t, "[{2026-11-24 2 1 0} {2026-11-25 2 1 0.25}] 5 true", fmt.Sprint(u.Days, " ", u.Through, " ", u.Complete))
	assert.Equal(t, "0.875", u.PerDay.String(), "two whole days")
	assert.Equal(t, 198*time.Hour+51*time.Minute+26*time.Second, u.RunsOut.Sub(b.clock.Now()), "7.25 at that rate")
	assert.Len(t, usage(26, 30).Days, 1)
	kept, err := b.svc.Rate(t.Context(), a.ID)
	require.NoError(t, err)
	assert.Equal(t, "0.5", kept.PerDay.String(), "as far as it is kept")
	b.tick(0)
	kept, err = b.svc.Rate(t.Context(), a.ID)
	require.NoError(t, err)
	assert.Equal(t, u.Rate, kept)

	for _, days := range [][2]account.Date{{}, {{Year: 2026, Month: 1, Day: 2}, {Year: 2026, Month: 1, Day: 1}}, {{Year: 2025, Month: 1, Day: 1}, {Year: 2026, Month: 1, Day: 2}}} {
		_, err := b.svc.Usage(t.Context(), a.ID, days[0], days[1])
		assert.Equal(t, []string{"last dates.range"}, faults(err))
	}
	_, err = b.svc.Usage(t.Context(), account.ID{1}, account.Date{Year: 2026, Month: 1, Day: 1}, account.Date{Year: 2026, Month: 12, Day: 31})
	require.ErrorIs(t, err, account.ErrNotFound)
}

func TestQuestionsForDocumentsAreChecked(t *testing.T) {
	b := newBench(t)
	_, err := b.svc.Documents(t.Context(), store.DocumentQuery{Limit: -1, Kinds: []document.Kind{"letter"}, Mailed: "lost"})
	assert.Equal(t, []string{"limit limit.range", "kind document.kind", "mailed document.mailed"}, faults(err))
	none, err := b.svc.Documents(t.Context(), store.DocumentQuery{Number: "\x00"})
	require.NoError(t, err)
	assert.Empty(t, none)
	_, err = b.svc.Document(t.Context(), account.ID{1}, account.ID{2})
	require.ErrorIs(t, err, account.ErrNotFound)
}

// What is kept is held against the ledger, and statements against each other.
func TestVerifyFindsUsageThatIsNotTheLedgers(t *testing.T) {
	b := newBench(t)
	a, _ := b.invoiced()
	b.verified()
	b.spoil(func(tx store.BillingTx) error {
		rows, err := tx.Usage(t.Context(), store.UsageQuery{Account: a.ID})
		require.NoError(t, err)
		row := rows[0].UsageRow
		row.Messages++
		return tx.PutUsage(t.Context(), a.ID, rows[0].Period, []document.UsageRow{row})
	})
	var codes []string
	for f, err := range b.svc.Verify(t.Context(), a.ID) {
		require.NoError(t, err)
		codes = append(codes, f.Code)
	}
	assert.Contains(t, codes, "usage")
	assert.NotContains(t, codes, "sum")
}

func TestVerifyFindsAStatementThatDoesNotFollow(t *testing.T) {
	b := newBench(t)
	a, _ := b.invoiced()
	s := only[document.Statement](t, b.documents(a.ID))
	s.ID, s.Number.Text = account.ID{7}, "ST-x"
	s.Period.To = s.Period.To.AddDate(0, 1, 0)
	text, err := document.Encode(s)
	require.NoError(t, err)
	b.spoil(func(tx store.BillingTx) error {
		_, err := tx.PutDocument(t.Context(), store.Document{
			ID: s.ID, Account: a.ID, Kind: s.Kind(), Origin: "copy", Number: "ST-x", At: s.At, Issued: s.Issued, Currency: s.Currency, Text: text,
		})
		return err
	})
	for f, err := range b.svc.Verify(t.Context(), a.ID) {
		require.NoError(t, err)
		assert.Equal(t, "statement", f.Code)
		return
	}
	assert.Fail(t, "it found nothing")
}

// spoil writes past the Service.
func (b *bench) spoil(write func(tx store.BillingTx) error) {
	b.Helper()
	require.NoError(b, b.store.Update(b.Context(), func(_ context.Context, tx store.Tx) error { return write(tx.(store.BillingTx)) }))
}
