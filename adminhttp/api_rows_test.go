package adminhttp_test

import (
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/account/accounttest"
)

// badValue is one field with one bad value, and the code it gets on that field.
type badValue struct {
	path  string
	value any
	code  string
}

func badValues() []badValue {
	rows := slices.Concat(badCore(), badSettings(), badContacts(), badNames())
	for _, path := range []string{"webhooks.api_state", "webhooks.api_incoming", "webhooks.rest_state", "webhooks.rest_incoming"} {
		rows = append(rows,
			badValue{path, "http://169.254.169.254/latest/meta-data/", "url.address_private"},
			badValue{path, "https://client.io/?a=" + strings.Repeat("x", 2049), "url.length"})
	}
	return append(rows, badValue{"webhooks.api_state", "https://client.io/?msgid=1", "url.reserved_param"})
}

func badCore() []badValue {
	return []badValue{
		{"login", "", "login.required"},
		{"login", nil, "login.required"},
		{"login", "ab", "login.length"},
		{"login", "ac me", "login.chars"},
		{"login", "аcme", "login.chars"},
		{"login", "OTHER", "login.taken"},
		{"login", 7, "field.type"},
		{"manager", "7", "manager.unknown"},
		{"manager", accounttest.ID(99).String(), "manager.unknown"},
		{"notification_limit", "-1", "notification_limit.range"},
		{"notification_limit", -1, "notification_limit.range"},
		{"notification_limit", 1.5, "notification_limit.range"},
		{"notification_limit", json.Number("9223372036854775808"), "notification_limit.range"},
		{"notification_limit", map[string]any{"value": "-1", "unit": "messages"}, "notification_limit.range"},
		{"notification_limit", map[string]any{"unit": "money"}, "notification_limit.range"},
		{"notification_limit", map[string]any{"value": "5", "unit": "kilos"}, "notification_limit.unit"},
		{"notification_limit", true, "field.type"},
		{"moderation", "sometimes", "moderation.choice"},
		{"time_zone", "Europe/Kyivv", "time_zone.unknown"},
		{"time_zone", "Local", "time_zone.unknown"},
		{"time_zone", "", "time_zone.unknown"},
		{"time_zone", "../etc/passwd", "time_zone.unknown"},
		{"time_zone", "UTC+3", "time_zone.unknown"},
		{"dispatch", "9-18", "dispatch.format"},
		{"dispatch", "09:00-24:01", "dispatch.range"},
		{"dispatch", "25:00-26:00", "dispatch.range"},
		{"dispatch", "-18:00", "dispatch.pair"},
		{"dispatch", map[string]any{"to": "18:00"}, "dispatch.pair"},
		{"dispatch", map[string]any{"days": []string{"mon"}}, "dispatch.pair"},
		{"dispatch", map[string]any{"days": []string{}, "from": "09:00", "to": "18:00"}, "dispatch.days"},
		{"dispatch", map[string]any{"days": []string{"mon 08:00-09:00"}, "from": "09:00", "to": "18:00"}, "dispatch.format"},
		{"dispatch", 9, "field.type"},
		{"currency", "EURO", "currency.unknown"},
		{"currency", "eur ", "currency.unknown"},
		{"currency", "XXX", "currency.unknown"},
	}
}

func badSettings() []badValue {
	return []badValue{
		{"credit.limit", "10,50", "credit.comma"},
		{"credit.limit", "1.005", "credit.scale"},
		{"credit.limit", json.Number("1.005"), "credit.scale"},
		{"credit.limit", "-5", "credit.negative"},
		{"credit.limit", json.Number("-5"), "credit.negative"},
		{"credit.limit", json.Number("1e400"), "credit.range"},
		{"credit.limit", "1234567890123456", "credit.range"},
		{"credit.limit", strings.Repeat("9", 200_000), "credit.range"},
		{"credit.limit", true, "field.type"},
		{"routing.priority", 4, "priority.range"},
		{"routing.priority", -1, "priority.range"},
		{"routing.priority", "high", "priority.range"},
		{"routing.senders", []string{"ACME,OTHER"}, "senders.format"},
		{"routing.senders", []string{""}, "senders.format"},
		{"routing.senders", []string{"ABCDEFGHIJKL"}, "senders.format"},
		{"routing.senders", []any{7}, "field.type"},
	}
}

func badContacts() []badValue {
	return []badValue{
		{"contact.first_name", strings.Repeat("x", 101), "name.length"},
		{"contact.contract", "C-1", "contract.taken"},
		{"contact.phone", "12", "phone.format"},
		{"contact.phone", "+0380501112233", "phone.format"},
		{"contact.phone", "00380501112233", "phone.format"},
		{"contact.phone", "+3805011122334455", "phone.format"},
		{"contact.country", "ZZ", "country.unknown"},
		{"contact.country", "Ukraine1", "country.unknown"},
		{"contact.telegram", "@a", "telegram.format"},
		{"contact.telegram", "t.me/x y", "telegram.format"},
		{"contact.telegram", "javascript:alert(1)", "telegram.format"},
		{"contact.skype", "<script>", "skype.format"},
		{"contact.company", "", "company.required"},
		{"contact.company", "a\x00b", "text.chars"},
		{"contact", "x", "field.type"},
		{"sending.dlr_days", 0, "dlr_days.range"},
		{"sending.dlr_days", 31, "dlr_days.range"},
		{"sending.dlr_days", 1.5, "dlr_days.range"},
		{"sending.smpp", "true", "field.type"},
		{"sending.smpp", 1, "field.type"},
		{"status", "Deleted", "status.choice"},
		{"status", "ACTIVE ", "status.choice"},
		{"mail.email", "a@", "email.format"},
		{"mail.email", "a b@c.io", "email.format"},
		{"mail.email", "Bob <a@c.io>", "email.format"},
		{"mail.email", "a@c.io,b@c.io", "email.format"},
		{"mail.email", strings.Repeat("a", 60) + "@" + strings.Repeat("b.", 100) + "example", "email.length"},
		{"mail.price_format", "xls", "price_format.choice"},
		{"billing.enterprise", "LLC", "enterprise.choice"},
		{"billing.invoice_days", "1,,5", "invoice_days.format"},
		{"billing.invoice_days", []int{0}, "invoice_days.range"},
		{"billing.invoice_days", []int{32}, "invoice_days.range"},
		{"billing.invoice_days", "-1", "invoice_days.range"},
		{"billing.invoice_days", []any{"1"}, "field.type"},
		{"notes.comments", strings.Repeat("я", 4001), "comments.length"},
		{"notes.product", accounttest.ID(98).String(), "product.unknown"},
		{"expires_at", "tomorrow", "expiry.format"},
	}
}

func badNames() []badValue {
	return []badValue{
		{"balance", "1", "field.unknown"},
		{"id", "1", "field.unknown"},
		{"revision", 1, "field.unknown"},
		{"effective_status", "active", "field.unknown"},
		{"Login", "acme2", "field.unknown"},
		{"contact.Company", "x", "field.unknown"},
		{"credit.overdraw.ends", "x", "field.unknown"},
		{"dispatch.hours", "x", "field.unknown"},
		{"credit.overdraw.expires_at", "x", "overdraw_end.format"},
	}
}

// badBody is a body that breaks a rule over several fields.
type badBody struct{ body, path, code string }

func badBodies() []badBody {
	const end = "credit.overdraw.expires_at"
	pass := func(plain, retype string) string {
		text, _ := json.Marshal(map[string]string{"password": plain, "password_retype": retype})
		return string(text)
	}
	return []badBody{
		{`{"login":"sixteen-letters1","sending":{"smpp":true}}`, "login", "login.smpp_length"},
		{pass("short1", "short1"), "password", "password.length"},
		{pass(strings.Repeat("xy7", 43), strings.Repeat("xy7", 43)), "password", "password.length"},
		{pass("password", "password"), "password", "password.common"},
		{pass("my-acme-77-x", "my-acme-77-x"), "password", "password.context"},
		{pass(accounttest.Password, "something-else-8"), "password", "password.mismatch"},
		{pass(accounttest.Password, ""), "password", "password.retype_required"},
		{`{"credit":{"overdraw":{"limit":"50"}}}`, end, "overdraw.expiry_required"},
		{`{"credit":{"overdraw":{"limit":"50","expires_at":"` + soon(-time.Hour) + `"}}}`, end, "overdraw.expiry_past"},
		{`{"credit":{"overdraw":{"limit":"50","expires_at":"` + soon(91*24*time.Hour) + `"}}}`, end, "overdraw.expiry_far"},
		{`{"mail":{"price_update":"p@client.io"}}`, "mail.price_update", "price_format.required"},
		{`{"billing":{"to_email":true}}`, "mail.billing", "billing_email.required"},
		{`{"billing":{"send_invoices":true}}`, "billing.invoice_days", "invoice_days.required"},
		{`{"credit.limit":"5"}`, "credit.limit", "field.unknown"},
		{`{"contact":{"company":"x","company":"y"}}`, "contact.company", "field.duplicate"},
		{`{"dispatch":{"from":"09:00","to":"18:00","to":"19:00"}}`, "dispatch.to", "field.duplicate"},
		{`[]`, "body", "field.type"},
		{`null`, "body", "field.type"},
		{`"x"`, "body", "field.type"},
	}
}

// Every kind of bad input gets 422 with its field and code, and writes nothing.
func TestBadInputByJSON(t *testing.T) {
	a := newAPI(t)
	id := a.create("acme", func(c *account.Account) { c.Credit.Limit = account.Some(decimal.NewFromInt(5)) })
	a.create("other", func(c *account.Account) { c.Contact.Contract = "C-1" })
	bodies := badBodies()
	for _, row := range badValues() {
		bodies = append(bodies, badBody{body(row.path, row.value), row.path, row.code})
	}
	for _, bad := range bodies {
		t.Run(bad.code+" "+bad.body[:min(60, len(bad.body))], func(t *testing.T) {
			a := *a
			a.T = t
			a.unchanged(id, func() {
				for _, path := range []string{"clients/" + id.String(), "clients/" + id.String() + "?preview=true"} {
					got := a.edit("PATCH", path, 1, bad.body)
					require.Equal(t, http.StatusUnprocessableEntity, got.status, got.body)
					assert.Contains(t, codes(got.faults()), bad.path+" "+bad.code)
				}
			})
		})
	}
}

func codes(faults account.Faults) (all []string) {
	for _, f := range faults {
		all = append(all, f.Path+" "+f.Code)
	}
	return all
}

func TestRulesThatNeedAPast(t *testing.T) {
	a := newAPI(t)
	closed := a.create("acme", func(c *account.Account) { c.Status = account.StatusClosed })
	a.edit("PATCH", "clients/"+closed.String(), 1, `{"status":"active"}`).expect(422, "status", "status.transition")
	priced := a.create("priced", func(c *account.Account) { c.Credit.Limit = account.Some(decimal.NewFromInt(5)) })
	a.edit("PATCH", "clients/"+priced.String(), 1, `{"currency":"USD"}`).expect(422, "currency", "currency.amounts")
	p, err := a.svc.SaveProduct(t.Context(), account.Product{Name: "Dollars", Currency: "USD"}, account.Actor{}, "")
	require.NoError(t, err)
	a.edit("PATCH", "clients/"+priced.String(), 1, body("notes.product", p.ID.String())).expect(422, "notes.product", "product.currency")

	parent := a.create("parent", func(c *account.Account) { c.Sending.Subaccounts = true })
	a.create("child", func(c *account.Account) { c.Parent = parent })
	a.edit("PATCH", "clients/"+parent.String(), 1, `{"sending":{"subaccounts":false}}`).expect(422, "sending.subaccounts", "subaccounts.in_use")
}

func TestAllFaultsAtOnceByJSON(t *testing.T) {
	a := newAPI(t)
	id := a.create("acme", nil)
	got := a.edit("PATCH", "clients/"+id.String(), 1,
		`{"balance":"1","login":"ab","login":"abc","credit":{"limit":"10,50"},"sending":{"dlr_days":31,"web":"on"},"contact":{"country":"ZZ","company":null}}`)
	assert.ElementsMatch(t, []string{
		"balance field.unknown", "login field.duplicate", "credit.limit credit.comma", "sending.dlr_days dlr_days.range",
		"sending.web field.type", "contact.country country.unknown", "contact.company company.required",
	}, codes(got.faults()))
	assert.Contains(t, got.body, "Unknown field: balance.")
}

func TestACreationNeedsItsFields(t *testing.T) {
	a := newAPI(t)
	got := a.ask("POST", "clients", `{"contact":{"company":null},"currency":null}`, nil)
	require.Equal(t, 422, got.status)
	assert.ElementsMatch(t, []string{"login login.required", "password password.required", "contact.company company.required"}, codes(got.faults()))
	page := a.get("clients")
	assert.Empty(t, page.at("clients"))
}

func TestBodies(t *testing.T) {
	a := newAPI(t)
	id := a.create("acme", nil)
	nested := func(n int) string { return strings.Repeat(`{"x":`, n) + "1" + strings.Repeat("}", n) }
	sized := func(n int) string { return `{"notes":{"comments":"` + strings.Repeat("x", n-26) + `"}} ` }
	rows := []struct {
		name, body  string
		status      int
		field, code string
	}{
		{"nothing", "", 415, "body", "body.content_type"},
		{"blanks", "  ", 400, "body", "body.syntax"},
		{"cut short", `{"login":`, 400, "body", "body.syntax"},
		{"two values", `{} {}`, 400, "body", "body.syntax"},
		{"a word after", `{} x`, 400, "body", "body.syntax"},
		{"a comma too many", `{"login":"acme",}`, 400, "body", "body.syntax"},
		{"no colon", `{"login" "acme"}`, 400, "body", "body.syntax"},
		{"wrong bracket", `{"login":["x"}`, 400, "body", "body.syntax"},
		{"broken UTF-8", "{\"login\":\"a\xff\"}", 400, "body", "body.syntax"},
		{"half a surrogate", `{"login":"a\ud800"}`, 400, "body", "body.syntax"},
		{"surrogates the wrong way", `{"login":"\ude00\ud83d"}`, 400, "body", "body.syntax"},
		{"a byte order mark", "\ufeff{}", 400, "body", "body.syntax"},
		{"NaN", `{"credit":{"limit":NaN}}`, 400, "body", "body.syntax"},
		{"depth 8", nested(8), 422, "x", "field.unknown"},
		{"depth 9", nested(9), 400, "body", "body.depth"},
		{"depth 20,000", strings.Repeat("[", 20_000) + strings.Repeat("]", 20_000), 400, "body", "body.depth"},
		{"256 kB", sized(256 << 10), 422, "notes.comments", "comments.length"},
		{"256 kB and 1", sized(256<<10 + 1), 413, "body", "body.too_large"},
		{"1 MB", sized(1 << 20), 413, "body", "body.too_large"},
	}
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) {
			a := *a
			a.T = t
			a.unchanged(id, func() {
				a.edit("PATCH", "clients/"+id.String(), 1, row.body).expect(row.status, row.field, row.code)
			})
		})
	}
}

func TestASurrogatePairIsACharacter(t *testing.T) {
	a := newAPI(t)
	id := a.create("acme", nil)
	got := a.edit("PATCH", "clients/"+id.String(), 1, `{"notes":{"comments":"\ud83d\ude00 \\ud800"}}`)
	require.Equal(t, 200, got.status, got.body)
	assert.Equal(t, `😀 \ud800`, got.at("notes.comments"))
}

func TestContentTypes(t *testing.T) {
	a := newAPI(t)
	id := a.create("acme", nil)
	for contentType, status := range map[string]int{
		"application/json": 200, "application/json; charset=utf-8": 200, "Application/JSON;charset=UTF-8": 200,
		"application/merge-patch+json": 200, "text/plain": 415, "application/json; charset=latin1": 415, "application/x-www-form-urlencoded": 415, "": 415,
	} {
		got := a.ask("PATCH", "clients/"+id.String(), "{}", []string{"If-Match", `"1"`, "Content-Type", contentType})
		assert.Equal(t, status, got.status, contentType)
	}
}

func TestAnAnswerIsBounded(t *testing.T) {
	a := newAPI(t)
	id := a.create("acme", nil)
	var many strings.Builder
	for i := range 10_000 {
		many.WriteString(`"x` + strings.Repeat("0", i%7) + string(rune('a'+i%26)) + tag(int64(i))[1:] + `:1,`)
	}
	got := a.edit("PATCH", "clients/"+id.String(), 1, "{"+strings.TrimSuffix(many.String(), ",")+"}")
	assert.Equal(t, 422, got.status)
	assert.Len(t, got.faults(), 100)
	long := a.edit("PATCH", "clients/"+id.String(), 1, `{"`+strings.Repeat("ж", 100_000)+`":1}`)
	assert.Equal(t, 422, long.status)
	assert.Less(t, len(long.body), 2000)
}
