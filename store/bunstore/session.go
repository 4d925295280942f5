package bunstore

import (
	"context"
	"database/sql"

	"github.com/uptrace/bun"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/store"
)

// session is where statements run: in the pool, or in one transaction. It is the
// reading half of Store, of a host's transaction, and of tx.
type session struct {
	db     *bun.DB
	conn   bun.IConn // of database/sql, without bun's wrapping
	engine engine

	statements *statements // nil in a transaction of the host's
}

// hosted says whether the session is in a transaction of the host's.
func (s session) hosted() bool { return s.statements == nil }

// tx is the writing half, and locks the accounts it reads.
type tx struct{ session }

var _ store.Tx = (*tx)(nil)

// on is the session within a transaction.
func (s session) on(conn bun.IConn) session {
	switch t := conn.(type) {
	case bun.Tx:
		conn = t.Tx
	case *bun.Tx:
		conn = t.Tx
	}
	s.conn = conn
	return s
}

func (s session) from(table string) *bun.SelectQuery {
	return s.db.NewSelect().Conn(s.conn).Table(table)
}

// list is every row of a query, its columns in the order in which decode reads them.
func list[T any](ctx context.Context, s session, q *bun.SelectQuery, columns []string, decode func(*row) T) ([]T, error) {
	q = q.Column(columns...)
	return reading(ctx, s, func() ([]T, error) {
		rows, err := q.Rows(ctx)
		if err != nil {
			return nil, s.failed(ctx, err)
		}
		return decoded(ctx, s, rows, len(columns), decode)
	})
}

// decoded is every row that a statement gives.
func decoded[T any](ctx context.Context, s session, rows *sql.Rows, columns int, decode func(*row) T) ([]T, error) {
	defer func() { _ = rows.Close() }() // its error is in rows.Err
	var found []T
	for r := newRow(columns); rows.Next(); {
		if err := r.scan(rows); err != nil {
			return nil, s.failed(ctx, err)
		}
		found = append(found, decode(r))
		if r.err != nil {
			return nil, r.err
		}
	}
	return found, s.failed(ctx, rows.Err())
}

// one is the only row of a query, or ErrNotFound.
func one[T any](ctx context.Context, s session, q *bun.SelectQuery, columns []string, decode func(*row) T) (T, error) {
	var none T
	found, err := list(ctx, s, q, columns, decode)
	switch {
	case err != nil:
		return none, err
	case len(found) == 0:
		return none, store.ErrNotFound
	}
	return found[0], nil
}

// values is a row to be written: a value per column.
type values = map[string]any

func (s session) insert(ctx context.Context, table string, v values) error {
	_, err := s.db.NewInsert().Conn(s.conn).Model(&v).Table(table).Exec(ctx)
	return s.failed(ctx, err)
}

// replace writes a row in place of the one of its id, if that is at revision was.
func (s session) replace(ctx context.Context, table string, id account.ID, was int64, v values) error {
	result, err := s.db.NewUpdate().Conn(s.conn).Model(&v).Table(table).
		Where("id = ?", idValue(id)).Where("revision = ?", was).Exec(ctx)
	if err != nil {
		return s.failed(ctx, err)
	}
	if changed, err := result.RowsAffected(); changed > 0 || err != nil {
		return err
	}
	_, err = one(ctx, s, s.from(table).Where("id = ?", idValue(id)), []string{"revision"}, (*row).integer)
	if err != nil {
		return err
	}
	return store.ErrStale
}

// remove deletes the row of an id: ErrNotFound, or ErrInUse while others point at it.
func (s session) remove(ctx context.Context, table string, id account.ID) error {
	result, err := s.db.NewDelete().Conn(s.conn).Table(table).Where("id = ?", idValue(id)).Exec(ctx)
	if err != nil {
		return s.failedTo(ctx, err, store.ErrInUse)
	}
	if changed, err := result.RowsAffected(); changed > 0 || err != nil {
		return err
	}
	return store.ErrNotFound
}
