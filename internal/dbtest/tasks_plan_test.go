package dbtest

import (
	"context"
	"fmt"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"github.com/uptrace/bun"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/account/accounttest"
	"github.com/clientaccount/clientaccount/store"
	"github.com/clientaccount/clientaccount/store/bunstore"
)

// taskLines is how many lines a batch has that half was done of: every thousandth was refused. A
// fifth as many wait in a batch that was stopped, and a tenth as many are by themselves: most wait
// for next year, each hundredth for a second person, and each tenth ended.
const taskLines = 20_000

// manyTasks are those, of clients of whom one is of a manager of their own.
type manyTasks struct {
	clients        []account.ID
	busy, rarely   account.ID // managers
	half, stopped  account.ID // batches
	began, thisDay time.Time
}

func newManyTasks(t *testing.T, db *bun.DB, s *bunstore.Store) *manyTasks {
	t.Helper()
	const clients = 300
	began := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	m := &manyTasks{began: began, thisDay: began.AddDate(0, 6, 0), half: newID(began), stopped: newID(began.Add(time.Hour))}
	busy, rarely := accounttest.Manager(1), accounttest.Manager(2)
	m.busy, m.rarely = busy.ID, rarely.ID
	require.NoError(t, s.Update(t.Context(), func(ctx context.Context, tx store.Tx) error {
		for _, manager := range []account.Manager{busy, rarely} {
			if err := tx.PutItem(ctx, manager, 0); err != nil {
				return err
			}
		}
		for k := range clients {
			a := accounttest.Valid(fmt.Sprintf("many-%05d", k))
			a.Core.Manager = m.busy
			if k == 7 {
				a.Core.Manager = m.rarely
			}
			m.clients = append(m.clients, a.ID)
			if err := tx.PutAccount(ctx, a, 0); err != nil {
				return err
			}
		}
		kept := tx.(store.TaskTx)
		if err := kept.PutBatch(ctx, store.Batch{ID: m.half, Version: 1, State: store.BatchRunning}, 0); err != nil {
			return err
		}
		return kept.PutBatch(ctx, store.Batch{ID: m.stopped, Version: 1, State: store.BatchStopped}, 0)
	}))
	m.fill(t, db)
	return m
}

func (m *manyTasks) fill(t *testing.T, db *bun.DB) {
	t.Helper()
	series, uuid, nextYear, ended := "generate_series(1, %d) n", "CAST('0197%04d-0000-7000-8000-' || lpad(to_hex(n), 12, '0') AS uuid)",
		"TIMESTAMPTZ '2027-01-01T00:00:00Z'", "TIMESTAMPTZ '2026-01-01T00:00:00Z' + n * interval '1 minute'"
	if db.Dialect().Name().String() == "sqlite" {
		series, uuid = "(WITH RECURSIVE g(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM g WHERE n < %d) SELECT n FROM g)", "'0197%04d-0000-7000-8000-' || printf('%%012x', n)"
		nextYear, ended = "'2027-01-01T00:00:00.000000Z'", "strftime('%Y-%m-%dT%H:%M:%S.000000Z', 1767225600 + n * 60, 'unixepoch')"
	}
	insert := func(serial, n int, batch, line, state, since, ended string) {
		_, err := db.ExecContext(t.Context(), fmt.Sprintf(`INSERT INTO clientaccount_tasks (id, batch_id, line, kind, account_id, label, state, since, ended_at, undoes, actor_id, actor_name, reason, second_id, second_name, answer, revision, entry)
			SELECT %s, %s, %s, 'change', a.id, '', %s, %s, %s, 0, '', '', '', '', '', '', 0, 0
			FROM %s JOIN (SELECT id, row_number() OVER (ORDER BY id) - 1 AS k FROM clientaccount_accounts) a ON a.k = n %% %d`,
			fmt.Sprintf(uuid, serial), batch, line, state, since, ended, fmt.Sprintf(series, n), len(m.clients)))
		require.NoError(t, err)
	}
	insert(1, taskLines, "'"+m.half.String()+"'", "n", fmt.Sprintf("CASE WHEN n %% 1000 = 0 THEN 'refused' WHEN n <= %d THEN 'done' ELSE 'waiting' END", taskLines/2), "NULL", "NULL")
	insert(2, taskLines/5, "'"+m.stopped.String()+"'", "n", "'waiting'", "NULL", "NULL")
	insert(3, taskLines/10, "NULL", "0", "CASE WHEN n % 100 = 57 THEN 'unconfirmed' WHEN n % 10 = 1 THEN 'done' WHEN n % 500 = 2 THEN 'refused' ELSE 'waiting' END",
		"CASE WHEN n % 10 = 1 OR n % 500 = 2 THEN NULL ELSE "+nextYear+" END", "CASE WHEN n % 10 = 1 OR n % 500 = 2 THEN "+ended+" END")
	analyze(t, db)
}

// asks are the questions of pages and of whoever works on tasks, and what these write.
func (m *manyTasks) asks(t *testing.T, s *bunstore.Store) map[string]func() error {
	t.Helper()
	ctx := t.Context()
	asks := map[string]func() error{
		"due":     func() error { _, err := s.DueTasks(ctx, m.thisDay, 50); return err },
		"batches": func() error { _, err := s.Batches(ctx, store.BatchQuery{Actor: "o"}); return err },
		"purge":   func() error { _, err := s.PurgeTasks(ctx, m.began.Add(5*time.Minute), 50); return err },
	}
	half, alone, open := account.Some(m.half), account.Some(account.ID{}), []store.TaskState{store.TaskWaiting, store.TaskUnconfirmed}
	bad := []store.TaskState{store.TaskRefused, store.TaskFaulty, store.TaskExpired}
	for name, q := range map[string]store.TaskQuery{
		"a batch":                          {Batch: half},
		"a batch from a line on":           {Batch: half, After: &store.TaskPosition{Line: taskLines / 2}},
		"what was refused of a batch":      {Batch: half, States: bad},
		"what is ready of a batch":         {Batch: half, States: []store.TaskState{store.TaskReady}, Limit: 1},
		"what waits of a batch":            {Batch: half, States: open},
		"an account's of a batch":          {Batch: half, Account: m.clients[7]},
		"an account's":                     {Account: m.clients[7]},
		"an account's that are open":       {Account: m.clients[7], States: open},
		"an account's by themselves":       {Account: m.clients[7], Batch: alone},
		"the newest":                       {},
		"unconfirmed ones":                 {States: open[1:]},
		"unconfirmed ones of a manager":    {States: open[1:], Managers: account.Some([]account.ID{m.busy})},
		"unconfirmed ones of another":      {States: open[1:], Managers: account.Some([]account.ID{m.rarely})},
		"what waits by itself":             {States: open, Batch: alone},
		"what waits by itself of managers": {States: open, Batch: alone, Managers: account.Some([]account.ID{m.busy, m.rarely})},
		"what waits":                       {States: open},
		"what was refused":                 {States: bad},
		"what was refused of late":         {States: bad, Batch: alone, Ended: m.began.Add(1000 * time.Minute)},
		"what ended of late by itself":     {Batch: alone, Ended: m.began.Add((taskLines/10 - 200) * time.Minute)},
	} {
		asks[name] = func() error { _, err := s.Tasks(ctx, q); return err }
	}
	asks["a task is done"] = func() error {
		return s.Update(ctx, func(ctx context.Context, tx store.Tx) error {
			kept := tx.(store.TaskTx)
			page, err := kept.Tasks(ctx, store.TaskQuery{Batch: half, States: open, Limit: 1})
			if err != nil {
				return err
			}
			task, err := kept.Task(ctx, page[0].ID)
			if err != nil {
				return err
			}
			task.State = store.TaskDone
			return kept.PutTasks(ctx, task)
		})
	}
	return asks
}

// tasksRead returns how many rows of tasks and batches the server has read.
func tasksRead(t *testing.T, db *bun.DB) (n int) {
	t.Helper()
	_, err := db.ExecContext(t.Context(), `SELECT pg_stat_force_next_flush()`)
	require.NoError(t, err)
	const of = ` WHERE relname IN ('clientaccount_tasks', 'clientaccount_batches')`
	require.NoError(t, db.QueryRowContext(t.Context(), `SELECT
		(SELECT sum(idx_tup_read) FROM pg_stat_user_indexes`+of+`) + (SELECT sum(seq_tup_read) FROM pg_stat_user_tables`+of+`)`).Scan(&n))
	return n
}

func TestPagesOfManyTasksReadFewRows(t *testing.T) {
	db := openPostgres(t, storeDSN(t), nil)
	db.SetMaxOpenConns(1)
	s := newStore(t, db)
	m := newManyTasks(t, db, s)
	for name, ask := range m.asks(t, s) {
		before := tasksRead(t, db)
		require.NoError(t, ask(), name)
		assert.LessOrEqual(t, tasksRead(t, db)-before, 600, name)
	}
	counts, err := s.TaskCounts(t.Context(), m.half)
	require.NoError(t, err)
	assert.Equal(t, taskLines/1000, counts[store.TaskRefused])

	_, err = db.ExecContext(t.Context(), `INSERT INTO clientaccount_batches (id, version, kind, state, title, actor_id, actor_name, reason, ended_at, tasks)
		SELECT md5(n::text)::uuid, 1, 'change', 'done', '', '', '', '', now(), 0 FROM generate_series(1, 5000) n`)
	require.NoError(t, err)
	analyze(t, db)
	before := tasksRead(t, db)
	open, err := s.Batches(t.Context(), store.BatchQuery{Open: true})
	require.NoError(t, err)
	assert.Len(t, open, 2)
	assert.LessOrEqual(t, tasksRead(t, db)-before, 20, "none of those that ended")
}

// On SQLite no step goes through a table from its beginning.
func TestPlansOfManyTasksOnSQLite(t *testing.T) {
	db, plans := openSteps(t, filepath.Join(t.TempDir(), "many.db"))
	s := newStore(t, db)
	m := newManyTasks(t, db, s)
	asks := m.asks(t, s)
	asks["counts"] = func() error { _, err := s.TaskCounts(t.Context(), m.half); return err }
	for name, ask := range asks {
		plans.taken()
		require.NoError(t, ask(), name)
		for _, step := range plans.taken() {
			if !strings.Contains(name, "newest") { // its page begins where the table ends
				assert.NotRegexp(t, "SCAN ([abt]|clientaccount[a-z_]*)($| USING)", step, name)
			}
		}
	}
}
