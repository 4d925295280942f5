package sqlite

import (
	"strconv"

	"github.com/clientaccount/clientaccount/store/bunstore/internal/rows"
)

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

func (l *lists) Null() {
	l.value()
	l.json = append(l.json, "null"...)
}

func (l *lists) Integer(n int64) {
	l.value()
	l.json = strconv.AppendInt(l.json, n, 10)
}

func (l *lists) Flag(on bool) {
	l.value()
	l.json = strconv.AppendBool(l.json, on)
}

func (l *lists) Text(value string) {
	l.value()
	l.json = rows.AppendText(l.json, value)
}

func (l *lists) All() []any {
	if l.json == nil {
		return []any{"[]"}
	}
	return []any{string(append(l.json, "]]"...))}
}

func (l *lists) Calls() [][]any {
	if l.json == nil {
		return nil
	}
	return [][]any{l.All()}
}
