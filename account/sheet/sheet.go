// Package sheet has tables as files: CSV that a spreadsheet opens and does not compute.
// account/price/xlsx writes them as workbooks. It is pure.
package sheet

import (
	"encoding/csv"
	"io"
	"iter"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/shopspring/decimal"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/internal/bounds"
)

// Sheet is a table to be written as a file. A cell is a string, a [decimal.Decimal], an int64, an
// [account.Date], or a [time.Time] in the zone in which it is to be shown; anything else is
// written as empty.
type Sheet struct {
	Header []string
	Rows   iter.Seq[[]any] // a slice is good until the next one comes; nil: none
	Places int             // the fewest decimal places of decimals; they have as many more as they need
}

// Line is a line of a table that is read from a file: its number, from 1, and its cells.
type Line struct {
	Number int
	Cells  []string
	// Numbers says which cells are numbers to the file, and no texts: in plain digits, with a point
	// before decimals, so there is one way to read them. Cells beyond its end are texts.
	Numbers []bool
}

// IsNumber reports whether a cell, counted from 0, is a number to the file.
func (l Line) IsNumber(cell int) bool { return cell < len(l.Numbers) && l.Numbers[cell] }

// Codes of what is wrong with a workbook as a whole, or of which it has too much: what reads
// one has them in its faults.
const (
	CodeFormat    = "import.format"
	CodeProtected = "import.protected"
	CodeUnpacked  = "import.unpacked" // with the megabytes that it may have
	CodeTexts     = "import.texts"    // with their number, and the megabytes of all of them
	CodeColumns   = "import.columns"  // with their number
	CodeFormula   = "import.formula"  // with the line, and the cell's name
)

// byteOrderMark is that of UTF-8.
const byteOrderMark = "\xef\xbb\xbf"

// Options says how a CSV is written. The zero value writes UTF-8, commas and decimal points.
type Options struct {
	Separator     rune // ',', ';' or '\t'; 0: ','
	DecimalComma  bool // numbers are written 0,05
	ByteOrderMark bool // it begins with one, by which spreadsheets know UTF-8
}

// WriteCSV writes the sheet as CSV: instants by RFC 3339, numbers as plain digits. In a text
// that a spreadsheet could take for a formula, whichever separator it assumes, an apostrophe
// is put before that, and controls become spaces. Errors: those of w; a separator that is none.
func (s Sheet) WriteCSV(w io.Writer, o Options) error {
	if o.ByteOrderMark {
		if _, err := io.WriteString(w, byteOrderMark); err != nil {
			return err
		}
	}
	lines := csv.NewWriter(w)
	if o.Separator != 0 {
		lines.Comma = o.Separator
	}
	texts := make([]string, 0, len(s.Header))
	for _, name := range s.Header {
		texts = append(texts, inert(name))
	}
	if err := lines.Write(texts); err != nil {
		return err
	}
	if s.Rows != nil {
		for cells := range s.Rows {
			texts = texts[:0]
			for _, cell := range cells {
				texts = append(texts, s.text(cell, o))
			}
			if err := lines.Write(texts); err != nil {
				return err
			}
		}
	}
	lines.Flush()
	return lines.Error()
}

// text returns a cell as CSV has it.
func (s Sheet) text(cell any, o Options) string {
	switch cell := cell.(type) {
	case string:
		return inert(cell)
	case time.Time:
		return FormatInstant(cell)
	case decimal.Decimal:
		number := cell.StringFixed(int32(max(s.Places, bounds.Scale(cell))))
		if o.DecimalComma {
			return strings.Replace(number, ".", ",", 1)
		}
		return number
	case int64:
		return strconv.FormatInt(cell, 10)
	case account.Date:
		return cell.String()
	}
	return ""
}

// inert puts an apostrophe before what a spreadsheet would compute: = + - @ at the beginning of a
// cell, and behind whatever it may take for the end of one; also where apostrophes stand before
// that already, so that [Bare] finds what there was. Blanks and quotation marks between do not
// count. Controls, of which it makes what it likes, become spaces.
func inert(s string) string {
	return apart(Flat(s), func(b *strings.Builder, c rune) {
		b.WriteByte('\'')
		b.WriteRune(c)
	})
}

// Bare returns the text of a cell of CSV without the apostrophes that keep spreadsheets from computing
// it, as WriteCSV puts them.
func Bare(cell string) string {
	return apart(cell, func(b *strings.Builder, c rune) {
		if c != '\'' {
			b.WriteRune(c)
		}
	})
}

// Flat returns a text as a cell of CSV has it, in one line: with spaces for controls.
func Flat(s string) string {
	return strings.Map(func(c rune) rune {
		if unicode.IsControl(c) {
			return ' '
		}
		return c
	}, s)
}

// apart writes a text, and has first write what may begin a formula, or the apostrophes before that.
func apart(s string, first func(*strings.Builder, rune)) string {
	var b strings.Builder
	begin := true
	for i, c := range s {
		if begin && computes(s[i:]) {
			first(&b, c)
			begin = false
			continue
		}
		b.WriteRune(c)
		switch {
		case strings.ContainsRune(",;|", c):
			begin = true
		case c != '"' && !unicode.IsSpace(c):
			begin = false
		}
	}
	return b.String()
}

// computes reports whether a text begins like a formula, but for apostrophes.
func computes(s string) bool {
	c, _ := utf8.DecodeRuneInString(strings.TrimLeft(s, "'"))
	return strings.ContainsRune("=+-@＝＋－＠", c)
}

// FormatInstant writes an instant as files have it and readers take it, by RFC 3339 in its own
// zone; in UTC where the offset has seconds, which RFC 3339 cannot write.
func FormatInstant(t time.Time) string {
	if _, offset := t.Zone(); offset%60 != 0 {
		t = t.UTC()
	}
	return t.Format(time.RFC3339Nano)
}
