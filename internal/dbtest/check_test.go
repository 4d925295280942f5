package dbtest

import (
	"context"
	"database/sql"
	"net/url"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"github.com/uptrace/bun"
	"github.com/uptrace/bun/dialect/sqlitedialect"

	"github.com/clientaccount/clientaccount"
	"github.com/clientaccount/clientaccount/internal/dbtest/postgres"
	"github.com/clientaccount/clientaccount/store"
	"github.com/clientaccount/clientaccount/store/bunstore"
)

func codes(problems store.Problems) []string {
	var found []string
	for _, p := range problems {
		found = append(found, p.Code)
	}
	return found
}

// checked returns what Check finds of a pool, with nothing migrated by it.
func checked(t *testing.T, db *bun.DB) store.Problems {
	t.Helper()
	s, err := bunstore.New(db)
	require.NoError(t, err)
	return clientaccount.New(s, nil).Check(t.Context())
}

func TestCheckFindsNothingInAFreshStore(t *testing.T) {
	forEachBackend(t, func(t *testing.T, _ *bun.DB, s *bunstore.Store) {
		svc := clientaccount.New(s, nil)
		for range 3 {
			assert.Nil(t, svc.Check(t.Context()))
		}
	})
}

func TestCheckFindsWhatWasNotMigrated(t *testing.T) {
	forEachEmpty(t, func(t *testing.T, driver, dsn string) {
		problems := checked(t, openBun(t, driver, dsn))
		assert.Equal(t, []string{"migrations.missing"}, codes(problems))
		require.Error(t, problems.Err())
	})
	forEachBackend(t, func(t *testing.T, db *bun.DB, _ *bunstore.Store) {
		_, err := db.ExecContext(t.Context(), `DELETE FROM clientaccount_migrations WHERE name >= '20261126000000'`)
		require.NoError(t, err)
		problems := checked(t, db)
		assert.Equal(t, []string{"migrations.missing"}, codes(problems), "older than this library")
		assert.Contains(t, problems.Error(), "20261126000000")

		_, err = db.ExecContext(t.Context(), `INSERT INTO clientaccount_migrations (name, group_id) VALUES ('20991231000000', 9)`)
		require.NoError(t, err)
		assert.Equal(t, []string{"migrations.missing", "migrations.unknown"}, codes(checked(t, db)))
	})
	forEachBackend(t, func(t *testing.T, db *bun.DB, _ *bunstore.Store) {
		_, err := db.ExecContext(t.Context(), `INSERT INTO clientaccount_migrations (name, group_id) VALUES ('20991231000000', 9)`)
		require.NoError(t, err)
		problems := checked(t, db)
		assert.Equal(t, []string{"migrations.unknown"}, codes(problems), "newer than this library")
		require.NoError(t, problems.Err(), "the old version goes on while the new one is rolled out")
	})
}

func TestCheckFindsAClockThatIsOff(t *testing.T) {
	forEachBackend(t, func(t *testing.T, _ *bun.DB, s *bunstore.Store) {
		slow := clientaccount.New(s, &clientaccount.Options{Clock: func() time.Time { return time.Now().Add(-time.Minute) }})
		problems := slow.Check(t.Context())
		assert.Equal(t, []string{"clock.off"}, codes(problems))
		assert.Contains(t, problems.Error(), "ahead of")
	})
}

func TestCheckChangesNothing(t *testing.T) {
	forEachEmpty(t, func(t *testing.T, driver, dsn string) {
		db := openBun(t, driver, dsn)
		checked(t, db)
		_, err := db.ExecContext(t.Context(), `SELECT 1 FROM clientaccount_migrations`)
		require.Error(t, err, "a table was made")
	})
}

// The driver's own error names the host, the user and the database.
func TestCheckOfAStoreThatIsNotThere(t *testing.T) {
	for name, dsn := range map[string]string{
		"nobody listens": "postgres://app:hunter2@127.0.0.1:1/clients", "no such socket": "postgres://app:hunter2@/clients?host=/nowhere",
	} {
		problems := checked(t, openBun(t, "pgx", dsn))
		assert.Equal(t, []string{"store.unreachable"}, codes(problems), name)
		for _, secret := range []string{"hunter2", "app", "127.0.0.1", "nowhere"} {
			assert.NotContains(t, problems.Error(), secret)
		}
	}
	problems := checked(t, openBun(t, "sqlite", bunstore.SQLiteDSN(filepath.Join(t.TempDir(), "no", "such", "dir.db"))))
	assert.Equal(t, []string{"store.unreachable"}, codes(problems))
	wrong := postgres.DSN(t)
	u, err := url.Parse(wrong)
	require.NoError(t, err)
	u.Path = "/no_such_database"
	assert.Equal(t, []string{"store.failing"}, codes(checked(t, openBun(t, "pgx", u.String()))))
}

// A pool whose connections are all taken does not hold a health endpoint up.
func TestCheckEndsWithItsContext(t *testing.T) {
	forEachBackend(t, func(t *testing.T, db *bun.DB, s *bunstore.Store) {
		db.SetMaxOpenConns(1)
		conn, err := db.DB.Conn(t.Context())
		require.NoError(t, err)
		defer func() { require.NoError(t, conn.Close()) }()
		ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
		defer cancel()
		assert.Equal(t, []string{"store.unreachable"}, codes(clientaccount.New(s, nil).Check(ctx)))
	})
}

func TestCheckWithOneConnection(t *testing.T) {
	forEachBackend(t, func(t *testing.T, db *bun.DB, s *bunstore.Store) {
		db.SetMaxOpenConns(1)
		assert.Nil(t, clientaccount.New(s, nil).Check(t.Context()))
	})
}

func TestCheckOfPostgreSQLSettings(t *testing.T) {
	dsn := postgres.DSN(t)
	newStore(t, openPostgres(t, dsn, nil))
	for name, tt := range map[string]struct {
		parameters url.Values
		want       []string
	}{
		"serializable by default":    {url.Values{"default_transaction_isolation": {"serializable"}}, nil},
		"the simple protocol":        {inMode("simple_protocol"), nil},
		"another zone and style":     {url.Values{"timezone": {"America/St_Johns"}, "datestyle": {"German"}}, nil},
		"read-only":                  {url.Values{"default_transaction_read_only": {"on"}}, []string{"store.read_only"}},
		"commits that do not wait":   {url.Values{"synchronous_commit": {"off"}}, []string{"store.unsafe_commits"}},
		"both":                       {url.Values{"default_transaction_read_only": {"on"}, "synchronous_commit": {"off"}}, []string{"store.read_only", "store.unsafe_commits"}},
		"commits that wait for more": {url.Values{"synchronous_commit": {"remote_apply"}}, nil},
		"other tables":               {url.Values{"search_path": {"pg_catalog"}}, []string{"migrations.missing"}},
	} {
		assert.Equal(t, tt.want, codes(checked(t, openPostgres(t, dsn, tt.parameters))), name)
	}
}

// Recovery that waits for ever is a standby, as far as a client can see.
func TestCheckOfAStandby(t *testing.T) {
	server := postgres.Start(t)
	dsn := server.Database(t)
	db := openPostgres(t, dsn, nil)
	newStore(t, db)
	require.NoError(t, os.WriteFile(filepath.Join(server.Dir(), "data", "standby.signal"), nil, 0o644))
	require.NoError(t, server.Restart())
	assert.Equal(t, []string{"store.standby"}, codes(checked(t, openPostgres(t, dsn, nil))))
	require.NoError(t, os.Remove(filepath.Join(server.Dir(), "data", "standby.signal")))
	require.NoError(t, server.Restart())
}

func TestCheckOfARoleWithoutRights(t *testing.T) {
	dsn := postgres.DSN(t)
	admin := openPostgres(t, dsn, nil)
	newStore(t, admin)
	_, err := admin.ExecContext(t.Context(), `CREATE ROLE stranger`)
	require.NoError(t, err)
	t.Cleanup(func() { _, _ = admin.ExecContext(context.Background(), `DROP ROLE stranger`) })
	assert.Equal(t, []string{"store.failing"}, codes(checked(t, openPostgres(t, dsn, url.Values{"role": {"stranger"}}))))
}

func TestCheckOfSQLiteSettings(t *testing.T) {
	const (
		lock, wait, keys = "_txlock=immediate", "&_pragma=busy_timeout(5000)", "&_pragma=foreign_keys(1)"
		wal              = "&_pragma=journal_mode(WAL)"
	)
	for name, tt := range map[string]struct {
		settings string
		want     []string
	}{
		"all that SQLiteDSN has":    {lock + wait + wal + keys, nil},
		"nothing":                   {"x=y", []string{"sqlite.foreign_keys", "sqlite.busy_timeout", "sqlite.journal_mode", "sqlite.txlock"}},
		"references not checked":    {lock + wait + wal, []string{"sqlite.foreign_keys"}},
		"no waiting":                {lock + wal + keys, []string{"sqlite.busy_timeout"}},
		"readers in the way":        {lock + wait + keys, []string{"sqlite.journal_mode"}},
		"locks taken late":          {"_txlock=deferred" + wait + wal + keys, []string{"sqlite.txlock"}},
		"exclusive transactions":    {"_txlock=exclusive" + wait + wal + keys, nil},
		"commits that may be lost":  {lock + wait + wal + keys + "&_pragma=synchronous(NORMAL)", []string{"store.unsafe_commits"}},
		"and surely":                {lock + wait + wal + keys + "&_pragma=synchronous(OFF)", []string{"store.unsafe_commits"}},
		"commits that wait for all": {lock + wait + wal + keys + "&_pragma=synchronous(EXTRA)", nil},
		"nothing may be written":    {lock + wait + wal + keys + "&_pragma=query_only(1)", []string{"store.read_only"}},
		"the file is read-only":     {lock + wait + keys + "&mode=ro", []string{"store.read_only"}},
	} {
		path := filepath.Join(t.TempDir(), "test.db")
		mode := wal
		if name == "readers in the way" || name == "nothing" {
			mode = "&_pragma=journal_mode(DELETE)"
		}
		setUp := openBun(t, "sqlite", "file:"+path+"?"+lock+wait+keys+mode)
		newStore(t, setUp)
		pool, err := sql.Open("sqlite", "file:"+path+"?"+tt.settings)
		require.NoError(t, err)
		assert.Equal(t, tt.want, codes(checked(t, bun.NewDB(pool, sqlitedialect.New()))), name)
		assert.Equal(t, tt.want, codes(checked(t, bun.NewDB(pool, sqlitedialect.New()))), "%s, and again", name)
		require.NoError(t, pool.Close())
	}
}
