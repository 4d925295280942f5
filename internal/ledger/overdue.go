package ledger

import (
	"time"

	"github.com/shopspring/decimal"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/internal/bounds"
	"github.com/clientaccount/clientaccount/store"
)

// Due reports whether a hold has timed out that no entry ended yet. Such holds are
// ended first, each by an entry, before anything else is applied.
func Due(b account.Balance, now time.Time) bool { return isDue(b.Expires, now) }

func isDue(expires, now time.Time) bool { return !expires.IsZero() && !now.Before(expires) }

// Without returns the balance as it will be once the holds that are overdue at now have been
// ended: what counts at once, whenever that is done.
func Without(b account.Balance, o store.Overdue, now time.Time) account.Balance {
	due := Due(b, now)
	spent := decimal.Zero
	expiry := account.KindExpire.Traits()
	for made, amount := range o.Shared {
		h := account.Hold{At: time.Unix(made, 0), Amount: amount}
		m := move{kind: expiry, on: Against{Hold: &h}, amount: amount, now: now}
		spent = spent.Add(m.spends(&b))
	}
	b.Held, b.Spent = b.Held.Sub(o.Own), b.Spent.Add(spent)
	if due {
		b.Expires = o.Next
	}
	return b
}

// With returns the balance, worked out from one seen [Without] holds that are overdue, as it
// is to be stored: with what these holds had in the stored one.
func With(b, stored, seen account.Balance) account.Balance {
	b.Held = b.Held.Add(stored.Held.Sub(seen.Held))
	b.Spent = b.Spent.Add(stored.Spent.Sub(seen.Spent))
	if !seen.Expires.Equal(stored.Expires) { // more of them are to be ended
		b.Expires = stored.Expires
	}
	return b
}

// With returns the step, worked out from a balance seen [Without] holds that are overdue,
// as it is to be stored. What these holds have is not in the way of what spends: the limit
// of its entry is that much wider.
func (s Step) With(stored, seen account.Balance) (Step, error) {
	s.Balance = With(s.Balance, stored, seen)
	if !bounds.Range(s.Balance.Held) {
		return Step{}, outOfRange()
	}
	e := &s.Entry
	overdue := stored.Held.Sub(seen.Held)
	e.HeldAfter = e.HeldAfter.Add(overdue)
	if row := e.Kind.Traits(); !row.Ends || row.Funds != account.FundsNone {
		e.Limit = e.Limit.Add(overdue)
	}
	if e.IsShared() {
		e.SpentAfter = e.SpentAfter.Add(stored.Spent.Sub(seen.Spent))
	}
	return s, nil
}
