package price

import (
	"fmt"
	"iter"
	"time"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/account/sheet"
)

// RowSheet returns rows as [ReadCSV] and [ReadCells] read them: MCC, MNC, price, from. Instants are in
// the zone, nil for UTC.
func RowSheet(rows []Row, zone *time.Location) sheet.Sheet {
	zone = zoneOr(zone)
	return sheet.Sheet{
		Header: []string{"MCC", "MNC", "price", "from"},
		Rows: func(yield func([]any) bool) {
			for _, r := range rows {
				price := any(r.Price)
				if r.State != StatePriced {
					price = string(r.State)
				}
				if !yield([]any{r.MCC, r.MNC, price, r.From.In(zone)}) {
					return
				}
			}
		},
	}
}

// Update says what a price update tells beside the prices.
type Update struct {
	Currency account.Currency
	Zone     *time.Location // of instants; nil: UTC
	Names    Names
}

// Sheet returns changes, of [Prices.Schedule] say, as a client gets them. [ReadCSV] can read them,
// too. The columns are those of the format; another format is an error:
//
//   - csv and xlsx: country, network, MCC, MNC, price, currency, from, change ([ChangeKind]), before
//   - csv_mccmnc: MCCMNC, price, currency, from
//
// The price of what is no longer sold is the word closed. What does not change has no price before.
func (u Update) Sheet(format account.PriceFormat, changes []Change) (sheet.Sheet, error) {
	var columns []column
	switch format {
	case account.PriceCSV, account.PriceXLSX:
		columns = wholeColumns
	case account.PriceCSVMCCMNC:
		columns = codeColumns
	default:
		return sheet.Sheet{}, fmt.Errorf("price: no format of price updates: %q", format)
	}
	header := make([]string, len(columns))
	for i, c := range columns {
		header[i] = c.name
	}
	return sheet.Sheet{Header: header, Rows: u.rows(columns, changes), Places: u.Currency.Digits()}, nil
}

func (u Update) rows(columns []column, changes []Change) iter.Seq[[]any] {
	return func(yield func([]any) bool) {
		cells := make([]any, len(columns))
		for _, change := range changes {
			for i, c := range columns {
				cells[i] = c.cell(u, change)
			}
			if !yield(cells) {
				return
			}
		}
	}
}

// column is one of a price update: its name, and its cell of a change.
type column struct {
	name string
	cell func(u Update, c Change) any
}

var (
	wholeColumns = []column{
		{"country", func(u Update, c Change) any { return u.Names.country(c.MCC) }},
		{"network", func(u Update, c Change) any { return u.Names.network(c.Network) }},
		{"MCC", func(_ Update, c Change) any { return c.MCC }},
		{"MNC", func(_ Update, c Change) any { return c.MNC }},
		{"price", priceCell},
		{"currency", currencyCell},
		{"from", fromCell},
		{"change", func(_ Update, c Change) any { return string(c.Kind()) }},
		{"before", beforeCell},
	}
	codeColumns = []column{
		{"MCCMNC", func(_ Update, c Change) any { return c.Code() }},
		{"price", priceCell},
		{"currency", currencyCell},
		{"from", fromCell},
	}
)

func currencyCell(u Update, _ Change) any { return string(u.Currency) }

func fromCell(u Update, c Change) any { return c.From.In(zoneOr(u.Zone)) }

func priceCell(_ Update, c Change) any {
	if price, sold := c.After.Get(); sold {
		return price
	}
	return string(StateClosed)
}

func beforeCell(_ Update, c Change) any {
	if price, sold := c.Before.Get(); sold && c.Kind() != ChangeNone {
		return price
	}
	return ""
}
