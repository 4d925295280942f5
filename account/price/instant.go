package price

import (
	"time"

	"github.com/clientaccount/clientaccount/account"
)

// What instants of a file look like: with their offset from UTC, of a clock, or of a day.
// 12/31/2026 is none of them, as 05/06/2026 is a day in May here and in June there.
var (
	offsetLayouts = []string{time.RFC3339Nano, "2006-01-02T15:04Z07:00", "2006-01-02 15:04:05Z07:00", "2006-01-02 15:04Z07:00"}
	clockLayouts  = []string{
		"2006-01-02T15:04:05", "2006-01-02T15:04", "2006-01-02 15:04:05", "2006-01-02 15:04",
		"02.01.2006 15:04:05", "02.01.2006 15:04",
	}
	dayLayouts = []string{"2006-01-02", "02.01.2006"}
)

// parseInstant reads an instant. What has no offset is of the zone's clock, and a day alone is
// the instant at which it begins there. The code is that of a fault, or "".
func parseInstant(s string, zone *time.Location) (t time.Time, code string) {
	if s == "" {
		return t, "from.required"
	}
	if t, ok := parseLayouts(offsetLayouts, s); ok {
		return t.UTC(), checkFrom(t)
	}
	if t, ok := parseLayouts(clockLayouts, s); ok {
		return onClock(t, zone)
	}
	if t, ok := parseLayouts(dayLayouts, s); ok {
		if code := checkFrom(t); code != "" {
			return t, code
		}
		t = account.DateOf(t, time.UTC).In(zone).From
		return t, checkFrom(t)
	}
	return t, "from.format"
}

func parseLayouts(layouts []string, s string) (time.Time, bool) {
	for _, layout := range layouts {
		if t, err := time.Parse(layout, s); err == nil {
			return t, true
		}
	}
	return time.Time{}, false
}

// onClock returns the one instant at which the zone's clock shows what UTC's does at wall. There
// is none where the clock is put forward, and there are two where it is put back.
func onClock(wall time.Time, zone *time.Location) (t time.Time, code string) {
	if code := checkFrom(wall); code != "" {
		return wall, code
	}
	var shown []time.Time
	for _, days := range []int{-1, 1} { // no zone is a day away from UTC, and none changes twice in two
		_, offset := wall.AddDate(0, 0, days).In(zone).Zone()
		at := wall.Add(-time.Duration(offset) * time.Second)
		if _, now := at.In(zone).Zone(); now == offset && (len(shown) == 0 || !shown[0].Equal(at)) {
			shown = append(shown, at.UTC())
		}
	}
	if len(shown) != 1 {
		return wall, "from.clock"
	}
	return shown[0], checkFrom(shown[0])
}

// zoneOr is UTC for nil.
func zoneOr(zone *time.Location) *time.Location {
	if zone == nil {
		return time.UTC
	}
	return zone
}
