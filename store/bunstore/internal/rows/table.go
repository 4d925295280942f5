package rows

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/clientaccount/clientaccount/account"
)

// FieldColumn is the name of the column of a field's path.
func FieldColumn(path string) string { return strings.ReplaceAll(path, ".", "_") }

// columnsOf has a column for every field of a table that is not secret, of the kind that
// kept gives it: a new field needs a migration, and nothing here.
func columnsOf[T any](t account.Table[T], kept func(account.Field) account.FieldKind) (c Codec[T]) {
	for f := range t.All() {
		if !f.Secret() {
			c = append(c, fieldOf(t, f.Path, kept(f)))
		}
	}
	return c
}

// fieldOf is the column of a field. A value whose text could not be read back is refused
// before it is written.
func fieldOf[T any](t account.Table[T], path string, kind account.FieldKind) field[T] {
	return field[T]{
		Column{FieldColumn(path), ""},
		func(p *Params, v *T) {
			before := p.err
			text := t.Exact(*v, path)
			var back T
			p.failed(t.Restore(&back, path, text))
			p.exact(kind, text)
			if before == nil && p.err != nil {
				p.err = fmt.Errorf("bunstore: %s: %w", path, p.err)
			}
		},
		func(r *Row, v *T) { r.failed(t.Restore(v, path, r.exact(kind))) },
	}
}

// exact writes a field's exact text as columns of its kind take it.
func (p *Params) exact(kind account.FieldKind, text string) {
	switch kind {
	case account.FieldFlag:
		p.Flag(text == "true")
	case account.FieldNumber, account.FieldManager, account.FieldProduct:
		p.quotedOrNull(text)
	case account.FieldAmount:
		d, err := parsed(text, account.ParseAmount)
		p.failed(err)
		p.optional(d)
	case account.FieldTime:
		t, err := parsed(text, func(s string) (time.Time, error) { return time.Parse(time.RFC3339Nano, s) })
		p.failed(err)
		if at, ok := t.Get(); ok {
			p.at(at)
		} else {
			p.Null()
		}
	default:
		p.Text(text)
	}
}

// parsed is what a text says, unset where it is empty.
func parsed[V any](text string, parse func(string) (V, error)) (account.Optional[V], error) {
	if text == "" {
		return account.Optional[V]{}, nil
	}
	v, err := parse(text)
	return account.Some(v), err
}

// exact reads a field's exact text.
func (r *Row) exact(kind account.FieldKind) string {
	if kind == account.FieldFlag {
		return strconv.FormatBool(r.Flag())
	}
	return r.Text()
}
