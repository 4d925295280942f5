package adminhttp_test

import (
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/adminhttp"
)

// begun follows the form of a change of many to its batch.
func (s *site) begun(r reply) string {
	s.Helper()
	require.Equal(s, http.StatusSeeOther, r.code, r.text())
	_, path, found := strings.Cut(r.header.Get("Location"), "batches/")
	require.True(s, found)
	return "batches/" + path
}

func TestManyClientsAreChangedAtOnceAndBack(t *testing.T) {
	s := newSite(t)
	a, b := s.create("first", nil), s.create("second", nil)
	whole := s.create("whole", func(a *account.Account) { a.Core.Currency = "JPY" })
	already := s.create("there", func(a *account.Account) { a.Credit.Limit = account.Some(account.Amount("25.5")) })
	chosen := url.Values{"client": {a.ID.String(), b.ID.String(), whole.ID.String(), already.ID.String()}}
	form := s.post("clients/many", chosen)
	assert.Contains(t, form.text(), "4 clients are chosen.")
	assert.Equal(t, 4, strings.Count(form.html, `name="client"`))

	chosen.Set("_do", "look")
	nothing := s.post("clients/many", chosen)
	assert.Contains(t, nothing.text(), "Choose what is to be changed.")
	chosen.Set("credit.limit", "1,500")
	asked := s.post("clients/many", chosen)
	assert.Equal(t, http.StatusUnprocessableEntity, asked.code)
	assert.Contains(t, asked.html, `name="_meant.credit.limit"`)
	chosen.Set("credit.limit", "25.5")
	chosen.Set("reason", "autumn")
	batch := s.begun(s.post("clients/many", chosen))

	judged := s.get(batch)
	for judged.header.Get("Refresh") != "" {
		judged = s.get(batch)
	}
	assert.Contains(t, judged.text(), "2 Would change")
	assert.Contains(t, judged.text(), "1 Unchanged")
	assert.Contains(t, judged.text(), "1 Would be refused")
	assert.Contains(t, judged.text(), "Change the 2 good ones")
	assert.Empty(t, s.limit(a), "nothing is written yet")
	refused := s.post(batch, url.Values{"_do": {"all"}})
	assert.Equal(t, http.StatusUnprocessableEntity, refused.code, "one would be refused")
	done := s.run(batch, "good")
	assert.Contains(t, done.text(), "2 Done")
	assert.Contains(t, done.text(), "1 Refused")
	assert.Equal(t, "25.5", s.limit(a))
	assert.Equal(t, "25.5", s.limit(b))
	record := s.history(a.ID)[0]
	assert.Equal(t, "autumn", record.Reason)
	assert.Equal(t, batch, "batches/"+record.Batch.String())
	assert.Contains(t, s.get("clients/"+a.ID.String()+"/history").html, batch)
	assert.Contains(t, s.get("batches").text(), "Change of many Allow credit")

	back := s.begun(s.post(batch, url.Values{"_do": {"undo"}, "reason": {"too soon"}}))
	b = s.update(s.stored(b.ID), func(b *account.Account) { b.Credit.Limit = account.Some(account.Amount("30")) })
	s.get(back)
	done = s.run(back, "good")
	assert.Contains(t, done.text(), "1 Done 1 Refused")
	assert.Contains(t, done.text(), "What was refused can be tried again from there, unless it was changed since.")
	assert.Empty(t, s.limit(a))
	changed := s.get(batch)
	assert.Contains(t, changed.text(), "This was taken back. Not taken back, since it was changed again or is for good: 1.")
	assert.NotContains(t, changed.html, `value="undo"`, "nothing can be now")
	b = s.update(b, func(b *account.Account) { b.Credit.Limit = account.Some(account.Amount("25.5")) })
	rest := s.get(batch).text()
	assert.Contains(t, rest, "This was taken back, but for a rest.")
	assert.Contains(t, rest, "Undo the rest (1)")
	assert.Contains(t, s.run(s.begun(s.post(batch, url.Values{"_do": {"undo"}})), "all").text(), "1 Done")
	assert.Empty(t, s.limit(b))
	all := s.get(batch)
	assert.Contains(t, all.text(), "This was taken back.")
	assert.NotContains(t, all.html, `value="undo"`)
}

// TestAllClientsOfOneGoToAnother from the page of a manager, or a product.
func TestAllClientsOfOneGoToAnother(t *testing.T) {
	s := newSite(t)
	leaving, gold := manager(s, "Leaving").ID, product(s, "Gold", "EUR").ID
	s.create("first", func(a *account.Account) { a.Core.Manager, a.Notes.Product = leaving, gold })
	s.create("second", func(a *account.Account) { a.Core.Manager = leaving })
	s.create("third", nil)
	for path, want := range map[string][2]string{
		"managers/" + leaving.String() + "/edit": {"Give their clients to another manager", "All 2 that the list finds are chosen, those of its other pages too. Clients: Leaving."},
		"products/" + gold.String() + "/edit":    {"Put its clients on another product", "All 1 that the list finds are chosen, those of its other pages too. Clients: Gold."},
	} {
		page := s.get(path)
		require.Contains(t, page.text(), want[0])
		list := regexp.MustCompile(`name="list" value="([^"]*)"`).FindStringSubmatch(page.html)
		require.NotNil(t, list)
		form := s.post("clients/many", url.Values{"all": {"1"}, "list": {list[1]}})
		require.Equal(t, http.StatusOK, form.code)
		assert.Contains(t, form.text(), want[1])
	}
	s.policy.Actions = slices.DeleteFunc(s.policy.Actions, func(x adminhttp.Action) bool { return x == adminhttp.ActionMany })
	assert.NotContains(t, s.get("managers/"+leaving.String()+"/edit").text(), "Give their clients")
}

// Who may write no field that is set for many is not asked to choose clients for it.
func TestWhoMaySetNothingForManyChoosesNobody(t *testing.T) {
	s := newSite(t)
	s.create("acme", nil)
	assert.Contains(t, s.get("clients").html, "clients/many")
	s.policy.Field = func(path string) adminhttp.Access {
		if path == "contact.company" {
			return adminhttp.Write
		}
		return adminhttp.Read
	}
	shown := s.get("clients")
	assert.Contains(t, shown.text(), "acme")
	assert.NotContains(t, shown.html, "clients/many")
	assert.NotContains(t, shown.html, `type="checkbox" name="client"`)
}

// sentBy is what a browser sends of the form to clients/many, with the boxes ticked of some clients,
// and by a button with a name and a value; and where.
func (r reply) sentBy(tb testing.TB, ticked []account.ID, button string) (path string, form url.Values) {
	tb.Helper()
	action := regexp.MustCompile(`<form( id="many")? method="post" action="((?:\.\./)*clients/many)"`).FindStringSubmatchIndex(r.html)
	require.NotNil(tb, action, r.text())
	inside, _, _ := strings.Cut(r.html[action[0]:], "</form>")
	form = url.Values{}
	for _, tag := range regexp.MustCompile(`<input\b[^>]*>`).FindAllString(inside, -1) {
		form.Add(attributes(tag)["name"], attributes(tag)["value"])
	}
	for _, tag := range regexp.MustCompile(`<input type="checkbox" name="client"[^>]*>`).FindAllString(r.html, -1) {
		box := attributes(tag)
		if slices.ContainsFunc(ticked, func(id account.ID) bool { return id.String() == box["value"] }) {
			require.Equal(tb, "many", box["form"], "a box of the form")
			form.Add("client", box["value"])
		}
	}
	if button != "" {
		require.Regexp(tb, `<button[^>]* name="`+button+`"\s+value="1"`, inside)
		form.Set(button, "1")
	}
	return strings.TrimLeft(r.html[action[4]:action[5]], "./"), form
}

// From boxes that are ticked in the list, or from its button for all that match, to what was done,
// and back: by the forms of the pages alone.
func TestWhatTheListShowsIsChanged(t *testing.T) {
	s := newSite(t)
	active := func(a *account.Account) { a.Status = account.StatusActive }
	a, b := s.create("first", active), s.create("second", active)
	rich := s.update(s.moneyed("rich"), active)
	require.NoError(t, s.svc.Tick(t.Context()))
	change := func(list reply, ticked []account.ID, button, limit string) string {
		t.Helper()
		form := s.post(list.sentBy(t, ticked, button))
		require.Equal(t, http.StatusOK, form.code, form.text())
		path, filled := form.sentBy(t, nil, "")
		filled.Set("credit.limit", limit)
		return s.begun(s.post(path, filled))
	}
	list := s.get("clients?attention=exhausted&q=company&sort=-login")
	assert.NotContains(t, list.html, rich.ID.String())
	assert.Contains(t, list.html, `href="`+moneyPath(a)+`?list=`, "where it is seen why")
	ticked := change(list, []account.ID{b.ID}, "", "7")
	assert.Contains(t, s.run(ticked, "all").text(), "1 Done")
	assert.Equal(t, []string{"", "7"}, []string{s.limit(a), s.limit(b)})
	s.run(s.begun(s.post(ticked, url.Values{"_do": {"undo"}})), "all")
	assert.Empty(t, s.limit(b))

	require.NoError(t, s.svc.Tick(t.Context()))
	assert.Contains(t, s.run(change(list, nil, "all", "9"), "all").text(), "2 Done", "no more than the list finds")
	assert.Equal(t, []string{"9", "9", "20"}, []string{s.limit(a), s.limit(b), s.limit(rich)})

	for _, query := range []string{"atention=exhausted", "q=s&q=x", "q=%zz", "cursor=x"} {
		form := url.Values{"all": {"1"}, "_do": {"look"}, "credit.limit": {"1"}, "list": {query}}
		assert.Equal(t, http.StatusBadRequest, s.post("clients/many", form).code, query)
	}
	assert.Equal(t, http.StatusBadRequest, s.get("clients/export?atention=exhausted").code)
}

// limit is a client's own credit limit, as text.
func (s *site) limit(a account.Account) string {
	f, _ := account.FieldAt("credit.limit")
	return f.Text(s.stored(a.ID))
}

// run lets a batch run to its end.
func (s *site) run(batch, how string, pairs ...string) reply {
	s.Helper()
	form := url.Values{"_do": {how}}
	for i := 0; i < len(pairs); i += 2 {
		form.Set(pairs[i], pairs[i+1])
	}
	for s.get(batch).header.Get("Refresh") != "" {
	}
	sent := s.post(batch, form)
	require.Equal(s, http.StatusSeeOther, sent.code, sent.text())
	for {
		if shown := s.get(batch); shown.header.Get("Refresh") == "" {
			return shown
		}
	}
}

func TestWhatCannotBeTakenBackNeedsTheNumber(t *testing.T) {
	s := newSite(t)
	for i := range 3 {
		s.create(fmt.Sprint("client-", i), nil)
	}
	batch := s.begun(s.post("clients/many", url.Values{"all": {"1"}, "_do": {"look"}, "status": {"closed"}, "list": {"q=client"}}))
	assert.Contains(t, s.get(batch).text(), "Type the number of clients that change")
	untyped := s.post(batch, url.Values{"_do": {"all"}})
	assert.Equal(t, http.StatusUnprocessableEntity, untyped.code)
	assert.Contains(t, untyped.text(), "type the number of clients that change, 3.")
	assert.NotContains(t, untyped.text(), "This cannot be taken back:", "it is asked for what bites at once, too")
	done := s.run(batch, "all", "typed", "3")
	assert.Contains(t, done.text(), "3 Done")
	assert.NotContains(t, done.html, `value="undo"`, "nothing of it can be taken back")
}

// A batch is there for who made it and for who sees all clients; what may not be written is set for
// nobody.
func TestManyClientsWithinTheScopeOnly(t *testing.T) {
	s := newSite(t)
	mine, theirs := s.create("mine", nil), s.create("theirs", nil)
	manager, err := s.svc.SaveManager(t.Context(), account.Manager{Name: "Olena"}, account.Actor{}, "")
	require.NoError(t, err)
	mine = s.update(mine, func(a *account.Account) { a.Core.Manager = manager.ID })
	s.policy = adminhttp.FullAccess()
	s.policy.Scope = adminhttp.ClientsOf(manager.ID)
	form := url.Values{"client": {mine.ID.String(), theirs.ID.String()}, "_do": {"look"}, "credit.limit": {"7"}}
	batch := s.begun(s.post("clients/many", form))
	assert.Contains(t, s.get(batch).text(), "1 Would change")
	s.run(batch, "all")
	assert.Empty(t, s.limit(theirs))

	form = url.Values{"client": {mine.ID.String()}, "_do": {"look"}, "manager": {"none"}}
	assert.Equal(t, http.StatusUnprocessableEntity, s.post("clients/many", form).code, "handed to nobody")
	s.policy.Field = func(path string) adminhttp.Access {
		if path == "credit.limit" {
			return adminhttp.Read
		}
		return adminhttp.Write
	}
	form = url.Values{"client": {mine.ID.String()}, "_do": {"look"}, "credit.limit": {"8"}}
	assert.Equal(t, http.StatusUnprocessableEntity, s.post("clients/many", form).code, "read-only")
	s.actor.ID = "somebody else"
	assert.Equal(t, http.StatusNotFound, s.get(batch).code)
	assert.NotContains(t, s.get("batches").html, batch)
}

// What was on the form and may be changed no longer is told of once, by its labels; what was not
// touched of it is in nobody's way.
func TestRightsTakenAwayWhileManyAreChanged(t *testing.T) {
	s := newSite(t)
	a := s.create("first", nil)
	typed := url.Values{
		"client": {a.ID.String()}, "_do": {"look"}, "reason": {"autumn"},
		"manager": {""}, "status": {"suspended"}, "credit.limit": {"1,500"}, "sending.smpp": {"false"},
	}
	s.policy.Field = func(path string) adminhttp.Access {
		switch path {
		case "manager", "status":
			return adminhttp.Read
		case "credit.limit":
			return adminhttp.Hidden
		}
		return adminhttp.Write
	}
	r := s.post("clients/many", typed)
	assert.Equal(t, http.StatusUnprocessableEntity, r.code)
	assert.Contains(t, r.text(), "You may no longer change these: Allow credit, Delivery Status. The rest is kept as you typed it.")
	assert.NotContains(t, r.text(), "Unknown field")
	assert.Contains(t, r.html, `value="autumn"`)
	assert.Regexp(t, `value="false" selected`, r.html)
	typed.Set("status", "")
	typed.Set("credit.limit", "")
	s.begun(s.post("clients/many", typed))

	s.policy.Field = func(string) adminhttp.Access { return adminhttp.Read }
	none := s.post("clients/many", url.Values{"client": {a.ID.String()}})
	assert.Contains(t, none.text(), "You may change none of the fields that are set for many.")
	assert.NotContains(t, none.text(), "Look at what it comes to")
}
