package bunstore

import (
	"context"
	"errors"
	"time"

	"github.com/uptrace/bun"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/internal/again"
	"github.com/clientaccount/clientaccount/store"
	"github.com/clientaccount/clientaccount/store/bunstore/internal/dialect"
	"github.com/clientaccount/clientaccount/store/bunstore/internal/prepared"
	"github.com/clientaccount/clientaccount/store/bunstore/internal/rows"
)

// session is where statements run: in the pool, or in one transaction. It is the
// reading half of Store, of a host's transaction, and of tx.
type session struct {
	db      *bun.DB
	conn    prepared.Conn
	dialect dialect.Dialect
}

// tx is the writing half, and locks the accounts it reads.
type tx struct{ session }

var _ store.Tx = (*tx)(nil)

// on returns the session within a transaction.
func (s session) on(conn prepared.Conn) session {
	s.conn = conn
	return s
}

func (s session) from(table string) *bun.SelectQuery {
	return s.db.NewSelect().Conn(s.conn.IConn).Table(table)
}

// list is every row of a query.
func list[T any](ctx context.Context, s session, q *bun.SelectQuery, c rows.Codec[T]) ([]T, error) {
	return listed(ctx, s, q, c.Names(), c.Read)
}

// listed is every row of a query, its columns in the order in which read takes them.
func listed[T any](ctx context.Context, s session, q *bun.SelectQuery, columns []string, read func(*rows.Row) T) ([]T, error) {
	q = q.Column(columns...)
	return reading(ctx, s, func() ([]T, error) {
		found, err := q.Rows(ctx)
		if err != nil {
			return nil, s.failed(ctx, err)
		}
		all, err := rows.AllOf(found, len(columns), read)
		return all, s.failed(ctx, err)
	})
}

// only returns the one row that was found, or ErrNotFound.
func only[T any](found []T, err error) (T, error) {
	var none T
	switch {
	case err != nil:
		return none, err
	case len(found) == 0:
		return none, account.ErrNotFound
	}
	return found[0], nil
}

// query is every row of a statement, which goes to database/sql with parameters: bun would
// write secrets and clients' messages into its text.
func query[T any](ctx context.Context, s session, statement string, c rows.Codec[T], args ...any) ([]T, error) {
	return queried(ctx, s, statement, len(c), c.Read, args...)
}

// queried is every row of a statement, of so many columns.
func queried[T any](ctx context.Context, s session, statement string, columns int, read func(*rows.Row) T, args ...any) ([]T, error) {
	statement = s.dialect.Native(statement)
	return reading(ctx, s, func() ([]T, error) {
		found, err := s.conn.QueryContext(ctx, statement, args...)
		if err != nil {
			return nil, s.failed(ctx, err)
		}
		all, err := rows.AllOf(found, columns, read)
		return all, s.failed(ctx, err)
	})
}

// asked is query for a statement that is prepared, anew from time to time: its tables outrun
// their statistics.
func asked[T any](ctx context.Context, s session, statement string, c rows.Codec[T], args ...any) ([]T, error) {
	if s.db == nil {
		return nil, errZero
	}
	statement = s.dialect.Native(statement)
	return reading(ctx, s, func() ([]T, error) {
		found, err := s.conn.Ask(ctx, statement, args)
		if err != nil {
			return nil, s.failed(ctx, err)
		}
		all, err := rows.All(found, c)
		return all, s.failed(ctx, err)
	})
}

// execute runs a statement, as query does, and returns how many rows it changed.
func (s session) execute(ctx context.Context, statement string, args ...any) (int, error) {
	result, err := s.conn.ExecContext(ctx, s.dialect.Native(statement), args...)
	if err != nil {
		return 0, s.failed(ctx, err)
	}
	n, err := result.RowsAffected()
	return int(n), err
}

// packed returns a parameter of many rows, which the dialect unpacks.
func packed[T any](c rows.Codec[T], values []T) (string, error) {
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

// withRows returns the beginning of a statement, in which r are rows, and its parameters.
func withRows[T any](s session, c rows.Codec[T], values []T) (with string, args []any, err error) {
	p := s.dialect.Asking(c.Columns())
	for i := range values {
		c.Write(p, &values[i])
	}
	args, err = rows.Args(p)
	table, _ := s.dialect.Rows(1, c.Columns())
	return "WITH r AS MATERIALIZED (SELECT * FROM " + table + ") ", args, err
}

// unpacked begins a statement: r are the rows of the parameter $1.
func (s session) unpacked(cs rows.Columns) string {
	return "WITH r AS MATERIALIZED (" + s.dialect.Unpack("$1", cs) + ") "
}

func (s session) insert(ctx context.Context, table string, v map[string]any) error {
	_, err := s.db.NewInsert().Conn(s.conn.IConn).Model(&v).Table(table).Exec(ctx)
	return s.failed(ctx, err)
}

// put inserts a row (was 0), or replaces the one of its id, if that is at revision was.
func (s session) put(ctx context.Context, table string, id account.ID, was int64, v map[string]any) error {
	if was == 0 {
		return s.insert(ctx, table, v)
	}
	result, err := s.db.NewUpdate().Conn(s.conn.IConn).Model(&v).Table(table).
		Where("id = ?", rows.IDText(id)).Where("revision = ?", was).Exec(ctx)
	if err != nil {
		return s.failed(ctx, err)
	}
	if changed, err := result.RowsAffected(); changed > 0 || err != nil {
		return err
	}
	_, err = only(listed(ctx, s, s.from(table).Where("id = ?", rows.IDText(id)), []string{"revision"}, (*rows.Row).Integer))
	if err != nil {
		return err
	}
	return account.ErrStale
}

// remove deletes the row of an id: ErrNotFound, or ErrInUse while others point at it.
func (s session) remove(ctx context.Context, table string, id account.ID) error {
	result, err := s.db.NewDelete().Conn(s.conn.IConn).Table(table).Where("id = ?", rows.IDText(id)).Exec(ctx)
	if err != nil {
		return s.failedTo(ctx, err, store.ErrInUse)
	}
	if changed, err := result.RowsAffected(); changed > 0 || err != nil {
		return err
	}
	return account.ErrNotFound
}

// changed tells other processes that settings were changed, where the database can.
func (t *tx) changed(ctx context.Context, id account.ID) error {
	statement := t.dialect.Notify()
	if statement == "" {
		return nil
	}
	_, err := t.execute(ctx, statement, rows.IDText(id))
	return err
}

// notFound answers what needs no asking.
func notFound(ctx context.Context) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	return account.ErrNotFound
}

// reads is how often a read is run that loses to other transactions.
var reads = again.Policy{Tries: 20, Pause: time.Millisecond}

// reading runs a read of one statement: again while it loses to other transactions, as
// even a read may where transactions are serializable by default. Within a transaction
// the loss is the transaction's, and ends it.
func reading[T any](ctx context.Context, s session, run func() (T, error)) (T, error) {
	var found T
	err := reads.Do(ctx, func(int) (_ bool, err error) {
		found, err = run()
		return s.conn.Alone() && errors.Is(err, account.ErrConflict), err
	})
	return found, err
}
