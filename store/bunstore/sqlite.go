package bunstore

import (
	"context"
	"errors"
	"net/url"
	"strings"
	"time"

	"github.com/uptrace/bun"

	"github.com/clientaccount/clientaccount/store"
)

// ErrSQLiteSettings: the connections lack what [SQLiteDSN] sets, so references
// would not be checked, or writers fail instead of waiting for each other.
var ErrSQLiteSettings = errors.New("bunstore: SQLite connections need foreign_keys and a busy_timeout: see SQLiteDSN")

// SQLiteDSN is the data source name of a file for the driver modernc.org/sqlite,
// with what the store needs: transactions that take the write lock when they begin,
// writers that wait up to 5 seconds, a write-ahead log so that readers never wait,
// and references that are checked. Use a file: ":memory:" is a database of its own
// for every connection of the pool.
func SQLiteDSN(path string) string {
	return "file:" + (&url.URL{Path: path}).EscapedPath() +
		"?_txlock=immediate&_pragma=busy_timeout(5000)&_pragma=journal_mode(WAL)&_pragma=foreign_keys(1)"
}

// sqlite has one writer at a time. Those of this process queue here, in order and
// with an eye on their context; SQLite itself makes them poll.
type sqlite struct{ writer chan struct{} }

func (sqlite) folder() string { return "sqlite" }

// classify goes by the text, which is SQLite's own in every driver.
func (sqlite) classify(err error) error {
	text := err.Error()
	switch {
	case strings.Contains(text, "database is locked"), strings.Contains(text, "database table is locked"):
		return store.ErrConflict
	case strings.Contains(text, "UNIQUE constraint failed"):
		return taken(err, map[string]string{
			"clientaccount_accounts.login": "login", "clientaccount_accounts.contact_contract": "contact.contract",
		})
	case strings.Contains(text, "FOREIGN KEY constraint failed"):
		return errReference
	default:
		return nil
	}
}

func (sqlite) native(statement string) string { return strings.ReplaceAll(statement, "$", "?") }

// lock has nothing to do: the transaction is the only one that writes.
func (sqlite) lock(q *bun.SelectQuery) *bun.SelectQuery { return q }

func (sqlite) share(q *bun.SelectQuery) *bun.SelectQuery { return q }

func (sqlite) alreadyThere(err error) bool {
	return strings.Contains(err.Error(), "duplicate column name")
}

func (sqlite) contains(text string) (condition, arg string) { return "instr(?, ?) > 0", text }

func (e sqlite) turn(ctx context.Context) (func(), error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	select {
	case e.writer <- struct{}{}:
		return func() { <-e.writer }, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// migrate tries for as long as a writer waits: while a new file is switched to its
// write-ahead log, SQLite refuses other starters instead of letting them wait.
func (e sqlite) migrate(ctx context.Context, db *bun.DB, fn func(context.Context, bun.Tx) error) error {
	done, err := e.turn(ctx)
	if err != nil {
		return err
	}
	defer done()
	const tries, pause = 100, 50 * time.Millisecond
	for try := 1; ; try++ {
		err := db.RunInTx(ctx, nil, func(ctx context.Context, tx bun.Tx) error {
			if err := checkSettings(ctx, tx); err != nil {
				return err
			}
			return fn(ctx, tx)
		})
		if err == nil || try == tries || !errors.Is(e.classify(err), store.ErrConflict) {
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
