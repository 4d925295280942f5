package postgres

import (
	"database/sql"
	"fmt"
	"os"
	"sync"
	"testing"

	_ "github.com/jackc/pgx/v5/stdlib" // registers the "pgx" driver

	"github.com/clientaccount/clientaccount/internal/dbtest/need"
)

// DSNVar names the environment variable that holds the URL of a server to use
// instead of starting one.
const DSNVar = "CLIENTACCOUNT_POSTGRES_DSN"

// shared is the server of this test process. It is started by the first test
// that asks and stopped by Main.
var shared struct {
	mu     sync.Mutex
	inMain bool
	server *Server
	err    error
	drop   []func() error // the databases that tests copied
}

// Main runs the tests of a package and stops the server they shared, if one
// was started. It returns the code for os.Exit. Call it from TestMain.
func Main(m *testing.M) int {
	shared.mu.Lock()
	shared.inMain = true
	shared.mu.Unlock()

	code := m.Run()

	shared.mu.Lock()
	defer shared.mu.Unlock()
	for _, drop := range shared.drop {
		if err := drop(); err != nil {
			fmt.Fprintln(os.Stderr, "postgres: drop database:", err)
		}
	}
	if shared.server == nil {
		return code
	}
	if err := shared.server.Stop(); err != nil {
		fmt.Fprintln(os.Stderr, "postgres:", err)
		return max(code, 1)
	}
	return code
}

// DSN returns the URL of a new, empty database, for the pgx driver. The
// database is dropped when the test ends. Without a server the test is skipped,
// or failed where servers are required. Safe for parallel tests.
func DSN(tb testing.TB) string {
	tb.Helper()
	return createDatabase(tb, adminDSN(tb), empty)
}

// Prepared is DSN of databases that are not empty: each is a copy of one that
// prepare was given the URL of, once.
func Prepared(prepare func(dsn string) error) func(tb testing.TB) string {
	var mu sync.Mutex
	var template string
	return func(tb testing.TB) string {
		tb.Helper()
		admin := adminDSN(tb)
		mu.Lock()
		defer mu.Unlock()
		if template == "" {
			name, dsn, err := copyDatabase(admin, empty)
			if err == nil {
				err = prepare(dsn)
			}
			if err != nil {
				tb.Fatalf("postgres: prepare a database: %v", err)
			}
			template = name
			shared.mu.Lock()
			shared.drop = append(shared.drop, func() error { return dropDatabase(admin, name) })
			shared.mu.Unlock()
		}
		return createDatabase(tb, admin, template)
	}
}

// adminDSN is the URL of the server's own database.
func adminDSN(tb testing.TB) string {
	tb.Helper()
	if url := os.Getenv(DSNVar); url != "" {
		return url
	}
	return sharedServer(tb).DSN("postgres")
}

// Open connects to a new, empty database, as [DSN] makes it, and closes the
// pool when the test ends.
func Open(tb testing.TB) *sql.DB {
	tb.Helper()
	return open(tb, DSN(tb))
}

// Start runs a server for this test alone, which the test may crash with
// [Server.Kill9]. It is stopped when the test ends.
func Start(tb testing.TB) *Server {
	tb.Helper()
	bin, err := findBin()
	if err != nil {
		need.Missingf(tb, "%v", err)
	}
	s, err := start(bin)
	if err != nil {
		tb.Fatalf("postgres: %v", err)
	}
	tb.Cleanup(func() {
		if err := s.Stop(); err != nil {
			tb.Errorf("postgres: %v", err)
		}
	})
	return s
}

func sharedServer(tb testing.TB) *Server {
	tb.Helper()
	bin, err := findBin()
	if err != nil {
		need.Missingf(tb, "%v", err)
	}
	shared.mu.Lock()
	defer shared.mu.Unlock()
	if !shared.inMain {
		tb.Fatal("postgres: the package's TestMain must call postgres.Main, or nothing stops the server")
	}
	if shared.server == nil && shared.err == nil {
		shared.server, shared.err = start(bin)
	}
	if shared.err != nil {
		tb.Fatalf("postgres: %v", shared.err)
	}
	return shared.server
}

func open(tb testing.TB, dsn string) *sql.DB {
	tb.Helper()
	db, err := sql.Open("pgx", dsn)
	if err != nil {
		tb.Fatalf("postgres: %v", err)
	}
	tb.Cleanup(func() { _ = db.Close() })
	return db
}
