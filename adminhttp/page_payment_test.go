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
	"github.com/clientaccount/clientaccount/adminhttp"
)

// One payment of the bank is booked once, from however many browsers: who sends it the second time
// is shown as which entry it is, and sending one form twice is no error.
func TestAPaymentIsBookedOnce(t *testing.T) {
	s := newSite(t)
	a := s.moneyed("payer")
	typed := func(amount string) reply {
		form := s.get(moneyPath(a)).moneyForm(t, "topUp", "")
		return s.post(moneyPath(a), set(form, "amount", amount, "payment", " BANK 77 "))
	}
	mine, theirs := typed("1500").moneyForm(t, "topUp", ""), typed("1500").moneyForm(t, "topUp", "")
	assert.Equal(t, http.StatusSeeOther, s.post(moneyPath(a), mine).code)
	again := s.post(moneyPath(a), mine)
	assert.Contains(t, again.header.Get("Location"), "again=1", "the same form, sent twice")

	s.actor = account.Actor{ID: "u2", Name: "Marko Lis"}
	for name, got := range map[string]reply{"looked at before": s.post(moneyPath(a), theirs), "typed anew": typed("1500"), "another amount": typed("1600")} {
		assert.Equal(t, http.StatusConflict, got.code, name)
		assert.Contains(t, got.text(), "This payment was booked already, as entry 2. Nothing was booked now.", name)
		assert.Contains(t, got.text(), "The entry of this payment : Top-up of 1,500.00 EUR, entry 2, by Olena Koval", name)
		assert.Contains(t, got.html, `money?before=3#entries"`, name)
	}
	assert.Equal(t, "1600", s.balance(a).Amount.String())
	s.policy.Second = adminhttp.SecondAbove(map[account.Currency]decimal.Decimal{"EUR": decimal.NewFromInt(5000)})
	propose := func(amount string) reply {
		form := s.get(moneyPath(a)).moneyForm(t, "topUp", "")
		return s.post(moneyPath(a), set(form, "amount", amount, "payment", "BANK 78", "_seen", "1"))
	}
	assert.Equal(t, http.StatusSeeOther, propose("6000").code, "it waits for a second person")
	assert.Contains(t, propose("7000").text(), "This reference stands for something else already.")
	assert.Contains(t, propose("7").text(), "This reference stands for something else already.", "though it needs nobody")
	s.policy.Second = nil
	assert.Contains(t, typed("-1").text(), "cannot be negative", "other faults are told as ever")
	other := s.moneyed("another")
	first := set(s.get(moneyPath(other)).moneyForm(t, "topUp", ""), "amount", "1", "payment", "BANK 77", "_seen", "1")
	assert.Equal(t, http.StatusSeeOther, s.post(moneyPath(other), first).code, "of another client")
	for _, alike := range []string{"BANK 77", "BANK  77", "bank 77", "Bank\u00a077", " BANK\u202f77"} {
		form := s.get(moneyPath(a)).moneyForm(t, "topUp", "")
		assert.Equal(t, http.StatusConflict, s.post(moneyPath(a), set(form, "amount", "1500", "payment", alike)).code, alike)
		typed := url.QueryEscape(alike)
		assert.Contains(t, s.get("clients?q="+typed).text(), "Entry 2", "%q is found", alike)
		assert.Contains(t, s.get(moneyPath(a)+"?reference="+typed).text(), "1 entry", alike)
		assert.Contains(t, s.get(moneyPath(a)+"/export?reference="+typed).html, ",BANK 77,", alike)
	}
	assert.Equal(t, 2, strings.Count(s.get("clients?q=BANK+77").text(), "Entry 2"), "once for each client")
	assert.Contains(t, s.get("clients?q=bank+7").text(), "Entry 2", "by how it begins")
}

// Of two who look at the same movement at once, the second one to confirm is told of the first.
func TestWhatWasBookedMeanwhileIsShownBeforeItIsBookedAgain(t *testing.T) {
	s := newSite(t)
	a := s.moneyed("payer")
	look := func() url.Values {
		form := s.get(moneyPath(a)).moneyForm(t, "topUp", "")
		return s.post(moneyPath(a), set(form, "amount", "77")).moneyForm(t, "topUp", "")
	}
	mine, theirs := look(), look()
	require.Equal(t, http.StatusSeeOther, s.post(moneyPath(a), mine).code)
	s.actor = account.Actor{ID: "u2", Name: "Marko Lis"}
	again := s.post(moneyPath(a), theirs)
	require.Equal(t, http.StatusOK, again.code)
	assert.Contains(t, again.text(), "The same was booked in the last 24 hours.")
	assert.Contains(t, again.text(), "Balance 177.00 EUR 254.00 EUR", "as it is now")
	assert.Equal(t, "177", s.balance(a).Amount.String())
	require.Equal(t, http.StatusSeeOther, s.post(moneyPath(a), again.moneyForm(t, "topUp", "")).code, "who still wants it has it")
	assert.Equal(t, "254", s.balance(a).Amount.String())
}

// A host may require it.
func TestAPaymentReferenceMayBeRequired(t *testing.T) {
	s := newSiteOver(t, newPostbox(t).svc, func(c *adminhttp.Config) { c.PaymentRequired = true })
	a := s.moneyed("payer")
	got := s.post(moneyPath(a), set(s.get(moneyPath(a)).moneyForm(t, "topUp", ""), "amount", "10"))
	assert.Equal(t, http.StatusUnprocessableEntity, got.code)
	assert.Contains(t, got.text(), "Payment reference : Type what the bank calls the payment")
	long := s.post(moneyPath(a), set(s.get(moneyPath(a)).moneyForm(t, "topUp", ""), "amount", "10", "payment", "clientaccount:x"))
	assert.Contains(t, long.text(), "Payment reference : A reference is a line of text")
	assert.Equal(t, "100", s.balance(a).Amount.String())
}
