package dbtest

import (
	"context"
	"fmt"
	"maps"
	"net/url"
	"os"
	"path/filepath"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"
	"github.com/uptrace/bun"

	"github.com/clientaccount/clientaccount/internal/dbtest/postgres"
	"github.com/clientaccount/clientaccount/store/bunstore"
)

// schemas has stores in one database, each in a schema of its own, for tests that want many: a
// store that a test is done with is emptied for the next one, as that takes a tenth of the time
// of making its tables. The next one has its pool, too: a connection knows the tables by then.
type schemas struct {
	tb         testing.TB
	dsn        string
	parameters url.Values // of all connections
	admin      *bun.DB
	mu         sync.Mutex
	made       int
	free       []schema
}

type schema struct {
	name string
	db   *bun.DB
}

// newSchemas has connections set up as the parameters say.
func newSchemas(tb testing.TB, parameters url.Values) *schemas {
	tb.Helper()
	dsn := postgres.DSN(tb)
	s := &schemas{tb: tb, dsn: dsn, parameters: parameters, admin: openPostgres(tb, dsn, nil)}
	_, err := s.admin.ExecContext(tb.Context(), `CREATE EXTENSION IF NOT EXISTS pg_trgm SCHEMA public; CREATE SCHEMA begun`)
	require.NoError(tb, err)
	return s
}

// open returns a pool in a schema that has the tables of a store as [bunstore.Store.Migrate] makes
// them, with nothing else in them. They must not be altered, nor the pool be closed.
func (s *schemas) open(tb testing.TB) *bun.DB {
	tb.Helper()
	one := s.take()
	if one.db == nil {
		s.fill(tb, &one)
	}
	tb.Cleanup(func() { s.giveBack(one) })
	return one.db
}

// take returns a schema that was given back, or the name of a new one.
func (s *schemas) take() (one schema) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if last := len(s.free) - 1; last >= 0 {
		one, s.free = s.free[last], s.free[:last]
		return one
	}
	s.made++
	return schema{name: fmt.Sprint("store_", s.made)}
}

// fill makes a new schema, with a pool that is closed when all are done.
func (s *schemas) fill(tb testing.TB, one *schema) {
	tb.Helper()
	_, err := s.admin.ExecContext(tb.Context(), `CREATE SCHEMA `+one.name)
	require.NoError(tb, err)
	inSchema := url.Values{"search_path": {one.name + ",public"}}
	maps.Copy(inSchema, s.parameters)
	one.db = openPostgres(s.tb, s.dsn, inSchema)
	newStore(tb, one.db)
	_, err = s.admin.ExecContext(tb.Context(), fmt.Sprintf(keepBegun, one.name))
	require.NoError(tb, err)
}

// giveBack empties a schema for the next test. One that cannot be, as something still holds its
// rows, or for want of rights, is left.
func (s *schemas) giveBack(one schema) {
	if _, err := s.admin.ExecContext(context.Background(), fmt.Sprintf(empty, one.name)); err != nil {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.free = append(s.free, one)
}

// keepBegun keeps the rows that a new store begins with, in the schema "begun".
const keepBegun = `DO $$
DECLARE t name; begun bool;
BEGIN
	FOR t IN SELECT relname FROM pg_class WHERE relnamespace = '%[1]s'::regnamespace AND relkind = 'r' LOOP
		EXECUTE format('SELECT EXISTS (SELECT FROM %[1]s.%%I)', t) INTO begun;
		IF begun THEN
			EXECUTE format('CREATE TABLE IF NOT EXISTS begun.%%I AS TABLE %[1]s.%%I', t, t);
		END IF;
	END LOOP;
END $$`

// empty leaves what a new store begins with in a schema. No row's references are looked at meanwhile.
const empty = `DO $$
DECLARE t name;
BEGIN
	SET LOCAL session_replication_role = replica;
	SET LOCAL lock_timeout = '5s';
	FOR t IN SELECT relname FROM pg_class WHERE relnamespace = '%[1]s'::regnamespace AND relkind = 'r' LOOP
		EXECUTE format('DELETE FROM %[1]s.%%I', t);
	END LOOP;
	FOR t IN SELECT relname FROM pg_class WHERE relnamespace = 'begun'::regnamespace AND relkind = 'r' LOOP
		EXECUTE format('INSERT INTO %[1]s.%%I SELECT * FROM begun.%%I', t, t);
	END LOOP;
	PERFORM setval(oid, 1, false) FROM pg_class WHERE relnamespace = '%[1]s'::regnamespace AND relkind = 'S';
END $$`

// openSQLiteStore returns a pool on a file of its own that has the tables of a store.
func openSQLiteStore(tb testing.TB) *bun.DB {
	tb.Helper()
	file, err := fileOfStore()
	require.NoError(tb, err)
	path := filepath.Join(tb.TempDir(), "store.db")
	require.NoError(tb, os.WriteFile(path, file, 0o600))
	return openSQLite(tb, path)
}

// fileOfStore is the file of a new store on SQLite.
var fileOfStore = sync.OnceValues(func() ([]byte, error) {
	dir, err := os.MkdirTemp("", "clientaccount-sqlite-")
	if err != nil {
		return nil, err
	}
	defer func() { _ = os.RemoveAll(dir) }()
	path := filepath.Join(dir, "new.db")
	if err := migrateOnce(context.Background(), "sqlite", bunstore.SQLiteDSN(path)); err != nil {
		return nil, err
	}
	return os.ReadFile(path)
})
