package account

import (
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
	Currency     Currency        `json:"currency"`
	Credit       decimal.Decimal `json:"credit"`        // effective credit limit, 0 or more
	Overdraw     decimal.Decimal `json:"overdraw"`      // 0 or more
	OverdrawEnds time.Time       `json:"overdraw_ends"` // the first instant at which Overdraw no longer counts
	Closed       bool            `json:"closed"`        // a closed account refuses every movement

	// Shares is the account directly above, when its money is spent instead of money
	// of one's own; zero for own money.
	Shares ID                        `json:"shares"`
	Cap    Optional[decimal.Decimal] `json:"cap"`  // the most shared money to be spent in a month
	Zone   string                    `json:"zone"` // whose calendar the month is of

	Limit NotificationLimit         `json:"limit"`
	Price Optional[decimal.Decimal] `json:"price"` // reference price of one message part
}

// OverdrawAt returns the overdraw that counts at an instant.
func (t Terms) OverdrawAt(now time.Time) decimal.Decimal {
	if now.Before(t.OverdrawEnds) {
		return t.Overdraw
	}
	return decimal.Zero
}

// LimitAt returns the credit and the overdraw that count at an instant, together.
func (t Terms) LimitAt(now time.Time) decimal.Decimal { return plus(t.Credit, t.OverdrawAt(now)) }

// Balance is what an account has and may spend, after some entry. The zero Balance has
// nothing and may spend nothing.
type Balance struct {
	Account ID              `json:"account"`
	Version int64           `json:"version"` // moves on with every change of anything here
	Entries int64           `json:"entries"` // number of the last entry; entries are numbered 1, 2, 3
	At      time.Time       `json:"at"`      // of the last entry, zero before the first; see [Entry]
	Events  int64           `json:"events"`  // number of the last event, likewise
	Amount  decimal.Decimal `json:"balance"`
	Held    decimal.Decimal `json:"held"`    // the sum of all holds that were not ended by an entry
	Expires time.Time       `json:"expires"` // no hold times out before; zero without holds
	Spent   decimal.Decimal `json:"spent"`   // shared money in Month, what is held for it included
	Month   int             `json:"month"`   // of Spent, as year times 12 and the month, 1 to 12; 0 for none yet

	Low          bool `json:"low"`           // limit.reached happened, and limit.cleared did not since
	Exhausted    bool `json:"exhausted"`     // credit.exhausted happened, and there was no money since
	OverdrawOver bool `json:"overdraw_over"` // overdraw.ended happened

	Terms Terms `json:"terms"`
}

// Available returns what may be spent at an instant. Below zero nothing may.
func (b Balance) Available(now time.Time) decimal.Decimal {
	return plus(b.own(), b.Terms.LimitAt(now))
}

// own returns the balance without what is held of it.
func (b Balance) own() decimal.Decimal {
	if b.Held.IsZero() {
		return b.Amount
	}
	return b.Amount.Sub(b.Held)
}

// plus spares what adding zero would cost.
func plus(a, b decimal.Decimal) decimal.Decimal {
	if b.IsZero() {
		return a
	}
	return a.Add(b)
}

// Allows reports whether a charge or a hold of amount may go: the money rule.
func (b Balance) Allows(amount decimal.Decimal, now time.Time) bool {
	return amount.LessThanOrEqual(b.Available(now))
}

// Used returns how much of the credit and of the overdraw a negative balance draws on:
// credit first. What lies beyond both limits counts as overdraw.
func (b Balance) Used() (credit, overdraw decimal.Decimal) {
	debt := decimal.Max(b.Amount.Neg(), decimal.Zero)
	credit = decimal.Min(debt, b.Terms.Credit)
	return credit, debt.Sub(credit)
}

// Messages returns how many messages what is available pays for at the reference price,
// rounded down; false without a price, or where a message costs nothing.
func (b Balance) Messages(available decimal.Decimal) (decimal.Decimal, bool) {
	price, priced := b.Terms.Price.Get()
	if !priced || !price.IsPositive() {
		return decimal.Zero, false
	}
	if !available.IsPositive() {
		return decimal.Zero, true
	}
	whole, _ := available.QuoRem(price, 0)
	return whole, true
}
