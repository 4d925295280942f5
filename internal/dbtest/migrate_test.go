package dbtest

import (
	"bufio"
	"context"
	"database/sql"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"github.com/uptrace/bun"
	"github.com/uptrace/bun/dialect"
	"github.com/uptrace/bun/dialect/pgdialect"
	"github.com/uptrace/bun/migrate"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/internal/dbtest/postgres"
	"github.com/clientaccount/clientaccount/internal/rounds"
	"github.com/clientaccount/clientaccount/store/bunstore"
)

// forEachEmpty runs a test on an empty database of PostgreSQL and of SQLite.
func forEachEmpty(t *testing.T, test func(t *testing.T, driver, dsn string)) {
	t.Helper()
	t.Run("PostgreSQL", func(t *testing.T) { test(t, "pgx", postgres.DSN(t)) })
	t.Run("SQLite", func(t *testing.T) {
		test(t, "sqlite", bunstore.SQLiteDSN(filepath.Join(t.TempDir(), "test.db")))
	})
}

func TestTwelveStartersAtOnceMigrateOnce(t *testing.T) {
	t.Parallel()
	const starters = 12
	for round := range rounds.Of(t, 1) {
		t.Run(fmt.Sprintf("round %d", round+1), func(t *testing.T) {
			forEachEmpty(t, func(t *testing.T, driver, dsn string) {
				wait, start, err := os.Pipe()
				require.NoError(t, err)
				var all []*exec.Cmd
				for range starters {
					cmd := newStarter(t, driver, dsn)
					cmd.Stdin = wait
					require.NoError(t, cmd.Start())
					all = append(all, cmd)
				}
				require.NoError(t, wait.Close())
				require.NoError(t, start.Close())
				for _, cmd := range all {
					assert.NoError(t, cmd.Wait(), "a starter failed")
				}
				requireMigrated(t, driver, dsn)
			})
		})
	}
}

func TestKilledStarterIsNoObstacle(t *testing.T) {
	forEachEmpty(t, func(t *testing.T, driver, dsn string) {
		cmd := newStarter(t, driver, dsn, starterStops+"=1")
		out, err := cmd.StdoutPipe()
		require.NoError(t, err)
		require.NoError(t, cmd.Start())
		line, err := bufio.NewReader(out).ReadString('\n')
		require.NoError(t, err)
		require.Equal(t, "halfway\n", line)
		require.NoError(t, cmd.Process.Kill())
		require.Error(t, cmd.Wait(), "it was killed")

		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		require.NoError(t, migrateOnce(ctx, driver, dsn))
		requireMigrated(t, driver, dsn)
	})
}

// requireMigrated asserts that every migration is noted once, and that accounts have
// a column for each field of the field table and for little else.
func requireMigrated(t *testing.T, driver, dsn string) {
	t.Helper()
	db := openBun(t, driver, dsn)
	files, err := bunstore.Migrations(db.Dialect().Name())
	require.NoError(t, err)
	ups, err := fs.Glob(files, "*.up.sql")
	require.NoError(t, err)
	require.NotEmpty(t, ups)
	var noted []string
	require.NoError(t, db.NewSelect().Table("clientaccount_migrations").Column("name").Order("name").Scan(t.Context(), &noted))
	for i, up := range ups {
		ups[i], _, _ = strings.Cut(up, "_")
		assert.Len(t, ups[i], 14, "ids are sorted as text")
	}
	assert.Equal(t, ups, noted)

	rows, err := db.QueryContext(t.Context(), `SELECT * FROM clientaccount_accounts`)
	require.NoError(t, err)
	defer func() { require.NoError(t, rows.Close()) }()
	columns, err := rows.Columns()
	require.NoError(t, err)
	require.NoError(t, rows.Err())
	want := []string{"id", "revision", "parent", "created_at", "updated_at", "company_key", "search_text"}
	for _, f := range account.Fields() {
		if !f.Secret() {
			want = append(want, strings.ReplaceAll(f.Path, ".", "_"))
		}
	}
	slices.Sort(want)
	slices.Sort(columns)
	assert.Equal(t, want, columns)
}

func TestMigrationsCanBeRunAgain(t *testing.T) {
	forEachEmpty(t, func(t *testing.T, driver, dsn string) {
		require.NoError(t, migrateOnce(t.Context(), driver, dsn))
		db := openBun(t, driver, dsn)
		_, err := db.ExecContext(t.Context(), `DELETE FROM clientaccount_migrations`)
		require.NoError(t, err)
		require.NoError(t, migrateOnce(t.Context(), driver, dsn), "as if it was forgotten")
		require.NoError(t, migrateOnce(t.Context(), driver, dsn), "with nothing to do")
		requireMigrated(t, driver, dsn)
	})
}

// A host that runs migrations itself hands our files to bun's migrator.
func TestMigrationsRunInTheHostsMigrator(t *testing.T) {
	forEachEmpty(t, func(t *testing.T, driver, dsn string) {
		db := openBun(t, driver, dsn)
		files, err := bunstore.Migrations(db.Dialect().Name())
		require.NoError(t, err)
		ours := migrate.NewMigrations()
		require.NoError(t, ours.Discover(files))
		host := migrate.NewMigrator(db, ours, migrate.WithTableName("clientaccount_migrations"),
			migrate.WithLocksTableName("clientaccount_migration_locks"), migrate.WithMarkAppliedOnSuccess(true))
		require.NoError(t, host.Init(t.Context()))
		_, err = host.Migrate(t.Context())
		require.NoError(t, err)
		requireMigrated(t, driver, dsn)
		newStore(t, db)
	})
}

// Bun's default table would make the host's migrations ours.
func TestHostsOwnMigrationsAreNotOurs(t *testing.T) {
	forEachEmpty(t, func(t *testing.T, driver, dsn string) {
		db := openBun(t, driver, dsn)
		host := migrate.NewMigrations()
		host.Add(migrate.Migration{Name: "20261124000000", Up: func(context.Context, *migrate.Migrator, *migrate.Migration) error { return nil }})
		m := migrate.NewMigrator(db, host)
		require.NoError(t, m.Init(t.Context()))
		_, err := m.Migrate(t.Context())
		require.NoError(t, err)
		newStore(t, db)
		requireMigrated(t, driver, dsn)
	})
}

func TestMigrateWithoutTrigramsForThisRole(t *testing.T) {
	dsn := postgres.DSN(t)
	admin := openPostgres(t, dsn, nil)
	for _, statement := range []string{
		`CREATE ROLE plain`, `CREATE SCHEMA plain AUTHORIZATION plain`, `ALTER ROLE plain SET search_path = plain`,
	} {
		_, err := admin.ExecContext(t.Context(), statement)
		require.NoError(t, err)
	}
	t.Cleanup(func() {
		_, err := admin.ExecContext(context.Background(), `DROP SCHEMA plain CASCADE; DROP ROLE plain`)
		assert.NoError(t, err)
	})
	db := openPostgres(t, dsn, map[string][]string{"search_path": {"plain"}, "role": {"plain"}})
	newStore(t, db)
	var tables, trigrams int
	require.NoError(t, admin.NewRaw(`SELECT count(*) FROM pg_tables WHERE schemaname = 'plain'`).Scan(t.Context(), &tables))
	require.NoError(t, admin.NewRaw(`SELECT count(*) FROM pg_indexes WHERE indexname = 'clientaccount_accounts_search'`).Scan(t.Context(), &trigrams))
	assert.Equal(t, 37, tables)
	assert.Zero(t, trigrams)
}

func TestSQLiteWithoutItsSettingsIsRefused(t *testing.T) {
	path := filepath.Join(t.TempDir(), "test.db")
	for name, dsn := range map[string]string{
		"no settings": path, "references not checked": path + "?_pragma=busy_timeout(5000)", "no waiting": path + "?_pragma=foreign_keys(1)",
	} {
		require.ErrorIs(t, migrateOnce(t.Context(), "sqlite", dsn), bunstore.ErrSQLiteSettings, name)
	}
}

func TestSQLiteDSNTakesAnyPath(t *testing.T) {
	for _, name := range []string{"plain.db", "what? #1 100%.db", "with space & name=x.db"} {
		path := filepath.Join(t.TempDir(), name)
		newStore(t, openSQLite(t, path))
		require.FileExists(t, path)
	}
}

// mysql is another dialect in name.
type mysql struct{ *pgdialect.Dialect }

func (mysql) Name() dialect.Name { return dialect.MySQL }

func TestNewRefusesOtherDatabases(t *testing.T) {
	_, err := bunstore.New(bun.NewDB(&sql.DB{}, mysql{pgdialect.New()}))
	require.ErrorContains(t, err, "use one of [pg sqlite]")
	_, err = bunstore.New(nil)
	require.Error(t, err)
	_, err = bunstore.Migrations(dialect.Oracle)
	require.Error(t, err)
}
