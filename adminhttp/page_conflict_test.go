package adminhttp_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/adminhttp"
)

// conflicted returns a client that somebody changed since the page was opened: their
// credit, Skype name and web permission against my credit and names.
func conflicted(s *site) (opened, now account.Account, page reply) {
	s.Helper()
	opened = s.create("client", func(a *account.Account) { a.Sending.Web = true })
	now = s.update(opened, func(a *account.Account) {
		a.Credit.Limit = account.Some(decimal.NewFromInt(75))
		a.Contact.Skype, a.Contact.LastName, a.Sending.Web = "acme.sky", "Theirs", false
	})
	page = s.save(opened, "credit.limit", "50", "contact.first_name", "Iryna", "contact.last_name", "Mine",
		"password", "plum-Kettle-8", "password_retype", "plum-Kettle-8", "reason", "My reason")
	return opened, now, page
}

func TestConflictShowsBothSides(t *testing.T) {
	s := newSite(t)
	_, now, page := conflicted(s)
	require.Equal(t, http.StatusConflict, page.code)
	s.assertSame(now, 2)
	for _, said := range []string{"Allow credit", "75.00 EUR", "50.00 EUR", "Was inherited", "Theirs: Marko Lis", "My reason", "never put together without you", "Only they changed this."} {
		assert.Contains(t, page.html+page.text(), said)
	}
	form := page.filled(t)
	assert.Equal(t, "2", form.Get("revision"))
	assert.Equal(t, "theirs", form.Get("_keep.contact.skype"), "only theirs")
	assert.Equal(t, "mine", form.Get("_keep.contact.first_name"), "only mine")
	assert.False(t, form.Has("_keep.contact.last_name"), "both: to be chosen")
	assert.False(t, form.Has("_keep.credit.limit"), "money: to be chosen")
	assert.False(t, form.Has("_keep.sending.web"), "a permission: to be chosen, though only theirs")
	assert.NotContains(t, page.html, "plum-Kettle-8")
	assert.Contains(t, page.html, `name="password"`, "to be typed again")
}

func TestConflictNeedsEveryChoice(t *testing.T) {
	s := newSite(t)
	_, now, page := conflicted(s)
	form := page.filled(t)
	form.Set("_keep.credit.limit", "mine")
	again := s.post(editPath(now), form)
	assert.Equal(t, http.StatusUnprocessableEntity, again.code)
	assert.Equal(t, 2, strings.Count(again.html, `id="f-contact-last-name-fault"`)+strings.Count(again.html, `id="f-sending-web-fault"`))
	assert.Equal(t, "mine", again.filled(t).Get("_keep.credit.limit"), "what was chosen stays")
	s.assertSame(now, 2)
}

func TestConflictResolved(t *testing.T) {
	s := newSite(t)
	_, now, page := conflicted(s)
	form := page.filled(t)
	for path, keep := range map[string]string{"credit.limit": "mine", "contact.last_name": "theirs", "sending.web": "mine"} {
		form.Set("_keep."+path, keep)
	}
	r := s.post(editPath(now), form)
	require.Equal(t, http.StatusSeeOther, r.code, r.text())
	got := s.stored(now.ID)
	assert.Equal(t, []string{"50", "Iryna", "Theirs", "acme.sky"}, []string{
		got.Credit.Limit.Or(decimal.Zero).String(), got.Contact.FirstName, got.Contact.LastName, got.Contact.Skype,
	})
	assert.True(t, got.Sending.Web)
	record := s.history(now.ID)[0]
	assert.Equal(t, "My reason", record.Reason)
	assert.Len(t, record.Change, 3, "only what was chosen over theirs")
}

// TestConflictAgain: a change between the choice and its arrival is not lost, and
// the choice does not count for it.
func TestConflictAgain(t *testing.T) {
	s := newSite(t)
	_, now, page := conflicted(s)
	form := page.filled(t)
	for _, path := range []string{"credit.limit", "contact.last_name", "sending.web"} {
		form.Set("_keep."+path, "mine")
	}
	newer := s.update(now, func(a *account.Account) { a.Credit.Limit = account.Some(decimal.NewFromInt(80)) })
	again := s.post(editPath(now), form)
	require.Equal(t, http.StatusConflict, again.code)
	s.assertSame(newer, 3)
	assert.Contains(t, again.text(), "80.00 EUR")
	second := again.filled(t)
	assert.False(t, second.Has("_keep.credit.limit"))
	assert.Equal(t, "mine", second.Get("_keep.contact.last_name"))
	second.Set("_keep.credit.limit", "theirs")
	second.Set("_keep.sending.web", "theirs")
	require.Equal(t, http.StatusSeeOther, s.post(editPath(now), second).code)
	got := s.stored(now.ID)
	assert.Equal(t, "80", got.Credit.Limit.Or(decimal.Zero).String())
	assert.Equal(t, "Mine", got.Contact.LastName)
}

// TestStaleWithoutAChangeIsNoConflict: whoever changed nothing is not asked.
func TestStaleWithoutAChangeIsNoConflict(t *testing.T) {
	s := newSite(t)
	opened := s.create("client", nil)
	page := s.get(editPath(opened))
	s.update(opened, func(a *account.Account) { a.Contact.Skype = "acme.sky" })
	assert.Equal(t, http.StatusSeeOther, s.post(editPath(opened), page.filled(t)).code)
}

// Who changed what, and what stood before, is told of one's own changes and by the history alone:
// whatever revision a form, a URL or an If-Match names.
func TestWithoutTheHistoryAnOldRevisionTellsNothing(t *testing.T) {
	a := newAPI(t)
	s := newSiteOver(t, a.svc)
	opened := s.create("client", func(a *account.Account) { a.Contact.Company, a.Contact.Skype = "Former", "former.sky" })
	s.update(opened, func(a *account.Account) { a.Contact.Company, a.Contact.Skype = "Now", "now.sky" })
	a.actor, a.policy = account.Actor{ID: "u9", Name: "Reader"}, adminhttp.FullAccess()
	a.policy.Actions = []adminhttp.Action{adminhttp.ActionEdit}
	s.actor, s.policy = a.actor, a.policy
	for name, got := range map[string]reply{
		"conflict": s.save(opened, "contact.company", "Mine"), "merged": s.get(editPath(opened) + "?applied=0&since=1"),
	} {
		for _, told := range []string{"Former", "former.sky", "Marko"} {
			assert.NotContains(t, got.html, told, name)
		}
	}
	path := "clients/" + opened.ID.String()
	late := a.edit("PATCH", path, 1, `{"contact":{"company":"Mine"}}`)
	require.Equal(t, http.StatusPreconditionFailed, late.status, late.body)
	for _, told := range []string{"Former", "former.sky", "Marko"} {
		assert.NotContains(t, late.body, told)
	}
	a.policy.Actions = append(a.policy.Actions, adminhttp.ActionHistory)
	told := a.edit("PATCH", path, 1, `{"contact":{"company":"Mine"}}`)
	assert.Contains(t, told.body, "Former")
	assert.Contains(t, told.body, "Marko")
}
