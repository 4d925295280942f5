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

	"github.com/clientaccount/clientaccount/account"
)

// A hold's reference may have slashes, escaped in the path, wherever the admin is
// mounted.
func TestHoldsAreReachedWhereverMounted(t *testing.T) {
	for _, m := range mounts {
		t.Run(m.name, func(t *testing.T) {
			s := newSite(t)
			a := s.moneyed("payer")
			_, err := s.svc.Hold(t.Context(), account.Movement{Account: a.ID, Amount: decimal.NewFromInt(5), Reference: "order/17 a"})
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
