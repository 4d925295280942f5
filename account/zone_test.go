package account_test

import (
	"maps"
	"slices"
	"testing"
	"time"

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
