package adminhttp_test

import (
	"context"
	"testing"
	"time"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"

	"github.com/clientaccount/clientaccount"
	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/account/accounttest"
	"github.com/clientaccount/clientaccount/account/document"
	"github.com/clientaccount/clientaccount/adminhttp"
	"github.com/clientaccount/clientaccount/mail"
	"github.com/clientaccount/clientaccount/store"
	"github.com/clientaccount/clientaccount/store/memstore"
)

// papers is a Service that makes documents, with a clock that tests set.
type papers struct {
	testing.TB
	store *memstore.Store
	svc   *clientaccount.Service
	at    time.Time
}

func newPapers(tb testing.TB) *papers {
	tb.Helper()
	p := &papers{TB: tb, store: memstore.New(), at: time.Date(2026, 11, 28, 8, 0, 0, 0, time.UTC)}
	p.svc = clientaccount.New(p.store, &clientaccount.Options{
		Clock: func() time.Time { return p.at }, Hash: clientaccount.HashCost{MemoryKiB: 64, Iterations: 1, Parallelism: 1},
		Documents: clientaccount.DocumentOptions{
			Issuer: func(context.Context, account.Account) (document.Issuer, error) {
				return document.Issuer{Name: "Example SMS Ltd", Address: []string{"1 Tower Street"}, Notes: []string{"IBAN GB00 0000"}}, nil
			},
			Taxes: document.Percent("VAT", decimal.NewFromInt(20)),
		},
	})
	return p
}

// billed makes a client to whom everything is mailed.
func billed(a *account.Account) {
	a.Status, a.Core.TimeZone, a.Core.Currency = account.StatusActive, "Europe/Kyiv", "EUR"
	a.Contact.FirstName, a.Contact.LastName, a.Contact.Credential, a.Contact.Contract = "Ann", "Lee", "12345678", "C-"+a.Core.Login
	a.Contact.Country, a.Mail.Email, a.Mail.Billing = "UA", "office@acme.example", "bills@acme.example"
	a.Mail.DailyStatistics, a.Mail.PriceFormat = true, account.PriceCSV
	a.Billing = account.Billing{Enterprise: account.EnterpriseCompany, InvoiceDays: account.MonthDays(1 << 1), SendStats: true, SendInvoices: true, ToEmail: true}
}

// month lets a client use something in November, and has its documents made on the first day of
// December: statistics, a statement and an invoice of 1,000 messages at 0.0312 and 10 at 0.10.
func (p *papers) month(id account.ID) {
	p.Helper()
	ctx := p.Context()
	_, err := p.svc.TopUp(ctx, clientaccount.TopUp{Account: id, Amount: decimal.NewFromInt(100), Reference: "paid"})
	require.NoError(p, err)
	for name, price := range map[string]struct {
		price    string
		messages int64
	}{"many": {"0.0312", 1000}, "few": {"0.10", 10}} {
		_, err = p.svc.Charge(ctx, clientaccount.Charge{
			Account: id, Price: account.Some(decimal.RequireFromString(price.price)), Messages: price.messages, Reference: name,
		})
		require.NoError(p, err)
	}
	p.until(time.Date(2026, 12, 1, 6, 0, 0, 0, time.UTC))
}

// until lets time pass to an instant, and what follows from it.
func (p *papers) until(at time.Time) {
	p.Helper()
	p.at = at
	for range 3 {
		require.NoError(p, p.svc.Tick(p.Context()))
	}
}

// of returns the ids of a client's documents of a kind, the newest first.
func (p *papers) of(id account.ID, kind document.Kind) (ids []account.ID) {
	p.Helper()
	found, err := p.svc.Documents(p.Context(), store.DocumentQuery{Account: id, Kinds: []document.Kind{kind}})
	require.NoError(p, err)
	for _, d := range found {
		ids = append(ids, d.ID)
	}
	return ids
}

// invoice returns the id of a client's only one.
func (p *papers) invoice(id account.ID) account.ID {
	p.Helper()
	ids := p.of(id, document.KindInvoice)
	require.Len(p, ids, 1)
	return ids[0]
}

// carry has all mails that are due tried: what comes of each is by the document's kind.
func (p *papers) carry(by map[document.Kind]store.MailTry) {
	p.Helper()
	owner := accounttest.ID(99)
	claimed, err := p.store.ClaimMails(p.Context(), store.MailClaim{Owner: owner, Now: p.at, Until: p.at.Add(time.Minute), Limit: 100, Each: 100})
	require.NoError(p, err)
	var results []store.MailResult
	for _, m := range claimed {
		r := store.MailResult{ID: m.ID, To: m.Address, State: store.MailSent, Tries: m.Tries + 1, Last: store.MailTry{At: p.at, Code: mail.CodeSent, Said: "250 2.0.0 queued"}}
		if try, fails := by[m.Document.Kind]; fails {
			r.State, r.Last = store.MailFailed, try
		}
		results = append(results, r)
	}
	_, err = p.store.RecordMails(p.Context(), owner, results)
	require.NoError(p, err)
}

// composer writes previews.
func composer(tb testing.TB) *mail.Composer {
	tb.Helper()
	templates, err := mail.NewTemplates(mail.TemplateOptions{})
	require.NoError(tb, err)
	from, err := mail.NewAddress("Example SMS", "billing@example.net")
	require.NoError(tb, err)
	return &mail.Composer{Templates: templates, Platform: "Example SMS", From: from, Domain: "example.net"}
}

// withMail is a Config with previews.
func withMail(tb testing.TB) func(*adminhttp.Config) {
	return func(c *adminhttp.Config) { c.Mail = composer(tb) }
}

// said550 is a failed try, in which the far end repeats the address.
var said550 = store.MailTry{At: time.Date(2026, 12, 1, 6, 0, 0, 0, time.UTC), Code: "to", Said: "550 5.1.1 bills@acme.example: no such user"}

func documentsPath(a account.ID) string { return "clients/" + a.String() + "/documents" }

func documentPath(a, d account.ID) string { return documentsPath(a) + "/" + d.String() }

// putInvoice keeps an invoice of a client, as if one had been made.
func putInvoice(tb testing.TB, st *memstore.Store, a account.Account) account.ID {
	tb.Helper()
	amount, day := decimal.NewFromInt(10), account.Date{Year: 2026, Month: 11, Day: 23}
	i := document.Invoice{
		Head: document.Head{
			ID: accounttest.ID(500), Account: a.ID, Number: document.NewNumber("INV", 2026, 1, nil), Issued: day, At: accounttest.Now(), Zone: "UTC", Language: "en",
			Currency: a.Core.Currency, Digits: 2, Customer: document.CustomerOf(a),
		},
		Period:     document.Period{First: day, Last: day},
		FirstEntry: 1, Lines: []document.Line{{Price: document.NewUnitPrice(amount, 100), Messages: 100, Amount: amount}},
		Totals: document.Totals{Subtotal: amount, Net: amount, Total: amount},
	}
	text, err := document.Encode(i)
	require.NoError(tb, err)
	require.NoError(tb, st.Update(tb.Context(), func(ctx context.Context, tx store.Tx) error {
		_, err := tx.(store.BillingTx).PutDocument(ctx, store.Document{
			ID: i.ID, Account: a.ID, Kind: i.Kind(), Origin: "put", Number: i.Number.Text, At: i.At, Issued: day, First: day, Last: day,
			Total: account.Some(amount), Currency: i.Currency, Text: text,
		})
		return err
	}))
	return i.ID
}
