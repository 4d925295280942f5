package message

import (
	"time"

	"github.com/clientaccount/clientaccount/account"
)

// Failure is why a message could not be handed to a network, as the client is told.
type Failure struct {
	State account.MessageState `json:"state"` // REJECTD or UNDELIV
	Err   string               `json:"err"`   // error code
}

// Unsent notes that no network took the message: the hold is released, and the client told.
//
// Errors: account.Faults; account.ErrNotFound for the zero Message; a
// [*ContradictionError] for a message that was sent, and for one that was unsent for
// another reason, which is account.ErrReused.
func (m Message) Unsent(f Failure, now time.Time) (Step, error) {
	if m.ID == "" {
		return Step{}, account.ErrNotFound
	}
	if faults := f.Faults(); faults != nil {
		return Step{}, faults
	}
	switch last := m.Tracking.Worst; {
	case m.IsSent():
		return Step{}, m.contradiction(ContradictionError{Code: CodeUnsentSent})
	case m.Tracking.Reported && (Failure{last.State, last.Err}) != f:
		return Step{}, m.contradiction(ContradictionError{Code: CodeUnsentOther})
	}
	s := Step{Message: m}
	s.track(m.Tracking.Report(account.Report{State: f.State, Err: f.Err, DoneAt: now}, now, m.policy()), now)
	s.end(now)
	return s, nil
}
