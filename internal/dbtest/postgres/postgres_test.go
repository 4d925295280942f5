package postgres_test

import (
	"database/sql"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/clientaccount/clientaccount/internal/dbtest/postgres"
)

func TestMain(m *testing.M) { os.Exit(postgres.Main(m)) }

func TestEachTestHasADatabaseOfItsOwn(t *testing.T) {
	a, b := postgres.Open(t), postgres.Open(t)
	exec1(t, a, `CREATE TABLE only_here (id int)`)
	_, err := b.ExecContext(t.Context(), `SELECT id FROM only_here`)
	require.Error(t, err, "the second database sees the first one's table")
	exec1(t, b, `CREATE TABLE only_here (id int)`)
}

func TestDatabaseIsDroppedWithTheTest(t *testing.T) {
	db := postgres.Open(t)
	var name string
	t.Run("inner", func(t *testing.T) {
		name = text(t, postgres.Open(t), `SELECT current_database()`)
	})
	assert.Equal(t, "0", text(t, db, `SELECT count(*)::text FROM pg_database WHERE datname = '`+name+`'`))
}

func TestServerIsAsPromised(t *testing.T) {
	db := postgres.Open(t)
	assert.Equal(t, "on", text(t, db, `SHOW fsync`))
	assert.Equal(t, "UTF8", text(t, db, `SHOW server_encoding`))
	if os.Getenv(postgres.DSNVar) == "" {
		assert.Equal(t, "200", text(t, db, `SHOW max_connections`))
	}
}

func TestKill9KeepsWhatWasCommitted(t *testing.T) {
	s := postgres.Start(t)
	db := openDSN(t, s.Database(t))
	exec1(t, db, `CREATE TABLE note (text text)`)
	exec1(t, db, `INSERT INTO note VALUES ('committed')`)
	tx, err := db.BeginTx(t.Context(), nil)
	require.NoError(t, err)
	_, err = tx.ExecContext(t.Context(), `INSERT INTO note VALUES ('open')`)
	require.NoError(t, err)

	require.NoError(t, s.Kill9())
	require.Error(t, db.PingContext(t.Context()), "a killed server answers")
	require.Error(t, tx.Commit())

	require.NoError(t, s.Restart())
	assert.Equal(t, "committed", text(t, db, `SELECT string_agg(text, ',') FROM note`))
	require.NoError(t, s.Restart(), "a restart of a running server")
	assert.Equal(t, "committed", text(t, db, `SELECT string_agg(text, ',') FROM note`))
}

// orphanVar tells the child of the test below into which file to write that
// its server runs.
const orphanVar = "CLIENTACCOUNT_TEST_ORPHAN"

// TestKilledTestLeavesNoServer runs itself in a second process that has a
// server, kills that process and expects the server to follow.
func TestKilledTestLeavesNoServer(t *testing.T) {
	if file := os.Getenv(orphanVar); file != "" {
		holdServer(t, file)
		return
	}
	postgres.Start(t) // fails or skips here when there is no server to be had
	ready := filepath.Join(t.TempDir(), "ready")
	child := exec.Command(os.Args[0], "-test.run=^"+t.Name()+"$")
	child.Env = append(os.Environ(), orphanVar+"="+ready, "TMPDIR="+sharedTemp(t))
	require.NoError(t, child.Start())

	var pid string
	require.Eventually(t, func() bool {
		raw, err := os.ReadFile(ready)
		pid = string(raw)
		return err == nil && pid != ""
	}, time.Minute, 20*time.Millisecond)
	require.True(t, running(pid), "the child's server %s", pid)

	require.NoError(t, child.Process.Kill())
	_ = child.Wait() // it was killed
	assert.Eventually(t, func() bool { return !running(pid) }, time.Minute, 20*time.Millisecond,
		"server %s outlives the test process", pid)
}

// holdServer starts a server, writes the server's process number into the file
// and waits to be killed.
func holdServer(t *testing.T, file string) {
	t.Helper()
	s := postgres.Start(t)
	pidfile, err := os.ReadFile(filepath.Join(s.Dir(), "data", "postmaster.pid"))
	require.NoError(t, err)
	pid, _, _ := strings.Cut(string(pidfile), "\n")
	require.NoError(t, os.WriteFile(file+".new", []byte(pid), 0o600))
	require.NoError(t, os.Rename(file+".new", file))
	time.Sleep(2 * time.Minute)
}

// sharedTemp returns a temporary directory that the server's user may enter. It is
// removed here, because the killed child cannot.
func sharedTemp(t *testing.T) string {
	t.Helper()
	dir, err := os.MkdirTemp("", "orphan-") // t.TempDir lies in a directory of root's
	require.NoError(t, err)
	require.NoError(t, os.Chmod(dir, 0o755))
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	return dir
}

func running(pid string) bool {
	raw, err := os.ReadFile("/proc/" + pid + "/stat")
	return err == nil && !strings.Contains(string(raw), ") Z ")
}

func openDSN(t *testing.T, dsn string) *sql.DB {
	t.Helper()
	db, err := sql.Open("pgx", dsn)
	require.NoError(t, err)
	t.Cleanup(func() { _ = db.Close() })
	return db
}

func exec1(t *testing.T, db *sql.DB, statement string) {
	t.Helper()
	_, err := db.ExecContext(t.Context(), statement)
	require.NoError(t, err, statement)
}

func text(t *testing.T, db *sql.DB, query string) string {
	t.Helper()
	var out string
	require.NoError(t, db.QueryRowContext(t.Context(), query).Scan(&out), query)
	return out
}
