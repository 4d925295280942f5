package adminpages_test

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"

	"github.com/clientaccount/clientaccount"
	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/account/document"
	"github.com/clientaccount/clientaccount/adminhttp"
	"github.com/clientaccount/clientaccount/mail"
	"github.com/clientaccount/clientaccount/store"
	"github.com/clientaccount/clientaccount/store/memstore"
)

// documentSite is a site whose client's October was billed, and one of whose mails could not be
// delivered.
type documentSite struct {
	messageSite
	invoice, note, statement, daily, notice account.ID
}

func newDocumentSite(t *testing.T) *documentSite {
	t.Helper()
	s := &documentSite{}
	s.at = time.Date(2026, 10, 1, 8, 0, 0, 0, time.UTC)
	s.store = memstore.New()
	s.svc = clientaccount.New(s.store, &clientaccount.Options{
		Hash:  cheap,
		Clock: func() time.Time { return s.at },
		Documents: clientaccount.DocumentOptions{
			Issuer: func(context.Context, account.Account) (document.Issuer, error) {
				return document.Issuer{
					Name: "Fernweh Messaging GmbH", Address: []string{"Torstraße 10", "10119 Berlin"}, Country: "DE", Credential: "DE123456789",
					Email: "billing@fernweh.example", Notes: []string{"IBAN DE02 1203 0000 0000 2020 51. Payable within 14 days."},
				}, nil
			},
			Taxes: document.Percent("VAT", decimal.NewFromInt(19)),
		},
	})
	s.fill(t)
	s.client = s.update(t, "Marko Lis", account.Change{}.
		Set("routing.dynamic_sender", "true").Set("dispatch", "Mon,Tue,Wed,Thu,Fri,Sat,Sun 00:00-24:00").
		Set("billing.enterprise", "company").Set("billing.invoice_days", "1").Set("billing.send_invoices", "true").Set("billing.send_stats", "true").
		Set("billing.to_email", "true").Set("mail.billing", "accounts-payable@acme-telecom.com").Set("mail.daily_statistics", "true").
		Set("contact.first_name", "Oksana").Set("contact.last_name", "Шевченко").Set("contact.credential", "40112233").Set("mail.price_format", "csv"))
	s.bill(t)
	s.carry(t)
	s.credit(t)
	s.serveDocuments(t)
	return s
}

// bill lets the client send in October, and has it billed.
func (s *documentSite) bill(t *testing.T) {
	t.Helper()
	_, err := s.svc.TopUp(t.Context(), clientaccount.TopUp{Account: s.client.ID, Amount: decimal.NewFromInt(500), Reference: "opening"})
	require.NoError(t, err)
	for day := 1; day <= 31; day++ {
		s.at = time.Date(2026, 10, day, 9, 0, 0, 0, time.UTC)
		for i, price := range []string{"0.0312", "0.077", "0.1"} {
			_, err := s.svc.Charge(t.Context(), clientaccount.Charge{
				Account: s.client.ID, Price: account.Some(decimal.RequireFromString(price)), Messages: int64(20 + day*(i+1)%37), Reference: fmt.Sprint("charge-", day, "-", i),
			})
			require.NoError(t, err)
		}
		if day%7 == 0 {
			s.send(t, day)
		}
		require.NoError(t, s.svc.Tick(t.Context()))
	}
	s.at = time.Date(2026, 11, 1, 6, 30, 0, 0, time.UTC)
	for range 3 {
		require.NoError(t, s.svc.Tick(t.Context()))
	}
	s.client = s.update(t, "Marko Lis", account.Change{}.Set("status", "suspended"))
	for kind, into := range map[document.Kind]*account.ID{
		document.KindInvoice: &s.invoice, document.KindStatement: &s.statement, document.KindDaily: &s.daily, document.KindNotice: &s.notice,
	} {
		found, err := s.svc.Documents(t.Context(), store.DocumentQuery{Account: s.client.ID, Kinds: []document.Kind{kind}})
		require.NoError(t, err)
		require.NotEmpty(t, found, kind)
		*into = found[0].ID
	}
}

// carry has the mails tried: that of the invoice fails, that of the statement waits.
func (s *documentSite) carry(t *testing.T) {
	t.Helper()
	s.at = s.at.Add(time.Minute)
	owner := account.ID{15: 1}
	claimed, err := s.store.ClaimMails(t.Context(), store.MailClaim{Owner: owner, Now: s.at, Until: s.at.Add(time.Minute), Limit: 200, Each: 200})
	require.NoError(t, err)
	var results []store.MailResult
	for _, m := range claimed {
		r := store.MailResult{ID: m.ID, To: m.Address, State: store.MailSent, Tries: 1, Last: store.MailTry{At: s.at, Code: mail.CodeSent, Said: "250 2.0.0 Ok: queued as 4F1D2C0A"}}
		switch m.Document.Kind {
		case document.KindInvoice:
			r.State, r.Last = store.MailFailed, store.MailTry{At: s.at, Code: "to", Said: "550 5.1.1 <accounts-payable@acme-telecom.com>: Recipient address rejected: User unknown in virtual mailbox table"}
		case document.KindStatement:
			r.State, r.DueAt, r.Last = store.MailWaiting, s.at.Add(5*time.Minute), store.MailTry{At: s.at, Code: "to", Said: "451 4.7.1 Greylisted, try again in 300 seconds"}
		}
		results = append(results, r)
	}
	_, err = s.store.RecordMails(t.Context(), owner, results)
	require.NoError(t, err)
}

func (s *documentSite) credit(t *testing.T) {
	t.Helper()
	s.at = s.at.Add(time.Hour)
	n, err := s.svc.Credit(t.Context(), clientaccount.CreditNote{
		Account: s.client.ID, Invoice: s.invoice, Takes: []document.Take{{Line: 1, Messages: 100}}, Reason: "Counted twice on 14 October", Reference: "credit-1",
	})
	require.NoError(t, err)
	s.note = n.ID
}

func (s *documentSite) serveDocuments(t *testing.T) {
	t.Helper()
	templates, err := mail.NewTemplates(mail.TemplateOptions{})
	require.NoError(t, err)
	from, err := mail.NewAddress("Fernweh Messaging", "billing@fernweh.example")
	require.NoError(t, err)
	files := document.Files{PDF: func(w io.Writer, _ document.Document, _ document.Words) error {
		_, err := io.WriteString(w, "%PDF-1.7")
		return err
	}}
	admin, err := adminhttp.New(s.svc, adminhttp.Config{
		Actor:  func(*http.Request) (account.Actor, error) { return olena, nil },
		Policy: func(*http.Request, account.Actor) (adminhttp.Policy, error) { return adminhttp.FullAccess(), nil },
		Files:  files,
		Mail:   &mail.Composer{Templates: templates, Platform: "Fernweh Messaging", From: from, Domain: "fernweh.example", Files: files},
	})
	require.NoError(t, err)
	mux := http.NewServeMux()
	mux.Handle("/desk/", http.StripPrefix("/desk", admin))
	server := httptest.NewServer(mux)
	t.Cleanup(server.Close)
	s.url = server.URL + "/desk/"
}
