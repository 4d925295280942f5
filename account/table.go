package account

import (
	"errors"
	"iter"
	"slices"
)

// Table is the fields of a T, a row for each, in the order in which they are shown and
// checked. It is read-only and safe for concurrent use. The zero Table has no fields.
type Table[T any] struct {
	rows     []row[T]
	index    map[string]int   // of rows, by path
	currency func(T) Currency // that of a T's amounts; nil: unknown
}

// row binds a field to where a T has it.
type row[T any] struct {
	at func(*T) value
	Field
}

// value reads and sets one setting as text, in the manner of flag.Getter. Set
// returns a Rule, or another error for what is in no form at all. Get is what rules
// check: the Go value, or a pointer to it.
type value interface {
	String() string
	Set(text string) error
	Get() any
}

func newTable[T any](currency func(T) Currency, parts ...[]row[T]) Table[T] {
	t := Table[T]{rows: slices.Concat(parts...), index: map[string]int{}, currency: currency}
	for i, r := range t.rows {
		t.rows[i].Field = r.complete()
		t.index[r.Path] = i
	}
	return t
}

// Fields returns the rows. The slice and its choices are the caller's own.
func (t Table[T]) Fields() []Field {
	fields := make([]Field, len(t.rows))
	for i, r := range t.rows {
		fields[i] = r.copied()
	}
	return fields
}

// All ranges over the rows as they are: their choices are not the caller's to change.
func (t Table[T]) All() iter.Seq[Field] {
	return func(yield func(Field) bool) {
		for _, r := range t.rows {
			if !yield(r.Field) {
				return
			}
		}
	}
}

// At returns the row of a path.
func (t Table[T]) At(path string) (Field, bool) {
	i, ok := t.index[path]
	if !ok {
		return Field{}, false
	}
	return t.rows[i].copied(), true
}

func (r row[T]) copied() Field {
	f := r.Field
	f.Choices = slices.Clone(f.Choices)
	return f
}

// Text returns the canonical text of the field at path in of: empty when unset, "true"
// or "false" for flags. A secret is always empty (invariant 4), and so is a path without
// a row.
func (t Table[T]) Text(of T, path string) string {
	return t.value(&of, path).String()
}

// Texts returns Text of one value, for who asks for many paths.
func (t Table[T]) Texts(of T) func(path string) string {
	return func(path string) string { return t.value(&of, path).String() }
}

// Value returns what the rules of the field at path check in of: its Go value, or a
// pointer to it. It is nil for a path without a row.
func (t Table[T]) Value(of *T, path string) any { return t.value(of, path).Get() }

func (t Table[T]) value(of *T, path string) value {
	if i, ok := t.index[path]; ok {
		return t.rows[i].at(of)
	}
	return noValue{}
}

// noValue is that of a path without a row.
type noValue struct{}

func (noValue) String() string   { return "" }
func (noValue) Set(string) error { return Rule("unknown") }
func (noValue) Get() any         { return nil }

// Set reads text into the field at a path. On a fault (Faults with one element) of is left
// as it was. Setting what Text returned changes nothing (invariant 2).
func (t Table[T]) Set(of *T, path, text string) error {
	i, ok := t.index[path]
	if !ok {
		return Faults{NewFault(path, "field.unknown", path)}
	}
	f := t.rows[i]
	err := f.at(of).Set(text)
	if err == nil {
		return nil
	}
	rule, broken := errors.AsType[Rule](err)
	switch {
	case !broken:
		return Faults{f.Fault("format")}
	case rule == "scale":
		return Faults{f.ScaleFault(t.currencyOf(*of))}
	default:
		return Faults{f.Fault(rule)}
	}
}

func (t Table[T]) currencyOf(of T) Currency {
	if t.currency == nil {
		return ""
	}
	return t.currency(of)
}

// Apply sets every field of a change on of, in the order of the rows, so that wall
// times are read in the zone of the same change. It leaves alone what a record
// marks as secret, and sets what it can of the rest; the error is the Faults of
// what it could not, unknown paths first.
func (t Table[T]) Apply(of *T, c Change) error {
	texts := make(map[string]string, len(c))
	var faults Faults
	for _, fc := range c {
		if _, ok := t.index[fc.Path]; !ok {
			faults = append(faults, NewFault(fc.Path, "field.unknown", fc.Path))
		}
		if !fc.Secret { // what a record does not know it cannot set
			texts[fc.Path] = fc.New
		}
	}
	for _, r := range t.rows {
		text, ok := texts[r.Path]
		if !ok {
			continue
		}
		if found, bad := AsFaults(t.Set(of, r.Path, text)); bad {
			faults = append(faults, found...)
		}
	}
	return faults.Err()
}

// TakeBack sets the fields that a record changed to what they were before. Secrets stay as they
// are. The error is Faults: change.final of what cannot be taken back, being a creation, a removal,
// or a change of secrets only; change.superseded at each field that has another value by now than
// the record left it; or those of [Table.Apply].
func (t Table[T]) TakeBack(of *T, r Record) error {
	back, _ := r.Inverse()
	if r.Kind == RecordCreated || r.Kind == RecordRemoved || len(back) == 0 {
		return Faults{NewFault("change", "change.final")}
	}
	var faults Faults
	for _, fc := range back {
		if _, known := t.index[fc.Path]; known && t.Text(*of, fc.Path) != fc.Old {
			faults = append(faults, NewFault(fc.Path, "change.superseded"))
		}
	}
	if len(faults) > 0 {
		return faults
	}
	return t.Apply(of, back)
}

// Diff returns what differs from a to b, field by field. The two places of a new
// password count as one: the password.
func (t Table[T]) Diff(a, b T) Change {
	var c Change
	for _, r := range t.rows {
		switch {
		case r.Path == "password_retype" || !r.differs(&a, &b):
		case r.Secret():
			c = append(c, FieldChange{Path: r.Path, Secret: true})
		default:
			c = append(c, r.change(r.at(&a).String(), r.at(&b).String()))
		}
	}
	return c
}

// differs reports whether the field has another value in b than in a. A secret differs
// when b carries a new one.
func (r row[T]) differs(a, b *T) bool {
	if secret, ok := r.at(b).(secretValue); ok {
		return !secret.p.IsZero()
	}
	return r.at(a).String() != r.at(b).String()
}
