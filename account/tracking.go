package account

import (
	"slices"
	"time"
)

// DLRDeadline returns when the wait for a message's final report ends: so many days of 24
// hours after it was dispatched. It is kept with the message, so that a later edit of
// the days changes only later messages.
func (s Settings) DLRDeadline(dispatchedAt time.Time) time.Time {
	return dispatchedAt.Add(time.Duration(s.DLRDays.Value) * 24 * time.Hour)
}

// DLRTimeout is the error code of the synthetic EXPIRED.
const DLRTimeout = "dlr-timeout"

// Report is what the network says of a message, or of one of its parts.
type Report struct {
	State  MessageState `json:"state"`
	Err    string       `json:"err"`     // the network's error code
	DoneAt time.Time    `json:"done_at"` // when the message came into the state, by the network's clock
	Part   int          `json:"part"`    // which part, from 1; 0 for all of the message
	// AcceptedFinal says that this network means ACCEPTD as its last word. A host sets it
	// on every report of such a network; of other states it says nothing.
	AcceptedFinal bool `json:"accepted_final"`
}

// Final reports whether the network's last word was said.
func (r Report) Final() bool {
	return r.State.Final() || r.State == StateAccepted && r.AcceptedFinal
}

// StateUpdate is a state that the client is to be told.
type StateUpdate struct {
	Report    `json:"report"` // of all of the message
	Seq       int64           `json:"seq"`       // 1, 2, 3 within the message
	Late      bool            `json:"late"`      // a real final report after the synthetic EXPIRED
	Synthetic bool            `json:"synthetic"` // made here, because no final report came in time
	Parts     int             `json:"parts"`     // of the message; 0 if it was not said
	Delivered int             `json:"delivered"` // of them are delivered
}

// RefundPolicy is for which ends of a message the host gives its money back. The zero
// RefundPolicy gives nothing back.
type RefundPolicy struct {
	States  StateSet `json:"states"`  // final states that the network reported, in time or late
	Timeout bool     `json:"timeout"` // no final report came in time
}

// Tracking is how far the client of one message has been told what became of it. The
// host keeps it with the message, and hands in every report in the order in which
// they come; networks repeat them and let them overtake one another. It is a plain
// value. Make it with [NewTracking]; the zero Tracking waits without end. Package message
// does the rest of a message's way by it: the money, the networks' ids, early reports.
//
//   - States only move forward: SCHEDULED, ENROUTE, ACCEPTD, UNKNOWN, each told once at
//     most, then one final state.
//   - Without a final report by the deadline, the state is a synthetic EXPIRED.
//   - The first final report after that is told as well, flagged late. State stays
//     EXPIRED, and Late has what was reported.
//   - The first final report is the network's last word. Another one, the same or
//     not, is not told: what was charged, refunded and told depends on the first.
//   - Of a message of several parts the final report is there once each part has its own:
//     DELIVRD if all are delivered, else the worst of them with its error code, from
//     DELIVRD over ACCEPTD, EXPIRED, DELETED, SKIPPED and UNDELIV to REJECTD. It was done
//     when the last part was. A final report of all of the message is one of each part
//     that had none.
type Tracking struct {
	Deadline time.Time    `json:"deadline"`  // the first instant at which the wait is over; zero: never
	Parts    int          `json:"parts"`     // of the message; 0 counts as one, whose number is not told
	State    MessageState `json:"state"`     // told last, late ones apart
	Seq      int64        `json:"seq"`       // of the last update; 0 when nothing was told
	Reported bool         `json:"reported"`  // a final report has come, of every part
	TimedOut bool         `json:"timed_out"` // the synthetic EXPIRED was told
	Late     MessageState `json:"late"`      // what was reported after it; counts if TimedOut and Reported
	Refunded bool         `json:"refunded"`  // a refund was advised

	Ended     []int  `json:"ended"`     // parts whose final report has come, while others miss theirs
	Delivered int    `json:"delivered"` // of them, or all, are delivered
	Worst     Report `json:"worst"`     // among those that ended
}

// NewTracking returns that of a message of so many parts, just dispatched; the deadline is that
// of [Settings.DLRDeadline].
func NewTracking(deadline time.Time, parts int) Tracking {
	return Tracking{Deadline: deadline, Parts: parts}
}

// TrackingStep is what follows from a report or the passing of time.
type TrackingStep struct {
	Tracking Tracking      `json:"delivery"` // to be kept
	Updates  []StateUpdate `json:"updates"`  // to be told, in this order; nil for nothing
	Refund   bool          `json:"refund"`   // the policy gives the money back; at most once per message
}

// At returns what follows from the passing of time alone: after the deadline, once, the
// synthetic EXPIRED. A host calls it when the deadline has come.
func (t Tracking) At(now time.Time, policy RefundPolicy) TrackingStep {
	s := TrackingStep{Tracking: t}
	if t.Deadline.IsZero() || now.Before(t.Deadline) || t.over() {
		return s
	}
	s.Tracking.TimedOut = true
	s.tell(StateUpdate{Report: Report{State: StateExpired, Err: DLRTimeout, DoneAt: t.Deadline}, Synthetic: true})
	s.refundIf(policy.Timeout)
	return s
}

// over reports whether a final state was told.
func (t *Tracking) over() bool { return t.Reported || t.TimedOut }

// Report returns what follows from a report that comes at an instant. The deadline is
// looked at first, so that it makes no difference whether At was called in time. A state or
// a part that there is none of says nothing.
func (t Tracking) Report(r Report, now time.Time, policy RefundPolicy) TrackingStep {
	s := t.At(now, policy)
	switch t := &s.Tracking; {
	case !r.State.IsKnown() || t.heard(r.Part):
	case r.Final():
		s.end(r, policy)
	case !t.over() && (t.Seq == 0 || t.State.before(r.State)):
		r.Part = 0
		s.tell(StateUpdate{Report: r})
	}
	return s
}

// heard reports whether nothing more counts of a part: its last word was said, or there is no
// such part.
func (t *Tracking) heard(part int) bool {
	return t.Reported || part < 0 || part > max(t.Parts, 1) || slices.Contains(t.Ended, part)
}

// end takes a final report, the first of its part, or of all parts that had none.
func (s *TrackingStep) end(r Report, policy RefundPolicy) {
	t, ended := &s.Tracking, 1
	if r.Part == 0 {
		ended = max(t.Parts, 1) - len(t.Ended)
	}
	if r.State == StateDelivered {
		t.Delivered += ended
	}
	t.Worst = t.worst(r)
	if len(t.Ended)+ended < t.Parts {
		t.Ended = append(slices.Clone(t.Ended), r.Part)
		return
	}
	t.Ended = nil
	s.close(t.Worst, policy)
}

// worst returns the worst end of a part so far, at the instant of the last one.
func (t *Tracking) worst(r Report) Report {
	worst, done := r, r.DoneAt
	if len(t.Ended) > 0 {
		if !r.State.worseThan(t.Worst.State) {
			worst = t.Worst
		}
		if t.Worst.DoneAt.After(done) {
			done = t.Worst.DoneAt
		}
	}
	worst.DoneAt, worst.Part = done, 0
	return worst
}

// close takes the final report.
func (s *TrackingStep) close(r Report, policy RefundPolicy) {
	t := &s.Tracking
	t.Reported = true
	if t.TimedOut {
		t.Late = r.State
	}
	s.tell(StateUpdate{Report: r, Late: t.TimedOut})
	s.refundIf(policy.States.Has(r.State))
}

func (s *TrackingStep) tell(u StateUpdate) {
	t := &s.Tracking
	t.Seq++
	u.Seq, u.Parts, u.Delivered = t.Seq, t.Parts, t.Delivered
	if !u.Late {
		t.State = u.State
	}
	s.Updates = append(s.Updates, u)
}

func (s *TrackingStep) refundIf(due bool) {
	if due && !s.Tracking.Refunded {
		s.Tracking.Refunded, s.Refund = true, true
	}
}
