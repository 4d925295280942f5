package adminhttp_test

import (
	"html"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/account/accounttest"
)

// badForm is something typed that is refused: pairs of names and values, the
// field it is refused at, and the text beside it.
type badForm struct {
	name  string
	pairs []string
	path  string
	text  string
}

var at = accounttest.Now

func badForms() []badForm {
	const (
		loginLength = "Login must have 3 to 64 characters."
		loginChars  = "Login may contain only a-z, 0-9, dot, hyphen and underscore."
		limit       = "Enter a whole number of messages from 0 to 2,147,483,647, or leave empty."
		zone        = "Unknown time zone."
		address     = "Enter one e-mail address."
		phone       = "Use international format, for example +380501112233."
	)
	local := "2006-01-02T15:04"
	return []badForm{
		{"no login", []string{"login", ""}, "login", "Login is required."},
		{"short login", []string{"login", "ab"}, "login", loginLength},
		{"login with a space", []string{"login", "ac me"}, "login", loginChars},
		{"login with a Cyrillic letter", []string{"login", "аcme"}, "login", loginChars},
		{"login of another", []string{"login", "TAKEN"}, "login", "This login is already in use."},
		{"login too long for SMPP", []string{"login", "sixteen-letters-", "sending.smpp", "true", "_flag", "sending.smpp"}, "login", "With SMPP sending on, the login must have at most 15 characters."},
		{"short password", []string{"password", "short1", "password_retype", "short1"}, "password", "Password must have 8 to 128 characters."},
		{"long password", []string{"password", strings.Repeat("ax7", 43), "password_retype", strings.Repeat("ax7", 43)}, "password", "Password must have 8 to 128 characters."},
		{"common password", []string{"password", "password", "password_retype", "password"}, "password", "This password is too common."},
		{"password with the login", []string{"password", "my-client-77", "password_retype", "my-client-77"}, "password", "The password must not contain the login or company name."},
		{"password mistyped", []string{"password", "plum-Kettle-8", "password_retype", "plum-Kettle-9"}, "password", "The two passwords differ."},
		{"password not repeated", []string{"password", "plum-Kettle-8", "password_retype", ""}, "password", "Repeat the password."},
		{"unknown manager", []string{"manager", accounttest.ID(99).String()}, "manager", "This manager does not exist."},
		{"manager that is no id", []string{"manager", "Olena"}, "manager", "This manager does not exist."},
		{"negative limit", []string{"notification_limit", "-1", "notification_limit.unit", "messages"}, "notification_limit", limit},
		{"huge limit", []string{"notification_limit", "9223372036854775808", "notification_limit.unit", "messages"}, "notification_limit", limit},
		{"misspelt zone", []string{"time_zone", "Europe/Kyivv"}, "time_zone", zone},
		{"local zone", []string{"time_zone", "Local"}, "time_zone", zone},
		{"no zone", []string{"time_zone", ""}, "time_zone", zone},
		{"zone out of the directory", []string{"time_zone", "../etc/passwd"}, "time_zone", zone},
		{"offset", []string{"time_zone", "UTC+3"}, "time_zone", zone},
		{"hours in words", []string{"dispatch.days", "Mon", "dispatch.from", "nine", "dispatch.to", "18"}, "dispatch", "Use HH:MM–HH:MM, for example 09:00–18:00."},
		{"past midnight", []string{"dispatch.days", "Mon", "dispatch.from", "09:00", "dispatch.to", "24:01"}, "dispatch", "Hours go from 00:00 to 24:00."},
		{"end only", []string{"dispatch.days", "Mon", "dispatch.from", "", "dispatch.to", "18:00"}, "dispatch", "Give both start and end."},
		{"start is end", []string{"dispatch.days", "Mon", "dispatch.from", "09:00", "dispatch.to", "09:00"}, "dispatch", "Start and end are the same; for the whole day use 00:00–24:00."},
		{"no day", []string{"dispatch.from", "09:00", "dispatch.to", "18:00"}, "dispatch", "Choose at least one day of the week."},
		{"no such currency", []string{"currency", "EURO"}, "currency", "Choose a currency from the list."},
		{"currency in lower case", []string{"currency", "eur "}, "currency", "Choose a currency from the list."},
		{"two ways to read it", []string{"credit.limit", "1,500"}, "credit.limit", "This can be read in two ways: say which you mean."},
		{"two points", []string{"credit.limit", "1.5.0"}, "credit.limit", "Enter an amount, for example 100.00."},
		{"three decimals", []string{"credit.limit", "0.005"}, "credit.limit", "At most 2 decimals for EUR."},
		{"negative credit", []string{"credit.limit", "-5"}, "credit.limit", "The credit cannot be negative."},
		{"exponent", []string{"credit.limit", "1e400"}, "credit.limit", "The amount is too large."},
		{"overdraw without end", []string{"credit.overdraw.limit", "50"}, "credit.overdraw.expires_at", "A temporary credit needs an end date."},
		{"overdraw that ended", []string{"credit.overdraw.limit", "50", "credit.overdraw.expires_at", at().AddDate(0, 0, -1).Format(local)}, "credit.overdraw.expires_at", "The end must be in the future."},
		{"overdraw for long", []string{"credit.overdraw.limit", "50", "credit.overdraw.expires_at", at().AddDate(0, 0, 91).Format(local)}, "credit.overdraw.expires_at", "The end must be within 90 days."},
		{"priority in words", []string{"routing.priority", "high"}, "routing.priority", "Choose a priority from 0 to 3."},
		{"priority 4", []string{"routing.priority", "4"}, "routing.priority", "Choose a priority from 0 to 3."},
		{"long name", []string{"contact.first_name", strings.Repeat("n", 101)}, "contact.first_name", "At most 100 characters."},
		{"contract of another", []string{"contact.contract", "C-1"}, "contact.contract", "This contract number belongs to another client."},
		{"short phone", []string{"contact.phone", "12"}, "contact.phone", phone},
		{"phone with 00", []string{"contact.phone", "00380501112233"}, "contact.phone", phone},
		{"no such country", []string{"contact.country", "ZZ"}, "contact.country", "Choose a country from the list."},
		{"short Telegram name", []string{"contact.telegram", "@a"}, "contact.telegram", "Use a Telegram name like @acme_support."},
		{"script as Telegram name", []string{"contact.telegram", "javascript:alert(1)"}, "contact.telegram", "Use a Telegram name like @acme_support."},
		{"script as Skype name", []string{"contact.skype", "<script>"}, "contact.skype", "Use a Skype name."},
		{"no days", []string{"sending.dlr_days", "0"}, "sending.dlr_days", "Choose 1 to 30 days."},
		{"half days", []string{"sending.dlr_days", "1.5"}, "sending.dlr_days", "Choose 1 to 30 days."},
		{"no such status", []string{"status", "Deleted"}, "status", "Choose a status from the list."},
		{"status with a blank", []string{"status", "ACTIVE "}, "status", "Choose a status from the list."},
		{"half an address", []string{"mail.email", "a@"}, "mail.email", address},
		{"two addresses", []string{"mail.email", "a@c.io,b@c.io"}, "mail.email", address},
		{"long address", []string{"mail.email", strings.Repeat("a", 60) + "@" + strings.Repeat("abcdefg.", 25) + "io"}, "mail.email", "At most 254 characters."},
		{"prices without a format", []string{"mail.price_update", "p@c.io"}, "mail.price_update", "Choose a price format."},
		{"bills to nowhere", []string{"billing.to_email", "true", "_flag", "billing.to_email"}, "mail.billing", `Give the billing e-mail or switch "Send to email" off.`},
		{"no such format", []string{"mail.price_format", "xls"}, "mail.price_format", "Choose a format from the list."},
		{"private address", []string{"webhooks.rest_state", "http://10.0.0.1/x"}, "webhooks.rest_state", "This address is private or reserved and cannot receive callbacks."},
		{"name of ours", []string{"webhooks.api_state", "https://hooks.example-client.com/?msgid=1"}, "webhooks.api_state", "The parameter msgid is added by us; rename yours."},
		{"long URL", []string{"webhooks.api_state", "https://example-client.com/" + strings.Repeat("x", 2048)}, "webhooks.api_state", "At most 2,048 characters."},
		{"no such kind", []string{"billing.enterprise", "LLC"}, "billing.enterprise", "Choose Company or Private."},
		{"company without a name", []string{"contact.company", ""}, "contact.company", "A company needs its name."},
		{"two commas", []string{"billing.invoice_days", "1,,5"}, "billing.invoice_days", "Separate days by commas, for example 1,15."},
		{"day 32", []string{"billing.invoice_days", "32"}, "billing.invoice_days", "Days go from 1 to 31."},
		{"invoices without days", []string{"billing.send_invoices", "true", "_flag", "billing.send_invoices"}, "billing.invoice_days", `Give at least one day or switch "Send invoices" off.`},
		{"long comments", []string{"notes.comments", strings.Repeat("c", 4001)}, "notes.comments", "At most 4,000 characters."},
		{"no such product", []string{"notes.product", accounttest.ID(99).String()}, "notes.product", "This product does not exist."},
		{"flag that is neither", []string{"sending.web", "maybe", "_flag", "sending.web"}, "sending.web", "Choose on or off."},
	}
}

// TestBadInputByForm: the text beside the field and in the summary with a link,
// what was typed still there but for passwords, nothing written.
func TestBadInputByForm(t *testing.T) {
	s := newSite(t)
	s.create("taken", func(a *account.Account) { a.Contact.Contract = "C-1" })
	a := s.create("client", nil)
	for _, bad := range badForms() {
		t.Run(bad.name, func(t *testing.T) {
			r := s.save(a, append(bad.pairs, "contact.last_name", "Bondar, typed")...)
			assert.Equal(t, http.StatusUnprocessableEntity, r.code)
			field := html.UnescapeString(r.field(bad.path))
			id := "f-" + strings.NewReplacer(".", "-", "_", "-").Replace(bad.path)
			assert.Contains(t, field, "<span>"+bad.text+"</span>")
			assert.Contains(t, field, `aria-invalid="true"`)
			assert.Contains(t, field, id+"-fault")
			assert.Contains(t, r.html, `<li><a href="#`+id+`">`)
			assert.Contains(t, r.html, ` id="`+id+`"`, "the link leads nowhere")
			assert.Contains(t, r.field("contact.last_name"), `value="Bondar, typed"`)
			keeps(t, r, bad)
			s.assertSame(a, 1)
		})
	}
}

// keeps asserts that what was typed is on the page, or for a password is not.
func keeps(t *testing.T, r reply, bad badForm) {
	t.Helper()
	if typed := bad.pairs[1]; bad.pairs[0] == "password" {
		assert.NotContains(t, strings.ReplaceAll(r.html, `type="password"`, ""), `value="`+typed)
	} else if f, _ := account.FieldAt(bad.pairs[0]); f.Kind != account.FieldFlag && f.Path != "" {
		assert.Contains(t, html.UnescapeString(r.field(bad.pairs[0])), typed)
	}
}

// TestAllFaultsAreOnThePageAtOnce counts them for each section and in the bar.
func TestAllFaultsAreOnThePageAtOnce(t *testing.T) {
	s := newSite(t)
	a := s.create("client", nil)
	r := s.save(a, "login", "a", "credit.limit", "10,500", "routing.priority", "9", "contact.phone", "1")
	for _, said := range []string{"4 things have to be corrected", "4 errors to correct", "Core client settings 1 changed 1 error", "Financial settings 2 changed 2 errors"} {
		assert.Contains(t, strings.ReplaceAll(r.text(), "  ", " "), said)
	}
	s.assertSame(a, 1)
}

func TestBadInputOnTheNewPage(t *testing.T) {
	s := newSite(t)
	r := s.post("clients/new", map[string][]string{"login": {"ab"}, "contact.company": {"Acme & Söhne"}})
	assert.Equal(t, http.StatusUnprocessableEntity, r.code)
	assert.Contains(t, r.field("login"), "Login must have 3 to 64 characters.")
	assert.Contains(t, r.field("password"), "Password is required.")
	assert.Contains(t, r.field("contact.company"), `value="Acme &amp; Söhne"`)
}

// What cannot be read and what breaks a rule are told at once, each in words.
func TestEveryFaultOfAProductIsTold(t *testing.T) {
	s := newSite(t)
	long := "1." + strings.Repeat("1", 100)
	for price, text := range map[string]string{
		"1,500": "This can be read in two ways: say which you mean.", "x": "Enter an amount, for example 0.0312.", "1.12345678": "At most 6 decimals.", long: "At most 6 decimals.",
	} {
		page := s.post("products/new", url.Values{"name": {" "}, "currency": {"ZZZ"}, "price": {price}, "credit_limit": {long}, "dlr_days": {"x"}})
		assert.Equal(t, http.StatusUnprocessableEntity, page.code)
		for path, want := range map[string]string{
			"name": "A product needs a name.", "currency": "Choose a currency from the list.", "price": text,
			"credit_limit": "At most 6 decimals for any currency.", "dlr_days": "Choose 1 to 30 days.",
		} {
			assert.Contains(t, page.field(path), want, "%s with price %s", path, price)
		}
	}
}

// A set is what is ticked of it, nothing included.
func TestRefundsOfAProductAreTicked(t *testing.T) {
	s := newSite(t)
	p := product(s, "Gold", "EUR")
	edit := "products/" + p.ID.String() + "/edit"
	form := url.Values{"revision": {"1"}, "name": {"Gold"}, "currency": {"EUR"}, "pricing": {"sent"}, "_flag": {"refunds"}, "refunds.chosen": {"timeout", "REJECTD"}}
	require.Equal(t, http.StatusSeeOther, s.post(edit, form).code)
	stored, err := s.svc.Product(t.Context(), p.ID)
	require.NoError(t, err)
	assert.Equal(t, account.RefundPolicy{States: account.States(account.StateRejected), Timeout: true}, stored.Refunds)
	assert.Equal(t, 2, strings.Count(s.get(edit).field("refunds"), " checked"))
	assert.Contains(t, s.get("products").text(), "Rejected, No report in time")

	form.Set("revision", "2")
	form.Set("pricing", "delivered")
	page := s.post(edit, form)
	assert.Equal(t, http.StatusUnprocessableEntity, page.code)
	assert.Contains(t, page.field("refunds"), account.NewFault("refunds", "refunds.delivered").Text)
	assert.Contains(t, page.field("pricing"), "was Sent messages")
	form.Del("refunds.chosen")
	require.Equal(t, http.StatusSeeOther, s.post(edit, form).code)
	stored, err = s.svc.Product(t.Context(), p.ID)
	require.NoError(t, err)
	assert.Zero(t, stored.Refunds)

	page = s.get("products/new")
	assert.NotContains(t, page.field("pricing"), "Not given", "one of them counts in any case")
	page = s.post(edit, url.Values{"revision": {"3"}, "name": {"Gold"}, "_flag": {"refunds"}, "refunds.chosen": {"LOST"}})
	assert.Contains(t, page.field("refunds"), account.NewFault("refunds", "refunds.format").Text)
}
