// Package session runs statements, in the pool or in one transaction, and reads their rows. What
// fails has the errors of package store.
package session

import (
	"context"
	"errors"
	"time"

	"github.com/uptrace/bun"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/internal/again"
	"github.com/clientaccount/clientaccount/store/bunstore/internal/dialect"
	"github.com/clientaccount/clientaccount/store/bunstore/internal/prepared"
	"github.com/clientaccount/clientaccount/store/bunstore/internal/rows"
)

// ErrUnmade: the store was made by none of its constructors. It is told where it would end the
// whole program: movements run on a goroutine of the Service.
var ErrUnmade = errors.New("bunstore: make a Store by Postgres, SQLite or New")

// Session is where statements run: in the pool, or in one transaction.
type Session struct {
	DB      *bun.DB
	Conn    prepared.Conn
	Dialect dialect.Dialect
}

// On returns the session within a transaction.
func (s Session) On(conn prepared.Conn) Session {
	s.Conn = conn
	return s
}

// From begins a query of a table.
func (s Session) From(table string) *bun.SelectQuery {
	return s.DB.NewSelect().Conn(s.Conn.IConn).Table(table)
}

// List is every row of a query.
func List[T any](ctx context.Context, s Session, q *bun.SelectQuery, c rows.Codec[T]) ([]T, error) {
	return Listed(ctx, s, q, c.Names(), c.Read)
}

// Listed is every row of a query, its columns in the order in which read takes them.
func Listed[T any](ctx context.Context, s Session, q *bun.SelectQuery, columns []string, read func(*rows.Row) T) ([]T, error) {
	q = q.Column(columns...)
	return Reading(ctx, s, func() ([]T, error) {
		found, err := q.Rows(ctx)
		if err != nil {
			return nil, s.Failed(ctx, err)
		}
		all, err := rows.AllOf(found, len(columns), read)
		return all, s.Failed(ctx, err)
	})
}

// Only returns the one row that was found, or ErrNotFound.
func Only[T any](found []T, err error) (T, error) {
	var none T
	switch {
	case err != nil:
		return none, err
	case len(found) == 0:
		return none, account.ErrNotFound
	}
	return found[0], nil
}

// Query is every row of a statement, which goes to database/sql with parameters: bun would
// write secrets and clients' messages into its text.
func Query[T any](ctx context.Context, s Session, statement string, c rows.Codec[T], args ...any) ([]T, error) {
	return Queried(ctx, s, statement, len(c), c.Read, args...)
}

// Queried is every row of a statement, of so many columns.
func Queried[T any](ctx context.Context, s Session, statement string, columns int, read func(*rows.Row) T, args ...any) ([]T, error) {
	statement = s.Dialect.Native(statement)
	return Reading(ctx, s, func() ([]T, error) {
		found, err := s.Conn.QueryContext(ctx, statement, args...)
		if err != nil {
			return nil, s.Failed(ctx, err)
		}
		all, err := rows.AllOf(found, columns, read)
		return all, s.Failed(ctx, err)
	})
}

// Asked is query for a statement that is prepared, anew from time to time: its tables outrun
// their statistics.
func Asked[T any](ctx context.Context, s Session, statement string, c rows.Codec[T], args ...any) ([]T, error) {
	if s.DB == nil {
		return nil, ErrUnmade
	}
	statement = s.Dialect.Native(statement)
	return Reading(ctx, s, func() ([]T, error) {
		found, err := s.Conn.Ask(ctx, statement, args)
		if err != nil {
			return nil, s.Failed(ctx, err)
		}
		all, err := rows.All(found, c)
		return all, s.Failed(ctx, err)
	})
}

// Execute runs a statement, as query does, and returns how many rows it changed.
func (s Session) Execute(ctx context.Context, statement string, args ...any) (int, error) {
	result, err := s.Conn.ExecContext(ctx, s.Dialect.Native(statement), args...)
	if err != nil {
		return 0, s.Failed(ctx, err)
	}
	n, err := result.RowsAffected()
	return int(n), err
}

// Change is Execute for a statement that is prepared.
func (s Session) Change(ctx context.Context, statement string, args ...any) (int, error) {
	n, err := s.Conn.Change(ctx, s.Dialect.Native(statement), [][]any{args})
	return int(n), s.Failed(ctx, err)
}

// Packed returns a parameter of many rows, which the dialect unpacks.
func Packed[T any](c rows.Codec[T], values []T) (string, error) {
	p := rows.NewParams(rows.NewObjects(c.Columns()))
	for i := range values {
		c.Write(p, &values[i])
	}
	args, err := rows.Args(p)
	if err != nil {
		return "", err
	}
	return args[0].(string), nil
}

// WithRows returns the beginning of a statement, in which r are rows, and its parameters.
func WithRows[T any](s Session, c rows.Codec[T], values []T) (with string, args []any, err error) {
	p := s.Dialect.Asking(c.Columns())
	for i := range values {
		c.Write(p, &values[i])
	}
	args, err = rows.Args(p)
	table, _ := s.Dialect.Rows(1, c.Columns())
	return "WITH r AS MATERIALIZED (SELECT * FROM " + table + ") ", args, err
}

// Unpacked begins a statement: r are the rows of the parameter $1.
func (s Session) Unpacked(cs rows.Columns) string {
	return "WITH r AS MATERIALIZED (" + s.Dialect.Unpack("$1", cs) + ") "
}

// NotFound answers what needs no asking.
func NotFound(ctx context.Context) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	return account.ErrNotFound
}

// Reads is how often a read is run that loses to other transactions.
var Reads = again.Policy{Tries: 20, Pause: time.Millisecond}

// Reading runs a read of one statement: again while it loses to other transactions, as
// even a read may where transactions are serializable by default. Within a transaction
// the loss is the transaction's, and ends it.
func Reading[T any](ctx context.Context, s Session, run func() (T, error)) (T, error) {
	var found T
	err := Reads.Do(ctx, func(int) (_ bool, err error) {
		found, err = run()
		return s.Conn.Alone() && errors.Is(err, account.ErrConflict), err
	})
	return found, err
}
