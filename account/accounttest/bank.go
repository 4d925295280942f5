package accounttest

import (
	"math/big"
	"time"

	"github.com/clientaccount/clientaccount/account"
)

// Bank is the money of many accounts written a second time, slowly and plainly: the
// whole history is kept, every question is answered by going through it from the
// start, and amounts are fractions of math/big. Tests compare everything else with
// it. The zero Bank has no accounts.
type Bank struct {
	accounts map[account.ID]account.Terms
	history  []line
}

// line is one movement that was accepted.
type line struct {
	movement account.Movement
	number   int64 // in the ledger of the account it was asked of
	at       time.Time
	amount   *big.Rat     // with everything settled: never nil, never changed
	chain    []account.ID // from the account it was asked of up to who pays
}

func (l line) payer() account.ID { return l.chain[len(l.chain)-1] }

// until returns when a hold times out.
func (l line) until() time.Time {
	if l.movement.Timeout == 0 {
		return l.at.Add(account.DefaultHoldTimeout)
	}
	return l.at.Add(l.movement.Timeout)
}

// Set gives an account terms: a new account, or new terms.
func (b *Bank) Set(id account.ID, t account.Terms) {
	if b.accounts == nil {
		b.accounts = map[account.ID]account.Terms{}
	}
	b.accounts[id] = t
}

// Balance returns the sum of everything that moved an account's own money.
func (b *Bank) Balance(id account.ID) *big.Rat {
	sum := new(big.Rat)
	for _, l := range b.history {
		switch l.movement.Kind {
		case account.KindTopUp, account.KindAdjust, account.KindRefund:
			if l.payer() == id {
				sum.Add(sum, l.amount)
			}
		case account.KindCharge, account.KindCapture:
			if l.payer() == id {
				sum.Sub(sum, l.amount)
			}
		case account.KindTransferOut:
			if l.movement.Account == id {
				sum.Sub(sum, l.amount)
			}
			if l.movement.Other == id {
				sum.Add(sum, l.amount)
			}
		}
	}
	return sum
}

// Held returns the sum of the holds of an account's own money that stand at an instant.
func (b *Bank) Held(id account.ID, now time.Time) *big.Rat {
	sum := new(big.Rat)
	for _, l := range b.history {
		if l.movement.Kind == account.KindHold && l.payer() == id && b.stands(l, now) {
			sum.Add(sum, l.amount)
		}
	}
	return sum
}

// Holds reports whether a hold stands that was asked of an account or that it pays for.
func (b *Bank) Holds(id account.ID, now time.Time) bool {
	for _, l := range b.history {
		if l.movement.Kind == account.KindHold && (l.movement.Account == id || l.payer() == id) && b.stands(l, now) {
			return true
		}
	}
	return false
}

// own returns what an account may spend of its own money.
func (b *Bank) own(id account.ID, now time.Time) *big.Rat {
	t := b.accounts[id]
	sum := new(big.Rat).Sub(b.Balance(id), b.Held(id, now))
	sum.Add(sum, t.Credit.Rat())
	if now.Before(t.OverdrawEnds) {
		sum.Add(sum, t.Overdraw.Rat())
	}
	return sum
}

// Available returns what an account may spend at an instant, of its own money or of shared.
func (b *Bank) Available(id account.ID, now time.Time) *big.Rat {
	chain := b.chain(id)
	left := b.own(chain[len(chain)-1], now)
	for _, link := range chain[:len(chain)-1] {
		if limit, capped := b.accounts[link].Cap.Get(); capped {
			room := new(big.Rat).Sub(limit.Rat(), b.spent(link, now))
			if room.Cmp(left) < 0 {
				left = room
			}
		}
	}
	return left
}

// spent returns what went against an account's cap in the month of an instant: what was
// charged, held or captured then, less what was given back of it in the same month.
func (b *Bank) spent(id account.ID, now time.Time) *big.Rat {
	sum := new(big.Rat)
	for _, l := range b.history {
		if l.payer() == id || !contains(l.chain, id) {
			continue
		}
		switch l.movement.Kind {
		case account.KindCharge:
			b.count(sum, id, l.amount, l.at, now)
		case account.KindHold:
			b.count(sum, id, l.amount, l.at, now)
			b.countEnd(sum, id, l, now)
		case account.KindRefund:
			if b.sameMonth(id, b.spentAt(l), l.at) {
				b.count(sum, id, new(big.Rat).Neg(l.amount), l.at, now)
			}
		}
	}
	return sum
}

// spentAt returns when what a refund gives back was spent: by a hold as soon as it was made.
func (b *Bank) spentAt(refund line) time.Time {
	took := b.number(refund.movement.Account, refund.movement.Of)
	if hold, captured := b.hold(refund.movement.Account, took.movement.Hold); captured {
		return hold.at
	}
	return took.at
}

// countEnd counts what ending a hold took more than was held, or gave back.
func (b *Bank) countEnd(sum *big.Rat, id account.ID, hold line, now time.Time) {
	more, at := new(big.Rat).Neg(hold.amount), hold.until()
	if end, ended := b.end(hold); ended {
		at = end.at
		if end.movement.Kind == account.KindCapture {
			more = new(big.Rat).Sub(end.amount, hold.amount)
		}
	} else if now.Before(at) {
		return
	} else {
		at = now // it is as if it ended when it is looked at
	}
	if more.Sign() > 0 || b.sameMonth(id, hold.at, at) {
		b.count(sum, id, more, at, now)
	}
}

func (b *Bank) count(sum *big.Rat, id account.ID, amount *big.Rat, at, now time.Time) {
	if b.sameMonth(id, at, now) {
		sum.Add(sum, amount)
	}
}

func (b *Bank) sameMonth(id account.ID, one, other time.Time) bool {
	loc, err := time.LoadLocation(b.accounts[id].Zone)
	if err != nil {
		panic(err) // the rule refuses such accounts' movements, and has tests of its own for that
	}
	return one.In(loc).Format("2006-01") == other.In(loc).Format("2006-01")
}

// chain returns who pays for an account: itself, or those above up to the first with money
// of its own.
func (b *Bank) chain(id account.ID) []account.ID {
	chain := []account.ID{id}
	for above := b.accounts[id].Shares; !above.IsZero(); above = b.accounts[above].Shares {
		chain = append(chain, above)
	}
	return chain
}

func contains(chain []account.ID, id account.ID) bool {
	for _, link := range chain {
		if link == id {
			return true
		}
	}
	return false
}

// stands reports whether nothing ended a hold by an instant.
func (b *Bank) stands(hold line, now time.Time) bool {
	_, ended := b.end(hold)
	return !ended && now.Before(hold.until())
}

// end returns the capture or release that ended a hold.
func (b *Bank) end(hold line) (line, bool) {
	for _, l := range b.history {
		ends := l.movement.Kind == account.KindCapture || l.movement.Kind == account.KindRelease
		if ends && l.movement.Account == hold.movement.Account && l.movement.Hold == hold.movement.Reference {
			return l, true
		}
	}
	return line{}, false
}

// number returns the line of a number in an account's ledger, the zero line for none.
func (b *Bank) number(id account.ID, number int64) line {
	for _, l := range b.history {
		if l.movement.Account == id && l.number == number {
			return l
		}
	}
	return line{}
}
