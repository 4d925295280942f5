package tasks

import (
	"context"
	"errors"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/store"
)

var transactionPromises = []promise{
	{Name: "a transaction reads its own writes, and nobody else does before its end", Test: ownWrites},
	{Name: "what was rolled back is not there", Test: rolledBack},
	{Name: "a canceled context ends a call", Test: canceled},
	{Name: "a transaction is of no use after its end", Test: ended},
}

// replace puts an account at its next revision.
func (r rig) replace(t *testing.T, a account.Account) {
	t.Helper()
	require.NoError(t, r.Update(t.Context(), func(ctx context.Context, tx store.Tx) error { return tx.PutAccount(ctx, a, a.Revision-1) }))
}

// existing is what everything writes over.
func (r rig) existing(ctx context.Context, tx store.TaskTx) error {
	return errors.Join(
		tx.PutBatch(ctx, r.batch(1, store.BatchRunning), 0),
		tx.PutTasks(ctx, r.task(1, store.TaskWaiting), r.line(1, 1, store.TaskWaiting), r.line(1, 2, store.TaskWaiting)),
	)
}

// stopped is the batch as everything leaves it.
func (r rig) stopped() store.Batch {
	b := r.batch(1, store.BatchStopped)
	b.Version = 2
	return b
}

// everything writes through each method.
func (r rig) everything(ctx context.Context, tx store.TaskTx) error {
	return errors.Join(
		tx.PutBatch(ctx, r.stopped(), 1),
		tx.PutBatch(ctx, r.batch(2, store.BatchRunning), 0),
		tx.PutTasks(ctx, r.task(1, store.TaskDone), r.task(2, store.TaskWaiting), r.line(1, 2, store.TaskDone), r.line(2, 1, store.TaskWaiting)),
	)
}

// requireExisting expects that all is as existing left it.
func (r rig) requireExisting(t *testing.T) {
	t.Helper()
	alone, one, two := r.task(1, store.TaskWaiting), r.line(1, 1, store.TaskWaiting), r.line(1, 2, store.TaskWaiting)
	requireTask(t, r, alone, one, two)
	requirePage(t, r, store.TaskQuery{}, two, one, alone)
	requireBatches(t, r, store.BatchQuery{}, r.batch(1, store.BatchRunning))
	requireCounts(t, r, id(100), map[store.TaskState]int{store.TaskWaiting: 2})
	r.requireDue(t, r.now, 10, alone.ID)
	r.requireNoTask(t, id(2), id(201))
}

// requireEverything expects that all is as everything left it.
func (r rig) requireEverything(t *testing.T, from store.TaskReader) {
	t.Helper()
	done, waiting := r.task(1, store.TaskDone), r.task(2, store.TaskWaiting)
	one, two, new := r.line(1, 1, store.TaskWaiting), r.line(1, 2, store.TaskDone), r.line(2, 1, store.TaskWaiting)
	requireTask(t, from, done, waiting, one, two, new)
	requirePage(t, from, store.TaskQuery{}, new, two, one, waiting, done)
	requirePage(t, from, store.TaskQuery{Batch: account.Some(id(100))}, one, two)
	requireBatch(t, from, r.stopped())
	requireBatches(t, from, store.BatchQuery{}, r.batch(2, store.BatchRunning), r.stopped())
	requireCounts(t, from, id(100), map[store.TaskState]int{store.TaskWaiting: 1, store.TaskDone: 1})
	requireCounts(t, from, id(200), map[store.TaskState]int{store.TaskWaiting: 1})
}

func ownWrites(t *testing.T, r rig) {
	r.must(t, r.existing)
	r.must(t, func(ctx context.Context, tx store.TaskTx) error {
		if err := r.everything(ctx, tx); err != nil {
			return err
		}
		r.requireEverything(t, tx)
		r.requireExisting(t)
		return nil
	})
	r.requireEverything(t, r)
	r.requireDue(t, r.now, 10, id(2))
}

func rolledBack(t *testing.T, r rig) {
	r.must(t, r.existing)
	boom := errors.New("boom")
	require.ErrorIs(t, r.Update(t.Context(), write(func(ctx context.Context, tx store.TaskTx) error {
		require.NoError(t, r.everything(ctx, tx))
		return boom
	}).in), boom)
	r.requireExisting(t)
	r.must(t, r.everything)
	r.requireEverything(t, r)
}

// questions are all that can be asked.
func questions(ctx context.Context, of store.TaskReader) map[string]error {
	errs := map[string]error{}
	_, errs["Task"] = of.Task(ctx, id(1))
	_, errs["Tasks"] = of.Tasks(ctx, store.TaskQuery{})
	_, errs["TaskCounts"] = of.TaskCounts(ctx, id(100))
	_, errs["Batch"] = of.Batch(ctx, id(100))
	_, errs["Batches"] = of.Batches(ctx, store.BatchQuery{})
	return errs
}

func canceled(t *testing.T, r rig) {
	r.must(t, r.existing)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	for what, err := range questions(ctx, r) {
		require.ErrorIs(t, err, context.Canceled, what)
	}
	for _, limit := range []int{0, 1} {
		_, err := r.DueTasks(ctx, r.now, limit)
		require.ErrorIs(t, err, context.Canceled)
		_, err = r.PurgeTasks(ctx, r.after(99), limit)
		require.ErrorIs(t, err, context.Canceled)
	}
	require.ErrorIs(t, r.Update(ctx, write(r.everything).in), context.Canceled)
	r.requireExisting(t)
}

func ended(t *testing.T, r rig) {
	var kept store.TaskTx
	r.must(t, func(ctx context.Context, tx store.TaskTx) error {
		kept = tx
		return r.existing(ctx, tx)
	})
	require.NotPanics(t, func() {
		for what, err := range questions(t.Context(), kept) {
			require.Error(t, err, what)
		}
		require.Error(t, kept.PutTasks(t.Context(), r.task(2, store.TaskDone)))
		require.Error(t, kept.PutBatch(t.Context(), r.stopped(), 1))
	})
	r.requireExisting(t)
}
