package prepared

import (
	"context"
	"database/sql"

	"github.com/uptrace/bun"
)

// Conn is where statements run: in the pool, or in one transaction.
type Conn struct {
	bun.IConn // of database/sql, without bun's wrapping

	pool *Pool // nil in a transaction of the host's
}

// Conn returns the pool as where statements run.
func (p *Pool) Conn() Conn { return Conn{p.DB, p} }

// On returns a transaction of the pool.
func (p *Pool) On(tx bun.IConn) Conn { return Conn{unwrapped(tx), p} }

// Hosted returns a transaction of the host's, where nothing is prepared: it may be of another pool.
func Hosted(tx bun.IConn) Conn { return Conn{IConn: unwrapped(tx)} }

func unwrapped(conn bun.IConn) bun.IConn {
	switch t := conn.(type) {
	case bun.Tx:
		return t.Tx
	case *bun.Tx:
		return t.Tx
	default:
		return conn
	}
}

// Hosted reports whether it is a transaction of the host's.
func (c Conn) Hosted() bool { return c.pool == nil }

// Alone reports whether it is the pool: each statement is then a transaction of its own.
func (c Conn) Alone() bool {
	_, alone := c.IConn.(*sql.DB)
	return alone
}

// Ask runs a statement that returns rows.
func (c Conn) Ask(ctx context.Context, text string, args []any) (rows *sql.Rows, err error) {
	err = c.start(ctx, text, func(stmt *sql.Stmt) error {
		if stmt == nil {
			rows, err = c.QueryContext(ctx, text, args...)
		} else {
			rows, err = stmt.QueryContext(ctx, args...)
		}
		return err
	})
	return rows, err
}

// Change runs a statement once for each list of parameters, and returns how many rows it
// changed.
func (c Conn) Change(ctx context.Context, text string, calls [][]any) (changed int64, err error) {
	if len(calls) == 0 {
		return 0, ctx.Err()
	}
	err = c.start(ctx, text, func(stmt *sql.Stmt) error {
		for _, args := range calls {
			var result sql.Result
			if stmt == nil {
				result, err = c.ExecContext(ctx, text, args...)
			} else {
				result, err = stmt.ExecContext(ctx, args...)
			}
			if err != nil {
				return err
			}
			rows, err := result.RowsAffected()
			if err != nil {
				return err
			}
			changed += rows
		}
		return nil
	})
	return changed, err
}

// start runs a statement: prepared, except in a transaction where it is not yet, or
// where the transaction is the host's, or the pool unprepared or full.
func (c Conn) start(ctx context.Context, text string, run func(*sql.Stmt) error) error {
	if c.pool == nil || c.pool.Unprepared {
		return run(nil)
	}
	p := c.pool.get(text)
	if p == nil {
		return run(nil)
	}
	tx, within := c.IConn.(*sql.Tx)
	if !within {
		return p.run(ctx, run)
	}
	stale, err := p.runWithin(func(stmt *sql.Stmt) error {
		if stmt != nil {
			stmt = tx.StmtContext(ctx, stmt)
		}
		return run(stmt)
	})
	if stale {
		c.pool.want(p)
	}
	return err
}

// Within runs fn in a transaction of its own. Of an error before its end it says that
// nothing was committed; how the end itself failed, nobody knows.
func (p *Pool) Within(ctx context.Context, o *sql.TxOptions, fn func(Conn) error) error {
	tx, err := p.DB.BeginTx(ctx, o)
	if err != nil {
		return Unwritten(err)
	}
	defer func() { _ = tx.Rollback() }()
	if err := fn(p.On(tx)); err != nil {
		return Unwritten(err)
	}
	return tx.Commit()
}
