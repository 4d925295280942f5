package adminhttp_test

import (
	"fmt"
	"io"
	"net/http"
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

// documentAPI returns the API over a client whose last days of November were billed, and whose
// invoice could not be mailed.
func documentAPI(t *testing.T) (*api, *papers, account.ID) {
	t.Helper()
	p := newPapers(t)
	a := newAPIOver(t, p.svc, func(c *adminhttp.Config) {
		c.Files.PDF = func(w io.Writer, _ document.Document, _ document.Words) error {
			_, err := io.WriteString(w, "%PDF")
			return err
		}
	})
	id := a.create("acme", billed)
	p.month(id)
	p.carry(map[document.Kind]store.MailTry{document.KindInvoice: said550})
	return a, p, id
}

// listed returns the kinds and numbers of a page of documents, and where the next one begins.
func (a *api) listed(path string) (rows []string, next string) {
	a.Helper()
	got := a.get(path)
	require.Equal(a, 200, got.status, got.body)
	for _, row := range got.at("documents").([]any) {
		of := row.(map[string]any)
		rows = append(rows, strings.TrimSuffix(fmt.Sprint(of["kind"], " ", of["number"]), " <nil>"))
	}
	next, _ = got.at("next").(string)
	return rows, next
}

func TestDocumentsByJSON(t *testing.T) {
	a, p, id := documentAPI(t)
	got := a.get(documentsPath(id) + "?kind=invoice")
	require.Equal(t, 200, got.status, got.body)
	row := got.at("documents").([]any)[0].(map[string]any)
	assert.Equal(t, map[string]any{
		"account": id.String(), "id": p.invoice(id).String(), "kind": "invoice", "event": nil, "number": "INV-2026-000001", "of": nil, "at": "2026-12-01T06:00:00Z",
		"issued": "2026-12-01", "first": "2026-11-28", "last": "2026-11-30", "total": "38.64", "currency": "EUR", "mailed": "failed",
	}, row)
	for query, want := range map[string][]string{
		"kind=statement": {"statement ST-2026-000001"}, "mailed=failed": {"invoice INV-2026-000001"}, "number=inv": {"invoice INV-2026-000001"},
		"number=inv&to=2026-11-30": nil, "of=" + p.invoice(id).String(): nil,
	} {
		for _, path := range []string{documentsPath(id), "documents"} {
			rows, _ := a.listed(path + "?" + query)
			assert.Equal(t, want, rows, path+query)
		}
	}
	failed, next := a.listed("documents?failed_first=true&limit=2")
	assert.Equal(t, "invoice INV-2026-000001", failed[0])
	a.get("documents?limit=2&cursor="+next).expect(422, "cursor", "cursor.invalid")
	var all []string
	for query := "limit=2"; ; query = "limit=2&cursor=" + next {
		var rows []string
		rows, next = a.listed(documentsPath(id) + "?" + query)
		if all = append(all, rows...); next == "" {
			break
		}
	}
	assert.ElementsMatch(t, []string{"invoice INV-2026-000001", "statement ST-2026-000001", "statistics.daily", "statistics.daily", "statistics.daily"}, all)
	bad := a.get(documentsPath(id) + "?kind=letter&from=today&to=5&mailed=lost&failed_first=yes&of=x&limit=0&text=x&number=" + strings.Repeat("9", 201))
	assert.Equal(t, 422, bad.status)
	assert.Len(t, bad.faults(), 9, "all at once")
}

func TestADocumentByJSON(t *testing.T) {
	a, p, id := documentAPI(t)
	got := a.get(documentPath(id, p.invoice(id)))
	require.Equal(t, 200, got.status, got.body)
	assert.Equal(t, "Example SMS Ltd", got.at("issuer.name"))
	assert.Equal(t, []any{"IBAN GB00 0000"}, got.at("issuer.notes"))
	assert.Equal(t, "C-acme", got.at("customer.contract"))
	assert.Nil(t, got.at("statement"))
	assert.Equal(t, map[string]any{
		"period":      map[string]any{"first": "2026-11-28", "last": "2026-11-30", "from": "2026-11-28T08:00:00Z", "to": "2026-11-30T22:00:00Z"},
		"first_entry": 1.0, "last_entry": 3.0, "lines": []any{
			map[string]any{"line": 1.0, "refund": nil, "price": "0.0312", "messages": 1000.0, "amount": "31.2"},
			map[string]any{"line": 2.0, "refund": nil, "price": "0.1", "messages": 10.0, "amount": "1"},
		},
		"subtotal": "32.2", "rounding": "0", "net": "32.2", "taxes": []any{map[string]any{"name": "VAT", "rate": "20", "base": "32.2", "amount": "6.44"}}, "total": "38.64",
	}, got.at("invoice"))
	statement := a.get(documentPath(id, p.of(id, document.KindStatement)[0]))
	assert.Equal(t, "67.8", statement.at("statement.closing.balance"))
	assert.Len(t, statement.at("statement.rows"), 3)
	daily := a.get(documentPath(id, p.of(id, document.KindDaily)[0]))
	assert.Equal(t, "67.8", daily.at("daily.funds.balance"))

	_, err := p.svc.Update(t.Context(), id, 1, clientaccount.Edit{Actor: a.actor, Apply: func(a *account.Account) error {
		a.Status, a.Mail.Email = account.StatusSuspended, "other@acme.example"
		return nil
	}})
	require.NoError(t, err)
	events := map[any][2]any{}
	for _, notice := range p.of(id, document.KindNotice) {
		told := a.get(documentPath(id, notice))
		events[told.at("notice.event")] = [2]any{told.at("notice.old"), told.at("notice.new")}
	}
	assert.Equal(t, map[any][2]any{"status.changed": {"active", "suspended"}, "email.changed": {"office@acme.example", "other@acme.example"}}, events)
	rows, _ := a.listed(documentsPath(id) + "?kind=notice")
	assert.Len(t, rows, 2)

	for _, missing := range []string{accounttest.ID(77).String(), "x"} {
		a.get(documentsPath(id)+"/"+missing).expect(404, "id", "not_found")
		a.get(documentsPath(id)+"/"+missing+"/mails").expect(404, "id", "not_found")
		a.get(documentsPath(id)+"/"+missing+"/files/csv").expect(404, "id", "not_found")
	}
}

func TestFilesOfDocumentsByJSON(t *testing.T) {
	a, p, id := documentAPI(t)
	path := documentPath(id, p.invoice(id)) + "/files/"
	for format, want := range map[string][3]string{
		"html": {"text/html; charset=utf-8", "invoice-INV-2026-000001.html", "38.64 EUR"}, "csv": {"text/csv; charset=utf-8", "invoice-INV-2026-000001.csv", "38.64,EUR"},
		"pdf": {"application/pdf", "invoice-INV-2026-000001.pdf", "%PDF"},
	} {
		got := a.get(path + format)
		require.Equal(t, 200, got.status, got.body)
		assert.Equal(t, want[0], got.header.Get("Content-Type"))
		assert.Equal(t, "attachment; filename="+want[1], got.header.Get("Content-Disposition"))
		assert.Contains(t, got.body, want[2])
	}
	a.get(path+"xlsx").expect(404, "id", "not_found")
}

func TestMailsByJSON(t *testing.T) {
	a, p, id := documentAPI(t)
	path := documentPath(id, p.invoice(id)) + "/mails"
	got := a.get(path)
	require.Equal(t, 200, got.status, got.body)
	mail := got.at("mails").([]any)[0].(map[string]any)
	delete(mail, "id")
	assert.Equal(t, map[string]any{
		"role": "billing", "to": "bills@acme.example", "state": "failed", "made_at": "2026-12-01T06:00:00Z", "due_at": nil, "tries": 1.0,
		"last": map[string]any{"at": "2026-12-01T06:00:00Z", "code": "to", "said": said550.Said},
	}, mail)
	again := a.ask("POST", path, "", nil)
	require.Equal(t, 200, again.status, again.body)
	assert.Equal(t, []any{"waiting", "bills@acme.example"}, []any{again.at("state"), again.at("to")})
	other := a.ask("POST", path, `{"to":"ann@acme.example"}`, nil)
	require.Equal(t, 200, other.status, other.body)
	assert.Equal(t, []any{"fixed", "ann@acme.example"}, []any{other.at("role"), other.at("to")})
	a.ask("POST", path, `{"to":"ann"}`, nil).expect(422, "to", "email.format")
	a.ask("POST", path, `{"to":7}`, nil).expect(422, "to", "field.type")
	a.ask("POST", path, `{"cc":"x"}`, nil).expect(422, "cc", "field.unknown")

	nobody := a.create("nobody", func(c *account.Account) { billed(c); c.Mail, c.Billing.ToEmail = account.Mail{}, false })
	_, err := p.svc.Update(t.Context(), nobody, 1, clientaccount.Edit{Actor: a.actor, Apply: func(a *account.Account) error { a.Status = account.StatusSuspended; return nil }})
	require.NoError(t, err)
	a.ask("POST", documentPath(nobody, p.of(nobody, document.KindNotice)[0])+"/mails", "", nil).expect(422, "to", "document.address")
}

func TestCreditNotesByJSON(t *testing.T) {
	a, p, id := documentAPI(t)
	path := documentPath(id, p.invoice(id)) + "/credit-notes"
	const body = `{"reference":"c-1","reason":"Counted twice","lines":[{"line":1,"messages":100},{"line":2,"amount":"0.5"}]}`
	preview := a.ask("POST", path+"?preview=true", body, nil)
	require.Equal(t, 200, preview.status, preview.body)
	assert.Equal(t, "4.34", preview.at("credit_note.total"))
	assert.Nil(t, preview.at("number"))
	assert.Empty(t, p.of(id, document.KindCreditNote))

	first, second := a.ask("POST", path, body, nil), a.ask("POST", path, body, nil)
	require.Equal(t, []int{201, 200}, []int{first.status, second.status}, second.body)
	assert.Equal(t, first.body, second.body)
	assert.Equal(t, []any{"CN-2026-000001", "4.34", "INV-2026-000001", "Counted twice"}, []any{
		first.at("number"), first.at("credit_note.total"), first.at("credit_note.invoice_number"), first.at("credit_note.reason"),
	})
	rows, _ := a.listed("documents?of=" + p.invoice(id).String())
	assert.Equal(t, []string{"credit_note CN-2026-000001"}, rows)
	a.ask("POST", path, strings.Replace(body, "100", "101", 1), nil).expect(409, "reference", "idempotency.mismatch")

	for sent, want := range map[string][]string{
		`{"reason":"r"}`:                                   {"reference idempotency.required"},
		`{"reference":"x"}`:                                {"reason reason.required"},
		`{"reference":"x","reason":"r","lines":7}`:         {"lines field.type"},
		`{"reference":"x","reason":"r","lines":[7]}`:       {"lines field.type"},
		`{"reference":"x","reason":"r","lines":[{"n":1}]}`: {"lines.0.n field.unknown"},
		`{"reference":"x","reason":"r","lines":[{"line":3},{"line":1,"messages":901},{"line":1}]}`: {"lines.0.line credit_note.line", "lines.1.messages credit_note.messages", "lines.2.line credit_note.twice"},
		`{"reference":"x","reason":"r","lines":[{"messages":0},{"line":1.5},{"line":1,"amount":"0"},{"line":2,"amount":"x"}]}`: {
			"lines.0.line field.type", "lines.0.messages messages.range", "lines.1.line field.type", "lines.2.amount amount.zero", "lines.3.amount amount.format",
		},
	} {
		got := a.ask("POST", path, sent, nil)
		var found []string
		for _, f := range got.faults() {
			found = append(found, f.Path+" "+f.Code)
		}
		assert.Equal(t, 422, got.status, sent)
		assert.Equal(t, want, found, sent)
	}
	rest := a.ask("POST", path, `{"reference":"c-2","reason":"The rest"}`, nil)
	require.Equal(t, 201, rest.status, rest.body)
	assert.Equal(t, "34.3", rest.at("credit_note.total"))
	a.ask("POST", path, `{"reference":"c-3","reason":"More"}`, nil).expect(409, "lines", "credit_note.left")
	a.ask("POST", documentPath(id, p.of(id, document.KindStatement)[0])+"/credit-notes", body, nil).expect(404, "id", "not_found")
}

// What is not one's to see of documents is in no answer.
func TestDocumentsThatAreNotThereByJSON(t *testing.T) {
	a, p, id := documentAPI(t)
	invoice := documentPath(id, p.invoice(id))
	a.policy.Actions = without(adminhttp.ActionMoney)
	rows, _ := a.listed("documents")
	assert.Empty(t, rows)
	a.get(invoice).expect(404, "id", "not_found")
	a.get(invoice+"/files/csv").expect(404, "id", "not_found")
	a.policy.Actions = without()

	a.policy.Field = fields(map[string]adminhttp.Access{"mail.billing": adminhttp.Hidden, "contact.credential": adminhttp.Hidden, "currency": adminhttp.Hidden})
	got := a.get(invoice)
	assert.Equal(t, []any{nil, nil}, []any{got.at("customer.credential"), got.at("currency")})
	mails := a.get(invoice + "/mails")
	assert.NotContains(t, mails.body, "bills@acme", "what the far end said repeats the address")
	assert.Contains(t, mails.body, `"code": "to"`)
	again := a.ask("POST", invoice+"/mails", "", nil)
	assert.Equal(t, 200, again.status)
	assert.Nil(t, again.at("to"))
	a.ask("POST", invoice+"/mails", `{"to":"me@elsewhere.example"}`, nil).expect(422, "to", "field.hidden")
	assert.NotContains(t, a.get(invoice+"/files/csv").body, "EUR")

	a.policy.Field = fields(map[string]adminhttp.Access{"billing.to_email": adminhttp.Hidden})
	a.get("documents?mailed=failed").expect(422, "mailed", "query.unknown")
	assert.NotContains(t, a.get(documentsPath(id)).body, `"failed"`)
	a.get(invoice+"/mails").expect(403, "actor", "forbidden")
	a.policy.Field = nil
	for action, ask := range map[adminhttp.Action][2]string{
		adminhttp.ActionMailDocument: {"/mails", ""}, adminhttp.ActionCreditNote: {"/credit-notes", `{"reference":"r","reason":"r"}`},
	} {
		a.policy.Actions = without(action)
		a.ask("POST", invoice+ask[0], ask[1], nil).expect(403, "actor", "forbidden")
	}
	a.policy.Actions = without()
	a.policy.Scope = adminhttp.ClientsOf(a.manager("Mine"))
	a.get(invoice).expect(404, "id", "not_found")
	rows, _ = a.listed("documents")
	assert.Empty(t, rows)
}

func TestTheAPIWithoutDocuments(t *testing.T) {
	svc := clientaccount.New(plainStore{memstore.New()}, &clientaccount.Options{
		Clock: accounttest.Now, Hash: clientaccount.HashCost{MemoryKiB: 64, Iterations: 1, Parallelism: 1},
	})
	a := newAPIOver(t, svc)
	id := a.create("acme", nil)
	for _, path := range []string{"documents", documentsPath(id), documentPath(id, accounttest.ID(7))} {
		a.get(path).expect(http.StatusNotImplemented, "id", "documents.missing")
	}
}
