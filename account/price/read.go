package price

import (
	"fmt"
	"iter"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/clientaccount/clientaccount/account"
)

// ReadOptions says how a price list is written. The zero value reads UTF-8, or UTF-16 with a byte
// order mark, decimal points, instants in UTC, and recognises the separator.
type ReadOptions struct {
	Separator    rune             // ',', ';' or '\t'; 0: recognised by the first line
	DecimalComma bool             // prices are written 0,05
	Charset      Charset          // of a file without a byte order mark; empty: CharsetUTF8
	Zone         *time.Location   // of instants without an offset; nil: UTC
	From         time.Time        // of rows that say none, a valid one; zero: each must
	NotBefore    time.Time        // rows that begin earlier are faults; zero: any may
	Currency     account.Currency // what a column currency must say; empty: it is a column like any other
	Extra        bool             // other columns are passed over; else they are faults
	MaxBytes     int              // of the file; 0: [DefaultMaxBytes]
	MaxRows      int              // 0: [DefaultMaxRows]
}

// Bounds of a file, unless [ReadOptions] has others.
const (
	DefaultMaxBytes = 8 << 20
	DefaultMaxRows  = 100_000
)

// The columns that are read; Currency only where it is asked for.
const (
	columnMCC      = "mcc"
	columnMNC      = "mnc"
	columnMCCMNC   = "mccmnc"
	columnPrice    = "price"
	columnFrom     = "from"
	columnCurrency = "currency"
)

var readColumns = []string{columnMCC, columnMNC, columnMCCMNC, columnPrice, columnFrom, columnCurrency}

// ReadCells reads a price list from lines of cells, as another format of files has them, each
// with its number. The first that has any text names the columns, in any order, upper
// or lower case, with blanks or signs within ("MCC/MNC"): MCC and, unless all rows are of whole
// countries, MNC, or both as MCCMNC; price; from. Empty lines are passed over. A price is
// plain digits, or the word closed or withdrawn ([State]).
//
// The list is taken whole or not at all: the error is [Faults], with every one that the list has.
func ReadCells(lines iter.Seq2[int, []string], o ReadOptions) ([]Row, error) {
	r := newReader(o)
	for number, cells := range lines {
		if !r.line(number, cells) {
			break
		}
	}
	return r.result()
}

// reader reads a list line by line.
type reader struct {
	ReadOptions
	columns []string // of the cells; nil until they are named, "" for those passed over
	rows    []Row
	count   int           // of lines that are no header and not empty, faulty ones included
	seen    map[start]int // the line on which it was
	faults  Faults
}

func newReader(o ReadOptions) *reader {
	o.Zone = zoneOr(o.Zone)
	if o.MaxRows <= 0 {
		o.MaxRows = DefaultMaxRows
	}
	if o.MaxBytes <= 0 {
		o.MaxBytes = DefaultMaxBytes
	}
	return &reader{ReadOptions: o, seen: map[start]int{}}
}

func (r *reader) result() ([]Row, error) {
	if r.columns == nil && len(r.faults) == 0 {
		r.fault(0, 0, FaultOf("file.empty"))
	}
	if err := r.faults.Err(); err != nil {
		return nil, err
	}
	return r.rows, nil
}

func (r *reader) fault(line, column int, f Fault) {
	f.Line, f.Column = line, column
	r.faults = append(r.faults, f)
}

// line reads one, and reports whether to go on.
func (r *reader) line(number int, cells []string) bool {
	switch {
	case !slices.ContainsFunc(cells, func(s string) bool { return strings.TrimSpace(s) != "" }):
		return true
	case r.columns == nil:
		r.header(number, cells)
		return len(r.faults) == 0
	case !r.more(number):
		return false
	default:
		r.row(number, cells)
		return true
	}
}

// more counts a line, and reports whether there may be one.
func (r *reader) more(number int) bool {
	if r.count == r.MaxRows {
		r.fault(number, 0, FaultOf("file.rows"))
		return false
	}
	r.count++
	return true
}

// header names the columns.
func (r *reader) header(number int, cells []string) {
	r.columns = make([]string, len(cells))
	for i, cell := range cells {
		cell = strings.TrimSpace(cell)
		switch name := columnName(cell); {
		case !slices.Contains(readColumns, name), name == columnCurrency && r.Currency == "":
			if !r.Extra {
				r.fault(number, i+1, named("header.unknown", cell))
			}
		case slices.Contains(r.columns, name):
			r.fault(number, i+1, named("header.repeated", cell))
		default:
			r.columns[i] = name
		}
	}
	for _, missing := range missing(r.columns, r.From.IsZero()) {
		r.fault(number, 0, named("header.missing", missing))
	}
	if r.has(columnMCCMNC) && (r.has(columnMCC) || r.has(columnMNC)) {
		r.fault(number, 0, FaultOf("header.both"))
	}
	if code := r.checkFrom(r.From); code != "" && !r.From.IsZero() {
		r.fault(number, 0, FaultOf(code))
	}
}

// checkFrom returns the code of what is wrong with an instant, or "".
func (r *reader) checkFrom(t time.Time) string {
	if code := checkFrom(t); code != "" {
		return code
	}
	if t.Before(r.NotBefore) {
		return "from.past"
	}
	return ""
}

func (r *reader) has(column string) bool { return slices.Contains(r.columns, column) }

// columnName returns how a column is known: in lower case, without blanks and signs.
func columnName(cell string) string {
	return strings.Map(func(c rune) rune {
		if strings.ContainsRune(" _-/.+", c) {
			return -1
		}
		return c
	}, strings.ToLower(cell))
}

// missing returns the columns that a list needs and that these are not.
func missing(columns []string, needFrom bool) (names []string) {
	if !slices.Contains(columns, columnMCC) && !slices.Contains(columns, columnMCCMNC) {
		names = append(names, columnMCC)
	}
	if !slices.Contains(columns, columnPrice) {
		names = append(names, columnPrice)
	}
	if needFrom && !slices.Contains(columns, columnFrom) {
		names = append(names, columnFrom)
	}
	return names
}

// longestName is how much of a column's name a fault repeats.
const longestName = 40

// named returns a fault whose text has the name of a column, as far as it can be shown.
func named(code, name string) Fault {
	f := FaultOf(code)
	runes := []rune(name)
	if len(runes) > longestName {
		runes = append(runes[:longestName:longestName], '…')
	}
	f.Text = fmt.Sprintf(f.Text, strconv.Quote(string(runes)))
	return f
}
