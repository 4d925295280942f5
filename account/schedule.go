package account

import (
	"iter"
	"strconv"
	"strings"
	"time"
)

// Cut is where one period ends and the next begins. It is what a host keeps between
// two calls: both parts, as text or in two columns. The zero Cut is none.
//
// Day is kept beside the instant because an instant alone does not tell which date was
// cut once the zone was edited: what is 1 November in Kyiv is October still in Los
// Angeles, and 1 November would be cut there again.
type Cut struct {
	At  time.Time `json:"at"`  // the first instant of the next period
	Day Date      `json:"day"` // the date that began then, on the client's clock of that time
}

// NextCut returns the first cut after another: the beginning of a day of the set, on the clock
// of loc, of a later date and at a later instant than the last. A day that the month
// lacks is its last day; so 30 and 31 are one cut in February. A last without a Day is
// the instant alone, as that of an account's creation. At is in UTC; the result is
// false for the empty set, and for a nil loc.
func (m MonthDays) NextCut(last Cut, loc *time.Location) (Cut, bool) {
	if loc == nil {
		return Cut{}, false
	}
	const twoMonths = 62
	begun := floorDiv(latestWall(last.At.Unix(), loc), daySeconds)
	if !last.Day.IsZero() {
		begun = max(begun, last.Day.number())
	}
	for day := begun + 1; day <= begun+twoMonths; day++ {
		if m.cuts(day) {
			return Cut{instant(firstAt(wallAt(day, 0), loc)), dateOf(day)}, true
		}
	}
	return Cut{}, false
}

// cuts reports whether a period ends as the day begins.
func (m MonthDays) cuts(day int64) bool {
	date := dateOf(day)
	isLast := dateOf(day+1).Day == 1
	return m.Has(date.Day) || isLast && m>>(date.Day+1) != 0
}

// Periods returns the periods that have ended by now, in order, each with the cut that ends
// it: the first begins at the last cut, and each later one where the one before ended.
// What is kept between two calls is the last cut alone. So there is never a gap or an
// overlap, and no date is cut twice, whatever happens to the days and the zone
// meanwhile; cuts that were missed are caught up. A zero last has no periods, nor has a
// nil loc.
func (m MonthDays) Periods(last Cut, now time.Time, loc *time.Location) iter.Seq2[Window, Cut] {
	return func(yield func(Window, Cut) bool) {
		for from := last; !from.At.IsZero(); {
			cut, ok := m.NextCut(from, loc)
			if !ok || cut.At.After(now) || !yield(Window{from.At, cut.At}, cut) {
				return
			}
			from = cut
		}
	}
}

// Statement is what is made for one period, at its end.
type Statement struct {
	Period  Window `json:"period"`
	Cut     Cut    `json:"cut"` // at the end of the period: the last one of the next call
	Stats   bool   `json:"stats"`
	Invoice bool   `json:"invoice"`
	MailTo  string `json:"mail_to"` // empty: shown only
}

// Statements returns those that are due for the account, on the clock of loc: one for
// every period since the last cut; a zero last is the account's creation. The host
// keeps the Cut of each as the next last one, also of one for which nothing is made:
// what is switched on later does not reach back.
func (a Account) Statements(last Cut, now time.Time, loc *time.Location) iter.Seq[Statement] {
	return func(yield func(Statement) bool) {
		for period, cut := range a.Billing.InvoiceDays.Periods(a.since(last), now, loc) {
			if !yield(a.statement(period, cut)) {
				return
			}
		}
	}
}

// since returns the last cut, or the account's creation where there was none.
func (a Account) since(last Cut) Cut {
	if last.At.IsZero() {
		return Cut{At: a.CreatedAt}
	}
	return last
}

func (a Account) statement(period Window, cut Cut) Statement {
	s := Statement{Period: period, Cut: cut, Stats: a.Billing.SendStats, Invoice: a.Billing.SendInvoices}
	if a.Billing.ToEmail && (s.Stats || s.Invoice) {
		s.MailTo = a.Mail.ForBilling()
	}
	return s
}

// MonthDays is a set of days of the month, a bit per day (bit 1 is the 1st). A
// set has no order and no doubles, so "15, 1, 1" is the days 1 and 15.
type MonthDays uint32

// Has reports whether the day, 1 to 31, is in the set.
func (m MonthDays) Has(day int) bool { return day >= 1 && day <= 31 && m&(1<<day) != 0 }

// Days returns the days in ascending order, nil for none.
func (m MonthDays) Days() []int {
	var days []int
	for day := 1; day <= 31; day++ {
		if m.Has(day) {
			days = append(days, day)
		}
	}
	return days
}

// String returns the canonical text: "1,15".
func (m MonthDays) String() string {
	var days []string
	for _, day := range m.Days() {
		days = append(days, strconv.Itoa(day))
	}
	return strings.Join(days, ",")
}

// MarshalText returns String as bytes; it never fails.
func (m MonthDays) MarshalText() ([]byte, error) { return []byte(m.String()), nil }

// UnmarshalText reads days separated by commas, spaces allowed, empty for none.
// The error is a [Rule]: range for whole numbers that are not 1 to 31, else format.
func (m *MonthDays) UnmarshalText(text []byte) error {
	var days MonthDays
	if s := strings.TrimSpace(string(text)); s != "" {
		for part := range strings.SplitSeq(s, ",") {
			part = strings.TrimSpace(part)
			if !allDigits(strings.TrimPrefix(part, "-")) {
				return Rule("format")
			}
			day, err := strconv.Atoi(part)
			if err != nil || day < 1 || day > 31 {
				return Rule("range")
			}
			days |= 1 << day
		}
	}
	*m = days
	return nil
}

// DailyReport is the general statistics of one civil day.
type DailyReport struct {
	Day    Date   `json:"day"`
	Period Window `json:"period"`  // of the day, on the client's clock
	Cut    Cut    `json:"cut"`     // at the end of the period: the last one of the next call
	MailTo string `json:"mail_to"` // empty: not mailed
}

// DailyReports returns those that are due: one for every civil day, on the clock of loc,
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
		for period, cut := range AllMonthDays.Periods(a.since(last), now, loc) {
			r := DailyReport{Day: cut.Day.Prev(), Period: period, Cut: cut, MailTo: a.dailyMail()}
			if !yield(r) {
				return
			}
		}
	}
}

// AllMonthDays are all days of any month: its periods are civil days.
const AllMonthDays MonthDays = 1<<32 - 2

func (a Account) dailyMail() string {
	if !a.Mail.DailyStatistics {
		return ""
	}
	return a.Mail.ForBilling()
}
