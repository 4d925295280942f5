package account

import (
	"iter"
	"time"
)

// NextCut is the first instant after another at which a period ends: the begin of a
// day of the set, on the clock of loc. A day that the month lacks is its last day; so
// 30 and 31 are one cut in February. The result is in UTC, and false for the empty
// set.
func (m MonthDays) NextCut(after time.Time, loc *time.Location) (time.Time, bool) {
	const twoMonths = 62
	today := floorDiv(latestWall(after.Unix(), loc), daySeconds)
	for day := today + 1; day <= today+twoMonths; day++ {
		if m.cuts(day) {
			return instant(firstAt(wallAt(day, 0), loc)), true
		}
	}
	return time.Time{}, false
}

// cuts says whether a period ends as the day begins.
func (m MonthDays) cuts(day int64) bool {
	date := dateOf(day)
	isLast := dateOf(day+1).Day == 1
	return m.Has(date.Day) || isLast && m>>(date.Day+1) != 0
}

// Periods are the periods that have ended by now, in order: the first begins at the
// last cut, and each later one where the one before ended. What is kept between two
// calls is the end of the last period alone. So there is never a gap or an overlap,
// whatever happens to the days and the zone meanwhile, and missed cuts are caught up.
// A zero last has no periods.
func (m MonthDays) Periods(last, now time.Time, loc *time.Location) iter.Seq[Window] {
	return func(yield func(Window) bool) {
		for from := last; !from.IsZero(); {
			cut, ok := m.NextCut(from, loc)
			if !ok || cut.After(now) || !yield(Window{from, cut}) {
				return
			}
			from = cut
		}
	}
}

// Statement is what is made for one period, at its end.
type Statement struct {
	Period  Window
	Stats   bool
	Invoice bool
	MailTo  string // empty: shown only
}

// Statements are those that are due for the account, on the clock of loc: one for
// every period since the last cut; a zero last is the account's creation. The host
// keeps the end of each period as the next last cut, also of one for which nothing is
// made: what is switched on later does not reach back.
func (a Account) Statements(last, now time.Time, loc *time.Location) iter.Seq[Statement] {
	if last.IsZero() {
		last = a.CreatedAt
	}
	return func(yield func(Statement) bool) {
		for period := range a.Billing.InvoiceDays.Periods(last, now, loc) {
			if !yield(a.statement(period)) {
				return
			}
		}
	}
}

func (a Account) statement(period Window) Statement {
	s := Statement{Period: period, Stats: a.Billing.SendStats, Invoice: a.Billing.SendInvoices}
	if a.Billing.ToEmail && (s.Stats || s.Invoice) {
		s.MailTo = a.Mail.ForBilling()
	}
	return s
}
