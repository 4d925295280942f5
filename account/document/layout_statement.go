package document

import (
	"strconv"

	"github.com/shopspring/decimal"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/account/message"
)

// statement shows what moved, or was used of shared money, by day. Holds, which move nothing,
// are in the sheet; here it is how much was held at the beginning and at the end.
func (l *layout) statement(s Statement) {
	l.period(s.Period)
	if s.Closing.Entry > s.Opening.Entry {
		l.fact(l.words.Facts.Entries, strconv.FormatInt(s.Opening.Entry+1, 10)+" – "+strconv.FormatInt(s.Closing.Entry, 10))
	}
	w := l.words.Totals
	moved, _ := s.Moved()
	l.Before = []Sum{l.sum(w.Opening, s.Opening.Balance)}
	l.Tables = []Table{l.movements(s.Rows, moved)}
	closing := l.sum(w.Closing, s.Closing.Balance)
	closing.Text += " " + string(s.Currency)
	l.Sums = append(l.Sums, strong(closing))
	if !s.Opening.Held.IsZero() || !s.Closing.Held.IsZero() {
		l.Sums = append(l.Sums, l.sum(w.HeldOpening, s.Opening.Held), l.sum(w.HeldClosing, s.Closing.Held))
	}
}

func (l *layout) movements(rows []UsageRow, moved decimal.Decimal) Table {
	t := l.words.Table
	table := Table{Columns: []Column{{t.Day, false}, {t.Movement, false}, {t.Messages, true}, {t.Price, true}, {t.Amount, true}}}
	amounts, prices := column{moved}, column{}
	for _, row := range rows {
		price, _ := row.Price.Get()
		amounts, prices = append(amounts, row.Moved), append(prices, price)
	}
	places, pricePlaces := l.places(amounts), l.places(prices)
	before := account.Date{}
	for n, row := range rows {
		if row.Kind.Traits().Balance == 0 {
			continue
		}
		cells := []string{"", l.movement(row), "", "", l.words.Amount(row.Amount(), places)}
		if row.Day != before {
			cells[0], before = l.words.day(row.Day), row.Day
		}
		if row.Messages > 0 {
			cells[2] = l.words.count(row.Messages)
		}
		if _, one := row.Price.Get(); one {
			cells[3] = l.words.Amount(prices[n], pricePlaces)
		}
		table.Rows = append(table.Rows, cells)
	}
	if len(table.Rows) > 0 {
		table.Last = []string{l.words.Totals.Moved, "", "", "", l.words.Amount(moved, places)}
	}
	return table
}

// movement returns what moved. Of shared money the amount stands beside it, as it does not count
// here.
func (l *layout) movement(row UsageRow) string {
	title := l.words.Kinds[row.Kind]
	switch row.Refund {
	case RefundPeriod, RefundNone:
	case RefundEarlier:
		title = l.words.Lines.RefundEarlier
	case RefundSubaccount:
		title = l.words.Lines.RefundSubaccount
	}
	if row.Shared {
		title += ", " + l.words.Lines.Shared + ": " + l.words.Amount(row.Moved, int(l.head.places()))
	}
	return title
}

func (l *layout) daily(d Daily) {
	l.fact(l.words.Facts.Day, l.words.day(d.Day))
	t := l.words.Table
	l.Tables = []Table{
		l.figures(t.Network, d.ByNetwork(), d.Total, networkOf),
		l.figures(t.State, d.ByState(), d.Total, func(f Figure) string {
			if f.State == "" {
				return l.words.Lines.OnTheWay
			}
			return f.State
		}),
	}
	l.funds(d.Funds)
}

// funds are the sums of what the client has.
func (l *layout) funds(f Funds) {
	w := l.words.Funds
	available := l.sum(w.Available, f.Available)
	available.Text += " " + string(l.head.Currency)
	l.Sums = []Sum{l.sum(w.Balance, f.Balance), l.sum(w.Held, f.Held), strong(available)}
	for _, left := range []struct {
		label string
		count account.Optional[decimal.Decimal]
	}{{w.Messages, f.Messages}, {w.UntilLimit, f.UntilLimit}} {
		if count, counted := left.count.Get(); counted {
			l.Sums = append(l.Sums, Sum{Label: left.label, Text: l.words.Amount(count, 0)})
		}
	}
}

// networkOf returns what a network is called: by name, or by its codes.
func networkOf(f Figure) string {
	switch {
	case f.Network != "":
		return f.Network
	case f.MCC+f.MNC == "":
		return "–"
	default:
		return f.MCC + " " + f.MNC
	}
}

func (l *layout) figures(title string, figures []Figure, total message.Figures, name func(Figure) string) Table {
	t := l.words.Table
	table := Table{Columns: []Column{{title, false}, {t.Messages, true}, {t.Parts, true}, {t.Charged, true}, {t.GivenBack, true}}}
	taken, back := column{total.Taken}, column{total.GivenBack}
	for _, f := range figures {
		taken, back = append(taken, f.Taken), append(back, f.GivenBack)
	}
	takenPlaces, backPlaces := l.places(taken), l.places(back)
	row := func(name string, f message.Figures) []string {
		return []string{
			name, l.words.count(f.Messages), l.words.count(f.Parts), l.words.Amount(f.Taken, takenPlaces), l.words.Amount(f.GivenBack, backPlaces),
		}
	}
	for _, f := range figures {
		table.Rows = append(table.Rows, row(name(f), f.Figures))
	}
	table.Last = row(l.words.Totals.All, total)
	return table
}
