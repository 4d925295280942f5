package account_test

import (
	"maps"
	"slices"
	"testing"
	"time"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/clientaccount/clientaccount/account"
)

// nowhere is a zone that is on no machine: as any but UTC on a machine without a table,
// and the newest names on one whose table is old.
const nowhere = "Nowhere/Land"

func TestAZoneThatIsNotKnownIsNotUTC(t *testing.T) {
	for _, name := range []string{nowhere, "", "Local", "utc"} {
		a := account.New()
		a.Core.TimeZone = name
		loc, err := a.Location()
		require.ErrorIs(t, err, account.ErrZone, name)
		assert.Nil(t, loc, name)
	}
}

func TestNothingGoesInAZoneThatIsNotKnown(t *testing.T) {
	known, r, now := sender()
	for name, hours := range map[string]account.Dispatch{
		"at hours":      {Days: account.EveryDay, From: 8 * 60, To: 9 * 60},
		"always":        account.AllWeek(),
		"never":         {},
		"as it happens": known.Account.Core.Dispatch,
	} {
		a := known.Account
		a.Core.TimeZone, a.Core.Dispatch = nowhere, hours
		c := account.NewClient(a, nil, nil, known.Available)
		d := c.Decide(r, now)
		assert.Equal(t, account.VerdictRefuse, d.Verdict, name)
		assert.Equal(t, []account.Finding{{Code: "time.zone_unknown", Verdict: account.VerdictRefuse, Path: "time_zone", Account: a.ID}}, d.Findings, name)
		assert.Zero(t, d.Until, name)
	}
	known.Zone = nil
	r.ValidUntil = now.Add(-1)
	d := known.Decide(r, now)
	assert.True(t, d.Has("time.zone_unknown") && d.Has("time.expired"), "both speak")
}

func TestNothingIsOpenOrDueOnNoClock(t *testing.T) {
	now := utc(t, "2026-11-23T08:41:02Z")
	a := account.New()
	a.CreatedAt, a.Billing.InvoiceDays = now.AddDate(-1, 0, 0), days(t, "1")
	assert.False(t, account.AllWeek().Open(now, nil))
	_, ever := account.AllWeek().NextOpen(now, nil)
	assert.False(t, ever)
	assert.Empty(t, account.AllWeek().Windows(2026, time.November, 23, nil))
	assert.Empty(t, slices.Collect(a.Statements(account.Cut{}, now, nil)))
	assert.Empty(t, slices.Collect(a.DailyReports(account.Cut{}, now, nil)))
	assert.Empty(t, maps.Collect(days(t, "1").Periods(account.Cut{At: a.CreatedAt}, now, nil)))
	assert.True(t, account.DateOf(now, nil).IsZero())
	assert.True(t, account.DateOf(now, time.UTC).In(nil).IsEmpty())
}

// A wall time is not read on another clock; an instant with its offset needs none.
func TestTimesAreNotTypedInAZoneThatIsNotKnown(t *testing.T) {
	for path, code := range map[string]string{"expires_at": "expiry.zone", "credit.overdraw.expires_at": "overdraw_end.zone"} {
		a := account.New()
		a.Core.TimeZone = nowhere
		f, known := account.FieldAt(path)
		require.True(t, known)
		faults, broken := account.AsFaults(f.Set(&a, "2026-11-30 18:00"))
		require.True(t, broken)
		assert.True(t, faults.Has(code), faults)
		assert.NotContains(t, faults.Error(), "not accepted", "it has a text")
		require.NoError(t, f.Set(&a, "2026-11-30T18:00:00+02:00"))
		require.NoError(t, f.Set(&a, ""))
	}
}

// shared is a chain of a client and who pays; the client's cap is 10, of which 4 are
// spent in October.
func sharedIn(zone string, limit account.Optional[decimal.Decimal]) []account.Balance {
	child, payer := account.ID{1}, account.ID{2}
	october := 2026*12 + 10
	return []account.Balance{
		{Account: child, Version: 1, Spent: money("4"), Month: october, Terms: account.Terms{Currency: "EUR", Shares: payer, Cap: limit, Zone: zone}},
		{Account: payer, Version: 1, Amount: money("100"), Held: money("3"), Terms: account.Terms{Currency: "EUR", Zone: "UTC"}},
	}
}

func TestSharedMoneyIsNotSpentInAMonthThatIsNotKnown(t *testing.T) {
	now := utc(t, "2026-11-02T12:00:00Z")
	hold := account.Hold{Account: account.ID{1}, Reference: "h", Amount: money("3"), At: now, Until: now.Add(time.Hour), Chain: []account.ID{{1}, {2}}}
	on := account.Against{Hold: &hold, Entry: &account.Entry{Account: account.ID{1}, Kind: account.KindCharge, At: now, Spent: money("3"), Chain: hold.Chain, Shared: money("-3")}}
	for name, limit := range map[string]account.Optional[decimal.Decimal]{"under a cap": account.Some(money("10")), "without one": {}} {
		chain := sharedIn(nowhere, limit)
		for what, m := range map[string]account.Movement{
			"charge":       {Kind: account.KindCharge, Amount: money("1"), Reference: "r"},
			"hold":         {Kind: account.KindHold, Amount: money("1"), Reference: "r"},
			"capture more": {Kind: account.KindCapture, Amount: money("4"), Hold: "h", More: true, Reference: "r"},
		} {
			_, err := account.ApplyShared(chain, m, on, now)
			require.ErrorIs(t, err, account.ErrZone, "%s %s", what, name)
			_, err = account.ApplyShared(sharedIn("UTC", limit), m, on, now)
			require.NoError(t, err, "%s %s, in a zone that is known", what, name)
		}
		for what, m := range map[string]account.Movement{
			"capture":      {Kind: account.KindCapture, Hold: "h", Reference: "r"},
			"capture less": {Kind: account.KindCapture, Amount: money("1"), Hold: "h", Reference: "r"},
			"release":      {Kind: account.KindRelease, Hold: "h", Reference: "r"},
		} {
			steps, err := account.ApplyShared(chain, m, on, now)
			require.NoError(t, err, "%s %s: a hold that stands can always be ended", what, name)
			assert.Equal(t, "4", steps[0].Balance.Spent.String(), "%s %s frees nothing of the cap", what, name)
			assert.Equal(t, chain[0].Month, steps[0].Balance.Month, "%s %s", what, name)
			assert.Equal(t, "0", steps[1].Balance.Held.String(), "%s %s: the payer has it back, or has paid", what, name)
		}
		steps, err := account.ApplyShared(chain, account.Expiry(hold), on, hold.Until)
		require.NoError(t, err, "nor does a hold stand for ever in the way of who pays")
		assert.Equal(t, "4", steps[0].Balance.Spent.String())
	}
}

func TestACapInAZoneThatIsNotKnownBeginsNoMonth(t *testing.T) {
	b := sharedIn(nowhere, account.Some(money("10")))[0]
	left, capped := b.CapLeft(utc(t, "2027-06-01T00:00:00Z"))
	assert.True(t, capped)
	assert.Equal(t, "6", left.String())
	b.Terms.Zone = "UTC"
	left, _ = b.CapLeft(utc(t, "2027-06-01T00:00:00Z"))
	assert.Equal(t, "10", left.String())
}

// The account in the middle of a chain has a month, too.
func TestAMonthThatIsNotKnownInTheMiddleOfAChain(t *testing.T) {
	chain := sharedIn(nowhere, account.Optional[decimal.Decimal]{})
	low := account.Balance{Account: account.ID{3}, Version: 1, Terms: account.Terms{Currency: "EUR", Shares: account.ID{1}, Zone: "UTC"}}
	_, err := account.ApplyShared(append([]account.Balance{low}, chain...), account.Movement{Kind: account.KindCharge, Amount: money("1"), Reference: "r"}, account.Against{}, utc(t, "2026-11-02T12:00:00Z"))
	require.ErrorIs(t, err, account.ErrZone)
}
