package sqlite

import (
	"context"
	"database/sql"
	"strings"

	"github.com/clientaccount/clientaccount/store/bunstore/internal/dialect"
	"github.com/clientaccount/clientaccount/store/bunstore/internal/prepared"
)

// Check looks at one connection, which is set up as all are. It waits until it may
// write, as a transaction does: that is how it learns whether one can begin.
func (d *Dialect) Check(ctx context.Context, pool *prepared.Pool, r *dialect.Report) {
	release, err := d.Acquire(ctx)
	if err != nil {
		r.Failed(err)
		return
	}
	defer release()
	conn, err := pool.DB.Conn(ctx)
	if err != nil {
		r.Failed(err)
		return
	}
	defer func() { _ = conn.Close() }()
	var clock string
	if err := conn.QueryRowContext(ctx, "SELECT strftime('%Y-%m-%dT%H:%M:%fZ', 'now')").Scan(&clock); err != nil {
		r.Failed(err)
		return
	}
	r.At(clock)
	checkPragmas(ctx, r, conn)
	d.checkWriting(ctx, r, conn)
}

// pragmas are those that matter, what each must be, and what is wrong otherwise.
var pragmas = []struct {
	name    string
	well    func(value string) bool
	warning bool
	code    string
	text    string
}{
	{"foreign_keys", func(v string) bool { return v == "1" }, false, "sqlite.foreign_keys", "References are not checked: the connections need foreign_keys(1)."},
	{"busy_timeout", func(v string) bool { return v != "0" }, false, "sqlite.busy_timeout", "Writers fail instead of waiting for each other: the connections need busy_timeout(5000)."},
	{"synchronous", func(v string) bool { return v == "2" || v == "3" }, false, "store.unsafe_commits", "What was committed may be lost when the machine crashes: synchronous must be FULL."},
	{"journal_mode", func(v string) bool { return v == "wal" }, true, "sqlite.journal_mode", "Readers and writers wait for each other: the file needs journal_mode(WAL)."},
}

func checkPragmas(ctx context.Context, r *dialect.Report, conn *sql.Conn) {
	for _, p := range pragmas {
		var value string
		if err := conn.QueryRowContext(ctx, "PRAGMA "+p.name).Scan(&value); err != nil {
			r.Failed(err)
			return
		}
		switch {
		case p.well(strings.ToLower(value)):
		case p.warning:
			r.Warn(p.code, p.text)
		default:
			r.Found(p.code, p.text)
		}
	}
}

// checkWriting begins a transaction, as the pool does, in which it writes nothing, and
// looks whether that took the lock: a database that takes part in a transaction which
// has it cannot be detached.
func (d *Dialect) checkWriting(ctx context.Context, r *dialect.Report, conn *sql.Conn) {
	const probe = "clientaccount_check"
	if _, err := conn.ExecContext(ctx, "ATTACH ':memory:' AS "+probe); err != nil {
		r.Failed(err)
		return
	}
	defer func() { _, _ = conn.ExecContext(context.WithoutCancel(ctx), "DETACH "+probe) }() // fails where it is done
	tx, err := conn.BeginTx(ctx, nil)
	if err != nil {
		notWriting(r, err)
		return
	}
	defer func() { _ = tx.Rollback() }()
	if _, err := tx.ExecContext(ctx, "DETACH "+probe); err == nil {
		r.Found("sqlite.txlock", "Transactions take the lock when they first write, where another's write makes them fail: the connections need _txlock=immediate.")
	}
	_, err = tx.ExecContext(ctx, "UPDATE "+dialect.MigrationsTable+" SET name = name WHERE 1 = 0")
	if err != nil && !d.NoTable(err) {
		notWriting(r, err)
	}
}

func notWriting(r *dialect.Report, err error) {
	switch text := err.Error(); {
	case strings.Contains(text, "readonly"), strings.Contains(text, "query_only"):
		r.Found("store.read_only", "The database is read-only.")
	case strings.Contains(text, "locked"):
		r.Found("store.failing", "The database is locked by another process that writes.")
	default:
		r.Failed(err)
	}
}
