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
	{Name: "no line is due because its batch is worked on", Test: dueLines},
	{Name: "those due longest come first", Test: dueOrder},
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
	r.requireDue(t, r.after(10).Add(-time.Microsecond), 10)
	r.requireDue(t, r.after(10), 10, waiting)
	r.requireDue(t, r.after(10), 0)
	r.requireDue(t, r.after(10), -1)

	r.must(t, putting(at(r.task(5, store.TaskWaiting), r.after(20))))
	r.requireDue(t, r.after(19), 10)
	r.must(t, putting(at(r.task(5, store.TaskWaiting), time.Time{})))
	r.requireDue(t, r.now, 10, waiting)
	r.must(t, putting(at(r.task(5, store.TaskCancelled), time.Time{})))
	r.requireDue(t, r.after(99), 10)
}

func dueExpired(t *testing.T, r rig) {
	r.must(t, batching(r.batch(1, store.BatchDropped), 0))
	alone, line, forever := r.task(1, store.TaskUnconfirmed), r.line(1, 1, store.TaskUnconfirmed), r.task(2, store.TaskUnconfirmed)
	alone.ExpiresAt, line.ExpiresAt = r.after(20), r.after(10)
	r.must(t, putting(alone, line, forever))
	r.requireDue(t, r.after(9), 10)
	r.requireDue(t, r.after(10), 10, line.ID)
	r.requireDue(t, r.after(20), 10, line.ID, alone.ID)
	line.State = store.TaskExpired
	r.must(t, putting(line))
	r.requireDue(t, r.after(20), 10, alone.ID)
}

func dueLines(t *testing.T, r rig) {
	lines := r.lines(t, 1, store.BatchRunning)
	for i := range lines {
		if lines[i].State != store.TaskUnconfirmed {
			lines[i].ExpiresAt = r.now
		}
	}
	r.must(t, putting(lines...))
	r.requireDue(t, r.after(99), 10)
}

func dueOrder(t *testing.T, r rig) {
	first, second, expired, third := at(r.task(9, store.TaskWaiting), r.after(1)), at(r.task(1, store.TaskWaiting), r.after(2)), at(r.task(2, store.TaskUnconfirmed), r.after(2)), at(r.task(8, store.TaskWaiting), r.after(3))
	r.must(t, putting(third, expired, first, second))
	all := []account.ID{first.ID, second.ID, expired.ID, third.ID}
	for limit := range len(all) + 2 {
		r.requireDue(t, r.after(10), limit, all[:min(limit, len(all))]...)
	}
}
