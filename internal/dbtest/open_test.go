package dbtest

import (
	"database/sql"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/internal/dbtest/postgres"
	"github.com/clientaccount/clientaccount/store/bunstore"
)

// A host without bun opens a pool, and that is all.
func TestStoreOfAPool(t *testing.T) {
	pg, err := sql.Open("pgx", postgres.DSN(t))
	require.NoError(t, err)
	lite, err := sql.Open("sqlite", bunstore.SQLiteDSN(filepath.Join(t.TempDir(), "test.db")))
	require.NoError(t, err)
	for pool, open := range map[*sql.DB]func(*sql.DB, ...bunstore.Option) (*bunstore.Store, error){
		pg: bunstore.Postgres, lite: bunstore.SQLite,
	} {
		t.Cleanup(func() { assert.NoError(t, pool.Close()) })
		s, err := open(pool, bunstore.Unprepared())
		require.NoError(t, err)
		require.NoError(t, s.Migrate(t.Context()))
		assert.Empty(t, s.Check(t.Context()).Problems)
		_, err = s.Accounts(t.Context(), account.Query{})
		require.NoError(t, err)
		_, err = open(nil)
		require.Error(t, err)
	}
}
