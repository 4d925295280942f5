package price

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/clientaccount/clientaccount/account/sheet"
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
	switch {
	case slices.Contains(separators, r.Separator):
		r.csv(text)
	case r.Separator != 0:
		r.fault(0, 0, FaultOf("file.separator"))
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
	cells, err := sheet.NewReader(bytes.NewReader(line), separator, sheet.Limits{Cells: maxCells, Bytes: len(line)}).Read()
	if err != nil {
		return nil
	}
	for _, cell := range cells {
		names = append(names, columnName(strings.TrimSpace(cell)))
	}
	return names
}

// csv reads the lines of a file.
func (r *reader) csv(text []byte) {
	lines := sheet.NewReader(bytes.NewReader(text), r.Separator, sheet.Limits{Cells: maxCells, Bytes: len(text)})
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
		if over, ok := errors.AsType[*sheet.LimitError](err); ok {
			r.fault(over.Line, 0, FaultOf("file.cells"))
			return
		}
		number, _ := lines.FieldPos(0)
		if !r.line(number, cells) {
			return
		}
	}
}
