package adminhttp_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/account/accounttest"
	"github.com/clientaccount/clientaccount/adminhttp"
)

func subaccountsPath(a account.Account) string { return "clients/" + a.ID.String() + "/subaccounts" }

// family returns a client with a subaccount of its own money, which has one that spends
// that, and another that spends the client's.
func (s *site) family() (top, own, grandchild, shared account.Account) {
	s.Helper()
	beneath := func(parent account.Account, alter func(*account.Account)) func(*account.Account) {
		return func(a *account.Account) { a.Parent = parent.ID; alter(a) }
	}
	top = s.create("top", func(a *account.Account) { a.Sending.Subaccounts, a.Status = true, account.StatusActive })
	own = s.create("own", beneath(top, func(a *account.Account) { a.Sending.Subaccounts, a.Status = true, account.StatusActive }))
	grandchild = s.create("grand", beneath(own, func(a *account.Account) { a.Credit.Shared, a.Status = true, account.StatusBlocked }))
	shared = s.create("shared", beneath(top, func(a *account.Account) {
		a.Credit.Shared, a.Credit.Cap, a.Status = true, account.Some(decimal.NewFromInt(30)), account.StatusActive
	}))
	s.topUp(top, "100")
	s.charge(shared, "c1", "12")
	return top, own, grandchild, shared
}

func TestTheTreeAndItsMoney(t *testing.T) {
	s := newSite(t)
	top, own, _, _ := s.family()
	page := s.get(subaccountsPath(top))
	require.Equal(t, http.StatusOK, page.code)
	for _, text := range []string{
		"Subaccounts 2", "Level 1: own", "Level 2: grand", "Level 1: shared", "its own", "the parent's",
		"12.00 EUR of 30.00 EUR this month", "18.00 EUR", "this month, no cap", "Blocked",
	} {
		assert.Contains(t, page.text(), text)
	}
	order := []int{strings.Index(page.html, ">own<"), strings.Index(page.html, ">grand<"), strings.Index(page.html, ">shared<")}
	assert.IsIncreasing(t, order, "each below the one it belongs to")
	assert.Contains(t, s.get(subaccountsPath(own)).text(), "Subaccounts 1")

	s.update(top, func(a *account.Account) { a.Status = account.StatusSuspended })
	assert.Equal(t, 3, strings.Count(s.get(subaccountsPath(top)).html, `>Suspended<`), "the account's own, and what it stops beneath")

	s.policy.Actions = []adminhttp.Action{adminhttp.ActionCreate}
	page = s.get(subaccountsPath(top))
	assert.NotContains(t, page.text(), "EUR")
	assert.NotContains(t, page.text(), "the parent's")
	assert.NotContains(t, page.html, "/money")
}

func TestTheTreeKeepsToTheScope(t *testing.T) {
	s := newSite(t)
	top, own, _, _ := s.family()
	mine := manager(s, "Mine").ID
	for _, a := range []account.Account{top, own} {
		s.update(s.stored(a.ID), func(a *account.Account) { a.Core.Manager = mine })
	}
	s.policy.Scope = adminhttp.ClientsOf(mine)
	page := s.get(subaccountsPath(top))
	assert.Contains(t, page.text(), "Subaccounts 1")
	assert.Contains(t, page.html, ">own<")
	assert.NotContains(t, page.text(), "shared")
	assert.NotContains(t, page.text(), "grand")
}

func TestASubaccountIsCreatedBeneathItsParent(t *testing.T) {
	s := newSite(t)
	mine := manager(s, "Mine").ID
	top := s.create("top", func(a *account.Account) { a.Sending.Subaccounts, a.Core.Manager, a.Core.Currency = true, mine, "UAH" })
	page := s.get(subaccountsPath(top))
	assert.Contains(t, page.html, `href="../../clients/new?parent=`+top.ID.String()+`"`)
	form := s.get("clients/new?parent=" + top.ID.String())
	assert.Contains(t, form.text(), "New subaccount of top")
	assert.Contains(t, form.text(), "The parent's, UAH")
	values := set(form.filled(t), "login", "beneath", "contact.company", "Beneath", "password", accounttest.Password, "password_retype", accounttest.Password)
	refused := s.post("clients/new", set(url.Values{}, "_parent", top.ID.String(), "login", "x"))
	assert.Equal(t, http.StatusUnprocessableEntity, refused.code)
	assert.Equal(t, top.ID.String(), refused.filled(t).Get("_parent"), "what was begun stays")
	done := s.post("clients/new", values)
	require.Equal(t, http.StatusSeeOther, done.code, done.text())
	made, err := s.svc.ByLogin(t.Context(), "beneath")
	require.NoError(t, err)
	assert.Equal(t, []any{top.ID, mine, account.Currency("UAH")}, []any{made.Parent, made.Core.Manager, made.Core.Currency})

	plain := s.create("plain", nil)
	assert.Contains(t, s.get(subaccountsPath(plain)).text(), "Can Add Subaccount is off, so none can be added.")
	assert.NotContains(t, s.get(subaccountsPath(plain)).html, "clients/new")
	refused = s.post("clients/new", set(values, "_parent", plain.ID.String(), "login", "other"))
	assert.Equal(t, http.StatusUnprocessableEntity, refused.code)
	assert.Contains(t, refused.text(), account.NewFault("parent", "parent.forbidden").Text)
	s.policy.Scope = adminhttp.ClientsOf(mine)
	for _, parent := range []string{plain.ID.String(), accounttest.ID(77).String(), "7"} {
		assert.Equal(t, http.StatusNotFound, s.get("clients/new?parent="+parent).code)
		assert.Equal(t, http.StatusNotFound, s.post("clients/new", set(values, "_parent", parent)).code)
	}
}

func TestMoneyGoesToASubaccount(t *testing.T) {
	s := newSite(t)
	top, own, _, _ := s.family()
	form := s.get(subaccountsPath(top)).moneyForm(t, "transfer", "")
	assert.Equal(t, "own", form.Get("to"), "the only one with money of its own")
	done := s.post(moneyPath(top), seen(set(form, "amount", "25")))
	require.Equal(t, http.StatusSeeOther, done.code, done.text())
	assert.Equal(t, "25", s.balance(own).Amount.String())
	s.policy.Actions = []adminhttp.Action{adminhttp.ActionMoney}
	assert.NotContains(t, s.get(subaccountsPath(top)).html, `value="transfer"`)
}
