package account

import (
	"iter"
	"time"
)

// DailyReport is the general statistics of one civil day.
type DailyReport struct {
	Day    Date
	Period Window // of the day, on the client's clock
	MailTo string // empty: not mailed
}

// DailyReports are those that are due: one for every civil day, on the clock of loc,
// that came after the last one reported and is over by now, in order. A zero last
// begins with the day of the account's creation. The host keeps the day of each as
// the next last one, also of one that is not mailed: what is switched on later does
// not reach back.
//
// A day is never reported twice, and a day that the zone skipped not at all. When the
// zone itself is edited, two days may share some hours, or some lie in neither; what
// is invoiced goes by [MonthDays.Periods], where that cannot happen.
func (a Account) DailyReports(last Date, now time.Time, loc *time.Location) iter.Seq[DailyReport] {
	first := last.Next()
	if last.IsZero() {
		first = DateOf(a.CreatedAt, loc)
	}
	return func(yield func(DailyReport) bool) {
		if last.IsZero() && a.CreatedAt.IsZero() {
			return
		}
		today := DateOf(now, loc).number()
		for day := first.number(); day < today; day++ {
			r := DailyReport{Day: dateOf(day), Period: dayIn(day, loc), MailTo: a.dailyMail()}
			if !r.Period.IsEmpty() && !yield(r) {
				return
			}
		}
	}
}

func (a Account) dailyMail() string {
	if !a.Mail.DailyStatistics {
		return ""
	}
	return a.Mail.Email
}
