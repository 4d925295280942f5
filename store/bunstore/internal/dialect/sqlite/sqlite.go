// Package sqlite is the dialect of SQLite: all SQL that is its alone.
package sqlite

import (
	"context"
	"embed"
	"errors"
	"io/fs"
	"net/url"
	"strings"
	"time"

	"github.com/uptrace/bun"
	"github.com/uptrace/bun/schema"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/store"
	"github.com/clientaccount/clientaccount/store/bunstore/internal/dialect"
	"github.com/clientaccount/clientaccount/store/bunstore/internal/prepared"
)

//go:embed migrations
var files embed.FS

// ErrSQLiteSettings: the connections lack what [DSN] sets, so references
// would not be checked, or writers fail instead of waiting for each other.
var ErrSQLiteSettings = errors.New("bunstore: SQLite connections need foreign_keys and a busy_timeout: see bunstore.SQLiteDSN")

// DSN returns the data source name of a file for the driver modernc.org/sqlite, with what
// the store needs: transactions that take the write lock when they begin, writers that
// wait up to 5 seconds, a write-ahead log so that readers never wait, and references that
// are checked. Use a file: ":memory:" is a database of its own for every connection of the
// pool.
func DSN(path string) string {
	return "file:" + (&url.URL{Path: path}).EscapedPath() +
		"?_txlock=immediate&_pragma=busy_timeout(5000)&_pragma=journal_mode(WAL)&_pragma=foreign_keys(1)"
}

// Dialect is SQLite, which has one writer at a time. Those of this process queue here, in
// order and with an eye on their context; SQLite itself makes them poll. Make one with
// [New].
type Dialect struct{ writer chan struct{} }

var _ dialect.Dialect = (*Dialect)(nil)

// New returns the dialect of one store.
func New() dialect.Dialect { return &Dialect{make(chan struct{}, 1)} }

// Migrations returns those of SQLite.
func (*Dialect) Migrations() (fs.FS, error) { return fs.Sub(files, "migrations") }

// Classify goes by the text, which is SQLite's own in every driver.
func (*Dialect) Classify(err error) error {
	text := err.Error()
	switch {
	case strings.Contains(text, "database is locked"), strings.Contains(text, "database table is locked"):
		return account.ErrConflict
	case strings.Contains(text, "UNIQUE constraint failed"):
		return dialect.Taken(err, map[string]store.Key{
			"clientaccount_accounts.login": store.KeyLogin, "clientaccount_accounts.contact_contract": store.KeyContract,
		})
	case strings.Contains(text, "FOREIGN KEY constraint failed"):
		return dialect.ErrReference
	default:
		return nil
	}
}

// Native numbers parameters in SQLite's way.
func (*Dialect) Native(statement string) string { return strings.ReplaceAll(statement, "$", "?") }

// Unseen is the parameter: SQLite plans without values.
func (*Dialect) Unseen(parameter, _ string) string { return parameter }

// Lock has nothing to do: the transaction is the only one that writes.
func (*Dialect) Lock(q *bun.SelectQuery) *bun.SelectQuery { return q }

// Share has nothing to do, as Lock.
func (*Dialect) Share(q *bun.SelectQuery) *bun.SelectQuery { return q }

// AlreadyThere reports whether a column was added before: SQLite has no IF NOT EXISTS for it.
func (*Dialect) AlreadyThere(err error) bool {
	return strings.Contains(err.Error(), "duplicate column name")
}

// Contains reads through the texts.
func (*Dialect) Contains(column schema.QueryAppender, text string) (condition string, args []any) {
	word, begins := strings.CutPrefix(text, "\n")
	if !begins {
		return "instr(?, ?) > 0", []any{column, text}
	}
	return "instr(?, ?) = 1 OR instr(?, ?) > 0 OR instr(?, ?) > 0", []any{column, word, column, text, column, " " + word}
}

// Acquire waits for the transactions before it.
func (d *Dialect) Acquire(ctx context.Context) (func(), error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	select {
	case d.writer <- struct{}{}:
		return func() { <-d.writer }, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// Migrate tries for as long as a writer waits: while a new file is switched to its
// write-ahead log, SQLite refuses other starters instead of letting them wait.
func (d *Dialect) Migrate(ctx context.Context, _ *prepared.Pool, db *bun.DB, fn func(context.Context, bun.Tx) error) error {
	release, err := d.Acquire(ctx)
	if err != nil {
		return err
	}
	defer release()
	const tries, pause = 100, 50 * time.Millisecond
	for try := 1; ; try++ {
		err := db.RunInTx(ctx, nil, func(ctx context.Context, tx bun.Tx) error {
			if err := checkSettings(ctx, tx); err != nil {
				return err
			}
			return fn(ctx, tx)
		})
		if err == nil || try == tries || !errors.Is(d.Classify(err), account.ErrConflict) {
			return err
		}
		select {
		case <-time.After(pause):
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

func checkSettings(ctx context.Context, tx bun.Tx) error {
	for _, pragma := range []string{"PRAGMA foreign_keys", "PRAGMA busy_timeout"} {
		var setting int
		if err := tx.QueryRowContext(ctx, pragma).Scan(&setting); err != nil {
			return err
		}
		if setting == 0 {
			return ErrSQLiteSettings
		}
	}
	return nil
}

// NoTable goes by the text, as Classify.
func (*Dialect) NoTable(err error) bool { return strings.Contains(err.Error(), "no such table") }

// Notify cannot tell anybody.
func (*Dialect) Notify() string { return "" }
