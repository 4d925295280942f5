package tasks

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/store"
	"github.com/clientaccount/clientaccount/store/storetest/internal/support"
)

var modelPromises = []promise{
	{Name: "tasks that are put, found, counted and removed in any order are as they should be", Test: taskModel},
}

// desk is a store and what it should have, kept as plainly as can be.
type desk struct {
	rig
	tasks   map[account.ID]store.Task
	batches map[account.ID]store.Batch
	managed map[account.ID]account.ID // by whom, an account
}

func taskModel(t *testing.T, r rig) {
	d := &desk{rig: r, tasks: map[account.ID]store.Task{}, batches: map[account.ID]store.Batch{}}
	d.managed = map[account.ID]account.ID{r.one: r.manager, r.two: r.other, r.three: {}}
	rapid.Check(t, func(t *rapid.T) {
		t.Repeat(map[string]func(*rapid.T){
			"put": d.put, "put again": d.put, "batch": d.batchUp, "move": d.moveAccount, "purge": d.purgeSome, "": d.check,
		})
		d.finish(t)
	})
}

func (d *desk) instant(t *rapid.T, what string) time.Time {
	n := rapid.IntRange(-3, 3).Draw(t, what)
	if n == -3 {
		return time.Time{}
	}
	return d.after(n)
}

// sorted are the keys of a map.
func sorted[V any](m map[account.ID]V) []account.ID {
	return slices.SortedFunc(maps.Keys(m), account.ID.Compare)
}

// any draws a task: a new one, or one that is there in its place.
func (d *desk) any(t *rapid.T) store.Task {
	task := d.task(rapid.IntRange(1, 30).Draw(t, "task"), rapid.SampledFrom(store.TaskStates()).Draw(t, "state"))
	task.Account = rapid.SampledFrom([]account.ID{d.one, d.two, d.three, {}, d.nobody}).Draw(t, "account")
	task.DueAt, task.ExpiresAt, task.EndedAt = d.instant(t, "due"), d.instant(t, "expires"), d.instant(t, "ended")
	before, exists := d.tasks[task.ID]
	if exists && rapid.IntRange(0, 9).Draw(t, "moves") > 0 {
		task.Batch, task.Line = before.Batch, before.Line
		return task
	}
	if batch := rapid.IntRange(0, 4).Draw(t, "of"); batch > 0 {
		task.Batch, task.Line = id(100*batch), int64(rapid.IntRange(1, 20).Draw(t, "line"))
	}
	return task
}

func (d *desk) put(t *rapid.T) {
	next := maps.Clone(d.tasks)
	var ts []store.Task
	seen := map[account.ID]bool{}
	fine := true
	for range rapid.IntRange(1, 4).Draw(t, "tasks") {
		task := d.any(t)
		ts = append(ts, task)
		fine = fine && !seen[task.ID] && d.accepts(next, task)
		seen[task.ID] = true
		next[task.ID] = task
	}
	if !fine {
		d.refused(t, putting(ts...))
		return
	}
	d.must(t, putting(ts...))
	d.tasks = next
}

func (d *desk) accepts(tasks map[account.ID]store.Task, task store.Task) bool {
	if task.Account == d.nobody {
		return false
	}
	if before, exists := tasks[task.ID]; exists {
		return before.Batch == task.Batch && before.Line == task.Line
	}
	if task.Batch.IsZero() {
		return true
	}
	for _, other := range tasks {
		if other.Batch == task.Batch && other.Line == task.Line {
			return false
		}
	}
	_, exists := d.batches[task.Batch]
	return exists
}

var batchStates = []store.BatchState{
	store.BatchGathering, store.BatchJudging, store.BatchJudged, store.BatchRunning, store.BatchStopped, store.BatchDone, store.BatchDropped,
}

func (d *desk) batchUp(t *rapid.T) {
	b := d.batch(rapid.IntRange(1, 3).Draw(t, "batch"), rapid.SampledFrom(batchStates).Draw(t, "batch state"))
	was := d.batches[b.ID].Version
	b.Version, b.EndedAt = was+1, d.instant(t, "batch ended")
	if wrong := rapid.IntRange(0, 4).Draw(t, "version"); wrong == 4 {
		d.refused(t, batching(b, was+1))
		return
	}
	d.must(t, batching(b, was))
	d.batches[b.ID] = b
}

func (d *desk) moveAccount(t *rapid.T) {
	id := rapid.SampledFrom([]account.ID{d.one, d.two, d.three}).Draw(t, "account")
	d.managed[id] = rapid.SampledFrom([]account.ID{d.manager, d.other, {}}).Draw(t, "manager")
	a, err := d.Account(t.Context(), id)
	require.NoError(t, err)
	a.Core.Manager, a.Revision = d.managed[id], a.Revision+1
	support.Update(t, d, func(ctx context.Context, tx store.Tx) error { return tx.PutAccount(ctx, a, a.Revision-1) })
}

// old are those that may be removed.
func (d *desk) old(before time.Time) (ids []account.ID) {
	for _, id := range sorted(d.tasks) {
		ended := d.tasks[id].EndedAt
		if of := d.tasks[id].Batch; !of.IsZero() {
			ended = d.batches[of].EndedAt
		}
		if !ended.IsZero() && ended.Before(before) {
			ids = append(ids, id)
		}
	}
	return ids
}

func (d *desk) purgeSome(t *rapid.T) {
	d.purge(t, d.after(rapid.IntRange(-3, 3).Draw(t, "before")), rapid.IntRange(1, 5).Draw(t, "limit"))
}

func (d *desk) purge(t *rapid.T, before time.Time, limit int) {
	for old := len(d.old(before)); ; old -= limit {
		d.requirePurged(t, before, limit, min(old, limit))
		if old < limit {
			break
		}
	}
	for _, id := range d.old(before) {
		delete(d.tasks, id)
	}
	for id, b := range d.batches {
		if !b.EndedAt.IsZero() && b.EndedAt.Before(before) {
			delete(d.batches, id)
		}
	}
}

// finish removes everything, so that the next round has its own alone.
func (d *desk) finish(t *rapid.T) {
	for _, id := range sorted(d.tasks) {
		task := d.tasks[id]
		task.EndedAt = d.now
		d.must(t, putting(task))
		d.tasks[id] = task
	}
	for _, id := range sorted(d.batches) {
		b := d.batches[id]
		b.Version, b.EndedAt = b.Version+1, d.now
		d.must(t, batching(b, b.Version-1))
		d.batches[id] = b
	}
	d.purge(t, d.after(1), 100)
	require.Empty(t, d.tasks)
	d.checkBatches(t)
}

// check asks one question.
func (d *desk) check(t *rapid.T) {
	switch rapid.SampledFrom([]string{"page", "page", "due", "counts", "batches"}).Draw(t, "question") {
	case "page":
		d.checkPage(t)
	case "due":
		d.checkDue(t)
	case "counts":
		d.checkCounts(t)
	case "batches":
		d.checkBatches(t)
	}
}

func (d *desk) checkBatches(t *rapid.T) {
	var batches []store.Batch
	for _, id := range slices.Backward(sorted(d.batches)) {
		batches = append(batches, d.batches[id])
	}
	requireBatches(t, d, store.BatchQuery{}, batches...)
}

func (d *desk) checkCounts(t *rapid.T) {
	of := id(100 * rapid.IntRange(0, 4).Draw(t, "counted"))
	counts := map[store.TaskState]int{}
	for _, task := range d.tasks {
		if task.Batch == of {
			counts[task.State]++
		}
	}
	requireCounts(t, d, of, counts)
}

// query draws a question.
func (d *desk) query(t *rapid.T) store.TaskQuery {
	q := store.TaskQuery{
		Account: rapid.SampledFrom([]account.ID{{}, {}, d.one, d.two}).Draw(t, "asked account"),
		States:  rapid.SliceOfN(rapid.SampledFrom(store.TaskStates()), 0, 4).Draw(t, "asked states"),
		Limit:   rapid.IntRange(0, 6).Draw(t, "asked limit"),
	}
	if n := rapid.IntRange(-2, 4).Draw(t, "asked batch"); n == 0 {
		q.Batch = account.Some(account.ID{})
	} else if n > 0 {
		q.Batch = account.Some(id(100 * n))
	}
	if rapid.Bool().Draw(t, "scoped") {
		q.Managers = account.Some(rapid.SliceOfN(rapid.SampledFrom([]account.ID{d.manager, d.other, d.stranger, {}}), 0, 3).Draw(t, "managers"))
	}
	if rapid.IntRange(0, 2).Draw(t, "ended") == 0 {
		q.Ended = d.after(rapid.IntRange(-3, 3).Draw(t, "ended at"))
	}
	if rapid.Bool().Draw(t, "on") {
		q.After = &store.TaskPosition{Line: int64(rapid.IntRange(0, 20).Draw(t, "after line")), ID: id(rapid.IntRange(0, 31).Draw(t, "after task"))}
	}
	return q
}

func (d *desk) checkPage(t *rapid.T) {
	q := d.query(t)
	want := []store.Task{}
	for _, task := range d.tasks {
		if d.finds(q, task) {
			want = append(want, task)
		}
	}
	slices.SortFunc(want, func(a, b store.Task) int {
		if q.ByLine() {
			return cmp.Compare(a.Line, b.Line)
		}
		return b.ID.Compare(a.ID)
	})
	requirePage(t, d, q, want[:min(len(want), q.PageSize())]...)
}

func (d *desk) finds(q store.TaskQuery, task store.Task) bool {
	batch, named := q.Batch.Get()
	managers, scoped := q.Managers.Get()
	manager := d.managed[task.Account]
	switch {
	case named && task.Batch != batch,
		!q.Account.IsZero() && task.Account != q.Account,
		len(q.States) > 0 && !slices.Contains(q.States, task.State),
		!q.Ended.IsZero() && (task.EndedAt.IsZero() || task.EndedAt.Before(q.Ended)),
		scoped && (manager.IsZero() || !slices.Contains(managers, manager)):
		return false
	case q.After != nil && q.ByLine():
		return task.Line > q.After.Line
	case q.After != nil:
		return task.ID.Compare(q.After.ID) < 0
	default:
		return true
	}
}

func (d *desk) checkDue(t *rapid.T) {
	now, limit := d.after(rapid.IntRange(-3, 3).Draw(t, "now")), rapid.IntRange(0, 10).Draw(t, "due limit")
	type due struct {
		since time.Time
		id    account.ID
	}
	var all []due
	for id, task := range d.tasks {
		switch {
		case task.State == store.TaskWaiting && task.Batch.IsZero() && !task.DueAt.After(now):
			all = append(all, due{task.DueAt, id})
		case task.State == store.TaskUnconfirmed && !task.ExpiresAt.IsZero() && !task.ExpiresAt.After(now):
			all = append(all, due{task.ExpiresAt, id})
		}
	}
	slices.SortFunc(all, func(a, b due) int { return cmp.Or(a.since.Compare(b.since), a.id.Compare(b.id)) })
	var want []account.ID
	for _, task := range all[:min(limit, len(all))] {
		want = append(want, task.id)
	}
	d.requireDue(t, now, limit, want...)
}
