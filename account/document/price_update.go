package document

import (
	"time"

	"github.com/shopspring/decimal"

	"github.com/clientaccount/clientaccount/account"
)

// PriceUpdate tells a client their prices, and how they change.
type PriceUpdate struct {
	Head
	Format account.PriceFormat `json:"format"` // of the file in which the client wants it
	Begins time.Time           `json:"begins"` // the first change
	// How many prices change how.
	Up     int           `json:"up"`
	Down   int           `json:"down"`
	New    int           `json:"new"`
	Closed int           `json:"closed"`
	Prices []PriceOfPart `json:"prices,omitempty"`
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
	Change  string                            `json:"change"` // up, down, new, closed; empty: as before
}

// Kind returns KindPriceUpdate.
func (PriceUpdate) Kind() Kind { return KindPriceUpdate }

// Check returns ErrUnshowable for a text that cannot be shown.
func (u PriceUpdate) Check() error {
	for _, p := range u.Prices {
		if err := checkTexts(p.MCC, p.MNC, p.Country, p.Network, p.Change); err != nil {
			return err
		}
	}
	return u.Head.check()
}

func (u PriceUpdate) tidy() Document {
	u.Head, u.Begins = u.Head.tidied(), tidyInstant(u.Begins)
	rows := make([]PriceOfPart, len(u.Prices))
	for i, p := range u.Prices {
		p.From = tidyInstant(p.From)
		rows[i] = p
	}
	u.Prices = rows
	return u
}
