package price

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
)

// maxCells is the most cells of one line, so that a file of nothing but separators cannot
// take many times its own size.
const maxCells = 256

// separators are those that are recognised.
var separators = []rune{',', ';', '\t'}

// ReadCSV reads a price list from a file as [ReadCells] does: cells in quotes or not, lines that
// end with LF or CRLF. It holds the file in memory, and never more of it than the bounds
// say. Errors: [Faults], with every one that the file has, by line and cell; what reading failed with.
func ReadCSV(file io.Reader, o ReadOptions) ([]Row, error) {
	r := newReader(o)
	data, err := io.ReadAll(io.LimitReader(file, int64(r.MaxBytes)+1))
	switch {
	case err != nil:
		return nil, fmt.Errorf("price: reading the list: %w", err)
	case len(data) > r.MaxBytes:
		return nil, Faults{FaultOf("file.size")}
	}
	text, known := decode(data, o.Charset)
	if !known {
		return nil, Faults{FaultOf("file.charset")}
	}
	if !r.check(text) {
		return r.result()
	}
	if r.Separator == 0 {
		r.Separator = r.recognise(text)
	}
	if r.Separator != 0 && r.fits(text) {
		r.csv(text)
	}
	return r.result()
}

// check finds fault with lines before they are read as cells, and reports whether there is none.
func (r *reader) check(text []byte) bool {
	number := 0
	for line := range bytes.Lines(text) {
		number++
		switch {
		case len(r.faults) > r.MaxRows: // more lines than are taken
			return false
		case !isText(line):
			r.fault(number, 0, FaultOf("file.encoding"))
		case countSeparators(line) >= maxCells:
			r.fault(number, 0, FaultOf("file.cells"))
		}
	}
	return len(r.faults) == 0
}

func countSeparators(line []byte) (most int) {
	for _, separator := range separators {
		most = max(most, bytes.Count(line, []byte(string(separator))))
	}
	return most
}

// recognise returns what separates the cells: the only separator of the first line, or the only
// one by which it names all columns that are needed. Else there is a fault, and it is 0.
func (r *reader) recognise(text []byte) rune {
	first := firstLine(text)
	if len(first) == 0 {
		return 0
	}
	var there, naming []rune
	for _, separator := range separators {
		if !bytes.ContainsRune(first, separator) {
			continue
		}
		there = append(there, separator)
		if len(missing(columnNames(first, separator), r.From.IsZero())) == 0 {
			naming = append(naming, separator)
		}
	}
	switch {
	case len(there) == 1:
		return there[0]
	case len(naming) == 1:
		return naming[0]
	default:
		r.fault(1+bytes.Count(text[:bytes.Index(text, first)], []byte("\n")), 0, FaultOf("file.separator"))
		return 0
	}
}

// firstLine returns the first that has any text.
func firstLine(text []byte) []byte {
	for line := range bytes.Lines(text) {
		if len(bytes.TrimSpace(line)) > 0 {
			return bytes.TrimRight(line, "\r\n")
		}
	}
	return nil
}

func columnNames(line []byte, separator rune) (names []string) {
	lines := csv.NewReader(bytes.NewReader(line))
	lines.Comma = separator
	cells, err := lines.Read()
	if err != nil {
		return nil
	}
	for _, cell := range cells {
		names = append(names, columnName(strings.TrimSpace(cell)))
	}
	return names
}

// fits finds fault with a separator that is none, and with cells that go on over lines until one of
// them has too many, and reports whether there is nothing.
func (r *reader) fits(text []byte) bool {
	if !slices.Contains(separators, r.Separator) {
		r.fault(0, 0, FaultOf("file.separator"))
		return false
	}
	number, begin, cells, within := 0, 0, 0, false
	for line := range bytes.Lines(text) {
		if number++; !within {
			begin, cells = number, 0
		}
		var more int
		more, within = endsWithin(line, byte(r.Separator), within)
		if cells += more; cells >= maxCells {
			r.fault(begin, 0, FaultOf("file.cells"))
			return false
		}
	}
	return true
}

// endsWithin returns how many cells end before the last one of a line, and whether that goes on on the
// next line, as package csv reads them; within: so did the last one of the line before.
func endsWithin(line []byte, separator byte, within bool) (cells int, _ bool) {
	for ; ; cells++ {
		if within || len(line) > 0 && line[0] == '"' {
			if !within {
				line = line[1:]
			}
			if line, within = behindQuotes(line); within {
				return cells, true
			}
			if len(line) == 0 || line[0] != separator { // the end of the line, or a fault of it
				return cells, false
			}
			line = line[1:]
			continue
		}
		cell, rest, more := bytes.Cut(line, []byte{separator})
		if !more || bytes.IndexByte(cell, '"') >= 0 {
			return cells, false
		}
		line = rest
	}
}

// behindQuotes returns what comes behind the quotation mark that ends a cell, or that none does.
func behindQuotes(line []byte) (rest []byte, within bool) {
	for {
		end := bytes.IndexByte(line, '"')
		if end < 0 {
			return nil, true
		}
		if line = line[end+1:]; len(line) == 0 || line[0] != '"' {
			return line, false
		}
		line = line[1:] // two of them are one, that is text
	}
}

// csv reads the lines of a file.
func (r *reader) csv(text []byte) {
	lines := csv.NewReader(bytes.NewReader(text))
	lines.Comma, lines.FieldsPerRecord, lines.ReuseRecord = r.Separator, -1, true
	for {
		cells, err := lines.Read()
		if errors.Is(err, io.EOF) {
			return
		}
		if broken, ok := errors.AsType[*csv.ParseError](err); ok {
			if !r.more(broken.StartLine) {
				return
			}
			r.fault(broken.StartLine, 0, FaultOf("file.quotes"))
			if r.columns == nil {
				return
			}
			continue
		}
		number, _ := lines.FieldPos(0)
		if !r.line(number, cells) {
			return
		}
	}
}
