package message

import (
	"slices"
	"time"

	"github.com/clientaccount/clientaccount/account"
)

// NetworkReport is what a network says of one of its ids.
type NetworkReport struct {
	Network string         `json:"network"` // as Handover has it
	ID      string         `json:"id"`      // the network's
	Report  account.Report `json:"report"`  // Part counts only where the id stands for all of the message
}

// Reported takes what a network says of one of the message's ids. What only repeats, or was
// overtaken, changes nothing.
//
// Errors: account.Faults; account.ErrNotFound for an id that the message does not have:
// the report came before its Sent, see [Early].
func (m Message) Reported(r NetworkReport, now time.Time) (Step, error) {
	return m.ReportedAfter(nil, r, now)
}

// ReportedAfter is [Message.Reported] of a report before which others came of its id, too
// early, and were kept: they are heard first, unless they were heard before.
func (m Message) ReportedAfter(early []Early, r NetworkReport, now time.Time) (Step, error) {
	if faults := r.Faults(); faults != nil {
		return Step{}, faults
	}
	s := Step{Message: m}
	s.hearEarly(early, now)
	if !s.hear(r, now) {
		return Step{}, account.ErrNotFound
	}
	s.end(now)
	return s, nil
}

// hear takes a report, and reports whether its id is one of the message's.
func (s *Step) hear(r NetworkReport, now time.Time) bool {
	m := &s.Message
	part, known := m.NetworkIDs.part(r.Network, r.ID)
	if known {
		if part > 0 {
			r.Report.Part = part
		}
		s.track(m.Tracking.Report(r.Report, now, m.policy()), now)
	}
	return known
}

// hearEarly takes early reports that still count.
func (s *Step) hearEarly(early []Early, now time.Time) {
	for _, e := range early {
		if e.Counts(now) {
			s.hear(e.NetworkReport, now)
		}
	}
}

// EarlyFor is for how long a report is kept that comes before its Sent.
const EarlyFor = 24 * time.Hour

// MaxEarly is how many reports are kept of one network id before its Sent: more than a
// message of so many parts gets.
const MaxEarly = 2 * account.MaxParts

// Early is a report that came before its Sent.
type Early struct {
	NetworkReport
	At time.Time `json:"at"` // when it came
}

// Counts reports whether it is not too old.
func (e Early) Counts(now time.Time) bool { return now.Before(e.At.Add(EarlyFor)) }

// ByArrival returns early reports of several ids, those of each in their order, in the order in
// which they came; of one instant, those of different ids in any order. Those of an id are never
// turned round: not where clocks did, either.
func ByArrival(early []Early) []Early {
	type arrived struct {
		at     time.Time
		report Early
	}
	all := make([]arrived, len(early))
	latest := map[NetworkID]time.Time{}
	for i, e := range early {
		id := NetworkID{Network: e.Network, ID: e.ID}
		if e.At.After(latest[id]) {
			latest[id] = e.At
		}
		all[i] = arrived{latest[id], e}
	}
	slices.SortStableFunc(all, func(a, b arrived) int { return a.at.Compare(b.at) })
	sorted := make([]Early, len(early))
	for i, a := range all {
		sorted[i] = a.report
	}
	return sorted
}

// EarlyReports are those of one network id, in the order in which they came.
type EarlyReports []Early

// With returns the reports that still count when another comes, and that one behind them,
// unless it repeats one of them or there are MaxEarly.
func (es EarlyReports) With(e Early) EarlyReports {
	old := func(kept Early) bool { return !kept.Counts(e.At) }
	next := slices.DeleteFunc(slices.Clone(es), old)
	same := func(kept Early) bool { return kept.NetworkReport.same(e.NetworkReport) }
	if len(next) >= MaxEarly || slices.ContainsFunc(next, same) {
		return next
	}
	return append(next, e)
}

// same reports whether two reports say the same.
func (r NetworkReport) same(other NetworkReport) bool {
	at := r.Report.DoneAt.Equal(other.Report.DoneAt)
	r.Report.DoneAt, other.Report.DoneAt = time.Time{}, time.Time{}
	return at && r == other
}
