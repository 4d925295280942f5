package adminhttp_test

import (
	"net/http"
	"net/url"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/clientaccount/clientaccount/account"
)

// later lets time pass, and what fell due be done.
func (t *traffic) later(d time.Duration) {
	t.Helper()
	t.at = t.at.Add(d)
	require.NoError(t, t.svc.Tick(t.Context()))
}

// A scheduled change is made when it is due; one whose field somebody set to something else meanwhile
// is refused, and the history says why.
func TestAScheduledChangeFallsDue(t *testing.T) {
	clock := newTraffic(t)
	s, api := newSiteOver(t, clock.svc), newAPIOver(t, clock.svc)
	made, refused := s.create("payer", nil), s.create("mover", nil)
	at := clock.at.Add(48 * time.Hour).UTC().Format("2006-01-02T15:04")
	ids := map[account.ID]string{}
	for _, a := range []account.Account{made, refused} {
		sent := s.post(editPath(a), url.Values{"revision": {"1"}, "contact.company": {"Later Ltd"}, "_do": {"later"}, "at": {at}})
		require.Equal(t, http.StatusSeeOther, sent.code, sent.text())
		ids[a.ID] = api.get("tasks?client=" + a.ID.String()).taskIDs()[0]
	}
	s.update(refused, func(a *account.Account) { a.Contact.Company = "Moved Ltd" })
	clock.later(47 * time.Hour)
	assert.Contains(t, s.get(editPath(made)).text(), "Changes one setting: scheduled")
	s.assertSame(made, 1)

	clock.later(2 * time.Hour)
	assert.Equal(t, "Later Ltd", s.stored(made.ID).Contact.Company)
	assert.NotContains(t, s.get(editPath(made)).text(), ": scheduled")
	assert.Contains(t, s.get("clients/"+made.ID.String()+"/history").text(), "Later Ltd")
	done := api.get("tasks/" + ids[made.ID])
	assert.Equal(t, "done", done.at("state"))
	assert.EqualValues(t, 2, done.at("revision"))

	assert.Equal(t, "Moved Ltd", s.stored(refused.ID).Contact.Company)
	history := s.get("clients/" + refused.ID.String() + "/history").text()
	assert.Contains(t, history, "This field was changed again since; edit it by hand.")
	told := api.get("tasks/" + ids[refused.ID])
	assert.Equal(t, "refused", told.at("state"))
	assert.Contains(t, told.body, `"code": "change.superseded"`)
	clock.later(time.Hour)
	assert.Len(t, s.history(made.ID), 2, "once")
}

// What nobody confirmed in time cannot be confirmed any more, also before Tick came by.
func TestAProposalExpires(t *testing.T) {
	clock := newTraffic(t)
	s, api := newSiteOver(t, clock.svc), newAPIOver(t, clock.svc)
	s.policy.Second = doubled(t).policy.Second
	a := s.create("payer", nil)
	sent := s.lookAndPost(editPath(a), url.Values{"revision": {"1"}, "credit.limit": {"500"}})
	require.Equal(t, http.StatusSeeOther, sent.code, sent.text())
	s.actor, api.actor = checker, checker
	confirm := s.get("confirmations").taskForm(t, "confirm")
	id := api.get("tasks").taskIDs()[0]

	clock.at = clock.at.Add(73 * time.Hour)
	for _, when := range []string{"before Tick", "after"} {
		assert.Contains(t, s.get("confirmations").text(), "Nothing waits for a second person.", when)
		late := s.post(confirm, url.Values{})
		assert.Equal(t, http.StatusUnprocessableEntity, late.code, when)
		api.ask("POST", "tasks/"+id+"/confirm", "", nil).expect(http.StatusUnprocessableEntity, "", "task.expired")
		assert.Equal(t, "expired", api.get("tasks/"+id).at("state"), when)
		assert.Contains(t, s.get("clients/"+a.ID.String()+"/history").text(), "Nobody confirmed it in time", when)
		clock.later(time.Minute)
	}
	s.assertSame(a, 1)
}
