package rows

import (
	"slices"
	"strconv"
)

// Form is how a statement takes rows as parameters.
type Form interface {
	// Null, Integer, Flag and Text add a value to the row.
	Null()
	Integer(n int64)
	Flag(on bool)
	Text(value string)
	// All returns the parameters of one call with all rows, or with none.
	All() []any
	// Calls returns the parameters of each call that it takes: none without rows.
	Calls() [][]any
}

// Singles is a form for a call for each row, with a parameter for each value.
type Singles struct {
	width  int
	values []any
}

// NewSingles returns a form of rows of so many columns.
func NewSingles(width int) *Singles { return &Singles{width: width} }

// Null is [Form]'s.
func (s *Singles) Null() { s.values = append(s.values, nil) }

// Integer is [Form]'s.
func (s *Singles) Integer(n int64) { s.values = append(s.values, n) }

// Flag is [Form]'s.
func (s *Singles) Flag(on bool) { s.values = append(s.values, on) }

// Text is [Form]'s.
func (s *Singles) Text(value string) { s.values = append(s.values, value) }

// All is [Form]'s, for one row.
func (s *Singles) All() []any { return s.values }

// Calls is [Form]'s.
func (s *Singles) Calls() [][]any { return slices.Collect(slices.Chunk(s.values, s.width)) }

// named is a form for the rows that bun writes: a map for each, by column.
type named struct {
	columns Columns
	rows    []map[string]any
	next    int
}

// newNamed returns a form of rows of the columns.
func newNamed(cs Columns) *named { return &named{columns: cs} }

func (n *named) add(value any) {
	if n.next == 0 {
		n.rows = append(n.rows, make(map[string]any, len(n.columns)))
	}
	n.rows[len(n.rows)-1][n.columns[n.next].Name] = value
	n.next = (n.next + 1) % len(n.columns)
}

func (n *named) Null()             { n.add(nil) }
func (n *named) Integer(v int64)   { n.add(v) }
func (n *named) Flag(on bool)      { n.add(on) }
func (n *named) Text(value string) { n.add(value) }

// All returns the rows.
func (n *named) All() []any {
	all := make([]any, len(n.rows))
	for i, row := range n.rows {
		all[i] = row
	}
	return all
}

func (n *named) Calls() [][]any { return slices.Collect(slices.Chunk(n.All(), 1)) }

type objects struct {
	columns Columns
	next    int
	json    []byte
}

// NewObjects returns a form for all rows in one call, with one parameter: a JSON array of objects
// by the columns' names, which a dialect unpacks.
func NewObjects(cs Columns) Form { return &objects{columns: cs} }

// value begins the next one, with its name.
func (o *objects) value() {
	switch {
	case o.json == nil:
		o.json = append(make([]byte, 0, 512), `[{"`...)
	case o.next == 0:
		o.json = append(o.json, `},{"`...)
	default:
		o.json = append(o.json, `,"`...)
	}
	o.json = append(append(o.json, o.columns[o.next].Name...), `":`...)
	o.next = (o.next + 1) % len(o.columns)
}

func (o *objects) Null() {
	o.value()
	o.json = append(o.json, "null"...)
}

func (o *objects) Integer(n int64) {
	o.value()
	o.json = strconv.AppendInt(o.json, n, 10)
}

func (o *objects) Flag(on bool) {
	o.value()
	o.json = strconv.AppendBool(o.json, on)
}

func (o *objects) Text(value string) {
	o.value()
	o.json = AppendText(o.json, value)
}

func (o *objects) All() []any {
	if o.json == nil {
		return []any{"[]"}
	}
	return []any{string(append(o.json, "}]"...))}
}

func (o *objects) Calls() [][]any {
	if o.json == nil {
		return nil
	}
	return [][]any{o.All()}
}

const hexDigits = "0123456789abcdef"

// AppendText appends text as JSON has it.
func AppendText(b []byte, value string) []byte {
	b = append(b, '"')
	for i := range len(value) {
		switch c := value[i]; {
		case c == '"' || c == '\\':
			b = append(b, '\\', c)
		case c < ' ':
			b = append(b, `\u00`...)
			b = append(b, hexDigits[c>>4], hexDigits[c&15])
		default:
			b = append(b, c)
		}
	}
	return append(b, '"')
}
