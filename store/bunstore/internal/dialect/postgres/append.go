package postgres

import (
	"context"
	"database/sql"
	"slices"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/store"
	"github.com/clientaccount/clientaccount/store/bunstore/internal/dialect"
	"github.com/clientaccount/clientaccount/store/bunstore/internal/prepared"
	"github.com/clientaccount/clientaccount/store/bunstore/internal/rows"
)

// Append runs the statement by itself, at the isolation level that the connection
// defaults to. One stricter than READ COMMITTED makes the statement fail where another
// transaction was faster, instead of leaving that account out.
func (*Dialect) Append(ctx context.Context, pool *prepared.Pool, ps []store.Posting, outcomes []store.Outcome) error {
	form := appendFormOf(ps)
	args, err := form.args(ps)
	if err != nil {
		return err
	}
	err = write(ctx, pool.Conn(), form.query, args, outcomes)
	if dialect.SQLState(err) == serializationFailure {
		err = pool.Within(ctx, &sql.TxOptions{Isolation: sql.LevelReadCommitted}, func(conn prepared.Conn) error {
			return write(ctx, conn, form.query, args, outcomes)
		})
	}
	return err
}

// SideBySide is true: each connection has a process of its own.
func (*Dialect) SideBySide() bool { return true }

// write runs a statement that gives the positions of what it wrote.
func write(ctx context.Context, conn prepared.Conn, query string, args []any, outcomes []store.Outcome) error {
	clear(outcomes) // of a try before
	found, err := conn.Ask(ctx, query, args)
	if err != nil {
		return err
	}
	written, err := rows.Positions(found)
	dialect.Written(written, outcomes)
	return err
}

// Post is one statement, which writes nothing where the balance is at another version.
func (*Dialect) Post(ctx context.Context, conn prepared.Conn, ps []store.Posting) error {
	form := postFormOf(ps)
	args, err := form.args(ps)
	if err != nil {
		return err
	}
	outcomes := make([]store.Outcome, len(ps))
	if err := write(ctx, conn, form.query, args, outcomes); err != nil {
		return err
	}
	if slices.ContainsFunc(outcomes, func(o store.Outcome) bool { return o.Kind == 0 }) {
		return account.ErrConflict
	}
	return nil
}
