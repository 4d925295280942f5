package adminhttp_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/clientaccount/clientaccount"
	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/account/accounttest"
	"github.com/clientaccount/clientaccount/adminhttp"
)

// fields returns a policy that says something else of some fields.
func fields(other map[string]adminhttp.Access) func(string) adminhttp.Access {
	return func(path string) adminhttp.Access {
		if access, ok := other[path]; ok {
			return access
		}
		return adminhttp.Write
	}
}

// Outside the scope is the same as missing, byte for byte, whatever is asked.
func TestOutsideTheScopeIsMissingByJSON(t *testing.T) {
	a := newAPI(t)
	mine, other := a.manager("Mine"), a.manager("Other")
	own := a.create("own", func(c *account.Account) { c.Core.Manager = mine })
	theirs := a.create("theirs", func(c *account.Account) { c.Core.Manager = other })
	a.policy.Scope = adminhttp.ClientsOf(mine)
	require.Equal(t, 200, a.get("clients/"+own.String()).status)
	a.unchanged(theirs, func() {
		for _, row := range []struct{ method, path, body string }{
			{"GET", "", ""},
			{"HEAD", "", ""},
			{"PATCH", "", `{"notes":{"comments":"x"}}`},
			{"PATCH", "", `{{{`},
			{"PATCH", "?preview=true", "{}"},
			{"PUT", "/password", `{"password":"marble-Sunday-44"}`},
			{"POST", "/gateway-password", ""},
			{"GET", "/changes", ""},
			{"POST", "/changes/1/undo", ""},
			{"GET", "/changes?cursor=x", ""},
		} {
			for _, headers := range [][]string{nil, {"If-Match", `"1"`}, {"If-Match", `"1"`, "Content-Type", "text/plain"}} {
				outside := a.ask(row.method, "clients/"+theirs.String()+row.path, row.body, headers)
				missing := a.ask(row.method, "clients/"+accounttest.ID(77).String()+row.path, row.body, headers)
				nonsense := a.ask(row.method, "clients/1 or 1=1"+row.path, row.body, headers)
				require.Equal(t, http.StatusNotFound, outside.status, "%s %s", row.method, row.path)
				for _, same := range []answer{missing, nonsense} {
					assert.Equal(t, outside.body, same.body)
					outside.header.Set("Date", same.header.Get("Date"))
					assert.Equal(t, outside.header, same.header)
				}
			}
		}
	})
	page := a.get("clients")
	assert.Len(t, page.at("clients"), 1)
	assert.NotContains(t, a.get("clients?manager="+other.String()).body, "theirs")
}

func TestManagersOutsideTheScope(t *testing.T) {
	a := newAPI(t)
	mine, other := a.manager("Mine"), a.manager("Other")
	own := a.create("own", func(c *account.Account) { c.Core.Manager = mine })
	a.policy.Scope = adminhttp.ClientsOf(mine)
	unknown := accounttest.ID(77)
	for _, path := range []string{"clients/" + own.String(), "clients/" + own.String() + "?preview=true"} {
		given := a.edit("PATCH", path, 1, body("manager", other.String()))
		given.expect(422, "manager", "manager.unknown")
		assert.Equal(t, given.body, a.edit("PATCH", path, 1, body("manager", unknown.String())).body)
	}
	a.edit("PATCH", "clients/"+own.String(), 1, `{"manager":null}`).expect(422, "manager", "manager.unknown")
	assert.Equal(t, a.get("managers/"+unknown.String()).body, a.get("managers/"+other.String()).body)
	assert.NotContains(t, a.get("managers").body, "Other")
	for _, method := range []string{"PUT", "DELETE"} {
		a.edit(method, "managers/"+other.String(), 1, `{"name":"x"}`).expect(404, "id", "not_found")
	}
	nobodys := a.ask("POST", "clients", `{"login":"new","password":"`+accounttest.Password+`","password_retype":"`+accounttest.Password+`","contact":{"company":"N"}}`, nil)
	assert.Equal(t, 201, nobodys.status, "theirs, as the page begins with it")
	assert.Equal(t, mine.String(), nobodys.at("manager"))
	theirs := a.ask("POST", "clients", `{"login":"other","password":"`+accounttest.Password+`","password_retype":"`+accounttest.Password+`","contact":{"company":"N"},"manager":"`+other.String()+`"}`, nil)
	theirs.expect(422, "manager", "manager.unknown")
	_, err := a.svc.ByLogin(t.Context(), "other")
	assert.ErrorIs(t, err, account.ErrNotFound)
}

// A hidden field appears nowhere, and what is sent for it is as unknown as a name
// that never was, so that its value cannot be guessed.
func TestHiddenFields(t *testing.T) {
	a := newAPI(t)
	id := a.create("secretive", func(c *account.Account) { c.Notes.Comments, c.Contact.Company = "pays late", "Old" })
	path := "clients/" + id.String()
	require.Equal(t, 200, a.edit("PATCH", path, 1, `{"notes":{"comments":"pays early"},"contact":{"company":"New"}}`).status)
	a.policy.Field = fields(map[string]adminhttp.Access{
		"notes.pinned": adminhttp.Hidden, "notes.comments": adminhttp.Hidden, "notes.product": adminhttp.Hidden, "login": adminhttp.Hidden, "status": adminhttp.Hidden,
		"contact.country": adminhttp.Hidden, "credit.limit": adminhttp.Hidden,
	})
	for _, where := range []string{path, path + "/changes", "clients"} {
		got := a.get(where).body
		for _, hidden := range []string{"pays", "comments", "notes", "login", "secretive", "effective_status", "own_status", "\"status\"", "country", "credit.limit"} {
			assert.NotContains(t, got, hidden, where)
		}
	}
	for _, guess := range []string{"pays early", "anything"} {
		a.edit("PATCH", path, 2, body("notes.comments", guess)).expect(422, "notes", "field.unknown")
	}
	lost := a.edit("PATCH", path, 1, `{"contact":{"company":"Mine"}}`)
	assert.Equal(t, 412, lost.status)
	assert.NotContains(t, lost.body, "pays")
	for _, query := range []string{"status=active", "product=none", "country=UA"} {
		name, _, _ := strings.Cut(query, "=")
		a.get("clients?"+query).expect(422, name, "query.unknown")
	}
	a.get(path+"/changes?field=notes.comments").expect(422, "field", "field.unknown")
	a.edit("POST", path+"/changes/2/undo", 2, "").expect(422, "request", "field.hidden")
	hiddenRule := a.edit("PATCH", path, 2, `{"currency":"USD","sending":{"smpp":true}}`)
	assert.Equal(t, 200, hiddenRule.status)
}

func TestAFaultOfAHiddenFieldDoesNotNameIt(t *testing.T) {
	a := newAPI(t)
	id := a.create("a-login-of-sixteen", nil)
	a.policy.Field = fields(map[string]adminhttp.Access{"login": adminhttp.Hidden})
	got := a.edit("PATCH", "clients/"+id.String(), 1, `{"sending":{"smpp":true}}`)
	got.expect(422, "request", "field.hidden")
	assert.NotContains(t, strings.ToLower(got.body), "login")
}

func TestReadOnlyFields(t *testing.T) {
	a := newAPI(t)
	id := a.create("acme", nil)
	a.policy.Field = fields(map[string]adminhttp.Access{"credit.limit": adminhttp.Read, "contact.company": adminhttp.Read})
	path := "clients/" + id.String()
	a.unchanged(id, func() {
		got := a.edit("PATCH", path, 1, `{"credit":{"limit":"5"},"notes":{"comments":"x"}}`)
		got.expect(422, "credit.limit", "field.forbidden")
		assert.Contains(t, got.body, "You cannot change: credit.limit.")
		assert.Equal(t, 200, a.edit("PATCH", path, 1, `{"contact":{"company":"Company of acme"}}`).status, "the same value is no change")
	})
	assert.Equal(t, "Company of acme", a.get(path).at("contact.company"))
}

func TestActions(t *testing.T) {
	a := newAPI(t)
	id := a.create("acme", nil)
	manager := a.manager("Nina")
	path := "clients/" + id.String()
	a.policy.Actions = nil
	a.unchanged(id, func() {
		for _, row := range []struct{ method, path, body string }{
			{"POST", "clients", "{}"},
			{"PATCH", path, "{}"},
			{"PUT", path + "/password", "{}"},
			{"POST", path + "/gateway-password", ""},
			{"GET", path + "/changes", ""},
			{"POST", path + "/changes/1/undo", ""},
			{"POST", "managers", "{}"},
			{"POST", "products", "{}"},
			{"PUT", "managers/" + manager.String(), `{"name":"x"}`},
			{"DELETE", "managers/" + manager.String(), ""},
		} {
			a.edit(row.method, row.path, 1, row.body).expect(403, "actor", "forbidden")
		}
	})
	assert.Equal(t, 200, a.get(path).status)
	assert.Equal(t, 200, a.get("managers").status, "who sees the field may know what it can hold")
	a.policy.Field = fields(map[string]adminhttp.Access{"manager": adminhttp.Hidden})
	a.get("managers").expect(403, "actor", "forbidden")
	a.get("managers/"+manager.String()).expect(403, "actor", "forbidden")
}

func TestWithoutThePasswordAction(t *testing.T) {
	a := newAPI(t)
	id := a.create("acme", nil)
	a.policy.Actions = []adminhttp.Action{adminhttp.ActionEdit, adminhttp.ActionHistory}
	path := "clients/" + id.String()
	a.edit("PATCH", path, 1, `{"password":"marble-Sunday-44"}`).expect(422, "password", "field.unknown")
	a.edit("PUT", path+"/password", 1, `{"password":"marble-Sunday-44"}`).expect(403, "actor", "forbidden")
	assert.NotContains(t, a.get(path+"/changes").body, "password")
}

func TestOtherSitesAreRefused(t *testing.T) {
	a := newAPI(t)
	id := a.create("acme", nil)
	a.unchanged(id, func() {
		a.ask("PATCH", "clients/"+id.String(), `{"login":"evil"}`, []string{"If-Match", `"1"`, "Sec-Fetch-Site", "cross-site"}).
			expect(403, "actor", "forbidden")
	})
}

// A client that leaves the scope while it is edited is gone, not in conflict.
func TestAConflictOutsideTheScopeIsMissing(t *testing.T) {
	a := newAPI(t)
	mine, other := a.manager("Mine"), a.manager("Other")
	id := a.create("acme", func(c *account.Account) { c.Core.Manager = mine })
	_, err := a.svc.Update(t.Context(), id, 1, clientaccount.Edit{Actor: a.actor, Apply: func(c *account.Account) error {
		c.Core.Manager = other
		return nil
	}})
	require.NoError(t, err)
	a.policy.Scope = adminhttp.ClientsOf(mine)
	a.edit("PATCH", "clients/"+id.String(), 1, `{"notes":{"comments":"x"}}`).expect(404, "id", "not_found")
}

// Making a secret is writing its field: who may only read it, or not even that, makes none.
func TestReadOnlySecretsAreNotMadeAnew(t *testing.T) {
	a := newAPI(t)
	id := a.create("acme", withHooks)
	path := "clients/" + id.String()
	for field, route := range map[string]string{
		account.PathGatewayPassword: "/gateway-password", "password": "/gateway-password", account.PathHookSecret: "/webhooks/secret",
	} {
		for _, level := range []adminhttp.Access{adminhttp.Read, adminhttp.Hidden, 7, -1} {
			a.policy.Field = fields(map[string]adminhttp.Access{field: level})
			a.unchanged(id, func() { a.edit("POST", path+route, 1, "").expect(403, "actor", "forbidden") })
		}
	}
	a.policy.Field = nil
	require.Equal(t, 200, a.edit("POST", path+"/gateway-password", 1, "").status)
	require.Equal(t, 200, a.edit("POST", path+"/webhooks/secret", 2, "").status)
	a.policy.Field = fields(map[string]adminhttp.Access{account.PathHookSecret: adminhttp.Hidden, account.PathGatewayPassword: adminhttp.Hidden})
	assert.Empty(t, a.get(path+"/webhooks").at("secrets"))
	for _, name := range []string{account.PathGatewayPassword, account.PathHookSecret} {
		assert.NotContains(t, a.get(path+"/changes").body, name)
	}
}

// An actor who does not see the account above lets no client spend more of its money: not
// by turning it on, nor by a higher cap or none, nor by another month, nor by taking back
// that somebody forbade it.
func TestMoneyOfAParentOutsideTheScopeIsNotSpentMore(t *testing.T) {
	a := newAPI(t)
	mine, other := a.manager("Mine"), a.manager("Other")
	payer := a.create("payer", func(c *account.Account) { c.Core.Manager, c.Sending.Subaccounts = other, true })
	child := func(login string, parent account.ID, shared bool, limit string) account.ID {
		return a.create(login, func(c *account.Account) {
			c.Parent, c.Core.Manager, c.Credit.Shared, c.Sending.Subaccounts = parent, mine, shared, true
			f, _ := account.FieldAt("credit.cap")
			require.NoError(t, f.Set(c, limit))
		})
	}
	own, capped, open := child("own", payer, false, ""), child("capped", payer, true, "10"), child("open", payer, true, "")
	beneath := child("beneath", open, false, "")
	once := child("once", payer, true, "10")
	require.Equal(t, 200, a.edit("PATCH", "clients/"+once.String(), 1, `{"credit":{"shared":false}}`).status)
	a.policy.Scope = adminhttp.ClientsOf(mine)
	refused := func(id account.ID, body, field string) {
		t.Helper()
		a.unchanged(id, func() {
			for _, preview := range []string{"", "?preview=true"} {
				a.edit("PATCH", "clients/"+id.String()+preview, 1, body).expect(422, field, "field.forbidden")
			}
		})
	}
	refused(own, `{"credit":{"shared":true}}`, "credit.shared")
	refused(own, `{"credit":{"shared":true,"cap":"1"}}`, "credit.shared")
	refused(beneath, `{"credit":{"shared":true}}`, "credit.shared") // open pays with the payer's money
	refused(capped, `{"credit":{"cap":"10.01"}}`, "credit.cap")
	refused(capped, `{"credit":{"cap":null}}`, "credit.cap")
	refused(capped, `{"time_zone":"Asia/Tokyo"}`, "time_zone")
	a.edit("POST", "clients/"+once.String()+"/changes/2/undo", 2, "").expect(422, "credit.shared", "field.forbidden")
	for id, body := range map[account.ID]string{
		capped: `{"credit":{"cap":"9"},"contact":{"company":"New"}}`, open: `{"credit":{"cap":"5"}}`, own: `{"credit":{"cap":"5"}}`,
	} {
		assert.Equal(t, 200, a.edit("PATCH", "clients/"+id.String(), 1, body).status, "less, and what is no matter of the parent's, may be")
	}
	assert.Equal(t, 200, a.edit("PATCH", "clients/"+open.String(), 2, `{"credit":{"shared":false}}`).status)
	made := `{"login":"fresh","password":"` + accounttest.Password + `","password_retype":"` + accounttest.Password + `","contact":{"company":"F"},"manager":"` + mine.String() + `","parent":"`
	a.ask("POST", "clients", made+payer.String()+`"}`, nil).expect(422, "parent", "parent.unknown")
	a.ask("POST", "clients", made+capped.String()+`","credit":{"shared":true}}`, nil).expect(422, "credit.shared", "field.forbidden")
}

// What moves between a client and one outside the scope names nothing of that one, and
// is not given back out of its sight.
func TestOthersInALedgerAreNotNamed(t *testing.T) {
	a := newAPI(t)
	mine, other := a.manager("Mine"), a.manager("Other")
	payer := a.create("payer", func(c *account.Account) { c.Core.Manager, c.Sending.Subaccounts = other, true })
	child := a.create("child", func(c *account.Account) { c.Parent, c.Core.Manager, c.Credit.Shared = payer, mine, true })
	own := a.create("own", func(c *account.Account) { c.Core.Manager = mine })
	a.topUp(payer, "4321.09")
	require.Equal(t, 201, a.post(payer, "transfers", `{"reference":"t","amount":"7","to":"`+own.String()+`","reason":"between us"}`).status)
	require.Equal(t, 201, a.post(child, "charges", `{"reference":"c","amount":"5"}`).status)
	a.policy.Scope = adminhttp.ClientsOf(mine)
	for _, got := range []answer{
		a.get("clients/" + child.String()), a.get("clients"), a.get("clients/" + child.String() + "/entries"), a.get("clients/" + child.String() + "/balance"),
		a.get("clients/" + own.String() + "/entries"), a.post(child, "charges", `{"reference":"d","amount":"9999"}`),
		a.get("clients?parent=" + payer.String()),
	} {
		for _, told := range []string{payer.String(), "4316", "4,316", "between us"} {
			assert.NotContains(t, got.body, told)
		}
	}
	a.post(child, "refunds", `{"reference":"r","of":1}`).expect(403, "actor", "forbidden")
	assert.Equal(t, 201, a.post(child, "charges", `{"reference":"e","amount":"1"}`).status, "as was arranged")
	a.policy.Scope = adminhttp.AllClients()
	assert.Equal(t, "4308.09", a.get("clients/"+payer.String()+"/balance").at("balance"))
}

// The list, its orders and its numbers tell nothing of how an account of another manager stands.
func TestTheListTellsNothingOfAPayerOfAnotherManager(t *testing.T) {
	a := newAPI(t)
	mine, other := a.manager("Mine"), a.manager("Other")
	payer := a.create("payer", func(c *account.Account) {
		c.Core.Manager, c.Sending.Subaccounts, c.Status = other, true, account.StatusActive
	})
	shares := func(login string, manager account.ID, monthly string) {
		a.create(login, func(c *account.Account) {
			c.Parent, c.Core.Manager, c.Credit.Shared, c.Status = payer, manager, true, account.StatusActive
			f, _ := account.FieldAt("credit.cap")
			require.NoError(t, f.Set(c, monthly))
		})
	}
	shares("capped", mine, "10")
	shares("open", mine, "")
	shares("spent", mine, "0")
	shares("theirs", other, "")
	logins := func(query string) (logins []any) {
		for range 2 { // the payer, and then who spends its money
			require.NoError(t, a.svc.Tick(t.Context()))
		}
		for _, row := range a.get("clients?" + query).at("clients").([]any) {
			logins = append(logins, row.(map[string]any)["login"])
		}
		return logins
	}
	assert.Equal(t, []any{"payer", "spent", "theirs"}, logins("attention=exhausted"), "with the payer's money, or the client's own cap, spent")
	a.topUp(payer, "7")
	assert.Equal(t, []any{"spent"}, logins("attention=exhausted"))
	a.policy.Scope = adminhttp.ClientsOf(mine)
	before := logins("sort=-available")
	a.policy.Scope = adminhttp.AllClients()
	require.Equal(t, 201, a.post(payer, "charges", `{"reference":"all","amount":"7"}`).status)
	a.policy.Scope = adminhttp.ClientsOf(mine)
	assert.Equal(t, []any{"spent"}, logins("attention=exhausted"))
	assert.Equal(t, before, logins("sort=-available"))
	assert.Equal(t, "capped", before[0])
}

// What is available tells a hidden limit, so it is hidden with it, by whatever way.
func TestWhatFollowsFromAHiddenLimitIsHidden(t *testing.T) {
	a := newAPI(t)
	id := a.create("acme", func(c *account.Account) { c.Credit.Limit = account.Some(decimal.RequireFromString("4321.09")) })
	a.topUp(id, "100")
	for _, path := range []string{"credit.limit", "credit.overdraw.limit"} {
		a.policy.Field = fields(map[string]adminhttp.Access{path: adminhttp.Hidden})
		balance := a.get("clients/" + id.String() + "/balance")
		assert.Equal(t, []any{"100", nil, nil}, []any{balance.at("balance"), balance.at("available"), balance.at("messages")})
		refused := a.post(id, "charges", `{"reference":"x`+path+`","amount":"9999"}`)
		assert.Equal(t, []any{402, "9999"}, []any{refused.status, refused.at("needed")})
		assert.Nil(t, refused.object()["available"])
		decided := a.post(id, "decide", `{"channel":"api","sender":"ACME","destination":"380501112233","parts":1,"price":"9999"}`)
		for _, got := range []answer{refused, decided} {
			assert.NotContains(t, got.body, "4421.09")
			assert.NotContains(t, got.body, "4,421.09")
		}
		assert.NotContains(t, decided.body, "credit.exhausted")
	}
}
