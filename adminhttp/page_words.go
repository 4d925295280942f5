package adminhttp

import (
	"fmt"
	"strings"
	"time"

	"github.com/shopspring/decimal"

	"github.com/clientaccount/clientaccount/account"
)

// moment is an instant as people are told it.
type moment struct {
	ISO   string // RFC 3339, for programs
	Words string // "2 min ago"
	Exact string // "Tue 24 Nov 2026 11:42:07 EET"
	UTC   string // the same in UTC
}

const (
	exactLayout = "Mon 2 Jan 2006 15:04:05 MST"
	shortLayout = "2 Jan 2006 15:04"
)

func momentOf(t, now time.Time, zone *time.Location) moment {
	return moment{
		ISO: t.UTC().Format(time.RFC3339), Words: relative(t, now),
		Exact: t.In(zone).Format(exactLayout), UTC: t.UTC().Format(exactLayout),
	}
}

// relative says how long ago an instant was, or how far ahead it is.
func relative(t, now time.Time) string {
	if d := t.Sub(now); d > 0 {
		return "in " + span(d)
	}
	d := now.Sub(t)
	if d < time.Minute {
		return "just now"
	}
	return span(d) + " ago"
}

// span is a duration in its largest whole unit.
func span(d time.Duration) string {
	const day = 24 * time.Hour
	switch {
	case d < time.Minute:
		return "less than a minute"
	case d < time.Hour:
		return fmt.Sprintf("%d min", d/time.Minute)
	case d < day:
		return plural(int(d/time.Hour), "hour")
	case d < 31*day:
		return plural(int(d/day), "day")
	case d < 365*day:
		return plural(int(d/(30*day)), "month")
	default:
		return plural(int(d/(365*day)), "year")
	}
}

// plural is a number and its noun: "1 day", "12 days".
func plural(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}

// grouped writes the digits of a whole number in threes: "25,419".
func grouped(number string) string {
	sign, digits := "", number
	if rest, negative := strings.CutPrefix(number, "-"); negative {
		sign, digits = "−", rest
	}
	for i := len(digits) - 3; i > 0; i -= 3 {
		digits = digits[:i] + "," + digits[i:]
	}
	return sign + digits
}

// moneyText is canonical decimal text as people read it: the currency's minor
// digits at least, a real minus, the currency after it.
func moneyText(text string, currency account.Currency) string {
	amount, err := account.ParseAmount(text)
	if err != nil {
		return text
	}
	shown := currency.FormatPlain(amount)
	return strings.TrimSpace(strings.Replace(shown, "-", "−", 1) + " " + string(currency))
}

// moneyWords is an amount as people read it, its thousands grouped.
func moneyWords(d decimal.Decimal, c account.Currency) string {
	return c.Format(d)
}

// plainAmount is moneyWords without the currency.
func plainAmount(d decimal.Decimal, c account.Currency) string {
	return strings.TrimSpace(strings.TrimSuffix(c.Format(d), string(c)))
}

// Spaces as wide as what they stand for, where digits are tabular.
const (
	figureSpace = "\u2007"
	pointSpace  = "\u2008"
)

// alignedAmount is moneyWords with the room of as many decimals as the longest of a
// column has, so that the points stand beneath each other.
func alignedAmount(d decimal.Decimal, c account.Currency, places int) string {
	digits := plainAmount(d, c)
	_, given, pointed := strings.Cut(digits, ".")
	if !pointed && places > 0 {
		digits += pointSpace
	}
	return digits + strings.Repeat(figureSpace, max(0, places-len(given))) + " " + string(c)
}

// signedAmount is moneyWords with a plus where it adds.
func signedAmount(d decimal.Decimal, c account.Currency) string {
	if d.IsPositive() {
		return "+" + moneyWords(d, c)
	}
	return moneyWords(d, c)
}

// daysText shortens runs of weekdays: "Mon–Fri", "every day", "Mon, Wed".
func daysText(days account.Weekdays) string {
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

func dispatchText(d account.Dispatch) string {
	if d.AllDay() {
		return daysText(d.Days) + ", all day"
	}
	return daysText(d.Days) + " " + d.From.String() + "–" + d.To.String()
}
