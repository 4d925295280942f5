// Package postgres is the dialect of PostgreSQL: all SQL that is its alone.
package postgres

import (
	"context"
	"database/sql"
	"embed"
	"io/fs"
	"regexp"
	"strings"
	"sync/atomic"

	"github.com/uptrace/bun"
	"github.com/uptrace/bun/schema"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/store"
	"github.com/clientaccount/clientaccount/store/bunstore/internal/dialect"
	"github.com/clientaccount/clientaccount/store/bunstore/internal/prepared"
)

//go:embed migrations
var files embed.FS

// Dialect is PostgreSQL. Make one with [New].
type Dialect struct {
	probed atomic.Bool // what is prepared in one transaction is known in the next
}

var _ dialect.Dialect = (*Dialect)(nil)

// New returns the dialect of one store.
func New() dialect.Dialect { return &Dialect{} }

// Migrations returns those of PostgreSQL.
func (*Dialect) Migrations() (fs.FS, error) { return fs.Sub(files, "migrations") }

// migrationLock is the advisory lock that starters queue for; any number would do.
const migrationLock = 7_421_639_508_214

// Classify goes by SQLSTATE (PostgreSQL manual, appendix A), which drivers tell in
// one of two ways. Constraint names are the same in every language of the server;
// the quotes around them are not.
func (*Dialect) Classify(err error) error {
	switch dialect.SQLState(err) {
	case serializationFailure, "40P01", "55P03": // deadlock, lock not available
		return account.ErrConflict
	case "23505": // unique violation
		return dialect.Taken(err, map[string]store.Key{
			"clientaccount_accounts_login": store.KeyLogin, "clientaccount_accounts_contract": store.KeyContract,
		})
	case "23503": // foreign key violation
		return dialect.ErrReference
	case "26000", "42P05": // no such prepared statement, or it is there already
		return ErrPooler
	default:
		return nil
	}
}

const serializationFailure = "40001"

// Native has nothing to do: the parameters are PostgreSQL's.
func (*Dialect) Native(statement string) string { return statement }

// Unseen is a subquery: what it gives is known only when the plan runs.
func (*Dialect) Unseen(parameter, kind string) string {
	return "(SELECT " + parameter + "::" + kind + ")"
}

// Lock leaves others free to point at the row, as a new subaccount does.
func (*Dialect) Lock(q *bun.SelectQuery) *bun.SelectQuery { return q.For("NO KEY UPDATE") }

// Share leaves others free to read the row likewise.
func (*Dialect) Share(q *bun.SelectQuery) *bun.SelectQuery { return q.For("SHARE") }

// AlreadyThere never happens: the statements say IF NOT EXISTS.
func (*Dialect) AlreadyThere(error) bool { return false }

var likeEscaper = strings.NewReplacer(`\`, `\\`, `%`, `\%`, `_`, `\_`)

// Contains returns what an index of trigrams serves: blanks and line feeds end words for it, too. Where a
// word begins is said in one pattern: the index would be gone through for each of several.
func (*Dialect) Contains(column schema.QueryAppender, text string) (condition string, args []any) {
	if word, begins := strings.CutPrefix(text, "\n"); begins {
		return "? ~ ?", []any{column, `(^|[ \n])` + regexp.QuoteMeta(word)}
	}
	return `? LIKE ? ESCAPE '\'`, []any{column, "%" + likeEscaper.Replace(text) + "%"}
}

// Acquire never waits: transactions run side by side.
func (*Dialect) Acquire(context.Context) (func(), error) { return func() {}, nil }

// Migrate names the isolation level: under a stricter default, a transaction would
// go on seeing what there was before it waited for the lock. Through a pooler that forgets
// prepared statements it is refused.
func (d *Dialect) Migrate(ctx context.Context, pool *prepared.Pool, db *bun.DB, fn func(context.Context, bun.Tx) error) error {
	if err := d.probeOnce(ctx, pool); isForgotten(err) {
		return ErrPooler
	}
	return db.RunInTx(ctx, &sql.TxOptions{Isolation: sql.LevelReadCommitted}, func(ctx context.Context, tx bun.Tx) error {
		if _, err := tx.ExecContext(ctx, "SELECT pg_advisory_xact_lock(?)", int64(migrationLock)); err != nil {
			return err
		}
		return fn(ctx, tx)
	})
}

// SettingsChannel is the channel on which it is told that settings changed.
const SettingsChannel = "clientaccount_settings"

// Notify tells when the transaction is committed.
func (*Dialect) Notify() string { return "SELECT pg_notify('" + SettingsChannel + "', $1)" }

// NoTable goes by the SQLSTATE.
func (*Dialect) NoTable(err error) bool { return dialect.SQLState(err) == "42P01" }
