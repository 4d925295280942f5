package postgres

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"github.com/clientaccount/clientaccount/store/bunstore/internal/dialect"
	"github.com/clientaccount/clientaccount/store/bunstore/internal/prepared"
)

// ErrPooler: the connections go through a pooler that gives each transaction another
// connection to PostgreSQL, where statements that were prepared before are not known.
var ErrPooler = errors.New("bunstore: a pooler forgets prepared statements: make the store with bunstore.Unprepared, " +
	"and let the driver prepare none (pgx: default_query_exec_mode=cache_describe, exec or simple_protocol)")

// forgotten reports whether an error says that a prepared statement is not known, or is
// known already, to a connection which should know better; and notes it.
func forgotten(r *dialect.Report, err error) bool {
	if !isForgotten(err) {
		return false
	}
	r.Found("pooler.prepared", "Connections go through a pooler that forgets prepared statements: make the store with "+
		"bunstore.Unprepared, and let the driver prepare none (pgx: default_query_exec_mode=cache_describe, exec or simple_protocol).")
	return true
}

func isForgotten(err error) bool {
	state := dialect.SQLState(err)
	return errors.Is(err, ErrPooler) || state == "26000" || state == "42P05"
}

// probeOnce is probe until it went well: poolers do not come and go. A pool of one
// connection cannot tell, nor is it certain through a pooler that is busy; there, an
// operation that meets one fails with [ErrPooler]. To have waited in vain for a second
// connection is no error.
func (d *Dialect) probeOnce(ctx context.Context, pool *prepared.Pool) error {
	if d.probed.Load() || pool.DB.Stats().MaxOpenConnections == 1 {
		return nil
	}
	short, cancel := context.WithTimeout(ctx, probeTime)
	defer cancel()
	err := probe(short, pool)
	switch {
	case err == nil:
		d.probed.Store(true)
	case short.Err() != nil && ctx.Err() == nil:
		return nil
	}
	return err
}

// probe is the error of a statement that was prepared before, run after another
// connection of the pool got hold of what is likely the connection to PostgreSQL on
// which it was prepared. Poolers give away first what was given back last.
func probe(ctx context.Context, pool *prepared.Pool) error {
	first, err := pool.DB.Conn(ctx)
	if err != nil {
		return err
	}
	defer func() { _ = first.Close() }()
	ask, done, err := prepareProbe(ctx, first, pool.Unprepared)
	if err != nil {
		return err
	}
	defer done()
	if err := ask(ctx); err != nil {
		return err
	}
	second, err := pool.DB.BeginTx(ctx, &sql.TxOptions{ReadOnly: true})
	if err != nil {
		return err
	}
	defer func() { _ = second.Rollback() }()
	if _, err := second.ExecContext(ctx, "SELECT 1"); err != nil {
		return err
	}
	return ask(ctx)
}

// probeTime bounds the wait for a second connection, of the host's pool or the pooler's.
const probeTime = 2 * time.Second

// prepareProbe returns what asks a question in the way in which the store asks: as a
// statement that it prepared, or in the driver's own way.
func prepareProbe(ctx context.Context, conn *sql.Conn, unprepared bool) (ask func(context.Context) error, done func(), err error) {
	var n int
	if unprepared {
		const text = "SELECT $1::text::int"
		return func(ctx context.Context) error { return conn.QueryRowContext(ctx, text, "1").Scan(&n) }, func() {}, nil
	}
	stmt, err := conn.PrepareContext(ctx, "SELECT 1 -- clientaccount check")
	if err != nil {
		return nil, nil, err
	}
	ask = func(ctx context.Context) error { return stmt.QueryRowContext(ctx).Scan(&n) }
	return ask, func() { _ = stmt.Close() }, nil
}
