package postgres

import (
	"errors"
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/clientaccount/clientaccount/internal/dbtest/need"
)

// pgBouncer is where Debian has the program, which is in no user's PATH.
const pgBouncer = "/usr/sbin/pgbouncer"

// Pooler starts a PgBouncer in front of the server of a URL, in a pool mode (session,
// transaction, statement), and returns the URL of the same database through it. Other
// databases of the server are reached alike, see [Pooled]. It is stopped when the test
// ends; without the program the test is skipped, or failed where servers are required.
func Pooler(tb testing.TB, dsn, mode string, settings ...string) string {
	tb.Helper()
	program, err := exec.LookPath("pgbouncer")
	if err != nil {
		program = pgBouncer
	}
	if !executable(program) {
		need.Missingf(tb, "no pgbouncer found in PATH, or as %s; install the package pgbouncer", pgBouncer)
	}
	dir, err := os.MkdirTemp("", "clientaccount-pooler-")
	if err == nil {
		err = giveToServerUser(dir)
	}
	if err != nil {
		tb.Fatalf("pgbouncer: %v", err)
	}
	tb.Cleanup(func() { _ = os.RemoveAll(dir) })
	file, err := poolerFile(dir, dsn, mode, settings)
	if err != nil {
		tb.Fatalf("pgbouncer: %v", err)
	}
	run, err := startPooler(program, dir, file)
	if err != nil {
		tb.Fatalf("pgbouncer: %v", err)
	}
	tb.Cleanup(run.stop)
	pooled := Pooled(tb, dsn, "host="+dir)
	if err := run.answers(pooled); err != nil {
		tb.Fatalf("%v", err)
	}
	return pooled
}

// Pooled returns a URL with its server replaced by that of another URL, or by "host=" and a
// directory.
func Pooled(tb testing.TB, dsn, by string) string {
	tb.Helper()
	u, err := url.Parse(dsn)
	if err != nil {
		tb.Fatalf("postgres: not a URL")
	}
	host, found := strings.CutPrefix(by, "host=")
	if !found {
		pooler, err := url.Parse(by)
		if err != nil {
			tb.Fatalf("postgres: not a URL")
		}
		host = pooler.Query().Get("host")
	}
	q := url.Values{"host": {host}, "port": {port}, "sslmode": {"disable"}}
	return (&url.URL{Scheme: "postgres", User: url.User("postgres"), Path: u.Path, RawQuery: q.Encode()}).String()
}

// poolerFile writes the settings: every database of the server is there under its name.
func poolerFile(dir, dsn, mode string, settings []string) (string, error) {
	server, err := serverOf(dsn)
	if err != nil {
		return "", err
	}
	lines := append([]string{
		"[databases]", "* = " + server, "[pgbouncer]", "listen_addr =", "listen_port = " + port, "unix_socket_dir = " + dir,
		"auth_type = any", "pool_mode = " + mode, "max_client_conn = 500", "default_pool_size = 40",
	}, settings...)
	file := filepath.Join(dir, "pgbouncer.ini")
	if err := os.WriteFile(file, []byte(strings.Join(lines, "\n")+"\n"), 0o600); err != nil {
		return "", err
	}
	return file, giveToServerUser(file)
}

// serverOf returns where a URL leads, as PgBouncer writes it.
func serverOf(dsn string) (string, error) {
	u, err := url.Parse(dsn)
	if err != nil {
		return "", errors.New("not a URL") // which may hold a password
	}
	host, at := u.Hostname(), u.Port()
	if host == "" {
		host, at = u.Query().Get("host"), u.Query().Get("port")
	}
	server := fmt.Sprintf("host=%s user=%s", host, u.User.Username())
	if at != "" {
		server += " port=" + at
	}
	if password, has := u.User.Password(); has {
		server += " password=" + password
	}
	return server, nil
}

// pooler is a running PgBouncer.
type pooler struct {
	*process
	log string
}

func startPooler(program, dir, file string) (*pooler, error) {
	log, err := os.Create(filepath.Join(dir, "pgbouncer.log"))
	if err != nil {
		return nil, err
	}
	defer func() { _ = log.Close() }()
	cmd := exec.Command(program, file)
	cmd.Dir, cmd.Env, cmd.Stdout, cmd.Stderr, cmd.SysProcAttr = dir, []string{"LC_ALL=C.UTF-8"}, log, log, serverAttr()
	run, err := startProcess(cmd)
	return &pooler{run, log.Name()}, err
}

// stop ends it at once: nothing is kept in it.
func (p *pooler) stop() { _ = p.killAll() }

// answers waits until statements go through.
func (p *pooler) answers(dsn string) error {
	for deadline := time.Now().Add(Patience); ; {
		err := execute(dsn+"&default_query_exec_mode=simple_protocol", "SELECT 1")
		if err == nil {
			return nil
		}
		if p.wait(20*time.Millisecond) || time.Now().After(deadline) {
			log, _ := os.ReadFile(p.log)
			return fmt.Errorf("pgbouncer does not answer: %w\n%s", err, log)
		}
	}
}
