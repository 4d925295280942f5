package adminhttp_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/clientaccount/clientaccount/account"
)

// logins walks all pages of a list.
func (a *api) logins(query string) (all []string) {
	a.Helper()
	for cursor := ""; ; {
		page := a.get("clients?" + query + "&cursor=" + url.QueryEscape(cursor))
		require.Equal(a, 200, page.status, page.body)
		for _, row := range page.at("clients").([]any) {
			all = append(all, row.(map[string]any)["login"].(string))
		}
		next, more := page.at("next").(string)
		if !more {
			return all
		}
		cursor = next
	}
}

func TestListByJSON(t *testing.T) {
	a := newAPI(t)
	nina := a.manager("Nina")
	for i := range 7 {
		a.create(fmt.Sprintf("client%d", i), func(c *account.Account) {
			c.Contact.Company = fmt.Sprintf("Company %d", 6-i)
			if i%2 == 0 {
				c.Core.Manager, c.Contact.Country, c.Status = nina, "UA", account.StatusActive
			}
		})
	}
	all := []string{"client0", "client1", "client2", "client3", "client4", "client5", "client6"}
	assert.Equal(t, all, a.logins("limit=3"))
	assert.Equal(t, []string{"client6", "client5", "client4", "client3", "client2", "client1", "client0"}, a.logins("limit=2&sort=-login"))
	assert.Equal(t, a.logins("sort=-login"), a.logins("limit=2&sort=company"))
	even := []string{"client0", "client2", "client4", "client6"}
	assert.Equal(t, even, a.logins("manager="+nina.String()))
	assert.Equal(t, even, a.logins("country=UA&limit=1"))
	assert.Equal(t, even, a.logins("status=active"))
	assert.Equal(t, []string{"client1", "client3", "client5"}, a.logins("manager=none"))
	assert.Equal(t, all, a.logins("product=none&q=&status="))
	assert.Equal(t, []string{"client2"}, a.logins("q=company+ent2"), "one word in the login, the other in the company")
	assert.Equal(t, []string{"client4"}, a.logins("q=company+2"), "both in the company: what is short begins a word")
	assert.Empty(t, a.logins("status=expired"))
}

func TestQueriesThatAreNot(t *testing.T) {
	a := newAPI(t)
	for i := range 3 {
		a.create(fmt.Sprintf("client%d", i), nil)
	}
	next := a.get("clients?limit=1").at("next").(string)
	for _, row := range []struct{ query, field, code string }{
		{"colour=red", "colour", "query.unknown"},
		{"Status=active", "Status", "query.unknown"},
		{"q=a&q=b", "q", "query.duplicate"},
		{"status=Active", "status", "status.choice"},
		{"manager=7", "manager", "manager.unknown"},
		{"product=x", "product", "product.unknown"},
		{"country=ua", "country", "country.unknown"},
		{"sort=money", "sort", "sort.choice"},
		{"attention=hungry", "attention", "attention.unknown"},
		{"sort=--login", "sort", "sort.choice"},
		{"limit=0", "limit", "limit.range"},
		{"limit=101", "limit", "limit.range"},
		{"limit=x", "limit", "limit.range"},
		{"q=" + strings.Repeat("x", 201), "q", "q.length"},
		{"q=%00", "q", "text.chars"},
		{"q=%ff", "q", "text.chars"},
		{"cursor=x", "cursor", "cursor.invalid"},
		{"cursor=" + next[:len(next)-2], "cursor", "cursor.invalid"},
		{"limit=1&sort=-login&cursor=" + next, "cursor", "cursor.invalid"},
		{"cursor=" + altered(next), "cursor", "cursor.invalid"},
	} {
		a.get("clients?"+row.query).expect(422, row.field, row.code)
	}
	a.get("clients?q=%zz").expect(400, "query", "query.syntax")
	a.get("clients?q=a;b").expect(400, "query", "query.syntax")
	assert.Len(t, a.get("clients?limit=0&colour=red&status=x").faults(), 3)
	a.get("openapi.json?x=1").expect(422, "x", "query.unknown")
	a.ask("POST", "clients?preview=yes", "{}", nil).expect(422, "preview", "preview.flag")
	a.ask("POST", "clients?reason="+strings.Repeat("x", 201), "{}", nil).expect(422, "reason", "reason.length")
}

// What is pasted into the search is read past what it does not look for.
func TestPastedSearch(t *testing.T) {
	a := newAPI(t)
	a.create("pell", func(c *account.Account) {
		c.Contact.FirstName, c.Contact.LastName, c.Contact.Phone = "Harriet", "Petrauskaitė", "+447400123456"
	})
	a.create("other", nil)
	for _, q := range []string{"%09harriet", "petrauskaite%09harriet%0a", "%e2%80%aa%2b44 7400 123456%e2%80%ac", "07400-123-456", "%ef%bb%bfpell"} {
		assert.Equal(t, []string{"pell"}, a.logins("q="+strings.ReplaceAll(q, " ", "%20")), q)
	}
}

// altered returns a cursor with another first character.
func altered(cursor string) string {
	if cursor[0] == 'A' {
		return "B" + cursor[1:]
	}
	return "A" + cursor[1:]
}

func TestHistoryPages(t *testing.T) {
	a := newAPI(t)
	id := a.create("acme", nil)
	path := "clients/" + id.String()
	for i := range 6 {
		field := []string{"notes.comments", "contact.company"}[i%2]
		require.Equal(t, 200, a.edit("PATCH", path, int64(i+1), body(field, fmt.Sprint("v", i))).status)
	}
	revisions := func(query string) (all []any) {
		for cursor := ""; ; {
			page := a.get(path + "/changes?" + query + "&cursor=" + cursor)
			for _, record := range page.at("changes").([]any) {
				all = append(all, record.(map[string]any)["revision"])
			}
			next, more := page.at("next").(string)
			if !more {
				return all
			}
			cursor = next
		}
	}
	assert.Equal(t, []any{7.0, 6.0, 5.0, 4.0, 3.0, 2.0, 1.0}, revisions("limit=2"))
	assert.Equal(t, []any{6.0, 4.0, 2.0}, revisions("limit=1&field=notes.comments"))
	next := a.get(path + "/changes?limit=2").at("next").(string)
	other := a.create("other", nil)
	a.get(path+"/changes?field=notes.comments&cursor="+next).expect(422, "cursor", "cursor.invalid")
	a.get("clients/"+other.String()+"/changes?cursor="+next).expect(422, "cursor", "cursor.invalid")
	a.get(path+"/changes?cursor="+altered(next)).expect(422, "cursor", "cursor.invalid")
	a.get(path+"/changes?field=nothing").expect(422, "field", "field.unknown")
}

// The API works under any mounting, and its Location is relative to the request.
func TestTheAPIUnderAMount(t *testing.T) {
	a := newAPI(t)
	inner := a.server.Config.Handler
	for name, handler := range map[string]http.Handler{
		"/admin/": http.StripPrefix("/admin", inner), "/t/{tenant}/admin/": inner,
	} {
		mux := http.NewServeMux()
		mux.Handle(name, handler)
		mounted := strings.ReplaceAll(name, "{tenant}", "acme")
		path := mounted + "api/managers"
		r := httptest.NewRequest("POST", path, strings.NewReader(`{"name":"Nina"}`))
		r.Header.Set("Content-Type", "application/json")
		w := httptest.NewRecorder()
		mux.ServeHTTP(w, r)
		require.Equal(t, 201, w.Code, w.Body)
		where, err := r.URL.Parse(w.Header().Get("Location"))
		require.NoError(t, err)
		read := httptest.NewRecorder()
		mux.ServeHTTP(read, httptest.NewRequest("GET", where.Path, nil))
		assert.Equal(t, w.Body.String(), read.Body.String(), where.Path)
	}
}
