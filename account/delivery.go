package account

import "time"

// DLRDeadline is when the wait for a message's final report ends: so many days of 24
// hours after it was dispatched. It is kept with the message, so that a later edit of
// the days changes only later messages.
func (s Settings) DLRDeadline(dispatchedAt time.Time) time.Time {
	return dispatchedAt.Add(time.Duration(s.DLRDays.Value) * 24 * time.Hour)
}

// DLRTimeout is the error code of the synthetic EXPIRED.
const DLRTimeout = "dlr-timeout"

// Report is what the network says of a message.
type Report struct {
	State  MessageState
	Err    string    // the network's error code
	DoneAt time.Time // when the message came into the state, by the network's clock
}

// StateUpdate is a state that the client is to be told.
type StateUpdate struct {
	Report
	Seq       int64 // 1, 2, 3 within the message
	Late      bool  // a real final report after the synthetic EXPIRED
	Synthetic bool  // made here, because no final report came in time
}

// RefundPolicy is for which ends of a message the host gives its money back. The zero
// RefundPolicy gives nothing back.
type RefundPolicy struct {
	States  StateSet // final states that the network reported, in time or late
	Timeout bool     // no final report came in time
}

// Delivery is how far the client of one message has been told what became of it. The
// host keeps it with the message, and hands in every report in the order in which
// they come; networks repeat them and let them overtake one another. It is a plain
// value. Make it with [NewDelivery]; the zero Delivery waits without end.
//
//   - States only move forward: SCHEDULED, ENROUTE, UNKNOWN, each told once at most,
//     then one final state.
//   - Without a final report by the deadline, the state is a synthetic EXPIRED.
//   - The first final report after that is told as well, flagged late. State stays
//     EXPIRED, and Late has what was reported.
//   - The first final report is the network's last word. Another one, the same or
//     not, is not told: what was charged, refunded and told depends on the first.
type Delivery struct {
	Deadline time.Time    // the first instant at which the wait is over; zero: never
	State    MessageState // told last, late ones apart
	Seq      int64        // of the last update; 0 when nothing was told
	Reported bool         // a final report has come
	TimedOut bool         // the synthetic EXPIRED was told
	Late     MessageState // what was reported after it; counts if TimedOut and Reported
	Refunded bool         // a refund was advised
}

// NewDelivery is that of a message just dispatched; the deadline is that of
// [Settings.DLRDeadline].
func NewDelivery(deadline time.Time) Delivery { return Delivery{Deadline: deadline} }

// DeliveryStep is what follows from a report or the passing of time.
type DeliveryStep struct {
	Delivery Delivery      // to be kept
	Updates  []StateUpdate // to be told, in this order; nil for nothing
	Refund   bool          // the policy gives the money back; at most once per message
}

// At is what follows from the passing of time alone: after the deadline, once, the
// synthetic EXPIRED. A host calls it when the deadline has come.
func (d Delivery) At(now time.Time, policy RefundPolicy) DeliveryStep {
	s := DeliveryStep{Delivery: d}
	if d.Deadline.IsZero() || now.Before(d.Deadline) || d.State.Final() {
		return s
	}
	s.Delivery.TimedOut = true
	s.tell(StateUpdate{Report: Report{StateExpired, DLRTimeout, d.Deadline}, Synthetic: true})
	s.refundIf(policy.Timeout)
	return s
}

// Report is what follows from a report that comes at an instant. The deadline is
// judged first, so that it makes no difference whether At was called in time.
func (d Delivery) Report(r Report, now time.Time, policy RefundPolicy) DeliveryStep {
	s := d.At(now, policy)
	switch d := &s.Delivery; {
	case !r.State.IsKnown():
	case r.State.Final():
		s.close(r, policy)
	case !d.State.Final() && (d.Seq == 0 || r.State > d.State):
		s.tell(StateUpdate{Report: r})
	}
	return s
}

// close takes a final report, if it is the first.
func (s *DeliveryStep) close(r Report, policy RefundPolicy) {
	d := &s.Delivery
	if d.Reported {
		return
	}
	d.Reported = true
	if d.TimedOut {
		d.Late = r.State
	}
	s.tell(StateUpdate{Report: r, Late: d.TimedOut})
	s.refundIf(policy.States.Has(r.State))
}

func (s *DeliveryStep) tell(u StateUpdate) {
	s.Delivery.Seq++
	u.Seq = s.Delivery.Seq
	if !u.Late {
		s.Delivery.State = u.State
	}
	s.Updates = append(s.Updates, u)
}

func (s *DeliveryStep) refundIf(due bool) {
	if due && !s.Delivery.Refunded {
		s.Delivery.Refunded, s.Refund = true, true
	}
}
