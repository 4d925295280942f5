package dbtest

import (
	"context"
	"database/sql"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/clientaccount/clientaccount"
	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/internal/dbtest/postgres"
	"github.com/clientaccount/clientaccount/internal/rounds"
	"github.com/clientaccount/clientaccount/store"
	"github.com/clientaccount/clientaccount/store/bunstore"
)

// A worker is this test binary run as a process of its own, which works on tasks until its standard
// input ends, or until it is killed.
const (
	workerDriver = "CLIENTACCOUNT_TEST_WORKER_DRIVER"
	workerDSN    = "CLIENTACCOUNT_TEST_WORKER_DSN"
)

func asWorker() bool { return os.Getenv(workerDriver) != "" }

func runWorker() int {
	if err := work(os.Getenv(workerDriver), os.Getenv(workerDSN)); err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	return 0
}

func work(driver, dsn string) error {
	pool, err := sql.Open(driver, dsn)
	if err != nil {
		return err
	}
	defer func() { _ = pool.Close() }()
	pool.SetMaxOpenConns(6)
	st, err := bunstore.New(newBun(driver, pool))
	if err != nil {
		return err
	}
	ctx, stop := context.WithCancel(context.Background())
	go func() {
		_, _ = io.Copy(io.Discard, os.Stdin)
		stop()
	}()
	svc := clientaccount.New(st, nil)
	for ctx.Err() == nil {
		_ = svc.Tick(ctx) // somebody else may have been faster
		time.Sleep(5 * time.Millisecond)
	}
	return nil
}

func startWorker(t *testing.T, driver, dsn string) *sender {
	t.Helper()
	binary, err := os.Executable()
	require.NoError(t, err)
	cmd := exec.Command(binary)
	cmd.Env = append(os.Environ(), workerDriver+"="+driver, workerDSN+"="+dsn)
	cmd.Stderr = os.Stderr
	stdin, err := cmd.StdinPipe()
	require.NoError(t, err)
	require.NoError(t, cmd.Start())
	s := &sender{cmd, stdin}
	t.Cleanup(func() { _ = s.cmd.Process.Kill(); _ = s.cmd.Wait() })
	return s
}

// Two processes import clients, then change them, and are killed again and again. Each client is made
// once and changed once.
func TestWorkersKilledDoEachTaskOnce(t *testing.T) {
	t.Run("PostgreSQL", func(t *testing.T) {
		dsn := storeDSN(t)
		killWorkers(t, "pgx", dsn, newStore(t, openPostgres(t, dsn, nil)), rounds.Of(t, 150))
	})
	t.Run("SQLite", func(t *testing.T) {
		path := filepath.Join(t.TempDir(), "tasks.db")
		killWorkers(t, "sqlite", bunstore.SQLiteDSN(path), newStore(t, openSQLite(t, path)), rounds.Of(t, 60))
	})
}

func killWorkers(t *testing.T, driver, dsn string, s *bunstore.Store, clients int) {
	svc := clientaccount.New(s, nil)
	workers := []*sender{startWorker(t, driver, dsn), startWorker(t, driver, dsn)}
	kills := 0
	until := func(id account.ID, state store.BatchState) {
		began := time.Now()
		for {
			b, _, err := svc.Batch(t.Context(), id)
			require.NoError(t, err)
			if b.State == state {
				return
			}
			require.Less(t, time.Since(began), postgres.Patience)
			time.Sleep(time.Duration(20+rand.IntN(100)) * time.Millisecond) // any moment will do
			if n := kills % 2; kills < 6 {
				workers[n].kill9(t)
				workers[n] = startWorker(t, driver, dsn)
				kills++
			}
		}
	}
	items := make([]clientaccount.BulkItem, clients)
	for i := range items {
		items[i].Set = map[string]string{"login": fmt.Sprint("client-", i), "contact.company": "C"}
	}
	imported := closed(t, svc, store.BatchImport, items)
	run := func(id account.ID) map[store.TaskState]int {
		until(id, store.BatchJudged)
		_, err := svc.RunBatch(t.Context(), id, clientaccount.Edit{}, true)
		require.NoError(t, err)
		until(id, store.BatchDone)
		_, counts, err := svc.Batch(t.Context(), id)
		require.NoError(t, err)
		return counts
	}
	require.Equal(t, map[store.TaskState]int{store.TaskDone: clients}, run(imported))
	ts, err := svc.Tasks(t.Context(), store.TaskQuery{Batch: account.Some(imported), Limit: account.MaxPage})
	require.NoError(t, err)
	for i, task := range ts {
		items[i] = clientaccount.BulkItem{Account: task.Account, Set: map[string]string{"credit.limit": "500"}}
	}
	changed := closed(t, svc, store.BatchChange, items)
	require.Equal(t, map[store.TaskState]int{store.TaskDone: clients}, run(changed))
	undo, err := svc.UndoBatch(t.Context(), changed, clientaccount.Bulk{})
	require.NoError(t, err)
	require.Equal(t, map[store.TaskState]int{store.TaskDone: clients}, run(undo.ID))
	for _, w := range workers {
		w.stop(t)
	}
	confirmMoves(t, svc, ts[0].Account, ts[1].Account)
	for _, task := range ts {
		records, err := svc.Changes(t.Context(), account.ChangeQuery{Of: task.Account})
		require.NoError(t, err)
		var of []account.ID
		for _, r := range records {
			of = append(of, r.Batch)
		}
		assert.Equal(t, []account.ID{undo.ID, changed, imported}, of)
	}
}

// confirmMoves has a second person confirm money for a client, and a part of it for another one, each
// several times at once.
func confirmMoves(t *testing.T, svc *clientaccount.Service, one, two account.ID) {
	t.Helper()
	for i, m := range []account.Movement{
		{Kind: account.KindTopUp, Account: one, Amount: account.Amount("5000"), Reference: "bank-1"},
		{Kind: account.KindTransferOut, Account: one, Other: two, Amount: account.Amount("2000"), Reference: "on-1"},
	} {
		m.Actor = account.Actor{ID: "maker"}
		task, err := svc.ProposeMove(t.Context(), svc.Now().Add(time.Hour), m, account.Optional[[]account.ID]{})
		require.NoError(t, err)
		var all sync.WaitGroup
		for range 4 {
			all.Go(func() {
				done, err := svc.Confirm(t.Context(), task.ID, clientaccount.Edit{Actor: account.Actor{ID: "checker"}})
				assert.NoError(t, err)
				assert.Equal(t, store.TaskDone, done.State)
				assert.Equal(t, int64(i+1), done.Entry)
			})
		}
		all.Wait()
	}
	standings, err := svc.Balances(t.Context(), one, two)
	require.NoError(t, err)
	assert.Equal(t, "3000", standings[one].Amount.String())
	assert.Equal(t, "2000", standings[two].Amount.String())
}

// closed makes a batch of items and closes it.
func closed(tb testing.TB, svc *clientaccount.Service, kind store.BatchKind, items []clientaccount.BulkItem) account.ID {
	tb.Helper()
	b, err := svc.NewBatch(tb.Context(), clientaccount.Bulk{Kind: kind, Title: "many"})
	require.NoError(tb, err)
	for len(items) > 0 {
		n := min(len(items), account.MaxPage)
		require.NoError(tb, svc.AddToBatch(tb.Context(), b.ID, items[:n]...))
		items = items[n:]
	}
	_, err = svc.JudgeBatch(tb.Context(), b.ID)
	require.NoError(tb, err)
	return b.ID
}

// BenchmarkBatch imports 2,000 clients, then changes them, and tells how many are judged and done a
// second.
func BenchmarkBatch(b *testing.B) {
	const clients = 2000
	s := newStore(b, openPostgres(b, storeDSN(b), nil))
	svc := clientaccount.New(s, nil)
	through := func(id account.ID, unit string) {
		began := time.Now()
		for more := true; more; {
			var err error
			more, err = svc.WorkOn(b.Context(), id, time.Second)
			require.NoError(b, err)
		}
		b.ReportMetric(clients/time.Since(began).Seconds(), unit)
	}
	for n := 0; b.Loop(); n++ {
		items := make([]clientaccount.BulkItem, clients)
		for i := range items {
			items[i].Set = map[string]string{"login": fmt.Sprint("client-", n, "-", i), "contact.company": "C"}
		}
		for _, kind := range []store.BatchKind{store.BatchImport, store.BatchChange} {
			id := closed(b, svc, kind, items)
			through(id, string(kind)+"-judged/s")
			_, err := svc.RunBatch(b.Context(), id, clientaccount.Edit{}, true)
			require.NoError(b, err)
			through(id, string(kind)+"-done/s")
			for i := range items {
				a, err := svc.ByLogin(b.Context(), fmt.Sprint("client-", n, "-", i))
				require.NoError(b, err)
				items[i] = clientaccount.BulkItem{Account: a.ID, Set: map[string]string{"credit.limit": "500"}}
			}
		}
	}
}
