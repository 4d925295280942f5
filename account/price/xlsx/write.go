// Package xlsx writes sheets, those of price updates and of documents, as Excel workbooks, and
// reads price lists from them. It is a module of its own, so that only hosts that want it carry
// github.com/xuri/excelize.
package xlsx

import (
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"

	"github.com/shopspring/decimal"
	"github.com/xuri/excelize/v2"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/account/sheet"
)

// Write writes a sheet as a workbook of one, called name: 1 to 31 characters, none of : \ / ? * [ ].
// The first row is the header, in bold, and stays in sight. Numbers are numbers, digit for digit,
// decimals with at least as many places as the sheet says, and days are days. Texts are texts,
// whatever they begin with, and so are instants, by RFC 3339: dates of a workbook have no zone, and
// a price begins at an instant. The same sheet makes the same bytes. It is held in memory. Errors:
// those of w, and of excelize, for a name that is none or more rows than a workbook has (1,048,576).
func Write(w io.Writer, name string, s sheet.Sheet) error {
	f := excelize.NewFile()
	defer f.Close() //nolint:errcheck // nothing but memory
	b := book{file: f, name: name, places: s.Places}
	if err := b.begin(s.Header); err != nil {
		return fmt.Errorf("xlsx: %w", err)
	}
	if s.Rows != nil {
		for cells := range s.Rows {
			if err := b.row(cells); err != nil {
				return fmt.Errorf("xlsx: %w", err)
			}
		}
	}
	if err := f.Write(w); err != nil {
		return fmt.Errorf("xlsx: %w", err)
	}
	return nil
}

// book is a workbook as it is written, row by row.
type book struct {
	file   *excelize.File
	name   string
	places int
	number int // style
	whole  int // style of numbers without places: in the other, Excel shows a point behind them
	day    int // style
	rows   int // written so far
}

// begin names the sheet and writes its header.
func (b *book) begin(header []string) (err error) {
	if err := b.file.SetSheetName(b.file.GetSheetName(0), b.name); err != nil {
		return err
	}
	format := "0." + strings.Repeat("0", b.places) + strings.Repeat("#", max(0, account.MaxScale-b.places))
	if b.number, err = b.file.NewStyle(&excelize.Style{CustomNumFmt: &format}); err != nil {
		return err
	}
	const noPlaces = 1 // "0"
	if b.whole, err = b.file.NewStyle(&excelize.Style{NumFmt: noPlaces}); err != nil {
		return err
	}
	isoDay := "yyyy-mm-dd"
	if b.day, err = b.file.NewStyle(&excelize.Style{CustomNumFmt: &isoDay}); err != nil {
		return err
	}
	if err := b.row(texts(header)); err != nil {
		return err
	}
	bold, err := b.file.NewStyle(&excelize.Style{Font: &excelize.Font{Bold: true}})
	if err != nil {
		return err
	}
	if err := b.file.SetRowStyle(b.name, 1, 1, bold); err != nil {
		return err
	}
	if len(header) > 0 {
		last, err := excelize.ColumnNumberToName(len(header))
		if err != nil {
			return err
		}
		if err := b.file.SetColWidth(b.name, "A", last, columnWidth); err != nil {
			return err
		}
	}
	return b.file.SetPanes(b.name, &excelize.Panes{Freeze: true, YSplit: 1, TopLeftCell: "A2", ActivePane: "bottomLeft"})
}

// columnWidth shows an instant whole; it is counted in characters.
const columnWidth = 26

func texts(header []string) []any {
	cells := make([]any, len(header))
	for i, name := range header {
		cells[i] = name
	}
	return cells
}

// row writes one.
func (b *book) row(cells []any) error {
	b.rows++
	for i, cell := range cells {
		at, err := excelize.CoordinatesToCellName(i+1, b.rows)
		if err != nil {
			return err
		}
		if err := b.cell(at, cell); err != nil {
			return err
		}
	}
	return nil
}

func (b *book) cell(at string, cell any) error {
	switch cell := cell.(type) {
	case string:
		if cell == "" {
			return nil
		}
		return b.file.SetCellStr(b.name, at, cell)
	case time.Time:
		return b.file.SetCellStr(b.name, at, sheet.FormatInstant(cell))
	case decimal.Decimal:
		style := b.number
		if b.places == 0 && cell.IsInteger() {
			style = b.whole
		}
		return b.styled(at, cell.String(), style) // no float
	case int64:
		return b.file.SetCellDefault(b.name, at, strconv.FormatInt(cell, 10))
	case account.Date:
		if serial, ok := serialOf(cell); ok {
			return b.styled(at, strconv.FormatInt(serial, 10), b.day)
		}
		return b.cell(at, cell.String())
	}
	return nil
}

// styled writes a number in its digits, which a style shows.
func (b *book) styled(at, digits string, style int) error {
	if err := b.file.SetCellDefault(b.name, at, digits); err != nil {
		return err
	}
	return b.file.SetCellStyle(b.name, at, at, style)
}

// serialOf returns the number by which workbooks know a day, and whether it is one that all programs
// read alike: from 1 March 1900, before which they count a day that there was not.
func serialOf(d account.Date) (int64, bool) {
	begin := time.Date(1899, time.December, 30, 0, 0, 0, 0, time.UTC)
	serial := (time.Date(d.Year, d.Month, d.Day, 0, 0, 0, 0, time.UTC).Unix() - begin.Unix()) / (24 * 60 * 60)
	return serial, serial > 60 && d.Year <= 9999
}
