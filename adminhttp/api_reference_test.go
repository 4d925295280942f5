package adminhttp_test

import (
	"net/url"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/account/accounttest"
	"github.com/clientaccount/clientaccount/adminhttp"
)

func TestManagersByJSON(t *testing.T) {
	a := newAPI(t)
	made := a.ask("POST", "managers", `{"name":"Nina","email":"nina@platform.example","phone":"+380 50 111 22 33"}`, nil)
	require.Equal(t, 201, made.status, made.body)
	path := "managers/" + made.at("id").(string)
	assert.Equal(t, "../api/"+path, made.header.Get("Location"))
	assert.Equal(t, "+380501112233", made.at("phone"))
	assert.Equal(t, made.body, a.get(path).body)
	assert.Len(t, a.get("managers").at("managers"), 1)

	changed := a.edit("PUT", path, 1, `{"name":"Nina K"}`)
	require.Equal(t, 200, changed.status, changed.body)
	assert.Nil(t, changed.at("email"), "what is left out is unset")
	assert.Equal(t, `"2"`, changed.header.Get("ETag"))

	lost := a.edit("PUT", path, 1, `{"name":"Other"}`)
	lost.expect(412, "version", "version.conflict")
	assert.Equal(t, []any{map[string]any{"field": "name", "was": "Nina", "theirs": "Nina K", "yours": "Other", "actor": lost.at("actor"), "at": lost.at("at")}}, lost.at("fields"))
	assert.NotNil(t, lost.at("actor"))
	a.ask("PUT", path, `{"name":"x"}`, nil).expect(428, "version", "version.required")
	a.ask("PUT", path, `{"name":"x"}`, []string{"If-Match", `W/"2"`}).expect(412, "version", "version.conflict")
	a.edit("PUT", path, 2, `{"name":"","email":"a@","phone":12,"id":"x"}`).faulty(t, "phone field.type", "id field.unknown")
	a.edit("PUT", path, 2, `{"name":"","email":"a@","phone":"12"}`).faulty(t, "name manager_name.required", "email email.format", "phone phone.format")

	id, _ := account.ParseID(made.at("id").(string))
	client := a.create("acme", func(c *account.Account) { c.Core.Manager = id })
	a.ask("DELETE", path, "", nil).expect(409, "id", "reference.in_use")
	require.Equal(t, 200, a.edit("PATCH", "clients/"+client.String(), 1, `{"manager":null}`).status)
	a.edit("DELETE", path, 1, "").expect(412, "version", "version.conflict")
	assert.Equal(t, 204, a.edit("DELETE", path, 2, "").status)
	for _, method := range []string{"GET", "DELETE"} {
		a.ask(method, path, "", nil).expect(404, "id", "not_found")
	}
	a.edit("PUT", path, 2, `{"name":"x"}`).expect(404, "id", "not_found")
}

// faulty holds a 422 against all of its faults.
func (a answer) faulty(t *testing.T, want ...string) {
	t.Helper()
	require.Equal(t, 422, a.status, a.body)
	assert.ElementsMatch(t, want, codes(a.faults()))
}

func TestProductsByJSON(t *testing.T) {
	a := newAPI(t)
	made := a.ask("POST", "products", `{"name":"Retail","currency":"EUR","price":0.0312,"credit_limit":"100","priority":2,"dlr_days":7,"moderation":"automatic","refunds":["timeout","UNDELIV"]}`, nil)
	require.Equal(t, 201, made.status, made.body)
	path := "products/" + made.at("id").(string)
	for name, want := range map[string]any{
		"name": "Retail", "currency": "EUR", "price": "0.0312", "priority": 2.0, "dlr_days": 7.0, "moderation": "automatic", "credit_limit": "100.00",
		"pricing": "sent", "refunds": []any{"UNDELIV", "timeout"},
	} {
		assert.Equal(t, want, made.at(name), name)
	}
	read := made.object()
	delete(read, "id")
	delete(read, "revision")
	again := a.edit("PUT", path, 1, text(read))
	require.Equal(t, 200, again.status, again.body)
	require.Equal(t, `"1"`, again.header.Get("ETag"), "nothing differs, and nothing was written")
	assert.Equal(t, made.at("price"), again.at("price"))

	a.edit("PUT", path, 1, `{"name":"R","price":"10,50","priority":9,"dlr_days":1.5}`).faulty(t,
		"currency currency.required", "price price.comma", "priority priority.range", "dlr_days dlr_days.range")
	a.edit("PUT", path, 1, `{"name":"R","price":"1"}`).faulty(t, "currency currency.required")
	a.edit("PUT", path, 1, `{"name":"R","pricing":"weekly","refunds":["LOST"]}`).faulty(t, "pricing pricing.choice", "refunds refunds.format")
	a.edit("PUT", path, 1, `{"name":"R","refunds":["DELIVRD"]}`).faulty(t, "refunds refunds.refundable")
	a.edit("PUT", path, 1, `{"name":"R","refunds":[5]}`).faulty(t, "refunds field.type")
	a.edit("PUT", path, 1, `{"name":"R","pricing":"delivered","refunds":"REJECTD"}`).faulty(t, "refunds refunds.delivered")
	id, _ := account.ParseID(made.at("id").(string))
	client := a.create("acme", func(c *account.Account) { c.Notes.Product = id })
	a.edit("PUT", path, 1, `{"name":"Retail","currency":"USD"}`).expect(409, "id", "reference.in_use")
	a.ask("DELETE", path, "", nil).expect(409, "id", "reference.in_use")
	effective := a.get("clients/" + client.String()).at("effective").(map[string]any)
	assert.Equal(t, map[string]any{"value": 2.0, "origin": "product"}, effective["routing.priority"])
	assert.Equal(t, map[string]any{"value": "automatic", "origin": "product"}, effective["moderation"])
	assert.Equal(t, again.body, a.get(path).body)
	a.get("products/"+accounttest.ID(7).String()).expect(404, "id", "not_found")
	require.Equal(t, 200, a.edit("PATCH", "clients/"+client.String(), 1, `{"notes":{"product":null}}`).status)
	assert.Equal(t, 204, a.ask("DELETE", path, "", nil).status)
	a.get(path).expect(404, "id", "not_found")
}

// With preview, a product is not replaced: it is told which clients would get other values, as far as one
// sees them.
func TestAProductsPreviewByJSON(t *testing.T) {
	a := newAPI(t)
	made := a.ask("POST", "products", `{"name":"Bulk","currency":"EUR","credit_limit":"5000"}`, nil)
	require.Equal(t, 201, made.status, made.body)
	id, _ := account.ParseID(made.at("id").(string))
	inherits := a.create("inherits", func(c *account.Account) { c.Notes.Product = id })
	a.create("its-own", func(c *account.Account) {
		c.Notes.Product, c.Credit.Limit = id, account.Some(account.Amount("7"))
	})
	const path, body = "products/", `{"name":"Bulk","currency":"EUR","credit_limit":"100"}`
	seen := a.edit("PUT", path+id.String()+"?preview=true", 1, body)
	require.Equal(t, 200, seen.status, seen.body)
	assert.JSONEq(t, `{"clients":2,"touched":1,"unread":0,"hidden":false,"effects":[{"client":"`+inherits.String()+`","login":"inherits","changes":[{"field":"credit_limit","old":"5000","new":"100"}]}]}`, seen.body)
	assert.Equal(t, "5000.00", a.get(path+id.String()).at("credit_limit"), "nothing is written")
	a.edit("PUT", path+id.String()+"?preview=true", 2, body).expect(412, "version", "version.conflict")
	a.edit("PUT", path+id.String()+"?preview=maybe", 1, body).expect(422, "preview", "preview.flag")
	a.policy.Field = func(path string) adminhttp.Access {
		return map[bool]adminhttp.Access{true: adminhttp.Hidden, false: adminhttp.Write}[path == "credit.limit"]
	}
	hidden := a.edit("PUT", path+id.String()+"?preview=true", 1, body)
	assert.JSONEq(t, `{"clients":0,"touched":0,"unread":0,"hidden":true,"effects":[]}`, hidden.body)
	a.policy.Field = nil
	require.Equal(t, 200, a.edit("PUT", path+id.String(), 1, body).status)
}

// The history of a product by JSON, and a change taken back, as those of a client.
func TestTheHistoryOfAProductByJSON(t *testing.T) {
	a := newAPI(t)
	made := a.ask("POST", "products?reason=new", `{"name":"Plain","currency":"EUR","credit_limit":"5000"}`, nil)
	require.Equal(t, 201, made.status, made.body)
	path := "products/" + made.at("id").(string)
	id, _ := account.ParseID(made.at("id").(string))
	a.create("acme", func(c *account.Account) { c.Notes.Product = id })
	require.Equal(t, 200, a.edit("PUT", path+"?reason=a+slip", 1, `{"name":"Plain","currency":"EUR","credit_limit":"100","price":5}`).status)

	list := a.get(path + "/changes?limit=1")
	record := list.at("changes").([]any)[0].(map[string]any)
	assert.Equal(t, []any{2.0, "updated", "a slip"}, []any{record["revision"], record["kind"], record["reason"]})
	assert.Equal(t, map[string]any{"field": "credit_limit", "old": "5000", "new": "100"}, record["fields"].([]any)[1])
	older := a.get(path + "/changes?limit=1&cursor=" + url.QueryEscape(list.at("next").(string)))
	assert.Equal(t, "created", older.at("changes").([]any)[0].(map[string]any)["kind"])
	assert.Nil(t, older.at("next"))
	assert.Len(t, a.get(path+"/changes?field=price").at("changes"), 1)
	a.get(path+"/changes?field=login").expect(422, "field", "field.unknown")
	a.get(path+"/changes?cursor="+url.QueryEscape(list.at("next").(string))+"&field=price").expect(422, "cursor", "cursor.invalid")

	seen := a.edit("POST", path+"/changes/2/undo?preview=true", 2, "")
	require.Equal(t, 200, seen.status, seen.body)
	assert.Equal(t, 1.0, seen.at("touched"))
	a.edit("POST", path+"/changes/2/undo", 1, "").expect(412, "version", "version.conflict")
	a.ask("POST", path+"/changes/2/undo", "", nil).expect(428, "version", "version.required")
	undone := a.edit("POST", path+"/changes/2/undo?reason=it+was", 2, "")
	require.Equal(t, 200, undone.status, undone.body)
	assert.Equal(t, []any{"5000.00", nil, `"3"`}, []any{undone.at("credit_limit"), undone.at("price"), undone.header.Get("ETag")})
	superseded := a.edit("POST", path+"/changes/2/undo", 3, "")
	superseded.faulty(t, "price change.superseded", "credit_limit change.superseded")
	a.edit("POST", path+"/changes/1/undo", 3, "").expect(422, "change", "change.final")
	for _, none := range []string{"99", "0", "-1", "x"} {
		a.edit("POST", path+"/changes/"+none+"/undo", 3, "").expect(404, "id", "not_found")
	}
	a.get("products/"+accounttest.ID(99).String()+"/changes").expect(404, "id", "not_found")
	a.get("managers/"+made.at("id").(string)+"/changes").expect(404, "id", "not_found")
}

// The history of a manager by JSON, and a change taken back.
func TestTheHistoryOfAManagerByJSON(t *testing.T) {
	a := newAPI(t)
	made := a.ask("POST", "managers", `{"name":"Olena"}`, nil)
	require.Equal(t, 201, made.status, made.body)
	path := "managers/" + made.at("id").(string)
	require.Equal(t, 200, a.edit("PUT", path+"?reason=a+slip", 1, `{"name":"Olga"}`).status)
	changes := a.get(path + "/changes")
	require.Equal(t, 200, changes.status, changes.body)
	assert.Len(t, changes.at("changes"), 2)
	undone := a.edit("POST", path+"/changes/2/undo", 2, "")
	require.Equal(t, 200, undone.status, undone.body)
	assert.Equal(t, "Olena", undone.at("name"))
}
