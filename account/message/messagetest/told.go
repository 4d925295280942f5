package messagetest

import (
	"slices"
	"time"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/account/message"
)

// story is what the client has been told so far, while a history is gone through.
type story struct {
	parts   int
	told    []account.StateUpdate
	ends    []account.Report // the last word of each part, in the order in which they came
	expired bool             // EXPIRED was told for want of the last word
	closed  bool             // the last word was told
}

// told returns all that the client is told by a history.
func (h history) told() []account.StateUpdate { return h.story().told }

func (h history) story() (s story) {
	a := h.admission()
	if a == nil {
		return s
	}
	s.parts = a.Parts
	for i := range h {
		facts := h.facts(i)
		if h[i].reported == nil || len(facts) > 0 { // else it is of nothing that is known
			s.passTo(h[i].at, h[:i])
		}
		for _, r := range facts {
			s.hear(r)
		}
	}
	return s
}

// passTo tells of a deadline that has come by an instant, as the history was by then.
func (s *story) passTo(now time.Time, before history) {
	if before.admission() == nil || s.expired || s.closed {
		return
	}
	deadline, err := before.admittedAt().Add(sendWithin(before.admission().Terms)), message.SendTimeout
	if sent := before.sent(); sent != nil {
		deadline, err = sent.at.Add(before.admission().Wait), account.DLRTimeout
	}
	if now.Before(deadline) {
		return
	}
	s.expired = true
	s.tell(account.StateUpdate{Report: account.Report{State: account.StateExpired, Err: err, DoneAt: deadline}, Synthetic: true})
}

func sendWithin(t message.Terms) time.Duration {
	if t.SendWithin == 0 {
		return time.Hour // the twin's own number
	}
	return t.SendWithin
}

// facts returns the reports that the ith call of a history lets count: its own, or those that
// came before it gave their id.
func (h history) facts(i int) (reports []account.Report) {
	c := h[i]
	switch {
	case c.unsent != nil:
		return []account.Report{{State: c.unsent.State, Err: c.unsent.Err, DoneAt: c.at}}
	case c.reported != nil:
		return h[:i].ofIDs([]call{c})
	case c.sent == nil:
		return nil
	}
	var early []call
	for _, past := range h[:i] {
		isEarly := past.reported != nil && len(h[:i].ofIDs([]call{past})) == 0
		if isEarly && c.at.Sub(past.at) < 24*time.Hour {
			early = append(early, past)
		}
	}
	return h[:i+1].ofIDs(early)
}

// ofIDs returns the reports among calls whose ids a history knows, each with its part.
func (h history) ofIDs(calls []call) (reports []account.Report) {
	if h.admission() == nil {
		return nil
	}
	for _, c := range calls {
		for _, id := range h.ids() {
			if id.Network != c.reported.Network || id.ID != c.reported.ID {
				continue
			}
			r := c.reported.Report
			if id.Part > 0 {
				r.Part = id.Part
			}
			reports = append(reports, r)
			break
		}
	}
	return reports
}

var (
	onTheWay = []account.MessageState{account.StateScheduled, account.StateEnroute, account.StateAccepted, account.StateUnknown}
	ends     = []account.MessageState{
		account.StateDelivered, account.StateAccepted, account.StateExpired, account.StateDeleted,
		account.StateSkipped, account.StateUndeliverable, account.StateRejected,
	}
)

// hear is what a report adds.
func (s *story) hear(r account.Report) {
	ended := func(part int) bool {
		return slices.ContainsFunc(s.ends, func(end account.Report) bool { return end.Part == part })
	}
	isEnd := slices.Contains(ends, r.State) && (r.State != account.StateAccepted || r.AcceptedFinal)
	switch {
	case s.closed || r.Part > s.parts || r.Part > 0 && ended(r.Part):
	case isEnd && r.Part > 0:
		s.ends = append(s.ends, r)
	case isEnd:
		for part := 1; part <= s.parts; part++ {
			if r.Part = part; !ended(part) {
				s.ends = append(s.ends, r)
			}
		}
	case !s.expired && s.further(r.State):
		r.Part = 0
		s.tell(account.StateUpdate{Report: r})
	}
	if !s.closed && len(s.ends) == s.parts {
		s.closed = true
		s.tell(account.StateUpdate{Report: s.worst(), Late: s.expired})
	}
}

// further reports whether a state is on the way, and beyond all that was told.
func (s *story) further(state account.MessageState) bool {
	for _, u := range s.told {
		if slices.Index(onTheWay, u.State) >= slices.Index(onTheWay, state) {
			return false
		}
	}
	return slices.Contains(onTheWay, state)
}

// worst returns the worst of the parts' ends, at the instant of the last.
func (s *story) worst() account.Report {
	worst := s.ends[0]
	done := worst.DoneAt
	for _, end := range s.ends {
		if slices.Index(ends, end.State) > slices.Index(ends, worst.State) {
			worst = end
		}
		if end.DoneAt.After(done) {
			done = end.DoneAt
		}
	}
	worst.DoneAt, worst.Part = done, 0
	return worst
}

func (s *story) tell(u account.StateUpdate) {
	u.Seq, u.Parts = int64(len(s.told)+1), s.parts
	for _, end := range s.ends {
		if end.State == account.StateDelivered {
			u.Delivered++
		}
	}
	s.told = append(s.told, u)
}
