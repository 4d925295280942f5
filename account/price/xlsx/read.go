package xlsx

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"io"
	"iter"
	"strconv"
	"strings"
	"time"

	"github.com/shopspring/decimal"
	"github.com/xuri/excelize/v2"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/account/price"
)

// maxUnzipped bounds what a workbook may unpack to; it stays in memory.
const maxUnzipped = 64 << 20

// Read reads a price list from the first sheet of a workbook, as [price.ReadCells] does. Separator,
// Charset and DecimalComma do not matter: numbers are numbers, though a text may be read
// as one. A date is of the clock of the options' zone. The computed values of formulas are read
// as they were saved. Errors: [price.Faults], whose lines and columns are those of the sheet;
// what reading failed with.
func Read(file io.Reader, o price.ReadOptions) ([]price.Row, error) {
	if o.MaxBytes <= 0 {
		o.MaxBytes = price.DefaultMaxBytes
	}
	data, err := io.ReadAll(io.LimitReader(file, int64(o.MaxBytes)+1))
	switch {
	case err != nil:
		return nil, fmt.Errorf("xlsx: reading the list: %w", err)
	case len(data) > o.MaxBytes:
		return nil, price.Faults{price.FaultOf("file.size")}
	}
	s, err := open(data)
	if err != nil {
		return nil, price.Faults{price.FaultOf("file.format")}
	}
	defer s.close()
	o.DecimalComma = false
	rows, err := price.ReadCells(s.lines(), o)
	if s.err != nil {
		return nil, price.Faults{price.FaultOf("file.format")}
	}
	return rows, err
}

// reader is the first sheet of a workbook, as it is read.
type reader struct {
	file *excelize.File
	name string
	raw  *excelize.Rows // as it is saved
	seen *excelize.Rows // the same rows as they are shown
	from int            // the column of instants, from 0; -1 until it is found
	is04 bool           // days are counted from 1904
	err  error          // that ended it
}

func open(data []byte) (*reader, error) {
	f, err := excelize.OpenReader(bytes.NewReader(data), excelize.Options{
		UnzipSizeLimit: maxUnzipped, UnzipXMLSizeLimit: maxUnzipped,
	})
	if err != nil {
		return nil, err
	}
	s := &reader{file: f, name: f.GetSheetName(0), from: -1}
	props, err := f.GetWorkbookProps()
	s.is04 = props.Date1904 != nil && *props.Date1904
	if err == nil {
		s.raw, err = f.Rows(s.name)
	}
	if err == nil {
		s.seen, err = f.Rows(s.name)
	}
	if err != nil {
		f.Close() //nolint:errcheck // nothing but memory
		return nil, err
	}
	return s, nil
}

func (s *reader) close() {
	s.raw.Close()  //nolint:errcheck // nothing but memory
	s.seen.Close() //nolint:errcheck // nothing but memory
	s.file.Close() //nolint:errcheck // nothing but memory
}

// lines returns the rows of the sheet with as many cells as the first that has any, each a text as
// ReadCells takes it. Cells to the right of those are left as they are.
func (s *reader) lines() iter.Seq2[int, []string] {
	return func(yield func(int, []string) bool) {
		width := 0
		for number := 1; s.raw.Next() && s.seen.Next(); number++ {
			cells, ok := s.row(width > 0)
			if !ok {
				return
			}
			if width == 0 {
				width = len(cells)
				s.findFrom(cells)
			}
			for len(cells) < width { // empty ones at the end are not there
				cells = append(cells, "")
			}
			if !yield(number, cells) {
				return
			}
		}
		s.err = cmp.Or(s.raw.Error(), s.seen.Error())
	}
}

// row returns the next one, with numbers as plain digits; false when the sheet cannot be read on.
func (s *reader) row(numbers bool) (cells []string, ok bool) {
	cells, err := s.raw.Columns(excelize.Options{RawCellValue: true})
	seen, err2 := s.seen.Columns()
	if s.err = cmp.Or(err, err2); s.err == nil && (len(cells) > maxCells || len(cells) != len(seen)) {
		s.err = errCells
	}
	if s.err != nil {
		return nil, false
	}
	if numbers {
		s.plain(cells, seen)
	}
	return cells, true
}

// maxCells bounds the cells of a row: one far to the right brings all before it.
const maxCells = 256

var errCells = errors.New("xlsx: a row has too many cells")

func (s *reader) findFrom(header []string) {
	for i, cell := range header {
		if strings.EqualFold(strings.TrimSpace(cell), "from") {
			s.from = i
		}
	}
}

// plain writes numbers of a row as plain digits, and days in the column of instants as such. A
// text that looks like a number is shown as it is saved, and so left alone.
func (s *reader) plain(cells, seen []string) {
	for i, cell := range cells {
		switch {
		case !isNumber(cell):
		case i == s.from:
			cells[i] = s.instant(cell)
		case cell != seen[i]:
			cells[i] = plainDigits(cell)
		}
	}
}

// isNumber reports whether a raw value is a number, as workbooks write them.
func isNumber(raw string) bool {
	if raw == "" || len(raw) > longestNumber || strings.Trim(raw, "0123456789.E+-") != "" {
		return false
	}
	_, err := strconv.ParseFloat(raw, 64)
	return err == nil
}

// longestNumber is a bound of what a workbook writes for a number.
const longestNumber = 32

// digitsOfNumber is how many digits a spreadsheet's number has. Beyond them a file has what is left of
// its binary fraction: 0.07 is saved as 7.0000000000000007E-2.
const digitsOfNumber = 15

// plainDigits returns a number as a spreadsheet shows it, rounded to the digits that it has, unless
// that would round a place that prices have.
func plainDigits(raw string) string {
	d, err := decimal.NewFromString(raw)
	if err != nil || d.Exponent() < -400 || d.Exponent() > 400 { // more than a float's
		return raw
	}
	if places := digitsOfNumber - d.NumDigits() - int(d.Exponent()); places >= account.MaxScale {
		d = d.Round(int32(places))
	}
	return d.String()
}

// instant returns what the clock shows at a day and a fraction of one.
func (s *reader) instant(raw string) string {
	days, err := strconv.ParseFloat(raw, 64)
	if err != nil {
		return raw
	}
	t, err := excelize.ExcelDateToTime(days, s.is04)
	if err != nil {
		return raw
	}
	t = t.Round(time.Second)
	if t.Hour() == 0 && t.Minute() == 0 && t.Second() == 0 {
		return t.Format(time.DateOnly)
	}
	return t.Format(time.DateTime)
}
