package memstore

import (
	"bytes"
	"cmp"
	"context"
	"maps"
	"math"
	"slices"
	"time"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/store"
)

var (
	_ store.Tasks  = (*Store)(nil)
	_ store.TaskTx = (*tx)(nil)
)

// tasks is the part of state that tasks and batches are kept in.
type tasks struct {
	kept    rows[account.ID, *store.Task]
	newest  tree[newestTask]
	due     tree[dueTask]
	lines   tree[line]
	counts  rows[stateOfBatch, int]
	batches tree[batch]
}

// stateOfBatch is what tasks of batches are counted by.
type stateOfBatch struct {
	batch account.ID
	state store.TaskState
}

func (k *tasks) over() tasks {
	top := *k
	top.kept, top.counts = over(&k.kept), over(&k.counts)
	return top
}

func (k *tasks) mergeInto(base *tasks) {
	base.newest, base.due, base.lines, base.batches = k.newest, k.due, k.lines, k.batches
	k.kept.mergeInto(&base.kept)
	k.counts.mergeInto(&base.counts)
}

// newestTask is where a task stands among all: the newest first.
type newestTask struct {
	id account.ID
	undated
}

// farID is behind every id.
var farID = account.ID(bytes.Repeat([]byte{0xff}, 16))

func (n newestTask) compare(other newestTask) int { return other.id.Compare(n.id) }

// dueTask is where a task stands among those that have an instant of their own.
type dueTask struct {
	at time.Time
	id account.ID
}

func (d dueTask) due() time.Time { return d.at }
func (d dueTask) compare(other dueTask) int {
	return cmp.Or(d.at.Compare(other.at), d.id.Compare(other.id))
}

// line is where a task stands in its batch.
type line struct {
	batch  account.ID
	number int64
	id     account.ID
	undated
}

func lineOf(t *store.Task) line { return line{batch: t.Batch, number: t.Line, id: t.ID} }

// frontOf is in front of all lines of a batch.
func frontOf(batch account.ID) line { return line{batch: batch, number: math.MinInt64} }

func (l line) compare(other line) int {
	return cmp.Or(l.batch.Compare(other.batch), cmp.Compare(l.number, other.number))
}

// batch is a batch, by its id.
type batch struct {
	store.Batch
	undated
}

func (b batch) compare(other batch) int { return b.ID.Compare(other.ID) }

func batchAs(id account.ID) batch { return batch{Batch: store.Batch{ID: id}} }

// Task locks nothing, nor does Batch: nobody else writes while a transaction runs.
func (r reader) Task(ctx context.Context, id account.ID) (store.Task, error) {
	return read(ctx, r, func(s *state) (store.Task, error) {
		t, err := find(&s.tasks.kept, id)
		if err != nil {
			return store.Task{}, err
		}
		return cloneTask(t), nil
	})
}

// Tasks looks at tasks in their order until the page is full.
func (r reader) Tasks(ctx context.Context, q store.TaskQuery) ([]store.Task, error) {
	return read(ctx, r, func(s *state) (page []store.Task, _ error) {
		s.tasks.inOrder(q, func(t *store.Task) bool {
			if s.finds(q, t) {
				page = append(page, cloneTask(t))
			}
			return len(page) < q.PageSize()
		})
		return page, nil
	})
}

// inOrder visits the tasks that a page of a query may be of, until a visit is the last.
func (k *tasks) inOrder(q store.TaskQuery, visit func(*store.Task) bool) {
	after := store.TaskPosition{Line: frontOf(account.ID{}).number, ID: farID}
	if q.After != nil {
		after = *q.After
	}
	if q.ByLine() {
		of := q.Batch.Or(account.ID{})
		for l := range k.lines.behind(line{batch: of, number: after.Line}) {
			if t, _ := k.kept.get(l.id); l.batch != of || !visit(t) {
				return
			}
		}
		return
	}
	for n := range k.newest.behind(newestTask{id: after.ID}) {
		if t, _ := k.kept.get(n.id); !visit(t) {
			return
		}
	}
}

// finds reports whether a query finds a task, wherever its page begins.
func (s *state) finds(q store.TaskQuery, t *store.Task) bool {
	return is(q.Batch, t.Batch) &&
		(q.Account.IsZero() || q.Account == t.Account) &&
		(q.Actor == "" || q.Actor == t.Actor.ID) &&
		(len(q.States) == 0 || slices.Contains(q.States, t.State)) &&
		(q.Ended.IsZero() || !t.EndedAt.IsZero() && !t.EndedAt.Before(instant(q.Ended))) &&
		(!q.Told || len(t.Faults)+len(t.Warnings) > 0) &&
		(q.Managers.IsZero() || s.isOf(q.Managers, t.Account))
}

// isOf reports whether an account is one of some managers'.
func (s *state) isOf(managers account.Optional[[]account.ID], id account.ID) bool {
	a, ok := s.accounts.get(id)
	scope, _ := managers.Get()
	return ok && !a.account.Core.Manager.IsZero() && slices.Contains(scope, a.account.Core.Manager)
}

func (r reader) TaskCounts(ctx context.Context, id account.ID) (map[store.TaskState]int, error) {
	return read(ctx, r, func(s *state) (map[store.TaskState]int, error) {
		counts := map[store.TaskState]int{}
		for _, state := range store.TaskStates() {
			if n, _ := s.tasks.counts.get(stateOfBatch{id, state}); n > 0 {
				counts[state] = n
			}
		}
		return counts, nil
	})
}

func (r reader) Batch(ctx context.Context, id account.ID) (store.Batch, error) {
	return read(ctx, r, func(s *state) (store.Batch, error) {
		b, ok := s.tasks.batches.get(batchAs(id))
		if !ok {
			return store.Batch{}, account.ErrNotFound
		}
		return cloneBatch(b.Batch), nil
	})
}

// Batches looks at all there are.
func (r reader) Batches(ctx context.Context, q store.BatchQuery) ([]store.Batch, error) {
	return read(ctx, r, func(s *state) (page []store.Batch, _ error) {
		for b := range s.tasks.batches.behind(batch{}) {
			if (!q.Open || b.EndedAt.IsZero()) && (q.Actor == "" || q.Actor == b.Actor.ID) && (q.Before.IsZero() || b.ID.Compare(q.Before) < 0) {
				page = append(page, b.Batch)
			}
		}
		slices.Reverse(page)
		page = page[:min(len(page), q.PageSize())]
		for i := range page {
			page[i] = cloneBatch(page[i])
		}
		return page, nil
	})
}

// DueTasks is [store.Tasks]'s.
func (s *Store) DueTasks(ctx context.Context, now time.Time, limit int) ([]account.ID, error) {
	return read(ctx, s.reader, func(s *state) (ids []account.ID, _ error) {
		for d := range s.tasks.due.dueBehind(dueTask{}, instant(now)) {
			if len(ids) >= limit {
				break
			}
			ids = append(ids, d.id)
		}
		return ids, nil
	})
}

// PutTasks is [store.TaskTx]'s.
func (t *tx) PutTasks(ctx context.Context, ts ...store.Task) error {
	return t.write(ctx, func(s *state) error {
		seen := map[account.ID]bool{}
		for i := range ts {
			if seen[ts[i].ID] || !s.accepts(&ts[i]) {
				return account.ErrConflict
			}
			seen[ts[i].ID] = true
			s.tasks.put(keptTask(&ts[i]))
		}
		return nil
	})
}

// accepts reports whether what a task names is there, and its place in a batch its own.
func (s *state) accepts(t *store.Task) bool {
	if missing(&s.accounts, t.Account) {
		return false
	}
	before, exists := s.tasks.kept.get(t.ID)
	if exists && (before.Batch != t.Batch || before.Line != t.Line) {
		return false
	}
	if t.Batch.IsZero() {
		return true
	}
	_, there := s.tasks.batches.get(batchAs(t.Batch))
	_, taken := s.tasks.lines.get(lineOf(t))
	return there && taken == exists
}

func (k *tasks) put(t *store.Task) {
	if before, ok := k.kept.get(t.ID); ok {
		k.forget(before)
	} else {
		k.newest.put(newestTask{id: t.ID})
	}
	if at, ok := t.Since(); ok {
		k.due.put(dueTask{at, t.ID})
	}
	if !t.Batch.IsZero() {
		k.lines.put(lineOf(t))
		k.count(t, 1)
	}
	k.kept.put(t.ID, t)
}

// forget takes a task out of where it is found by what it is.
func (k *tasks) forget(t *store.Task) {
	if at, ok := t.Since(); ok {
		k.due.delete(dueTask{at, t.ID})
	}
	if !t.Batch.IsZero() {
		k.lines.delete(lineOf(t))
		k.count(t, -1)
	}
}

func (k *tasks) count(t *store.Task, more int) {
	of := stateOfBatch{t.Batch, t.State}
	n, _ := k.counts.get(of)
	if n += more; n == 0 {
		k.counts.delete(of)
	} else {
		k.counts.put(of, n)
	}
}

// PutBatch is [store.TaskTx]'s.
func (t *tx) PutBatch(ctx context.Context, b store.Batch, was int64) error {
	return t.write(ctx, func(s *state) error {
		before, exists := s.tasks.batches.get(batchAs(b.ID))
		if exists != (was != 0) || before.Version != was {
			return account.ErrConflict
		}
		b = cloneBatch(b)
		b.MadeAt, b.EndedAt = instant(b.MadeAt), instant(b.EndedAt)
		s.tasks.batches.delete(before)
		s.tasks.batches.put(batch{Batch: b})
		return nil
	})
}

// PurgeTasks is [store.Tasks]'s.
func (s *Store) PurgeTasks(ctx context.Context, before time.Time, limit int) (int, error) {
	return act(ctx, s, func(s *state) int { return s.tasks.purge(instant(before), limit) })
}

func (k *tasks) purge(before time.Time, limit int) (n int) {
	ended := func(at time.Time) bool { return !at.IsZero() && at.Before(before) }
	for t := range k.kept.all() {
		b, _ := k.batches.get(batchAs(t.Batch))
		if n < limit && (ended(b.EndedAt) || t.Batch.IsZero() && ended(t.EndedAt)) {
			k.forget(t)
			k.newest.delete(newestTask{id: t.ID})
			k.kept.delete(t.ID)
			n++
		}
	}
	for b := range k.batches.behind(batch{}) {
		if ended(b.EndedAt) && !k.has(b.ID) {
			k.batches.delete(b)
		}
	}
	return n
}

// has reports whether a batch has a task.
func (k *tasks) has(of account.ID) bool {
	for l := range k.lines.behind(frontOf(of)) {
		return l.batch == of
	}
	return false
}

// keptTask is a copy of a task as databases keep it.
func keptTask(t *store.Task) *store.Task {
	c := cloneTask(t)
	for _, at := range []*time.Time{&c.DueAt, &c.ExpiresAt, &c.MadeAt, &c.EndedAt} {
		*at = instant(*at)
	}
	return &c
}

func cloneTask(t *store.Task) store.Task {
	c := *t
	c.Set, c.Was = maps.Clone(t.Set), maps.Clone(t.Was)
	c.Faults, c.Warnings = slices.Clone(t.Faults), slices.Clone(t.Warnings)
	c.Managers = cloneIDs(t.Managers)
	if t.Move != nil {
		move := *t.Move
		c.Move = &move
	}
	return c
}

func cloneBatch(b store.Batch) store.Batch {
	b.Paths, b.Managers, b.Steps = slices.Clone(b.Paths), cloneIDs(b.Managers), maps.Clone(b.Steps)
	return b
}

func cloneIDs(ids account.Optional[[]account.ID]) account.Optional[[]account.ID] {
	if list, set := ids.Get(); set {
		return account.Some(slices.Clone(list))
	}
	return ids
}
