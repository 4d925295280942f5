package document

import (
	"cmp"
	"slices"
	"time"

	"github.com/shopspring/decimal"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/account/price"
	"github.com/clientaccount/clientaccount/account/sheet"
)

// PriceUpdate tells a client their prices, and how they change.
type PriceUpdate struct {
	Head
	Format account.PriceFormat `json:"format"` // of the file in which the client wants it
	Begins time.Time           `json:"begins"` // the first change; zero where nothing changes
	PriceCounts
	Prices []PriceOfPart `json:"prices,omitempty"`
}

// PriceCounts is how many prices change how.
type PriceCounts struct {
	Up     int `json:"up"`
	Down   int `json:"down"`
	New    int `json:"new"`
	Closed int `json:"closed"`
}

// PriceOfPart is what a part of a message to a network costs from an instant on.
type PriceOfPart struct {
	MCC     string                            `json:"mcc"`
	MNC     string                            `json:"mnc"`     // empty: all of the country
	Country string                            `json:"country"` // what the host calls it, as of then
	Network string                            `json:"network"`
	From    time.Time                         `json:"from"`
	Before  account.Optional[decimal.Decimal] `json:"before"` // unset: not sold
	Price   account.Optional[decimal.Decimal] `json:"price"`  // unset: not sold
	Change  price.ChangeKind                  `json:"change"`
}

// NewPriceUpdate returns that of changes, those of [price.Prices.Schedule], with what networks
// are called now. The error is that of Check.
func NewPriceUpdate(head Head, format account.PriceFormat, changes []price.Change, names price.Names) (PriceUpdate, error) {
	u := PriceUpdate{Head: head.of(head.Account), Format: format, Prices: make([]PriceOfPart, len(changes))}
	for i, c := range changes {
		country, network := names.Of(c.Network)
		u.Prices[i] = PriceOfPart{c.MCC, c.MNC, country, network, tidyInstant(c.From), c.Before, c.After, c.Kind()}
	}
	u.Begins, u.PriceCounts = u.sums()
	return u, u.Check()
}

// sums returns what follows from the prices.
func (u PriceUpdate) sums() (begins time.Time, counts PriceCounts) {
	count := map[price.ChangeKind]*int{
		price.ChangeUp: &counts.Up, price.ChangeDown: &counts.Down, price.ChangeNew: &counts.New, price.ChangeClosed: &counts.Closed,
	}
	for _, p := range u.Prices {
		n, changes := count[p.Change]
		if !changes {
			continue
		}
		*n++
		if begins.IsZero() || p.From.Before(begins) {
			begins = p.From
		}
	}
	return begins, counts
}

// change returns the price as package price has it.
func (p PriceOfPart) change() price.Change {
	return price.Change{Network: price.Network{MCC: p.MCC, MNC: p.MNC}, From: p.From, Before: p.Before, After: p.Price}
}

func (p PriceOfPart) compare(other PriceOfPart) int {
	return cmp.Or(p.change().Network.Compare(other.change().Network), p.From.Compare(other.From))
}

// Kind returns KindPriceUpdate.
func (PriceUpdate) Kind() Kind { return KindPriceUpdate }

// Check returns ErrSums where what is said of the prices does not follow from them, and
// ErrUnshowable for a text that cannot be shown.
func (u PriceUpdate) Check() error {
	if _, err := (price.Update{}).Sheet(u.Format, nil); err != nil {
		return sumsError("there is no file of the format %q", u.Format)
	}
	for i, p := range u.Prices {
		switch {
		case i > 0 && u.Prices[i-1].compare(p) >= 0:
			return sumsError("price %d is out of order", i+1)
		case p.Change != p.change().Kind():
			return sumsError("price %d is not %q", i+1, p.Change)
		}
		if err := checkTexts(p.MCC, p.MNC, p.Country, p.Network); err != nil {
			return err
		}
	}
	if begins, counts := u.sums(); !begins.Equal(u.Begins) || counts != u.PriceCounts {
		return sumsError("the prices change otherwise: %+v", counts)
	}
	return u.Head.check()
}

func (u PriceUpdate) tidy() Document {
	u.Head, u.Begins = u.Head.tidied(), tidyInstant(u.Begins)
	u.Prices = slices.Clone(u.Prices)
	for i, p := range u.Prices {
		u.Prices[i].From = tidyInstant(p.From)
	}
	return u
}

// sheet returns the prices as the client wants them: by [price.Update.Sheet], with the names of
// then.
func (u PriceUpdate) sheet() (sheet.Sheet, error) {
	countries, networks := map[string]string{}, map[price.Network]string{}
	changes := make([]price.Change, len(u.Prices))
	for i, p := range u.Prices {
		changes[i] = p.change()
		countries[p.MCC], networks[changes[i].Network] = p.Country, p.Network
	}
	return price.Update{Currency: u.Currency, Zone: u.location(), Names: price.Names{
		Country: func(mcc string) string { return countries[mcc] },
		Network: func(n price.Network) string { return networks[n] },
	}}.Sheet(u.Format, changes)
}
