package adminhttp_test

import (
	"net/http"
	"testing"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/clientaccount/clientaccount/account"
)

// TestEditsThatDoNotMeetAreMerged: somebody else changed the phone, I the company.
func TestEditsThatDoNotMeetAreMerged(t *testing.T) {
	s := newSite(t)
	opened := s.create("client", nil)
	form := s.get(editPath(opened)).filled(t)
	theirs := s.update(opened, func(a *account.Account) { a.Contact.Phone, a.Contact.Skype = "+380501112233", "both" })
	form.Set("contact.company", "Mine Ltd")
	form.Set("contact.skype", "both")

	form.Set("_do", "check")
	looked := s.post(editPath(opened), form)
	require.Equal(t, http.StatusOK, looked.code, looked.text())
	assert.Contains(t, looked.text(), "Marko Lis changed this meanwhile, and it stays:")
	assert.Equal(t, "+380501112233", looked.filled(t).Get("contact.phone"), "theirs, and not what stood before")
	s.assertSame(theirs, 2)

	form.Set("_do", "apply")
	done := s.post(editPath(opened), form)
	require.Equal(t, http.StatusSeeOther, done.code, done.text())
	got := s.stored(opened.ID)
	assert.Equal(t, []string{"Mine Ltd", "+380501112233", "both"}, []string{got.Contact.Company, got.Contact.Phone, got.Contact.Skype})
	assert.Len(t, s.history(opened.ID)[0].Change, 1)
	told := s.get(editPath(opened) + "?applied=3&since=1").text()
	assert.Contains(t, told, "Marko Lis changed this meanwhile, and it stays:")
}

// TestMoneyAndPermissionsAreNeverMerged by themselves, whichever side had to do with them.
func TestMoneyAndPermissionsAreNeverMerged(t *testing.T) {
	for _, guarded := range []string{"credit.limit", "notification_limit", "sending.web", "routing.senders", "billing.invoice_days", "status"} {
		value := map[string]string{
			"credit.limit": "75", "notification_limit": "9", "sending.web": "true", "routing.senders": "Acme", "billing.invoice_days": "7", "status": "active",
		}[guarded]
		t.Run(guarded, func(t *testing.T) {
			s := newSite(t)
			opened := s.create("client", nil)
			set := func(path, text string) func(a *account.Account) {
				return func(a *account.Account) { require.NoError(t, account.Change{}.Set(path, text).Apply(a)) }
			}
			theirs := s.update(opened, set("contact.skype", "theirs"))
			assert.Equal(t, http.StatusConflict, s.save(opened, guarded, value, "_do", "check").code, "mine")
			newer := s.update(theirs, set(guarded, value))
			assert.Equal(t, http.StatusConflict, s.save(theirs, "contact.company", "Mine", "_do", "check").code, "theirs")
			s.assertSame(newer, 3)
		})
	}
}

// TestBackAfterApplyIsNoConflict with oneself.
func TestBackAfterApplyIsNoConflict(t *testing.T) {
	s := newSite(t)
	opened := s.create("client", nil)
	form := s.get(editPath(opened)).filled(t)
	form.Set("credit.limit", "75")
	form.Set("contact.last_name", "First")
	require.Equal(t, http.StatusSeeOther, s.post(editPath(opened), form).code)

	again := s.post(editPath(opened), form)
	require.Equal(t, http.StatusSeeOther, again.code, "the same once more")
	assert.Contains(t, again.header.Get("Location"), "applied=0")

	form.Set("contact.company", "More")
	require.Equal(t, http.StatusSeeOther, s.post(editPath(opened), form).code)
	got := s.stored(opened.ID)
	assert.Equal(t, "More", got.Contact.Company)
	assert.Equal(t, "75", got.Credit.Limit.Or(decimal.Zero).String())

	form.Set("contact.last_name", "Second")
	differs := s.post(editPath(opened), form)
	require.Equal(t, http.StatusConflict, differs.code)
	assert.Contains(t, differs.text(), "You changed this a moment ago yourself")
	assert.NotContains(t, differs.text(), "Somebody changed")
	choice := differs.filled(t)
	choice.Set("_keep.contact.last_name", "mine")
	require.Equal(t, http.StatusSeeOther, s.post(editPath(opened), choice).code, "nothing else is to be chosen")
	assert.Equal(t, "Second", s.stored(opened.ID).Contact.LastName)
}

// TestAPasswordIsNotDropped without a word.
func TestAPasswordIsNotDropped(t *testing.T) {
	const again = "Type it again: a password is not kept."
	s := newSite(t)
	a := s.create("client", nil)
	for name, more := range map[string][]string{"refused": {"contact.phone", "12"}, "looked at": {"_do", "check"}} {
		page := s.save(a, append(more, "password", "plum-Kettle-8", "password_retype", "plum-Kettle-8")...)
		assert.Contains(t, page.field("password"), again, name)
		assert.NotContains(t, page.html, "plum-Kettle-8", name)
		form := page.filled(t)
		form.Set("contact.phone", "+380501112233")
		form.Set("_do", "apply")
		refused := s.post(editPath(a), form)
		require.Equal(t, http.StatusUnprocessableEntity, refused.code, name)
		assert.Contains(t, refused.field("password"), again, name)
		s.assertSame(a, 1)
		assert.False(t, refused.filled(t).Has("_secret"), "left out on purpose now")
		form.Set("password", "plum-Kettle-8")
		form.Set("password_retype", "plum-Kettle-8")
		form.Set("_do", "check")
		assert.Equal(t, http.StatusOK, s.post(editPath(a), form).code, name)
	}
	made := s.post("clients/new", map[string][]string{"login": {"x"}, "password": {"plum-Kettle-8"}, "password_retype": {"plum-Kettle-8"}})
	assert.Contains(t, made.field("password"), again)
	assert.NotContains(t, made.field("password"), "stays as it is", "there is none yet")
}
