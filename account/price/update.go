package price

import (
	"encoding/csv"
	"fmt"
	"io"
	"iter"
	"strings"
	"time"
	"unicode"

	"github.com/shopspring/decimal"

	"github.com/clientaccount/clientaccount/account"
)

// Update says how a price update is written. The zero value writes points, commas and UTC.
type Update struct {
	Currency      account.Currency
	Zone          *time.Location // of instants; nil: UTC
	Names         Names
	Separator     rune // of a CSV: ',', ';' or '\t'; 0: ','
	DecimalComma  bool // in a CSV prices are written 0,05
	ByteOrderMark bool // a CSV begins with one, by which spreadsheets know UTF-8
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
		{"price", after},
		{"currency", currency},
		{"from", from},
		{"change", func(_ Update, c Change) any { return string(c.Kind()) }},
		{"before", before},
	}
	codeColumns = []column{
		{"MCCMNC", func(_ Update, c Change) any { return c.Code() }},
		{"price", after},
		{"currency", currency},
		{"from", from},
	}
)

func currency(u Update, _ Change) any { return string(u.Currency) }

func from(_ Update, c Change) any { return c.From }

// after is the price, or that the network is closed.
func after(_ Update, c Change) any {
	if price, sold := c.After.Get(); sold {
		return price
	}
	return string(StateClosed)
}

// before is the price before, where it was another.
func before(_ Update, c Change) any {
	if price, sold := c.Before.Get(); sold && c.Kind() != ChangeNone {
		return price
	}
	return ""
}

// columnsOf are those of a format: xlsx has those of csv.
func columnsOf(format account.PriceFormat) ([]column, error) {
	switch format {
	case account.PriceCSV, account.PriceXLSX:
		return wholeColumns, nil
	case account.PriceCSVMCCMNC:
		return codeColumns, nil
	}
	return nil, fmt.Errorf("price: no format of price updates: %q", format)
}

// Header returns the names of a format's columns; an unknown format is an error:
//
//   - csv and xlsx: country, network, MCC, MNC, price, currency, from, change ([ChangeKind]), before
//   - csv_mccmnc: MCCMNC, price, currency, from
func Header(format account.PriceFormat) ([]string, error) {
	columns, err := columnsOf(format)
	names := make([]string, len(columns))
	for i, c := range columns {
		names[i] = c.name
	}
	return names, err
}

// Cells returns a row for each change, to be written as a sheet: a cell is a string, a
// [decimal.Decimal] or a [time.Time] in the zone of the update. The price of what is no longer
// sold is the word closed; texts are as they are, not made inert. The slice is used again for
// the next row. It is for the formats that Header knows; others have no rows.
func (u Update) Cells(format account.PriceFormat, changes []Change) iter.Seq[[]any] {
	columns, err := columnsOf(format)
	cells := make([]any, len(columns))
	zone := zoneOr(u.Zone)
	return func(yield func([]any) bool) {
		if err != nil {
			return
		}
		for _, change := range changes {
			change.From = change.From.In(zone)
			for i, c := range columns {
				cells[i] = c.cell(u, change)
			}
			if !yield(cells) {
				return
			}
		}
	}
}

// WriteCSV writes changes as a file, csv or csv_mccmnc, that [ReadCSV] reads again. Amounts have
// the currency's digits or as many more as they need, instants are by RFC 3339. A cell of
// text that a spreadsheet could take for a formula, whichever separator it assumes, has an
// apostrophe put before that.
func (u Update) WriteCSV(w io.Writer, format account.PriceFormat, changes []Change) error {
	header, err := Header(format)
	if err != nil {
		return err
	}
	if u.ByteOrderMark {
		if _, err := io.WriteString(w, byteOrderMarks[0].mark); err != nil {
			return err
		}
	}
	lines := csv.NewWriter(w)
	if u.Separator != 0 {
		lines.Comma = u.Separator
	}
	if err := lines.Write(header); err != nil {
		return err
	}
	texts := make([]string, len(header))
	for cells := range u.Cells(format, changes) {
		for i, cell := range cells {
			texts[i] = u.text(cell)
		}
		if err := lines.Write(texts); err != nil {
			return err
		}
	}
	lines.Flush()
	return lines.Error()
}

// text is a cell as CSV has it.
func (u Update) text(cell any) string {
	switch cell := cell.(type) {
	case string:
		return inert(cell)
	case time.Time:
		return formatInstant(cell, cell.Location())
	case decimal.Decimal:
		s := account.FormatAmount(cell, u.Currency.Digits())
		if u.DecimalComma {
			return strings.Replace(s, ".", ",", 1)
		}
		return s
	}
	return ""
}

// inert puts an apostrophe before what a spreadsheet would compute: = + - @ at the begin of a
// cell, and behind whatever it may take for the end of one. Blanks and quotation marks
// between do not count. Controls, of which it makes what it likes, become spaces.
func inert(s string) string {
	var b strings.Builder
	begin := true
	for _, c := range s {
		switch {
		case unicode.IsControl(c):
			c = ' '
		case strings.ContainsRune("=+-@＝＋－＠", c):
			if begin {
				b.WriteByte('\'')
			}
			begin = false
		case strings.ContainsRune(",;|", c):
			begin = true
		case c != '"' && !unicode.IsSpace(c):
			begin = false
		}
		b.WriteRune(c)
	}
	return b.String()
}
