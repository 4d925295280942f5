package dbtest

import (
	"html"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"github.com/go-chi/chi/v5"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/clientaccount/clientaccount"
	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/adminhttp"
	"github.com/clientaccount/clientaccount/store/memstore"
)

// Where other routers put the admin, it is found: with and without the slash, its query
// kept, never in a circle, and its pages and JSON beneath.
func TestTheAdminIsFoundWhereverARouterMountsIt(t *testing.T) {
	for name, row := range map[string]struct {
		at    string
		mount func(admin http.Handler) http.Handler
		bare  bool // the router itself answers for the root without its slash
	}{
		"chi Mount with StripPrefix": {"/clients", func(admin http.Handler) http.Handler {
			r := chi.NewRouter()
			r.Mount("/clients", http.StripPrefix("/clients", admin))
			return r
		}, false},
		"chi Mount with StripPrefix, deeper": {"/a/b:c", func(admin http.Handler) http.Handler {
			r := chi.NewRouter()
			r.Mount("/a/b:c", http.StripPrefix("/a/b:c", admin))
			return r
		}, false},
		"chi Route within a Route": {"/t/acme/clients", func(admin http.Handler) http.Handler {
			r := chi.NewRouter()
			r.Route("/t/{tenant}", func(r chi.Router) { r.Handle("/clients/*", admin) })
			return r
		}, true},
		"chi pattern": {"/t/acme/admin", func(admin http.Handler) http.Handler {
			r := chi.NewRouter()
			r.Handle("/t/{tenant}/admin/*", admin)
			return r
		}, true},
		"ServeMux pattern": {"/t/acme/admin", func(admin http.Handler) http.Handler {
			mux := http.NewServeMux()
			mux.Handle("/t/{tenant}/admin/{rest...}", admin)
			return mux
		}, true},
		"ServeMux with and without the slash": {"/admin", func(admin http.Handler) http.Handler {
			mux := http.NewServeMux()
			mux.Handle("/admin", http.StripPrefix("/admin", admin))
			mux.Handle("/admin/", http.StripPrefix("/admin", admin))
			return mux
		}, false},
	} {
		t.Run(name, func(t *testing.T) {
			admin, err := adminhttp.New(clientaccount.New(memstore.New(), nil), adminhttp.Config{
				Actor:  func(*http.Request) (account.Actor, error) { return account.Actor{ID: "u1"}, nil },
				Policy: func(*http.Request, account.Actor) (adminhttp.Policy, error) { return adminhttp.FullAccess(), nil },
			})
			require.NoError(t, err)
			server := httptest.NewServer(row.mount(admin))
			t.Cleanup(server.Close)
			ask := func(method, path string) (*http.Response, string) {
				request, err := http.NewRequestWithContext(t.Context(), method, server.URL+path, nil)
				require.NoError(t, err)
				answer, err := server.Client().Do(request) // follows at most ten redirects
				require.NoError(t, err)
				defer func() { _ = answer.Body.Close() }()
				text, err := io.ReadAll(answer.Body)
				require.NoError(t, err)
				return answer, string(text)
			}
			paths := []string{"/", "/clients", "/clients/new", "/api/clients", "/managers", "/assets/admin.css", "/api/openapi.json"}
			if !row.bare {
				paths = append(paths, "", "?sort=-login")
			}
			for _, path := range paths {
				for _, method := range []string{http.MethodGet, http.MethodHead} {
					answer, _ := ask(method, row.at+path)
					assert.Equal(t, http.StatusOK, answer.StatusCode, "%s %s", method, path)
					assert.True(t, strings.HasPrefix(answer.Request.URL.Path, row.at+"/"), "%s stays within: %s", path, answer.Request.URL)
				}
			}
			page, form := ask(http.MethodGet, row.at+"/managers/new")
			saved := submit(t, server, page.Request.URL, form, "Olena of "+row.at)
			assert.Equal(t, http.StatusOK, saved.StatusCode)
			assert.True(t, strings.HasPrefix(saved.Request.URL.Path, row.at+"/managers"), "%s stays within", saved.Request.URL)
			_, list := ask(http.MethodGet, row.at+"/managers")
			assert.Contains(t, list, "Olena of ", "saved by its form")
		})
	}
}

var (
	formAction = regexp.MustCompile(`<form[^>]*method="post"[^>]*>`)
	actionOf   = regexp.MustCompile(`action="([^"]*)"`)
	inputOf    = regexp.MustCompile(`<input[^>]*name="([^"]*)"[^>]*>`)
	valueOf    = regexp.MustCompile(` value="([^"]*)"`)
)

// submit sends the form of a page as a browser does, with a name typed in.
func submit(t *testing.T, server *httptest.Server, at *url.URL, page, name string) *http.Response {
	t.Helper()
	head := formAction.FindString(page)
	require.NotEmpty(t, head)
	action := ""
	if found := actionOf.FindStringSubmatch(head); found != nil {
		action = html.UnescapeString(found[1])
	}
	to, err := at.Parse(action)
	require.NoError(t, err)
	fields := url.Values{}
	for _, input := range inputOf.FindAllStringSubmatch(page, -1) {
		if value := valueOf.FindStringSubmatch(input[0]); value != nil {
			fields.Set(input[1], html.UnescapeString(value[1]))
		}
	}
	fields.Set("name", name)
	request, err := http.NewRequestWithContext(t.Context(), http.MethodPost, to.String(), strings.NewReader(fields.Encode()))
	require.NoError(t, err)
	request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	request.Header.Set("Sec-Fetch-Site", "same-origin")
	answer, err := server.Client().Do(request)
	require.NoError(t, err)
	require.NoError(t, answer.Body.Close())
	return answer
}
