package postgres

import (
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"syscall"
	"testing"
	"time"
)

// Patience is how long a server may take to start, to stop, or to let go of
// its memory. It is generous: a slow machine is no reason to fail.
const Patience = 2 * time.Minute

// Server is a PostgreSQL server in a temporary directory. One goroutine may
// kill, restart and stop it; its databases may be used by any number.
type Server struct {
	bin string // directory of initdb and postgres
	dir string // everything the server writes: data, socket, log
	run *process
}

// start sets a server up and waits until it answers.
func start(bin string) (*Server, error) {
	dir, err := os.MkdirTemp("", "clientaccount-pg-")
	if err != nil {
		return nil, err
	}
	s := &Server{bin: bin, dir: dir}
	if err = s.initialize(); err == nil {
		err = s.launch()
	}
	if err != nil {
		return nil, errors.Join(err, s.Stop())
	}
	return s, nil
}

// Database makes an empty database for this test and returns its URL. The
// database is dropped when the test ends.
func (s *Server) Database(tb testing.TB) string {
	tb.Helper()
	return createDatabase(tb, s.DSN("postgres"), empty)
}

// DSN returns the URL of a database of this server. It stays the same over
// [Server.Restart].
func (s *Server) DSN(database string) string {
	q := url.Values{"host": {s.dir}, "port": {port}, "sslmode": {"disable"}}
	u := url.URL{Scheme: "postgres", User: url.User("postgres"), Path: "/" + database, RawQuery: q.Encode()}
	return u.String()
}

// Dir returns the directory that holds the server's data (below "data"), socket and
// log ("server.log").
func (s *Server) Dir() string { return s.dir }

// Kill9 kills the server and all its backends at once, as a crash of the
// machine would: no transaction is finished, no buffer written. It returns when
// they are gone. Killing a dead server is no error.
func (s *Server) Kill9() error {
	if s.run == nil {
		return nil
	}
	err := s.run.killAll()
	s.run = nil
	return err
}

// Restart starts the server again on the same data; a server that still runs
// is shut down first. It returns when crash recovery is over and the server
// answers.
func (s *Server) Restart() error {
	if err := s.shutdown(); err != nil {
		return err
	}
	s.removeLocks()
	return s.launch()
}

// Stop shuts the server down and removes its directory. Stopping twice is no
// error.
func (s *Server) Stop() error {
	return errors.Join(s.shutdown(), os.RemoveAll(s.dir))
}

// shutdown asks for a fast shutdown, which rolls back what is open, and kills
// a server that does not comply.
func (s *Server) shutdown() error {
	if s.run == nil {
		return nil
	}
	if s.run.signal(syscall.SIGINT) == nil && s.run.wait(Patience) {
		s.run = nil
		return nil
	}
	return errors.Join(fmt.Errorf("server did not stop within %s", Patience), s.Kill9())
}

// removeLocks removes what a killed server leaves behind. A new process may
// have got the old one's number, and the server would then refuse to start.
func (s *Server) removeLocks() {
	for _, name := range []string{"data/postmaster.pid", ".s.PGSQL." + port, ".s.PGSQL." + port + ".lock"} {
		_ = os.Remove(filepath.Join(s.dir, name))
	}
}
