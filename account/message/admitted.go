package message

import (
	"time"

	"github.com/clientaccount/clientaccount/account"
)

// Admitted begins a message, called on the zero Message: it was decided that it may go, on
// these terms, and its price is to be held. Called on a message that is kept it is a repeat,
// whatever the terms are by then; one that [Message.IsSent] is not to be sent again.
//
// Errors: account.Faults; a [*ContradictionError] for another envelope, which is
// account.ErrReused, and for a message that ended without being sent, which is
// account.ErrHold, as nothing is held for it any more.
func (m Message) Admitted(e Envelope, t Terms, now time.Time) (Step, error) {
	if t.Pricing == "" {
		t.Pricing = PricingSent
	}
	if faults := append(e.Faults(), t.Faults()...); faults != nil {
		return Step{}, faults
	}
	if m.ID != "" {
		return m.admittedAgain(e, now)
	}
	s := Step{Message: Message{Envelope: e, Terms: t, AdmittedAt: now}}
	s.Message.Tracking = account.NewTracking(now.Add(t.sendWithin()), e.Parts)
	s.end(now)
	return s, nil
}

func (m *Message) admittedAgain(e Envelope, now time.Time) (Step, error) {
	if path := m.Envelope.differs(e); path != "" {
		return Step{}, m.contradiction(ContradictionError{Code: CodeAdmittedOther, Path: path})
	}
	s := m.At(now)
	if stage := s.Message.Stage(); stage == StageUnsent || stage == StageTimedOut {
		return Step{}, m.contradiction(ContradictionError{Code: CodeAdmittedOver})
	}
	return s, nil
}
