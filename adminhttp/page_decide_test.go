package adminhttp_test

import (
	"html"
	"net/http"
	"net/url"
	"regexp"
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

func decidePath(a account.Account) string { return "clients/" + a.ID.String() + "/decide" }

// tried returns what a browser would send of the page's form, with other values: name,
// value, name, value.
func (r reply) tried(tb testing.TB, pairs ...string) url.Values {
	tb.Helper()
	form := strings.Replace(r.html, `<form method="post"`, `<form method="post" id="edit"`, 1)
	values := reply{html: form}.filled(tb)
	values.Del("text")
	return set(values, pairs...)
}

// ask tries a message: the form as it stands, with other values.
func (s *site) ask(a account.Account, pairs ...string) reply {
	s.Helper()
	return s.get(decidePath(a) + "?" + s.get(decidePath(a)).tried(s, pairs...).Encode())
}

// answered returns the part of the page that answers.
func (r reply) answered() string {
	_, rest, _ := strings.Cut(r.html, `id="verdict"`)
	rest, _, _ = strings.Cut(rest, "<form ")
	return reply{html: "<" + rest}.text()
}

// What the form begins with could well be sent, but for where it goes.
func TestAMessageBeginsWithWhatTheClientSends(t *testing.T) {
	s := newSite(t)
	gold := product(s, "Gold", "EUR")
	gold.Price = account.Some(decimal.RequireFromString("0.0042"))
	_, err := s.svc.SaveProduct(t.Context(), gold)
	require.NoError(t, err)
	a := s.create("client", canSend(func(a *account.Account) {
		a.Sending.SMPP, a.Sending.Web, a.Sending.REST = false, true, true
		a.Routing.Senders, a.Notes.Product = account.Senders{"ACME", "Sale"}, gold.ID
	}))
	page := s.get(decidePath(a))
	assert.Equal(t, http.StatusOK, page.code)
	assert.Contains(t, page.html, `aria-current="page">Try a message`)
	assert.NotContains(t, page.html, `id="verdict"`)
	assert.Equal(t, url.Values{
		"channel": {"web"}, "sender": {"ACME"}, "destination": {""}, "mcc": {""}, "mnc": {""}, "parts": {"1"}, "price": {"0.0042"}, "priority": {""}, "validUntil": {""}, "at": {""},
	}, page.tried(t))
	s.policy.Actions = []adminhttp.Action{adminhttp.ActionDecide}
	assert.Equal(t, "0.0042", s.get(decidePath(a)).tried(t).Get("price"), "the product's price is no secret of the money")
	s.policy.Field = fields(map[string]adminhttp.Access{"notes.product": adminhttp.Hidden, "routing.senders": adminhttp.Hidden, "sending.web": adminhttp.Hidden})
	form := s.get(decidePath(a)).tried(t)
	assert.Equal(t, []string{"rest", "", ""}, []string{form.Get("channel"), form.Get("sender"), form.Get("price")})
}

func TestAMessageThatMayGoSaysSo(t *testing.T) {
	s := newSite(t)
	a := s.create("client", canSend(nil))
	r := s.ask(a, "destination", " 380501112233 ", "price", "0.0042", "parts", "2", "priority", "3")
	assert.Equal(t, http.StatusOK, r.code)
	assert.Contains(t, r.answered(), "It may go now.")
	assert.Contains(t, r.answered(), "It would cost 0.0084 EUR, for 2 parts at 0.0042 EUR. Priority 0, the client's highest; 3 was asked for.")
	assert.NotContains(t, r.answered(), "in its way")
	assert.Contains(t, r.html, "<title>Accepted · ")
	form := r.tried(t)
	assert.Equal(t, []string{"380501112233", "2", "3"}, []string{form.Get("destination"), form.Get("parts"), form.Get("priority")}, "what was typed stays")
	s.assertSame(a, 1)
}

// Each rule says what it has against the message, what would change that, and
// where.
func TestEveryRuleLeadsToWhatWouldChangeIt(t *testing.T) {
	s := newSite(t)
	above := s.create("above", func(a *account.Account) { a.Status, a.Sending.Subaccounts = account.StatusSuspended, true })
	a := s.create("client", func(a *account.Account) {
		a.Parent, a.Core.TimeZone = above.ID, "America/New_York"
		a.Core.Dispatch = account.Dispatch{Days: account.EveryDay, From: 9 * 60, To: 20 * 60}
		a.Core.Moderation = account.ModerationManual
	})
	r := s.ask(a, "sender", "ACME", "destination", "12", "price", "1000.5", "blacklisted", "true", "optedOut", "true", "channel", "api")
	assert.Contains(t, r.html, "<title>Refused · ")
	for _, said := range []string{
		"It is refused. It would cost 1,000.50 EUR. What stands", "An account above the client is suspended", "Can Send via API is off.", "Can Send via API is off at an account above the client.",
		"opens again on Mon 23 Nov 2026 09:00:00 EST. That is in 5 hours.", "The destination is not an international number",
		"This sender is not approved", "Every message of this client waits for a person's review.", "on the platform's blacklist", "has opted out",
		"1,000.50 EUR is needed, and 0.00 EUR available. A top-up or a higher limit of 1,000.50 EUR would do.",
	} {
		assert.Contains(t, r.answered(), said)
	}
	own := "../../clients/" + a.ID.String()
	for _, href := range []string{
		own + "/edit#f-sending-api", own + "/edit#f-dispatch", own + "/edit#f-routing-senders", own + "/edit#f-moderation", own + "/edit#f-routing-bypass-blacklist",
		own + "/money", "../../clients/" + above.ID.String() + "/edit#f-status", "../../clients/" + above.ID.String() + "/edit#f-sending-api", "#f-destination",
	} {
		assert.Contains(t, r.html, `<a href="`+href+`">`)
		if at, id, _ := strings.Cut(strings.TrimPrefix(href, "../../"), "#"); at != "" && id != "" {
			assert.Contains(t, s.get(at).html, `id="`+id+`"`, href)
		}
	}
	assert.Equal(t, "true", r.tried(t).Get("optedOut"))
}

func TestOtherAnswersInWords(t *testing.T) {
	s := newSite(t)
	open := s.create("open", canSend(nil))
	shut := s.create("shut", canSend(func(a *account.Account) {
		a.Core.TimeZone, a.Core.Dispatch = "America/New_York", account.Dispatch{Days: account.EveryDay, From: 9 * 60, To: 20 * 60}
	}))
	for _, row := range []struct {
		of    account.Account
		said  string
		typed []string
	}{
		{shut, "It waits until Mon 23 Nov 2026 09:00:00 EST. That is in 5 hours", nil},
		{shut, "when the message is no longer valid.", []string{"validUntil", "2026-11-23T08:59"}},
		{shut, "It waits until", []string{"validUntil", "2026-11-23T09:00"}},
		{shut, "The message is no longer valid.", []string{"validUntil", "2026-11-23T03:41"}},
		{shut, "when the message is no longer valid.", []string{"validUntil", "2026-11-23T13:59:00Z"}},
		{open, "It waits for a person to look at it.", []string{"flagged", "true"}},
		{open, "There is no price for this message. Say what one part costs. Price", []string{"price", ""}},
		{open, "There is no such channel.", []string{"channel", "fax"}},
	} {
		typed := append([]string{"destination", "380501112233", "price", "0.0042"}, row.typed...)
		r := s.ask(row.of, typed...)
		require.Equal(t, http.StatusOK, r.code, r.text())
		assert.Contains(t, r.answered(), row.said)
		if len(row.typed) > 0 && !strings.HasSuffix(row.typed[1], "Z") {
			assert.Equal(t, row.typed[1], r.tried(t).Get(row.typed[0]), "what was typed stays")
		}
	}
	assert.Contains(t, s.get(decidePath(open)+"?destination=380501112233").answered(), "There is no price", "what a link leaves out has its default")
}

// What cannot be read is told beside its input, and nothing is decided.
func TestMessagesThatCannotBeReadKeepWhatWasTyped(t *testing.T) {
	s := newSite(t)
	a := s.create("client", canSend(nil))
	for _, row := range [][3]string{
		{"parts", "two", "A message has 1 to 255 parts."},
		{"price", "0;5", "Enter an amount, for example 100.00."},
		{"priority", "7", "Choose a priority from 0 to 3."},
		{"validUntil", "tomorrow", "Use a date and a time that the client's clock shows"},
		{"barred", "yes", "This value has the wrong type."},
	} {
		r := s.ask(a, row[0], row[1])
		assert.Equal(t, http.StatusUnprocessableEntity, r.code)
		assert.NotContains(t, r.html, `id="verdict"`)
		assert.Contains(t, r.html, `<a href="#f-`+row[0]+`">`)
		assert.Contains(t, html.UnescapeString(r.field(row[0])), row[2])
		assert.Contains(t, r.field(row[0]), `aria-invalid="true"`)
		if row[0] != "barred" {
			assert.Equal(t, row[1], r.tried(t).Get(row[0]))
		}
		assert.Contains(t, r.html, "<title>Errors · ")
	}
	for query, said := range map[string]string{
		"part=1": "Unknown field: part.", "parts=1&parts=2": "This was sent twice.", "_do=x": "Unknown field: _do.",
	} {
		r := s.get(decidePath(a) + "?" + query)
		assert.Equal(t, http.StatusUnprocessableEntity, r.code, query)
		assert.Contains(t, r.text(), said)
	}
	assert.Equal(t, http.StatusBadRequest, s.get(decidePath(a)+"?parts=%zz").code)
}

// Amounts, hidden fields and accounts that the actor does not see are on no answer.
func TestAnAnswerKeepsToThePolicy(t *testing.T) {
	s := newSite(t)
	mine, other := manager(s, "Mine").ID, manager(s, "Other").ID
	above := s.create("above", func(a *account.Account) { a.Core.Manager, a.Sending.Subaccounts = other, true })
	a := s.create("client", func(a *account.Account) {
		a.Core.Manager, a.Parent, a.Core.TimeZone = mine, above.ID, "America/New_York"
		a.Core.Dispatch = account.Dispatch{Days: account.EveryDay, From: 9 * 60, To: 20 * 60}
		a.Credit.Limit = account.Some(decimal.NewFromInt(20))
	})
	s.policy = adminhttp.Policy{
		Scope: adminhttp.ClientsOf(mine), Actions: []adminhttp.Action{adminhttp.ActionDecide},
		Field: fields(map[string]adminhttp.Access{"dispatch": adminhttp.Hidden, "routing.dynamic_sender": adminhttp.Hidden, "routing.priority": adminhttp.Hidden}),
	}
	r := s.ask(a, "sender", "ACME", "destination", "380501112233", "price", "25")
	assert.Contains(t, r.answered(), "What is available does not pay for this message. A top-up or a higher limit would help.")
	assert.Contains(t, r.answered(), "A setting that you do not see stands in the way.")
	for _, hidden := range []string{above.ID.String(), "20.00", "09:00", "Dynamic", "/money", ">Priority"} {
		assert.NotContains(t, r.html, hidden)
	}
	assert.NotContains(t, r.answered(), "Priority")
	s.policy.Actions = []adminhttp.Action{adminhttp.ActionMoney}
	assert.Equal(t, http.StatusForbidden, s.get(decidePath(a)).code)
	assert.NotContains(t, s.get(editPath(a)).html, "Try a message")
	assert.Equal(t, http.StatusNotFound, s.get("clients/"+accounttest.ID(77).String()+"/decide").code)
}

// TestATextIsCounted beside what else was typed, and is in no link.
func TestATextIsCounted(t *testing.T) {
	s := newSite(t)
	a := s.create("client", canSend(nil))
	typed := s.get(decidePath(a)).tried(t, "text", strings.Repeat("ж", 71), "parts", "9", "destination", "380501112233", "price", "0,0042")
	page := s.post(decidePath(a), typed)
	assert.Contains(t, page.text(), "The text takes 2 parts, as UCS-2")
	assert.Contains(t, page.answered(), "It may go now. It would cost 0.0084 EUR, for 2 parts")
	assert.Contains(t, page.field("parts"), `value="2"`)
	assert.Contains(t, page.html, ">\n"+strings.Repeat("ж", 71)+"</textarea>")
	link := regexp.MustCompile(`href="\.\./\.\./([^"]*)">This try as a link`).FindStringSubmatch(page.html)
	require.NotNil(t, link)
	again := s.get(html.UnescapeString(link[1]))
	assert.Equal(t, page.answered(), again.answered())
	assert.NotContains(t, again.html, "жжж")
	gsm := s.post(decidePath(a), set(typed, "text", strings.Repeat("{", 81)))
	assert.Contains(t, gsm.text(), "The text takes 2 parts, in the alphabet of GSM.")
	empty := s.post(decidePath(a), set(typed, "text", ""))
	assert.Contains(t, empty.field("parts"), `value="9"`, "without a text the number counts")
}

// TestAMessageIsTriedAtAnotherTime, by the hours and ends of then.
func TestAMessageIsTriedAtAnotherTime(t *testing.T) {
	s := newSite(t)
	a := s.create("client", canSend(func(a *account.Account) {
		a.Core.TimeZone, a.Core.Dispatch = "America/New_York", account.Dispatch{Days: account.EveryDay, From: 9 * 60, To: 20 * 60}
		a.Expires = accounttest.Now().Add(48 * time.Hour)
	}))
	for at, said := range map[string]string{
		"2026-11-23T09:00": "It may go then. Judged as of Mon 23 Nov 2026 09:00:00 EST, by the settings and the balance of now.",
		"2026-11-23T20:00": "It waits until Tue 24 Nov 2026 09:00:00 EST.",
		"2026-11-25T09:00": "The client has expired",
	} {
		r := s.ask(a, "destination", "380501112233", "price", "0.0042", "at", at)
		assert.Contains(t, r.answered(), said)
		assert.Equal(t, at, r.tried(t).Get("at"))
	}
}
