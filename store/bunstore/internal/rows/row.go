package rows

import (
	"database/sql"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/shopspring/decimal"

	"github.com/clientaccount/clientaccount/account"
)

// Row is a row as it is read: every value as text, taken column after column. What
// cannot be read leaves the zero value and the first error in err.
type Row struct {
	cells   []cell
	targets []any // pointers to the cells, for Scan
	next    int
	err     error
}

// NewRow returns a row of so many columns.
func NewRow(columns int) *Row {
	r := &Row{cells: make([]cell, columns), targets: make([]any, columns)}
	for i := range r.cells {
		r.targets[i] = &r.cells[i]
	}
	return r
}

// Scan reads the next of the rows.
func (r *Row) Scan(rows *sql.Rows) error {
	r.next = 0
	return rows.Scan(r.targets...)
}

// Text returns the next column; NULL is empty.
func (r *Row) Text() string {
	r.next++
	return string(r.cells[r.next-1])
}

// Err is the first error of reading a value.
func (r *Row) Err() error { return r.err }

// failed keeps the first error. It does not tell the value.
func (r *Row) failed(err error) {
	if err != nil && r.err == nil {
		r.err = fmt.Errorf("bunstore: column %d holds what was not written here", r.next)
	}
}

// ID returns the zero id for NULL.
func (r *Row) ID() account.ID {
	id, err := account.ParseID(r.Text())
	r.failed(err)
	return id
}

// Integer returns the next column as a whole number.
func (r *Row) Integer() int64 {
	n, err := strconv.ParseInt(r.Text(), 10, 64)
	r.failed(err)
	return n
}

// Flag reads what PostgreSQL has as a boolean and SQLite as 1 or 0.
func (r *Row) Flag() bool {
	b, err := strconv.ParseBool(r.Text())
	r.failed(err)
	return b
}

func (r *Row) number() account.Optional[int] {
	if r.cells[r.next] == "" {
		r.next++
		return account.Optional[int]{}
	}
	return account.Some(int(r.Integer()))
}

func (r *Row) amount() account.Optional[decimal.Decimal] {
	text := r.Text()
	if text == "" {
		return account.Optional[decimal.Decimal]{}
	}
	d, err := account.ParseAmount(text)
	r.failed(err)
	return account.Some(d)
}

// Instant is zero for NULL.
func (r *Row) Instant() time.Time {
	text := r.Text()
	if text == "" {
		return time.Time{}
	}
	t, err := time.Parse(time.RFC3339Nano, text)
	r.failed(err)
	return t.UTC()
}

// money is an amount that is 0 for NULL.
func (r *Row) money() decimal.Decimal { return r.amount().Or(decimal.Zero) }

// sum is a sum of amounts, zero for NULL.
func (r *Row) sum() decimal.Decimal {
	text := r.Text()
	if text == "" {
		return decimal.Zero
	}
	d, err := decimal.NewFromString(text)
	r.failed(err)
	return d
}

// isNull reports whether the next column is NULL, or empty.
func (r *Row) isNull() bool { return r.cells[r.next] == "" }

// integerOrNone is 0 for NULL.
func (r *Row) integerOrNone() int64 {
	if r.isNull() {
		r.next++
		return 0
	}
	return r.Integer()
}

func (r *Row) limit() account.NotificationLimit {
	var l account.NotificationLimit
	r.failed(l.UnmarshalText([]byte(r.Text())))
	return l
}

// ids is nil for NULL.
func (r *Row) ids() []account.ID {
	text := r.Text()
	if text == "" {
		return nil
	}
	var ids []account.ID
	for part := range strings.SplitSeq(text, ",") {
		id, err := account.ParseID(part)
		r.failed(err)
		ids = append(ids, id)
	}
	return ids
}

// cell is a value of any column, as text.
type cell string

// Scan takes whatever a driver returns.
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

// All returns what rows hold, which it closes.
func All[T any](found *sql.Rows, c Codec[T]) ([]T, error) { return AllOf(found, len(c), c.Read) }

// AllOf returns what rows of so many columns hold, which it closes.
func AllOf[T any](found *sql.Rows, columns int, read func(*Row) T) ([]T, error) {
	defer func() { _ = found.Close() }() // its error is in rows.Err
	var all []T
	for r := NewRow(columns); found.Next(); {
		if err := r.Scan(found); err != nil {
			return nil, err
		}
		all = append(all, read(r))
		if r.err != nil {
			return nil, r.err
		}
	}
	return all, found.Err()
}

// Positions returns the only column of rows, which it closes.
func Positions(found *sql.Rows) ([]int, error) {
	defer func() { _ = found.Close() }() // its error is in rows.Err
	var all []int
	for found.Next() {
		var n int
		if err := found.Scan(&n); err != nil {
			return nil, err
		}
		all = append(all, n)
	}
	if err := found.Err(); err != nil {
		return nil, err
	}
	return all, nil
}
