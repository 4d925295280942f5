package account

import (
	"time"

	"github.com/shopspring/decimal"
)

// Against is what a movement refers to, as far as it was found.
type Against struct {
	Hold    *Hold   // Capture, Release, Expire: the hold, if no entry ended it; Refund of a capture: its hold
	Entry   *Entry  // Refund: the entry of the number
	Refunds []Entry // Refund: those of the entry so far
	Checked bool    // the movement has no Faults by itself, as who asks has seen: they are not looked for again
}

// Step is what one movement does to one account.
type Step struct {
	Balance Balance // after it
	Entry   Entry   // to be written
	Hold    *Hold   // a new one, else nil
	Ended   string  // reference of a hold that stands no longer, else empty
	Events  []Event // that follow from it
}

// Apply judges a movement of an account with money of its own, and works out what
// it does. A hold that stands can always be captured or released, and refunds and
// top-ups always work; only a closed account refuses those too. The error is a
// refusal: Faults for a movement that makes no sense, else one of the errors above.
// A refused movement changes nothing.
func (b Balance) Apply(m Movement, on Against, now time.Time) (Step, error) {
	if faults := m.faultsFor(b.Terms.Currency, on.Checked); faults != nil {
		return Step{}, faults
	}
	amount, err := m.resolve(on)
	if err != nil {
		return Step{}, b.unlessClosed(err)
	}
	limit := b.Terms.LimitAt(now)
	if err := b.admit(m, amount, limit, on.Hold, now); err != nil {
		return Step{}, err
	}
	return b.step(m, amount, limit, on.Hold, now)
}

// step is what an admitted movement does, under the limit that counts.
func (b Balance) step(m Movement, amount, limit decimal.Decimal, hold *Hold, now time.Time) (s Step, err error) {
	moved, held := m.effect(amount, hold)
	s.Balance = b
	after := &s.Balance
	after.Version++
	after.Entries++
	after.Amount, after.Held = plus(b.Amount, moved), plus(b.Held, held)
	if !FitsRange(after.Amount) || !FitsRange(after.Held) {
		return Step{}, Faults{NewFault("amount", "amount.range")}
	}
	e := &s.Entry
	m.note(e, now)
	e.Account, e.Number, e.Limit = b.Account, after.Entries, limit
	e.Amount, e.After, e.Held, e.HeldAfter = moved, after.Amount, held, after.Held
	s.setHold(m, amount)
	s.setTime()
	s.Events = after.notice(plus(after.own(), limit), now)
	return s, nil
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

// setHold notes the hold that the movement makes or ends.
func (s *Step) setHold(m Movement, amount decimal.Decimal) {
	row := m.Kind.row()
	if row.Ends {
		s.Ended = m.Hold
	}
	if !row.Makes {
		return
	}
	s.Hold = &Hold{
		Account: s.Entry.Account, Reference: s.Entry.Reference, Amount: amount,
		Messages: m.Messages, At: s.Entry.At, Until: s.Entry.Until, Chain: s.Entry.Chain,
	}
	if b := &s.Balance; b.Expires.IsZero() || s.Hold.Until.Before(b.Expires) {
		b.Expires = s.Hold.Until
	}
}

// note puts into an entry what the movement says; its effect is still missing.
func (m *Movement) note(e *Entry, now time.Time) {
	e.Kind, e.Messages, e.Reference, e.Fingerprint = m.Kind, m.Messages, m.Reference, m.Fingerprint()
	e.Actor, e.Reason, e.Hold, e.Of, e.Other, e.At = m.Actor, m.Reason, m.Hold, m.Of, m.Other, now
	if m.Kind.row().Makes {
		e.Until = now.Add(m.timeout())
	}
}

func (m Movement) timeout() time.Duration {
	if m.Timeout == 0 {
		return DefaultHoldTimeout
	}
	return m.Timeout.Truncate(time.Microsecond)
}

// faultsFor is Faults, and what is wrong for an account of a currency. References
// that are made here are not judged as callers' are.
func (m Movement) faultsFor(c Currency, checked bool) (faults Faults) {
	row := m.Kind.row()
	if m.Kind.IsKnown() && !row.Callers {
		m.ours(row)
	}
	if !checked {
		faults = m.faults(row)
	}
	if m.Currency != "" && m.Currency != c {
		faults = append(faults, NewFault("currency", "amount.currency", string(c)))
	}
	return faults
}

// ours puts names of callers into the place of those that were made here.
func (m *Movement) ours(row *Traits) {
	m.Reference = "ours"
	if row.Ends {
		m.Hold = "ours"
	}
}

// resolve is the amount that the movement is about, with what it refers to.
func (m Movement) resolve(on Against) (decimal.Decimal, error) {
	amount, err := m.Total()
	_, priced := m.Price.Get()
	row := m.Kind.row()
	switch {
	case err != nil:
		return decimal.Zero, err
	case row.Ends && on.Hold == nil:
		return decimal.Zero, ErrHold
	case row.Ends && row.Amount == AmountOptional && amount.IsZero() && !priced:
		return on.Hold.Amount, nil
	case row.Refunds:
		return m.refund(amount, on)
	default:
		return amount, nil
	}
}

// refund is the amount to give back: what was asked for, if so much is left of the
// entry, or all that is left.
func (m Movement) refund(amount decimal.Decimal, on Against) (decimal.Decimal, error) {
	if on.Entry == nil {
		return decimal.Zero, ErrRefund
	}
	left := on.Entry.refundable()
	if !left.IsPositive() || len(on.Entry.Chain) > 0 && on.Entry.Chain[0] != on.Entry.Account {
		return decimal.Zero, ErrRefund
	}
	for _, past := range on.Refunds {
		left = left.Sub(past.Moved())
	}
	switch {
	case amount.GreaterThan(left), !left.IsPositive():
		return decimal.Zero, ErrRefundAmount
	case amount.IsZero():
		return left, nil
	default:
		return amount, nil
	}
}

// admit is the refusal of a movement of money of one's own, or nil.
func (b Balance) admit(m Movement, amount, limit decimal.Decimal, hold *Hold, now time.Time) error {
	if err := b.admitAny(m, amount, hold, now); err != nil {
		return err
	}
	needed, asked := m.needed(amount, hold)
	if !asked {
		return nil
	}
	available := plus(b.own(), limit)
	if needed.LessThanOrEqual(available) { // the money rule
		return nil
	}
	return &ExhaustedError{Account: b.Account, Needed: needed, Available: available}
}

// needed is what has to be available, and whether anything has to be.
func (m *Movement) needed(amount decimal.Decimal, hold *Hold) (decimal.Decimal, bool) {
	switch m.Kind.row().Funds {
	case FundsNone:
		return decimal.Zero, false
	case FundsDown:
		return amount.Neg(), amount.IsNegative() && !m.PassLimit
	case FundsRest:
		rest := amount.Sub(hold.Amount)
		return rest, rest.IsPositive()
	default: // FundsWhole
		return amount, true
	}
}

// admitAny is the refusal that has nothing to do with how much there is, or nil.
func (b Balance) admitAny(m Movement, amount decimal.Decimal, hold *Hold, now time.Time) error {
	row := m.Kind.row()
	switch {
	case b.Terms.Closed:
		return ErrClosed
	case !row.AtTimeout && b.Due(now):
		return ErrDue
	case row.AtTimeout && hold.Stands(now):
		return ErrNotDue
	case row.Ends && !row.AtTimeout && !hold.Stands(now):
		return ErrHold
	case row.Ends && !m.More && amount.GreaterThan(hold.Amount):
		return ErrHoldAmount
	case !b.Terms.Shares.IsZero() && row.Shared != SharingSettles:
		return ErrShared
	default:
		return nil
	}
}

func (b Balance) unlessClosed(err error) error {
	if b.Terms.Closed {
		return ErrClosed
	}
	return err
}

// effect is what the movement adds to the balance and to what is held.
func (m *Movement) effect(amount decimal.Decimal, hold *Hold) (moved, held decimal.Decimal) {
	row := m.Kind.row()
	switch {
	case row.Balance > 0:
		moved = amount
	case row.Balance < 0:
		moved = amount.Neg()
	}
	switch {
	case row.Makes:
		held = amount
	case row.Ends:
		held = hold.Amount.Neg()
	}
	return moved, held
}
