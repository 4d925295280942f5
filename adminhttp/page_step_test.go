package adminhttp_test

import (
	"html"
	"net/http"
	"net/url"
	"regexp"
	"strconv"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/clientaccount/clientaccount"
	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/adminhttp"
)

var shownSteps = regexp.MustCompile(`name="_warned" value="([^"]*)"`)

// lookAndPost sends a form, looks at the step before it is written, and sends it again.
func (s *site) lookAndPost(path string, form url.Values) reply {
	s.Helper()
	step := s.post(path, form)
	require.Equal(s, http.StatusOK, step.code, step.text())
	shown := shownSteps.FindStringSubmatch(step.html)
	require.NotNil(s, shown, step.text())
	return s.post(path, set(form, "_warned", html.UnescapeString(shown[1])))
}

// What cannot be taken back, or bites at once, is looked at before it is written.
func TestWhatBitesIsLookedAtFirst(t *testing.T) {
	s := newSite(t)
	for n, row := range []struct {
		typed []string
		said  string
	}{
		{[]string{"status", "suspended"}, "nothing more is sent for it, nor for its subaccounts"},
		{[]string{"status", "blocked"}, "nothing more is sent for it, nor for its subaccounts"},
		{[]string{"_flag", "sending.rest"}, "This is the last channel: the client can send by none then."},
		{[]string{"login", "renamed"}, "Whoever signs in as client-3 no longer gets in"},
		{[]string{"currency", "UAH"}, "All amounts of the client are in UAH then, no longer in EUR."},
		{[]string{"expires_at", "2020-01-01T00:00"}, "This end has passed: the account counts as expired at once."},
	} {
		a := s.create("client-"+strconv.Itoa(n), func(a *account.Account) { a.Status, a.Sending.REST = account.StatusActive, true })
		form := url.Values{"revision": {"1"}}
		for i := 0; i < len(row.typed); i += 2 {
			form.Add(row.typed[i], row.typed[i+1])
		}
		step := s.post(editPath(a), form)
		require.Equal(t, http.StatusOK, step.code, row.said)
		assert.Contains(t, step.text(), "Before this is written")
		assert.Contains(t, step.html, `form="edit" name="_do" value="apply">Write it</button>`)
		assert.Contains(t, step.text(), row.said)
		s.assertSame(a, 1)
		assert.Equal(t, http.StatusSeeOther, s.lookAndPost(editPath(a), form).code, row.said)
		assert.EqualValues(t, 2, s.stored(a.ID).Revision)
	}
	harmless := s.create("harmless", nil)
	assert.Equal(t, http.StatusSeeOther, s.save(harmless, "contact.company", "Acme", "status", "active").code)
	back := s.save(s.stored(harmless.ID), "contact.company", "Acme Ltd", "_warned", "A step that was shown.")
	assert.Equal(t, http.StatusSeeOther, back.code, "what bit was taken out again")
}

// A client is closed for good by who has typed its login, and sees what stays in it.
func TestClosingWantsTheLogin(t *testing.T) {
	s := newSite(t)
	a := s.moneyed("payer")
	form := url.Values{"revision": {strconv.FormatInt(a.Revision, 10)}, "status": {"closed"}}
	step := s.post(editPath(a), form)
	for _, said := range []string{"Closing is for good", "100.00 EUR stays in it for good", "To close it, type the login payer", "for good"} {
		assert.Contains(t, step.text(), said)
	}
	assert.Contains(t, step.html, `name="_do" value="apply" tabindex="-1"`, "what Enter presses after the login")
	again := s.lookAndPost(editPath(a), form)
	assert.Equal(t, http.StatusOK, again.code, "without the login")
	wrong := s.lookAndPost(editPath(a), set(form, "_login", "payee"))
	assert.Equal(t, http.StatusOK, wrong.code)
	assert.Contains(t, wrong.text(), "This is not the login.")
	assert.Contains(t, wrong.html, `aria-describedby="closes-msg" autofocus`, "typed again where it was")
	s.assertSame(a, int(a.Revision))
	assert.Equal(t, http.StatusSeeOther, s.post(editPath(a), set(form, "_login", " Payer ")).code)
	assert.Equal(t, account.StatusClosed, s.stored(a.ID).Status)
	assert.NotContains(t, s.get("clients/"+a.ID.String()+"/history").html, "/undo", "it cannot be taken back")
}

// Who does not see the money is told that some stays, and not how much.
func TestStepsTellNothingHidden(t *testing.T) {
	s := newSite(t)
	a := s.moneyed("payer")
	s.policy.Actions = []adminhttp.Action{adminhttp.ActionEdit}
	step := s.post(editPath(a), url.Values{"revision": {strconv.FormatInt(a.Revision, 10)}, "status": {"closed"}})
	assert.Contains(t, step.text(), "The money that is in it stays in it for good.")
	assert.NotContains(t, step.text(), "100.00")
}

// Other limits are looked at with what they leave to spend, by who may know it.
func TestOtherLimitsSayWhatTheyLeave(t *testing.T) {
	s := newSite(t)
	a := s.create("client", func(a *account.Account) { a.Credit.Limit = account.Some(account.Amount("900")) })
	_, err := s.svc.Charge(t.Context(), clientaccount.Charge{Account: a.ID, Amount: account.Amount("863.24"), Reference: "used"})
	require.NoError(t, err)
	assert.Contains(t, s.get(editPath(a)).html, `data-said="900.00 EUR"`, "as the page prints it, for the script")
	check := url.Values{"revision": {"1"}, "credit.limit": {"880"}, "_do": {"check"}}
	assert.Contains(t, s.post(editPath(a), check).text(), "With this, 16.76 EUR is left to spend.")
	company := url.Values{"revision": {"1"}, "contact.company": {"Acme"}, "_do": {"check"}}
	assert.NotContains(t, s.post(editPath(a), company).text(), "left to spend")
	s.policy.Actions = []adminhttp.Action{adminhttp.ActionEdit}
	assert.NotContains(t, s.post(editPath(a), check).text(), "left to spend")
	s.assertSame(a, 1)
}
