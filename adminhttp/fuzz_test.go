package adminhttp_test

import (
	"context"
	"encoding/json"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/clientaccount/clientaccount"
	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/adminhttp"
	"github.com/clientaccount/clientaccount/store"
)

// fuzzSite is an admin with something of everything, for fuzzing.
type fuzzSite struct {
	*site
	p       postbox
	client  account.Account
	manager account.Manager
	product account.Product
	invoice account.ID
}

func newFuzzSite(f *testing.F) *fuzzSite {
	f.Helper()
	p := newPostbox(f)
	s := &fuzzSite{site: newSiteOver(f, p.svc, withTestsOfAll, withMail(f)), p: p}
	s.manager = s.addManager("Ada")
	s.product = s.addProduct("Standard")
	s.client = s.create("acme", func(a *account.Account) { withHooks(a); sending(a); a.Sending.Subaccounts = true })
	s.topUp(s.client, "100")
	for n := range 4 {
		s.charge(s.client, "c"+strconv.Itoa(n), "1")
		s.hold(s.client, "h"+strconv.Itoa(n), "1")
	}
	p.incoming(s.client.ID, "mo-1", "mo-2", "mo-3")
	s.invoice = putInvoice(f, p.store, s.client)
	sent := &traffic{TB: f, svc: p.svc}
	for n := range 3 {
		sent.admit(s.client.ID, "m"+strconv.Itoa(n), 1)
	}
	sent.sent(s.client.ID, "m0", 1)
	sent.pass(0)
	return s
}

// withTestsOfAll has tests of every URL answered.
func withTestsOfAll(c *adminhttp.Config) {
	c.TestHook = func(context.Context, account.ID, account.HookKind) (clientaccount.Try, error) {
		return clientaccount.Try{Code: "status", Status: 503, Reply: "<fuzz"}, nil
	}
}

func (s *fuzzSite) addManager(name string) account.Manager {
	m, err := s.svc.SaveManager(s.Context(), account.Manager{Name: name, Email: "ada@example.com"}, account.Actor{}, "")
	require.NoError(s, err)
	return m
}

func (s *fuzzSite) addProduct(name string) account.Product {
	p, err := s.svc.SaveProduct(s.Context(), account.Product{Name: name}, account.Actor{}, "")
	require.NoError(s, err)
	return p
}

// path puts the ids of what there is in place of a path's wildcards.
func (s *fuzzSite) path(of string) string {
	id := s.client.ID.String()
	of = strings.ReplaceAll(of, "{announcement}", s.manager.ID.String()) // which is none
	switch {
	case strings.Contains(of, "managers"):
		id = s.manager.ID.String()
	case strings.Contains(of, "products"):
		id = s.product.ID.String()
	}
	return strings.NewReplacer("{id}", id, "{kind}", "rest_state", "{ref}", "h0", "{reference}", "h0", "{revision}", "1", "{message}", "m0", "{document}", s.invoice.String(), "{format}", "csv", "{mail}", "invoice").Replace(of)
}

// ask sends a request as a client may send it, with any query and body.
func (s *fuzzSite) ask(t *testing.T, method, path, query, content, body string) *httptest.ResponseRecorder {
	t.Helper()
	r := httptest.NewRequestWithContext(t.Context(), method, "/"+path, strings.NewReader(body))
	r.URL.RawQuery = query
	r.RequestURI = "/" + path + "?" + query
	if body != "" {
		r.Header.Set("Content-Type", content)
	}
	if a, err := s.svc.Get(t.Context(), s.client.ID); err == nil && method != http.MethodGet {
		r.Header.Set("If-Match", tag(a.Revision))
	}
	w := httptest.NewRecorder()
	s.admin.ServeHTTP(w, r)
	require.Less(t, w.Code, 500, "%s %s: %s", method, path, w.Body)
	requireRelative(t, w.Header().Get("Location"))
	return w
}

// requireRelative holds that nobody is led out of the admin.
func requireRelative(t *testing.T, location string) {
	t.Helper()
	if location == "" {
		return
	}
	u, err := url.Parse(location)
	require.NoError(t, err, location)
	require.Empty(t, u.Scheme+u.Host, location)
	require.False(t, strings.HasPrefix(location, "/") || strings.HasPrefix(location, `\`), location)
}

// state returns what a refused request must leave as it was.
func (s *fuzzSite) state(t *testing.T) string {
	t.Helper()
	a, err := s.svc.Get(t.Context(), s.client.ID)
	require.NoError(t, err)
	at, err := s.svc.Balance(t.Context(), s.client.ID)
	require.NoError(t, err)
	page, err := s.svc.List(t.Context(), account.Query{Limit: 100}, "")
	require.NoError(t, err)
	managers, err := s.svc.Managers(t.Context())
	require.NoError(t, err)
	products, err := s.svc.Products(t.Context())
	require.NoError(t, err)
	documents, err := s.svc.Documents(t.Context(), store.DocumentQuery{Account: s.client.ID, Limit: 100})
	require.NoError(t, err)
	p := postbox{t, s.p.store, s.svc}
	return text(map[string]any{
		"documents": documents,
		"revision":  a.Revision, "version": at.Version, "clients": page.Rows, "managers": managers, "products": products,
		"waiting": p.count(a.ID, clientaccount.DeliveryWaiting),
	})
}

// apiPaths returns the paths of the document that have operations of a kind, with their methods.
func (s *fuzzSite) apiPaths(wanted func(method string, operation map[string]any) bool) (all [][2]string) {
	var doc struct {
		Paths map[string]map[string]map[string]any
	}
	require.NoError(s, json.Unmarshal([]byte(s.get("api/openapi.json").html), &doc))
	for _, path := range slices.Sorted(maps.Keys(doc.Paths)) {
		for _, method := range slices.Sorted(maps.Keys(doc.Paths[path])) {
			if wanted(method, doc.Paths[path][method]) {
				all = append(all, [2]string{strings.ToUpper(method), s.path("api" + path)})
			}
		}
	}
	require.NotEmpty(s, all)
	for _, path := range all {
		require.NotContains(s, path[1], "{", "a wildcard that path does not know")
	}
	return all
}

// FuzzAPIQuery: whatever is asked of the JSON API, the answer is JSON, or a list as CSV, and not a failure
// of ours; a page has a next one where it says so.
func FuzzAPIQuery(f *testing.F) {
	s := newFuzzSite(f)
	paths := s.apiPaths(func(method string, operation map[string]any) bool {
		return method == "get" && operation["operationId"] != "getDocumentFile"
	})
	for i, path := range paths {
		require.Contains(f, []int{200, 404, 422}, s.get(path[1]).code, path[1]) // the others where the query has to say of what
		for _, query := range []string{
			"limit=1", "q=%00&sort=-login", "cursor=AAAA", "from=0000-01-01T00:00:00Z&to=9999-12-31T23:59:59Z", "kind=charge,hold&reference=.",
			"status=active&manager=x&country=UA", "%zz", "a=1&a=2", "hold=h1&limit=0", "network=kyivstar&id=m0%231", "stage=held&limit=1&destination=380", "from=2026-11-23&to=9999-12-31", "state=waiting&message=%ff", "from=2026-11-23T08:41:02%2B23:59", "kind=invoice&failed_first=true&mailed=failed&number=%00&limit=1",
		} {
			f.Add(uint(i), query)
		}
	}
	f.Fuzz(func(t *testing.T, which uint, query string) {
		path := paths[which%uint(len(paths))][1]
		w := s.ask(t, http.MethodGet, path, query, "", "")
		require.True(t, json.Valid(w.Body.Bytes()) || w.Code == 200 && strings.HasPrefix(w.Header().Get("Content-Type"), "text/csv"), w.Body)
		require.Contains(t, []int{200, 400, 404, 422}, w.Code)
		var page struct{ Next *string }
		if w.Code != 200 || json.Unmarshal(w.Body.Bytes(), &page) != nil || page.Next == nil {
			return
		}
		values, err := url.ParseQuery(query)
		require.NoError(t, err, "an unreadable query was answered")
		values.Set("cursor", *page.Next)
		next := s.ask(t, http.MethodGet, path, values.Encode(), "", "")
		require.Equal(t, 200, next.Code, next.Body)
		require.NotEqual(t, w.Body.String(), next.Body.String(), "the next page is another")
	})
}

// FuzzAPIBody: whatever body is sent to whatever takes one, the answer is JSON and not a
// failure of ours, and what is refused changes nothing.
func FuzzAPIBody(f *testing.F) {
	s := newFuzzSite(f)
	paths := s.apiPaths(func(_ string, operation map[string]any) bool { return operation["requestBody"] != nil })
	for i := range paths {
		for _, body := range []string{
			`{"undo":[{"mcc":"255","from":"2099-01-01T00:00:00Z"}],"rows":[{"mcc":"255","mnc":"01","from":"2099-01-01T00:00:00Z","price":"0.05"},{}]}`,
			`{}`, `[]`, `null`, `{"login":"new","password":"correct-Horse-7","contact":{"company":"New"}}`, `{"name":"Ada","email":"a@b.c"}`,
			`{"reference":"r-1","amount":"1.5","price":"0.0000001","messages":3}`, `{"channel":"rest","sender":"ACME","destination":"380501112233","parts":1}`,
			`{"reference":"c","reason":"r","lines":[{"line":1,"messages":1},{"line":2,"amount":"1"}]}`, `{"to":"ann@example.com"}`, `{"reference":".","reference":".."}`, `{"amount":1e999999}`, `{"overlap_hours":24}`, `{"name":"\u202e\u0000"}`,
			`{"reference":"` + strings.Repeat("x", 300) + `"}`, `{"a":` + strings.Repeat("[", 20000) + `}`,
		} {
			f.Add(uint(i), body)
		}
	}
	f.Fuzz(func(t *testing.T, which uint, body string) {
		to := paths[which%uint(len(paths))]
		before := s.state(t)
		w := s.ask(t, to[0], to[1], "", "application/json", body)
		if w.Body.Len() > 0 {
			require.True(t, json.Valid(w.Body.Bytes()), w.Body)
		}
		if w.Code >= 400 {
			require.Equal(t, before, s.state(t), "%s %s was refused", to[0], to[1])
		}
	})
}

// pageForms are the pages that take forms, each with a body that it takes.
var pageForms = [][2]string{
	{"clients/{id}/prices/draft", "_do=add&revision=0&mcc=255&mnc=01&state=price&price=0.05&from=2099-01-01T00%3A00"},
	{"products/{id}/prices/draft", "_do=remove&revision=0&mcc=255&mnc=01&from=2099-01-01T00%3A00%3A00Z&undo=true"},
	{"products/{id}/prices/announce", "revision=1&reason=r"},
	{"clients/new", "login=next&contact.company=Next&password=correct-Horse-7&password_retype=correct-Horse-7"},
	{"clients/{id}/edit", "revision=REVISION&contact.first_name=Ada&notes.comments=x%0Ay"},
	{"clients/{id}/edit", "revision=REVISION&dispatch.days=mon&dispatch.from=22%3A00&dispatch.to=06%3A00&billing.invoice_days=1%2C31"},
	{"clients/{id}/edit", "revision=REVISION&status=closed&login=other"},
	{"clients/{id}/gateway-password", "revision=REVISION&_warned=gateway_password"},
	{"clients/{id}/money", "_do=topUp&amount=1&reference=r-1"},
	{"clients/{id}/money", "_do=releaseHold&hold=h1&reference=r-2"},
	{"clients/{id}/webhooks", "_do=on&kind=rest_state"},
	{"clients/{id}/webhooks", "_do=test&kind=rest_state"},
	{"clients/{id}/webhooks", "_do=replay&replayKind=rest_state&from=2026-11-23T08%3A41&done=true"},
	{"clients/{id}/webhooks", "_do=secret&revision=REVISION&overlapHours=24&confirm=true"},
	{"clients/{id}/documents/{document}/mails", "to=ann%40example.com"},
	{"clients/{id}/documents/{document}/credit", "_do=check&what=lines&messages.1=1&reason=r&reference=r-3"},
	{"clients/{id}/documents/{document}/credit", "_do=make&what=lines&amount.1=0%2C5&reason=r&reference=r-4"},
	{"clients/{id}/history/{revision}/undo", "revision=REVISION"},
	{"managers/new", "name=Bob&email=bob%40example.com"},
	{"managers/{id}/edit", "name=Bob&email=bob%40example.com&revision=1"},
	{"products/new", "name=Other&currency=EUR&price=0.01"},
	{"products/{id}/edit", "name=Other&revision=1"},
	{"products/{id}/delete", ""},
}

// FuzzForm: whatever form is sent, the answer is a page and not a failure of ours, and what
// is refused changes nothing.
func FuzzForm(f *testing.F) {
	s := newFuzzSite(f)
	for i, form := range pageForms {
		f.Add(uint(i), form[1])
		f.Add(uint(i), form[1]+"&%zz&a=%00&a=\u202e")
	}
	f.Fuzz(func(t *testing.T, which uint, body string) {
		path := s.path(pageForms[which%uint(len(pageForms))][0])
		a, err := s.svc.Get(t.Context(), s.client.ID)
		require.NoError(t, err)
		before := s.state(t)
		body = strings.ReplaceAll(body, "REVISION", strconv.FormatInt(a.Revision, 10))
		w := s.ask(t, http.MethodPost, path, "", "application/x-www-form-urlencoded", body)
		if w.Code >= 400 {
			require.Equal(t, before, s.state(t), "%s was refused", path)
		}
	})
}

// fuzzPages are the pages that read a query.
var fuzzPages = []string{
	"clients/{id}/prices", "products/{id}/prices", "products/{id}/prices/export", "clients/{id}/prices/draft", "products/{id}/prices/announcements",
	"clients", "clients/new", "clients/{id}/edit", "clients/{id}/money", "clients/{id}/decide", "clients/{id}/webhooks",
	"clients/{id}/subaccounts", "clients/{id}/history", "managers", "products", "managers/{id}/edit", "products/new",
	"documents", "clients/{id}/documents", "clients/{id}/documents/{document}", "clients/{id}/documents/{document}/credit", "clients/{id}/mail",
}

// FuzzPageQuery: whatever is asked of a page, the answer is one and not a failure of ours,
// it repeats nothing as markup, and nothing is changed.
func FuzzPageQuery(f *testing.F) {
	s := newFuzzSite(f)
	for i, page := range fuzzPages {
		require.Equal(f, 200, s.get(s.path(page)).code, page)
		for _, query := range []string{
			"q=%22%3E%3Cfuzz%3E", "sort=-login&cursor=x&status=active", "before=-1&kind=charge&from=2026-11-23&to=%00", "on=rest_state&replayed=99999999999999999999",
			"channel=rest&sender=ACME&destination=380501112233&parts=999999999&price=1e9", "parent=x&manager=y", "field=login&before=0",
		} {
			f.Add(uint(i), query)
		}
	}
	f.Fuzz(func(t *testing.T, which uint, query string) {
		path := s.path(fuzzPages[which%uint(len(fuzzPages))])
		before := s.state(t)
		w := s.ask(t, http.MethodGet, path, query, "", "")
		require.NotContains(t, strings.ToLower(w.Body.String()), "<fuzz")
		require.Equal(t, before, s.state(t))
	})
}

// FuzzMount: whatever path is asked for under whatever pattern and host, there is an answer
// that leads nowhere else, and is no failure of ours.
func FuzzMount(f *testing.F) {
	s := newFuzzSite(f)
	for _, path := range []string{
		"/", "/clients", "//evil.example/clients", "/clients/", "/admin/admin/api/clients", "/t/a%2Fb/admin/clients", "/api/clients/%2e%2e",
		"/clients/..%2f..", `/\evil.example`, "/assets/%2e%2e/doc.go", "/%zz", "*", "/managers/new;x=1", "/clients/" + strings.Repeat("../", 50),
	} {
		for _, pattern := range []string{"", "/", "/admin/", "GET example.com/t/{tenant}/admin/", "/t/{x...}", "/{$}", "/clients/"} {
			f.Add(path, pattern, path, "example.com")
		}
	}
	f.Fuzz(func(t *testing.T, path, pattern, asked, host string) {
		u, err := url.ParseRequestURI(path)
		if err != nil || u.Host != "" {
			return // net/http answers these itself
		}
		r := (&http.Request{
			Method: http.MethodGet, URL: u, Host: host, Pattern: pattern, RequestURI: asked, Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
			Header: http.Header{}, Body: http.NoBody,
		}).WithContext(t.Context())
		w := httptest.NewRecorder()
		s.admin.ServeHTTP(w, r)
		require.Less(t, w.Code, 500, w.Body)
		requireRelative(t, w.Header().Get("Location"))
	})
}
