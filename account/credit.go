package account

import (
	"errors"
	"fmt"
	"time"

	"github.com/shopspring/decimal"
)

// The money rule, whole:
//
//	available(now) = balance - held + credit + (overdraw while now < its end, else 0)
//	a charge or a hold of amount is allowed  <=>  amount <= available(now)
//
// Equality passes. Everything else here is bookkeeping around it.

// Terms are the settings that the money rule reads.
type Terms struct {
	Credit       decimal.Decimal // effective credit limit, 0 or more
	Overdraw     decimal.Decimal // 0 or more
	OverdrawEnds time.Time       // the first instant at which Overdraw no longer counts
	Closed       bool            // a closed account refuses every movement
}

// OverdrawAt is the overdraw that counts at an instant.
func (t Terms) OverdrawAt(now time.Time) decimal.Decimal {
	if now.Before(t.OverdrawEnds) {
		return t.Overdraw
	}
	return decimal.Zero
}

// Balance is what an account has and may spend. It is a value: [Balance.Apply]
// gives the next one. The zero Balance has nothing and may spend nothing.
type Balance struct {
	Account ID
	Version int64 // moves on with every change of anything here
	Entries int64 // number of the last entry; entries are numbered 1, 2, 3
	Amount  decimal.Decimal
	Held    decimal.Decimal // the sum of all holds that were not ended by an entry
	Expires time.Time       // the earliest time-out among those holds; zero without any
	Terms   Terms
}

// Available is what may be spent at an instant. Below zero nothing may.
func (b Balance) Available(now time.Time) decimal.Decimal {
	return b.Amount.Sub(b.Held).Add(b.Terms.Credit).Add(b.Terms.OverdrawAt(now))
}

// Allows is the money rule: whether a charge or a hold of amount may go.
func (b Balance) Allows(amount decimal.Decimal, now time.Time) bool {
	return amount.LessThanOrEqual(b.Available(now))
}

// Used is how much of the credit and of the overdraw a negative balance draws on:
// credit first. What lies beyond both limits counts as overdraw.
func (b Balance) Used() (credit, overdraw decimal.Decimal) {
	debt := decimal.Max(b.Amount.Neg(), decimal.Zero)
	credit = decimal.Min(debt, b.Terms.Credit)
	return credit, debt.Sub(credit)
}

// Due says whether a hold has timed out that no entry ended yet. Such holds are
// ended first, each by an entry, before anything else is applied.
func (b Balance) Due(now time.Time) bool { return !b.Expires.IsZero() && !now.Before(b.Expires) }

// Refusals of a movement. Compare with errors.Is.
var (
	// ErrExhausted: more than is available.
	ErrExhausted = errors.New("account: more than is available")
	// ErrClosed: the account is closed.
	ErrClosed = errors.New("account: closed")
	// ErrHold: there is no such hold, or it has ended.
	ErrHold = errors.New("account: no such hold stands")
	// ErrHoldAmount: a capture is larger than its hold, and More was not said.
	ErrHoldAmount = errors.New("account: more than the hold")
	// ErrDue: a hold has timed out and must be ended first.
	ErrDue = errors.New("account: a hold has timed out")
	// ErrNotDue: a hold that has not timed out cannot expire.
	ErrNotDue = errors.New("account: the hold has not timed out")
)

// ExhaustedError is a refusal of the money rule. It is ErrExhausted.
type ExhaustedError struct {
	Needed    decimal.Decimal
	Available decimal.Decimal
}

// Error gives both amounts.
func (e *ExhaustedError) Error() string {
	return fmt.Sprintf("account: %s needed, %s available", e.Needed, e.Available)
}

// Unwrap is ErrExhausted.
func (e *ExhaustedError) Unwrap() error { return ErrExhausted }

// Apply is the balance after a movement and the entry to write, or the refusal.
// hold is the hold that a capture, release or expiry ends. A hold that stands can
// always be captured or released, and refunds and top-ups always work; only a
// closed account refuses those too. The error is a refusal, or a [Rule] for a
// movement that makes no sense: kind, negative, scale, range, or until (a hold
// that would be over at once). A refused movement leaves the balance as it was.
func (b Balance) Apply(m Movement, hold *Hold, now time.Time) (Balance, Entry, error) {
	if err := m.check(now); err != nil {
		return b, Entry{}, err
	}
	if err := b.admit(m, hold, now); err != nil {
		return b, Entry{}, err
	}
	amount, held := m.effect(hold)
	after := b
	after.Version++
	after.Entries++
	after.Amount = b.Amount.Add(amount)
	after.Held = b.Held.Add(held)
	if m.Kind == HoldFunds && (b.Expires.IsZero() || m.Until.Before(b.Expires)) {
		after.Expires = m.Until
	}
	if !FitsAmount(after.Amount) || !FitsAmount(after.Held) {
		return b, Entry{}, Rule("range")
	}
	return after, Entry{
		Account: m.Account, Number: after.Entries, Kind: m.Kind,
		Amount: amount, Held: held, After: after.Amount, HeldAfter: after.Held,
		Messages: m.Messages, Reference: m.Reference, Fingerprint: m.Fingerprint(),
		Actor: m.Actor, Reason: m.Reason, Hold: m.Hold, Until: m.Until, Of: m.Of, At: now,
	}, nil
}

// check is the Rule that a movement breaks by itself, or nil.
func (m Movement) check(now time.Time) error {
	switch {
	case !m.Kind.known():
		return Rule("kind")
	case !FitsRange(m.Amount):
		return Rule("range")
	case Scale(m.Amount) > MaxScale:
		return Rule("scale")
	case m.Amount.IsNegative() && m.Kind != Adjust:
		return Rule("negative")
	case m.Kind == HoldFunds && !now.Before(m.Until):
		return Rule("until")
	default:
		return nil
	}
}

// admit is the refusal of a movement, or nil.
func (b Balance) admit(m Movement, hold *Hold, now time.Time) error {
	standing := hold != nil && hold.Ended == ""
	switch {
	case b.Terms.Closed:
		return ErrClosed
	case m.Kind != Expire && b.Due(now):
		return ErrDue
	case m.endsHold() && !standing:
		return ErrHold
	case m.Kind == Expire && now.Before(hold.Until):
		return ErrNotDue
	case m.Kind == Capture && m.Amount.GreaterThan(hold.Amount):
		return b.admitMore(m, hold, now)
	case m.needsFunds() && !b.Allows(m.Amount.Abs(), now):
		return &ExhaustedError{Needed: m.Amount.Abs(), Available: b.Available(now)}
	default:
		return nil
	}
}

// admitMore judges the part of a capture that its hold does not cover.
func (b Balance) admitMore(m Movement, hold *Hold, now time.Time) error {
	if !m.More {
		return ErrHoldAmount
	}
	if rest := m.Amount.Sub(hold.Amount); !b.Allows(rest, now) {
		return &ExhaustedError{Needed: rest, Available: b.Available(now)}
	}
	return nil
}

// needsFunds says whether the movement is under the money rule.
func (m Movement) needsFunds() bool {
	switch m.Kind {
	case Charge, HoldFunds, TransferOut:
		return true
	case Adjust:
		return m.Amount.IsNegative() && !m.PassLimit
	default:
		return false
	}
}

func (m Movement) endsHold() bool {
	return m.Kind == Capture || m.Kind == Release || m.Kind == Expire
}

// effect is what the movement adds to the balance and to what is held.
func (m Movement) effect(hold *Hold) (amount, held decimal.Decimal) {
	switch m.Kind {
	case Charge, TransferOut:
		return m.Amount.Neg(), decimal.Zero
	case HoldFunds:
		return decimal.Zero, m.Amount
	case Capture:
		return m.Amount.Neg(), hold.Amount.Neg()
	case Release, Expire:
		return decimal.Zero, hold.Amount.Neg()
	default: // TopUp, Adjust, Refund, TransferIn; check knows no others
		return m.Amount, decimal.Zero
	}
}
