package tasks

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/store"
)

var putPromises = []promise{
	{Name: "a task that is put again is replaced", Test: replaced},
	{Name: "a task of an account or a batch that is not there is a conflict", Test: dangling},
	{Name: "a task keeps its batch and its line", Test: keepsPlace},
	{Name: "no two tasks of a batch have one line", Test: oneLine},
	{Name: "no task is put twice at once", Test: twice},
	{Name: "a batch is put only over the version that it is at", Test: versions},
	{Name: "many tasks are put at once, and none", Test: many},
}

func replaced(t *testing.T, r rig) {
	task := r.task(1, store.TaskWaiting)
	r.must(t, putting(task, r.task(2, store.TaskWaiting)))
	task.State, task.Account, task.Reason = store.TaskUnconfirmed, r.two, "another"
	r.must(t, putting(task, r.task(3, store.TaskDone)))
	requirePage(t, r, store.TaskQuery{}, r.task(3, store.TaskDone), r.task(2, store.TaskWaiting), task)
	requirePage(t, r, store.TaskQuery{Account: r.two}, task)
}

func dangling(t *testing.T, r rig) {
	task := r.task(1, store.TaskWaiting)
	task.Account = r.nobody
	r.refused(t, putting(task), "no such account")
	r.refused(t, putting(r.line(1, 1, store.TaskUnjudged)), "no such batch")
	r.must(t, batching(r.batch(1, store.BatchGathering), 0))
	r.refused(t, putting(r.line(1, 1, store.TaskUnjudged), task), "one of them")
	r.requireNoTask(t, r.line(1, 1, "").ID, task.ID)

	task.Account = account.ID{}
	r.must(t, putting(task))
	task.Account = r.nobody
	r.refused(t, putting(task), "no such account later")
	task.Account = r.two
	r.must(t, putting(task))
	requireTask(t, r, task)
}

func keepsPlace(t *testing.T, r rig) {
	r.must(t, batching(r.batch(1, store.BatchGathering), 0))
	r.must(t, batching(r.batch(2, store.BatchGathering), 0))
	line, alone := r.line(1, 5, store.TaskUnjudged), r.task(1, store.TaskWaiting)
	r.must(t, putting(line, alone))
	for what, change := range map[string]func(*store.Task){
		"another line": func(t *store.Task) { t.Line = 6 }, "another batch": func(t *store.Task) { t.Batch = id(200) },
		"no batch": func(t *store.Task) { t.Batch = account.ID{} }, "nothing of either": func(t *store.Task) { t.Batch, t.Line = account.ID{}, 0 },
	} {
		moved := line
		change(&moved)
		r.refused(t, putting(moved), what)
	}
	moved := alone
	moved.Batch, moved.Line = id(200), 5
	r.refused(t, putting(moved), "a batch after all")
	requireTask(t, r, line, alone)
	requireCounts(t, r, id(100), map[store.TaskState]int{store.TaskUnjudged: 1})
	requireCounts(t, r, id(200), nil)
}

func oneLine(t *testing.T, r rig) {
	r.must(t, batching(r.batch(1, store.BatchGathering), 0))
	r.must(t, batching(r.batch(2, store.BatchGathering), 0))
	first, second := r.line(1, 1, store.TaskUnjudged), r.line(1, 2, store.TaskUnjudged)
	second.Line = 1
	r.refused(t, putting(first, second), "both new")
	r.must(t, putting(first))
	r.refused(t, putting(second), "one is there")
	elsewhere := r.line(2, 1, store.TaskUnjudged)
	r.must(t, putting(elsewhere))
	alone, beside := r.task(1, store.TaskWaiting), r.task(2, store.TaskWaiting)
	alone.Line, beside.Line = 1, 1
	r.must(t, putting(alone, beside))
	requireTask(t, r, first, elsewhere, alone, beside)
}

func twice(t *testing.T, r rig) {
	task := r.task(1, store.TaskWaiting)
	r.refused(t, putting(task, task))
	r.requireNoTask(t, task.ID)
	r.must(t, putting(task))
	r.refused(t, putting(r.task(2, store.TaskDone), task, task))
	r.must(t, func(ctx context.Context, tx store.TaskTx) error {
		require.NoError(t, tx.PutTasks(ctx, task))
		return tx.PutTasks(ctx, task)
	})
	requirePage(t, r, store.TaskQuery{}, task)
}

func versions(t *testing.T, r rig) {
	b := r.batch(1, store.BatchGathering)
	r.refused(t, batching(b, 1), "there is none")
	r.must(t, batching(b, 0))
	r.refused(t, batching(b, 0), "there is one")
	next := b
	next.Version, next.State = 2, store.BatchJudging
	r.refused(t, batching(next, 2), "one of another version")
	requireBatch(t, r, b)
	r.must(t, batching(next, 1))
	requireBatch(t, r, next)
	next.Version = 3
	r.refused(t, batching(next, 1), "the version moved on")
}

func many(t *testing.T, r rig) {
	r.must(t, batching(r.batch(1, store.BatchGathering), 0))
	r.must(t, putting())
	var all []store.Task
	for n := range account.MaxPage + 1 {
		line := r.line(1, n+1, store.TaskUnjudged)
		line.ID = id(10_000 - n)
		all = append(all, line)
	}
	r.must(t, putting(all...))
	of := account.Some(id(100))
	for limit, want := range map[int]int{-1: 50, 0: 50, 7: 7, account.MaxPage: account.MaxPage, 1 << 30: account.MaxPage} {
		requirePage(t, r, store.TaskQuery{Batch: of, Limit: limit}, all[:want]...)
	}
	requirePage(t, r, store.TaskQuery{Batch: of, After: &store.TaskPosition{Line: account.MaxPage - 2}}, all[account.MaxPage-2:]...)
	for i := range all {
		all[i].State = store.TaskReady
	}
	r.must(t, putting(all[:account.MaxPage]...))
	requireCounts(t, r, id(100), map[store.TaskState]int{store.TaskReady: account.MaxPage, store.TaskUnjudged: 1})
}
