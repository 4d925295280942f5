// Package ledger is the engine of the money rule: what a movement does to the balances,
// entries, holds and events of the accounts that it concerns. It is pure: no I/O, no
// clock; whoever calls it has read the balances, and writes the steps.
package ledger

import (
	"errors"
	"slices"
	"time"

	"github.com/shopspring/decimal"

	"github.com/clientaccount/clientaccount/account"
)

// Refusals of a movement that only the order in which it is applied can cause: callers
// never see them. Compare with errors.Is.
var (
	// ErrDue: a hold has timed out and must be ended first.
	ErrDue = errors.New("ledger: a hold has timed out")
	// ErrNotDue: a hold that has not timed out cannot expire.
	ErrNotDue = errors.New("ledger: the hold has not timed out")
)

// Against is what a movement refers to, as far as it was found.
type Against struct {
	Hold    *account.Hold   // Capture, Release, Expire: the hold, if no entry ended it; Refund of a capture: its hold
	Entry   *account.Entry  // Refund: the entry of the number
	Refunds []account.Entry // Refund: those of the entry so far
	Checked bool            // the movement has no Faults by itself, as who asks has seen: they are not looked for again
}

// move is a movement that is being applied.
type move struct {
	movement account.Movement
	kind     account.Traits
	on       Against
	amount   decimal.Decimal // that it is about; see resolve
	now      time.Time
}

// Apply checks a movement of an account with money of its own, and works out what
// it does. A hold that stands can always be captured or released, and refunds and
// top-ups always work; only a closed account refuses those too. The error is a
// refusal: account.Faults for a movement that makes no sense, else one of the errors of
// packages account and ledger. A refused movement changes nothing.
func Apply(b account.Balance, m account.Movement, on Against, now time.Time) (Step, error) {
	moving := move{movement: m, kind: m.Kind.Traits(), on: on, now: now}
	if err := moving.resolve(b.Terms); err != nil {
		return Step{}, err
	}
	if err := moving.admit(&b); err != nil {
		return Step{}, err
	}
	return moving.step(b)
}

// resolve finds the amount that the movement is about, with what it refers to. The error
// is a refusal under the terms of the account that it is of.
func (m *move) resolve(t account.Terms) (err error) {
	if faults := m.faultsIn(t.Currency); len(faults) > 0 {
		return faults
	}
	if m.amount, err = m.amountOf(); err != nil && t.Closed {
		return account.ErrClosed
	}
	return err
}

// faultsIn returns the faults of the movement, and what is wrong for an account of a
// currency. That callers cannot ask for it is no fault: nobody asks for [Expiry] and
// [Received].
func (m *move) faultsIn(c account.Currency) (faults account.Faults) {
	if !m.on.Checked || m.kind.Kind == "" { // a kind without a row is never right
		faults = m.movement.Faults()
	}
	if !m.kind.Callers {
		faults = slices.DeleteFunc(faults, func(f account.Fault) bool { return f.Code == "kind.internal" })
	}
	if m.movement.Currency != "" && m.movement.Currency != c {
		faults = append(faults, account.NewFault("currency", "amount.currency", string(c)))
	}
	return faults
}

func (m *move) amountOf() (decimal.Decimal, error) {
	amount, err := m.movement.Total()
	_, priced := m.movement.Price.Get()
	switch {
	case err != nil:
		return decimal.Zero, err
	case m.kind.Ends && m.on.Hold == nil:
		return decimal.Zero, account.ErrHold
	case m.kind.Ends && m.kind.Amount == account.AmountOptional && amount.IsZero() && !priced:
		return m.on.Hold.Amount, nil
	case m.kind.Refunds:
		return m.on.refund(amount)
	default:
		return amount, nil
	}
}

// refund returns the amount to give back: what was asked for, if so much is left of the
// entry, or all that is left.
func (on Against) refund(amount decimal.Decimal) (decimal.Decimal, error) {
	if on.Entry == nil || !on.Entry.Kind.Traits().Refundable {
		return decimal.Zero, account.ErrRefund
	}
	left := on.Entry.Moved().Neg()
	if !left.IsPositive() || len(on.Entry.Chain) > 0 && on.Entry.Chain[0] != on.Entry.Account {
		return decimal.Zero, account.ErrRefund
	}
	for i := range on.Refunds {
		left = left.Sub(on.Refunds[i].Moved())
	}
	switch {
	case amount.GreaterThan(left), !left.IsPositive():
		return decimal.Zero, account.ErrRefundAmount
	case amount.IsZero():
		return left, nil
	default:
		return amount, nil
	}
}

// admit returns the refusal of a movement of money of one's own, or nil.
func (m *move) admit(b *account.Balance) error {
	if err := m.admitAny(&b.Terms, b.Expires); err != nil {
		return err
	}
	needed, asked := m.needed()
	if !asked {
		return nil
	}
	available := b.Available(m.now)
	if needed.LessThanOrEqual(available) { // the money rule
		return nil
	}
	return &account.ExhaustedError{Account: b.Account, Needed: needed, Available: available}
}

// needed returns what has to be available, and whether anything has to be.
func (m *move) needed() (decimal.Decimal, bool) {
	switch m.kind.Funds {
	case account.FundsNone:
		return decimal.Zero, false
	case account.FundsDown:
		return m.amount.Neg(), m.amount.IsNegative() && !m.movement.PassLimit
	case account.FundsRest:
		rest := m.amount.Sub(m.on.Hold.Amount)
		return rest, rest.IsPositive()
	default: // account.FundsWhole
		return m.amount, true
	}
}

// admitAny returns the refusal that has nothing to do with how much there is, or nil. expires
// is when the first hold of the account times out.
func (m *move) admitAny(t *account.Terms, expires time.Time) error {
	switch {
	case t.Closed:
		return account.ErrClosed
	case !m.kind.AtTimeout && isDue(expires, m.now):
		return ErrDue
	case m.kind.AtTimeout && m.on.Hold.Stands(m.now):
		return ErrNotDue
	case m.kind.Ends && !m.kind.AtTimeout && !m.on.Hold.Stands(m.now):
		return account.ErrHold
	case m.kind.Ends && !m.movement.More && m.amount.GreaterThan(m.on.Hold.Amount):
		return account.ErrHoldAmount
	case !t.Shares.IsZero() && m.kind.Shared != account.SharingSettles:
		return account.ErrShared
	default:
		return nil
	}
}

// effect returns what the movement adds to the balance and to what is held.
func (m *move) effect() (moved, held decimal.Decimal) {
	switch {
	case m.kind.Balance > 0:
		moved = m.amount
	case m.kind.Balance < 0:
		moved = m.amount.Neg()
	}
	switch {
	case m.kind.Makes:
		held = m.amount
	case m.kind.Ends:
		held = m.on.Hold.Amount.Neg()
	}
	return moved, held
}
