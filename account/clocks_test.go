package account_test

import (
	"time"

	"github.com/stretchr/testify/require"

	"github.com/clientaccount/clientaccount/account"
)

// zones are those whose clocks have done something odd, and some that never did.
var zones = []string{
	"UTC", "Africa/Cairo", "Africa/Casablanca", "Africa/El_Aaiun", "Africa/Monrovia", "America/Anchorage", "America/Asuncion",
	"America/Bogota", "America/Caracas", "America/Havana", "America/Juneau", "America/Los_Angeles", "America/Mexico_City",
	"America/New_York", "America/Nuuk", "America/Santiago", "America/Sao_Paulo", "America/Scoresbysund", "America/St_Johns",
	"Antarctica/Troll", "Asia/Amman", "Asia/Baku", "Asia/Beirut", "Asia/Damascus", "Asia/Dhaka", "Asia/Gaza", "Asia/Hovd",
	"Asia/Istanbul", "Asia/Jerusalem", "Asia/Kathmandu", "Asia/Kolkata", "Asia/Pyongyang", "Asia/Tehran", "Atlantic/Azores",
	"Australia/Adelaide", "Australia/Lord_Howe", "Australia/Sydney", "Europe/Chisinau", "Europe/Dublin", "Europe/Kyiv",
	"Europe/London", "Europe/Moscow", "Europe/Volgograd", "Pacific/Apia", "Pacific/Auckland", "Pacific/Bougainville",
	"Pacific/Chatham", "Pacific/Easter", "Pacific/Fiji", "Pacific/Kiritimati", "Pacific/Pago_Pago", "Pacific/Kwajalein", "Pacific/Norfolk", "Pacific/Tongatapu",
}

func zone(t require.TestingT, name string) *time.Location {
	loc, err := account.LoadZone(name)
	require.NoError(t, err, name)
	return loc
}

func hours(t require.TestingT, text string) account.Dispatch {
	var d account.Dispatch
	require.NoError(t, d.UnmarshalText([]byte(text)), text)
	return d
}

func utc(t require.TestingT, text string) time.Time {
	at, err := time.Parse(time.RFC3339Nano, text)
	require.NoError(t, err)
	return at
}

// changes returns the instants between two years at which a zone changed its offset,
// found by looking at every hour.
func changes(loc *time.Location, from, to int) []time.Time {
	var found []time.Time
	offset := func(t time.Time) int { _, east := t.In(loc).Zone(); return east }
	end := time.Date(to, 1, 1, 0, 0, 0, 0, time.UTC)
	for t := time.Date(from, 1, 1, 0, 0, 0, 0, time.UTC); t.Before(end); t = t.Add(time.Hour) {
		if offset(t) != offset(t.Add(time.Hour)) {
			found = append(found, t)
		}
	}
	return found
}

// worthWatching returns the last three changes, and those that moved the date.
func worthWatching(loc *time.Location) []time.Time {
	at := changes(loc, 1990, 2030)
	var worth []time.Time
	for i, change := range at {
		_, before := change.In(loc).Zone()
		_, after := change.Add(time.Hour).In(loc).Zone()
		if i >= len(at)-3 || max(before-after, after-before) > 12*60*60 {
			worth = append(worth, change)
		}
	}
	if worth == nil {
		return []time.Time{time.Date(2026, 3, 29, 0, 0, 0, 0, time.UTC)}
	}
	return worth
}

// minutes is the slow twin of Dispatch: whether it is open in each of so many
// minutes, by looking at the clock in every one of them.
type minutes struct {
	start time.Time
	shown []time.Time // the wall time of each minute, as if it were UTC
	open  []bool
}

// lead is how many minutes before the first one are looked at as well.
const lead = 3 * 24 * 60

func watch(loc *time.Location, start time.Time, days int) *minutes {
	m := &minutes{start: start.Truncate(time.Minute).Add(-lead * time.Minute)}
	for i := range lead + days*24*60 {
		year, month, day := m.at(i).In(loc).Date()
		hour, minute, second := m.at(i).In(loc).Clock()
		m.shown = append(m.shown, time.Date(year, month, day, hour, minute, second, 0, time.UTC))
	}
	return m
}

func (m *minutes) at(i int) time.Time { return m.start.Add(time.Duration(i) * time.Minute) }

// first returns the first minute in which the clock shows a wall time or a later one.
func (m *minutes) first(wall time.Time) int {
	for i, shown := range m.shown {
		if !shown.Before(wall) {
			return i
		}
	}
	return len(m.shown)
}

// mark notes when d is open.
func (m *minutes) mark(d account.Dispatch) {
	m.open = make([]bool, len(m.shown))
	day := m.shown[0].AddDate(0, 0, -2)
	for last := m.shown[len(m.shown)-1].AddDate(0, 0, 1); day.Before(last); day = day.AddDate(0, 0, 1) {
		if !d.Days.Has(day.Weekday()) {
			continue
		}
		midnight := time.Date(day.Year(), day.Month(), day.Day(), 0, 0, 0, 0, time.UTC)
		end := midnight
		if d.From > d.To {
			end = midnight.AddDate(0, 0, 1)
		}
		from := m.first(midnight.Add(time.Duration(d.From) * time.Minute))
		to := m.first(end.Add(time.Duration(d.To) * time.Minute))
		for i := from; i < to; i++ {
			m.open[i] = true
		}
	}
}

// check compares Open and NextOpen with what was marked, in every minute but the lead.
func (m *minutes) check(t require.TestingT, d account.Dispatch, loc *time.Location) {
	next := len(m.open) // the next open minute
	for i := len(m.open) - 1; i >= lead; i-- {
		if m.open[i] {
			next = i
		}
		if got := d.Open(m.at(i), loc); got != m.open[i] {
			require.Equal(t, m.open[i], got, "open %s at %s in %s", d, m.at(i), loc)
		}
		got, ok := d.NextOpen(m.at(i), loc)
		if next == len(m.open) {
			require.False(t, ok && got.Before(m.at(next)), "no opening until %s after %s in %s, got %s", m.at(next), m.at(i), loc, got)
			continue
		}
		if !ok || !got.Equal(m.at(next)) {
			require.Equal(t, m.at(next), got, "next opening of %s after %s in %s", d, m.at(i), loc)
		}
	}
}
