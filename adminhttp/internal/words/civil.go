package words

import (
	"time"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/internal/bounds"
)

// DayOf reads a civil day, "2026-11-23", all of which can be stored by the clock of any zone.
func DayOf(text string) (account.Date, bool) {
	const margin = 48 * time.Hour // of a zone, and of the end of the day
	at, err := time.Parse(time.DateOnly, text)
	if err != nil || !bounds.Instant(at.Add(-margin)) || !bounds.Instant(at.Add(margin)) {
		return account.Date{}, false
	}
	return dateOf(at), true
}

// DaysBefore returns the day so many days before another.
func DaysBefore(day account.Date, n int) account.Date {
	return dateOf(startOf(day).AddDate(0, 0, -n))
}

// DaysBetween returns how many days a day lies before another; below zero behind it.
func DaysBetween(first, last account.Date) int {
	return int(startOf(last).Sub(startOf(first)) / (24 * time.Hour))
}

func startOf(day account.Date) time.Time {
	return time.Date(day.Year, day.Month, day.Day, 0, 0, 0, 0, time.UTC)
}

func dateOf(t time.Time) account.Date {
	year, month, day := t.Date()
	return account.Date{Year: year, Month: month, Day: day}
}
