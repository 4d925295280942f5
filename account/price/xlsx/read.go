package xlsx

import (
	"encoding/xml"
	"fmt"
	"io"
	"iter"
	"regexp"
	"strconv"
	"strings"

	"github.com/shopspring/decimal"

	"github.com/clientaccount/clientaccount/account/price"
	"github.com/clientaccount/clientaccount/account/sheet"
)

// Read reads a price list from the first sheet of a workbook, as [price.ReadCells] does. Separator,
// Charset and DecimalComma do not matter: numbers are numbers, though a text may be read
// as one. A date is of the clock of the options' zone. Cells are otherwise those of [Lines]. Errors:
// [price.Faults], whose lines and columns are those of the sheet; what reading failed with.
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
	list := list{from: -1}
	o.DecimalComma = false
	rows, err := price.ReadCells(list.lines(data), o)
	if list.err != nil {
		return nil, price.Faults{price.FaultOf("file.format")}
	}
	return rows, err
}

// list is a price list as it is read from a sheet.
type list struct {
	width int   // of the first line that has any cells
	from  int   // the column of instants, from 0; -1 for none
	err   error // that ended it
}

// lines returns those of the sheet with as many cells as the first that has any.
func (l *list) lines(data []byte) iter.Seq2[int, []string] {
	return func(yield func(int, []string) bool) {
		for line, err := range lines(data) {
			if l.err = err; err != nil || !yield(line.number, l.cells(line)) {
				return
			}
		}
	}
}

func (l *list) cells(line line) []string {
	texts := line.texts()
	if l.width == 0 {
		l.width = len(texts)
		for i, text := range texts {
			if strings.EqualFold(strings.TrimSpace(text), "from") {
				l.from = i
			}
		}
		return texts
	}
	if l.from >= 0 && l.from < len(texts) && line.cells[l.from].number {
		number, _ := decimal.NewFromString(texts[l.from])
		texts[l.from] = look{day: true}.instant(number, line.is04)
	}
	for len(texts) < l.width { // empty ones at the end are not there
		texts = append(texts, "")
	}
	return texts
}

// Lines reads the first sheet of a workbook that is in sight, row by row, each cell as a text: what
// a person would type to have it. A number is in plain digits, those that it was saved with, to the
// 15 that a spreadsheet has, whatever places and signs its format shows, and Numbers says so; with %
// behind it, or zeros before it, where the format has them, it is a text. Days are as 2026-11-28, instants as 2026-11-28 10:30, times
// of day as 10:30, by no zone. What is true is TRUE. The computed values of formulas are read as
// they were saved. Rows are not kept, nor need those that are left out be there. An error is the last:
// [account.Faults] of the file, with the bound where it is over one; what reading failed with.
func Lines(file io.Reader) iter.Seq2[sheet.Line, error] {
	return func(yield func(sheet.Line, error) bool) {
		data, err := io.ReadAll(file)
		if err != nil {
			yield(sheet.Line{}, fmt.Errorf("xlsx: reading the sheet: %w", err))
			return
		}
		for line, err := range lines(data) {
			if !yield(sheet.Line{Number: line.number, Cells: line.texts(), Numbers: line.numbers()}, err) {
				return
			}
		}
	}
}

// lines are the rows of the first sheet of a workbook; cells are good until the next one comes.
func lines(data []byte) iter.Seq2[line, error] {
	return func(yield func(line, error) bool) {
		b, err := openBook(data)
		going := true
		if err == nil {
			rows := &sheetRows{book: b, row: line{is04: b.is04}, yield: func(l line) bool {
				going = yield(l, nil)
				return going
			}}
			err = b.each(b.sheet, rows.read)
		}
		if err != nil && going {
			yield(line{}, err)
		}
	}
}

// line is a row.
type line struct {
	number int
	cells  []cell
	is04   bool
}

// cell is one of a row: its text, and whether it is a number without more to it.
type cell struct {
	text   string
	number bool
}

// texts are those of the cells, which are the caller's own.
func (l line) texts() []string {
	texts := make([]string, len(l.cells), len(l.cells)+8)
	for i, c := range l.cells {
		texts[i] = c.text
	}
	return texts
}

// numbers are which of the cells are, which are the caller's own; nil: none.
func (l line) numbers() (numbers []bool) {
	for i, c := range l.cells {
		if c.number && numbers == nil {
			numbers = make([]bool, len(l.cells))
		}
		if c.number {
			numbers[i] = true
		}
	}
	return numbers
}

// Bounds of rows.
const (
	maxCells   = 256 // of a row: one far to the right brings all before it
	lastRow    = 1 << 20
	lastColumn = 1 << 14
)

// sheetRows are the rows of a sheet as they are read.
type sheetRows struct {
	*book
	row   line
	yield func(line) bool
}

// read goes through the sheet's rows up to their end, which must be there.
func (s *sheetRows) read(m *markup) error {
	for column := 0; ; {
		token, err := m.next()
		if err != nil {
			return errFormat()
		}
		switch t := token.(type) {
		case xml.StartElement:
			switch t.Name.Local {
			case "row":
				column, err = 0, s.begin(attribute(t, "r"))
			case "c":
				column, err = s.cellAt(m, t, column)
			case "sheetData":
				s.row.number = 0
			}
		case xml.EndElement:
			if t.Name.Local == "sheetData" || t.Name.Local == "row" && !s.yield(s.row) {
				return nil
			}
		}
		if err != nil {
			return err
		}
	}
}

// begin begins a row, which stands behind the one before.
func (s *sheetRows) begin(number string) error {
	next := s.row.number + 1
	if number != "" {
		n, err := strconv.Atoi(number)
		if err != nil || n < next {
			return errFormat()
		}
		next = n
	}
	if s.row.number, s.row.cells = next, s.row.cells[:0]; next > lastRow {
		return errFormat()
	}
	return nil
}

// cellAt reads a cell that stands behind the column before, counted from 1, and returns its own.
// Empty ones are left out.
func (s *sheetRows) cellAt(m *markup, e xml.StartElement, before int) (column int, err error) {
	if column = before + 1; attribute(e, "r") != "" {
		column = columnOf(attribute(e, "r"))
	}
	if column <= before || column > lastColumn {
		return 0, errFormat()
	}
	read, err := s.cell(m, e)
	if err != nil || read.text == "" {
		return column, err
	}
	if column > maxCells {
		return 0, fault(sheet.CodeColumns, maxCells)
	}
	for len(s.row.cells) < column {
		s.row.cells = append(s.row.cells, cell{})
	}
	s.row.cells[column-1] = read
	return column, nil
}

// columnOf returns the column of a cell's name, as 28 of AB7; 0 for what is none.
func columnOf(name string) (column int) {
	for _, c := range strings.TrimRight(name, "0123456789") {
		if column = column*26 + int(c-'A') + 1; c < 'A' || c > 'Z' || column > lastColumn {
			return 0
		}
	}
	return column
}

// cell reads what an element of a cell has in it.
func (s *sheetRows) cell(m *markup, e xml.StartElement) (read cell, err error) {
	value, computed, valued := "", false, false
	for {
		token, err := m.next()
		if err != nil {
			return read, errFormat()
		}
		switch t := token.(type) {
		case xml.StartElement:
			switch name := t.Name.Local; name {
			case "v", "is":
				value, err = m.text(name)
				valued = true
			case "f":
				computed = true
			}
		case xml.EndElement:
			if t.Name.Local != "c" {
				continue
			}
			if computed && !valued {
				return read, fault(sheet.CodeFormula, s.row.number, attribute(e, "r"))
			}
			return s.cellOf(attribute(e, "t"), attribute(e, "s"), value)
		}
		if err != nil {
			return read, err
		}
	}
}

// cellOf returns a cell by its type, style and value.
func (s *sheetRows) cellOf(kind, style, value string) (cell, error) {
	switch kind {
	case "s":
		n, err := strconv.Atoi(value)
		text, known := s.texts.at(n)
		if err != nil || !known {
			return cell{}, errFormat()
		}
		return cell{text: text}, nil
	case "b":
		return cell{text: strings.ToUpper(strconv.FormatBool(isTrue(value)))}, nil
	case "", "n":
		if !isNumber(value) {
			return cell{text: value}, nil
		}
		var l look
		if n, err := strconv.Atoi(style); err == nil && n >= 0 && n < len(s.looks) {
			l = s.looks[n]
		}
		return cell{l.show(value, s.is04), l == look{}}, nil
	default: // texts where they stand, and errors
		return cell{text: value}, nil
	}
}

// coded is a character by its number, where XML has none.
var coded = regexp.MustCompile(`_x[0-9A-Fa-f]{4}_`)

// unmistaken returns a text with such characters as they are.
func unmistaken(text string) string {
	if !strings.Contains(text, "_x") {
		return text
	}
	return coded.ReplaceAllStringFunc(text, func(code string) string {
		c, _ := strconv.ParseUint(code[2:6], 16, 16)
		return string(rune(c))
	})
}
