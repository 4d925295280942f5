package adminhttp_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/account/accounttest"
	"github.com/clientaccount/clientaccount/adminhttp"
)

// mayEverything is the body of a message that a sending client may send.
const mayEverything = `{"channel":"smpp","sender":"ACME","destination":"+380501112233","parts":2,"price":"0.0042"}`

// canSend makes a client that may send mayEverything: alter is asked last.
func canSend(alter func(*account.Account)) func(*account.Account) {
	return func(c *account.Account) {
		c.Status, c.Sending.SMPP, c.Routing.Senders = account.StatusActive, true, account.Senders{"ACME"}
		c.Core.Moderation = account.ModerationAutomatic
		c.Credit.Limit = account.Some(decimal.NewFromInt(20))
		if alter != nil {
			alter(c)
		}
	}
}

func (a *api) decide(id account.ID, body string) answer {
	a.Helper()
	return a.ask("POST", "clients/"+id.String()+"/decide", body, nil)
}

// codes returns those of the findings of a decision, in their order.
func (a answer) codes() (codes []string) {
	a.t.Helper()
	for _, f := range a.at("findings").([]any) {
		codes = append(codes, f.(map[string]any)["code"].(string))
	}
	return codes
}

// finding returns the one of a code.
func (a answer) finding(code string) map[string]any {
	a.t.Helper()
	for _, f := range a.at("findings").([]any) {
		if found := f.(map[string]any); found["code"] == code {
			return found
		}
	}
	require.Fail(a.t, "no finding "+code, a.body)
	return nil
}

func TestAMessageThatMayGo(t *testing.T) {
	a := newAPI(t)
	id := a.create("client", canSend(nil))
	a.unchanged(id, func() {
		got := a.decide(id, mayEverything)
		require.Equal(t, 200, got.status, got.body)
		assert.Equal(t, map[string]any{"verdict": "accept", "priority": 0.0, "price": "0.0042", "cost": "0.0084", "findings": []any{}}, got.object())
		assert.Empty(t, got.header.Get("ETag"))
	})
	assert.Equal(t, [3]any{"0", "0", 0.0}, a.balance(id), "nothing is held or charged")
}

// Every verdict with what belongs to it.
func TestVerdictsByJSON(t *testing.T) {
	a := newAPI(t)
	closed := a.create("closed", canSend(func(c *account.Account) {
		c.Core.Dispatch = account.Dispatch{Days: account.EveryDay, From: 9 * 60, To: 20 * 60}
		c.Core.TimeZone = "America/New_York"
	}))
	open := a.create("open", canSend(nil))
	waits := a.decide(closed, mayEverything)
	assert.Equal(t, []any{"defer", "2026-11-23T14:00:00Z"}, []any{waits.at("verdict"), waits.at("until")})
	assert.Equal(t, map[string]any{
		"code": "time.closed", "verdict": "defer", "account": closed.String(), "opens": "2026-11-23T14:00:00Z",
		"text": "Outside the time of dispatch, which opens again on 2026-11-23 14:00 UTC.",
	}, waits.finding("time.closed"))
	late := a.decide(closed, strings.Replace(mayEverything, "{", `{"validUntil":"2026-11-23T15:59:00+02:00",`, 1))
	assert.Equal(t, []any{"refuse", []string{"time.too_late"}}, []any{late.at("verdict"), late.codes()})
	for more, want := range map[string][]any{
		`"flagged":true`:                                                  {"review", []string{"moderation.flagged"}},
		`"flagged":true,"reviewed":true`:                                  {"accept", []string(nil)},
		`"blacklisted":true,"optedOut":true,"barred":true`:                {"refuse", []string{"blacklist.hit", "optout.hit", "legal.hit"}},
		`"validUntil":"2026-11-23T08:41:02Z"`:                             {"refuse", []string{"time.expired"}},
		`"validUntil":"2026-11-23T08:41:03Z","round":true`:                {"accept", []string(nil)},
		`"at":"2036-11-23T08:41:02Z","validUntil":"2036-11-23T08:41:01Z"`: {"refuse", []string{"time.expired"}},
		`"priority":3`: {"accept", []string(nil)},
		`"priority":null,"validUntil":null,"round":false`: {"accept", []string(nil)},
	} {
		got := a.decide(open, strings.Replace(mayEverything, "{", "{"+more+",", 1))
		require.Equal(t, 200, got.status, got.body)
		assert.Equal(t, want, []any{got.at("verdict"), got.codes()}, more)
	}
	nothing := a.decide(open, `{}`)
	assert.Equal(t, []string{"channel.unknown", "destination.invalid", "parts.range", "sender.invalid", "price.unknown"}, nothing.codes())
	assert.NotContains(t, nothing.object(), "cost")
}

func TestFundsOfADecision(t *testing.T) {
	a := newAPI(t)
	id := a.create("client", canSend(nil))
	dear := strings.Replace(mayEverything, "0.0042", "10.01", 1)
	got := a.decide(id, dear)
	assert.Equal(t, map[string]any{
		"code": "credit.exhausted", "verdict": "refuse", "account": id.String(), "needed": "20.02", "available": "20", "missing": "0.02",
		"text": "20.02 is needed, and 20 available: 0.02 is missing.",
	}, got.finding("credit.exhausted"))
	a.policy.Actions = []adminhttp.Action{adminhttp.ActionDecide}
	blind := a.decide(id, dear)
	assert.Equal(t, map[string]any{
		"code": "credit.exhausted", "verdict": "refuse", "account": id.String(), "text": "What is available does not pay for this message.",
	}, blind.finding("credit.exhausted"))
	assert.Equal(t, "20.02", blind.at("cost"), "that is of what was sent")
	assert.NotContains(t, blind.body, "missing")
}

// Bad bodies get every fault at once.
func TestMessagesThatCannotBeRead(t *testing.T) {
	a := newAPI(t)
	id := a.create("client", canSend(nil))
	for body, want := range map[string]string{
		`{"parts":"1"}`: "parts field.type", `{"parts":1.5}`: "parts parts.range", `{"parts":1e99}`: "parts parts.range",
		`{"price":1}`: "price field.type", `{"price":"0,5"}`: "price amount.comma", `{"price":"x"}`: "price amount.format", `{"price":""}`: "price amount.format",
		`{"round":"true"}`: "round field.type", `{"barred":1}`: "barred field.type",
		`{"priority":4}`: "priority priority.range", `{"priority":-1}`: "priority priority.range", `{"priority":1.5}`: "priority priority.range",
		`{"validUntil":"tomorrow"}`: "validUntil time.format", `{"validUntil":"2026-11-23T09:00"}`: "validUntil time.format",
		`{"channel":[],"Sender":"x"}`: "Sender field.unknown, channel field.type",
		`{"sender":"a","sender":"b"}`: "sender field.duplicate",
		`[]`:                          "body field.type",
		`{"parts":[],"price":"1e5","priority":9}`:   "parts field.type, price amount.range, priority priority.range",
		`{"destination":380501112233,"extra":null}`: "destination field.type, extra field.unknown",
	} {
		got := a.decide(id, body)
		require.Equal(t, http.StatusUnprocessableEntity, got.status, "%s: %s", body, got.body)
		var faults []string
		for _, fault := range got.faults() {
			faults = append(faults, fault.Path+" "+fault.Code)
			assert.NotEqual(t, "This value is not accepted.", fault.Text, fault.Code)
		}
		slices.Sort(faults)
		assert.Equal(t, want, strings.Join(faults, ", "), body)
	}
	for body, status := range map[string]int{"": 415, "{": 400, `{} x`: 400, strings.Repeat(" ", 256<<10) + "{}": 413} {
		assert.Equal(t, status, a.decide(id, body).status)
	}
	a.ask("POST", "clients/"+id.String()+"/decide?preview=true", mayEverything, nil).expect(422, "preview", "query.unknown")
}

func TestDecidingNeedsItsAction(t *testing.T) {
	a := newAPI(t)
	id := a.create("client", canSend(nil))
	everything := a.policy.Actions
	a.policy.Actions = slices.DeleteFunc(slices.Clone(everything), func(x adminhttp.Action) bool { return x == adminhttp.ActionDecide })
	a.decide(id, mayEverything).expect(403, "actor", "forbidden")
	a.policy.Actions = []adminhttp.Action{adminhttp.ActionDecide}
	assert.Equal(t, 200, a.decide(id, mayEverything).status)
}

func TestDecidingOutsideTheScopeIsMissing(t *testing.T) {
	a := newAPI(t)
	mine, other := a.manager("Mine"), a.manager("Other")
	above := a.create("above", canSend(func(c *account.Account) {
		c.Core.Manager, c.Sending.Subaccounts, c.Status, c.Sending.SMPP = other, true, account.StatusSuspended, false
	}))
	own := a.create("own", canSend(func(c *account.Account) {
		c.Core.Manager, c.Parent, c.Sending.SMPP, c.Sending.API = mine, above, false, true
	}))
	a.policy.Scope = adminhttp.ClientsOf(mine)
	for _, body := range []string{mayEverything, `{{{`, ``} {
		outside, missing := a.decide(above, body), a.decide(accounttest.ID(77), body)
		assert.Equal(t, http.StatusNotFound, outside.status)
		assert.Equal(t, missing.body, outside.body)
	}
	got := a.decide(own, mayEverything)
	assert.Equal(t, []string{"status.suspended", "channel.off", "channel.parent_off"}, got.codes())
	assert.NotContains(t, got.body, above.String(), "an account that the actor does not see is not named")
	assert.Equal(t, own.String(), got.finding("channel.off")["account"])
	a.policy.Scope = adminhttp.AllClients()
	assert.Equal(t, above.String(), a.decide(own, mayEverything).finding("channel.parent_off")["account"])
}

// Of a hidden field it is told that one stands in the way, once, and nothing of it.
func TestHiddenFieldsAreNotInADecision(t *testing.T) {
	a := newAPI(t)
	id := a.create("client", func(c *account.Account) {
		c.Status, c.Core.Dispatch = account.StatusActive, account.Dispatch{Days: account.EveryDay, From: 9 * 60, To: 20 * 60}
		c.Core.TimeZone = "America/New_York"
	})
	a.policy.Field = fields(map[string]adminhttp.Access{
		"sending.smpp": adminhttp.Hidden, "time_zone": adminhttp.Hidden, "routing.dynamic_sender": adminhttp.Hidden, "routing.priority": adminhttp.Hidden,
	})
	got := a.decide(id, mayEverything)
	assert.Equal(t, []string{"field.hidden", "field.hidden", "credit.exhausted"}, got.codes())
	assert.NotContains(t, got.object(), "priority")
	for _, hidden := range []string{"opens", "14:00", "SMPP", "Dynamic", "until"} {
		assert.NotContains(t, got.body, hidden)
	}
}
