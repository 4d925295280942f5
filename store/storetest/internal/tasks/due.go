package tasks

import (
	"testing"
	"time"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/store"
)

var duePromises = []promise{
	{Name: "a task by itself is due once it waits and its instant came", Test: dueAlone},
	{Name: "one that waits for a second person is due once it expired", Test: dueExpired},
	{Name: "lines are due as long as their batch is worked on", Test: dueLines},
	{Name: "a line that waits is not due before its instant", Test: dueLinesLater},
	{Name: "those that are due by themselves come before lines, those due longest first", Test: dueOrder},
	{Name: "of a batch that is named only its own are due", Test: dueNamed},
}

// at gives a task an instant, whatever it is called of its state.
func at(t store.Task, due time.Time) store.Task {
	t.DueAt, t.ExpiresAt = due, due
	return t
}

func dueAlone(t *testing.T, r rig) {
	for n, state := range store.TaskStates() {
		if state != store.TaskUnconfirmed {
			r.must(t, putting(at(r.task(n+1, state), r.after(10))))
		}
	}
	waiting := id(5)
	r.requireDue(t, r.after(10).Add(-time.Microsecond), account.ID{}, 10)
	r.requireDue(t, r.after(10), account.ID{}, 10, waiting)
	r.requireDue(t, r.after(10), waiting, 10)
	r.requireDue(t, r.after(10), account.ID{}, 0)
	r.requireDue(t, r.after(10), account.ID{}, -1)

	r.must(t, putting(at(r.task(5, store.TaskWaiting), r.after(20))))
	r.requireDue(t, r.after(19), account.ID{}, 10)
	r.must(t, putting(at(r.task(5, store.TaskWaiting), time.Time{})))
	r.requireDue(t, r.now, account.ID{}, 10, waiting)
	r.must(t, putting(at(r.task(5, store.TaskCancelled), time.Time{})))
	r.requireDue(t, r.after(99), account.ID{}, 10)
}

func dueExpired(t *testing.T, r rig) {
	r.must(t, batching(r.batch(1, store.BatchDropped), 0))
	alone, line, forever := r.task(1, store.TaskUnconfirmed), r.line(1, 1, store.TaskUnconfirmed), r.task(2, store.TaskUnconfirmed)
	alone.ExpiresAt, line.ExpiresAt = r.after(20), r.after(10)
	r.must(t, putting(alone, line, forever))
	r.requireDue(t, r.after(9), account.ID{}, 10)
	r.requireDue(t, r.after(10), account.ID{}, 10, line.ID)
	r.requireDue(t, r.after(20), account.ID{}, 10, line.ID, alone.ID)
	line.State = store.TaskExpired
	r.must(t, putting(line))
	r.requireDue(t, r.after(20), account.ID{}, 10, alone.ID)
}

func dueLines(t *testing.T, r rig) {
	lines := r.lines(t, 1, store.BatchGathering)
	b := r.batch(1, "")
	for _, c := range []struct {
		state store.BatchState
		due   []account.ID
	}{
		{store.BatchGathering, nil},
		{store.BatchJudging, []account.ID{lines[0].ID}},
		{store.BatchJudged, nil},
		{store.BatchRunning, []account.ID{lines[4].ID}},
		{store.BatchStopped, nil},
		{store.BatchDone, nil},
		{store.BatchDropped, nil},
	} {
		b.Version++
		b.State = c.state
		r.must(t, batching(b, b.Version-1))
		r.requireDue(t, r.after(99), account.ID{}, 10, c.due...)
		r.requireDue(t, r.after(99), b.ID, 10, c.due...)
	}
}

func dueLinesLater(t *testing.T, r rig) {
	r.must(t, batching(r.batch(1, store.BatchRunning), 0))
	r.must(t, batching(r.batch(2, store.BatchJudging), 0))
	later, sooner, whenever := at(r.line(1, 1, store.TaskWaiting), r.after(20)), at(r.line(1, 2, store.TaskWaiting), r.after(10)), at(r.line(1, 3, store.TaskWaiting), time.Time{})
	judged := at(r.line(2, 1, store.TaskUnjudged), r.after(99)) // how it would be done is looked at before
	r.must(t, putting(later, sooner, whenever, judged))
	r.requireDue(t, r.now, account.ID{}, 10, whenever.ID, judged.ID)
	r.requireDue(t, r.after(10), account.ID{}, 10, sooner.ID, whenever.ID, judged.ID)
	r.requireDue(t, r.after(20), account.ID{}, 10, later.ID, sooner.ID, whenever.ID, judged.ID)
}

func dueOrder(t *testing.T, r rig) {
	r.must(t, batching(r.batch(2, store.BatchRunning), 0))
	r.must(t, batching(r.batch(1, store.BatchRunning), 0))
	first, second, expired, third := at(r.task(9, store.TaskWaiting), r.after(1)), at(r.task(1, store.TaskWaiting), r.after(2)), at(r.task(2, store.TaskUnconfirmed), r.after(2)), at(r.task(8, store.TaskWaiting), r.after(3))
	l11, l12, l21, l22 := r.line(1, 1, store.TaskWaiting), at(r.line(1, 2, store.TaskWaiting), r.after(-60)), r.line(2, 1, store.TaskWaiting), r.line(2, 2, store.TaskWaiting)
	l11.ID, l12.ID = id(999), id(3)
	r.must(t, putting(l22, third, l12, expired, first, l11, second, l21))
	all := []account.ID{first.ID, second.ID, expired.ID, third.ID, l11.ID, l12.ID, l21.ID, l22.ID}
	for limit := range len(all) + 2 {
		r.requireDue(t, r.after(10), account.ID{}, limit, all[:min(limit, len(all))]...)
	}
}

func dueNamed(t *testing.T, r rig) {
	r.must(t, batching(r.batch(1, store.BatchRunning), 0))
	r.must(t, batching(r.batch(2, store.BatchRunning), 0))
	alone, expired, line, other := r.task(1, store.TaskWaiting), at(r.line(1, 3, store.TaskUnconfirmed), r.now), r.line(1, 2, store.TaskWaiting), r.line(2, 1, store.TaskWaiting)
	expiredElsewhere := at(r.line(2, 2, store.TaskUnconfirmed), r.after(-1))
	r.must(t, putting(alone, expired, line, other, expiredElsewhere))
	r.requireDue(t, r.now, id(100), 10, expired.ID, line.ID)
	r.requireDue(t, r.now, id(100), 1, expired.ID)
	r.requireDue(t, r.now, id(200), 10, expiredElsewhere.ID, other.ID)
	r.requireDue(t, r.now, id(300), 10)
	r.requireDue(t, r.now, account.ID{}, 10, expiredElsewhere.ID, alone.ID, expired.ID, line.ID, other.ID)
}
