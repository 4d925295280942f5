package bunstore

import (
	"context"
	"database/sql"
	"strings"
)

func (sqlite) noTable(err error) bool { return strings.Contains(err.Error(), "no such table") }

func (sqlite) refusesPooler(context.Context, *Store) error { return nil }

// check looks at one connection, which is set up as all are. It waits for its turn to
// write, as a transaction does: that is how it learns whether one can begin.
func (e sqlite) check(ctx context.Context, c *check) {
	done, err := e.turn(ctx)
	if err != nil {
		c.failed(err)
		return
	}
	defer done()
	conn, err := c.db.DB.Conn(ctx)
	if err != nil {
		c.failed(err)
		return
	}
	defer func() { _ = conn.Close() }()
	var clock string
	if err := conn.QueryRowContext(ctx, "SELECT strftime('%Y-%m-%dT%H:%M:%fZ', 'now')").Scan(&clock); err != nil {
		c.failed(err)
		return
	}
	c.when(clock)
	e.checkPragmas(ctx, c, conn)
	e.checkWriting(ctx, c, conn)
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

func (sqlite) checkPragmas(ctx context.Context, c *check, conn *sql.Conn) {
	for _, p := range pragmas {
		var value string
		if err := conn.QueryRowContext(ctx, "PRAGMA "+p.name).Scan(&value); err != nil {
			c.failed(err)
			return
		}
		switch {
		case p.well(strings.ToLower(value)):
		case p.warning:
			c.warn(p.code, p.text)
		default:
			c.found(p.code, p.text)
		}
	}
}

// checkWriting begins a transaction, as the pool does, in which it writes nothing, and
// looks whether that took the lock: a database that takes part in a transaction which
// has it cannot be detached.
func (sqlite) checkWriting(ctx context.Context, c *check, conn *sql.Conn) {
	const probe = "clientaccount_check"
	if _, err := conn.ExecContext(ctx, "ATTACH ':memory:' AS "+probe); err != nil {
		c.failed(err)
		return
	}
	defer func() { _, _ = conn.ExecContext(context.WithoutCancel(ctx), "DETACH "+probe) }() // fails where it is done
	tx, err := conn.BeginTx(ctx, nil)
	if err != nil {
		c.notWriting(err)
		return
	}
	defer func() { _ = tx.Rollback() }()
	if _, err := tx.ExecContext(ctx, "DETACH "+probe); err == nil {
		c.found("sqlite.txlock", "Transactions take the lock when they first write, where another's write makes them fail: the connections need _txlock=immediate.")
	}
	_, err = tx.ExecContext(ctx, "UPDATE "+migrationsTable+" SET name = name WHERE 1 = 0")
	if err != nil && !c.engine.noTable(err) {
		c.notWriting(err)
	}
}

func (c *check) notWriting(err error) {
	switch text := err.Error(); {
	case strings.Contains(text, "readonly"), strings.Contains(text, "query_only"):
		c.found("store.read_only", "The database is read-only.")
	case strings.Contains(text, "locked"):
		c.found("store.failing", "The database is locked by another process that writes.")
	default:
		c.failed(err)
	}
}
