package adminhttp_test

import (
	"html"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/account/accounttest"
	"github.com/clientaccount/clientaccount/adminhttp"
)

func manager(s *site, name string) account.Manager {
	s.Helper()
	m, err := s.svc.SaveManager(s.Context(), account.Manager{Name: name}, account.Actor{}, "")
	require.NoError(s, err)
	return m
}

func product(s *site, name string, currency account.Currency) account.Product {
	s.Helper()
	p, err := s.svc.SaveProduct(s.Context(), account.Product{
		Name: name, Currency: currency, Priority: account.Some(2), CreditLimit: account.Some(decimal.NewFromInt(100)),
	}, account.Actor{}, "")
	require.NoError(s, err)
	return p
}

// everyField returns an account with every field set, of a manager and a product that exist.
func everyField(s *site) account.Account {
	s.Helper()
	a := accounttest.Full()
	a.Core.Manager = manager(s, "Olena Koval").ID
	a.Notes.Product = product(s, "Gold", a.Core.Currency).ID
	return a
}

// typedIn returns what a browser would send for an account, every field of it.
func typedIn(a account.Account) url.Values {
	form := url.Values{"password": {"other-Kettle-9"}, "password_retype": {"other-Kettle-9"}}
	for _, f := range account.Fields() {
		text := f.Text(a)
		switch f.Kind {
		case account.FieldSecret:
		case account.FieldFlag:
			form.Add("_flag", f.Path)
			if text == "true" {
				form.Set(f.Path, "true")
			}
		case account.FieldTime:
			at, _ := time.Parse(time.RFC3339Nano, text)
			zone, _ := a.Location()
			form.Set(f.Path, at.In(zone).Format("2006-01-02T15:04"))
		case account.FieldDispatch:
			for _, day := range account.Week() {
				if a.Core.Dispatch.Days.Has(day) {
					form.Add(f.Path+".days", day.String()[:3])
				}
			}
			form.Set(f.Path+".from", a.Core.Dispatch.From.String())
			form.Set(f.Path+".to", a.Core.Dispatch.To.String())
		case account.FieldLimit:
			number, unit, _ := strings.Cut(text, " ")
			form.Set(f.Path, number)
			form.Set(f.Path+".unit", unit)
		case account.FieldList:
			form.Set(f.Path, strings.ReplaceAll(text, ",", "\r\n"))
		default:
			form.Set(f.Path, text)
		}
	}
	return form
}

// minutes returns the account as the form can say it: times without their seconds.
func minutes(a account.Account) account.Account {
	a.Expires = a.Expires.Truncate(time.Minute)
	a.Credit.Overdraw.ExpiresAt = a.Credit.Overdraw.ExpiresAt.Truncate(time.Minute)
	return a
}

func TestEveryFieldIsStoredAndRecorded(t *testing.T) {
	s := newSite(t)
	want := minutes(everyField(s))
	a := s.create("client", nil)
	// The currency by itself: it cannot change along with amounts.
	require.Equal(t, http.StatusSeeOther, s.lookAndPost(editPath(a), url.Values{"revision": {"1"}, "currency": {string(want.Core.Currency)}}).code)
	a = s.stored(a.ID)
	form := typedIn(want)
	form.Set("revision", "2")
	form.Set("reason", "All at once")
	r := s.lookAndPost(editPath(a), form)
	require.Equal(t, http.StatusSeeOther, r.code, r.text())
	assert.Equal(t, "../../clients/"+a.ID.String()+"/edit?applied=3", r.header.Get("Location"))
	got, record := s.stored(a.ID), s.history(a.ID)[0]
	assert.Equal(t, "All at once", record.Reason)
	assert.Equal(t, s.actor, record.Actor)
	for _, f := range account.Fields() {
		if f.Path != "password_retype" {
			assert.Equal(t, f.Text(want), f.Text(got), f.Path)
			_, recorded := record.Change.At(f.Path)
			assert.True(t, recorded || f.Text(a) == f.Text(want) && !f.Secret(), f.Path)
		}
	}
	shown := s.get(editPath(a) + "?applied=3")
	assert.Contains(t, shown.text(), "Applied.")
	assert.NotContains(t, shown.html, "other-Kettle-9")
}

func TestCreateWithEveryField(t *testing.T) {
	s := newSite(t)
	want := minutes(everyField(s))
	r := s.post("clients/new", typedIn(want))
	require.Equal(t, http.StatusSeeOther, r.code, r.text())
	got, err := s.svc.ByLogin(t.Context(), want.Core.Login)
	require.NoError(t, err)
	for _, f := range account.Fields() {
		assert.Equal(t, f.Text(want), f.Text(got), f.Path)
	}
}

// TestThePageHasEveryFieldInOrder: each label, in the order of the table.
func TestThePageHasEveryFieldInOrder(t *testing.T) {
	s := newSite(t)
	for _, page := range []string{editPath(s.create("client", nil)), "clients/new"} {
		rest := s.get(page).html
		for _, f := range account.Fields() {
			_, after, found := strings.Cut(rest, `data-field="`+f.Path+`"`)
			require.True(t, found, "%s: %s is missing or out of order", page, f.Path)
			assert.Contains(t, strings.ReplaceAll(after, "<span>", ""), ">"+html.EscapeString(f.Label)+"<", f.Path)
			rest = after
		}
		for _, section := range account.Sections() {
			assert.Contains(t, s.get(page).html, "<h2>"+section.Title+"</h2>")
		}
	}
}

// TestAnUntouchedFormWritesNothing: not even for an account with seconds in its
// times, senders on several lines and amounts without decimals.
func TestAnUntouchedFormWritesNothing(t *testing.T) {
	s := newSite(t)
	want := everyField(s)
	want.Expires = want.Expires.Add(13 * time.Second)
	a := s.create("client", func(a *account.Account) {
		id, revision, created, updated := a.ID, a.Revision, a.CreatedAt, a.UpdatedAt
		*a = want.Clone()
		a.ID, a.Revision, a.CreatedAt, a.UpdatedAt = id, revision, created, updated
	})
	r := s.post(editPath(a), s.get(editPath(a)).filled(t))
	assert.Equal(t, http.StatusSeeOther, r.code, r.text())
	assert.True(t, strings.HasSuffix(r.header.Get("Location"), "?applied=0"), r.header)
	s.assertSame(a, 1)

	form := s.get(editPath(a)).filled(t)
	form.Set("time_zone", "Asia/Tokyo") // the times typed in the old zone were not touched
	require.Equal(t, http.StatusSeeOther, s.post(editPath(a), form).code)
	assert.Equal(t, a.Expires, s.stored(a.ID).Expires)
}

func TestDiscardAndCheckWriteNothing(t *testing.T) {
	s := newSite(t)
	a := s.create("client", nil)
	page := s.get(editPath(a) + "?discarded=1")
	assert.Contains(t, page.text(), "Nothing was written.")
	assert.Contains(t, page.html, `edit?discarded=1" data-discard>Discard</a>`)
	r := s.save(a, "contact.company", "Another", "_do", "check")
	assert.Equal(t, http.StatusOK, r.code)
	assert.Contains(t, r.text(), "This would be written.")
	assert.Contains(t, r.field("contact.company"), `value="Another"`)
	s.assertSame(a, 1)
}

// TestAPartialFormRevokesNothing: a flag goes off only where its box was shown.
func TestAPartialFormRevokesNothing(t *testing.T) {
	s := newSite(t)
	a := s.create("client", func(a *account.Account) { a.Sending.SMPP, a.Sending.Web = true, true })
	require.Equal(t, http.StatusSeeOther, s.save(a, "contact.company", "Other").code)
	a = s.stored(a.ID)
	assert.True(t, a.Sending.SMPP && a.Sending.Web)
	require.Equal(t, http.StatusSeeOther, s.save(a, "_flag", "sending.web").code)
	a = s.stored(a.ID)
	assert.True(t, a.Sending.SMPP)
	assert.False(t, a.Sending.Web)
}

func TestUnknownAndDoubledNamesAreRefused(t *testing.T) {
	s := newSite(t)
	a := s.create("client", nil)
	for name, pairs := range map[string][]string{
		"Unknown field: balance.":         {"balance", "1"},
		"This was sent twice.":            {"login", "one", "login", "two"},
		"Unknown field: contact.company.": {"_flag", "contact.company"},
		"At most 200 characters.":         {"reason", strings.Repeat("x", 201)},
	} {
		r := s.save(a, append(pairs, "contact.skype", "acme")...)
		assert.Equal(t, http.StatusUnprocessableEntity, r.code)
		assert.Contains(t, r.text(), name)
	}
	s.assertSame(a, 1)
	assert.Equal(t, http.StatusPreconditionRequired, s.post(editPath(a), url.Values{"login": {"other"}}).code)
	s.assertSame(a, 1)
}

func TestTooMuchAndWrongTypesAreRefused(t *testing.T) {
	s := newSite(t)
	a := s.create("client", nil)
	assert.Equal(t, http.StatusRequestEntityTooLarge, s.save(a, "notes.comments", strings.Repeat("x", 300<<10)).code)
	r := s.send("PUT", editPath(a), nil)
	assert.Equal(t, http.StatusNotFound, r.code)
	s.assertSame(a, 1)
}

func TestGatewayPasswordIsShownOnce(t *testing.T) {
	s := newSite(t)
	a := s.create("client", nil)
	path := "clients/" + a.ID.String() + "/gateway-password"
	step := s.post(path, url.Values{"revision": {"1"}})
	assert.Contains(t, step.text(), "If there is one already, it ends at once and cannot be brought back")
	s.assertSame(a, 1)
	r := s.lookAndPost(path, url.Values{"revision": {"1"}})
	require.Equal(t, http.StatusOK, r.code)
	_, rest, _ := strings.Cut(r.html, `class="secret">`)
	password, _, _ := strings.Cut(rest, "<")
	require.Len(t, password, 8)
	for _, page := range []string{editPath(a), "clients/" + a.ID.String() + "/history"} {
		assert.NotContains(t, s.get(page).html, password)
	}
	assert.Equal(t, http.StatusConflict, s.post(path, url.Values{"revision": {"1"}}).code)
	s.policy.Actions = []adminhttp.Action{adminhttp.ActionEdit}
	assert.Equal(t, http.StatusForbidden, s.post(path, url.Values{"revision": {"2"}}).code)
}

// A closed client gets no new password or secret, by page or by JSON, and says why.
func TestAClosedClientGetsNoCredentials(t *testing.T) {
	s, _, a := hookSite(t)
	a = s.update(a, func(a *account.Account) { a.Status = account.StatusClosed })
	revision, path := strconv.FormatInt(a.Revision, 10), "clients/"+a.ID.String()
	for page, form := range map[string]url.Values{
		path + "/gateway-password": {"revision": {revision}},
		hooksPath(a):               {"_do": {"secret"}, "revision": {revision}, "overlapHours": {"0"}, "confirm": {"true"}},
	} {
		r := s.post(page, form)
		assert.Equal(t, http.StatusUnprocessableEntity, r.code, page)
		assert.Contains(t, r.text(), "A closed client gets no new passwords or secrets.", page)
	}
	r := s.save(a, "password", "seven-Herons-at-dawn", "password_retype", "seven-Herons-at-dawn")
	assert.Equal(t, http.StatusUnprocessableEntity, r.code)
	assert.Contains(t, r.text(), "A closed client gets no new passwords or secrets.")
	assert.Equal(t, a.Revision, s.stored(a.ID).Revision)

	j := newAPI(t)
	id := j.create("closed", func(a *account.Account) { a.Status = account.StatusClosed })
	for _, refused := range []struct{ method, path, body, field string }{
		{"POST", "/gateway-password", "", "gateway_password"},
		{"PUT", "/password", `{"password":"seven-Herons-at-dawn"}`, "password"},
	} {
		j.unchanged(id, func() {
			j.edit(refused.method, "clients/"+id.String()+refused.path, 1, refused.body).expect(422, refused.field, "password.closed")
		})
	}
}

func TestHistoryAndUndo(t *testing.T) {
	s := newSite(t)
	a := s.create("client", nil)
	a = s.update(a, func(a *account.Account) { a.Credit.Limit = account.Some(decimal.NewFromInt(50)); a.Sending.API = true })
	page := "clients/" + a.ID.String() + "/history"
	r := s.get(page)
	for _, said := range []string{"Marko Lis changed 2 settings", "Allow credit", "50.00 EUR", "off", "UTC"} {
		assert.Contains(t, r.text(), said)
	}
	assert.NotContains(t, s.get(page+"?field=contact.skype").text(), "changed 2 settings")
	undo := page + "/2/undo"
	assert.Equal(t, http.StatusConflict, s.post(undo, url.Values{"revision": {"1"}}).code)
	assert.Equal(t, http.StatusUnprocessableEntity, s.post(page+"/1/undo", url.Values{"revision": {"2"}}).code)
	assert.Contains(t, s.post(undo, url.Values{"revision": {"2"}}).text(), "Before change 2 is taken back")
	r = s.lookAndPost(undo, url.Values{"revision": {"2"}, "reason": {"A slip"}})
	require.Equal(t, http.StatusSeeOther, r.code, r.text())
	a = s.stored(a.ID)
	assert.False(t, a.Sending.API)
	assert.Equal(t, "A slip", s.history(a.ID)[0].Reason)
	assert.Contains(t, s.get(editPath(a)+"?applied="+strconv.FormatInt(a.Revision, 10)).text(), "Taken back.")

	a = s.update(a, func(a *account.Account) { a.Core.Login = "renamed" })
	rename := url.Values{"revision": {"4"}, "reason": {"Not agreed"}}
	assert.Contains(t, s.post(page+"/4/undo", rename).text(), "Login: Whoever signs in as renamed no longer gets in")
	s.assertSame(a, 4)
	require.Equal(t, http.StatusSeeOther, s.lookAndPost(page+"/4/undo", rename).code)
	assert.Equal(t, []string{"client", "Not agreed"}, []string{s.stored(a.ID).Core.Login, s.history(a.ID)[0].Reason})
}
