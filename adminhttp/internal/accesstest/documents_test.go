package accesstest_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/assert"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/account/accounttest"
	"github.com/clientaccount/clientaccount/account/document"
	"github.com/clientaccount/clientaccount/account/message"
	"github.com/clientaccount/clientaccount/account/price"
	"github.com/clientaccount/clientaccount/adminhttp"
	"github.com/clientaccount/clientaccount/adminhttp/internal/access"
	"github.com/clientaccount/clientaccount/mail"
	"github.com/clientaccount/clientaccount/store"
)

// filed are the clients that have documents, and where the ids of theirs begin.
var filed = map[string]int{"main": 1000, "spends": 2000, "outside": 3000}

// documents puts one of each kind, and a notice of each event, as they would be made of the clients
// as they are, each with a mail that failed.
func (w *world) documents() {
	w.Helper()
	for _, key := range []string{"main", "spends", "outside"} {
		a, err := w.store.Account(w.Context(), w.ids[key])
		w.must(err)
		w.must(w.store.Update(w.Context(), func(ctx context.Context, tx store.Tx) error {
			for n, d := range documentsOf(w, key, a) {
				if err := w.putDocument(ctx, tx.(store.BillingTx), a, d, fmt.Sprint("planted:", n)); err != nil {
					return err
				}
			}
			return nil
		}))
	}
}

func (w *world) putDocument(ctx context.Context, tx store.BillingTx, a account.Account, d document.Document, origin string) error {
	head := d.About()
	text, err := document.Encode(d)
	if err != nil {
		return err
	}
	kept := store.Document{
		ID: head.ID, Account: a.ID, Kind: d.Kind(), Origin: origin, Number: head.Number.Text, At: head.At, Issued: head.Issued, Currency: head.Currency, Text: text,
	}
	switch d := d.(type) {
	case document.Invoice:
		kept.First, kept.Last, kept.Total = d.Period.First, d.Period.Last, account.Some(d.Total)
	case document.CreditNote:
		kept.Of, kept.Total = d.Invoice.ID, account.Some(d.Total)
	}
	if _, err := tx.PutDocument(ctx, kept); err != nil {
		return err
	}
	role, to := store.MailMain, a.Mail.Email
	if d.Kind() != document.KindNotice {
		role, to = store.MailBilling, a.Mail.ForBilling()
	}
	m := store.Mail{
		ID: accounttest.ID(int(head.ID[15]) + int(head.ID[14])<<8 + 10_000), Account: a.ID, Document: head.ID, Role: role, To: to, State: store.MailFailed, MadeAt: head.At, DueAt: head.At, Tries: 1,
		Last: store.MailTry{At: head.At, Code: "to", Said: "550 " + to + ": no such user"},
	}
	return tx.PutMails(ctx, m)
}

// documentsOf returns them, the invoice first.
func documentsOf(w *world, key string, a account.Account) (all []document.Document) {
	reason, amount, of := "Reasonofdocument", decimal.RequireFromString("76543.21"), decimal.New(777, -4)
	if key == "outside" {
		reason, amount = w.out.reason, decimal.RequireFromString(w.out.amount)
		of = amount
	}
	head := func(series string) document.Head {
		n := filed[key] + len(all) + 1
		h := document.Head{
			ID: accounttest.ID(n), Account: a.ID, Issued: account.Date{Year: 2026, Month: 11, Day: 23}, At: accounttest.Now(), Zone: a.Core.TimeZone, Language: "en",
			Currency: a.Core.Currency, Digits: 2, Customer: document.CustomerOf(a), Issuer: document.Issuer{Name: "Platform"},
		}
		if m, err := w.svc.Manager(w.Context(), a.Core.Manager); err == nil {
			h.Manager = document.Contact{Name: m.Name, Email: m.Email}
		}
		if series != "" {
			h.Number = document.NewNumber(series, 2026, int64(n), nil)
		}
		return h
	}
	week := document.Period{
		Window: account.Window{From: accounttest.Now().AddDate(0, 0, -7), To: accounttest.Now()},
		First:  account.Date{Year: 2026, Month: 11, Day: 16}, Last: account.Date{Year: 2026, Month: 11, Day: 22},
	}
	invoice := document.Invoice{
		Head: head("INV"), Period: week, FirstEntry: 1, Lines: []document.Line{{Price: document.NewUnitPrice(amount, 1), Messages: 1, Amount: amount}},
		Totals: document.Totals{Subtotal: amount, Net: amount, Total: amount},
	}
	all = append(all, invoice)
	note, err := invoice.Credit(head("CN"), reason, nil, document.Take{Line: 1, Amount: decimal.NewFromInt(1)})
	w.must(err)
	all = append(all, note)
	funds := document.Funds{Balance: amount, Available: amount, Limit: a.Core.NotificationLimit, Messages: account.Some(decimal.NewFromInt(7654321)), UntilLimit: account.Some(decimal.NewFromInt(4))}
	all = append(all, document.Statement{Head: head("ST"), Period: week, Opening: document.Mark{Balance: amount}, Closing: document.Mark{Balance: amount}})
	all = append(all, document.Daily{Head: head(""), Day: week.Last, Period: week.Window, Funds: funds, Total: message.Figures{}})
	update, err := document.NewPriceUpdate(head(""), account.PriceCSV, []price.Change{{Network: price.Network{MCC: "255", MNC: "01"}, From: accounttest.Now(), After: account.Some(of)}}, price.Names{})
	w.must(err)
	all = append(all, update)
	for _, event := range document.NoticeEvents() {
		n := document.NewNotice(head(""), event)
		switch event {
		case document.NoticeHookOff, document.NoticeHookOn:
			n.Hook = account.HookRESTState
		case document.NoticePasswordChanged:
			n.Field = "password"
		case document.NoticeEmailChanged:
			n.Field, n.Old, n.New = "mail.billing", a.Mail.Billing, a.Mail.Billing
		case document.NoticeStatusChanged:
			n.Field, n.Old, n.New = "status", string(a.Status), string(a.Status)
		default:
			n.Funds, n.Overdraw, n.Ends = funds, a.Credit.Overdraw.Limit, a.Credit.Overdraw.ExpiresAt
		}
		all = append(all, n)
	}
	return all
}

// documentID returns the nth document of a client, of which some have none.
func documentID(client string, n int) string { return accounttest.ID(filed[client] + n).String() }

// documentAsks are the routes of documents and what they come to.
func (w *world) documentAsks(client string, at asking, query func(route, query string)) {
	for _, q := range []string{"", "kind=invoice", "mailed=failed", "number=INV", "from=2026-11-20&to=2026-11-24"} {
		query("GET documents", q)
		query("GET clients/{id}/documents", q)
		if q != "mailed=failed" { // which is no parameter for who may not be told of mails
			query("GET api/documents", q)
			query("GET api/clients/{id}/documents", q)
		}
	}
	for n := 1; n <= 5+len(document.NoticeEvents()); n++ {
		for _, route := range []string{"GET clients/{id}/documents/{document}", "GET api/clients/{id}/documents/{document}"} {
			at(strings.Replace(route, "{document}", documentID(client, n), 1), "", "")
		}
	}
	for _, prefix := range []string{"GET clients/{id}/documents/{document}", "GET api/clients/{id}/documents/{document}"} {
		at(prefix, "", "")
		for _, format := range []string{"html", "csv"} {
			at(prefix+"/files/"+format, "", "")
		}
		at(prefix+"/files/{format}", "", "")
	}
	at("GET api/clients/{id}/documents/{document}/mails", "", "")
	at("POST api/clients/{id}/documents/{document}/mails", "", "")
	at("POST api/clients/{id}/documents/{document}/mails", `{"to":"another@else.example"}`, "")
	at("POST api/clients/{id}/documents/{document}/credit-notes", `{"reference":"json-credit","reason":"r","lines":[{"line":1,"amount":"1"}]}`, "")
	at("POST clients/{id}/documents/{document}/mails", "", "")
	at("GET clients/{id}/documents/{document}/credit", "", "")
	for _, do := range []string{"check", "make"} {
		at("POST clients/{id}/documents/{document}/credit", form("_do", do, "what", "lines", "amount.1", "2", "reason", "r", "reference", "form-credit"), "")
	}
	at("GET clients/{id}/mail", "", "")
	for _, kind := range []string{"invoice", "price.update", "email.changed"} {
		query("GET clients/{id}/mail", "kind="+kind)
	}
	at("GET clients/{id}/mail/{mail}", "", "")
}

// composer writes previews.
// templates are parsed once for all worlds.
var templates = sync.OnceValues(func() (*mail.Templates, error) { return mail.NewTemplates(mail.TemplateOptions{}) })

func composer(w *world) *mail.Composer {
	w.Helper()
	templates, err := templates()
	w.must(err)
	from, err := mail.NewAddress("Platform", "platform@platform.example")
	w.must(err)
	return &mail.Composer{Templates: templates, Platform: "Platform", From: from, Domain: "platform.example"}
}

// Who does not see where mails go is told by no answer, nor by what a far end said.
func TestAddressesOfMailsAreHidden(t *testing.T) {
	f, text := anyField()
	for path, address := range map[string]string{"mail.email": "mailemailw@first.example", "mail.billing": "mailbillingw@first.example"} {
		told := func(level adminhttp.Access) (n int) {
			w := baseWorld(t, outsideHere)
			w.policy.Field = with(path, level)
			for _, a := range w.requests("main", f, text) {
				n += strings.Count(w.send(a).text, address)
			}
			return n
		}
		assert.Positive(t, told(adminhttp.Read), path)
		assert.Zero(t, told(adminhttp.Hidden), path)
	}
}

// Without the action to see money, no document with amounts is there, by its id neither.
func TestDocumentsWithAmountsNeedMoney(t *testing.T) {
	w := baseWorld(t, outsideHere)
	w.policy.Actions = slices.DeleteFunc(access.Actions(), func(a access.Action) bool { return a == access.Money })
	seen := 0
	for n := 1; n <= 5+len(document.NoticeEvents()); n++ {
		got := w.send(ask{method: "GET", target: "api/clients/" + w.ids["main"].String() + "/documents/" + documentID("main", n)})
		if got.code == 200 {
			seen++
			assert.NotContains(t, got.text, `"funds": {`)
		}
	}
	assert.Equal(t, 1+5, seen, "a price update, and notices of no money")
}
