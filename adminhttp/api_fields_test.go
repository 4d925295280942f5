package adminhttp_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/account/accounttest"
)

// full is accounttest.Full as a JSON body, field by field in its JSON form.
func full(a *api) (account.Account, map[string]any) {
	a.Helper()
	want := accounttest.Full()
	want.Core.Manager = a.manager("Nina")
	product := accounttest.Product(1)
	product.Revision = 0
	saved, err := a.svc.SaveProduct(a.Context(), product, account.Actor{}, "")
	require.NoError(a, err)
	want.Notes.Product = saved.ID
	values := map[string]any{
		"login": "acme.full", "manager": want.Core.Manager.String(), "moderation": "manual", "time_zone": "Europe/Kyiv",
		"notification_limit":         map[string]any{"value": "-12.5", "unit": "money"},
		"dispatch":                   map[string]any{"days": []any{"mon", "tue", "wed", "thu", "fri"}, "from": "09:00", "to": "18:30"},
		"currency":                   "UAH",
		"credit.limit":               "1500.5",
		"credit.overdraw.limit":      "250.25",
		"credit.overdraw.expires_at": "2026-12-23T08:41:02.113456Z",
		"credit.overdraw.reason":     "Invoice 17 is on its way",
		"credit.shared":              true,
		"credit.cap":                 "999.95",
		"routing.priority":           3.0,
		"routing.bypass_blacklist":   true, "routing.dynamic_sender": true,
		"routing.senders": []any{"ACME", "Acme Shop", "380501112233"}, "routing.mo_smpp": true,
		"mail.daily_statistics": true,
		"contact.first_name":    "Zoë", "contact.last_name": "Ångström-Коваленко", "contact.contract": "C-2026/17",
		"contact.company": "Ünïted Messages & Söhne", "contact.credential": "UA123456789", "contact.phone": "+380501112233",
		"contact.country": "UA", "contact.telegram": "@acme_support", "contact.skype": "live:acme.support",
		"sending.dlr_days": 5.0, "status": "active", "expires_at": "2027-11-23T08:41:02.113456Z",
		"sending.smpp": true, "sending.api": true, "sending.web": true, "sending.rest": true, "sending.subaccounts": true,
		"mail.email": "office@acme.example", "mail.price_update": "prices@acme.example", "mail.billing": "billing@acme.example",
		"mail.price_format":  "xlsx",
		"webhooks.api_state": "https://hooks.acme.example.com/dlr?key=a%20b", "webhooks.api_incoming": "https://hooks.acme.example.com/mo",
		"webhooks.rest_state": "https://hooks.acme.example.com/v2/dlr", "webhooks.rest_incoming": "https://hooks.acme.example.com/v2/mo",
		"billing.enterprise": "private", "billing.invoice_days": []any{1.0, 15.0, 31.0},
		"billing.send_stats": true, "billing.send_invoices": true, "billing.to_email": true,
		"notes.comments": "Pays late.\nCall before 10:00, ask for Zoë.", "notes.product": saved.ID.String(),
	}
	for _, f := range account.Fields() {
		if _, given := values[f.Path]; !given && (f.Kind == account.FieldText || f.Kind == account.FieldLongText) {
			values[f.Path] = f.Text(want) // a text is the same in JSON
		}
	}
	return want, values
}

// nest puts values at their paths.
func nest(values map[string]any) string {
	top := map[string]any{}
	for path, v := range values {
		merge(top, body(path, v))
	}
	return text(top)
}

// Every field is set by a patch, read back, and recorded with old and new.
func TestEveryFieldByJSON(t *testing.T) {
	a := newAPI(t)
	want, values := full(a)
	values["password"], values["password_retype"] = accounttest.Password+"-2", accounttest.Password+"-2"
	for _, f := range account.Fields() {
		require.Contains(t, values, f.Path, "a field of the table is not in this test")
	}
	id := a.create("acme", nil)
	path := "clients/" + id.String()
	before := a.get(path)
	currency := a.edit("PATCH", path, 1, body("currency", values["currency"])) // only while all amounts are zero
	require.Equal(t, 200, currency.status, currency.body)
	changed := a.edit("PATCH", path, 2, nest(values))
	require.Equal(t, 200, changed.status, changed.body)

	stored, _ := a.state(id)
	read, recorded := a.get(path), a.recorded(path)
	for _, f := range account.Fields() {
		if f.Secret() {
			continue
		}
		assert.Equal(t, f.Text(want), f.Text(stored), "%s is stored", f.Path)
		shown, record := values[f.Path], map[string]any{"field": f.Path, "old": before.at(f.Path)}
		if url, ok := shown.(string); ok && f.Shown(url) != url { // what may be a token stays out
			shown, record["secret"] = f.Shown(url), true
		}
		record["new"] = shown
		assert.Equal(t, shown, read.at(f.Path), "%s is read back", f.Path)
		assert.Equal(t, record, recorded[f.Path])
	}
	assert.Equal(t, map[string]any{"field": "password", "old": nil, "new": nil, "secret": true}, recorded["password"])
	assert.Len(t, recorded, len(account.Fields())-1, "the two places of a password are one change")
	a.readIsPatch(path, read)
}

// recorded returns the field changes since the creation, by path.
func (a *api) recorded(path string) map[string]any {
	a.Helper()
	all := map[string]any{}
	records := a.get(path + "/changes").at("changes").([]any)
	for _, record := range records[:len(records)-1] {
		for _, fc := range record.(map[string]any)["fields"].([]any) {
			all[fc.(map[string]any)["field"].(string)] = fc
		}
	}
	return all
}

// readIsPatch sends back what was read, which changes nothing.
func (a *api) readIsPatch(path string, read answer) {
	a.Helper()
	again := read.object()
	for _, name := range []string{"id", "revision", "parent", "created_at", "updated_at", "effective", "effective_status"} {
		delete(again, name)
	}
	got := a.edit("PATCH", path, 3, text(again))
	require.Equal(a, 200, got.status, got.body)
	assert.Equal(a, `"3"`, got.header.Get("ETag"))
}

func TestNullIsTheDefault(t *testing.T) {
	a := newAPI(t)
	_, values := full(a)
	id := a.create("acme", nil)
	path := "clients/" + id.String()
	require.Equal(t, 200, a.edit("PATCH", path, 1, `{"currency":"UAH"}`).status)
	require.Equal(t, 200, a.edit("PATCH", path, 2, nest(values)).status)
	contact := map[string]any{}
	for _, f := range account.Fields() {
		if name, of := strings.CutPrefix(f.Path, "contact."); of && name != "company" {
			contact[name] = nil
		}
	}
	cleared := a.edit("PATCH", path, 3, `{"manager":null,"notification_limit":null,"moderation":null,"time_zone":null,"dispatch":null,
		"credit":null,"routing":null,"mail":null,"webhooks":null,"billing":null,"notes":null,"expires_at":null,
		"sending":{"dlr_days":null,"smpp":null,"api":null,"web":null,"rest":null,"subaccounts":null},"contact":`+text(contact)+`}`)
	require.Equal(t, 200, cleared.status, cleared.body)
	stored, _ := a.state(id)
	for _, f := range account.Fields() {
		switch f.Path {
		case "login", "status", "currency", "contact.company": // not cleared here
		default:
			assert.Equal(t, f.Text(account.New()), f.Text(stored), f.Path)
		}
	}
}

// The text forms of the fields that have a form of their own in JSON.
func TestTextFormsAreTaken(t *testing.T) {
	a := newAPI(t)
	id := a.create("acme", nil)
	path := "clients/" + id.String()
	got := a.edit("PATCH", path, 1, `{"dispatch":"09:00-18:00","notification_limit":5000,"routing":{"senders":"A1, B2","priority":"2"},
		"billing":{"invoice_days":"15, 1, 1"},"credit":{"limit":0.1}}`)
	require.Equal(t, 200, got.status, got.body)
	assert.Equal(t, map[string]any{"days": []any{"mon", "tue", "wed", "thu", "fri", "sat", "sun"}, "from": "09:00", "to": "18:00"}, got.at("dispatch"))
	assert.Equal(t, map[string]any{"value": "5000", "unit": "messages"}, got.at("notification_limit"))
	assert.Equal(t, []any{"A1", "B2"}, got.at("routing.senders"))
	assert.Equal(t, []any{1.0, 15.0}, got.at("billing.invoice_days"))
	assert.Equal(t, "0.1", got.at("credit.limit"))
	assert.InDelta(t, 2, got.at("routing.priority"), 0)
}
