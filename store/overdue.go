package store

import (
	"time"

	"github.com/shopspring/decimal"

	"github.com/clientaccount/clientaccount/account"
)

// MaxDue is the most timed-out holds that are looked up, and ended, at once.
const MaxDue = 400

// Overdue is what is held by holds that have timed out and that no entry ended yet:
// their sum, which is known long before each of them has its entry. The zero Overdue is
// of no hold. It is for one goroutine; copies share what they sum up.
type Overdue struct {
	// Next is when the first hold that stands times out; zero without any.
	Next time.Time `json:"next"`
	// Own is held of money of one's own.
	Own decimal.Decimal `json:"own"`
	// Shared is held of shared money, by when it was: at the beginning of that quarter of
	// an hour, in seconds since 1970. No month of any time zone begins within one.
	Shared map[int64]decimal.Decimal `json:"shared"`
}

const quarter = 15 * 60 // of an hour, in seconds

// Add adds n holds of the same account, amount, chain and time of making; with n below
// zero it takes them off.
func (o *Overdue) Add(h account.Hold, n int64) {
	amount := h.Amount
	if n != 1 {
		amount = amount.Mul(decimal.NewFromInt(n))
	}
	if !h.IsShared() {
		o.Own = o.Own.Add(amount)
		return
	}
	if o.Shared == nil {
		o.Shared = map[int64]decimal.Decimal{}
	}
	made := h.At.Unix() / quarter * quarter
	o.Shared[made] = o.Shared[made].Add(amount)
}

// IsZero reports whether no hold was added.
func (o Overdue) IsZero() bool { return o.Own.IsZero() && len(o.Shared) == 0 }

// Plus returns this sum and another one, of holds that are in one of them only, with the
// other's Next. It shares nothing with either.
func (o Overdue) Plus(other Overdue) Overdue {
	sum := Overdue{Next: other.Next, Own: o.Own.Add(other.Own)}
	for _, shared := range []map[int64]decimal.Decimal{o.Shared, other.Shared} {
		for made, amount := range shared {
			if sum.Shared == nil {
				sum.Shared = map[int64]decimal.Decimal{}
			}
			sum.Shared[made] = sum.Shared[made].Add(amount)
		}
	}
	return sum
}
