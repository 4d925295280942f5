package bunstore

import (
	"context"
	"database/sql"
	"errors"
	"strings"

	"github.com/uptrace/bun"

	"github.com/clientaccount/clientaccount/store"
)

// migrationLock is the advisory lock that starters queue for; any number would do.
const migrationLock = 7_421_639_508_214

type postgres struct{}

func (postgres) folder() string { return "postgres" }

// classify goes by SQLSTATE (PostgreSQL manual, appendix A), which drivers tell in
// one of two ways. Constraint names are the same in every language of the server;
// the quotes around them are not.
func (postgres) classify(err error) error {
	switch sqlState(err) {
	case serializationFailure, "40P01", "55P03": // deadlock, lock not available
		return store.ErrConflict
	case "23505": // unique violation
		return taken(err, map[string]string{
			"clientaccount_accounts_login": "login", "clientaccount_accounts_contract": "contact.contract",
		})
	case "23503": // foreign key violation
		return errReference
	case "26000", "42P05": // no such prepared statement, or it is there already
		return ErrPooler
	default:
		return nil
	}
}

const serializationFailure = "40001"

// sqlState is the code of an error of pgx or lib/pq (SQLState), or of pgdriver (Field).
func sqlState(err error) string {
	var named interface{ SQLState() string }
	var fielded interface{ Field(byte) string }
	switch {
	case errors.As(err, &named):
		return named.SQLState()
	case errors.As(err, &fielded):
		return fielded.Field('C')
	default:
		return ""
	}
}

func (postgres) native(statement string) string { return statement }

// lock leaves others free to point at the row, as a new subaccount does.
func (postgres) lock(q *bun.SelectQuery) *bun.SelectQuery { return q.For("NO KEY UPDATE") }

func (postgres) share(q *bun.SelectQuery) *bun.SelectQuery { return q.For("SHARE") }

func (postgres) alreadyThere(error) bool { return false }

var likeEscaper = strings.NewReplacer(`\`, `\\`, `%`, `\%`, `_`, `\_`)

func (postgres) contains(text string) (condition, arg string) {
	return `? LIKE ? ESCAPE '\'`, "%" + likeEscaper.Replace(text) + "%"
}

func (postgres) turn(context.Context) (func(), error) { return func() {}, nil }

// migrate names the isolation level: under a stricter default, a transaction would
// go on seeing what there was before it waited for the lock.
func (postgres) migrate(ctx context.Context, db *bun.DB, fn func(context.Context, bun.Tx) error) error {
	return db.RunInTx(ctx, &sql.TxOptions{Isolation: sql.LevelReadCommitted}, func(ctx context.Context, tx bun.Tx) error {
		if _, err := tx.ExecContext(ctx, "SELECT pg_advisory_xact_lock(?)", int64(migrationLock)); err != nil {
			return err
		}
		return fn(ctx, tx)
	})
}
