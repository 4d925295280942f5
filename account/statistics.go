package account

import (
	"iter"
	"time"
)

// DailyReport is the general statistics of one civil day.
type DailyReport struct {
	Day    Date   `json:"day"`
	Period Window `json:"period"`  // of the day, on the client's clock
	Cut    Cut    `json:"cut"`     // at the end of the period: the last one of the next call
	MailTo string `json:"mail_to"` // empty: not mailed
}

// DailyReports are those that are due: one for every civil day, on the clock of loc,
// since the last cut that is over by now, in order. A zero last is the account's
// creation. The host keeps the Cut of each as the next last one, also of one that is not
// mailed: what is switched on later does not reach back.
//
// A day is reported once at most, and no instant is in two reports or in none, as with
// [MonthDays.Periods]. A day that the zone skipped is not reported. When the zone itself
// is edited, the day of the edit is as much longer or shorter as the clocks are apart;
// across the date line, it may take in the day before, or leave one out that had no
// instant of its own.
func (a Account) DailyReports(last Cut, now time.Time, loc *time.Location) iter.Seq[DailyReport] {
	return func(yield func(DailyReport) bool) {
		for period, cut := range everyDay.Periods(a.since(last), now, loc) {
			r := DailyReport{Day: dateOf(cut.Day.number() - 1), Period: period, Cut: cut, MailTo: a.dailyMail()}
			if !yield(r) {
				return
			}
		}
	}
}

// everyDay cuts at the begin of each day of any month.
const everyDay MonthDays = 1<<32 - 2

func (a Account) dailyMail() string {
	if !a.Mail.DailyStatistics {
		return ""
	}
	return a.Mail.Email
}
