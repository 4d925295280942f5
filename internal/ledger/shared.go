package ledger

import (
	"fmt"
	"time"

	"github.com/shopspring/decimal"

	"github.com/clientaccount/clientaccount/account"
)

// Shared money: an account may spend that of the account above it, which may do the
// same. A chain is such accounts, from the one that a movement is asked of up to the one
// that pays. Each of them gets an entry: the payer's moves money, in the others' it
// counts against their monthly caps.

// ApplyShared is [Apply] for a movement that is asked of the first account of a chain and
// paid by the last one. There are two accounts at least. The steps are in
// the order of the chain; either all of them are to be written or none.
//
// Where the month of an account in between is not known (account.ErrZone), it spends
// nothing more. What it spent before can still be settled and given back, but frees
// nothing of its cap.
func ApplyShared(chain []account.Balance, m account.Movement, on Against, now time.Time) ([]Step, error) {
	moving := move{movement: m, kind: m.Kind.Traits(), on: on, now: now}
	if err := moving.resolve(chain[0].Terms); err != nil {
		return nil, err
	}
	if err := moving.admitShared(chain); err != nil {
		return nil, err
	}
	return moving.stepsShared(chain)
}

// admitShared returns the refusal of a movement by any account of the chain, or nil.
func (m *move) admitShared(chain []account.Balance) error {
	last := len(chain) - 1
	for i := range chain {
		t := chain[i].Terms
		t.Shares = account.ID{} // the payer's money is meant, also when it shares by now
		switch {
		case m.kind.Shared != account.SharingNever:
		case t.Closed:
			return account.ErrClosed
		default:
			return account.ErrShared
		}
		if err := m.admitAny(&t, chain[i].Expires); err != nil {
			return err
		}
	}
	for i := range chain[:last] {
		if err := m.admitSpending(&chain[i]); err != nil {
			return err
		}
	}
	payer := chain[last]
	payer.Terms.Shares = account.ID{}
	return m.admit(&payer)
}

// admitSpending returns the refusal of a movement by the cap of an account that does not pay.
func (m *move) admitSpending(b *account.Balance) error {
	needed := m.spends(b)
	if !needed.IsPositive() {
		return nil
	}
	if _, known := monthOf(b, m.now); !known {
		return fmt.Errorf("%w: %q", account.ErrZone, b.Terms.Zone)
	}
	if left, capped := CapLeft(*b, m.now); capped && needed.GreaterThan(left) {
		return &account.ExhaustedError{Account: b.Account, Needed: needed, Available: left, Cap: true}
	}
	return nil
}

// stepsShared returns what an admitted movement does to each account of the chain.
func (m *move) stepsShared(chain []account.Balance) (steps []Step, err error) {
	ids := make([]account.ID, len(chain))
	for i := range chain {
		ids[i] = chain[i].Account
	}
	last := len(chain) - 1
	above := *m
	above.movement = aboveOf(m.movement, ids[0])
	steps = make([]Step, len(chain))
	if steps[last], err = above.step(chain[last]); err != nil {
		return nil, err
	}
	steps[0] = m.link(chain[0])
	for i := 1; i < last; i++ {
		steps[i] = above.link(chain[i])
	}
	print, left := Fingerprint(m.movement), steps[last].Balance.Available(m.now)
	for i := last; i >= 0; i-- {
		steps[i].chained(ids, print)
		if i < last {
			left = leftOf(&steps[i].Balance, left)
			steps[i].Events = notice(&steps[i].Balance, left, m.now)
		}
	}
	return steps, nil
}

// link returns the step of an account that does not pay.
func (m *move) link(b account.Balance) Step {
	spends := m.spends(&b)
	b.Version++
	b.Entries++
	if month, known := monthOf(&b, m.now); known && month > b.Month {
		b.Month, b.Spent = month, decimal.Zero
	}
	b.Spent = b.Spent.Add(spends)
	s := Step{Balance: b}
	e := &s.Entry
	m.note(e)
	e.Account, e.Number = b.Account, b.Entries
	e.After, e.HeldAfter, e.Spent, e.SpentAfter = b.Amount, b.Held, spends, b.Spent
	e.Shared, _ = m.effect()
	s.setHold(m)
	s.setTime()
	return s
}

// chained notes the chain on what the step writes, and what was asked for.
func (s *Step) chained(ids []account.ID, print account.Fingerprint) {
	s.Entry.Chain, s.Entry.Fingerprint = ids, print
	if s.Hold != nil {
		s.Hold.Chain = ids
	}
}

// spends returns what the movement adds to what the account spent this month. What was
// spent in an earlier month stays spent then, whatever is given back later; and so does
// what was spent in a month that is not known.
func (m *move) spends(b *account.Balance) decimal.Decimal {
	since, effect := m.now, m.amount
	switch moved, _ := m.effect(); {
	case m.kind.Ends:
		since, effect = m.on.Hold.At, moved.Neg().Sub(m.on.Hold.Amount)
	case m.kind.Refunds && m.on.Hold != nil: // a capture spends what its hold did, when that was made
		since, effect = m.on.Hold.At, moved.Neg()
	case m.kind.Refunds:
		since, effect = m.on.Entry.At, moved.Neg()
	}
	if effect.IsNegative() && !stillMonth(b, since, m.now) {
		return decimal.Zero
	}
	return effect
}

// CapLeft returns what may still be spent of shared money this month; false without a cap.
func CapLeft(b account.Balance, now time.Time) (decimal.Decimal, bool) {
	limit, capped := b.Terms.Cap.Get()
	if !capped {
		return decimal.Zero, false
	}
	return limit.Sub(SpentAt(b, now)), true
}

// SpentAt returns what was spent of shared money in the month of an instant; in a zone that
// is not known on this machine, in the last month of which something is known.
func SpentAt(b account.Balance, now time.Time) decimal.Decimal {
	if month, known := monthOf(&b, now); known && month > b.Month {
		return decimal.Zero
	}
	return b.Spent
}

// leftOf returns the part of what the accounts above have that an account may spend.
func leftOf(b *account.Balance, above decimal.Decimal) decimal.Decimal {
	limit, capped := b.Terms.Cap.Get()
	if !capped {
		return above
	}
	return decimal.Min(above, limit.Sub(b.Spent))
}

// stillMonth reports whether an instant was in the month of now, or of what was spent last.
func stillMonth(b *account.Balance, since, now time.Time) bool {
	then, _ := monthOf(b, since)
	month, known := monthOf(b, now)
	return known && then >= max(b.Month, month)
}

// monthOf returns the month of an instant on the account's calendar, as in its Month; false
// where its zone is not known on this machine.
func monthOf(b *account.Balance, at time.Time) (int, bool) {
	loc, err := account.LoadZone(b.Terms.Zone)
	if err != nil {
		return 0, false
	}
	year, month, _ := at.In(loc).Date()
	return year*12 + int(month), true
}
