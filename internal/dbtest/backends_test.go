package dbtest

import (
	"context"
	"database/sql"
	"net/url"
	"testing"

	"github.com/stretchr/testify/require"
	"github.com/uptrace/bun"
	"github.com/uptrace/bun/dialect/pgdialect"
	"github.com/uptrace/bun/dialect/sqlitedialect"
	_ "modernc.org/sqlite" // registers the "sqlite" driver

	"github.com/clientaccount/clientaccount/internal/dbtest/postgres"
	"github.com/clientaccount/clientaccount/store/bunstore"
)

// connections is the size of the pools here: more than the callers of most tests.
const connections = 16

// openPostgres returns a pool on a database, its connections set up as the parameters say.
func openPostgres(tb testing.TB, dsn string, parameters url.Values) *bun.DB {
	tb.Helper()
	u, err := url.Parse(dsn)
	require.NoError(tb, err)
	query := u.Query()
	for name, value := range parameters {
		query[name] = value
	}
	u.RawQuery = query.Encode()
	return openBun(tb, "pgx", u.String())
}

// openSQLite returns a pool on the database of a file, which is made if it is not there.
func openSQLite(tb testing.TB, path string) *bun.DB {
	tb.Helper()
	return openBun(tb, "sqlite", bunstore.SQLiteDSN(path))
}

func openBun(tb testing.TB, driver, dsn string) *bun.DB {
	tb.Helper()
	pool, err := sql.Open(driver, dsn)
	require.NoError(tb, err)
	pool.SetMaxOpenConns(connections)
	pool.SetMaxIdleConns(connections)
	tb.Cleanup(func() { require.NoError(tb, pool.Close()) })
	return newBun(driver, pool)
}

func newBun(driver string, pool *sql.DB) *bun.DB {
	if driver == "pgx" {
		return bun.NewDB(pool, pgdialect.New())
	}
	return bun.NewDB(pool, sqlitedialect.New())
}

func newStore(tb testing.TB, db *bun.DB) *bunstore.Store {
	tb.Helper()
	s, err := bunstore.New(db)
	require.NoError(tb, err)
	require.NoError(tb, s.Migrate(tb.Context()))
	return s
}

// storeDSN returns the URL of a database on PostgreSQL with the tables of a new store.
var storeDSN = postgres.Prepared(func(dsn string) error { return migrateOnce(context.Background(), "pgx", dsn) })

// forEachBackend runs a test on an empty store of PostgreSQL and of SQLite.
func forEachBackend(t *testing.T, test func(t *testing.T, db *bun.DB, s *bunstore.Store)) {
	t.Helper()
	t.Run("PostgreSQL", func(t *testing.T) {
		db := openPostgres(t, storeDSN(t), nil)
		test(t, db, newStore(t, db))
	})
	t.Run("SQLite", func(t *testing.T) {
		db := openSQLiteStore(t)
		test(t, db, newStore(t, db))
	})
}
