package account_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/clientaccount/clientaccount/account"
)

// A step is what becomes of a client's settings, and when somebody looks what is due.
type step struct {
	now, zone, days string
}

// cutDates returns the dates that are cut in the course of the steps; a period that does not
// follow the one before it fails the test.
func cutDates(t *testing.T, created string, steps []step) []string {
	t.Helper()
	var dates []string
	a := account.Account{CreatedAt: utc(t, created)}
	last := account.Cut{At: a.CreatedAt}
	for _, s := range steps {
		a.Billing.InvoiceDays = days(t, s.days)
		for due := range a.Statements(last, utc(t, s.now), zone(t, s.zone)) {
			require.Equal(t, last.At, due.Period.From, "no gap and no overlap")
			require.True(t, due.Period.To.After(due.Period.From))
			last = due.Cut
			dates = append(dates, last.Day.String())
		}
	}
	return dates
}

const (
	kyiv       = "Europe/Kyiv"
	losAngeles = "America/Los_Angeles"
	auckland   = "Pacific/Auckland"
	pagoPago   = "Pacific/Pago_Pago"
	kiritimati = "Pacific/Kiritimati"
)

func TestADateIsCutOnce(t *testing.T) {
	const october, november = "2026-10-10T12:00:00Z", "2026-11-02T00:00:00Z"
	for name, tt := range map[string]struct {
		steps []step
		want  []string
	}{
		"the zone is edited to the west": {
			[]step{{"2026-10-31T22:00:00Z", kyiv, "1"}, {november, losAngeles, "1"}, {"2026-12-01T08:00:00Z", losAngeles, "1"}},
			[]string{"2026-11-01", "2026-12-01"},
		},
		"to the east": {
			[]step{{"2026-11-01T07:00:00Z", losAngeles, "1"}, {november, auckland, "1"}, {"2026-11-30T11:00:00Z", auckland, "1"}},
			[]string{"2026-11-01", "2026-12-01"},
		},
		"back and forth": {
			[]step{
				{"2026-10-31T22:00:00Z", kyiv, "1"},
				{"2026-10-31T23:00:00Z", losAngeles, "1"},
				{"2026-11-01T06:00:00Z", kyiv, "1"},
				{"2026-11-01T07:00:00Z", losAngeles, "1"},
				{"2026-11-01T11:00:00Z", pagoPago, "1"},
				{november, kyiv, "1"},
			},
			[]string{"2026-11-01"},
		},
		"in the hour of the cut, before it was made": {
			[]step{{"2026-10-31T22:30:00Z", losAngeles, "1"}, {"2026-10-31T22:59:00Z", kyiv, "1"}, {november, losAngeles, "1"}},
			[]string{"2026-11-01"},
		},
		"across the date line, and back": {
			[]step{{"2026-10-31T10:00:00Z", kiritimati, "1"}, {"2026-11-01T11:00:00Z", pagoPago, "1"}, {november, kiritimati, "1"}},
			[]string{"2026-11-01"},
		},
		"across it, where the next date has begun already": {
			[]step{{"2026-11-01T11:00:00Z", pagoPago, "1,2"}, {"2026-11-01T11:00:01Z", kiritimati, "1,2"}, {"2026-12-01T00:00:00Z", kiritimati, "1,2"}},
			[]string{"2026-11-01", "2026-12-01"},
		},
		"the days are edited, with the date still in them": {
			[]step{{"2026-11-01T07:00:00Z", kyiv, "1"}, {"2026-11-20T00:00:00Z", losAngeles, "1,15"}, {"2026-11-20T00:00:00Z", losAngeles, "1"}, {"2026-11-20T00:00:00Z", kyiv, "1,15"}},
			[]string{"2026-11-01", "2026-11-15"},
		},
		"31, in a short month": {
			[]step{{"2027-02-27T22:00:00Z", kyiv, "31"}, {"2027-02-28T08:00:00Z", losAngeles, "28,31"}, {"2027-03-01T08:00:00Z", losAngeles, "28,29,30,31"}},
			[]string{"2026-10-31", "2026-11-30", "2026-12-31", "2027-01-31", "2027-02-28"},
		},
		"the clock is set back": {
			[]step{{"2026-11-01T00:00:00Z", kyiv, "1"}, {"2026-10-31T21:00:00Z", kyiv, "1"}, {"2026-10-31T22:00:00Z", losAngeles, "1"}, {november, losAngeles, "1"}},
			[]string{"2026-11-01"},
		},
	} {
		t.Run(name, func(t *testing.T) { assert.Equal(t, tt.want, cutDates(t, october, tt.steps)) })
	}
}

func TestADateThatHasNoMidnightIsCutOnce(t *testing.T) {
	assert.Equal(t, []string{"2026-03-29"}, cutDates(t, "2026-03-10T00:00:00Z", []step{
		{"2026-03-28T22:00:00Z", "Asia/Beirut", "29"}, {"2026-03-29T23:59:59Z", losAngeles, "29"}, {"2026-03-31T00:00:00Z", "Asia/Beirut", "29"},
	}))
	assert.Equal(t, []string{"2011-12-30", "2011-12-31"}, cutDates(t, "2011-12-10T00:00:00Z", []step{
		{"2011-12-30T10:00:00Z", "Pacific/Apia", "30,31"}, {"2011-12-31T12:00:00Z", pagoPago, "30,31"},
	}), "a date that the zone skipped was cut with the next; the next comes in the zone across the line")
}

func TestADayIsReportedOnceWhereverTheClientMoves(t *testing.T) {
	for name, tt := range map[string]struct {
		steps []step
		want  []string
	}{
		"west": {
			[]step{{"2026-11-01T22:00:00Z", kyiv, ""}, {"2026-11-03T08:00:00Z", losAngeles, ""}},
			[]string{"2026-11-01 24h0m0s", "2026-11-02 34h0m0s"},
		},
		"east": {
			[]step{{"2026-11-02T08:00:00Z", losAngeles, ""}, {"2026-11-03T22:00:00Z", kyiv, ""}},
			[]string{"2026-10-31 9h0m0s", "2026-11-01 25h0m0s", "2026-11-02 14h0m0s", "2026-11-03 24h0m0s"},
		},
		"over a day that never was there": {
			[]step{{"2026-11-02T11:00:00Z", pagoPago, ""}, {"2026-11-03T10:00:00Z", kiritimati, ""}},
			[]string{"2026-10-31 13h0m0s", "2026-11-01 24h0m0s", "2026-11-03 23h0m0s"},
		},
		"to where the day comes again": {
			[]step{{"2026-11-02T10:00:00Z", kiritimati, ""}, {"2026-11-04T11:00:00Z", pagoPago, ""}},
			[]string{"2026-11-01 12h0m0s", "2026-11-02 24h0m0s", "2026-11-03 49h0m0s"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			a := account.Account{CreatedAt: utc(t, "2026-10-31T22:00:00Z")}
			last, until := account.Cut{}, a.CreatedAt
			var reported []string
			for _, s := range tt.steps {
				for r := range a.DailyReports(last, utc(t, s.now), zone(t, s.zone)) {
					require.Equal(t, until, r.Period.From, "no gap and no overlap")
					reported = append(reported, r.Day.String()+" "+r.Period.To.Sub(r.Period.From).String())
					last, until = r.Cut, r.Period.To
				}
			}
			assert.Equal(t, tt.want, reported)
		})
	}
}

// A mark that is no longer what this package made, as one of the instant alone that an
// earlier version kept, is still a mark.
func TestACutWithoutADayIsTheInstant(t *testing.T) {
	loc := zone(t, kyiv)
	next, ok := days(t, "1").NextCut(account.Cut{At: utc(t, "2026-10-31T22:00:00Z")}, loc)
	require.True(t, ok)
	assert.Equal(t, account.Cut{At: utc(t, "2026-11-30T22:00:00Z"), Day: account.Date{Year: 2026, Month: time.December, Day: 1}}, next)
	next, ok = days(t, "1").NextCut(account.Cut{At: utc(t, "2026-10-31T22:00:00Z"), Day: account.Date{Year: 2001, Month: time.May, Day: 1}}, loc)
	require.True(t, ok)
	assert.Equal(t, utc(t, "2026-11-30T22:00:00Z"), next.At, "the later of the two counts")
}
