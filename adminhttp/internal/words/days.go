package words

import (
	"strings"
	"time"

	"github.com/clientaccount/clientaccount/account"
)

// Days shortens runs of weekdays: "Mon–Fri", "every day", "Mon, Wed".
func Days(days account.Weekdays) string {
	if days == account.EveryDay {
		return "every day"
	}
	var parts []string
	week := account.Week()
	for i := 0; i < len(week); i++ {
		if !days.Has(week[i]) {
			continue
		}
		first := i
		for i+1 < len(week) && days.Has(week[i+1]) {
			i++
		}
		parts = append(parts, dayRun(week[first], week[i], i-first))
	}
	return strings.Join(parts, ", ")
}

func dayRun(first, last time.Weekday, more int) string {
	short := func(d time.Weekday) string { return d.String()[:3] }
	switch more {
	case 0:
		return short(first)
	case 1:
		return short(first) + ", " + short(last)
	default:
		return short(first) + "–" + short(last)
	}
}

// Dispatch returns a time of dispatch in words: its days and its hours.
func Dispatch(d account.Dispatch) string {
	if d.AllDay() {
		return Days(d.Days) + ", all day"
	}
	said := Days(d.Days) + " " + d.From.String() + "–" + d.To.String()
	if d.To < d.From {
		said += " the next day"
	}
	return said
}
