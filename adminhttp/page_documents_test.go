package adminhttp_test

import (
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/clientaccount/clientaccount"
	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/account/accounttest"
	"github.com/clientaccount/clientaccount/account/document"
	"github.com/clientaccount/clientaccount/adminhttp"
	"github.com/clientaccount/clientaccount/store"
	"github.com/clientaccount/clientaccount/store/memstore"
)

// documentPages returns the pages over a client whose November was billed, and whose invoice could
// not be mailed.
func documentPages(t *testing.T) (*site, *papers, account.Account) {
	t.Helper()
	p := newPapers(t)
	s := newSiteOver(t, p.svc, withMail(t))
	a := s.create("acme", billed)
	p.month(a.ID)
	p.carry(map[document.Kind]store.MailTry{document.KindInvoice: said550})
	return s, p, a
}

func TestDocumentsOnThePage(t *testing.T) {
	s, p, a := documentPages(t)
	r := s.get(documentsPath(a.ID))
	require.Equal(t, http.StatusOK, r.code)
	assert.Contains(t, r.html, `aria-current="page">Documents</a>`)
	of := func(kind string) reply { return s.get(documentsPath(a.ID) + "?kind=" + kind) }
	assert.Equal(t, "Issued 1 Dec 2026 just now Invoice INV-2026-000001 28 – 30 Nov 2026 HTML : Invoice INV-2026-000001 CSV : Invoice INV-2026-000001 Total 38.64 EUR "+
		"Mailed Failed bills@acme.example just now 550 5.1.1 bills@acme.example: no such user Send again Credit note of INV-2026-000001", strings.TrimSpace(of("invoice").rowOf(t, "INV-2026-000001")))
	statement := of("statement").rowOf(t, "ST-2026-000001")
	assert.Contains(t, statement, "Total 67.80 EUR the balance at its end Mailed Sent bills@acme.example just now")
	assert.NotContains(t, statement, "Send again")
	assert.NotContains(t, statement, "Credit note")
	assert.NotContains(t, statement, "queued", "what was said when it was sent is on its own page")
	none := s.get(documentsPath(s.create("none", nil).ID))
	assert.Contains(t, none.text(), "No document was made yet.")
	assert.Contains(t, of("credit_note").text(), "No document matches.")

	page := s.get(documentPath(a.ID, p.invoice(a.ID)))
	for _, text := range []string{
		"Invoice Number INV-2026-000001 Date 1 December 2026 Period 28 November 2026 – 30 November 2026 Currency EUR Contract C-acme From Example SMS Ltd 1 Tower Street To Company of acme Ann Lee",
		"Messages 1,000 Unit price 0.0312 Amount 31.20", "Net 32.20 VAT 20% of 32.20 6.44 Total 38.64 EUR IBAN GB00 0000",
		"Made Tue 1 Dec 2026 08:00:00 EET bills@acme.example Failed Tue 1 Dec 2026 08:00:00 EET E-mail for billing, 1 try: The server did not take the recipient. 550 5.1.1 bills@acme.example: no such user",
	} {
		assert.Contains(t, page.text(), text)
	}
	for _, id := range []string{accounttest.ID(77).String(), "x", account.ID{}.String()} {
		assert.Equal(t, http.StatusNotFound, s.get(documentsPath(a.ID)+"/"+id).code)
	}
	other := s.create("other", billed)
	assert.Equal(t, http.StatusNotFound, s.get(documentPath(other.ID, p.invoice(a.ID))).code, "another client's")
}

func TestDocumentsOfAllClients(t *testing.T) {
	s, p, a := documentPages(t)
	b := s.create("beta", billed)
	r := s.get("documents?kind=invoice")
	assert.Contains(t, r.html, `<a href="documents" aria-current="page">Documents</a>`)
	assert.Contains(t, r.rowOf(t, "INV-2026-000001"), "Client Company of acme Invoice INV-2026-000001")
	first := regexp.MustCompile(`<td class="what"><a href="([^"]*)"`).FindStringSubmatch(s.get("documents").html)
	assert.Equal(t, documentPath(a.ID, p.invoice(a.ID)), first[1], "failed mails first")
	for query, want := range map[string]int{
		"kind=invoice": 1, "number=inv-2026": 1, "number=ST": 1, "number=nope": 0, "mailed=failed": 1, "mailed=waiting": 0, "kind=statement&from=2026-12-01&to=2026-12-01": 1,
		"kind=statement&to=2026-11-30": 0, "kind=invoice&mailed=lost&from=today&to=x": 1,
	} {
		assert.Equal(t, want, strings.Count(s.get("documents?"+query).html, `<td class="what">`), query)
	}
	page, seen := s.get("documents"), 0
	for {
		seen += strings.Count(page.html, `<td class="what">`)
		older := regexp.MustCompile(`href="(documents\?[^"#]*)#list"\s+rel="next"`).FindStringSubmatch(page.html)
		if older == nil {
			break
		}
		page = s.get(strings.ReplaceAll(older[1], "&amp;", "&"))
		assert.Contains(t, page.html, ">Newest<")
	}
	all := 0
	for _, kind := range document.Kinds() {
		all += len(p.of(a.ID, kind)) + len(p.of(b.ID, kind))
	}
	assert.Equal(t, all, seen)
	assert.Equal(t, http.StatusUnprocessableEntity, s.get("documents?cursor=x").code)

	m := manager(s, "Mine").ID
	s.policy.Scope = adminhttp.ClientsOf(m)
	assert.Contains(t, s.get("documents").text(), "No document was made yet.")
	assert.Equal(t, http.StatusNotFound, s.get(documentPath(a.ID, p.invoice(a.ID))).code)
}

func TestADocumentIsMailedAgain(t *testing.T) {
	s, p, a := documentPages(t)
	path := documentPath(a.ID, p.invoice(a.ID))
	done := s.post(path+"/mails", nil)
	require.Equal(t, http.StatusSeeOther, done.code)
	page := s.get("clients/" + strings.TrimPrefix(done.header.Get("Location"), "../../../../clients/"))
	assert.Contains(t, page.text(), "It is mailed again to bills@acme.example.")
	assert.Contains(t, page.text(), "Waiting")
	done = s.post(path+"/mails", url.Values{"to": {" ann@acme.example "}})
	require.Equal(t, http.StatusSeeOther, done.code)
	mails, err := p.svc.Mails(t.Context(), a.ID, p.invoice(a.ID))
	require.NoError(t, err)
	require.Len(t, mails, 2)
	assert.Equal(t, "ann@acme.example", mails[1].To)

	bad := s.post(path+"/mails", url.Values{"to": {"nobody at all"}, "cc": {"x"}})
	assert.Equal(t, http.StatusUnprocessableEntity, bad.code)
	bad = s.post(path+"/mails", url.Values{"to": {"nobody at all"}})
	assert.Equal(t, http.StatusUnprocessableEntity, bad.code)
	assert.Contains(t, bad.html, `value="nobody at all"`)
	assert.Contains(t, bad.html, `<a href="#f-to">To</a>`)

	s.policy.Actions = without(adminhttp.ActionMailDocument)
	assert.Equal(t, http.StatusForbidden, s.post(path+"/mails", nil).code)
	assert.NotContains(t, s.get(path).html+s.get("documents").html, "Send again")
}

// Who does not see all of a document mails it to the client's own address only: else they would
// send themselves what they do not see.
func TestWhatIsHiddenIsNotMailedElsewhere(t *testing.T) {
	s, p, a := documentPages(t)
	path := documentPath(a.ID, p.invoice(a.ID))
	for _, hidden := range []string{"contact.credential", "mail.billing", "mail.price_update"} {
		s.policy.Field = fields(map[string]adminhttp.Access{hidden: adminhttp.Hidden})
		assert.NotContains(t, s.get(path).html, `name="to"`)
		r := s.post(path+"/mails", url.Values{"to": {"me@elsewhere.example"}})
		assert.Equal(t, http.StatusUnprocessableEntity, r.code)
		assert.Contains(t, r.text(), "A setting that you do not see stands in the way.")
		assert.Equal(t, http.StatusSeeOther, s.post(path+"/mails", nil).code)
		assert.NotContains(t, s.get(path).text(), map[string]string{"contact.credential": "12345678", "mail.billing": "bills@acme", "mail.price_update": "x@x"}[hidden])
	}
	mails, err := p.svc.Mails(t.Context(), a.ID, p.invoice(a.ID))
	require.NoError(t, err)
	assert.Len(t, mails, 1)
}

func TestFilesOfDocuments(t *testing.T) {
	s, p, a := documentPages(t)
	path := documentPath(a.ID, p.invoice(a.ID)) + "/files/"
	page := s.get(path + "html")
	assert.Equal(t, "text/html; charset=utf-8", page.header.Get("Content-Type"))
	assert.Contains(t, page.header.Get("Content-Security-Policy"), document.HTMLPolicy())
	assert.Contains(t, page.header.Get("Content-Security-Policy"), "sandbox")
	assert.Empty(t, page.header.Get("Content-Disposition"))
	assert.Contains(t, page.html, "38.64 EUR")
	csv := s.get(path + "csv")
	assert.Equal(t, `attachment; filename=invoice-INV-2026-000001.csv`, csv.header.Get("Content-Disposition"))
	assert.Contains(t, csv.html, "INV-2026-000001,total,,,,,,38.64,EUR")
	for _, format := range []string{"pdf", "xlsx", "exe", "HTML"} {
		assert.Equal(t, http.StatusNotFound, s.get(path+format).code, format)
	}
	s.policy.Field = fields(map[string]adminhttp.Access{"contact.contract": adminhttp.Hidden, "currency": adminhttp.Hidden})
	assert.NotContains(t, s.get(path+"html").html, "C-acme")
	assert.NotContains(t, s.get(path+"csv").html, "EUR")
}

func TestPreviewsOfMails(t *testing.T) {
	s, p, a := documentPages(t)
	one := "clients/" + a.ID.String() + "/mail"
	page := s.get(one + "?kind=invoice")
	assert.Contains(t, page.text(), "Invoice INV-2026-000001: 31.20 EUR To bills@acme.example E-mail for billing From")
	assert.Contains(t, page.text(), "invoice-INV-2026-000001.html")
	assert.Contains(t, page.header.Get("Content-Security-Policy"), "frame-src 'self'")
	kinds := regexp.MustCompile(`<option value="([^"]+)"`).FindAllStringSubmatch(page.html, -1)
	assert.Len(t, kinds, len(document.NoticeEvents())+5)
	for _, kind := range kinds {
		frame := s.get(one + "/" + kind[1])
		require.Equal(t, http.StatusOK, frame.code, kind[1])
		assert.Contains(t, frame.html, "<html", kind[1])
		assert.Equal(t, "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'self'; sandbox", frame.header.Get("Content-Security-Policy"))
		assert.NotContains(t, s.get(one+"?kind="+kind[1]).text(), "cannot be written", kind[1])
	}
	assert.Equal(t, http.StatusNotFound, s.get(one+"/nothing").code)
	assert.Contains(t, s.get(one+"?kind=nothing").text(), "Notification limit reached")
	s.policy.Field = fields(map[string]adminhttp.Access{"mail.billing": adminhttp.Hidden, "contact.company": adminhttp.Hidden})
	hidden := s.get(one + "?kind=invoice")
	assert.Contains(t, hidden.text(), "To an address that you do not see")
	assert.NotContains(t, hidden.text(), "Company of acme")
	assert.Len(t, p.of(a.ID, document.KindInvoice), 1, "nothing is kept")
	s.policy.Field = nil
	assert.Contains(t, s.get("clients/"+s.create("plain", nil).ID.String()+"/mail").text(), "nobody: the client has no address")

	bare := newSiteOver(t, p.svc)
	assert.Equal(t, http.StatusNotImplemented, bare.get(one).code)
	assert.NotContains(t, bare.get(documentsPath(a.ID)).html, "What mails")
}

// What is not one's to see of documents is on none of their pages.
func TestDocumentsThatAreNotThere(t *testing.T) {
	s, p, a := documentPages(t)
	a = s.update(a, func(a *account.Account) { a.Status, a.Mail.Billing = account.StatusSuspended, "new@acme.example" })
	list := func() string {
		return s.get(documentsPath(a.ID)).text() + s.get("documents").text()
	}
	notices := p.of(a.ID, document.KindNotice)
	require.Len(t, notices, 2)
	for _, text := range []string{"Status changed", "E-mail address changed", "Invoice INV", "Statement ST", "Daily statistics 2"} {
		require.Contains(t, list(), text)
	}
	invoice := documentPath(a.ID, p.invoice(a.ID))
	assertMissing := func(path, why string) {
		t.Helper()
		for _, more := range []string{"", "/files/html", "/files/csv", "/credit"} {
			assert.Contains(t, []int{http.StatusNotFound, http.StatusForbidden}, s.get(path+more).code, why+more)
		}
		assert.Equal(t, http.StatusNotFound, s.get(path).code, why)
	}
	s.policy.Actions = without(adminhttp.ActionMoney)
	assert.NotRegexp(t, "INV|ST-2026|Daily statistics \\d|EUR", list())
	assert.Contains(t, list(), "Status changed")
	assertMissing(invoice, "without money")
	s.policy.Actions = without()
	for hidden, texts := range map[string][]string{
		"status": {"Status changed"}, "mail.billing": {"E-mail address changed", "bills@acme"}, "billing.send_invoices": {"Invoice INV"}, "billing.send_stats": {"Statement ST"},
		"mail.daily_statistics": {"Daily statistics 2"}, "billing.invoice_days": {"Invoice INV", "Statement ST"}, "time_zone": {"Invoice INV", "Statement ST", "Daily statistics 2"},
		"billing.to_email": {"Mailed", "Failed", "bills@acme", "queued"}, "currency": {"EUR"}, "login": {"Client acme"}, "contact.company": {"Company of acme"},
	} {
		s.policy.Field = fields(map[string]adminhttp.Access{hidden: adminhttp.Hidden})
		for _, text := range texts {
			assert.NotContains(t, list(), text, hidden)
		}
		if strings.Contains(strings.Join(texts, " "), "Invoice") {
			assertMissing(invoice, hidden)
		}
	}
	s.policy.Field = fields(map[string]adminhttp.Access{"billing.to_email": adminhttp.Hidden})
	assert.Equal(t, http.StatusForbidden, s.post(invoice+"/mails", nil).code)
	assert.Equal(t, list(), func() string { s.get("documents?mailed=failed"); return list() }())
	assert.Equal(t, s.get("documents").text(), s.get("documents?mailed=failed").text(), "nor can it be asked for")
	s.policy = adminhttp.Policy{Scope: adminhttp.AllClients()}
	assert.Equal(t, http.StatusForbidden, s.get(documentsPath(a.ID)).code)
	assert.NotContains(t, s.get(editPath(a)).html, "Documents")
}

// A manager outside the scope who looked after the client once is not named by its documents.
func TestDocumentsNameNoManagerOutsideTheScope(t *testing.T) {
	p := newPapers(t)
	s := newSiteOver(t, p.svc)
	mine, other := manager(s, "Mine").ID, manager(s, "Otherwise").ID
	a := s.create("acme", func(a *account.Account) { billed(a); a.Core.Manager = other })
	a = s.update(a, func(a *account.Account) { a.Status = account.StatusSuspended })
	a = s.update(a, func(a *account.Account) { a.Core.Manager = mine })
	notice := documentPath(a.ID, p.of(a.ID, document.KindNotice)[0])
	require.Contains(t, s.get(notice).text(), "Otherwise")
	s.policy.Scope = adminhttp.ClientsOf(mine)
	assert.NotContains(t, s.get(notice).text(), "Otherwise")
	assert.NotContains(t, s.get("api/"+notice).html, "Otherwise")
}

// A platform that keeps no documents has neither the tab nor the list.
func TestPagesWithoutDocuments(t *testing.T) {
	svc := clientaccount.New(plainStore{memstore.New()}, &clientaccount.Options{
		Clock: accounttest.Now, Hash: clientaccount.HashCost{MemoryKiB: 64, Iterations: 1, Parallelism: 1},
	})
	s := newSiteOver(t, svc)
	a := s.create("acme", nil)
	assert.NotContains(t, s.get(editPath(a)).html, "Documents")
	for _, path := range []string{documentsPath(a.ID), "documents"} {
		page := s.get(path)
		assert.Equal(t, http.StatusOK, page.code)
		assert.Contains(t, page.text(), "This platform keeps no documents here")
	}
	assert.Equal(t, http.StatusNotImplemented, s.get(documentPath(a.ID, accounttest.ID(7))).code)
}
