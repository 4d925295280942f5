package message

import (
	"time"

	"github.com/clientaccount/clientaccount/account"
)

// Handover is what a network took of a message, and what it calls it.
type Handover struct {
	Network string `json:"network"` // the host's name for it
	// IDs are the network's: one for all of the message, or one for each part; none of a
	// network that gives none, and that so reports nothing.
	IDs []string `json:"ids"`
	// Part is the part that the first id stands for, from 1; 0: all of the message if it
	// is the only one, else part 1.
	Part int `json:"part"`
}

// Sent notes that a network took the message, or parts of it: it is paid for, and the wait
// for reports begins. Early are the reports that came for these ids before, in the order
// in which they came. Other parts may be handed to other networks, by a Sent of each. Parts
// that nobody takes are reported REJECTD by the host, under an id that it makes up.
//
// Errors: account.Faults; account.ErrNotFound for the zero Message; a
// [*ContradictionError] for a part that was handed over under another id, which is
// account.ErrReused, and for a message that was unsent or timed out, which is
// account.ErrHold: it is not paid for.
func (m Message) Sent(h Handover, early []Early, now time.Time) (Step, error) {
	if m.ID == "" {
		return Step{}, account.ErrNotFound
	}
	if faults := h.Faults(m.Parts); faults != nil {
		return Step{}, faults
	}
	s := Step{Message: m}
	s.pass(now)
	switch s.Message.Stage() {
	case StageUnsent:
		return Step{}, m.contradiction(ContradictionError{Code: CodeSentUnsent})
	case StageTimedOut:
		return Step{}, m.contradiction(ContradictionError{Code: CodeSentTimedOut})
	}
	ids, err := m.NetworkIDs.with(h.ids(m.Parts))
	if err != nil {
		return Step{}, m.contradiction(*err)
	}
	s.hand(ids, now)
	s.hearEarly(early, now)
	s.end(now)
	return s, nil
}

// hand notes the networks' ids, and that the wait for reports begins.
func (s *Step) hand(ids NetworkIDs, now time.Time) {
	m := &s.Message
	s.Changed = s.Changed || !m.IsSent() || len(ids) > len(m.NetworkIDs)
	m.NetworkIDs = ids
	if !m.IsSent() {
		m.SentAt, m.Tracking.Deadline = now, now.Add(m.Wait)
	}
}
