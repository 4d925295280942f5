package bunstore

import (
	"slices"
	"strconv"
	"strings"
)

// form is how a statement takes rows as parameters.
type form interface {
	// null, integer, flag and text add a value to the row.
	null()
	integer(n int64)
	flag(on bool)
	text(value string)
	// all are the parameters of one call with all rows, or with none.
	all() []any
	// calls are the parameters of each call that it takes: none without rows.
	calls() [][]any
}

// arrays is a form for all rows in one call, with a parameter for each column: the text
// of a PostgreSQL array.
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

func (a *arrays) integer(n int64) {
	c := a.column()
	*c = strconv.AppendInt(*c, n, 10)
}

func (a *arrays) flag(on bool) {
	c := a.column()
	*c = strconv.AppendBool(*c, on)
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

func (a *arrays) all() []any {
	args := make([]any, len(a.columns))
	for i, c := range a.columns {
		if c == nil {
			c = []byte{'{'}
		}
		args[i] = string(append(c, '}'))
	}
	return args
}

func (a *arrays) calls() [][]any {
	if a.columns[0] == nil {
		return nil
	}
	return [][]any{a.all()}
}

// lists is a form for all rows in one call, with one parameter: a JSON array of arrays.
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

func (l *lists) integer(n int64) {
	l.value()
	l.json = strconv.AppendInt(l.json, n, 10)
}

func (l *lists) flag(on bool) {
	l.value()
	l.json = strconv.AppendBool(l.json, on)
}

const hexDigits = "0123456789abcdef"

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

func (l *lists) all() []any {
	if l.json == nil {
		return []any{"[]"}
	}
	return []any{string(append(l.json, "]]"...))}
}

func (l *lists) calls() [][]any {
	if l.json == nil {
		return nil
	}
	return [][]any{l.all()}
}

// singles is a form for a call for each row, with a parameter for each value.
type singles struct {
	width  int
	values []any
}

func (s *singles) null()             { s.values = append(s.values, nil) }
func (s *singles) integer(n int64)   { s.values = append(s.values, n) }
func (s *singles) flag(on bool)      { s.values = append(s.values, on) }
func (s *singles) text(value string) { s.values = append(s.values, value) }
func (s *singles) all() []any        { return s.values }
func (s *singles) calls() [][]any    { return slices.Collect(slices.Chunk(s.values, s.width)) }

// textSingles is singles with every value as text, for drivers that go by the type of
// the parameter.
type textSingles struct{ singles }

func (s *textSingles) integer(n int64) { s.text(strconv.FormatInt(n, 10)) }
func (s *textSingles) flag(on bool)    { s.text(strconv.FormatBool(on)) }
