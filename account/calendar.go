package account

import (
	"cmp"
	"fmt"
	"math"
	"strings"
	"time"
)

// Date is a day of the calendar, without a zone. The zero Date is no day.
type Date struct {
	Year  int
	Month time.Month
	Day   int
}

// DateOf returns the civil day of an instant. While clocks that were set back over a
// midnight show the day before again, it stays the later day. Without a zone, a nil loc,
// it is no day.
func DateOf(t time.Time, loc *time.Location) Date {
	if loc == nil {
		return Date{}
	}
	return dateOf(floorDiv(latestWall(t.Unix(), loc), daySeconds))
}

// dateOf returns the date of a day number.
func dateOf(day int64) Date {
	year, month, dayOfMonth := time.Unix(day*daySeconds, 0).UTC().Date()
	return Date{year, month, dayOfMonth}
}

// ParseDate reads a date as String writes it. The error is the [Rule] format.
func ParseDate(s string) (Date, error) {
	t, err := time.Parse(time.DateOnly, s)
	if err != nil {
		return Date{}, Rule("format")
	}
	year, month, day := t.Date()
	return Date{year, month, day}, nil
}

// String returns the date as ISO 8601 has it, "2026-11-25"; empty for the zero Date.
func (d Date) String() string {
	if d.IsZero() {
		return ""
	}
	return fmt.Sprintf("%04d-%02d-%02d", d.Year, d.Month, d.Day)
}

// MarshalText returns String as bytes; it never fails.
func (d Date) MarshalText() ([]byte, error) { return []byte(d.String()), nil }

// UnmarshalText reads what MarshalText wrote; the error is that of [ParseDate].
func (d *Date) UnmarshalText(text []byte) error {
	if len(text) == 0 {
		*d = Date{}
		return nil
	}
	read, err := ParseDate(string(text))
	if err == nil {
		*d = read
	}
	return err
}

// Compare returns -1, 0 or 1 in the order of the calendar.
func (d Date) Compare(other Date) int {
	return cmp.Or(cmp.Compare(d.Year, other.Year), cmp.Compare(d.Month, other.Month), cmp.Compare(d.Day, other.Day))
}

// IsZero reports whether it is no day.
func (d Date) IsZero() bool { return d == Date{} }

// Prev returns the day before.
func (d Date) Prev() Date { return dateOf(d.number() - 1) }

// Next returns the day after.
func (d Date) Next() Date { return dateOf(d.number() + 1) }

// In returns the day from its first instant to that of the next day, in UTC: 23 to 25
// hours as a rule, and empty where the zone skipped the day. A day that has no
// midnight begins when the clocks come to it. Without a zone, a nil loc, it is empty.
func (d Date) In(loc *time.Location) Window {
	if loc == nil {
		return Window{}
	}
	return dayIn(d.number(), loc)
}

func (d Date) number() int64 { return dayNumber(d.Year, d.Month, d.Day) }

// dayIn returns the window of a day number.
func dayIn(day int64, loc *time.Location) Window {
	return Window{instant(firstAt(wallAt(day, 0), loc)), instant(firstAt(wallAt(day, DayMinutes), loc))}
}

// A wall time is what a clock on the wall shows, counted in seconds since
// 1970-01-01 00:00 as if the clock knew no zone; a day number counts days likewise.
// Where a zone changes its offset, wall times are skipped or shown twice, so a wall
// time is resolved to the first instant at which the clock shows it or a later one.
// This one rule is right in gaps and repeats, on days of 23 and 25 hours, on days
// without a midnight, and where a zone skipped a whole day.

const daySeconds = DayMinutes * 60

// dayNumber returns the number of a civil day; the day may lie outside of the month, as
// for [time.Date].
func dayNumber(year int, month time.Month, day int) int64 {
	return floorDiv(time.Date(year, month, day, 0, 0, 0, 0, time.UTC).Unix(), daySeconds)
}

// weekdayOf returns the day of the week; day 0 was a Thursday.
func weekdayOf(day int64) time.Weekday {
	return time.Weekday(day + 4 - 7*floorDiv(day+4, 7))
}

// wallAt returns the wall time of a time of day.
func wallAt(day int64, at TimeOfDay) int64 { return day*daySeconds + int64(at)*60 }

// firstAt returns the first instant, in seconds since 1970, at which the wall clock shows
// the wall time or a later one.
func firstAt(wall int64, loc *time.Location) int64 {
	from := wall - daySeconds // no zone is a day away from UTC
	for {
		offset, until := offsetAt(from, loc)
		if at := max(from, wall-offset); at < until || until <= from {
			return at
		}
		from = until
	}
}

// latestWall returns the latest wall time that the clock has shown up to an instant. It
// is what the clock shows then, but while it repeats an hour, the end of that hour.
// So wall >= w at latestWall(t) is t >= firstAt(w), for whole seconds.
func latestWall(at int64, loc *time.Location) int64 {
	latest := int64(math.MinInt64)
	from := at - 2*daySeconds // what was shown earlier is surely passed
	for {
		offset, until := offsetAt(from, loc)
		if at < until || until <= from {
			return max(latest, at+offset)
		}
		latest = max(latest, until-1+offset)
		from = until
	}
}

// offsetAt returns the zone's offset at an instant in seconds, and until when it holds.
func offsetAt(at int64, loc *time.Location) (offset, until int64) {
	local := time.Unix(at, 0).In(loc)
	_, east := local.Zone()
	_, end := local.ZoneBounds()
	if end.IsZero() {
		return int64(east), math.MaxInt64
	}
	return int64(east), end.Unix()
}

// floorDiv rounds down, where Go's division rounds towards zero.
func floorDiv(a, b int64) int64 {
	q := a / b
	if a%b < 0 {
		q--
	}
	return q
}

// instant returns that of seconds since 1970, in UTC.
func instant(seconds int64) time.Time { return time.Unix(seconds, 0).UTC() }

// LoadZone loads an IANA time zone by name. Unlike [time.LoadLocation] it
// refuses the empty name, "Local", and the names of files in the zone directory
// that are not zones of the IANA database ("posixrules", "posix/...", "right/...").
// The error is the [Rule] unknown.
//
// Zones come from the machine, or from the program itself if it imports time/tzdata. A
// bare container has none but UTC, and one with an old table lacks the newest names.
func LoadZone(name string) (*time.Location, error) {
	upper := name != "" && name[0] >= 'A' && name[0] <= 'Z'
	if !upper || name == "Local" || name == "Factory" || strings.Contains(name, "..") || len(name) > 64 {
		return nil, Rule("unknown")
	}
	loc, err := time.LoadLocation(name)
	if err != nil {
		return nil, Rule("unknown")
	}
	return loc, nil
}
