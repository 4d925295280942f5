package sheet

import (
	"encoding/csv"
	"io"
	"strconv"
)

// Limits are how much one record of a CSV may have, so that a file of nothing but separators, or of
// one quotation mark, does not take many times its own size.
type Limits struct {
	Cells int
	Bytes int // separators, quotation marks and line ends counted
}

// LimitError says that a record has more than that. It is what reading the CSV ends with.
type LimitError struct {
	Line  int  // where the record begins, from 1
	Cells bool // it has too many cells; else it is too long
}

func (e *LimitError) Error() string {
	return "sheet: the record that begins in line " + strconv.Itoa(e.Line) + " has more than it may"
}

// NewReader returns a reader of CSV whose records may have any number of cells within these limits;
// the slice that it returns is good until the next one comes. Nothing else here reads CSV.
func NewReader(r io.Reader, separator rune, within Limits) *csv.Reader {
	lines := csv.NewReader(&limited{in: r, separator: byte(separator), limits: within, line: 1, begin: 1})
	lines.Comma, lines.FieldsPerRecord, lines.ReuseRecord = separator, -1, true
	return lines
}

// limited is a CSV on its way to package csv, which keeps a record whole before anybody sees it.
type limited struct {
	in           io.Reader
	separator    byte
	limits       Limits
	at           place
	line, begin  int // the present line, and that in which the record begins
	cells, bytes int // of the record so far
	err          error
}

// place is where in a record a byte stands, as package csv reads it.
type place int

const (
	cellBegins place = iota
	inCell
	inQuotes
	behindQuotes // behind a quotation mark that ends a cell, or is the first of two
	inFault      // the rest of the line is passed over
)

func (l *limited) Read(p []byte) (int, error) {
	if l.err != nil {
		return 0, l.err
	}
	n, err := l.in.Read(p)
	for i, c := range p[:n] {
		if l.err = l.pass(c); l.err != nil {
			return i, l.err
		}
	}
	return n, err
}

// pass counts a byte, and returns what it is too much of.
func (l *limited) pass(c byte) error {
	l.bytes++
	l.at = l.after(c)
	switch {
	case c == '\n':
		l.line++
		if l.at == cellBegins {
			l.begin, l.cells, l.bytes = l.line, 0, 0
		}
	case l.at == cellBegins:
		l.cells++
	}
	if over := l.cells >= l.limits.Cells; over || l.bytes > l.limits.Bytes {
		return &LimitError{Line: l.begin, Cells: over}
	}
	return nil
}

// after returns the place behind a byte.
func (l *limited) after(c byte) place {
	switch {
	case l.at == inQuotes && c == '"':
		return behindQuotes
	case l.at == inQuotes, l.at == behindQuotes && c == '"':
		return inQuotes
	case c == '\n':
		return cellBegins
	case l.at == inFault:
		return inFault
	case c == l.separator:
		return cellBegins
	case l.at == cellBegins && c == '"':
		return inQuotes
	case l.at == behindQuotes, c == '"':
		return inFault
	default:
		return inCell
	}
}
