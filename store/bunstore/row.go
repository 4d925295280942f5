package bunstore

import (
	"database/sql"
	"fmt"
	"strconv"
	"time"

	"github.com/shopspring/decimal"

	"github.com/clientaccount/clientaccount/account"
)

// row is a row as it is read: every value as text, taken column after column. What
// cannot be read leaves the zero value and the first error in err.
type row struct {
	cells   []cell
	targets []any // pointers to the cells, for Scan
	next    int
	err     error
}

func newRow(columns int) *row {
	r := &row{cells: make([]cell, columns), targets: make([]any, columns)}
	for i := range r.cells {
		r.targets[i] = &r.cells[i]
	}
	return r
}

func (r *row) scan(rows *sql.Rows) error {
	r.next = 0
	return rows.Scan(r.targets...)
}

// text is the next column; NULL is empty.
func (r *row) text() string {
	r.next++
	return string(r.cells[r.next-1])
}

// failed keeps the first error. It does not tell the value.
func (r *row) failed(err error) {
	if err != nil && r.err == nil {
		r.err = fmt.Errorf("bunstore: column %d holds what was not written here", r.next)
	}
}

func (r *row) id() account.ID {
	id, err := account.ParseID(r.text())
	r.failed(err)
	return id
}

func (r *row) integer() int64 {
	n, err := strconv.ParseInt(r.text(), 10, 64)
	r.failed(err)
	return n
}

// flag reads what PostgreSQL has as a boolean and SQLite as 1 or 0.
func (r *row) flag() bool {
	b, err := strconv.ParseBool(r.text())
	r.failed(err)
	return b
}

func (r *row) number() account.Optional[int] {
	if r.cells[r.next] == "" {
		r.next++
		return account.Optional[int]{}
	}
	return account.Some(int(r.integer()))
}

func (r *row) amount() account.Optional[decimal.Decimal] {
	text := r.text()
	if text == "" {
		return account.Optional[decimal.Decimal]{}
	}
	d, err := account.ParseAmount(text)
	r.failed(err)
	return account.Some(d)
}

// instant is zero for NULL.
func (r *row) instant() time.Time {
	text := r.text()
	if text == "" {
		return time.Time{}
	}
	t, err := time.Parse(time.RFC3339Nano, text)
	r.failed(err)
	return t.UTC()
}

// cell is a value of any column, as text.
type cell string

// Scan takes whatever a driver gives.
func (c *cell) Scan(value any) error {
	switch v := value.(type) {
	case nil:
		*c = ""
	case string:
		*c = cell(v)
	case []byte:
		*c = cell(v)
	case int64:
		*c = cell(strconv.FormatInt(v, 10))
	case bool:
		*c = cell(strconv.FormatBool(v))
	case time.Time:
		*c = cell(v.UTC().Format(time.RFC3339Nano))
	default:
		return fmt.Errorf("bunstore: a column came as %T", value)
	}
	return nil
}
