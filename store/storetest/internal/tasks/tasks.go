// Package tasks is the suite of stores that keep tasks.
package tasks

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/account/accounttest"
	"github.com/clientaccount/clientaccount/store"
	"github.com/clientaccount/clientaccount/store/storetest/internal/support"
)

// Store is a store that keeps tasks.
type Store interface {
	store.Store
	store.Tasks
}

// Groups returns all promises.
func Groups() []support.Group[Store] {
	return []support.Group[Store]{
		{Name: "values", Promises: opened(valuePromises)},
		{Name: "puts", Promises: opened(putPromises)},
		{Name: "pages", Promises: opened(pagePromises)},
		{Name: "due", Promises: opened(duePromises)},
		{Name: "purge", Promises: opened(purgePromises)},
		{Name: "transactions", Promises: opened(transactionPromises)},
		{Name: "races", Promises: opened(racePromises)},
		{Name: "model", Promises: opened(modelPromises)},
	}
}

type promise = support.Promise[rig]

// rig is a store with clients: one and two of a manager each, and three of none. Nobody is nobody.
type rig struct {
	Store
	now                      time.Time
	one, two, three, nobody  account.ID
	manager, other, stranger account.ID
}

// opened has each promise begin with a rig.
func opened(ps []promise) (all []support.Promise[Store]) {
	for _, p := range ps {
		all = append(all, support.Promise[Store]{Name: p.Name, Test: func(t *testing.T, s Store) { p.Test(t, newRig(t, s)) }})
	}
	return all
}

func newRig(t *testing.T, s Store) rig {
	t.Helper()
	first, second, third := accounttest.Manager(1), accounttest.Manager(2), accounttest.Manager(3)
	one, two, three := accounttest.Valid("one"), accounttest.Valid("two"), accounttest.Valid("three")
	one.Core.Manager, two.Core.Manager, three.Core.Manager = first.ID, second.ID, account.ID{}
	support.Update(t, s, func(ctx context.Context, tx store.Tx) error {
		return errors.Join(tx.PutItem(ctx, first, 0), tx.PutItem(ctx, second, 0), tx.PutItem(ctx, third, 0),
			support.Inserting(one, two, three)(ctx, tx))
	})
	return rig{
		Store: s, now: accounttest.Now().Truncate(time.Microsecond),
		one: one.ID, two: two.ID, three: three.ID, nobody: accounttest.ID(99),
		manager: first.ID, other: second.ID, stranger: third.ID,
	}
}

// write is a function of a transaction that can keep tasks.
type write func(ctx context.Context, tx store.TaskTx) error

func (w write) in(ctx context.Context, tx store.Tx) error {
	to, ok := tx.(store.TaskTx)
	if !ok {
		return errors.New("the transaction is no store.TaskTx")
	}
	return w(ctx, to)
}

func putting(ts ...store.Task) write {
	return func(ctx context.Context, tx store.TaskTx) error { return tx.PutTasks(ctx, ts...) }
}

func batching(b store.Batch, was int64) write {
	return func(ctx context.Context, tx store.TaskTx) error { return tx.PutBatch(ctx, b, was) }
}

// must writes what must be kept.
func (r rig) must(t support.TB, w write) {
	t.Helper()
	support.Update(t, r, w.in)
}

// refused writes what must be refused as a conflict.
func (r rig) refused(t support.TB, w write, what ...any) {
	t.Helper()
	require.ErrorIs(t, r.Update(t.Context(), w.in), account.ErrConflict, what...)
}

// after is so many seconds after tests begin.
func (r rig) after(seconds int) time.Time { return r.now.Add(time.Duration(seconds) * time.Second) }

// id is that of a task or batch: a greater number is newer.
func id(n int) account.ID { return accounttest.ID(20_000 + n) }

// task is a task by itself.
func (r rig) task(n int, state store.TaskState) store.Task {
	return store.Task{
		ID: id(n), Kind: store.TaskChange, Account: r.one, State: state, DueAt: r.now, MadeAt: r.now,
		Actor: account.Actor{ID: "o", Name: "Olena"},
	}
}

// line is a task of a batch.
func (r rig) line(batch, line int, state store.TaskState) store.Task {
	t := r.task(100*batch+line, state)
	t.Batch, t.Line = id(100*batch), int64(line)
	return t
}

// batch is a batch at its first version.
func (r rig) batch(n int, state store.BatchState) store.Batch {
	return store.Batch{
		ID: id(100 * n), Version: 1, Kind: store.BatchChange, State: state, MadeAt: r.now, Actor: account.Actor{ID: "o", Name: "Olena"},
	}
}

// requireTask reads tasks one by one.
func requireTask(t support.TB, from store.TaskReader, want ...store.Task) {
	t.Helper()
	for _, w := range want {
		got, err := from.Task(t.Context(), w.ID)
		require.NoError(t, err)
		requireSame(t, []store.Task{w}, []store.Task{got}, "a task")
	}
}

func (r rig) requireNoTask(t support.TB, ids ...account.ID) {
	t.Helper()
	for _, id := range ids {
		_, err := r.Task(t.Context(), id)
		require.ErrorIs(t, err, account.ErrNotFound)
	}
}

func requireBatch(t support.TB, from store.TaskReader, want store.Batch) {
	t.Helper()
	got, err := from.Batch(t.Context(), want.ID)
	require.NoError(t, err)
	requireSame(t, []store.Batch{want}, []store.Batch{got}, "a batch")
}

// requirePage asks for a page.
func requirePage(t support.TB, from store.TaskReader, q store.TaskQuery, want ...store.Task) {
	t.Helper()
	got, err := from.Tasks(t.Context(), q)
	require.NoError(t, err)
	requireSame(t, want, got, fmt.Sprintf("the page %+v", q))
}

func requireBatches(t support.TB, from store.TaskReader, q store.BatchQuery, want ...store.Batch) {
	t.Helper()
	got, err := from.Batches(t.Context(), q)
	require.NoError(t, err)
	requireSame(t, want, got, fmt.Sprintf("the batches %+v", q))
}

func requireCounts(t support.TB, from store.TaskReader, batch account.ID, want map[store.TaskState]int) {
	t.Helper()
	got, err := from.TaskCounts(t.Context(), batch)
	require.NoError(t, err)
	require.Len(t, got, len(want), "%v", got)
	for state, n := range want {
		require.Equal(t, n, got[state], "tasks that are %s", state)
	}
}

func (r rig) requireDue(t support.TB, now time.Time, limit int, want ...account.ID) {
	t.Helper()
	got, err := r.DueTasks(t.Context(), now, limit)
	require.NoError(t, err)
	require.Equal(t, append([]account.ID{}, want...), append([]account.ID{}, got...), "what is due at %v, at most %d", now, limit)
}

// requireSame compares lists in their order, and tells only what differs.
func requireSame[T any](t support.TB, want, got []T, what string) {
	t.Helper()
	require.Len(t, got, len(want), what)
	for i := range want {
		wanted, is := facts(want[i]), facts(got[i])
		for field, text := range wanted {
			require.Equal(t, text, is[field], "%s: %s of number %d", what, field, i)
		}
	}
}

// facts returns the fields of a task or batch as text. An empty list or map is none.
func facts(of any) map[string]string {
	all := map[string]string{}
	v := reflect.ValueOf(of)
	for i := range v.NumField() {
		text, err := json.Marshal(v.Field(i).Interface())
		if err != nil {
			text = []byte(err.Error())
		}
		switch managers, is := v.Field(i).Interface().(account.Optional[[]account.ID]); {
		case is:
			list, set := managers.Get()
			text = fmt.Appendf(nil, "%v set %v", list, set)
		case string(text) == "{}" || string(text) == "[]":
			text = []byte("null")
		}
		all[v.Type().Field(i).Name] = string(text)
	}
	return all
}
