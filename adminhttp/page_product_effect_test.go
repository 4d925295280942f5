package adminhttp_test

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
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
	p, err := s.svc.SaveProduct(s.Context(), account.Product{Name: "Plain", Currency: "EUR", CreditLimit: account.Some(decimal.NewFromInt(5000))}, account.Actor{}, "")
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

// The history of a product tells who did what and why, and offers to take back what can be: after a
// look at whom that touches.
func TestAProductsChangeIsTakenBackOnItsHistory(t *testing.T) {
	s := newSite(t)
	p, err := s.svc.SaveProduct(s.Context(), account.Product{Name: "Plain", Currency: "EUR", CreditLimit: account.Some(decimal.NewFromInt(5000))}, account.Actor{Name: "Olena"}, "")
	require.NoError(t, err)
	s.create("inherits", func(a *account.Account) { a.Notes.Product = p.ID })
	path := "products/" + p.ID.String()
	form := url.Values{"revision": {"1"}, "name": {"Plain"}, "currency": {"EUR"}, "credit_limit": {"100"}, "reason": {"A slip"}}
	require.Equal(t, http.StatusSeeOther, s.lookAndPost(path+"/edit", form).code)

	page := s.get(path + "/history")
	require.Equal(t, http.StatusOK, page.code)
	assert.Contains(t, page.text(), "Olena created the product")
	assert.Contains(t, page.text(), "Why A slip")
	assert.Contains(t, page.html, path+"/history/2/undo")
	assert.NotContains(t, page.html, path+"/history/1/undo", "a creation")
	assert.Contains(t, s.get(path+"/history?field=price").text(), "No changes of this field.")

	undo := url.Values{"revision": {"2"}, "reason": {"It was one"}}
	step := s.post(path+"/history/2/undo", undo)
	require.Equal(t, http.StatusOK, step.code, step.text())
	assert.Contains(t, step.text(), "Before this is taken back: One client gets other values at once.")
	assert.Contains(t, step.text(), "was 100.00 EUR → now 5,000.00 EUR")
	assert.Contains(t, step.html, `value="It was one"`, "the reason stays")
	assert.Equal(t, http.StatusConflict, s.post(path+"/history/2/undo", url.Values{"revision": {"1"}}).code, "seen before the change")
	assert.Equal(t, http.StatusPreconditionRequired, s.post(path+"/history/2/undo", url.Values{}).code)
	assert.Equal(t, http.StatusUnprocessableEntity, s.post(path+"/history/1/undo", undo).code)
	assert.Equal(t, http.StatusNotFound, s.post(path+"/history/7/undo", undo).code)
	require.Equal(t, http.StatusSeeOther, s.lookAndPost(path+"/history/2/undo", undo).code)
	back, err := s.svc.Product(t.Context(), p.ID)
	require.NoError(t, err)
	assert.Equal(t, "5000", back.CreditLimit.String())
	page = s.get(path + "/history?undone=1")
	assert.Contains(t, page.text(), "took back change 2")
	assert.NotContains(t, page.html, "history/2/undo", "it was taken back already")
	assert.Contains(t, s.post(path+"/history/2/undo", url.Values{"revision": {"3"}}).text(), "This field was changed again since")

	_, err = s.svc.SaveProduct(t.Context(), account.Product{ID: p.ID, Revision: 3, Name: "Plain", Currency: "EUR"}, account.Actor{}, "")
	require.NoError(t, err)
	s.policy.Second = adminhttp.SecondFor("credit")
	assert.NotContains(t, s.get(path+"/history").html, "history/4/undo", "a second person has to confirm it")
	assert.Contains(t, s.lookAndPost(path+"/history/4/undo", url.Values{"revision": {"4"}}).text(), "second person")
}

// What was removed has its history still, for whom it was there before; and nothing else has one.
func TestTheHistoryOfAManager(t *testing.T) {
	s := newSite(t)
	mine, err := s.svc.SaveManager(s.Context(), account.Manager{Name: "Mine", Phone: "+380501112233"}, account.Actor{Name: "Olena"}, "")
	require.NoError(t, err)
	other, err := s.svc.SaveManager(s.Context(), account.Manager{Name: "Other"}, account.Actor{}, "Planted")
	require.NoError(t, err)
	require.Equal(t, http.StatusSeeOther, s.post("managers/"+mine.ID.String()+"/edit", url.Values{"revision": {"1"}, "name": {"Mine"}, "reason": {"Left"}}).code)
	history := "managers/" + mine.ID.String() + "/history"
	require.Equal(t, http.StatusSeeOther, s.post(history+"/2/undo", url.Values{"revision": {"2"}}).code, "nobody is touched")
	require.Equal(t, http.StatusUnprocessableEntity, s.post("managers/"+mine.ID.String()+"/delete", url.Values{"reason": {strings.Repeat("x", 201)}}).code)
	s.policy.Scope = adminhttp.ClientsOf(mine.ID)
	require.Equal(t, http.StatusOK, s.get(history).code)
	missing := s.get("managers/" + account.ID{9}.String() + "/history")
	assert.Equal(t, missing.html, s.get("managers/"+other.ID.String()+"/history").html, "of another's scope, as if there were none")
	assert.Equal(t, http.StatusNotFound, s.post("managers/"+other.ID.String()+"/history/1/undo", url.Values{"revision": {"1"}}).code)
	require.Equal(t, http.StatusSeeOther, s.lookAndPost("managers/"+mine.ID.String()+"/delete", url.Values{"reason": {"Gone"}}).code)
	gone := s.get(history)
	assert.Contains(t, gone.text(), "removed the manager")
	assert.Contains(t, gone.text(), "Why Gone")
	assert.NotContains(t, gone.html, "/undo")
	s.policy.Scope = adminhttp.AllClients()
	assert.Equal(t, http.StatusNotFound, s.get("products/"+mine.ID.String()+"/history").code, "it was no product")
	s.policy.Actions = slices.DeleteFunc(s.policy.Actions, func(a adminhttp.Action) bool { return a == adminhttp.ActionHistory })
	assert.Equal(t, http.StatusForbidden, s.get(history).code)
	assert.NotContains(t, s.get("managers/"+other.ID.String()+"/edit").html, "/history")
}

// That prices were announced is in the history of the product, for who sees prices: nobody else is
// told that, by whom, or why.
func TestAnnouncedPricesInTheHistoryOfAProduct(t *testing.T) {
	s, p, _, _, _ := pricePages(t)
	history := "products/" + p.product.Product.String() + "/history"
	seen := s.get(history)
	require.Equal(t, http.StatusOK, seen.code)
	assert.Contains(t, seen.text(), "Why Autumn")
	assert.NotContains(t, seen.html, "/undo", "prices are taken back where they are announced")
	field := s.policy.Field
	s.policy.Field = func(path string) adminhttp.Access {
		if path == account.PathPrices {
			return adminhttp.Hidden
		}
		return adminhttp.Write
	}
	assert.NotContains(t, s.get(history).text(), "Autumn", "hidden")
	s.policy.Field = field
	s.policy.Actions = slices.DeleteFunc(s.policy.Actions, func(a adminhttp.Action) bool { return a == adminhttp.ActionPrices })
	for _, path := range []string{history, history + "?field=prices", "api/products/" + p.product.Product.String() + "/changes"} {
		told := s.get(path)
		assert.Equal(t, http.StatusOK, told.code, path)
		assert.NotContains(t, told.html, "Autumn", path)
		assert.NotContains(t, told.html, "rices", path)
	}
}

// Clients outside of the scope are not counted, whatever is typed.
func TestAProductCountsNobodyOutsideTheScope(t *testing.T) {
	s := newSite(t)
	m, err := s.svc.SaveManager(t.Context(), account.Manager{Name: "Olena"}, account.Actor{}, "")
	require.NoError(t, err)
	p, err := s.svc.SaveProduct(t.Context(), account.Product{Name: "Plain", Currency: "EUR"}, account.Actor{}, "")
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
