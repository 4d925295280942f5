package account_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/account/accounttest"
	"github.com/clientaccount/clientaccount/internal/ledger"
)

// effect is a field, a text to set it to, and something that this package works out
// from the whole account and that comes to something else then.
type effect struct {
	path, text string
	outcome    func(account.Account) any
}

// effects are the fields whose effect is worked out in this package.
var effects = []effect{
	{"moderation", "manual", decided(nil)},
	{"time_zone", "America/New_York", decided(nil)},
	{"dispatch", "20:00-21:00", decided(nil)},
	{"routing.priority", "2", decided(func(r *account.Request) { r.Priority = account.Some(3) })},
	{"routing.bypass_blacklist", "true", decided(func(r *account.Request) { r.Blacklisted = true })},
	{"routing.dynamic_sender", "true", decided(func(r *account.Request) { r.Sender = "OTHER" })},
	{"routing.senders", "OTHER", decided(nil)},
	{"status", "suspended", decided(nil)},
	{"expires_at", "2026-11-25T08:00:00Z", decided(nil)},
	{"sending.smpp", "false", decided(through(account.ChannelSMPP))},
	{"sending.api", "true", decided(through(account.ChannelAPI))},
	{"sending.web", "true", decided(through(account.ChannelWeb))},
	{"sending.rest", "false", decided(through(account.ChannelREST))},
	{"sending.dlr_days", "9", func(a account.Account) any {
		return account.EffectiveSettings(a, nil).DLRDeadline(a.CreatedAt)
	}},
	{"credit.limit", "50", available},
	{"credit.overdraw.limit", "50", available},
	{"credit.overdraw.expires_at", "2026-11-25T08:00:00Z", available},
	{"credit.shared", "true", func(a account.Account) any { return beneath(a).SharesMoney() }},
	{"credit.cap", "50", func(a account.Account) any {
		a.Credit.Shared = true
		left, capped := ledger.CapLeft(terms(beneath(a)), a.CreatedAt)
		return fmt.Sprint(left, capped)
	}},
	{"routing.mo_smpp", "true", func(a account.Account) any { return a.MOGoesToSMPP() }},
}

// effectsOfSearch returns those of the fields that are only looked for.
func effectsOfSearch() (all []effect) {
	for f := range account.AccountTable().All() {
		named := func(e effect) bool { return e.path == f.Path }
		if f.Searched && !slices.Contains(accounttest.Beyond(), f.Path) && !slices.ContainsFunc(effects, named) {
			all = append(all, effect{f.Path, f.Text(accounttest.Full()), found})
		}
	}
	return all
}

// decided returns what becomes of a message, changed as told, of a client with 10.00.
func decided(change func(*account.Request)) func(account.Account) any {
	return func(a account.Account) any {
		_, r, now := sender()
		r.Flagged = true
		if change != nil {
			change(&r)
		}
		c := account.NewClient(a, nil, nil, money("10"))
		d := c.Decide(r, now)
		return fmt.Sprint(d.Verdict, d.Priority, d.Until, d.Findings)
	}
}

func through(c account.Channel) func(*account.Request) {
	return func(r *account.Request) { r.Channel = c }
}

// terms returns a balance of 10.00 under the account's terms.
func terms(a account.Account) account.Balance {
	none := account.Optional[decimal.Decimal]{}
	return account.Balance{Account: a.ID, Amount: money("10"), Terms: ledger.TermsOf(a, account.EffectiveSettings(a, nil), none)}
}

func available(a account.Account) any { return terms(a).Available(a.CreatedAt).String() }

// beneath returns the account as another one's subaccount.
func beneath(a account.Account) account.Account {
	a.Parent = accounttest.ID(2)
	return a
}

func found(a account.Account) any { return a.SearchText() }

// A field that is only stored is not done: changing it alone changes what comes out
// somewhere, here or in the test of the same name beside the Service.
func TestEveryFieldHasAnEffect(t *testing.T) {
	c, _, now := sender()
	base := c.Account
	base.CreatedAt = now
	base.Credit.Overdraw = account.Overdraw{Limit: money("5"), ExpiresAt: now.Add(time.Hour)}

	where := map[string]int{}
	for _, path := range accounttest.Beyond() {
		where[path]++
	}
	for _, e := range slices.Concat(effects, effectsOfSearch()) {
		where[e.path]++
		t.Run(e.path, func(t *testing.T) {
			field, ok := account.FieldAt(e.path)
			require.True(t, ok)
			after := base.Clone()
			require.NoError(t, field.Set(&after, e.text))
			for _, other := range account.Fields() {
				require.Equal(t, other.Path == e.path, other.Differs(base, after), "only %s was changed, not %s", e.path, other.Path)
			}
			assert.NotEqual(t, e.outcome(base), e.outcome(after))
		})
	}
	for _, field := range account.Fields() {
		assert.Equal(t, 1, where[field.Path], "%s has a row above, or is one of Beyond", field.Path)
		delete(where, field.Path)
	}
	assert.Empty(t, where, "fields that are gone")
}
