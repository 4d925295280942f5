package adminhttp_test

import (
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/adminhttp"
	"github.com/clientaccount/clientaccount/store"
)

var (
	maker   = account.Actor{ID: "u1", Name: "Olena Koval"}
	checker = account.Actor{ID: "u2", Name: "Marko Lis"}
)

// doubled is a site where a second person must confirm top-ups above 1,000 EUR, credit, and status.
func doubled(t *testing.T) *site {
	t.Helper()
	s := newSite(t)
	s.policy.Second = adminhttp.SecondForAny(
		adminhttp.SecondAbove(map[account.Currency]decimal.Decimal{"EUR": decimal.NewFromInt(1000)}),
		adminhttp.SecondFor("credit", "status"),
	)
	return s
}

// Status stands for the end of an account that exists: a new one may have an end.
func TestStatusStandsForTheEnd(t *testing.T) {
	ends := adminhttp.Proposal{Change: account.Change{{Path: "expires_at", New: "2027-01-01T00:00:00Z"}}}
	wants := adminhttp.SecondFor("credit", "status")
	assert.False(t, wants(ends))
	ends.Account.Revision = 1
	assert.True(t, wants(ends))
	assert.False(t, adminhttp.SecondFor("credit")(ends))
}

// taskForm is the path of the only form of a page that does something about a task.
func (r reply) taskForm(tb testing.TB, do string) string {
	tb.Helper()
	found := regexp.MustCompile(`action="(?:\.\./)*(tasks/[0-9a-f-]+/` + do + `)"`).FindStringSubmatch(r.html)
	require.NotNil(tb, found, "no form to %s: %s", do, r.text())
	return found[1]
}

func (s *site) tasks(states ...store.TaskState) []store.Task {
	s.Helper()
	all, err := s.svc.Tasks(s.Context(), store.TaskQuery{States: states})
	require.NoError(s, err)
	return all
}

// Money above an amount is proposed by one and booked by another, who sees what it comes to.
func TestMoneyWaitsForASecondPerson(t *testing.T) {
	s := doubled(t)
	a := s.moneyed("payer")
	small := s.post(moneyPath(a), seen(set(s.get(moneyPath(a)).moneyForm(t, "topUp", ""), "amount", "1000")))
	assert.Contains(t, small.header.Get("Location"), "done=")

	step := s.post(moneyPath(a), set(s.get(moneyPath(a)).moneyForm(t, "topUp", ""), "amount", "6000", "payment", "BANK 9"))
	assert.Contains(t, step.text(), "A second person must confirm this. Until then nothing is booked.")
	proposed := s.post(moneyPath(a), step.moneyForm(t, "topUp", ""))
	require.Equal(t, http.StatusSeeOther, proposed.code, proposed.text())
	again := s.post(moneyPath(a), step.moneyForm(t, "topUp", ""))
	assert.Equal(t, proposed.header.Get("Location"), again.header.Get("Location"), "sent twice, and proposed once")
	assert.Equal(t, "1100", s.balance(a).Amount.String())
	told := s.get(strings.TrimPrefix(proposed.header.Get("Location"), "../../"))
	assert.Contains(t, told.text(), "Proposed. Nothing is written until a second person confirms it.")
	assert.Contains(t, told.text(), "Top-up of 6,000.00 EUR: waits for a second person")
	assert.Contains(t, told.text(), "You proposed this: another person has to confirm it.")
	confirm := "tasks/" + s.tasks()[0].ID.String() + "/confirm"
	assert.Equal(t, http.StatusUnprocessableEntity, s.post(confirm, url.Values{}).code, "not by oneself")

	s.actor = checker
	list := s.get("confirmations")
	for _, said := range []string{"Company of payer", "Top-up of 6,000.00 EUR", "Balance 1,100.00 EUR 7,100.00 EUR", "Asked for by Olena Koval", "Reference BANK 9"} {
		assert.Contains(t, list.text(), said)
	}
	done := s.post(list.taskForm(t, "confirm"), url.Values{})
	require.Equal(t, http.StatusSeeOther, done.code, done.text())
	assert.Contains(t, s.get(strings.TrimPrefix(done.header.Get("Location"), "../../")).text(), "Top-up of 6,000.00 EUR: Done.")
	assert.Contains(t, s.get(moneyPath(a)).text(), "Olena Koval Confirmed by Marko Lis", "the entry says so, too")
	assert.Contains(t, s.get(moneyPath(a)+"/export").html, ",Olena Koval,Marko Lis,")
	assert.Equal(t, "7100", s.balance(a).Amount.String())
	assert.Equal(t, http.StatusSeeOther, s.post(confirm, url.Values{}).code, "a double click")
	assert.Equal(t, "7100", s.balance(a).Amount.String())
	assert.Contains(t, s.get("confirmations").text(), "Nothing waits for a second person.")
}

// A change waits likewise; it is rejected with a reason, or made with both names in the history.
func TestAChangeWaitsForASecondPerson(t *testing.T) {
	s := doubled(t)
	a := s.create("payer", nil)
	full := s.policy
	form := func() url.Values {
		return url.Values{"revision": {"1"}, "credit.limit": {"500"}, "reason": {"Asked by phone"}}
	}
	propose := func() {
		t.Helper()
		sent := s.lookAndPost(editPath(a), form())
		require.Equal(t, http.StatusSeeOther, sent.code, sent.text())
	}
	assert.Contains(t, s.post(editPath(a), form()).text(), "A second person must confirm this: until then nothing is changed.")
	propose()
	s.assertSame(a, 1)
	waits := s.get(editPath(a))
	assert.Contains(t, waits.text(), "Changes one setting: waits for a second person")

	s.actor = checker
	rejected := s.post(s.get("confirmations").taskForm(t, "cancel"), url.Values{"reason": {"Too much"}})
	require.Equal(t, http.StatusSeeOther, rejected.code, rejected.text())
	history := s.get("clients/" + a.ID.String() + "/history").text()
	assert.Contains(t, history, "Rejected")
	assert.Contains(t, history, "Answer Too much")
	s.assertSame(a, 1)
	assert.Contains(t, s.get(strings.TrimPrefix(rejected.header.Get("Location"), "../../")).text(), "Changes one setting: Rejected. payer , Company of payer", "whose it was")
	assert.NotContains(t, s.get("confirmations").text(), "this was not done", "it was nothing of theirs")

	s.actor = maker
	s.policy.Actions = slices.DeleteFunc(slices.Clone(s.policy.Actions), func(a adminhttp.Action) bool { return a == adminhttp.ActionConfirm })
	told := s.get("confirmations").text()
	assert.Contains(t, told, "Of what you proposed, this was not done")
	assert.Contains(t, told, "Rejected just now")
	assert.Contains(t, told, "Marko Lis Answer Too much")
	s.policy = full
	propose()
	s.actor = checker
	require.Equal(t, http.StatusSeeOther, s.post(s.get(editPath(a)).taskForm(t, "confirm"), url.Values{"_from": {"client"}}).code)
	record := s.history(a.ID)[0]
	assert.Equal(t, []account.Actor{maker, checker}, []account.Actor{record.Actor, record.Second})
	assert.Contains(t, s.get("clients/"+a.ID.String()+"/history").text(), "Confirmed by Marko Lis")
	assert.NotContains(t, s.get("clients/"+a.ID.String()+"/history").html, "/undo", "what a second person must confirm is not undone by one")
}

// Who may not confirm is shown all that they proposed, however much others did.
func TestOnesOwnProposalsFillThePage(t *testing.T) {
	s := doubled(t)
	a := s.moneyed("payer")
	propose := func(n int, who account.Actor) {
		t.Helper()
		_, err := s.svc.ProposeMove(t.Context(), s.svc.Now().Add(time.Hour), account.Movement{
			Account: a.ID, Kind: account.KindTopUp, Amount: decimal.NewFromInt(int64(n)), Reference: fmt.Sprint(who.ID, n), Actor: who,
		}, account.Optional[[]account.ID]{})
		require.NoError(t, err)
	}
	propose(1, maker)
	propose(2, maker)
	for n := range 30 {
		propose(100+n, checker)
	}
	s.policy.Actions = []adminhttp.Action{adminhttp.ActionMoney, adminhttp.ActionTopUp}
	page := s.get("confirmations")
	assert.Equal(t, 2, strings.Count(page.html, `class="card task"`))
	assert.NotContains(t, page.html, `rel="next"`)
	s.policy = adminhttp.FullAccess()
	page = s.get("confirmations")
	assert.Equal(t, 25, strings.Count(page.html, `class="card task"`))
	assert.Contains(t, page.html, `rel="next"`)
}

// Nothing gets around a second person, and who may not do it themselves does not confirm it.
func TestNothingGetsAroundASecondPerson(t *testing.T) {
	s := doubled(t)
	product, err := s.svc.SaveProduct(s.Context(), account.Product{Name: "Rich", Currency: "EUR", CreditLimit: account.Some(decimal.NewFromInt(9000))}, account.Actor{}, "")
	require.NoError(t, err)
	free := s.create("free", nil)
	undone := s.update(free, func(a *account.Account) { a.Credit.Limit = account.Some(decimal.NewFromInt(5)) })
	for name, got := range map[string]reply{
		"undo": s.post("clients/"+free.ID.String()+"/history/2/undo", url.Values{"revision": {"2"}}),
		"create": s.post("clients/new", url.Values{
			"login": {"fresh"}, "password": {"marble-Sunday-44"}, "password_retype": {"marble-Sunday-44"}, "contact.company": {"New"}, "credit.limit": {"5"},
		}),
		"schedule": s.save(undone, "credit.limit", "7", "_do", "later", "at", "2027-01-01T10:00"),
		"product":  s.post("products/"+product.ID.String()+"/edit", url.Values{"revision": {"1"}, "name": {"Rich"}, "currency": {"EUR"}, "credit_limit": {"9999"}}),
	} {
		assert.Equal(t, http.StatusUnprocessableEntity, got.code, "%s: %s", name, got.text())
		assert.Contains(t, got.text(), "A second person must confirm this", name)
	}
	require.Equal(t, http.StatusSeeOther, s.lookAndPost(editPath(free), url.Values{"revision": {"2"}, "notes.product": {product.ID.String()}, "credit.limit": {""}}).code)
	assert.EqualValues(t, 2, s.stored(free.ID).Revision, "credit by another product")
	require.Len(t, s.tasks(store.TaskUnconfirmed), 1)

	s.actor.ID = "U1" // signed in as the same person, typed otherwise
	assert.Contains(t, s.get("confirmations").text(), "another person has to confirm it")
	assert.NotContains(t, s.get("confirmations").html, "/confirm\"")
	assert.Contains(t, s.get("confirmations").html, "/cancel\"", "what is theirs they take back")
	assert.Equal(t, http.StatusUnprocessableEntity, s.post("tasks/"+s.tasks()[0].ID.String()+"/confirm", url.Values{}).code)

	s.actor, s.policy.Actions = checker, []adminhttp.Action{adminhttp.ActionConfirm}
	page := s.get("confirmations")
	assert.NotContains(t, page.html, "/confirm\"")
	confirm := "tasks/" + s.tasks()[0].ID.String()
	assert.Equal(t, http.StatusForbidden, s.post(confirm+"/confirm", url.Values{}).code)
	assert.Equal(t, http.StatusForbidden, s.post(confirm+"/cancel", url.Values{}).code)
	s.policy.Scope = adminhttp.ClientsOf()
	assert.Equal(t, http.StatusNotFound, s.post(confirm+"/confirm", url.Values{}).code)
	assert.NotContains(t, s.get("confirmations").text(), "free")
}

// An end that has passed stops a client, and one that is taken away lets them send: who may not change
// the status alone, does neither.
func TestTheEndOfAnAccountWaitsAsItsStatusDoes(t *testing.T) {
	s := doubled(t)
	a := s.create("payer", nil)
	sent := s.lookAndPost(editPath(a), url.Values{"revision": {"1"}, "expires_at": {"2020-01-01T10:00"}})
	require.Equal(t, http.StatusSeeOther, sent.code, sent.text())
	s.assertSame(a, 1)
	assert.Len(t, s.tasks(store.TaskUnconfirmed), 1)
}

// A change is made later: it is told on the client's page, and taken back there.
func TestAChangeIsScheduled(t *testing.T) {
	s := newSite(t)
	a := s.create("payer", nil)
	at := s.svc.Now().Add(48 * time.Hour).UTC().Format("2006-01-02T15:04")
	for said, form := range map[string]url.Values{
		"Use a date and a time":               {"revision": {"1"}, "contact.company": {"Later Ltd"}, "_do": {"later"}, "at": {""}},
		"To be made at :":                     {"revision": {"1"}, "contact.company": {"Later Ltd"}, "_do": {"later"}, "at": {"2020-01-01T10:00"}},
		"A password cannot be set in advance": {"revision": {"1"}, "password": {"marble-Sunday-44"}, "password_retype": {"marble-Sunday-44"}, "_do": {"later"}, "at": {at}},
		"There is nothing to change.":         {"revision": {"1"}, "_do": {"later"}, "at": {at}},
	} {
		got := s.post(editPath(a), form)
		assert.Equal(t, http.StatusUnprocessableEntity, got.code, said)
		assert.Contains(t, got.text(), said)
	}
	done := s.post(editPath(a), url.Values{"revision": {"1"}, "contact.company": {"Later Ltd"}, "_do": {"later"}, "at": {at}})
	require.Equal(t, http.StatusSeeOther, done.code, done.text())
	told := s.get(strings.TrimPrefix(done.header.Get("Location"), "../../"))
	for _, said := range []string{"Scheduled. Nothing is written yet.", "Changes one setting: scheduled", "was Company of payer → now Later Ltd", "Asked for by Olena Koval"} {
		assert.Contains(t, told.text(), said)
	}
	cancelled := s.post(told.taskForm(t, "cancel"), url.Values{"_from": {"client"}, "reason": {"Not after all"}})
	require.Equal(t, http.StatusSeeOther, cancelled.code, cancelled.text())
	assert.Contains(t, s.get(strings.TrimPrefix(cancelled.header.Get("Location"), "../../")).text(), "Changes one setting: Cancelled.")
	assert.NotContains(t, s.get(editPath(a)).text(), ": scheduled")
	s.assertSame(a, 1)
}
