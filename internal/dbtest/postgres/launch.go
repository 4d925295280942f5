package postgres

import (
	"context"
	"database/sql"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"time"
)

// port only names the socket, which lies in a directory of the server's own.
const port = "5432"

// initialize makes the data directory, owned by the user that will run the
// server.
func (s *Server) initialize() error {
	if err := giveToServerUser(s.dir); err != nil {
		return err
	}
	args := []string{"-D", s.data(), "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync"}
	if s.majorVersion() >= 15 {
		args = append(args, "--locale-provider=icu", "--icu-locale=en-US")
	}
	cmd := s.command("initdb", args...)
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("initdb: %w\n%s", err, out)
	}
	return nil
}

// launch starts the server and waits until it answers.
func (s *Server) launch() error {
	log, err := os.OpenFile(s.logFile(), os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	defer func() { _ = log.Close() }() // the server has its own handle
	cmd := s.command("postgres", "-D", s.data(), "-k", s.dir, "-p", port,
		"-c", "listen_addresses=", "-c", "fsync=on", "-c", "max_connections=200", "-c", "timezone=UTC")
	cmd.Stdout, cmd.Stderr = log, log
	if s.run, err = startProcess(cmd); err != nil {
		return err
	}
	return s.awaitReady()
}

func (s *Server) awaitReady() error {
	db, err := sql.Open("pgx", s.DSN("postgres"))
	if err != nil {
		return err
	}
	defer func() { _ = db.Close() }()
	ctx, cancel := context.WithTimeout(context.Background(), Patience)
	defer cancel()
	for {
		err := db.PingContext(ctx)
		if err == nil {
			return nil
		}
		if ctx.Err() != nil || s.run.wait(20*time.Millisecond) {
			return fmt.Errorf("server does not answer: %w\n%s", err, s.logTail())
		}
	}
}

// command prepares a program of the server, as its user, with an environment
// that holds nothing of ours: PGDATA and its kin would change what it does.
func (s *Server) command(name string, args ...string) *exec.Cmd {
	cmd := exec.Command(filepath.Join(s.bin, name), args...)
	cmd.Dir = s.dir
	cmd.Env = []string{"PATH=" + os.Getenv("PATH"), "LC_ALL=C.UTF-8", "TZ=UTC"}
	cmd.SysProcAttr = serverAttr()
	return cmd
}

var versionPattern = regexp.MustCompile(`\(PostgreSQL\) (\d+)`)

// majorVersion is 0 when the program does not say; what is then wrong with it
// shows at initdb.
func (s *Server) majorVersion() int {
	out, _ := s.command("postgres", "--version").Output()
	match := versionPattern.FindSubmatch(out)
	if match == nil {
		return 0
	}
	n, _ := strconv.Atoi(string(match[1]))
	return n
}

// logTail returns the end of the server's log, for an error.
func (s *Server) logTail() []byte {
	const most = 4 << 10
	out, _ := os.ReadFile(s.logFile())
	return out[max(0, len(out)-most):]
}

func (s *Server) data() string    { return filepath.Join(s.dir, "data") }
func (s *Server) logFile() string { return filepath.Join(s.dir, "server.log") }
