package account

import (
	"fmt"
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

// IsZero reports whether it is no day.
func (d Date) IsZero() bool { return d == Date{} }

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
