package adminhttp_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/clientaccount/clientaccount"
)

// A hold's reference may have slashes, escaped in the path, wherever the admin is
// mounted.
func TestHoldsAreReachedWhereverMounted(t *testing.T) {
	for _, m := range mounts {
		t.Run(m.name, func(t *testing.T) {
			s := newSite(t)
			a := s.moneyed("payer")
			_, err := s.svc.Hold(t.Context(), clientaccount.Hold{Account: a.ID, Amount: decimal.NewFromInt(5), Reference: "order/17 a"})
			require.NoError(t, err)
			server := httptest.NewServer(m.mount(t, s.admin))
			t.Cleanup(server.Close)
			url := server.URL + m.root + "api/clients/" + a.ID.String() + "/holds/order%2F17%20a/capture"
			r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, url, strings.NewReader(`{"reference":"r"}`))
			require.NoError(t, err)
			r.Header.Set("Content-Type", "application/json")
			res, err := server.Client().Do(r)
			require.NoError(t, err)
			defer func() { _ = res.Body.Close() }()
			body, err := io.ReadAll(res.Body)
			require.NoError(t, err)
			assert.Equal(t, http.StatusCreated, res.StatusCode, string(body))
			assert.Equal(t, "95", s.balance(a).Amount.String())
		})
	}
}

// A prefix counts once: given twice, or with another mount's before it, it is a path
// that leads nowhere, as any other.
func TestAPrefixGivenTwiceIsMissing(t *testing.T) {
	for _, m := range mounts {
		if m.root == "/" {
			continue
		}
		t.Run(m.name, func(t *testing.T) {
			s := newSite(t)
			server := httptest.NewServer(m.mount(t, s.admin))
			t.Cleanup(server.Close)
			status := func(path string) int {
				r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, server.URL+path, nil)
				require.NoError(t, err)
				res, err := server.Client().Do(r)
				require.NoError(t, err)
				require.NoError(t, res.Body.Close())
				return res.StatusCode
			}
			assert.Equal(t, http.StatusOK, status(m.root+"api/clients"))
			within := strings.TrimPrefix(m.root, "/")
			segments := strings.Split(strings.TrimSuffix(within, "/"), "/")
			for _, twice := range []string{within, within + within, segments[len(segments)-1] + "/", "other/", "admin/" + within} {
				assert.Equal(t, http.StatusNotFound, status(m.root+twice+"api/clients"), twice)
				assert.Equal(t, http.StatusNotFound, status(m.root+twice+"managers"), twice)
			}
		})
	}
}
