package adminhttp_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/clientaccount/clientaccount"
	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/adminhttp"
)

// What nobody is named for is nobody's own: who has no id is told no more than anybody.
func TestWhatNobodyDidIsNobodysOwn(t *testing.T) {
	s := newSite(t)
	a := s.create("first", nil)
	company := func(by account.Actor, reason, name string) clientaccount.Edit {
		return clientaccount.Edit{Actor: by, Reason: reason, Apply: func(a *account.Account) error { a.Contact.Company = name; return nil }}
	}
	_, err := s.svc.Update(t.Context(), a.ID, 1, company(account.Actor{}, "", "Changed by nobody"))
	require.NoError(t, err)
	_, err = s.svc.Propose(t.Context(), a.ID, 2, s.svc.Now().Add(time.Hour), company(account.Actor{ID: "u7", Name: "Petro Bondar"}, "Asked by phone", "Proposed"))
	require.NoError(t, err)
	s.actor, s.policy.Actions = account.Actor{}, []adminhttp.Action{adminhttp.ActionEdit}
	edit := s.get(editPath(a))
	assert.Contains(t, edit.text(), "waits for a second person")
	assert.NotContains(t, edit.text(), "Petro Bondar")
	stale := s.save(a, "contact.company", "Mine")
	assert.Equal(t, http.StatusConflict, stale.code)
	assert.NotContains(t, stale.text(), "Company of first", "what stood before is told by the history")
	assert.NotContains(t, s.get("api/tasks").html, "Asked by phone")
}

// A file says by logins whom its lines are about: who may not change one takes it in all the same.
func TestALoginThatIsReadOnlySaysWhoItIs(t *testing.T) {
	s := newSite(t)
	a := s.create("first", nil)
	s.policy.Field = func(path string) adminhttp.Access {
		if path == "login" {
			return adminhttp.Read
		}
		return adminhttp.Write
	}
	s.run(s.begun(s.importFile("login,company\nfirst,Changed\n")), "all")
	assert.Equal(t, "Changed", s.stored(a.ID).Contact.Company)
	renamed := s.begun(s.importFile("id,login\n" + a.ID.String() + ",other\n"))
	assert.Contains(t, s.looked(renamed).text(), "1 Would be refused")
	assert.Contains(t, s.run(renamed, "good").text(), "1 Refused")
	assert.Equal(t, "first", s.stored(a.ID).Core.Login)
}

// The same money that two proposed is not booked twice by who saw neither booked.
func TestWhatIsProposedTwiceIsLookedAtAgain(t *testing.T) {
	s := doubled(t)
	a := s.moneyed("payer")
	raced := s.post(moneyPath(a), set(s.get(moneyPath(a)).moneyForm(t, "topUp", ""), "amount", "6000"))
	for n := range 2 {
		step := s.post(moneyPath(a), set(s.get(moneyPath(a)).moneyForm(t, "topUp", ""), "amount", "6000"))
		assert.Equal(t, n > 0, strings.Contains(step.text(), "The same waits for a second person already. Go on only if this is another one. Top-up of 6,000.00 EUR, by Olena Koval"))
		require.Equal(t, http.StatusSeeOther, s.post(moneyPath(a), step.moneyForm(t, "topUp", "")).code)
	}
	assert.Contains(t, s.post(moneyPath(a), raced.moneyForm(t, "topUp", "")).text(), "The same waits", "it was not there when this was looked at")
	s.actor = checker
	assert.Equal(t, 2, strings.Count(s.get("confirmations").text(), "The same waits"))
	var codes []int
	for _, task := range s.tasks() { // both buttons of one page
		codes = append(codes, s.post("tasks/"+task.ID.String()+"/confirm", url.Values{"_warned": {"0"}}).code)
	}
	assert.Equal(t, []int{http.StatusSeeOther, http.StatusUnprocessableEntity}, codes)
	assert.Equal(t, "6100", s.balance(a).Amount.String())
	again := s.get("confirmations")
	require.Equal(t, http.StatusSeeOther, s.post(again.taskForm(t, "confirm"), url.Values{"_warned": {again.warned()}}).code, "who saw it means it")
	assert.Equal(t, "12100", s.balance(a).Amount.String())
}
