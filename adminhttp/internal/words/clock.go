package words

import (
	"time"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/internal/say"
)

// span24 is a stretch of minutes, counted from a midnight.
type span24 struct{ From, To int }

// Width returns the stretch's length.
func (s span24) Width() int { return s.To - s.From }

// Clock is a client's day as the page draws it.
type Clock struct {
	Zone  string
	Time  string // 15:04
	Day   Text   // Tuesday
	Open  []span24
	Now   int // minutes since midnight
	Words Text
	Hours Text
}

// Zone returns the client's zone, for what is shown and typed; where this machine does not
// know it, UTC, which the pages say, and nothing is sent.
func Zone(a account.Account) *time.Location {
	zone, err := a.Location()
	if err != nil {
		return time.UTC
	}
	return zone
}

// ZoneUnknown says that the client's zone is not known here; else it is empty.
func ZoneUnknown(a account.Account) Text {
	if _, err := a.Location(); err == nil || a.Core.TimeZone == "" {
		return ""
	}
	return Textf("Nothing is sent: the time zone %s is not known on this server, and times are shown in UTC", a.Core.TimeZone)
}

// ClockOf returns a client's day as of now.
func ClockOf(a account.Account, now time.Time) Clock {
	local := now.In(Zone(a))
	if unknown := ZoneUnknown(a); unknown != "" {
		return Clock{Zone: "UTC", Time: local.Format("15:04"), Day: say.Time(local, "Mon 2 Jan"), Now: minuteOf(local), Words: unknown, Hours: Dispatch(a.Core.Dispatch)}
	}
	return Clock{
		Zone: a.Core.TimeZone, Time: local.Format("15:04"), Day: say.Time(local, "Mon 2 Jan"),
		Open: openOn(a.Core.Dispatch, local.Weekday()), Now: minuteOf(local),
		Words: SendingHours(a.Core.Dispatch, local), Hours: Dispatch(a.Core.Dispatch),
	}
}

func minuteOf(t time.Time) int { return t.Hour()*60 + t.Minute() }

// openOn returns the open stretches of a day by its wall clock: its own hours, and
// what the day before carries over midnight.
func openOn(d account.Dispatch, day time.Weekday) []span24 {
	from, to := int(d.From), int(d.To)
	if from < to {
		if d.Days.Has(day) {
			return []span24{{from, to}}
		}
		return nil
	}
	var open []span24
	if d.Days.Has((day+6)%7) && to > 0 {
		open = append(open, span24{0, to})
	}
	if d.Days.Has(day) {
		open = append(open, span24{from, account.DayMinutes})
	}
	return open
}

// SendingHours reports whether messages may go now by the client's wall clock, and
// until or from when.
func SendingHours(d account.Dispatch, local time.Time) Text {
	minute, week := minuteOf(local), openWeek(d, local.Weekday())
	for _, open := range week {
		switch {
		case open.To <= minute:
			continue
		case open.From > minute:
			return Textf("Sending is closed until %s", ahead(open.From, local))
		case open.To >= 8*account.DayMinutes:
			return "Sending is open at all hours"
		default:
			return Textf("Sending is open until %s", ahead(open.To, local))
		}
	}
	return "Sending is never open"
}

// openWeek returns the open stretches of today and the next seven days, those that
// touch made one.
func openWeek(d account.Dispatch, today time.Weekday) []span24 {
	var week []span24
	for ahead := range 8 {
		midnight := ahead * account.DayMinutes
		for _, open := range openOn(d, (today+time.Weekday(ahead))%7) {
			open = span24{open.From + midnight, open.To + midnight}
			if last := len(week) - 1; last >= 0 && week[last].To == open.From {
				week[last].To = open.To
				continue
			}
			week = append(week, open)
		}
	}
	return week
}

// ahead names a minute counted from today's midnight: "20:00", "tomorrow 06:00",
// "Mon 09:00". Midnight at the end of a day is its 24:00.
func ahead(minute int, local time.Time) Text {
	days, within := minute/account.DayMinutes, minute%account.DayMinutes
	if within == 0 && days > 0 {
		days, within = days-1, account.DayMinutes
	}
	at := account.TimeOfDay(within).String()
	switch days {
	case 0:
		return Plain(at)
	case 1:
		return Textf("tomorrow %s", at)
	default:
		return Textf("%s %s", shortDay((local.Weekday()+time.Weekday(days))%7), at)
	}
}
