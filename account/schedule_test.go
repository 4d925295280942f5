package account_test

import (
	"maps"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/account/accounttest"
)

func days(t require.TestingT, text string) account.MonthDays {
	var m account.MonthDays
	require.NoError(t, m.UnmarshalText([]byte(text)), text)
	return m
}

func TestCuts(t *testing.T) {
	for name, tt := range map[string]struct {
		days, zone string
		from, to   string
		want       []string
	}{
		"twice a month":                       {"1,15", "Europe/Kyiv", "2026-01-01T00:00:00Z", "2026-03-01T00:00:00Z", []string{"2026-01-14T22:00:00Z", "2026-01-31T22:00:00Z", "2026-02-14T22:00:00Z", "2026-02-28T22:00:00Z"}},
		"a cut is not after itself":           {"15", "UTC", "2026-01-15T00:00:00Z", "2026-02-15T00:00:00Z", []string{"2026-02-15T00:00:00Z"}},
		"30 and 31 in February are one":       {"30,31", "UTC", "2026-01-31T00:00:00Z", "2026-03-31T00:00:00Z", []string{"2026-02-28T00:00:00Z", "2026-03-30T00:00:00Z", "2026-03-31T00:00:00Z"}},
		"28, 30 and 31 as well":               {"28,30,31", "UTC", "2026-02-01T00:00:00Z", "2026-03-01T00:00:00Z", []string{"2026-02-28T00:00:00Z"}},
		"31 in a leap year":                   {"31", "UTC", "2028-01-31T00:00:00Z", "2028-05-01T00:00:00Z", []string{"2028-02-29T00:00:00Z", "2028-03-31T00:00:00Z", "2028-04-30T00:00:00Z"}},
		"29 in and out of one":                {"29", "UTC", "2027-01-29T00:00:00Z", "2028-02-29T00:00:00Z", []string{"2027-02-28T00:00:00Z", "2027-03-29T00:00:00Z", "2027-04-29T00:00:00Z", "2027-05-29T00:00:00Z", "2027-06-29T00:00:00Z", "2027-07-29T00:00:00Z", "2027-08-29T00:00:00Z", "2027-09-29T00:00:00Z", "2027-10-29T00:00:00Z", "2027-11-29T00:00:00Z", "2027-12-29T00:00:00Z", "2028-01-29T00:00:00Z", "2028-02-29T00:00:00Z"}},
		"no days":                             {"", "UTC", "2026-01-01T00:00:00Z", "2030-01-01T00:00:00Z", nil},
		"no midnight that day":                {"29", "Asia/Beirut", "2026-03-01T00:00:00Z", "2026-04-01T00:00:00Z", []string{"2026-03-28T22:00:00Z"}},
		"two midnights that day":              {"1", "America/Havana", "2026-10-15T00:00:00Z", "2026-11-15T00:00:00Z", []string{"2026-11-01T04:00:00Z"}},
		"a day that did not exist":            {"30", "Pacific/Apia", "2011-12-01T00:00:00Z", "2012-01-15T00:00:00Z", []string{"2011-12-30T10:00:00Z"}},
		"and the one after it are one":        {"30,31", "Pacific/Apia", "2011-12-01T00:00:00Z", "2012-01-15T00:00:00Z", []string{"2011-12-30T10:00:00Z"}},
		"set back over midnight, first of it": {"7", "America/St_Johns", "2010-11-01T00:00:00Z", "2010-11-15T00:00:00Z", []string{"2010-11-07T02:30:00Z"}},
	} {
		t.Run(name, func(t *testing.T) {
			var cuts []string
			from := utc(t, tt.from)
			m := days(t, tt.days)
			for period, cut := range m.Periods(account.Cut{At: from}, utc(t, tt.to), zone(t, tt.zone)) {
				assert.Equal(t, from, period.From)
				assert.Equal(t, period.To, cut.At)
				cuts = append(cuts, period.To.Format(time.RFC3339))
				from = period.To
			}
			assert.Equal(t, tt.want, cuts)
			assert.Equal(t, days(t, tt.days), m, "the stored days stay as they are")
		})
	}
}

func TestPeriodsCanBeReadAgainAndLeft(t *testing.T) {
	m, from := days(t, "1"), utc(t, "2026-01-01T00:00:00Z")
	periods := m.Periods(account.Cut{At: from}, utc(t, "2026-12-31T00:00:00Z"), time.UTC)
	for range periods {
		break
	}
	assert.Len(t, maps.Collect(periods), 11)
	assert.Equal(t, maps.Collect(periods), maps.Collect(periods))
	assert.Empty(t, maps.Collect(m.Periods(account.Cut{}, from, time.UTC)), "nobody was a client in the year 1")
}

// cutDay returns the rule in other words: the day is in the set, or it is the month's last
// and a later one is.
func cutDay(m account.MonthDays, day time.Time) bool {
	last := day.AddDate(0, 0, 1).Month() != day.Month()
	for _, d := range m.Days() {
		if d == day.Day() || last && d > day.Day() {
			return true
		}
	}
	return false
}

// shown returns the date on the clock, as midnight in UTC.
func shown(t time.Time, loc *time.Location) time.Time {
	year, month, day := t.In(loc).Date()
	return time.Date(year, month, day, 0, 0, 0, 0, time.UTC)
}

// cutBetween reports whether a cut lies after another and at or before an instant, by
// looking at the date every so often; days that were never shown count too, and those up
// to the last cut's do not.
func cutBetween(m account.MonthDays, last account.Cut, until time.Time, step time.Duration, loc *time.Location) bool {
	latest := shown(last.At, loc)
	if day := last.Day.In(time.UTC).From; !last.Day.IsZero() && latest.Before(day) {
		latest = day
	}
	for t := last.At; t.Before(until); {
		if t = t.Add(step); t.After(until) {
			t = until
		}
		for now := shown(t, loc); latest.Before(now); {
			latest = latest.AddDate(0, 0, 1)
			if cutDay(m, latest) {
				return true
			}
		}
	}
	return false
}

// twentyYears are those of one client (invariant 12), with the days and the zone edited,
// the work left undone for months now and then, and the clock set back: periods follow
// one another without gap or overlap, each ends at a cut, no cut is passed over, and no
// date is cut twice.
func twentyYears(t require.TestingT, loc *time.Location, draw func(low, high int) int) {
	start, end := utc(t, "2009-06-15T12:34:56.789Z"), utc(t, "2029-06-15T00:00:00Z")
	m := account.MonthDays(draw(1, 1<<31-1) << 1)
	last, now, covered := account.Cut{At: start}, start, time.Duration(0)
	cut := map[account.Date]bool{}
	for now.Before(end) {
		now = now.Add(time.Duration(draw(-24*3, 24*400)) * time.Hour)
		for period, next := range m.Periods(last, now, loc) {
			require.Equal(t, last.At, period.From, "from where the last one ended")
			require.Equal(t, next.At, period.To)
			require.False(t, period.IsEmpty())
			require.False(t, period.To.After(now))
			require.False(t, cut[next.Day], "%s was cut before", next.Day)
			cut[next.Day] = true
			before := account.Cut{At: period.To.Add(-1), Day: last.Day}
			require.True(t, cutBetween(m, before, period.To, time.Hour, loc), "%s is a cut", period.To)
			require.False(t, cutBetween(m, last, before.At, 6*time.Hour, loc), "a cut passed over before %s", period.To)
			covered += period.To.Sub(period.From)
			last = next
		}
		require.False(t, cutBetween(m, last, now, 6*time.Hour, loc), "a cut passed over after %s", last.At)
		switch draw(0, 5) {
		case 0:
			m = account.MonthDays(draw(0, 1<<31-1) << 1)
		case 1:
			loc = zone(t, zones[draw(0, len(zones)-1)])
		}
	}
	require.Equal(t, last.At.Sub(start), covered)
}

func TestPeriodsHaveNoGapAndNoOverlap(t *testing.T) {
	require.GreaterOrEqual(t, len(zones), 30)
	for i, name := range zones {
		t.Run(name, func(t *testing.T) {
			chance := rand.New(rand.NewPCG(uint64(i), 7))
			for range 2 {
				twentyYears(t, zone(t, name), func(low, high int) int { return low + chance.IntN(high-low+1) })
			}
		})
	}
}

func TestPeriodsOfAnyDaysAndZones(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		twentyYears(t, zone(t, rapid.SampledFrom(zones).Draw(t, "zone")), func(low, high int) int {
			return rapid.IntRange(low, high).Draw(t, "drawn")
		})
	})
}

func TestStatements(t *testing.T) {
	a := account.New()
	a.CreatedAt = utc(t, "2026-01-10T08:00:00Z")
	a.Mail.Email = "office@acme.example"
	a.Billing.InvoiceDays = days(t, "1,15")
	now := utc(t, "2026-02-01T00:00:00Z")
	first := account.Window{From: a.CreatedAt, To: utc(t, "2026-01-15T00:00:00Z")}
	second := account.Window{From: first.To, To: now}
	middle := account.Cut{At: first.To, Day: account.Date{Year: 2026, Month: time.January, Day: 15}}
	end := account.Cut{At: now, Day: account.Date{Year: 2026, Month: time.February, Day: 1}}

	due := func(a account.Account, until time.Time) []account.Statement {
		last := account.Cut{At: until, Day: account.DateOf(until, time.UTC)}
		if until.IsZero() {
			last = account.Cut{}
		}
		return slices.Collect(a.Statements(last, now, time.UTC))
	}
	assert.Equal(t, []account.Statement{{Period: first, Cut: middle}, {Period: second, Cut: end}}, due(a, time.Time{}), "the first period begins with the account")
	a.Billing.SendStats = true
	assert.Equal(t, []account.Statement{{Period: second, Cut: end, Stats: true}}, due(a, first.To))
	a.Billing.SendInvoices, a.Billing.ToEmail = true, true
	assert.Equal(t, []account.Statement{{Period: second, Cut: end, Stats: true, Invoice: true, MailTo: "office@acme.example"}}, due(a, first.To))
	a.Mail.Billing = "billing@acme.example"
	assert.Equal(t, "billing@acme.example", due(a, first.To)[0].MailTo)
	a.Billing.SendStats, a.Billing.SendInvoices = false, false
	assert.Equal(t, []account.Statement{{Period: second, Cut: end}}, due(a, first.To), "nothing is made, and nothing mailed")
	assert.Empty(t, due(a, now))
	for range a.Statements(account.Cut{}, now, time.UTC) {
		break
	}
}

func TestDailyReports(t *testing.T) {
	loc := zone(t, "Europe/Kyiv")
	a := account.New()
	a.CreatedAt = utc(t, "2026-03-26T23:30:00Z") // the 27th in Kyiv
	a.Mail.Email, a.Mail.DailyStatistics = "office@acme.example", true
	now := utc(t, "2026-03-30T20:59:59Z") // the 30th, which is not over
	var reported []string
	until := a.CreatedAt
	for r := range a.DailyReports(account.Cut{}, now, loc) {
		reported = append(reported, r.Day.String()+" "+r.Period.To.Sub(r.Period.From).String())
		assert.Equal(t, account.Window{From: until, To: r.Day.In(loc).To}, r.Period)
		assert.Equal(t, account.Cut{At: r.Period.To, Day: r.Day.Next()}, r.Cut)
		assert.Equal(t, "office@acme.example", r.MailTo)
		until = r.Period.To
	}
	assert.Equal(t, []string{"2026-03-27 22h30m0s", "2026-03-28 24h0m0s", "2026-03-29 23h0m0s"}, reported, "the first begins with the account")

	last := account.Cut{At: until, Day: account.Date{Year: 2026, Month: time.March, Day: 30}}
	a.Mail.Billing = "billing@acme.example"
	for r := range a.DailyReports(last, now.Add(time.Second), loc) {
		assert.Equal(t, "billing@acme.example", r.MailTo, "the e-mail for billing comes first")
	}
	assert.Empty(t, slices.Collect(a.DailyReports(last, now, loc)))
	assert.Len(t, slices.Collect(a.DailyReports(last, now.Add(time.Second), loc)), 1, "at the first instant of the next day")
	a.Mail.DailyStatistics = false
	off := slices.Collect(a.DailyReports(last, now.Add(time.Second), loc))
	assert.Len(t, off, 1)
	assert.Empty(t, off[0].MailTo)
	assert.Empty(t, slices.Collect(account.Account{}.DailyReports(account.Cut{}, now, loc)))
	for range a.DailyReports(account.Cut{}, now, loc) {
		break
	}
}

func TestASkippedDayIsNotReported(t *testing.T) {
	loc := zone(t, "Pacific/Apia")
	a := account.Account{Mail: account.Mail{Email: "office@acme.example", DailyStatistics: true}}
	begun := account.Cut{At: utc(t, "2011-12-29T10:00:00Z"), Day: account.Date{Year: 2011, Month: 12, Day: 29}}
	var reported []string
	for r := range a.DailyReports(begun, utc(t, "2012-01-01T10:00:00Z"), loc) {
		reported = append(reported, r.Day.String())
	}
	assert.Equal(t, []string{"2011-12-29", "2011-12-31", "2012-01-01"}, reported)
}

// Invariant 12, in every zone over twenty years: each day ends where the next begins,
// which is the first instant at which the clock shows that date or a later one.
func TestTwentyYearsOfDaysHaveNoGapAndNoOverlap(t *testing.T) {
	for _, name := range zones {
		t.Run(name, func(t *testing.T) {
			loc := zone(t, name)
			a := account.Account{CreatedAt: utc(t, "2009-06-15T12:34:56.789Z")}
			now := a.CreatedAt.AddDate(20, 0, 0)
			until, last := a.CreatedAt, time.Time{}
			for r := range a.DailyReports(account.Cut{}, now, loc) {
				day := r.Day.In(time.UTC).From
				require.Equal(t, until, r.Period.From, "%s begins where the day before ended", r.Day)
				require.True(t, day.After(last), "%s comes once, and in order", r.Day)
				require.False(t, shown(r.Period.From, loc).Before(day), "%s has begun", r.Day)
				if !last.IsZero() {
					require.True(t, shown(r.Period.From.Add(-1), loc).Before(day), "%s had not begun", r.Day)
				}
				until, last = r.Period.To, day
			}
			require.Equal(t, account.DateOf(now, loc).In(loc).From, until, "all but today")
		})
	}
}

// Every civil day is reported once at most, in order, whenever somebody gets round to
// it, wherever the client moves, and also when the clock is set back: the reports leave no
// gap and do not overlap. In one zone all days are reported but today.
func TestEveryDayIsReportedOnce(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		loc := zone(t, rapid.SampledFrom(zones).Draw(t, "zone"))
		moves := rapid.Bool().Draw(t, "moves")
		a := account.Account{CreatedAt: accounttest.Now().AddDate(rapid.IntRange(-40, 0).Draw(t, "years"), 0, rapid.IntRange(-400, 0).Draw(t, "days"))}
		now, until := a.CreatedAt, a.CreatedAt
		var last account.Cut
		var day time.Time
		for range rapid.IntRange(1, 10).Draw(t, "times") {
			now = now.Add(time.Duration(rapid.IntRange(-24, 24*40).Draw(t, "hours")) * time.Hour)
			for r := range a.DailyReports(last, now, loc) {
				require.Equal(t, until, r.Period.From)
				require.False(t, r.Period.IsEmpty())
				require.False(t, r.Period.To.After(now))
				require.Equal(t, r.Day.In(loc).To, r.Period.To, "the day is over")
				require.True(t, r.Day.In(time.UTC).From.After(day), "%s comes once, and in order", r.Day)
				last, until, day = r.Cut, r.Period.To, r.Day.In(time.UTC).From
			}
			if today := account.DateOf(now, loc).In(loc); !moves && now.After(until) && today.From.After(a.CreatedAt) {
				require.Equal(t, today.From, until, "all but today")
			}
			if moves && rapid.Bool().Draw(t, "moves now") {
				loc = zone(t, rapid.SampledFrom(zones).Draw(t, "to"))
			}
		}
	})
}

func TestDates(t *testing.T) {
	d := account.DateOf(utc(t, "2026-12-31T22:30:00Z"), zone(t, "Europe/Kyiv"))
	assert.Equal(t, account.Date{Year: 2027, Month: time.January, Day: 1}, d)
	assert.Equal(t, "2027-01-01", d.String())
	assert.Equal(t, "2027-01-02", d.Next().String())
	assert.Equal(t, "2028-03-01", account.Date{Year: 2028, Month: 2, Day: 29}.Next().String())
	assert.Empty(t, account.Date{}.String())
	for _, bad := range []string{"", "2026-02-30", "26-01-01", "2026-1-1", "2026-01-01T00:00:00Z"} {
		_, err := account.ParseDate(bad)
		assert.Equal(t, account.Rule("format"), err, bad)
	}
}

func TestWhereMailsGo(t *testing.T) {
	m := account.Mail{Email: "office@acme.example", PriceFormat: account.PriceCSV}
	assert.Equal(t, "office@acme.example", m.ForBilling())
	to, format, ok := m.PriceUpdates()
	assert.True(t, ok)
	assert.Equal(t, "office@acme.example", to)
	assert.Equal(t, account.PriceCSV, format)

	m.Billing, m.PriceUpdate = "billing@acme.example", "prices@acme.example"
	assert.Equal(t, "billing@acme.example", m.ForBilling())
	to, _, _ = m.PriceUpdates()
	assert.Equal(t, "prices@acme.example", to)

	m.PriceFormat = ""
	_, _, ok = m.PriceUpdates()
	assert.False(t, ok, "no format, no file")
	_, _, ok = account.Mail{PriceFormat: account.PriceXLSX}.PriceUpdates()
	assert.False(t, ok)
}
