package message

import (
	"time"

	"github.com/clientaccount/clientaccount/account"
)

// Step is what follows from a call: all of it is to be written together, or nothing.
type Step struct {
	Message Message `json:"message"` // to be kept, once the entry of Movement is noted, see [Message.Note]
	Changed bool    `json:"changed"` // something follows at all; else the call was a repeat
	// Updates are what the client is to be told, in this order; nil for nothing.
	Updates []account.StateUpdate `json:"updates"`
	// Movement is what the money is to do; its Kind is empty for nothing. Who asks and why is
	// the caller's to add. Where a release fails with account.ErrHold, the hold has ended by
	// itself: the step is kept without it. Any other failure is the call's, and nothing of
	// the step is kept.
	Movement account.Movement `json:"movement"`
}

// SendTimeout is the error code of the EXPIRED of a message that was handed to no network
// in time; of one whose reports did not come it is account.DLRTimeout.
const SendTimeout = "send-timeout"

// At lets time pass: once [Message.Due] has come, the message ends.
func (m Message) At(now time.Time) Step {
	s := Step{Message: m}
	s.pass(now)
	s.end(now)
	return s
}

// end ends a call: the money follows, and the version.
func (s *Step) end(now time.Time) {
	s.settle(now)
	if s.Changed {
		s.Message.Version++
	}
}

// pass looks at the time, which is the first thing in every call.
func (s *Step) pass(now time.Time) {
	if s.Message.ID != "" {
		s.track(s.Message.Tracking.At(now, s.Message.policy()), now)
	}
}

// policy returns what is given back of what was taken; by delivered nothing is.
func (m *Message) policy() account.RefundPolicy {
	if !m.IsSent() || m.Pricing == PricingDelivered {
		return account.RefundPolicy{}
	}
	return m.Refunds
}

// track takes what tracking made of a report, or of the time.
func (s *Step) track(t account.TrackingStep, now time.Time) {
	m := &s.Message
	before := m.Tracking
	m.Tracking = t.Tracking
	s.Changed = s.Changed || len(t.Updates) > 0 || len(before.Ended) != len(m.Tracking.Ended)
	for _, u := range t.Updates {
		if u.Synthetic && !m.IsSent() {
			u.Err = SendTimeout
		}
		if !u.Late {
			m.Err = u.Err
		}
		s.Updates = append(s.Updates, u)
	}
	switch {
	case !m.over() || !m.EndedAt.IsZero():
	case m.Tracking.TimedOut:
		m.EndedAt = m.Tracking.Deadline
	default:
		m.EndedAt = now
	}
}
