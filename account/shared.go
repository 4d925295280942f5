package account

import (
	"fmt"
	"strings"
	"time"

	"github.com/shopspring/decimal"
)

// Shared money: an account may spend that of the account above it, which may do the
// same. A chain is such accounts, from the one that orders a movement up to the one
// that pays. Each of them gets an entry: the payer's moves money, in the others' it
// counts against their monthly caps.

// ApplyShared is [Balance.Apply] for a movement that the first account of a chain
// orders and the last one pays. There are two accounts at least. The steps are in
// the order of the chain; either all of them are to be written or none.
//
// Where the month of an account in between is not known ([ErrZone]), it spends nothing
// more. What it spent before can still be settled and given back, but frees nothing of
// its cap.
func ApplyShared(chain []Balance, m Movement, on Against, now time.Time) ([]Step, error) {
	if faults := m.faultsFor(chain[0].Terms.Currency, on.Checked); faults != nil {
		return nil, faults
	}
	amount, err := m.resolve(on)
	if err != nil {
		return nil, chain[0].unlessClosed(err)
	}
	if err := admitShared(chain, m, amount, on, now); err != nil {
		return nil, err
	}
	ids := make([]ID, len(chain))
	for i, b := range chain {
		ids[i] = b.Account
	}
	last := len(chain) - 1
	above := m.sharedBy(ids[0])
	steps := make([]Step, len(chain))
	if steps[last], err = chain[last].step(above, amount, chain[last].Terms.LimitAt(now), on.Hold, now); err != nil {
		return nil, err
	}
	for i, b := range chain[:last] {
		if i == 0 {
			steps[i] = b.link(m, amount, on, now)
		} else {
			steps[i] = b.link(above, amount, on, now)
		}
	}
	left := steps[last].Balance.Available(now)
	for i := last; i >= 0; i-- {
		steps[i].chained(ids, m.Fingerprint())
		if i < last {
			left = steps[i].Balance.leftOf(left)
			steps[i].Balance, steps[i].Events = steps[i].Balance.Notice(left, now)
		}
	}
	return steps, nil
}

// admitShared is the refusal of a movement by any account of the chain, or nil.
func admitShared(chain []Balance, m Movement, amount decimal.Decimal, on Against, now time.Time) error {
	last := len(chain) - 1
	for i := range chain {
		b := chain[i]
		b.Terms.Shares = ID{} // the payer's money is meant, also when it shares by now
		if m.Kind.row().Shared == SharingNever {
			return b.unlessClosed(ErrShared)
		}
		if err := b.admitAny(m, amount, on.Hold, now); err != nil {
			return err
		}
	}
	for i, b := range chain[:last] {
		needed := b.spends(m, amount, on, now)
		if _, known := b.monthOf(now); !known && needed.IsPositive() {
			return fmt.Errorf("%w: %q", ErrZone, b.Terms.Zone)
		}
		if left, capped := b.CapLeft(now); capped {
			if needed.IsPositive() && needed.GreaterThan(left) {
				return &ExhaustedError{Account: chain[i].Account, Needed: needed, Available: left, Cap: true}
			}
		}
	}
	payer := chain[last]
	payer.Terms.Shares = ID{}
	return payer.admit(m, amount, payer.Terms.LimitAt(now), on.Hold, now)
}

// CapLeft is what may still be spent of shared money this month; false without a cap.
func (b Balance) CapLeft(now time.Time) (decimal.Decimal, bool) {
	limit, capped := b.Terms.Cap.Get()
	if !capped {
		return decimal.Zero, false
	}
	return limit.Sub(b.SpentAt(now)), true
}

// SpentAt is what was spent of shared money in the month of an instant; in a zone that
// is not known on this machine, in the last month of which something is known.
func (b Balance) SpentAt(now time.Time) decimal.Decimal {
	if month, known := b.monthOf(now); known && month > b.Month {
		return decimal.Zero
	}
	return b.Spent
}

// leftOf is the part of what the accounts above have that this one may spend.
func (b Balance) leftOf(above decimal.Decimal) decimal.Decimal {
	limit, capped := b.Terms.Cap.Get()
	if !capped {
		return above
	}
	return decimal.Min(above, limit.Sub(b.Spent))
}

// link is the step of an account that does not pay.
func (b Balance) link(m Movement, amount decimal.Decimal, on Against, now time.Time) Step {
	after := b
	after.Version++
	after.Entries++
	spends := b.spends(m, amount, on, now)
	if month, known := b.monthOf(now); known && month > b.Month {
		after.Month, after.Spent = month, decimal.Zero
	}
	after.Spent = after.Spent.Add(spends)
	s := Step{Balance: after}
	e := &s.Entry
	m.note(e, now)
	e.Account, e.Number = b.Account, after.Entries
	e.After, e.HeldAfter, e.Spent, e.SpentAfter = b.Amount, b.Held, spends, after.Spent
	e.Shared, _ = m.effect(amount, on.Hold)
	s.setHold(m, amount)
	s.setTime()
	return s
}

// spends is what the movement adds to what the account spent this month. What was
// spent in an earlier month stays spent then, whatever is given back later; and so does
// what was spent in a month that is not known.
func (b Balance) spends(m Movement, amount decimal.Decimal, on Against, now time.Time) decimal.Decimal {
	row := m.Kind.row()
	since, effect := now, amount
	switch moved, _ := m.effect(amount, on.Hold); {
	case row.Ends:
		since, effect = on.Hold.At, moved.Neg().Sub(on.Hold.Amount)
	case row.Refunds && on.Hold != nil: // a capture spends what its hold did, when that was made
		since, effect = on.Hold.At, moved.Neg()
	case row.Refunds:
		since, effect = on.Entry.At, moved.Neg()
	}
	if effect.IsNegative() && !b.stillMonth(since, now) {
		return decimal.Zero
	}
	return effect
}

// stillMonth says whether an instant was in the month of now, or of what was spent last.
func (b Balance) stillMonth(since, now time.Time) bool {
	then, _ := b.monthOf(since)
	month, known := b.monthOf(now)
	return known && then >= max(b.Month, month)
}

// monthOf is the month of an instant on the account's calendar, as in Month; false
// where its zone is not known on this machine.
func (b Balance) monthOf(at time.Time) (int, bool) {
	loc, err := LoadZone(b.Terms.Zone)
	if err != nil {
		return 0, false
	}
	year, month, _ := at.In(loc).Date()
	return year*12 + int(month), true
}

// chained notes the chain on what the step writes, and what was ordered.
func (s *Step) chained(ids []ID, ordered Fingerprint) {
	s.Entry.Chain, s.Entry.Fingerprint = ids, ordered
	if s.Hold != nil {
		s.Hold.Chain = ids
	}
}

// sharedBy is the movement as the ledgers above the account that orders it have it.
func (m Movement) sharedBy(spender ID) Movement {
	m.Account, m.Of = ID{}, 0 // the number is one of the ledger of who ordered it
	m.Reference = OtherReference(spender, m.Reference)
	if m.Hold != "" {
		m.Hold = OtherReference(spender, m.Hold)
	}
	return m
}

// OtherReference is the reference under which a movement that an account ordered
// stands in the ledger of another: that of who pays for it, or gets it.
func OtherReference(ordered ID, reference string) string {
	return systemReference + ordered.String() + ":" + reference
}

// OrderedReference is the reference that OtherReference was made of; false for any
// other.
func OrderedReference(reference string) (string, bool) {
	rest, ours := strings.CutPrefix(reference, systemReference)
	id, ordered, cut := strings.Cut(rest, ":")
	if _, err := ParseID(id); !ours || !cut || id == "" || err != nil {
		return "", false
	}
	return ordered, true
}

// Expiry is the movement that ends a hold which has timed out.
func Expiry(h Hold) Movement {
	return Movement{Account: h.Account, Kind: KindExpire, Hold: h.Reference, Reference: systemReference + "expired:" + h.Reference}
}

// Received is the movement by which the other account of a transfer gets its money,
// in the currency of the one that gives it.
func (m Movement) Received(c Currency) Movement {
	return Movement{
		Account: m.Other, Other: m.Account, Kind: KindTransferIn, Amount: m.Amount, Currency: c,
		Reference: OtherReference(m.Account, m.Reference), Actor: m.Actor, Reason: m.Reason,
	}
}
