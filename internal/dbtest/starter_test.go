package dbtest

import (
	"context"
	"database/sql"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"github.com/uptrace/bun"

	"github.com/clientaccount/clientaccount/store/bunstore"
)

// A starter is this test binary run as a process of its own, which only migrates:
// when its standard input ends, and with starterStops only half of it.
const (
	starterDriver = "CLIENTACCOUNT_TEST_STARTER_DRIVER"
	starterDSN    = "CLIENTACCOUNT_TEST_STARTER_DSN"
	starterStops  = "CLIENTACCOUNT_TEST_STARTER_STOPS"
)

// newStarter returns the command of a starter; its complaints go to the test's output.
func newStarter(t *testing.T, driver, dsn string, more ...string) *exec.Cmd {
	t.Helper()
	binary, err := os.Executable()
	require.NoError(t, err)
	cmd := exec.Command(binary)
	cmd.Env = append(os.Environ(), starterDriver+"="+driver, starterDSN+"="+dsn)
	cmd.Env = append(cmd.Env, more...)
	cmd.Stderr = os.Stderr
	return cmd
}

func asStarter() bool { return os.Getenv(starterDriver) != "" }

func runStarter() int {
	_, _ = io.Copy(io.Discard, os.Stdin)
	if err := migrateOnce(context.Background(), os.Getenv(starterDriver), os.Getenv(starterDSN)); err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	return 0
}

// migrateOnce migrates through a pool of one connection.
func migrateOnce(ctx context.Context, driver, dsn string) error {
	pool, err := sql.Open(driver, dsn)
	if err != nil {
		return err
	}
	defer func() { _ = pool.Close() }()
	pool.SetMaxOpenConns(1)
	db := newBun(driver, pool)
	if os.Getenv(starterStops) != "" {
		db = db.WithQueryHook(halfway{})
	}
	s, err := bunstore.New(db)
	if err != nil {
		return err
	}
	return s.Migrate(ctx)
}

// halfway says so when the tables are made and not yet committed, and stays there.
type halfway struct{}

func (halfway) BeforeQuery(ctx context.Context, _ *bun.QueryEvent) context.Context { return ctx }

func (halfway) AfterQuery(_ context.Context, e *bun.QueryEvent) {
	if strings.Contains(e.Query, "CREATE TABLE IF NOT EXISTS clientaccount_accounts") && e.Err == nil {
		fmt.Println("halfway")
		select {}
	}
}
