package tasks

import (
	"fmt"
	"testing"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/store"
	"github.com/clientaccount/clientaccount/store/storetest/internal/support"
)

var pagePromises = []promise{
	{Name: "a page of a batch is by line", Test: byLine},
	{Name: "other pages are the newest first", Test: newest},
	{Name: "a page is of those that it asks for", Test: narrowed},
	{Name: "tasks are of the managers that their accounts have now", Test: managersNow},
	{Name: "batches come newest first, by whom it was asked for", Test: batchPages},
	{Name: "tasks of a batch are counted by state", Test: counted},
}

// lines puts a batch with a line of each state, put in disorder.
func (r rig) lines(t support.TB, n int, state store.BatchState) (all []store.Task) {
	t.Helper()
	r.must(t, batching(r.batch(n, state), 0))
	for i, state := range store.TaskStates() {
		all = append(all, r.line(n, i+1, state))
	}
	for i := range all { // newer ids have lower lines
		all[i].ID = id(100*n + 50 - i)
	}
	r.must(t, putting(all[5:]...))
	r.must(t, putting(all[:5]...))
	return all
}

func byLine(t *testing.T, r rig) {
	lines, others := r.lines(t, 1, store.BatchRunning), r.lines(t, 2, store.BatchRunning)
	of := account.Some(id(100))
	requirePage(t, r, store.TaskQuery{Batch: of}, lines...)
	requirePage(t, r, store.TaskQuery{Batch: of, Limit: 3}, lines[:3]...)
	requirePage(t, r, store.TaskQuery{Batch: of, Limit: 3, After: &store.TaskPosition{Line: 3, ID: id(0)}}, lines[3:6]...)
	requirePage(t, r, store.TaskQuery{Batch: of, After: &store.TaskPosition{Line: 10}})
	requirePage(t, r, store.TaskQuery{Batch: of, After: &store.TaskPosition{}}, lines...)
	requirePage(t, r, store.TaskQuery{Batch: account.Some(id(200)), Limit: 3}, others[:3]...)
	requirePage(t, r, store.TaskQuery{Batch: account.Some(id(300))})
	some := []store.TaskState{store.TaskRefused, store.TaskUnjudged, store.TaskFaulty, store.TaskRefused}
	requirePage(t, r, store.TaskQuery{Batch: of, States: some}, lines[0], lines[2], lines[7])
	requirePage(t, r, store.TaskQuery{Batch: of, States: some, Limit: 2}, lines[0], lines[2])
	requirePage(t, r, store.TaskQuery{Batch: of, States: some, After: &store.TaskPosition{Line: 1}, Limit: 1}, lines[2])
}

func newest(t *testing.T, r rig) {
	lines := r.lines(t, 1, store.BatchRunning) // their ids descend
	older, newer := r.task(1, store.TaskDone), r.task(900, store.TaskWaiting)
	r.must(t, putting(older, newer))
	all := append(append([]store.Task{newer}, lines...), older)
	requirePage(t, r, store.TaskQuery{}, all...)
	requirePage(t, r, store.TaskQuery{Limit: 4}, all[:4]...)
	requirePage(t, r, store.TaskQuery{Limit: 2, After: &store.TaskPosition{ID: all[3].ID, Line: 1 << 40}}, all[4:6]...)
	requirePage(t, r, store.TaskQuery{After: &store.TaskPosition{ID: older.ID}})
	requirePage(t, r, store.TaskQuery{After: &store.TaskPosition{}})

	none := account.Some(account.ID{})
	requirePage(t, r, store.TaskQuery{Batch: none}, newer, older)
	requirePage(t, r, store.TaskQuery{Batch: none, After: &store.TaskPosition{ID: newer.ID}}, older)
	some := []store.TaskState{store.TaskDone, store.TaskWaiting}
	requirePage(t, r, store.TaskQuery{States: some}, newer, lines[4], lines[5], older)
	requirePage(t, r, store.TaskQuery{States: some, Limit: 3}, newer, lines[4], lines[5])
	requirePage(t, r, store.TaskQuery{States: some, After: &store.TaskPosition{ID: lines[4].ID}}, lines[5], older)
	requirePage(t, r, store.TaskQuery{States: some, Batch: none, Limit: 1}, newer)
}

func narrowed(t *testing.T, r rig) {
	r.must(t, batching(r.batch(1, store.BatchRunning), 0))
	open, ended, elsewhere, nowhere, line := r.task(1, store.TaskWaiting), r.task(2, store.TaskDone), r.task(3, store.TaskDone), r.task(4, store.TaskReady), r.line(1, 1, store.TaskDone)
	ended.EndedAt, elsewhere.Account, elsewhere.EndedAt, nowhere.Account = r.after(10), r.two, r.after(20), account.ID{}
	line.EndedAt, line.Faults, nowhere.Warnings = r.after(5), []account.Fault{{Code: "a"}}, []account.Fault{{Code: "b"}}
	elsewhere.Actor = account.Actor{ID: "'other"}
	r.must(t, putting(open, ended, elsewhere, nowhere, line))
	done := []store.TaskState{store.TaskDone}
	for _, c := range []struct {
		q    store.TaskQuery
		want []store.Task
	}{
		{store.TaskQuery{Account: r.one}, []store.Task{line, ended, open}},
		{store.TaskQuery{Account: r.two}, []store.Task{elsewhere}},
		{store.TaskQuery{Account: r.one, Limit: 1, After: &store.TaskPosition{ID: line.ID}}, []store.Task{ended}},
		{store.TaskQuery{Account: r.one, States: done}, []store.Task{line, ended}},
		{store.TaskQuery{Account: r.one, Batch: account.Some(account.ID{})}, []store.Task{ended, open}},
		{store.TaskQuery{Account: r.one, Batch: account.Some(line.Batch)}, []store.Task{line}},
		{store.TaskQuery{Account: r.two, Batch: account.Some(line.Batch)}, nil},
		{store.TaskQuery{Ended: r.after(5)}, []store.Task{line, elsewhere, ended}},
		{store.TaskQuery{Ended: r.after(10)}, []store.Task{elsewhere, ended}},
		{store.TaskQuery{Ended: r.after(10), Limit: 1, After: &store.TaskPosition{ID: elsewhere.ID}}, []store.Task{ended}},
		{store.TaskQuery{Ended: r.after(10), Account: r.one}, []store.Task{ended}},
		{store.TaskQuery{Ended: r.after(5), Batch: account.Some(line.Batch)}, []store.Task{line}},
		{store.TaskQuery{Ended: r.after(6), Batch: account.Some(line.Batch)}, nil},
		{store.TaskQuery{Ended: r.after(21)}, nil},
		{store.TaskQuery{Actor: "'other"}, []store.Task{elsewhere}},
		{store.TaskQuery{Actor: "'other", States: done, Account: r.one}, nil},
		{store.TaskQuery{Actor: "\x00"}, nil},
		{store.TaskQuery{Told: true}, []store.Task{line, nowhere}},
		{store.TaskQuery{Told: true, States: done, Batch: account.Some(line.Batch)}, []store.Task{line}},
	} {
		t.Run(fmt.Sprint(c.q), func(t *testing.T) { requirePage(t, r, c.q, c.want...) })
	}
}

func managersNow(t *testing.T, r rig) {
	r.must(t, batching(r.batch(1, store.BatchRunning), 0))
	one, two, three, none, line := r.task(1, store.TaskUnconfirmed), r.task(2, store.TaskUnconfirmed), r.task(3, store.TaskWaiting), r.task(4, store.TaskReady), r.line(1, 1, store.TaskUnconfirmed)
	two.Account, three.Account, none.Account, line.Account = r.two, r.three, account.ID{}, r.two
	r.must(t, putting(one, two, three, none, line))
	of := func(ids ...account.ID) store.TaskQuery { return store.TaskQuery{Managers: account.Some(ids)} }
	requirePage(t, r, of(r.manager), one)
	requirePage(t, r, of(r.other), line, two)
	requirePage(t, r, of(r.other, r.manager, r.manager), line, two, one)
	requirePage(t, r, of(r.stranger))
	requirePage(t, r, of())
	requirePage(t, r, store.TaskQuery{Managers: account.Some[[]account.ID](nil)})
	requirePage(t, r, of(account.ID{}))
	narrow := of(r.other, r.manager)
	narrow.States, narrow.Limit = []store.TaskState{store.TaskUnconfirmed}, 2
	requirePage(t, r, narrow, line, two)
	narrow.After = &store.TaskPosition{ID: two.ID}
	requirePage(t, r, narrow, one)
	narrow.After, narrow.Batch = nil, account.Some(line.Batch)
	requirePage(t, r, narrow, line)
	narrow.Batch = account.Some(account.ID{})
	requirePage(t, r, narrow, two, one)

	a, err := r.Account(t.Context(), r.two)
	if err != nil {
		t.Fatal(err)
	}
	a.Core.Manager, a.Revision = r.stranger, a.Revision+1
	r.replace(t, a)
	requirePage(t, r, of(r.other))
	requirePage(t, r, of(r.stranger), line, two)
}

func batchPages(t *testing.T, r rig) {
	var all []store.Batch
	for n := range 4 {
		b := r.batch(4-n, store.BatchDone)
		b.Actor.ID = []string{"o", "O"}[n%2]
		if n > 1 {
			b.EndedAt = r.after(n)
		}
		all = append(all, b)
	}
	for _, n := range []int{2, 0, 3, 1} {
		r.must(t, batching(all[n], 0))
	}
	requireBatches(t, r, store.BatchQuery{}, all...)
	requireBatches(t, r, store.BatchQuery{Limit: 1}, all[0])
	requireBatches(t, r, store.BatchQuery{Limit: 2, Before: all[0].ID}, all[1], all[2])
	requireBatches(t, r, store.BatchQuery{Before: all[3].ID})
	requireBatches(t, r, store.BatchQuery{Actor: "o"}, all[0], all[2])
	requireBatches(t, r, store.BatchQuery{Actor: "O", Before: all[1].ID}, all[3])
	requireBatches(t, r, store.BatchQuery{Actor: "Olena"})
	requireBatches(t, r, store.BatchQuery{Open: true}, all[0], all[1])
	requireBatches(t, r, store.BatchQuery{Open: true, Before: all[0].ID, Actor: "O"}, all[1])
}

func counted(t *testing.T, r rig) {
	lines := r.lines(t, 1, store.BatchRunning)
	r.lines(t, 2, store.BatchRunning)
	r.must(t, putting(r.task(1, store.TaskWaiting)))
	want := map[store.TaskState]int{}
	for _, state := range store.TaskStates() {
		want[state] = 1
	}
	requireCounts(t, r, id(100), want)
	lines[0].State, lines[1].State = store.TaskDone, store.TaskDone
	r.must(t, putting(lines[0], lines[1]))
	delete(want, store.TaskUnjudged)
	delete(want, store.TaskReady)
	want[store.TaskDone] = 3
	requireCounts(t, r, id(100), want)
	requireCounts(t, r, account.ID{}, nil)
	requireCounts(t, r, r.one, nil)
}
