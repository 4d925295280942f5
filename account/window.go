package account

import "time"

// Window is a stretch of time: From belongs to it, To does not. The zero Window is
// empty.
type Window struct {
	From time.Time `json:"from"`
	To   time.Time `json:"to"`
}

// Contains reports whether an instant lies in the window.
func (w Window) Contains(t time.Time) bool { return !t.Before(w.From) && t.Before(w.To) }

// IsEmpty reports whether no instant lies in the window.
func (w Window) IsEmpty() bool { return !w.From.Before(w.To) }

// Always reports whether messages may go at any time.
func (d Dispatch) Always() bool { return d.Days&EveryDay == EveryDay && d.AllDay() }

// Never reports whether messages may go at no time: no day is chosen, or the hours
// start where they end.
func (d Dispatch) Never() bool { return d.Days&EveryDay == 0 || d.From == d.To }

// Open reports whether messages may go at an instant, on a client's clock.
//
// A bound means, on each civil day, the first instant whose wall time is at or
// after it. So a bound that a change of the clocks skips is the instant of the
// change, and one that the clocks show twice is the first of the two. On no clock, a nil
// loc, it is never open.
func (d Dispatch) Open(t time.Time, loc *time.Location) bool {
	return loc != nil && (d.Always() || d.openAt(latestWall(t.Unix(), loc)))
}

// openAt reports whether the hours include a wall time that [latestWall] gave.
func (d Dispatch) openAt(wall int64) bool {
	day := floorDiv(wall, daySeconds)
	at := TimeOfDay((wall - day*daySeconds) / 60)
	switch {
	case d.From <= d.To:
		return d.on(day) && d.From <= at && at < d.To
	case at >= d.From:
		return d.on(day)
	default:
		return at < d.To && d.on(day-1)
	}
}

// on reports whether hours start on a day.
func (d Dispatch) on(day int64) bool { return d.Days.Has(weekdayOf(day)) }

// searchDays is how many days ahead an opening is looked for. Hours come round once a
// week at least, and a change of the clocks can swallow those of one week.
const searchDays = 28

// NextOpen returns the least instant at or after t at which messages may go: t itself
// when that is open. It is false when there is none, as for the zero Dispatch or a nil
// loc. An opening after t is in UTC.
func (d Dispatch) NextOpen(t time.Time, loc *time.Location) (time.Time, bool) {
	if loc == nil {
		return time.Time{}, false
	}
	if d.Always() {
		return t, true
	}
	now := latestWall(t.Unix(), loc)
	if d.openAt(now) {
		return t, true
	}
	if d.Never() {
		return time.Time{}, false
	}
	today := floorDiv(now, daySeconds)
	for day := today; day <= today+searchDays; day++ {
		if !d.on(day) || wallAt(day, d.From) <= now {
			continue
		}
		if from, to := d.hoursOf(day, loc); from < to {
			return instant(from), true
		}
	}
	return time.Time{}, false
}

// hoursOf returns the bounds of the hours that start on a day, in seconds since 1970.
func (d Dispatch) hoursOf(day int64, loc *time.Location) (from, to int64) {
	ends := day
	if d.From > d.To {
		ends++
	}
	return firstAt(wallAt(day, d.From), loc), firstAt(wallAt(ends, d.To), loc)
}

// Windows returns the parts of a civil day in which messages may go, in order and in
// UTC: of the hours that start on it, and of those of the day before that cross
// midnight. There are none on a day that the zone skipped, and none without a zone.
func (d Dispatch) Windows(year int, month time.Month, day int, loc *time.Location) []Window {
	if loc == nil {
		return nil
	}
	number := dayNumber(year, month, day)
	whole := dayIn(number, loc)
	dawn, dusk := whole.From.Unix(), whole.To.Unix()
	var windows []Window
	for _, starts := range [...]int64{number - 1, number} {
		if !d.on(starts) {
			continue
		}
		from, to := d.hoursOf(starts, loc)
		if from, to = max(from, dawn), min(to, dusk); from < to {
			windows = append(windows, Window{instant(from), instant(to)})
		}
	}
	return windows
}
