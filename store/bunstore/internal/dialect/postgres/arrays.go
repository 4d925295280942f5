package postgres

import (
	"strconv"
	"strings"

	"github.com/clientaccount/clientaccount/store/bunstore/internal/rows"
)

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

func (a *arrays) Null() {
	c := a.column()
	*c = append(*c, "NULL"...)
}

func (a *arrays) Integer(n int64) {
	c := a.column()
	*c = strconv.AppendInt(*c, n, 10)
}

func (a *arrays) Flag(on bool) {
	c := a.column()
	*c = strconv.AppendBool(*c, on)
}

var arrayEscaper = strings.NewReplacer(`"`, `\"`, `\`, `\\`)

// text is quoted, so that it is never NULL or empty, and needs only two characters
// escaped (PostgreSQL manual, "Array Input and Output Syntax").
func (a *arrays) Text(value string) {
	c := a.column()
	*c = append(*c, '"')
	if strings.ContainsAny(value, `"\`) {
		value = arrayEscaper.Replace(value)
	}
	*c = append(*c, value...)
	*c = append(*c, '"')
}

func (a *arrays) All() []any {
	args := make([]any, len(a.columns))
	for i, c := range a.columns {
		if c == nil {
			c = []byte{'{'}
		}
		args[i] = string(append(c, '}'))
	}
	return args
}

func (a *arrays) Calls() [][]any {
	if a.columns[0] == nil {
		return nil
	}
	return [][]any{a.All()}
}

// textSingles is singles with every value as text, for drivers that go by the type of
// the parameter.
type textSingles struct{ *rows.Singles }

func (s *textSingles) Integer(n int64) { s.Text(strconv.FormatInt(n, 10)) }
func (s *textSingles) Flag(on bool)    { s.Text(strconv.FormatBool(on)) }
