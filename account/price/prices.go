package price

import (
	"maps"
	"slices"
	"time"

	"github.com/shopspring/decimal"

	"github.com/clientaccount/clientaccount/account"
)

// Prices is what one client pays: by rows of their own, and for what those say nothing of, by
// their product's. It may be used by several goroutines. The zero value has no price.
type Prices struct {
	Own     *List
	Product *List
}

// Found is the row that a message falls under.
type Found struct {
	Row
	Origin account.Origin `json:"origin"` // whose: own or product
}

// Find returns the row that holds for a message to a network at an instant, and whether that
// has a price: own rows go before the product's, those of the network before those of all of
// the country, and of these the newest that has begun holds. Without an MNC only rows of the
// country count. Where the row that holds is closed it is returned with false; without any,
// Found is zero.
func (p Prices) Find(n Network, at time.Time) (Found, bool) {
	network, country, ok := n.key()
	if !ok {
		return Found{}, false
	}
	micros := at.UnixMicro()
	if row := p.Own.find(network, country, micros); row != nil {
		return Found{*row, account.OriginOwn}, row.State == StatePriced
	}
	if row := p.Product.find(network, country, micros); row != nil {
		return Found{*row, account.OriginProduct}, row.State == StatePriced
	}
	return Found{}, false
}

// find returns the row of one list that holds, or nil.
func (l *List) find(network, country key, micros int64) *Row {
	if row := l.at(network, micros); row != nil && row.State != StateWithdrawn {
		return row
	}
	if network == country {
		return nil
	}
	if row := l.at(country, micros); row != nil && row.State != StateWithdrawn {
		return row
	}
	return nil
}

// Price returns what one part costs, unset where that is unknown or closed.
func (p Prices) Price(n Network, at time.Time) account.Optional[decimal.Decimal] {
	found, ok := p.Find(n, at)
	if !ok {
		return account.Optional[decimal.Decimal]{}
	}
	return account.Some(found.Price)
}

// before returns the price just before an instant. Instants of rows are whole microseconds.
func (p Prices) before(n Network, at time.Time) account.Optional[decimal.Decimal] {
	return p.Price(n, at.Add(-time.Nanosecond))
}

// Networks returns all networks that rows of either list name, in order.
func (p Prices) Networks() []Network {
	named := map[Network]bool{}
	for _, l := range []*List{p.Own, p.Product} {
		if l == nil {
			continue
		}
		for _, r := range l.rows {
			named[r.Network] = true
		}
	}
	return slices.SortedFunc(maps.Keys(named), Network.Compare)
}

// instants returns those from since on at which a row begins that the network may fall under.
func (p Prices) instants(n Network, since time.Time) (instants []time.Time) {
	network, country, _ := n.key()
	for _, l := range []*List{p.Own, p.Product} {
		for _, rows := range [][]Row{l.of(network), l.of(country)} {
			for _, r := range rows {
				if !r.From.Before(since) {
					instants = append(instants, r.From)
				}
			}
		}
	}
	slices.SortFunc(instants, time.Time.Compare)
	return slices.Compact(instants)
}
