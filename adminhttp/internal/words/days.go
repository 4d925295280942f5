package words

import (
	"time"

	"github.com/clientaccount/clientaccount/account"
)

// Days shortens runs of weekdays: "Mon–Fri", "every day", "Mon, Wed".
func Days(days account.Weekdays) Text {
	if days == account.EveryDay {
		return "every day"
	}
	var parts []Text
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
	return Join(parts, ", ")
}

func dayRun(first, last time.Weekday, more int) Text {
	switch more {
	case 0:
		return shortDay(first)
	case 1:
		return Textf("%s, %s", shortDay(first), shortDay(last))
	default:
		return Textf("%s–%s", shortDay(first), shortDay(last))
	}
}

// shortDays are the names of weekdays in three letters, as in layouts.
var shortDays = [...]Text{"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"}

func shortDay(d time.Weekday) Text { return shortDays[d] }

// Dispatch returns a time of dispatch in words: its days and its hours.
func Dispatch(d account.Dispatch) Text {
	if d.AllDay() {
		return Textf("%s, all day", Days(d.Days))
	}
	if d.To < d.From {
		return Textf("%s %s–%s the next day", Days(d.Days), d.From, d.To)
	}
	return Textf("%s %s–%s", Days(d.Days), d.From, d.To)
}
