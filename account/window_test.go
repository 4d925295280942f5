package account_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/clientaccount/clientaccount/account"
)

// The least opening is the one that is found by looking at every minute, around the
// changes of the clocks in every zone.
func TestNextOpenIsTheLeastOpening(t *testing.T) {
	changed := 0
	dispatches := []string{
		"02:15-02:45", "00:00-24:00", "00:00-00:30", "23:30-00:30", "22:00-06:00", "Fri,Sun 00:30-03:00", "Thu,Sat 23:00-02:30", "Sat,Sun 00:00-24:00",
	}
	for i, name := range zones {
		loc := zone(t, name)
		watched := worthWatching(loc)
		if len(watched) > 1 {
			changed++
		}
		for j, change := range watched {
			m := watch(loc, change.AddDate(0, 0, -2), 5)
			for k := range 3 {
				d := hours(t, dispatches[(i+3*j+k)%len(dispatches)])
				m.mark(d)
				m.check(t, d, loc)
			}
		}
	}
	assert.GreaterOrEqual(t, changed, 40, "zones whose clocks changed")
}

// Any hours, in any zone, at any change of its clocks.
func TestNextOpenOfAnyHours(t *testing.T) {
	all := map[string][]time.Time{}
	for _, name := range zones {
		if at := changes(zone(t, name), 1990, 2040); len(at) > 0 {
			all[name] = at
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		name := rapid.SampledFrom(zones[1:]).Filter(func(name string) bool { return len(all[name]) > 0 }).Draw(t, "zone")
		loc := zone(t, name)
		change := rapid.SampledFrom(all[name]).Draw(t, "change")
		hour, minute, _ := change.In(loc).Clock()
		near := rapid.IntRange(-90, 150).Draw(t, "from, near the change")
		d := account.Dispatch{
			Days: account.Weekdays(rapid.IntRange(1, 127).Draw(t, "days")),
			From: account.TimeOfDay((hour*60 + minute + near + account.DayMinutes) % account.DayMinutes),
			To:   account.TimeOfDay(rapid.IntRange(0, account.DayMinutes).Draw(t, "to")),
		}
		m := watch(loc, change.Add(-26*time.Hour), 3)
		m.mark(d)
		m.check(t, d, loc)
	})
}

func TestNextOpenInNastyCases(t *testing.T) {
	for name, tt := range map[string]struct {
		zone, hours string
		at, want    string
	}{
		"open now":                       {"Europe/Kyiv", "09:00-18:00", "2026-11-25T07:00:00Z", "2026-11-25T07:00:00Z"},
		"open now, to the nanosecond":    {"Europe/Kyiv", "09:00-18:00", "2026-11-25T15:59:59.999999999Z", "2026-11-25T15:59:59.999999999Z"},
		"the end is not open":            {"Europe/Kyiv", "09:00-18:00", "2026-11-25T16:00:00Z", "2026-11-26T07:00:00Z"},
		"just before the opening":        {"Europe/Kyiv", "09:00-18:00", "2026-11-25T06:59:59.999999999Z", "2026-11-25T07:00:00Z"},
		"over the weekend":               {"Europe/Kyiv", "Mon,Tue,Wed,Thu,Fri 09:00-18:00", "2026-11-27T16:00:00Z", "2026-11-30T07:00:00Z"},
		"a week later":                   {"Europe/Kyiv", "Wed 09:00-18:00", "2026-11-25T16:00:00Z", "2026-12-02T07:00:00Z"},
		"24:00 and the next day's 00:00": {"Europe/Kyiv", "Sat 00:00-24:00", "2026-11-28T22:00:00Z", "2026-12-04T22:00:00Z"},
		"past midnight, of Friday":       {"Europe/Kyiv", "Fri 22:00-06:00", "2026-11-28T03:59:00Z", "2026-11-28T03:59:00Z"},
		"past midnight, not of Saturday": {"Europe/Kyiv", "Fri 22:00-06:00", "2026-11-29T03:00:00Z", "2026-12-04T20:00:00Z"},
		"Sunday night is Monday morning": {"Europe/Kyiv", "Sun 22:00-06:00", "2026-11-30T01:00:00Z", "2026-11-30T01:00:00Z"},
		// 03:00 to 04:00 are skipped in Kyiv on 2026-03-29.
		"opens in a gap: at the change":    {"Europe/Kyiv", "03:30-18:00", "2026-03-29T00:59:59Z", "2026-03-29T01:00:00Z"},
		"closes in a gap: at the change":   {"Europe/Kyiv", "01:00-03:30", "2026-03-29T01:00:00Z", "2026-03-29T22:00:00Z"},
		"swallowed by a gap: another day":  {"Europe/Kyiv", "03:15-03:45", "2026-03-29T00:59:59Z", "2026-03-30T00:15:00Z"},
		"swallowed by a gap: another week": {"Europe/Kyiv", "Sun 03:15-03:45", "2026-03-28T00:00:00Z", "2026-04-05T00:15:00Z"},
		// 03:00 to 04:00 are shown twice in Kyiv on 2026-10-25, from 00:00Z and from 01:00Z.
		"opens in a repeat: the first time":  {"Europe/Kyiv", "03:30-18:00", "2026-10-24T23:00:00Z", "2026-10-25T00:30:00Z"},
		"closes in a repeat: the first time": {"Europe/Kyiv", "01:00-03:30", "2026-10-25T00:30:00Z", "2026-10-25T23:00:00Z"},
		"stays open through a repeat":        {"Europe/Kyiv", "03:30-18:00", "2026-10-25T01:10:00Z", "2026-10-25T01:10:00Z"},
		"not again in a repeat":              {"Europe/Kyiv", "03:15-03:45", "2026-10-25T01:15:00Z", "2026-10-26T01:15:00Z"},
		// Midnight does not exist in Beirut on 2026-03-29, and is shown twice in Havana on 2026-11-01.
		"a day without midnight":       {"Asia/Beirut", "Sun 00:00-24:00", "2026-03-28T21:59:59Z", "2026-03-28T22:00:00Z"},
		"a day with two midnights":     {"America/Havana", "Sun 00:00-00:30", "2026-11-01T05:00:00Z", "2026-11-08T05:00:00Z"},
		"back over midnight is Sunday": {"America/St_Johns", "Sun 00:00-24:00", "2010-11-07T02:31:00Z", "2010-11-07T02:31:00Z"},
		"back over midnight, Saturday": {"America/St_Johns", "Sat 00:00-24:00", "2010-11-07T02:31:00Z", "2010-11-13T03:30:00Z"},
		"up to 24:00 shown twice":      {"America/Sao_Paulo", "Sat 22:00-24:00", "2018-02-18T01:59:59Z", "2018-02-18T01:59:59Z"},
		"23:30 shown twice":            {"America/Sao_Paulo", "Sat 22:00-23:30", "2018-02-18T02:15:00Z", "2018-02-25T01:00:00Z"},
		// Friday 2011-12-30 did not exist in Apia; nor Saturday 1993-08-21 on Kwajalein.
		"a day that did not exist":           {"Pacific/Apia", "Fri 09:00-18:00", "2011-12-30T08:00:00Z", "2012-01-05T19:00:00Z"},
		"the day after it":                   {"Pacific/Apia", "Sat 00:00-24:00", "2011-12-30T09:59:59Z", "2011-12-30T10:00:00Z"},
		"the morning after a night it began": {"Pacific/Apia", "Thu 22:00-06:00", "2011-12-30T09:59:59Z", "2011-12-30T09:59:59Z"},
		"its own night, from its morning":    {"Pacific/Apia", "Fri 22:00-06:00", "2011-12-30T09:59:59Z", "2011-12-30T10:00:00Z"},
		"another day that did not exist":     {"Pacific/Kwajalein", "Sat 09:00-18:00", "1993-08-20T12:00:00Z", "1993-08-27T21:00:00Z"},
		"half an hour of summer time":        {"Australia/Lord_Howe", "02:00-02:15", "2026-10-03T15:29:00Z", "2026-10-04T15:00:00Z"},
		"an offset with seconds":             {"Africa/Monrovia", "09:00-18:00", "1971-06-01T09:44:29Z", "1971-06-01T09:44:30Z"},
	} {
		t.Run(name, func(t *testing.T) {
			got, ok := hours(t, tt.hours).NextOpen(utc(t, tt.at), zone(t, tt.zone))
			assert.True(t, ok)
			assert.Equal(t, tt.want, got.Format(time.RFC3339Nano))
		})
	}
}

func TestNeverOpen(t *testing.T) {
	for _, d := range []account.Dispatch{{}, {Days: account.EveryDay}, {Days: 1 << 7, To: account.DayMinutes}, {From: 60, To: 120}} {
		assert.True(t, d.Never())
		assert.False(t, d.Open(time.Unix(0, 0), time.UTC))
		_, ok := d.NextOpen(time.Unix(0, 0), time.UTC)
		assert.False(t, ok)
	}
	assert.True(t, account.AllWeek().Always())
	assert.False(t, account.AllWeek().Never())
}

// Nothing hangs or panics, whatever instant is asked about.
func TestNextOpenOfAbsurdInstants(t *testing.T) {
	loc := zone(t, "Europe/Kyiv")
	rapid.Check(t, func(t *rapid.T) {
		at := time.Unix(rapid.Int64().Draw(t, "seconds"), 0)
		d := account.Dispatch{Days: account.Weekdays(rapid.Uint8().Draw(t, "days")), From: account.TimeOfDay(rapid.Int().Draw(t, "from")), To: account.TimeOfDay(rapid.Int().Draw(t, "to"))}
		d.Open(at, loc)
		d.NextOpen(at, loc)
		d.Windows(rapid.Int().Draw(t, "year"), 1, rapid.Int().Draw(t, "day"), loc)
	})
}

func TestOpenAndNextOpenAllocateNothing(t *testing.T) {
	loc, d := zone(t, "Europe/Kyiv"), hours(t, "Fri 22:00-06:00")
	for _, at := range []time.Time{utc(t, "2026-11-25T12:00:00Z"), utc(t, "2026-03-29T00:59:00Z"), utc(t, "2051-10-25T00:59:00Z")} {
		assert.Zero(t, testing.AllocsPerRun(100, func() { d.Open(at, loc); d.NextOpen(at, loc) }), at)
	}
}

func TestWindowsOfADay(t *testing.T) {
	for name, tt := range map[string]struct {
		zone, hours, day string
		want             []string
	}{
		"working hours":         {"Europe/Kyiv", "09:00-18:00", "2026-11-25", []string{"09:00-18:00"}},
		"another day":           {"Europe/Kyiv", "Thu 09:00-18:00", "2026-11-25", nil},
		"both ends of nights":   {"Europe/Kyiv", "22:00-06:00", "2026-11-25", []string{"00:00-06:00", "22:00-00:00"}},
		"the end of a night":    {"Europe/Kyiv", "Tue 22:00-06:00", "2026-11-25", []string{"00:00-06:00"}},
		"the start of a night":  {"Europe/Kyiv", "Wed 22:00-06:00", "2026-11-25", []string{"22:00-00:00"}},
		"all day":               {"Europe/Kyiv", "00:00-24:00", "2026-11-25", []string{"00:00-00:00"}},
		"a day of 23 hours":     {"Europe/Kyiv", "00:00-24:00", "2026-03-29", []string{"00:00-00:00"}},
		"the end in a gap":      {"Europe/Kyiv", "01:00-03:30", "2026-03-29", []string{"01:00-04:00"}},
		"swallowed by a gap":    {"Europe/Kyiv", "03:15-03:45", "2026-03-29", nil},
		"without midnight":      {"Asia/Beirut", "00:00-08:00", "2026-03-29", []string{"01:00-08:00"}},
		"a day never there":     {"Pacific/Apia", "22:00-06:00", "2011-12-30", nil},
		"never":                 {"Europe/Kyiv", "00:00-24:00", "", nil},
		"the day before it":     {"Pacific/Apia", "22:00-06:00", "2011-12-29", []string{"00:00-06:00", "22:00-00:00"}},
		"the day after, nights": {"Pacific/Apia", "Fri 22:00-06:00", "2011-12-31", []string{"00:00-06:00"}},
	} {
		t.Run(name, func(t *testing.T) {
			loc, d := zone(t, tt.zone), hours(t, tt.hours)
			if tt.day == "" {
				assert.Nil(t, account.Dispatch{}.Windows(2026, time.November, 25, loc))
				return
			}
			day, err := time.Parse(time.DateOnly, tt.day)
			require.NoError(t, err)
			var got []string
			for _, w := range d.Windows(day.Year(), day.Month(), day.Day(), loc) {
				got = append(got, w.From.In(loc).Format("15:04")+"-"+w.To.In(loc).Format("15:04"))
				assert.Equal(t, time.UTC, w.From.Location())
			}
			assert.Equal(t, tt.want, got)
		})
	}
}

func TestLengthsOfDays(t *testing.T) {
	loc := zone(t, "Europe/Kyiv")
	for day, want := range map[int]time.Duration{28: 24 * time.Hour, 29: 23 * time.Hour} {
		w := account.AllWeek().Windows(2026, time.March, day, loc)
		assert.Equal(t, want, w[0].To.Sub(w[0].From))
	}
	w := account.AllWeek().Windows(2026, time.October, 25, loc)
	assert.Equal(t, 25*time.Hour, w[0].To.Sub(w[0].From))
}

// An instant is open if and only if a window of some day has it, and windows neither
// touch an instant twice nor stand out of order.
func TestWindowsAreWhatIsOpen(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		loc := zone(t, rapid.SampledFrom(zones).Draw(t, "zone"))
		d := account.Dispatch{
			Days: account.Weekdays(rapid.IntRange(1, 127).Draw(t, "days")),
			From: account.TimeOfDay(rapid.IntRange(0, 1439).Draw(t, "from")), To: account.TimeOfDay(rapid.IntRange(0, 1440).Draw(t, "to")),
		}
		at := time.Unix(rapid.Int64Range(utc(t, "1969-01-01T00:00:00Z").Unix(), utc(t, "2040-01-01T00:00:00Z").Unix()).Draw(t, "at"), 0)
		year, month, day := at.In(loc).Date()
		holders, last := 0, time.Time{}
		for _, offset := range []int{-2, -1, 0, 1, 2} {
			for _, w := range d.Windows(year, month, day+offset, loc) {
				require.False(t, w.IsEmpty())
				require.False(t, w.From.Before(last))
				last = w.To
				if w.Contains(at) {
					holders++
				}
			}
		}
		require.Equal(t, d.Open(at, loc), holders == 1)
		require.LessOrEqual(t, holders, 1)
	})
}

func BenchmarkNextOpen(b *testing.B) {
	d := hours(b, "Mon,Tue,Wed,Thu,Fri 09:00-18:00")
	for name, at := range map[string]string{"open": "2026-11-25T12:00:00Z", "closed": "2026-11-27T20:00:00Z", "open, far ahead": "2051-11-24T12:00:00Z"} {
		b.Run(name, func(b *testing.B) {
			loc, t := zone(b, "Europe/Kyiv"), utc(b, at)
			b.ReportAllocs()
			for b.Loop() {
				d.NextOpen(t, loc)
			}
		})
	}
}
