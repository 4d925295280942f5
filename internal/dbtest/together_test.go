package dbtest

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"github.com/uptrace/bun"

	"github.com/clientaccount/clientaccount"
	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/adminhttp"
	"github.com/clientaccount/clientaccount/store/bunstore"
)

// Pages, JSON, files and edits are asked for by many at once, in two languages: what requests share is
// seen by the race detector here, as the other tests of the admin ask one thing after the other.
func TestManyAskTheAdminAtOnce(t *testing.T) {
	t.Parallel()
	forEachBackend(t, func(t *testing.T, _ *bun.DB, s *bunstore.Store) {
		svc := clientaccount.New(s, &clientaccount.Options{Hash: clientaccount.HashCost{MemoryKiB: 8, Iterations: 1, Parallelism: 1}})
		id := newEditors(t, s).create(t, "acme")
		admin, err := adminhttp.New(svc, adminhttp.Config{
			Actor:     func(*http.Request) (account.Actor, error) { return account.Actor{ID: "u1", Name: "Olena"}, nil },
			Policy:    func(*http.Request, account.Actor) (adminhttp.Policy, error) { return adminhttp.FullAccess(), nil },
			Languages: []adminhttp.Language{{Tag: "en"}, adminhttp.Ukrainian()},
		})
		require.NoError(t, err)
		server := httptest.NewServer(admin)
		t.Cleanup(server.Close)
		paths := []string{
			"clients", "clients?q=acme", "clients/export?as=csv", "clients/" + id.String() + "/edit", "clients/" + id.String() + "/money",
			"clients/" + id.String() + "/history", "managers", "products", "batches", "confirmations", "documents",
			"api/clients", "api/clients/" + id.String(), "api/clients/counts", "api/openapi.json",
		}
		var group sync.WaitGroup
		for g := range 6 {
			group.Go(func() {
				for n := range paths {
					path := paths[(n+g*5)%len(paths)]
					ask(t, server, http.MethodGet, path, "", []string{"en", "uk"}[g%2])
				}
				top := url.Values{"kind": {"topup"}, "amount": {"1"}, "reference": {fmt.Sprint("payment ", g)}, "_warned": {"0"}}
				ask(t, server, http.MethodPost, "clients/"+id.String()+"/money", top.Encode(), "en")
			})
		}
		group.Wait()
	})
}

// ask requires that something is answered, and not by a failure.
func ask(t *testing.T, server *httptest.Server, method, path, body, language string) {
	request, err := http.NewRequestWithContext(t.Context(), method, server.URL+"/"+path, strings.NewReader(body))
	if !assert.NoError(t, err) {
		return
	}
	request.Header.Set("Accept-Language", language)
	request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	answer, err := server.Client().Do(request)
	if !assert.NoError(t, err) {
		return
	}
	defer func() { _ = answer.Body.Close() }()
	_, err = io.Copy(io.Discard, answer.Body)
	assert.NoError(t, err)
	if method == http.MethodGet {
		assert.Equal(t, http.StatusOK, answer.StatusCode, path)
	}
	assert.Less(t, answer.StatusCode, http.StatusInternalServerError, path)
}
