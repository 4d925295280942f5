package tasks

import (
	"context"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/store"
	"github.com/clientaccount/clientaccount/store/storetest/internal/support"
)

var racePromises = []promise{
	{Name: "what many workers do at once is done once, with what it does to the account", Test: doneOnce},
	{Name: "a batch that many change at once is as if they had done so one by one", Test: batchOneByOne},
	{Name: "of two that want one line, one gets it", Test: oneGetsTheLine},
}

// workers run at once.
func workers(t *testing.T, n int, work func(ctx context.Context) error) {
	t.Helper()
	var all sync.WaitGroup
	for range n {
		all.Go(func() { assert.NoError(t, work(t.Context())) })
	}
	all.Wait()
}

// doneOnce has each task add one to its account's revision, whoever is first.
func doneOnce(t *testing.T, r rig) {
	const tasks = 12
	r.must(t, batching(r.batch(1, store.BatchRunning), 0))
	var all []store.Task
	for n := range tasks {
		task := r.line(1, n+1, store.TaskWaiting)
		task.Account = []account.ID{r.one, r.two}[n%2]
		all = append(all, task)
	}
	r.must(t, putting(all...))
	var done atomic.Int64
	workers(t, 4, func(ctx context.Context) error {
		for {
			page, err := r.Tasks(ctx, store.TaskQuery{Batch: account.Some(id(100)), States: []store.TaskState{store.TaskWaiting}, Limit: 3})
			if err != nil || len(page) == 0 {
				return err
			}
			for _, seen := range page {
				if err := r.do(ctx, seen, &done); err != nil {
					return err
				}
			}
		}
	})
	require.EqualValues(t, tasks, done.Load())
	requireCounts(t, r, id(100), map[store.TaskState]int{store.TaskDone: tasks})
	for _, id := range []account.ID{r.one, r.two} {
		a, err := r.Account(t.Context(), id)
		require.NoError(t, err)
		require.EqualValues(t, 1+tasks/2, a.Revision)
	}
}

// do is what whoever works on a task does.
func (r rig) do(ctx context.Context, seen store.Task, done *atomic.Int64) error {
	was := store.TaskState("")
	err := support.Retry(ctx, r, func(ctx context.Context, tx store.Tx) error {
		a, err := tx.Account(ctx, seen.Account)
		if err != nil {
			return err
		}
		task, err := tx.(store.TaskTx).Task(ctx, seen.ID)
		if was = task.State; err != nil || was != store.TaskWaiting {
			return err
		}
		a.Revision++
		if err := tx.PutAccount(ctx, a, a.Revision-1); err != nil {
			return err
		}
		task.State, task.Revision = store.TaskDone, a.Revision
		return tx.(store.TaskTx).PutTasks(ctx, task)
	})
	if err == nil && was == store.TaskWaiting {
		done.Add(1)
	}
	return err
}

func batchOneByOne(t *testing.T, r rig) {
	r.must(t, batching(r.batch(1, store.BatchGathering), 0))
	workers(t, 4, func(ctx context.Context) error {
		for range 5 {
			err := support.Retry(ctx, r, func(ctx context.Context, tx store.Tx) error {
				b, err := tx.(store.TaskTx).Batch(ctx, id(100))
				if err != nil {
					return err
				}
				b.Version, b.Tasks = b.Version+1, b.Tasks+1
				return tx.(store.TaskTx).PutBatch(ctx, b, b.Version-1)
			})
			if err != nil {
				return err
			}
		}
		return nil
	})
	want := r.batch(1, store.BatchGathering)
	want.Version, want.Tasks = 21, 20
	requireBatch(t, r, want)
}

func oneGetsTheLine(t *testing.T, r rig) {
	r.must(t, batching(r.batch(1, store.BatchGathering), 0))
	for n := range 10 {
		first, second := r.line(1, n+1, store.TaskUnjudged), r.line(1, n+1, store.TaskUnjudged)
		second.ID = id(500 + n)
		errA, errB := support.Both(
			func() error { return r.Update(t.Context(), putting(first).in) },
			func() error { return r.Update(t.Context(), putting(second).in) },
		)
		if errA != nil {
			errA, errB = errB, errA
		}
		require.NoError(t, errA)
		require.ErrorIs(t, errB, account.ErrConflict)
	}
	requireCounts(t, r, id(100), map[store.TaskState]int{store.TaskUnjudged: 10})
}
