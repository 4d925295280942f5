package moneybench

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"os/exec"
	"time"

	"github.com/stretchr/testify/require"
	"github.com/uptrace/bun"
	"github.com/uptrace/bun/dialect/pgdialect"

	"github.com/clientaccount/clientaccount"
	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/store/bunstore"
)

// A worker is this test binary run as a process of its own, which charges one account
// for a time and prints how it went.
const workerVar = "CLIENTACCOUNT_BENCH_WORKER"

type task struct {
	DSN     string
	Account account.ID
	Callers int
	For     time.Duration
}

type report struct {
	Rate float64
	P99  time.Duration
}

// quiet is a worker's tb: it complains on standard error.
type quiet struct{}

func (quiet) Errorf(format string, args ...any) { fmt.Fprintf(os.Stderr, format+"\n", args...) }
func (quiet) Context() context.Context          { return context.Background() }
func (quiet) Helper()                           {}

func asWorker() bool { return os.Getenv(workerVar) != "" }

func runWorker() int {
	var t task
	err := json.Unmarshal([]byte(os.Getenv(workerVar)), &t)
	if err == nil {
		err = t.run()
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	return 0
}

func (t task) run() error {
	pool, err := sql.Open("pgx", t.DSN)
	if err != nil {
		return err
	}
	defer func() { _ = pool.Close() }()
	pool.SetMaxOpenConns(8)
	pool.SetMaxIdleConns(8)
	st, err := bunstore.New(bun.NewDB(pool, pgdialect.New()))
	if err != nil {
		return err
	}
	charge := charging(clientaccount.New(st, nil), []account.ID{t.Account}, "0.0042")
	if err := charge(context.Background(), 0, fmt.Sprint("warm ", os.Getpid())); err != nil {
		return err
	}
	fmt.Println("ready")
	_, _ = io.Copy(io.Discard, os.Stdin)
	r := drive(quiet{}, charge, load{callers: t.Callers, accounts: 1}, t.For)
	return json.NewEncoder(os.Stdout).Encode(report{Rate: r.rate, P99: r.p99})
}

// crowd runs several workers at once on the hot account.
func (s *stage) crowd(n, callers int) (all []report) {
	s.Helper()
	s.reset()
	binary, err := os.Executable()
	require.NoError(s, err)
	text, err := json.Marshal(task{DSN: s.dsn, Account: s.ids[1], Callers: callers, For: duration})
	require.NoError(s, err)
	var starts []io.Closer
	var outs []io.Reader
	var commands []*exec.Cmd
	for range n {
		cmd := exec.Command(binary)
		cmd.Env = append(os.Environ(), workerVar+"="+string(text))
		cmd.Stderr = os.Stderr
		in, err := cmd.StdinPipe()
		require.NoError(s, err)
		out, err := cmd.StdoutPipe()
		require.NoError(s, err)
		require.NoError(s, cmd.Start())
		_, err = fmt.Fscanln(out, new(string))
		require.NoError(s, err)
		starts, outs, commands = append(starts, in), append(outs, out), append(commands, cmd)
	}
	for _, in := range starts {
		require.NoError(s, in.Close())
	}
	for i, out := range outs {
		var r report
		require.NoError(s, json.NewDecoder(out).Decode(&r))
		require.NoError(s, commands[i].Wait())
		all = append(all, r)
	}
	return all
}

// processes measures one and four processes on one account.
func (s *stage) processes(got map[string]rounds) {
	for name, size := range map[string][2]int{"1 x 8": {1, 8}, "4 x 8": {4, 8}, "1 x 256": {1, 256}, "4 x 64": {4, 64}} {
		all := s.crowd(size[0], size[1])
		sum, lowest, highest, p99 := 0.0, all[0].Rate, all[0].Rate, time.Duration(0)
		for _, r := range all {
			sum, lowest, highest, p99 = sum+r.Rate, min(lowest, r.Rate), max(highest, r.Rate), max(p99, r.P99)
		}
		mean := sum / float64(len(all))
		got[name] = append(got[name], result{rate: sum, p99: p99})
		got["share "+name] = append(got["share "+name], result{rate: max(highest/mean-1, 1-lowest/mean)})
	}
}

func processBars(t *table, got map[string]rounds) {
	t.atLeast("8", "4 processes x 8 callers, hot, to one with 8", 0.5, ratio(got["4 x 8"], got["1 x 8"]))
	t.atLeast("8", "4 processes x 64 callers, hot, to one with 256", 0.4, ratio(got["4 x 64"], got["1 x 256"]))
	t.atMost("8", "4 x 64: share furthest from the mean", 0.10, got["share 4 x 64"].rate())
	t.atMost("8", "4 x 8: p99 to that of one with 8", 10, float64(got["4 x 8"].p99())/float64(got["1 x 8"].p99()))
	t.atMost("8", "4 x 64: p99 to that of one with 256", 10, float64(got["4 x 64"].p99())/float64(got["1 x 256"].p99()))
}
