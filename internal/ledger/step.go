package ledger

import (
	"time"

	"github.com/shopspring/decimal"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/internal/bounds"
	"github.com/clientaccount/clientaccount/store"
)

// Step is what one movement does to one account.
type Step struct {
	Balance account.Balance // after it
	Entry   account.Entry   // to be written
	Hold    *account.Hold   // a new one, else nil
	Ended   string          // reference of a hold that stands no longer, else empty
	Events  []account.Event // that follow from it
}

// step returns what an admitted movement does to the account whose money moves.
func (m *move) step(b account.Balance) (s Step, err error) {
	moved, held := m.effect()
	s.Balance = b
	after := &s.Balance
	after.Version++
	after.Entries++
	after.Amount, after.Held = plus(b.Amount, moved), plus(b.Held, held)
	if !bounds.Range(after.Amount) || !bounds.Range(after.Held) {
		return Step{}, outOfRange()
	}
	e := &s.Entry
	m.note(e)
	e.Account, e.Number, e.Limit = b.Account, after.Entries, b.Terms.LimitAt(m.now)
	e.Amount, e.After, e.Held, e.HeldAfter = moved, after.Amount, held, after.Held
	s.setHold(m)
	s.setTime()
	s.Events = notice(after, after.Available(m.now), m.now)
	return s, nil
}

func outOfRange() account.Faults {
	return account.Faults{account.NewFault("amount", "amount.range")}
}

// note puts into an entry what the movement says; its effect is still missing.
func (m *move) note(e *account.Entry) {
	e.Kind, e.Messages, e.Reference, e.Fingerprint = m.movement.Kind, m.movement.Messages, m.movement.Reference, Fingerprint(m.movement)
	e.Actor, e.Second, e.Reason = m.movement.Actor, m.movement.Second, m.movement.Reason
	e.Hold, e.Of, e.Other, e.At = m.movement.Hold, m.movement.Of, m.movement.Other, m.now
	if m.kind.Makes {
		e.Until = m.now.Add(m.timeout())
	}
}

func (m *move) timeout() time.Duration {
	if m.movement.Timeout == 0 {
		return account.DefaultHoldTimeout
	}
	return m.movement.Timeout.Truncate(time.Microsecond)
}

// setHold notes the hold that the movement makes or ends.
func (s *Step) setHold(m *move) {
	if m.kind.Ends {
		s.Ended = m.movement.Hold
	}
	if !m.kind.Makes {
		return
	}
	s.Hold = &account.Hold{
		Account: s.Entry.Account, Reference: s.Entry.Reference, Amount: m.amount,
		Messages: m.movement.Messages, At: s.Entry.At, Until: s.Entry.Until, Chain: s.Entry.Chain,
	}
	if b := &s.Balance; b.Expires.IsZero() || s.Hold.Until.Before(b.Expires) {
		b.Expires = s.Hold.Until
	}
}

// setTime moves the entry to the time of the one before, where the clock was set back, or
// is another process's that is slow: entries ascend in time as their numbers do, so that
// what lies between two instants lies between two numbers.
func (s *Step) setTime() {
	if s.Entry.At.Before(s.Balance.At) {
		s.Entry.At = s.Balance.At
	}
	s.Balance.At = s.Entry.At
}

// AddTo appends what the step does to a posting, whose balance stays the caller's to set.
func (s Step) AddTo(p *store.Posting) {
	p.Entries = append(p.Entries, s.Entry)
	p.Events = append(p.Events, s.Events...)
	if s.Hold != nil {
		p.Holds = append(p.Holds, *s.Hold)
	}
	if s.Ended != "" && !unmake(p, s.Ended) {
		p.Ended = append(p.Ended, s.Ended)
	}
}

// unmake takes out a hold that the posting itself makes, and reports whether it did.
func unmake(p *store.Posting, reference string) bool {
	for i, hold := range p.Holds {
		if hold.Reference == reference {
			p.Holds = append(p.Holds[:i:i], p.Holds[i+1:]...)
			return true
		}
	}
	return false
}

// plus spares what adding zero would cost.
func plus(a, b decimal.Decimal) decimal.Decimal {
	if b.IsZero() {
		return a
	}
	return a.Add(b)
}
