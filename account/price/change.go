package price

import (
	"cmp"
	"slices"
	"time"

	"github.com/shopspring/decimal"

	"github.com/clientaccount/clientaccount/account"
)

// Change is what a network costs from an instant on, and before it.
type Change struct {
	Network
	From   time.Time                         `json:"from"`
	Before account.Optional[decimal.Decimal] `json:"before"` // unset: not sold
	After  account.Optional[decimal.Decimal] `json:"after"`  // unset: not sold
}

// ChangeKind is in which way a price changes.
type ChangeKind string

// The kinds of change.
const (
	ChangeNone   ChangeKind = "" // as before
	ChangeNew    ChangeKind = "new"
	ChangeUp     ChangeKind = "up"
	ChangeDown   ChangeKind = "down"
	ChangeClosed ChangeKind = "closed" // no longer sold
)

// Kind returns in which way the price changes.
func (c Change) Kind() ChangeKind {
	before, was := c.Before.Get()
	after, is := c.After.Get()
	switch {
	case was && is && after.GreaterThan(before):
		return ChangeUp
	case was && is && after.LessThan(before):
		return ChangeDown
	case is && !was:
		return ChangeNew
	case was && !is:
		return ChangeClosed
	default:
		return ChangeNone
	}
}

// By returns how much more a part costs than before, below zero for less, exactly. It is
// false where there is no price before or after.
func (c Change) By() (decimal.Decimal, bool) {
	before, was := c.Before.Get()
	after, is := c.After.Get()
	if !was || !is {
		return decimal.Zero, false
	}
	return after.Sub(before), true
}

// Percent returns By in percent of the price before, computed exactly and rounded half away
// from zero to two places. It is false where By is, and where the price before was zero.
func (c Change) Percent() (decimal.Decimal, bool) {
	by, ok := c.By()
	before := c.Before.Or(decimal.Zero)
	if !ok || before.IsZero() {
		return decimal.Zero, false
	}
	return by.Mul(hundred).DivRound(before, 2), true
}

var hundred = decimal.NewFromInt(100)

// Schedule returns a client's prices from an instant on: of each network that rows name what it
// costs then, with Before and After alike and From as long as it has held, and every change
// from then on. What is not sold is left out, but for networks of a country that is. Networks
// come in order, and their changes as they come. It is what a price update tells; since is
// when the changes that it announces may begin, or now.
func (p Prices) Schedule(since time.Time) (all []Change) {
	for _, n := range p.Networks() {
		all = p.schedule(all, n, since)
	}
	return all
}

// schedule adds one network's.
func (p Prices) schedule(all []Change, n Network, since time.Time) []Change {
	instants := p.instants(n, since)
	price := p.before(n, since)
	if found, sold := p.Find(n, since); same(price, p.Price(n, since)) && (sold || p.isException(n, append(instants, since))) {
		all = append(all, Change{n, cmp.Or(found.From, since), price, price})
	}
	for _, at := range instants {
		next := p.Price(n, at)
		if !same(price, next) {
			all = append(all, Change{n, at, price, next})
		}
		price = next
	}
	return all
}

// isException reports whether the network is not sold at one of the instants while the rest of
// its country is.
func (p Prices) isException(n Network, instants []time.Time) bool {
	return slices.ContainsFunc(instants, func(at time.Time) bool {
		return p.Price(n, at).IsZero() && !p.Price(n.Whole(), at).IsZero()
	})
}

// same reports whether two prices are equal as numbers, or both unset.
func same(a, b account.Optional[decimal.Decimal]) bool {
	x, hasX := a.Get()
	y, hasY := b.Get()
	return hasX == hasY && x.Equal(y)
}
