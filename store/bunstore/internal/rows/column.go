// Package rows is the one codec of the store: for each kind of row its columns, each named,
// typed, written and read in one place. It knows no database; how rows become parameters is
// a [Form], which dialects choose.
package rows

import (
	"strconv"
	"strings"
)

// Column is a column's name and its type, in PostgreSQL's words. SQLite takes values as
// they come.
type Column struct{ Name, Type string }

// Columns are columns in the order in which rows are written and read.
type Columns []Column

// Names returns the names of the columns.
func (cs Columns) Names() []string {
	names := make([]string, len(cs))
	for i, c := range cs {
		names[i] = c.Name
	}
	return names
}

// List returns the names, separated by commas, each after a prefix.
func (cs Columns) List(prefix string) string {
	return prefix + strings.Join(cs.Names(), ", "+prefix)
}

// Set takes each column from a row of another table.
func (cs Columns) Set(from string) string {
	parts := make([]string, len(cs))
	for i, c := range cs {
		parts[i] = c.Name + " = " + from + c.Name
	}
	return strings.Join(parts, ", ")
}

// Given returns the parameters of a row, of which the first is the nth.
func (cs Columns) Given(n int) string {
	parts := make([]string, len(cs))
	for i := range cs {
		parts[i] = "$" + strconv.Itoa(n+i)
	}
	return strings.Join(parts, ", ")
}

// SetGiven takes each column from such a parameter.
func (cs Columns) SetGiven(n int) string {
	parts := make([]string, len(cs))
	for i, c := range cs {
		parts[i] = c.Name + " = $" + strconv.Itoa(n+i)
	}
	return strings.Join(parts, ", ")
}

// Equal says that each column is the same in two tables.
func (cs Columns) Equal(a, b string) string {
	parts := make([]string, len(cs))
	for i, c := range cs {
		parts[i] = a + c.Name + " = " + b + c.Name
	}
	return strings.Join(parts, " AND ")
}

// And returns the columns with more behind them.
func (cs Columns) And(more ...Column) Columns { return append(append(Columns(nil), cs...), more...) }

// The columns that rows of parameters begin with.
var (
	// Account is whose row it is.
	Account = Column{"account_id", "uuid"}
	// Position says which of the questions, or of the postings, a row belongs to.
	Position = Column{"n", "integer"}
	// Was is the version that a balance must be at.
	Was = Column{"was", "bigint"}
)

// field is a column of the rows that hold a T: how it is written, and how it is read.
type field[T any] struct {
	Column
	write func(*Params, *T)
	read  func(*Row, *T)
}

// Codec is how a T is written to a row, and read from one: its columns, in their order.
type Codec[T any] []field[T]

// Columns returns those of the codec.
func (c Codec[T]) Columns() Columns {
	columns := make(Columns, len(c))
	for i := range c {
		columns[i] = c[i].Column
	}
	return columns
}

// Names returns the names of the columns.
func (c Codec[T]) Names() []string { return c.Columns().Names() }

// And returns the codec with more columns behind its own.
func (c Codec[T]) And(more Codec[T]) Codec[T] { return append(append(Codec[T](nil), c...), more...) }

// Write adds a row.
func (c Codec[T]) Write(p *Params, v *T) {
	for i := range c {
		c[i].write(p, v)
	}
}

// ReadInto reads a row.
func (c Codec[T]) ReadInto(r *Row, v *T) {
	for i := range c {
		c[i].read(r, v)
	}
}

// Read returns what a row holds.
func (c Codec[T]) Read(r *Row) T {
	var v T
	c.ReadInto(r, &v)
	return v
}

// Named returns a row as bun writes it, by column, or what is wrong with it.
func (c Codec[T]) Named(v *T) (map[string]any, error) {
	form := newNamed(c.Columns())
	p := NewParams(form)
	c.Write(p, v)
	if p.err != nil {
		return nil, p.err
	}
	return form.rows[0], nil
}

// Args returns a row as the parameters of one call, or what is wrong with it.
func (c Codec[T]) Args(v *T) ([]any, error) {
	p := NewParams(NewSingles(len(c)))
	c.Write(p, v)
	return Args(p)
}
