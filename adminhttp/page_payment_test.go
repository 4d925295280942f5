package adminhttp_test

import (
	"net/http"
	"testing"

	"github.com/stretchr/testify/assert"

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
	assert.Contains(t, typed("-1").text(), "cannot be negative", "other faults are told as ever")
	other := s.moneyed("another")
	first := set(s.get(moneyPath(other)).moneyForm(t, "topUp", ""), "amount", "1", "payment", "BANK 77", "_seen", "1")
	assert.Equal(t, http.StatusSeeOther, s.post(moneyPath(other), first).code, "of another client")
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
