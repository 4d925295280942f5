package adminhttp_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/clientaccount/clientaccount"
	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/account/accounttest"
	"github.com/clientaccount/clientaccount/adminhttp"
)

// fields is a policy that says something else of some fields.
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
		"notes.comments": adminhttp.Hidden, "notes.product": adminhttp.Hidden, "login": adminhttp.Hidden, "status": adminhttp.Hidden,
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
