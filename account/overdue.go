package account

import (
	"time"

	"github.com/shopspring/decimal"
)

// Overdue is what is held by holds that have timed out and that no entry ended yet:
// their sum, which is known long before each of them has its entry. The zero Overdue is
// of no hold. It is for one goroutine; copies share what they sum up.
type Overdue struct {
	// Next is when the first hold that stands times out; zero without any.
	Next   time.Time                 `json:"next"`
	own    decimal.Decimal           // held of money of one's own
	shared map[int64]decimal.Decimal // and of shared money, by the quarter of an hour when it was made
}

// quarter of an hour, in seconds: no month of any time zone begins within one.
const quarter = 15 * 60

// Add adds n holds of the same account, amount, chain and time of making; with n below
// zero it takes them off.
func (o *Overdue) Add(h Hold, n int64) {
	amount := h.Amount
	if n != 1 {
		amount = amount.Mul(decimal.NewFromInt(n))
	}
	if h.pays() {
		o.own = o.own.Add(amount)
		return
	}
	if o.shared == nil {
		o.shared = map[int64]decimal.Decimal{}
	}
	made := h.At.Unix() / quarter
	o.shared[made] = o.shared[made].Add(amount)
}

// IsZero reports whether no hold was added.
func (o Overdue) IsZero() bool { return o.own.IsZero() && len(o.shared) == 0 }

// Plus is this sum and another one, of holds that are in one of them only, with the
// other's Next. It shares nothing with either.
func (o Overdue) Plus(other Overdue) Overdue {
	sum := Overdue{Next: other.Next, own: o.own.Add(other.own)}
	for _, shared := range []map[int64]decimal.Decimal{o.shared, other.shared} {
		for made, amount := range shared {
			if sum.shared == nil {
				sum.shared = map[int64]decimal.Decimal{}
			}
			sum.shared[made] = sum.shared[made].Add(amount)
		}
	}
	return sum
}

// pays reports whether the money of the hold is that of the account it stands in.
func (h Hold) pays() bool { return len(h.Chain) == 0 || h.Account == h.Chain[len(h.Chain)-1] }

// Without is the balance as it will be once the holds that are overdue at now have been
// ended: what counts at once, whenever that is done.
func (b Balance) Without(o Overdue, now time.Time) Balance {
	b.Held = b.Held.Sub(o.own)
	spent := decimal.Zero
	for made, amount := range o.shared {
		h := Hold{At: time.Unix(made*quarter, 0), Amount: amount}
		spent = spent.Add(b.spends(Movement{Kind: KindExpire}, amount, Against{Hold: &h}, now))
	}
	b.Spent = b.Spent.Add(spent)
	if b.Due(now) {
		b.Expires = o.Next
	}
	return b
}

// With is the balance, worked out from one seen Without holds that are overdue, as it
// is to be stored: with what these holds had in the stored one.
func (b Balance) With(stored, seen Balance) Balance {
	b.Held = b.Held.Add(stored.Held.Sub(seen.Held))
	b.Spent = b.Spent.Add(stored.Spent.Sub(seen.Spent))
	if !seen.Expires.Equal(stored.Expires) { // more of them are to be ended
		b.Expires = stored.Expires
	}
	return b
}

// With is the step, worked out from a balance seen Without holds that are overdue, as it
// is to be stored. What these holds have is not in the way of what spends: the limit of
// its entry is that much wider.
func (s Step) With(stored, seen Balance) (Step, error) {
	s.Balance = s.Balance.With(stored, seen)
	if !FitsRange(s.Balance.Held) {
		return Step{}, Faults{NewFault("amount", "amount.range")}
	}
	e := &s.Entry
	overdue := stored.Held.Sub(seen.Held)
	e.HeldAfter = e.HeldAfter.Add(overdue)
	if row := e.Kind.row(); !row.Ends || row.Funds != FundsNone {
		e.Limit = e.Limit.Add(overdue)
	}
	if e.shares() {
		e.SpentAfter = e.SpentAfter.Add(stored.Spent.Sub(seen.Spent))
	}
	return s, nil
}

// shares reports whether the entry is of shared money, in the ledger of an account that
// does not pay.
func (e Entry) shares() bool { return len(e.Chain) > 0 && e.Account != e.Chain[len(e.Chain)-1] }
