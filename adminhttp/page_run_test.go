package adminhttp_test

import (
	"fmt"
	"html"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/clientaccount/clientaccount"
	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/adminhttp"
)

// looked has a batch looked at, and returns its page.
func (s *site) looked(batch string) reply {
	s.Helper()
	for {
		if judged := s.get(batch); judged.header.Get("Refresh") == "" {
			return judged
		}
	}
}

// warned is what a page sends of the steps that it shows.
func (r reply) warned() string {
	_, rest, _ := strings.Cut(r.html, `name="_warned" value="`)
	value, _, _ := strings.Cut(rest, `"`)
	return html.UnescapeString(value)
}

// credited makes a client with a credit.
func (s *site) credited(login string, credit int64) account.Account {
	s.Helper()
	return s.create(login, func(a *account.Account) { a.Credit.Limit = account.Some(decimal.NewFromInt(credit)) })
}

// lowered has somebody set a client's credit to 1 as one of many.
func (s *site) lowered(a account.Account) (batch string) {
	s.Helper()
	batch = s.begun(s.post("clients/many", url.Values{"client": {a.ID.String()}, "_do": {"look"}, "credit.limit": {"1"}}))
	s.run(batch, "all")
	require.Equal(s, "1", s.limit(a))
	return batch
}

// raises wants a second person where a credit becomes more.
func raises(p adminhttp.Proposal) bool {
	fc, changed := p.Change.At("credit.limit")
	was, _ := decimal.NewFromString("0" + fc.Old)
	is, _ := decimal.NewFromString("0" + fc.New)
	return changed && is.GreaterThan(was)
}

func TestTakingBackABatchIsNoWayAroundASecondPerson(t *testing.T) {
	s := newSite(t)
	a := s.credited("first", 9000)
	batch := s.lowered(a)
	s.policy.Second = raises
	back := s.begun(s.post(batch, url.Values{"_do": {"undo"}}))
	s.looked(back)
	assert.Equal(t, http.StatusUnprocessableEntity, s.post(back, url.Values{"_do": {"all"}}).code)
	assert.Contains(t, s.run(back, "good").text(), "A second person must confirm this, and it cannot be proposed here.")
	assert.Equal(t, "1", s.limit(a))
	s.policy.Second = nil
	s.run(s.begun(s.post(batch, url.Values{"_do": {"undo"}})), "all")
	assert.Equal(t, "9000", s.limit(a), "nobody took it back before")
}

// A batch does to a field what was looked at, and nothing else.
func TestABatchDoesWhatWasLookedAt(t *testing.T) {
	for name, begin := range map[string]func(*site, account.Account) reply{
		"many": func(s *site, a account.Account) reply {
			return s.post("clients/many", url.Values{"client": {a.ID.String()}, "_do": {"look"}, "credit.limit": {"9000"}, "mail.daily_statistics": {"true"}})
		},
		"import": func(s *site, _ account.Account) reply {
			return s.importFile("login,credit.limit,mail.daily_statistics\nfirst,9000.00,true\n")
		},
	} {
		s := newSite(t)
		s.policy.Second = adminhttp.SecondFor("credit", "status")
		a := s.credited("first", 9000)
		batch := s.begun(begin(s, a))
		s.looked(batch)
		s.update(s.stored(a.ID), func(a *account.Account) { a.Credit.Limit = account.Some(decimal.NewFromInt(1)) })
		assert.Contains(t, s.run(batch, "all").text(), "1 Refused", name)
		assert.Equal(t, "1", s.limit(a), name)
	}
}

func TestABatchRunsByTheRightsOfWhoLetsItRun(t *testing.T) {
	s := newSite(t)
	m, err := s.svc.SaveManager(t.Context(), account.Manager{Name: "Olena"}, account.Actor{}, "")
	require.NoError(t, err)
	theirs := s.create("theirs", nil)
	many := s.begun(s.post("clients/many", url.Values{"client": {theirs.ID.String()}, "_do": {"look"}, "credit.limit": {"7"}}))
	made := s.begun(s.importFile("login,company\nnewone,X\ntheirs,Changed\n"))
	s.looked(many)
	s.looked(made)
	full, owner := s.policy, s.actor
	s.actor, s.policy.Second = account.Actor{ID: "u7", Name: "Clerk"}, adminhttp.SecondFor("credit")
	refused := s.post(many, url.Values{"_do": {"good"}})
	assert.Equal(t, http.StatusUnprocessableEntity, refused.code)
	assert.Contains(t, refused.text(), "A second person must confirm this, and it cannot be proposed here.")
	assert.Contains(t, s.get(many).text(), "1 Would change", "it is for others to run")

	s.actor, s.policy = owner, full
	s.policy.Scope = adminhttp.ClientsOf(m.ID)
	s.policy.Actions = []adminhttp.Action{adminhttp.ActionEdit, adminhttp.ActionMany, adminhttp.ActionImport}
	s.run(many, "good")
	s.run(made, "good")
	assert.Empty(t, s.limit(theirs))
	assert.NotEqual(t, "Changed", s.stored(theirs.ID).Contact.Company)
	_, err = s.svc.ByLogin(t.Context(), "newone")
	require.ErrorIs(t, err, account.ErrNotFound)
}

// However many other things there are to say, and whatever the actor may be told.
func TestAStepOfABatchIsNeverOutOfSight(t *testing.T) {
	s := newSite(t)
	file := &strings.Builder{}
	file.WriteString("login,credit.limit,status\n")
	for i := range 51 {
		login := fmt.Sprintf("client-%03d", i)
		s.charge(s.credited(login, 1000), fmt.Sprint("r", i), fmt.Sprint(100+i))
		fmt.Fprintf(file, "%s,5,\n", login)
	}
	s.create("victim", nil)
	file.WriteString("victim,,closed\n")
	page := s.looked(s.begun(s.importFile(file.String())))
	assert.Contains(t, page.text(), "Type the number")
	assert.Contains(t, page.text(), "Closing is for good")

	s.policy.Field = func(path string) adminhttp.Access {
		if path == "sending.rest" {
			return adminhttp.Hidden
		}
		return adminhttp.Write
	}
	a := s.create("last", func(a *account.Account) { a.Sending.SMPP, a.Status = true, account.StatusActive })
	batch := s.begun(s.post("clients/many", url.Values{"client": {a.ID.String()}, "_do": {"look"}, "sending.smpp": {"false"}}))
	assert.Contains(t, s.looked(batch).text(), "Type the number")
	assert.Equal(t, http.StatusUnprocessableEntity, s.post(batch, url.Values{"_do": {"all"}}).code)
}

// Money that came since somebody looked is not locked in unseen.
func TestWhatCannotBeTakenBackIsLookedAtAgain(t *testing.T) {
	s := newSite(t)
	a, b := s.create("first", nil), s.create("second", nil)
	batch := s.begun(s.post("clients/many", url.Values{"client": {a.ID.String()}, "_do": {"look"}, "status": {"closed"}}))
	s.looked(batch)
	s.topUp(a, "500")
	assert.Contains(t, s.run(batch, "all", "typed", "1").text(), "look at it again")
	assert.NotEqual(t, account.StatusClosed, s.stored(a.ID).Status)

	_, err := s.svc.Propose(t.Context(), b.ID, b.Revision, s.svc.Now().Add(time.Hour), clientaccount.Edit{
		Actor: maker, Apply: func(a *account.Account) error { a.Status = account.StatusClosed; return nil },
	})
	require.NoError(t, err)
	s.actor = checker
	form := s.get("confirmations")
	s.topUp(b, "500")
	path := form.taskForm(t, "confirm")
	late := s.post(path, url.Values{"_warned": {form.warned()}})
	assert.Equal(t, http.StatusUnprocessableEntity, late.code)
	assert.Contains(t, late.text(), "stays in it for good")
	assert.NotEqual(t, account.StatusClosed, s.stored(b.ID).Status)
	seen := s.get("confirmations")
	assert.Contains(t, seen.text(), "stays in it for good")
	assert.Equal(t, http.StatusSeeOther, s.post(path, url.Values{"_warned": {seen.warned()}}).code)
	assert.Equal(t, account.StatusClosed, s.stored(b.ID).Status)
}

func TestABatchThatWasTakenBackDoesNotGoOn(t *testing.T) {
	s := newSite(t)
	var ids []string
	for i := range 70 {
		ids = append(ids, s.create(fmt.Sprintf("c-%03d", i), nil).ID.String())
	}
	batch := s.begun(s.post("clients/many", url.Values{"client": ids, "_do": {"look"}, "credit.limit": {"7"}}))
	s.looked(batch)
	id, err := account.ParseID(strings.TrimPrefix(batch, "batches/"))
	require.NoError(t, err)
	for _, do := range []func() error{
		func() error {
			_, err := s.svc.RunBatch(t.Context(), id, clientaccount.Edit{Actor: s.actor}, true)
			return err
		},
		func() error { _, err := s.svc.WorkOn(t.Context(), id, 1); return err },
		func() error { _, err := s.svc.StopBatch(t.Context(), id, s.actor); return err },
	} {
		require.NoError(t, do())
	}
	s.run(s.begun(s.post(batch, url.Values{"_do": {"undo"}})), "all")
	page := s.get(batch)
	assert.Contains(t, page.text(), "This was taken back.")
	assert.NotContains(t, page.html, `value="good"`)
	assert.Equal(t, http.StatusUnprocessableEntity, s.post(batch, url.Values{"_do": {"good"}}).code)
}
