package account

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// DayMinutes is the number of minutes of a day as clocks show it: 24:00.
const DayMinutes = 24 * 60

// TimeOfDay is minutes since midnight on the wall clock, 0 to 1440 (24:00).
type TimeOfDay int

// parseTimeOfDay reads HH:MM. The error is a [Rule]: format, or range past 24:00.
func parseTimeOfDay(s string) (TimeOfDay, error) {
	if len(s) != 5 || s[2] != ':' || !allDigits(s[:2]) || !allDigits(s[3:]) {
		return 0, Rule("format")
	}
	hours, minutes := int(s[0]-'0')*10+int(s[1]-'0'), int(s[3]-'0')*10+int(s[4]-'0')
	at := hours*60 + minutes
	if minutes > 59 || at > DayMinutes {
		return 0, Rule("range")
	}
	return TimeOfDay(at), nil
}

// String returns HH:MM.
func (t TimeOfDay) String() string { return fmt.Sprintf("%02d:%02d", int(t)/60, int(t)%60) }

// Weekdays is a set of days of the week, a bit per [time.Weekday].
type Weekdays uint8

// EveryDay is all seven days.
const EveryDay Weekdays = 1<<7 - 1

// weekOrder is the order in which a week is shown and written.
var weekOrder = []time.Weekday{
	time.Monday, time.Tuesday, time.Wednesday, time.Thursday, time.Friday, time.Saturday, time.Sunday,
}

// Week returns the days of the week from Monday to Sunday.
func Week() []time.Weekday { return slices.Clone(weekOrder) }

// Has reports whether the day is in the set.
func (w Weekdays) Has(day time.Weekday) bool { return w&(1<<day) != 0 }

// With returns the set with one more day.
func (w Weekdays) With(day time.Weekday) Weekdays { return w | 1<<day }

// String lists the days in short, Monday first: "Mon,Tue,Sun".
func (w Weekdays) String() string {
	var names []string
	for _, day := range weekOrder {
		if w.Has(day) {
			names = append(names, day.String()[:3])
		}
	}
	return strings.Join(names, ",")
}

// ParseWeekdays reads days in short or in full, in any case and order, separated
// by commas: "mon,Tuesday". The error is the [Rule] days.
func ParseWeekdays(s string) (Weekdays, error) {
	var days Weekdays
	for name := range strings.SplitSeq(s, ",") {
		i := slices.IndexFunc(weekOrder, func(day time.Weekday) bool {
			return strings.EqualFold(name, day.String()) || strings.EqualFold(name, day.String()[:3])
		})
		if i < 0 {
			return 0, Rule("days")
		}
		days = days.With(weekOrder[i])
	}
	return days, nil
}

// Dispatch is the time of dispatch: on each of Days, messages may go from From up
// to but not including To, on the client's wall clock. From > To crosses midnight
// and belongs to the day it starts on. The zero Dispatch is never open; AllWeek
// is always.
type Dispatch struct {
	Days     Weekdays
	From, To TimeOfDay
}

// AllWeek returns every day from 00:00 to 24:00.
func AllWeek() Dispatch { return Dispatch{Days: EveryDay, To: DayMinutes} }

// AllDay reports whether the hours cover the whole day.
func (d Dispatch) AllDay() bool { return d.From == 0 && d.To == DayMinutes }

// String returns the canonical text, "Mon,Tue 09:00-18:00"; empty for the zero value.
func (d Dispatch) String() string {
	if d == (Dispatch{}) {
		return ""
	}
	return d.Days.String() + " " + d.From.String() + "-" + d.To.String()
}

// MarshalText returns String as bytes; it never fails.
func (d Dispatch) MarshalText() ([]byte, error) { return []byte(d.String()), nil }

// dashes are the ways in which people write from and to.
var dashes = strings.NewReplacer(" – ", "-", " - ", "-", "–", "-")

// UnmarshalText reads "days HH:MM-HH:MM"; days left out are every day, and an en
// dash is read as a hyphen, also between blanks. Empty text is AllWeek. The error is a [Rule]: format,
// range, pair (one end missing), days, or empty (from equals to, which is neither
// a whole day nor none).
func (d *Dispatch) UnmarshalText(text []byte) error {
	if len(text) == 0 {
		*d = AllWeek()
		return nil
	}
	days, hours, found := strings.Cut(dashes.Replace(string(text)), " ")
	if !found {
		days, hours = "", days
	}
	parsed, err := parseHours(hours)
	if err != nil {
		return err
	}
	if parsed.Days = EveryDay; found {
		if parsed.Days, err = ParseWeekdays(days); err != nil {
			return err
		}
	}
	*d = parsed
	return nil
}

// parseHours reads "HH:MM-HH:MM".
func parseHours(s string) (Dispatch, error) {
	from, to, ok := strings.Cut(s, "-")
	if ok && (from == "") != (to == "") {
		return Dispatch{}, Rule("pair")
	}
	start, err := parseTimeOfDay(from)
	if err != nil {
		return Dispatch{}, err
	}
	end, err := parseTimeOfDay(to)
	switch {
	case err != nil:
		return Dispatch{}, err
	case start == end:
		return Dispatch{}, Rule("empty")
	case start == DayMinutes: // 24:00 is an end only
		return Dispatch{}, Rule("range")
	}
	return Dispatch{From: start, To: end}, nil
}
