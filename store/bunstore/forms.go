package bunstore

import (
	"slices"
	"strings"
)

// arrays is a form with a parameter for each column: the text of a PostgreSQL array.
type arrays struct {
	columns [][]byte
	next    int
}

func newArrays(width int) *arrays { return &arrays{columns: make([][]byte, width)} }

// column begins the next value.
func (a *arrays) column() *[]byte {
	c := &a.columns[a.next]
	a.next = (a.next + 1) % len(a.columns)
	if *c == nil {
		*c = append(make([]byte, 0, 128), '{')
	} else {
		*c = append(*c, ',')
	}
	return c
}

func (a *arrays) null() {
	c := a.column()
	*c = append(*c, "NULL"...)
}

func (a *arrays) plain(value []byte) {
	c := a.column()
	*c = append(*c, value...)
}

var arrayEscaper = strings.NewReplacer(`"`, `\"`, `\`, `\\`)

// text is quoted, so that it is never NULL or empty, and needs only two characters
// escaped (PostgreSQL manual, "Array Input and Output Syntax").
func (a *arrays) text(value string) {
	c := a.column()
	*c = append(*c, '"')
	if strings.ContainsAny(value, `"\`) {
		value = arrayEscaper.Replace(value)
	}
	*c = append(*c, value...)
	*c = append(*c, '"')
}

func (a *arrays) appendTo(args []any) []any {
	args = slices.Grow(args, len(a.columns))
	for _, c := range a.columns {
		if c == nil {
			c = []byte{'{'}
		}
		args = append(args, string(append(c, '}')))
	}
	return args
}

// scalars is a form for a single row: a parameter for each value.
type scalars struct{ values []any }

func (s *scalars) null()                     { s.values = append(s.values, nil) }
func (s *scalars) plain(value []byte)        { s.values = append(s.values, string(value)) }
func (s *scalars) text(value string)         { s.values = append(s.values, value) }
func (s *scalars) appendTo(args []any) []any { return append(args, s.values...) }

// lists is a form with one parameter: a JSON array of rows, each an array of values.
type lists struct {
	width, next int
	json        []byte
}

// value begins the next one.
func (l *lists) value() {
	switch {
	case l.json == nil:
		l.json = append(make([]byte, 0, 256), "[["...)
	case l.next == 0:
		l.json = append(l.json, "],["...)
	default:
		l.json = append(l.json, ',')
	}
	l.next = (l.next + 1) % l.width
}

func (l *lists) null() {
	l.value()
	l.json = append(l.json, "null"...)
}

func (l *lists) plain(value []byte) {
	l.value()
	l.json = append(l.json, value...)
}

func (l *lists) text(value string) {
	l.value()
	l.json = append(l.json, '"')
	for i := range len(value) {
		switch c := value[i]; {
		case c == '"' || c == '\\':
			l.json = append(l.json, '\\', c)
		case c < ' ':
			l.json = append(l.json, `\u00`...)
			l.json = append(l.json, hexDigits[c>>4], hexDigits[c&15])
		default:
			l.json = append(l.json, c)
		}
	}
	l.json = append(l.json, '"')
}

const hexDigits = "0123456789abcdef"

func (l *lists) appendTo(args []any) []any {
	if l.json == nil {
		return append(args, "[]")
	}
	return append(args, string(append(l.json, "]]"...)))
}
