package adminhttp_test

import (
	"net/http"
	"net/url"
	"testing"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/adminhttp"
)

// Who changes a product sees which clients that touches, and how, before it is saved.
func TestAProductIsLookedAtBeforeItIsSaved(t *testing.T) {
	s := newSite(t)
	p, err := s.svc.SaveProduct(s.Context(), account.Product{Name: "Plain", Currency: "EUR", CreditLimit: account.Some(decimal.NewFromInt(5000))})
	require.NoError(t, err)
	s.create("inherits", func(a *account.Account) { a.Notes.Product = p.ID })
	s.create("its-own", func(a *account.Account) {
		a.Notes.Product, a.Credit.Limit = p.ID, account.Some(decimal.NewFromInt(7))
	})
	path := "products/" + p.ID.String() + "/edit"
	form := func() url.Values {
		return url.Values{"revision": {"1"}, "name": {"Plain"}, "currency": {"EUR"}, "credit_limit": {"100"}}
	}
	step := s.post(path, form())
	require.Equal(t, http.StatusOK, step.code, step.text())
	assert.Contains(t, step.text(), "One client gets other values at once.")
	assert.Contains(t, step.text(), "inherits , Company of inherits")
	assert.Contains(t, step.text(), "was 5,000.00 EUR → now 100.00 EUR")
	assert.NotContains(t, step.text(), "its-own")
	s.policy.Field = func(path string) adminhttp.Access {
		if path == "credit.limit" {
			return adminhttp.Hidden
		}
		return adminhttp.Write
	}
	assert.Contains(t, s.post(path, form()).text(), "Clients that have this product, and no value of their own, get the new values at once.")
	assert.NotContains(t, s.post(path, form()).text(), "inherits")
	s.policy.Field = nil
	require.Equal(t, http.StatusSeeOther, s.lookAndPost(path, form()).code)
	named := url.Values{"revision": {"2"}, "name": {"Renamed"}, "currency": {"EUR"}, "credit_limit": {"100"}}
	assert.Equal(t, http.StatusSeeOther, s.post(path, named).code, "nobody is touched")
}

// Clients outside of the scope are not counted, whatever is typed.
func TestAProductCountsNobodyOutsideTheScope(t *testing.T) {
	s := newSite(t)
	m, err := s.svc.SaveManager(t.Context(), account.Manager{Name: "Olena"})
	require.NoError(t, err)
	p, err := s.svc.SaveProduct(t.Context(), account.Product{Name: "Plain", Currency: "EUR"})
	require.NoError(t, err)
	s.create("foreign", func(a *account.Account) { a.Notes.Product = p.ID })
	s.policy.Scope = adminhttp.ClientsOf(m.ID)
	form := url.Values{"revision": {"1"}, "name": {"Plain"}, "currency": {"EUR"}, "credit_limit": {"9999"}}
	const others = "Clients that have this product, and no value of their own, get the new values at once."
	alone := s.post("products/"+p.ID.String()+"/edit", form)
	assert.Contains(t, alone.text(), others)
	assert.NotContains(t, alone.text(), "One client")
	s.create("mine", func(a *account.Account) { a.Notes.Product, a.Core.Manager = p.ID, m.ID })
	both := s.post("products/"+p.ID.String()+"/edit", form)
	assert.Contains(t, both.text(), "One client gets other values at once.")
	assert.Contains(t, both.text(), others)
	assert.NotContains(t, both.text(), "foreign")
}
