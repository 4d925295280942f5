package document

import (
	"iter"

	"github.com/shopspring/decimal"

	"github.com/clientaccount/clientaccount/account/sheet"
)

// billHeader is that of invoices and credit notes.
var billHeader = []string{"number", "type", "refund", "name", "rate", "price", "messages", "amount", "currency"}

// NewSheet returns a document as a table for programs and spreadsheets, with all that adds up in it;
// who it is from and for, and what the client of daily statistics has, are not. Names of columns and kinds are the same in every language.
//
//   - statement: day, kind, refund, shared, price, entries, messages, amount, moved_above, held, balance,
//     currency. The first row is the opening, the last the closing; between them, amounts are what moved.
//   - invoice, credit note: number, type, refund, name, rate, price, messages, amount, currency. The types
//     are line, subtotal, rounding, net, tax and total.
//   - daily statistics: day, mcc, mnc, network, channel, state, messages, parts, charged, refunded, currency.
//   - price update: the columns of its format, as [price.Update.Sheet] has them.
//   - notice: at, event, hook, code, field, old, new, overdraw, ends, balance, held, available, currency.
//
// Numbers are exact. Write it as CSV by its own method, or as a workbook by account/price/xlsx.
func NewSheet(d Document) sheet.Sheet {
	head := d.About()
	s := sheet.Sheet{Places: int(head.places())}
	switch d := d.tidy().(type) {
	case Daily:
		s.Header = []string{"day", "mcc", "mnc", "network", "channel", "state", "messages", "parts", "charged", "refunded", "currency"}
		s.Rows = d.cells
	case Statement:
		s.Header = []string{"day", "kind", "refund", "shared", "price", "entries", "messages", "amount", "moved_above", "held", "balance", "currency"}
		s.Rows = d.cells
	case Invoice:
		s.Header = billHeader
		s.Rows = head.bill(d.Lines, d.Totals)
	case CreditNote:
		s.Header = billHeader
		s.Rows = head.bill(d.lines(), d.Totals)
	case PriceUpdate:
		prices, err := d.sheet()
		if err != nil { // no format of Check
			return s
		}
		s.Header, s.Rows = prices.Header, prices.Rows
	case Notice:
		s.Header = []string{"at", "event", "hook", "code", "field", "old", "new", "overdraw", "ends", "balance", "held", "available", "currency"}
		s.Rows = d.cells
	}
	return s
}

// priceCell is a number, or the word various, or empty.
func priceCell(p UnitPrice) any {
	if price, one := p.Get(); one {
		return price
	}
	return p.String()
}

// countCell is a number, or empty for none.
func countCell(n int64) any {
	if n == 0 {
		return ""
	}
	return n
}

func (s Statement) cells(yield func([]any) bool) {
	currency := string(s.Currency)
	mark := func(kind string, m Mark) []any {
		return []any{"", kind, "", "", "", "", "", "", "", m.Held, m.Balance, currency}
	}
	if !yield(mark("opening", s.Opening)) {
		return
	}
	for _, row := range s.Rows {
		shared, above := "", any("")
		if row.Shared {
			shared, above = "shared", row.Moved
		}
		if !yield([]any{
			row.Day, string(row.Kind), string(row.Refund), shared, priceCell(row.Price), row.Entries, countCell(row.Messages),
			row.Amount(), above, row.Held, "", currency,
		}) {
			return
		}
	}
	yield(mark("closing", s.Closing))
}

// bill returns the rows of an invoice or a credit note.
func (h Head) bill(lines []Line, t Totals) iter.Seq[[]any] {
	return func(yield func([]any) bool) {
		row := func(kind string, amount decimal.Decimal, more ...any) bool {
			cells := []any{h.Number.Text, kind, "", "", "", "", "", amount, string(h.Currency)}
			copy(cells[2:], more)
			return yield(cells)
		}
		for _, l := range lines {
			if !row("line", l.Amount, string(l.Refund), "", "", priceCell(l.Price), countCell(l.Messages)) {
				return
			}
		}
		if !row("subtotal", t.Subtotal) || !row("rounding", t.Rounding) || !row("net", t.Net) {
			return
		}
		for _, tax := range t.Taxes {
			if !row("tax", tax.Amount, "", tax.Name, tax.Rate) {
				return
			}
		}
		row("total", t.Total)
	}
}

func (d Daily) cells(yield func([]any) bool) {
	for _, f := range d.Figures {
		if !yield([]any{
			d.Day, f.MCC, f.MNC, f.Network, string(f.Channel), f.State, f.Messages, f.Parts, f.Taken, f.GivenBack, string(d.Currency),
		}) {
			return
		}
	}
}
