package adminhttp_test

import (
	"fmt"
	"html"
	"maps"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/clientaccount/clientaccount"
	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/account/accounttest"
	"github.com/clientaccount/clientaccount/adminhttp"
	"github.com/clientaccount/clientaccount/store"
)

func moneyPath(a account.Account) string { return "clients/" + a.ID.String() + "/money" }

// moneyed returns a client with 100 on the balance and 20 of credit.
func (s *site) moneyed(login string) account.Account {
	s.Helper()
	a := s.create(login, func(a *account.Account) { a.Credit.Limit = account.Some(decimal.NewFromInt(20)) })
	s.topUp(a, "100")
	return a
}

func (s *site) topUp(a account.Account, amount string) {
	s.Helper()
	_, err := s.svc.TopUp(s.Context(), clientaccount.TopUp{
		Account: a.ID, Amount: decimal.RequireFromString(amount), Reference: "opening", Actor: account.Actor{ID: "bank", Name: "The bank"},
	})
	require.NoError(s, err)
}

func (s *site) charge(a account.Account, reference, amount string) {
	s.Helper()
	_, err := s.svc.Charge(s.Context(), clientaccount.Charge{Account: a.ID, Amount: decimal.RequireFromString(amount), Reference: reference, Messages: 3})
	require.NoError(s, err)
}

func (s *site) hold(a account.Account, reference, amount string) {
	s.Helper()
	_, err := s.svc.Hold(s.Context(), clientaccount.Hold{Account: a.ID, Amount: decimal.RequireFromString(amount), Reference: reference})
	require.NoError(s, err)
}

func (s *site) balance(a account.Account) clientaccount.Standing {
	s.Helper()
	standing, err := s.svc.Balance(s.Context(), a.ID)
	require.NoError(s, err)
	return standing
}

// moneyForm returns what a browser would send of one of the page's forms, untouched.
func (r reply) moneyForm(tb testing.TB, do, target string) url.Values {
	tb.Helper()
	for _, form := range strings.Split(r.html, "<form ")[1:] {
		form, _, _ = strings.Cut(form, "</form>")
		if !strings.Contains(form, `name="_do" value="`+do+`"`) || target != "" && !strings.Contains(form, `value="`+target+`"`) {
			continue
		}
		values := reply{html: `id="edit"` + form + "</form>"}.filled(tb)
		require.NotEmpty(tb, values.Get("reference"))
		return values
	}
	require.Fail(tb, "no form "+do)
	return nil
}

// set returns the form with other values: name, value, name, value.
func set(form url.Values, pairs ...string) url.Values {
	for i := 0; i < len(pairs); i += 2 {
		form.Set(pairs[i], pairs[i+1])
	}
	return form
}

// seen is the form after what it comes to was looked at.
func seen(form url.Values) url.Values { return set(form, "_seen", "1") }

// A movement is looked at before it is booked: who, how much, what is there before and after,
// and whether the same was booked a short time ago.
func TestMoneyIsLookedAtBeforeItMoves(t *testing.T) {
	s := newSite(t)
	a, other := s.moneyed("payer"), s.create("other", nil)
	first := set(s.get(moneyPath(a)).moneyForm(t, "topUp", ""), "amount", "1,500.00", "reason", "Invoice 7")
	step := s.post(moneyPath(a), first)
	require.Equal(t, http.StatusOK, step.code)
	for _, said := range []string{"Top up 1,500.00 EUR: nothing is booked yet", "Balance 100.00 EUR 1,600.00 EUR", "Why: Invoice 7"} {
		assert.Contains(t, step.text(), said)
	}
	assert.NotContains(t, step.text(), "The same was booked")
	assert.Equal(t, "100", s.balance(a).Amount.String())
	confirmed := step.moneyForm(t, "topUp", "")
	assert.Equal(t, first.Get("reference"), confirmed.Get("reference"))
	back := s.post(moneyPath(a), set(maps.Clone(confirmed), "_back", "1"))
	assert.NotContains(t, back.text(), "nothing is booked yet")
	typed := back.moneyForm(t, "topUp", "")
	for _, name := range []string{"amount", "reason", "reference"} {
		assert.Equal(t, confirmed.Get(name), typed.Get(name), name)
	}
	assert.NotContains(t, typed, "_seen", "it is looked at once more")
	assert.Equal(t, "100", s.balance(a).Amount.String())
	require.Equal(t, http.StatusSeeOther, s.post(moneyPath(a), confirmed).code)
	require.Equal(t, http.StatusSeeOther, s.post(moneyPath(a), first).code, "what is booked already is said so, not asked")
	assert.Equal(t, "1600", s.balance(a).Amount.String())

	again := s.post(moneyPath(a), set(s.get(moneyPath(a)).moneyForm(t, "topUp", ""), "amount", "1500"))
	assert.Contains(t, again.text(), "The same was booked in the last 24 hours.")
	assert.Contains(t, again.text(), "by Olena Koval")
	moves := s.post(moneyPath(a), set(s.get(moneyPath(a)).moneyForm(t, "transfer", ""), "amount", "10", "to", "other"))
	assert.Contains(t, moves.text(), "To other , Company of other.")
	assert.Zero(t, s.balance(other).Entries)
	s.policy.Actions = []adminhttp.Action{adminhttp.ActionMoney, adminhttp.ActionAdjust}
	s.policy.Field = func(string) adminhttp.Access { return adminhttp.Hidden }
	hidden := s.post(moneyPath(a), url.Values{"_do": {"adjust"}, "amount": {"-1"}, "reason": {"r"}, "reference": {"r"}})
	assert.Equal(t, http.StatusOK, hidden.code)
	assert.NotContains(t, hidden.text(), "Company of")
}

// What is given back is looked at first, too: of which entry, and whether the same was; and a hold
// before it is let go of.
func TestRefundsAndReleasesAreLookedAtFirst(t *testing.T) {
	s := newSite(t)
	a := s.moneyed("payer")
	s.charge(a, "c1", "5")
	s.charge(a, "c2", "5")
	s.hold(a, "h1", "8")
	refund := func(of string, typed ...string) reply {
		return s.post(moneyPath(a), set(s.get(moneyPath(a)).moneyForm(t, "refund", of), typed...))
	}
	step := refund("2")
	for _, said := range []string{"Refund 5.00 EUR: nothing is booked yet", "Gives back: Charge of 5.00 EUR, entry 2", "Balance 90.00 EUR 95.00 EUR", "Available 102.00 EUR 107.00 EUR"} {
		assert.Contains(t, step.text(), said)
	}
	step = refund("2", "amount", "2.00")
	assert.Equal(t, "90", s.balance(a).Amount.String())
	require.Equal(t, http.StatusSeeOther, s.post(moneyPath(a), step.moneyForm(t, "refund", "2")).code)
	assert.Equal(t, "92", s.balance(a).Amount.String())
	assert.Contains(t, refund("2", "amount", "2").text(), "The same was booked in the last 24 hours.")
	assert.NotContains(t, refund("3", "amount", "2").text(), "The same was booked", "of another entry")

	step = s.post(moneyPath(a), s.get(moneyPath(a)).moneyForm(t, "releaseHold", "h1"))
	assert.Contains(t, step.text(), "Release 8.00 EUR: nothing is booked yet")
	assert.Contains(t, step.text(), "Lets go of hold h1")
	assert.Equal(t, "8", s.balance(a).Held.String())
	require.Equal(t, http.StatusSeeOther, s.post(moneyPath(a), step.moneyForm(t, "releaseHold", "h1")).code)
	assert.True(t, s.balance(a).Held.IsZero())
}

// Each form moves money once, however often it is sent, and then says what it did.
func TestMoneyFormsMoveMoneyOnce(t *testing.T) {
	s := newSite(t)
	a, other := s.moneyed("payer"), s.create("other", nil)
	s.charge(a, "c1", "5")
	s.hold(a, "hold/1", "8")
	for _, row := range []struct {
		do, target string
		typed      []string
		said       string
	}{
		{"topUp", "", []string{"amount", " 50.10 ", "reason", "Invoice 7"}, "Topped up by 50.10 EUR. The balance after it is 145.10 EUR."},
		{"adjust", "", []string{"amount", "−1.5", "reason", "Slip"}, "Adjusted by −1.50 EUR. The balance after it is 143.60 EUR."},
		{"adjust", "", []string{"amount", "2", "reason", "Slip"}, "Adjusted by +2.00 EUR. The balance after it is 145.60 EUR."},
		{"transfer", "", []string{"amount", "10", "to", "Other"}, "Transferred 10.00 EUR to other. The balance after it is 135.60 EUR."},
		{"refund", "2", []string{"amount", "1.25", "reason", "Sorry"}, "Gave back 1.25 EUR of entry 2. The balance after it is 136.85 EUR."},
		{"refund", "2", nil, "Gave back 3.75 EUR of entry 2. The balance after it is 140.60 EUR."},
		{"releaseHold", "hold/1", nil, "Released 8.00 EUR. The balance after it is 140.60 EUR."},
	} {
		form := seen(set(s.get(moneyPath(a)).moneyForm(t, row.do, row.target), row.typed...))
		before := s.balance(a).Entries
		for n := range 2 {
			r := s.post(moneyPath(a), form)
			require.Equal(t, http.StatusSeeOther, r.code, r.text())
			assert.Equal(t, before+1, s.balance(a).Entries, row.do)
			location := r.header.Get("Location")
			require.True(t, strings.HasPrefix(location, "../../clients/"), location)
			page := s.get(strings.TrimPrefix(location, "../../"))
			assert.Contains(t, page.text(), row.said)
			assert.Equal(t, n > 0, strings.Contains(page.text(), "It was sent twice, and counted once."))
		}
		last, err := s.svc.Entries(t.Context(), account.EntryQuery{Account: a.ID, Limit: 1})
		require.NoError(t, err)
		assert.Equal(t, s.actor, last[0].Actor)
	}
	assert.Equal(t, "10", s.balance(other).Amount.String())
	assert.NotContains(t, s.get(moneyPath(a)).html, `name="_do" value="refund"`, "nothing is left to give back")
}

// What is refused is told beside its input, and what was typed stays, the reference
// too.
func TestRefusedMoneyFormsKeepWhatWasTyped(t *testing.T) {
	s := newSite(t)
	a, closed := s.moneyed("payer"), s.create("shut", func(a *account.Account) { a.Status = account.StatusClosed })
	s.create("dollars", func(a *account.Account) { a.Core.Currency = "USD" })
	s.charge(a, "c1", "5")
	s.hold(a, "h1", "8")
	before := s.balance(a)
	for _, row := range []struct {
		do, target string
		typed      []string
		status     int
		beside     string // the input; empty: only on top
		text       string
	}{
		{"topUp", "", []string{"amount", ""}, 422, "amount", "Enter an amount."},
		{"topUp", "", []string{"amount", "10,500"}, 422, "amount", "This can be read in two ways: say which you mean."},
		{"topUp", "", []string{"amount", "-5"}, 422, "amount", "The amount cannot be negative."},
		{"topUp", "", []string{"amount", "0.0000001"}, 422, "amount", "At most 6 decimals."},
		{"topUp", "", []string{"amount", "5", "reason", strings.Repeat("x", 201)}, 422, "reason", "At most 200 characters."},
		{"topUp", "", []string{"amount", "5", "reference", ""}, 422, "", "A reference is required."},
		{"topUp", "", []string{"amount", "5", "gift", "1"}, 422, "", "Unknown field: gift."},
		{"adjust", "", []string{"amount", "5"}, 422, "reason", "Say why."},
		{"adjust", "", []string{"amount", "-200", "reason", "Slip"}, 402, "amount", "Only 107.00 EUR is available; this needs 200.00 EUR."},
		{"transfer", "", []string{"amount", "5"}, 422, "to", "Choose another account."},
		{"transfer", "", []string{"amount", "5", "to", "payer"}, 422, "to", "Choose another account."},
		{"transfer", "", []string{"amount", "5", "to", "nobody"}, 422, "to", "This account does not exist."},
		{"transfer", "", []string{"amount", "5", "to", "shut"}, 409, "", "A closed account takes and gives no money."},
		{"transfer", "", []string{"amount", "5", "to", "dollars"}, 422, "to", "The account's currency is USD."},
		{"refund", "2", []string{"amount", "5.01"}, 409, "amount", "This is more than is left of the entry to give back."},
		{"refund", "2", []string{"amount", "0"}, 422, "amount", "Enter an amount."},
		{"refund", "2", []string{"of", "1"}, 409, "", "There is no such entry, or it took no money of this client."},
		{"releaseHold", "h1", []string{"hold", "h2"}, 409, "", "There is no such hold, or it has ended."},
	} {
		name := fmt.Sprint(row.do, row.typed)
		form := set(s.get(moneyPath(a)).moneyForm(t, row.do, row.target), row.typed...)
		r := s.post(moneyPath(a), form)
		assert.Equal(t, row.status, r.code, name)
		_, summary, _ := strings.Cut(r.text(), "Nothing was written.")
		assert.Contains(t, summary, row.text, name)
		assert.Contains(t, r.html, "<title>Errors · Money", name)
		if row.beside != "" {
			id := strings.TrimSuffix("m-"+row.do+"-"+row.target, "-") + "-" + row.beside
			assert.Contains(t, r.html, `href="#`+id+`"`, name)
			assert.Regexp(t, `id="`+id+`-fault"[^>]*><span>`+regexp.QuoteMeta(html.EscapeString(row.text)), r.html, name)
			again := r.moneyForm(t, row.do, row.target)
			assert.Equal(t, form.Get("reference"), again.Get("reference"), name)
			assert.Equal(t, form.Get(row.beside), again.Get(row.beside), name)
		}
	}
	assert.Equal(t, before, s.balance(a))
	assert.Zero(t, s.balance(closed).Entries)
	for _, form := range []url.Values{{}, {"_do": {"charge"}}, {"_do": {"holds"}}} {
		assert.Equal(t, http.StatusBadRequest, s.post(moneyPath(a), form).code)
	}
}

// A form that moved money before and comes back with another amount moves nothing,
// and gets a fresh reference.
func TestAUsedMoneyFormIsNotUsedAgain(t *testing.T) {
	s := newSite(t)
	a := s.moneyed("payer")
	form := seen(set(s.get(moneyPath(a)).moneyForm(t, "topUp", ""), "amount", "5"))
	require.Equal(t, http.StatusSeeOther, s.post(moneyPath(a), form).code)
	r := s.post(moneyPath(a), set(form, "amount", "6"))
	assert.Equal(t, http.StatusConflict, r.code)
	assert.Contains(t, r.text(), "This form has moved money before, or waits for a second person to, with other content")
	assert.Equal(t, "105", s.balance(a).Amount.String())
	again := r.moneyForm(t, "topUp", "")
	assert.Equal(t, "6", again.Get("amount"))
	assert.NotEqual(t, form.Get("reference"), again.Get("reference"))
	require.Equal(t, http.StatusSeeOther, s.post(moneyPath(a), seen(again)).code)
	assert.Equal(t, "111", s.balance(a).Amount.String())
}

func TestNoTwoFormsHaveOneReference(t *testing.T) {
	s := newSite(t)
	a := s.moneyed("payer")
	s.charge(a, "c1", "5")
	s.hold(a, "h1", "8")
	references := map[string]bool{}
	found := regexp.MustCompile(`name="reference" value="([^"]+)"`).FindAllStringSubmatch(s.get(moneyPath(a)).html+s.get(moneyPath(a)).html, -1)
	require.Len(t, found, 10, "top up, adjust, transfer, release, refund, twice")
	for _, m := range found {
		assert.Regexp(t, `^admin-[A-Z2-7]{26}$`, m[1])
		references[m[1]] = true
	}
	assert.Len(t, references, len(found))
}

func TestTheMoneyPageOffersWhatTheActorMay(t *testing.T) {
	s := newSite(t)
	a := s.moneyed("payer")
	s.charge(a, "c1", "5")
	s.hold(a, "h1", "8")
	for action, do := range map[adminhttp.Action]string{
		adminhttp.ActionTopUp: "topUp", adminhttp.ActionAdjust: "adjust", adminhttp.ActionTransfer: "transfer",
		adminhttp.ActionRefund: "refund", adminhttp.ActionCharge: "releaseHold",
	} {
		s.policy.Actions = []adminhttp.Action{adminhttp.ActionMoney, action}
		page := s.get(moneyPath(a))
		offered := regexp.MustCompile(`name="_do" value="([^"]+)"`).FindAllStringSubmatch(page.html, -1)
		require.Len(t, offered, 1)
		assert.Equal(t, do, offered[0][1])
		assert.NotContains(t, page.html, "passLimit")
		form := page.moneyForm(t, do, "")
		for _, without := range [][]adminhttp.Action{{adminhttp.ActionMoney}, {action}, nil} {
			s.policy.Actions = without
			assert.Equal(t, http.StatusForbidden, s.post(moneyPath(a), form).code, do)
		}
	}
	s.policy.Actions = []adminhttp.Action{adminhttp.ActionMoney, adminhttp.ActionAdjust}
	r := s.post(moneyPath(a), url.Values{"_do": {"adjust"}, "amount": {"-500"}, "reason": {"r"}, "reference": {"r"}, "passLimit": {"true"}})
	assert.Equal(t, http.StatusUnprocessableEntity, r.code)
	s.policy.Actions = append(s.policy.Actions, adminhttp.ActionPassLimit)
	r = s.post(moneyPath(a), seen(set(s.get(moneyPath(a)).moneyForm(t, "adjust", ""), "amount", "-500", "reason", "Court", "passLimit", "true")))
	assert.Equal(t, http.StatusSeeOther, r.code, r.text())
	assert.Equal(t, "-405", s.balance(a).Amount.String())
}

func TestMoneyPageOfSharedAndClosedAccounts(t *testing.T) {
	s := newSite(t)
	parent := s.create("above", func(a *account.Account) { a.Sending.Subaccounts = true })
	child := s.create("beneath", func(a *account.Account) {
		a.Parent, a.Credit.Shared, a.Credit.Cap = parent.ID, true, account.Some(decimal.NewFromInt(30))
	})
	s.topUp(parent, "100")
	s.charge(child, "c1", "12")
	s.hold(child, "h1", "3")
	page := s.get(moneyPath(child))
	for _, text := range []string{
		"15.00 EUR", "of the money of above", "Spent this month 15.00", "Left of the monthly cap of 30.00: 15.00", "paid by above",
		"This account spends the money of an account above", "−12.00 EUR", "+3.00 EUR held",
	} {
		assert.Contains(t, page.text(), text)
	}
	assert.NotContains(t, page.html, `value="topUp"`)
	above := s.get(moneyPath(parent))
	assert.Contains(t, above.text(), "spent by beneath")
	assert.Contains(t, above.text(), "by beneath")
	assert.NotContains(t, above.html, "clientaccount:")
	assert.NotContains(t, above.html, `value="releaseHold"`, "only who made a hold lets go of it")
	assert.NotContains(t, above.html, `name="_do" value="refund"`)
	form := page.moneyForm(t, "refund", "")
	require.Equal(t, http.StatusSeeOther, s.post(moneyPath(child), seen(form)).code)
	assert.Equal(t, "100", s.balance(parent).Amount.String())

	mine := manager(s, "Mine").ID
	s.update(s.stored(child.ID), func(a *account.Account) { a.Core.Manager = mine })
	s.policy.Scope = adminhttp.ClientsOf(mine)
	hidden := s.get(moneyPath(child))
	assert.Contains(t, hidden.text(), "paid by another account")
	assert.NotContains(t, hidden.text(), "above ", "who pays is outside the scope")

	s.policy = adminhttp.FullAccess()
	shut := s.create("shut", func(a *account.Account) { a.Status = account.StatusClosed })
	assert.Contains(t, s.get(moneyPath(shut)).text(), "The account is closed: it takes and gives no money.")
}

func TestEntriesAreFilteredAndPaged(t *testing.T) {
	s := newSite(t)
	a := s.moneyed("payer")
	for n := range 60 {
		s.charge(a, fmt.Sprintf("c%02d", n), "1.000001")
	}
	first := s.get(moneyPath(a))
	assert.Contains(t, first.text(), "50 entries on this page")
	assert.Contains(t, first.html, "c59")
	assert.NotContains(t, first.html, "c09<")
	older := regexp.MustCompile(`href="\.\./\.\./(clients/[^"]+)" rel="next"`).FindStringSubmatch(first.html)
	require.NotNil(t, older)
	second := s.get(strings.TrimSuffix(html.UnescapeString(older[1]), "#entries"))
	assert.Contains(t, second.html, "c09<")
	assert.Contains(t, second.html, "opening<")
	assert.Contains(t, second.text(), "11 entries on this page")
	for query, want := range map[string]string{
		"kind=top_up": "1 entry on this page", "reference=c07": "1 entry on this page", "reference=c0&kind=charge": "10 entries on this page", "reference=none": "No entry matches.",
		"from=2026-11-23&to=2026-11-23": "50 entries on this page", "to=2026-11-22": "No entry matches.", "from=2026-11-24": "No entry matches.",
		"kind=gift&from=x&before=-1": "50 entries on this page", "before=1": "There are no older entries.",
	} {
		assert.Contains(t, s.get(moneyPath(a)+"?"+query).text(), want, query)
	}
	refused := s.post(moneyPath(a)+"?kind=top_up", set(first.moneyForm(t, "topUp", ""), "amount", "x"))
	assert.Contains(t, refused.text(), "1 entry on this page", "the filter stays")
	assert.Contains(t, refused.html, "/money?kind=top_up")
}

// The picture says in words what it shows, and keeps limits from who may not see them.
func TestThePictureOfTheBalance(t *testing.T) {
	s := newSite(t)
	a := s.moneyed("payer")
	assert.NotContains(t, s.get(moneyPath(a)).html, `class="plot"`, "one entry makes no picture")
	s.charge(a, "c1", "110")
	page := s.get(moneyPath(a))
	words := regexp.MustCompile(`class="plot" role="img" aria-label="([^"]*)"`).FindStringSubmatch(page.html)
	require.NotNil(t, words)
	assert.Equal(t, "From 100.00 EUR on 23 Nov to −10.00 EUR now; highest 100.00 EUR on 23 Nov, lowest −10.00 EUR on 23 Nov. It may go down to −20.00 EUR.", words[1])
	assert.Contains(t, page.html, `class="limit"`)
	assert.Contains(t, page.text(), "limit −20.00")
	s.policy.Field = fields(map[string]adminhttp.Access{"credit.limit": adminhttp.Hidden})
	page = s.get(moneyPath(a))
	assert.NotContains(t, page.html, `class="limit"`)
	assert.NotContains(t, page.text(), "20.00")
	assert.NotContains(t, page.html, `class="bar"`)
}

func TestEventsAreOnTheMoneyPage(t *testing.T) {
	s := newSite(t)
	a := s.create("payer", func(a *account.Account) { a.Core.NotificationLimit = account.MoneyLimit(decimal.NewFromInt(50)) })
	s.topUp(a, "100")
	s.charge(a, "c1", "60")
	page := s.get(moneyPath(a))
	assert.Contains(t, page.text(), "Notification limit reached (50.00 EUR)")
	assert.Contains(t, page.text(), "At or below its notification limit.")
	assert.Contains(t, s.get("clients").text(), "near its limit")
}

func TestSwitchedHooksAreOnTheMoneyPage(t *testing.T) {
	p := newPostbox(t)
	s := newSiteOver(t, p.svc)
	a := s.create("hooked", withHooks)
	p.incoming(a.ID, "mo-1")
	rest := hook(a.ID, account.HookRESTIncoming)
	p.settle(rest, store.Health{
		Target: store.Health{}.Of(a.Webhooks.RESTIncoming).Target, Failures: 1, OffAt: accounttest.Now(), OffCode: "gone",
	}, store.DeliveryDead, store.Try{Code: "gone"})
	text := s.get(moneyPath(a)).text()
	assert.Contains(t, text, "Incoming SMS via RestAPI switched off")
	assert.Contains(t, text, "Answered that it is gone for good")
	require.Equal(t, 303, s.post(hooksPath(a), url.Values{"_do": {"on"}, "kind": {"rest_incoming"}}).code)
	assert.Contains(t, s.get(moneyPath(a)).text(), "Incoming SMS via RestAPI switched on again")

	s.policy.Field = fields(map[string]adminhttp.Access{"webhooks.rest_incoming": adminhttp.Hidden})
	assert.NotContains(t, s.get(moneyPath(a)).text(), "switched o", "hidden is hidden")
}
