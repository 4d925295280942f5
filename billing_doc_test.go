package clientaccount_test

import (
	"cmp"
	"context"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/clientaccount/clientaccount"
	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/account/document"
)

// chapter is what happens in the month of docs/billing.md, on Kyiv's clock.
type chapter struct {
	at   string // "03 10:00", of November, or "D01 00:10" of December
	what string
	do   func(b *bench, id account.ID) error
}

func used(reference, price string, messages int64) func(*bench, account.ID) error {
	return func(b *bench, id account.ID) error {
		_, err := b.svc.Charge(b.Context(), clientaccount.Charge{
			Account: id, Price: account.Some(decimal.RequireFromString(price)), Messages: messages, Reference: reference,
		})
		return err
	}
}

func paid(reference, amount string) func(*bench, account.ID) error {
	return func(b *bench, id account.ID) error {
		_, err := b.svc.TopUp(b.Context(), clientaccount.TopUp{Account: id, Amount: decimal.RequireFromString(amount), Reference: reference})
		return err
	}
}

func gaveBack(of int64, amount string) func(*bench, account.ID) error {
	return func(b *bench, id account.ID) error {
		_, err := b.svc.Refund(b.Context(), clientaccount.Refund{Account: id, Of: of, Amount: decimal.RequireFromString(amount), Reference: "ticket-1"})
		return err
	}
}

// creditOne takes 200 messages of the first line of the second invoice back.
func creditOne(b *bench, id account.ID) error {
	invoices := b.documents(id, document.KindInvoice)
	_, err := b.svc.Credit(b.Context(), clientaccount.CreditNote{
		Account: id, Invoice: invoices[1].About().ID, Takes: []document.Take{{Line: 1, Messages: 200}}, Reason: "Sent twice by us", Reference: "ticket-2",
	})
	return err
}

func changes(pathsAndTexts ...string) func(*bench, account.ID) error {
	return func(b *bench, id account.ID) error {
		a, err := b.svc.Get(b.Context(), id)
		if err != nil {
			return err
		}
		_, err = b.svc.Update(b.Context(), id, a.Revision, set(pathsAndTexts...))
		return err
	}
}

var billedMonth = []chapter{
	{"02 11:00", "500 paid", paid("bank-1", "500")},
	{"03 10:00", "4,000 parts at 0.045", used("campaign-1", "0.045", 4000)},
	{"09 16:30", "2,501 parts at 0.0333", used("campaign-2", "0.0333", 2501)},
	{"10 09:15", "1.35 of it given back", gaveBack(3, "1.35")},
	{"16 12:00", "6,000 parts at 0.045", used("campaign-3", "0.045", 6000)},
	{"20 10:00", "300 paid", paid("bank-2", "300")},
	{"22 15:00", "another address for billing", changes("mail.billing", "finance@acme.example")},
	{"30 23:50", "100 parts at 0.045", used("night-1", "0.045", 100)},
	{"D01 00:10", "100 parts at 0.045", used("night-2", "0.045", 100)},
	{"D02 10:00", "200 parts of the second invoice taken back", creditOne},
}

// kyiv returns the instant of a chapter.
func kyiv(t *testing.T, at string) time.Time {
	t.Helper()
	month := time.November
	if rest, is := strings.CutPrefix(at, "D"); is {
		at, month = rest, time.December
	}
	day, err := time.ParseInLocation("02 15:04", at, time.UTC)
	require.NoError(t, err)
	zone, err := time.LoadLocation("Europe/Kyiv")
	require.NoError(t, err)
	return time.Date(2026, month, day.Day(), day.Hour(), day.Minute(), 0, 0, zone)
}

// newMonth is a platform and a client of it, on the day before the month of docs/billing.md.
func newMonth(t *testing.T) (*bench, account.Account) {
	t.Helper()
	b := newBench(t)
	b.clock.Advance(kyiv(t, "01 00:00").Add(-12 * time.Hour).Sub(b.clock.Now()))
	b.svc = clientaccount.New(b.store, &clientaccount.Options{Clock: b.clock.Now, Hash: cheap, Documents: clientaccount.DocumentOptions{
		Issuer: func(context.Context, account.Account) (document.Issuer, error) {
			return document.Issuer{Name: "Platform Ltd"}, nil
		},
		Taxes: document.Percent("VAT", decimal.NewFromInt(20)),
	}})
	a := b.create("acme", sender, func(a *account.Account) {
		a.Core.TimeZone, a.Contact.Company = "Europe/Kyiv", "Acme Ltd"
		a.Mail = account.Mail{Email: "ops@acme.example", Billing: "billing@acme.example", DailyStatistics: true}
		a.Credit.Limit = account.Some(account.Amount("100"))
	})
	require.NoError(t, changes("billing.invoice_days", "1,15", "billing.send_stats", "true", "billing.send_invoices", "true",
		"billing.to_email", "true", "notification_limit", "50 money")(b, a.ID))
	return b, a
}

// live lets the month pass, with a Tick every ten minutes.
func live(b *bench, id account.ID, until time.Time) {
	b.Helper()
	next := 0
	for !b.clock.Now().After(until) {
		for next < len(billedMonth) && !b.clock.Now().Before(kyiv(b.T, billedMonth[next].at)) {
			require.NoError(b, billedMonth[next].do(b, id), billedMonth[next].what)
			next++
		}
		b.tick(0)
		b.clock.Advance(10 * time.Minute)
	}
	require.Len(b, billedMonth, next)
}

// Every figure of docs/billing.md is what the Service makes of that month.
func TestTheMonthInTheDocsIsWhatIsMade(t *testing.T) {
	b, a := newMonth(t)
	live(b, a.ID, kyiv(t, "D02 12:00"))
	b.verified()
	made := b.documents(a.ID)
	slices.SortStableFunc(made, func(x, y document.Document) int { // statements before the invoices of their cut
		return cmp.Or(x.About().At.Compare(y.About().At), cmp.Compare(y.Kind(), x.Kind()))
	})
	text, err := os.ReadFile("docs/billing.md")
	require.NoError(t, err)
	for name, table := range map[string]string{
		"what happened": happened(), "what was made": b.madeTable(made), "the first invoice": invoiceTable(t, made, 0),
		"the second invoice": invoiceTable(t, made, 1), "the statements": b.statementTable(made, a.ID), "the credit note": creditTable(made),
	} {
		assert.Contains(t, string(text), table, "%s is now:\n%s", name, table)
	}
}

func happened() string {
	var w strings.Builder
	for _, c := range billedMonth {
		month := " November, "
		day, clock, _ := strings.Cut(c.at, " ")
		if rest, is := strings.CutPrefix(day, "D"); is {
			day, month = rest, " December, "
		}
		fmt.Fprintf(&w, "| %s%s%s | %s |\n", strings.TrimLeft(day, "0"), month, clock, c.what)
	}
	return w.String()
}

// madeTable is of all documents but daily statistics, and one row of these.
func (b *bench) madeTable(made []document.Document) string {
	var w strings.Builder
	dailies := 0
	for _, d := range made {
		what := ""
		switch d := d.(type) {
		case document.Daily:
			dailies++
			continue
		case document.Statement:
			what = fmt.Sprintf("statement %s of %s to %s", d.Number.Text, d.Period.First, d.Period.Last)
		case document.Invoice:
			what = fmt.Sprintf("invoice %s of %s to %s, %s EUR", d.Number.Text, d.Period.First, d.Period.Last, d.Total.StringFixed(2))
		case document.CreditNote:
			what = fmt.Sprintf("credit note %s of %s, %s EUR", d.Number.Text, d.Invoice.Number.Text, d.Total.StringFixed(2))
		case document.Notice:
			what = "notice " + string(d.Event)
		default:
			what = string(d.Kind())
		}
		zone, _ := time.LoadLocation(d.About().Zone)
		var to []string
		for _, m := range b.mails(d) {
			to = append(to, m.To)
		}
		fmt.Fprintf(&w, "| %s | %s | %s |\n", d.About().At.In(zone).Format("2 January, 15:04"), what, strings.Join(to, ", "))
	}
	fmt.Fprintf(&w, "| every midnight | %d daily statistics | the address for billing |\n", dailies)
	return w.String()
}

func priceOf(l document.Line) decimal.Decimal {
	price, _ := l.Price.Get()
	return price
}

func invoiceTable(t *testing.T, made []document.Document, n int) string {
	t.Helper()
	var invoices []document.Invoice
	for _, d := range made {
		if i, is := d.(document.Invoice); is {
			invoices = append(invoices, i)
		}
	}
	require.Len(t, invoices, 2)
	i := invoices[n]
	var w strings.Builder
	for _, l := range i.Lines {
		what := fmt.Sprintf("%d parts at %s", l.Messages, priceOf(l))
		if l.Refund != document.RefundNone {
			what = "given back"
		}
		fmt.Fprintf(&w, "| %s | %s |\n", what, l.Amount)
	}
	fmt.Fprintf(&w, "| subtotal | %s |\n| rounding | %s |\n| net | %s |\n| VAT 20 %% | %s |\n| **total** | **%s** |\n",
		i.Subtotal, i.Rounding, i.Net.StringFixed(2), i.Taxes[0].Amount.StringFixed(2), i.Total.StringFixed(2))
	return w.String()
}

// statementTable is of all statements, and what moved since.
func (b *bench) statementTable(made []document.Document, id account.ID) string {
	var w strings.Builder
	sum := decimal.Zero
	for _, d := range made {
		s, is := d.(document.Statement)
		if !is {
			continue
		}
		moved, _ := s.Moved()
		sum = sum.Add(moved)
		fmt.Fprintf(&w, "| %s | %s to %s | %d to %d | %s | %s | %s |\n", s.Number.Text, s.Period.First, s.Period.Last,
			s.Opening.Entry+1, s.Closing.Entry, s.Opening.Balance, moved, s.Closing.Balance)
	}
	standing, err := b.svc.Balance(b.Context(), id)
	require.NoError(b, err)
	fmt.Fprintf(&w, "| since then | | | %s | %s | %s |\n", sum, standing.Amount.Sub(sum), standing.Amount)
	return w.String()
}

func creditTable(made []document.Document) string {
	i := slices.IndexFunc(made, func(d document.Document) bool { return d.Kind() == document.KindCreditNote })
	n := made[i].(document.CreditNote)
	return fmt.Sprintf("| %d parts at %s | %s |\n| net | %s |\n| VAT 20 %% | %s |\n| **total** | **%s** |\n",
		n.Lines[0].Messages, priceOf(n.Lines[0].Line), n.Lines[0].Amount, n.Net.StringFixed(2), n.Taxes[0].Amount.StringFixed(2), n.Total.StringFixed(2))
}
