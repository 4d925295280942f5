package accounttest

import (
	"math/big"
	"time"

	"github.com/clientaccount/clientaccount/account"
)

// Ledger is the money rule written a second time, slowly and plainly: an
// account's whole history is kept, every question is answered by going through
// it from the start, and amounts are fractions of math/big. Tests compare
// everything else with it.
type Ledger struct {
	Terms   account.Terms
	history []line
}

// line is one movement that was accepted, with its amount settled.
type line struct {
	movement account.Movement
	at       time.Time
}

// until is when a hold times out.
func (l line) until() time.Time { return l.at.Add(l.movement.Timeout) }

// Balance is the sum of everything that moved the balance.
func (l *Ledger) Balance() *big.Rat {
	sum := new(big.Rat)
	for _, past := range l.history {
		amount := rat(past.movement)
		switch past.movement.Kind {
		case account.TopUp, account.Refund, account.Adjust, account.TransferIn:
			sum.Add(sum, amount)
		case account.Charge, account.Capture, account.TransferOut:
			sum.Sub(sum, amount)
		}
	}
	return sum
}

// Held is the sum of the holds that stand at an instant.
func (l *Ledger) Held(now time.Time) *big.Rat {
	sum := new(big.Rat)
	for _, past := range l.history {
		if past.movement.Kind == account.HoldFunds && l.stands(past, now) {
			sum.Add(sum, rat(past.movement))
		}
	}
	return sum
}

// Available is what may be spent at an instant.
func (l *Ledger) Available(now time.Time) *big.Rat {
	sum := l.Balance()
	sum.Sub(sum, l.Held(now))
	sum.Add(sum, l.Terms.Credit.Rat())
	if now.Before(l.Terms.OverdrawEnds) {
		sum.Add(sum, l.Terms.Overdraw.Rat())
	}
	return sum
}

// Do accepts the movement and records it, or says why not with the errors of
// account.Balance.Apply. Holds name their time-out.
func (l *Ledger) Do(m account.Movement, now time.Time) error {
	if hold, found := l.hold(m.Hold); found && m.Kind == account.Capture && m.Amount.IsZero() {
		m.Amount = hold.movement.Amount
	}
	err := l.judge(m, now)
	if err == nil {
		l.history = append(l.history, line{m, now})
	}
	return err
}

func (l *Ledger) judge(m account.Movement, now time.Time) error {
	needed := rat(m)
	switch m.Kind {
	case account.Capture, account.Release:
		hold, found := l.hold(m.Hold)
		if !found || !l.stands(hold, now) {
			return l.unlessClosed(account.ErrHold)
		}
		needed.Sub(needed, rat(hold.movement))
		if m.Kind == account.Release || needed.Sign() <= 0 {
			return l.unlessClosed(nil)
		}
		if !m.More {
			return l.unlessClosed(account.ErrHoldAmount)
		}
	case account.Adjust:
		needed.Neg(needed)
		if needed.Sign() <= 0 || m.PassLimit {
			return l.unlessClosed(nil)
		}
	case account.Charge, account.HoldFunds, account.TransferOut:
	default:
		return l.unlessClosed(nil)
	}
	if needed.Cmp(l.Available(now)) > 0 {
		return l.unlessClosed(account.ErrExhausted)
	}
	return l.unlessClosed(nil)
}

func (l *Ledger) unlessClosed(err error) error {
	if l.Terms.Closed {
		return account.ErrClosed
	}
	return err
}

// hold finds a hold by its reference.
func (l *Ledger) hold(reference string) (line, bool) {
	for _, past := range l.history {
		if past.movement.Kind == account.HoldFunds && past.movement.Reference == reference {
			return past, true
		}
	}
	return line{}, false
}

// stands says whether nothing ended the hold by an instant.
func (l *Ledger) stands(hold line, now time.Time) bool {
	for _, past := range l.history {
		ends := past.movement.Kind == account.Capture || past.movement.Kind == account.Release
		if ends && past.movement.Hold == hold.movement.Reference {
			return false
		}
	}
	return now.Before(hold.until())
}

func rat(m account.Movement) *big.Rat { return m.Amount.Rat() }
