package tasks

import (
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/store"
	"github.com/clientaccount/clientaccount/store/storetest/internal/support"
)

var purgePromises = []promise{
	{Name: "tasks by themselves are removed once they ended before an instant", Test: purgeAlone},
	{Name: "tasks of a batch are removed with it", Test: purgeBatches},
	{Name: "no more are removed at once than was said", Test: purgeSteps},
}

// requirePurged removes what ended before an instant, at most limit tasks, and expects so many.
func (r rig) requirePurged(t support.TB, before time.Time, limit, want int) {
	t.Helper()
	n, err := r.PurgeTasks(t.Context(), before, limit)
	require.NoError(t, err)
	require.Equal(t, want, n, "how many tasks are removed, of at most %d", limit)
}

func purgeAlone(t *testing.T, r rig) {
	open, old, young := r.task(1, store.TaskWaiting), r.task(2, store.TaskDone), r.task(3, store.TaskRefused)
	old.EndedAt, young.EndedAt = r.after(10), r.after(20)
	r.must(t, putting(open, old, young))
	r.requirePurged(t, r.after(10), 10, 0)
	r.requirePurged(t, r.after(20), 10, 1)
	requirePage(t, r, store.TaskQuery{}, young, open)
	requirePage(t, r, store.TaskQuery{Account: r.one}, young, open)
	r.requireNoTask(t, old.ID)
	r.requirePurged(t, r.after(20), 10, 0)
	r.requirePurged(t, r.after(99), 10, 1)
	r.requirePurged(t, r.after(99), 10, 0)
	r.must(t, putting(old))
	requirePage(t, r, store.TaskQuery{}, old, open)
}

func purgeBatches(t *testing.T, r rig) {
	lines := r.lines(t, 1, store.BatchRunning)
	kept := r.lines(t, 2, store.BatchRunning)
	open, done := lines[:5], slices.Clone(lines[5:])
	for i := range done {
		done[i].EndedAt = r.after(1)
	}
	r.must(t, putting(done...))
	r.requirePurged(t, r.after(99), 100, 0)
	requirePage(t, r, store.TaskQuery{Batch: account.Some(id(100))}, slices.Concat(open, done)...)

	ended := r.batch(1, store.BatchDropped)
	ended.Version, ended.EndedAt = 2, r.after(50)
	r.must(t, batching(ended, 1))
	empty := r.batch(3, store.BatchDone)
	empty.EndedAt = r.after(50)
	r.must(t, batching(empty, 0))
	r.requirePurged(t, r.after(50), 100, 0)
	requireBatches(t, r, store.BatchQuery{}, empty, r.batch(2, store.BatchRunning), ended)
	r.requirePurged(t, r.after(51), 100, len(lines))
	requireBatches(t, r, store.BatchQuery{}, r.batch(2, store.BatchRunning))
	requireCounts(t, r, ended.ID, nil)
	requirePage(t, r, store.TaskQuery{}, kept...)
}

func purgeSteps(t *testing.T, r rig) {
	r.lines(t, 1, store.BatchRunning)
	b := r.batch(1, store.BatchDone)
	b.Version, b.EndedAt = 2, r.now
	r.must(t, batching(b, 1))
	alone, other := r.task(1, store.TaskDone), r.task(2, store.TaskDone)
	alone.EndedAt, other.EndedAt = r.now, r.now
	r.must(t, putting(alone, other))
	left := 12
	for _, limit := range []int{0, -1, 5, 3, 3} {
		n := max(limit, 0)
		r.requirePurged(t, r.after(1), limit, n)
		left -= n
		page, err := r.Tasks(t.Context(), store.TaskQuery{})
		require.NoError(t, err)
		require.Len(t, page, left)
		for _, task := range page {
			if !task.Batch.IsZero() {
				requireBatch(t, r, b)
			}
		}
	}
	r.requirePurged(t, r.after(1), 5, 1)
	requirePage(t, r, store.TaskQuery{})
	requireBatches(t, r, store.BatchQuery{})
}
