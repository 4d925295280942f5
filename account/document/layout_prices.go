package document

import (
	"strings"

	"github.com/shopspring/decimal"

	"github.com/clientaccount/clientaccount/account"
)

// priceUpdate shows how many prices change how, and all of them.
func (l *layout) priceUpdate(u PriceUpdate) {
	w := l.words.Prices
	l.zone()
	l.fact(w.Begins, l.moment(u.Begins))
	for _, change := range []struct {
		label string
		count int
	}{{w.Up, u.Up}, {w.Down, u.Down}, {w.New, u.New}, {w.Closed, u.Closed}} {
		if change.count > 0 {
			l.Before = append(l.Before, Sum{Label: change.label, Text: l.words.count(int64(change.count))})
		}
	}
	l.Tables = []Table{l.prices(u.Prices)}
}

func (l *layout) prices(prices []PriceOfPart) Table {
	w := l.words.Prices
	table := Table{Columns: []Column{
		{w.Country, false}, {l.words.Table.Network, false}, {w.Code, false}, {w.Before, true}, {w.Price, true}, {w.From, false}, {w.Change, false},
	}}
	var all column
	for _, p := range prices {
		all = append(all, p.Before.Or(decimal.Zero), p.Price.Or(decimal.Zero))
	}
	places := l.places(all)
	amount := func(price account.Optional[decimal.Decimal]) string {
		if price, sold := price.Get(); sold {
			return l.words.Amount(price, places)
		}
		return "–"
	}
	for _, p := range prices {
		before := ""
		if p.Change != "" {
			before = amount(p.Before)
		}
		table.Rows = append(table.Rows, []string{
			p.Country, p.Network, strings.TrimSpace(p.MCC + " " + p.MNC), before, amount(p.Price), l.moment(p.From), w.Changes[p.Change],
		})
	}
	return table
}
