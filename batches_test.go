package clientaccount_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/clientaccount/clientaccount"
	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/store"
	"github.com/clientaccount/clientaccount/store/memstore"
)

// bulk makes a batch of items that is being gathered.
func bulk(t require.TestingT, svc *clientaccount.Service, kind store.BatchKind, items ...clientaccount.BulkItem) store.Batch {
	batch, err := svc.NewBatch(context.Background(), clientaccount.Bulk{Kind: kind, Title: "many", Actor: olena, Reason: "spring"})
	require.NoError(t, err)
	require.NoError(t, svc.AddToBatch(context.Background(), batch.ID, items...))
	return batch
}

// worked goes on with a batch until there is nothing more to do, and returns it.
func (b *bench) worked(id account.ID) (store.Batch, map[store.TaskState]int) {
	b.Helper()
	for more := true; more; {
		var err error
		more, err = b.svc.WorkOn(b.Context(), id, time.Minute)
		require.NoError(b, err)
	}
	batch, counts, err := b.svc.Batch(b.Context(), id)
	require.NoError(b, err)
	return batch, counts
}

// judged has a batch judged.
func (b *bench) judged(id account.ID) (store.Batch, map[store.TaskState]int) {
	b.Helper()
	_, err := b.svc.JudgeBatch(b.Context(), id)
	require.NoError(b, err)
	return b.worked(id)
}

// lines returns the tasks of a batch.
func (b *bench) lines(id account.ID) []store.Task {
	b.Helper()
	ts, err := b.svc.Tasks(b.Context(), store.TaskQuery{Batch: account.Some(id), Limit: account.MaxPage})
	require.NoError(b, err)
	return ts
}

func TestABatchIsJudgedThenRunThenTakenBack(t *testing.T) {
	b := newBench(t)
	var items []clientaccount.BulkItem
	var clients []account.Account
	for i := range 5 {
		a := b.create(fmt.Sprint("client", i))
		clients = append(clients, a)
		items = append(items, clientaccount.BulkItem{Account: a.ID, Set: map[string]string{"credit.limit": "500"}})
	}
	clients[1] = b.update(clients[1], "credit.limit", "500")
	clients[2] = b.update(clients[2], "status", "active")
	clients[2] = b.update(clients[2], "status", "closed")
	items[3].Set = map[string]string{"credit.limit": "much"}
	batch := bulk(t, b.svc, store.BatchChange, items...)
	batch, counts := b.judged(batch.ID)
	assert.Equal(t, store.BatchJudged, batch.State)
	assert.Equal(t, 3, counts[store.TaskReady], "those that are closed can have a credit, too")
	assert.Equal(t, 1, counts[store.TaskUnchanged])
	assert.Equal(t, 1, counts[store.TaskFaulty])
	assert.Equal(t, clients[0], b.get(clients[0].ID), "nothing is written yet")

	_, err := b.svc.RunBatch(t.Context(), batch.ID, clientaccount.Edit{Actor: olena}, true)
	assert.Equal(t, []string{" batch.faulty"}, faults(err))
	_, err = b.svc.RunBatch(t.Context(), batch.ID, clientaccount.Edit{Actor: olena}, false)
	require.NoError(t, err)
	b.update(clients[4], "contact.skype", "meanwhile")
	batch, counts = b.worked(batch.ID)
	assert.Equal(t, store.BatchDone, batch.State)
	assert.Equal(t, map[store.TaskState]int{store.TaskDone: 3, store.TaskUnchanged: 1, store.TaskRefused: 1}, counts)
	record := b.history(clients[0].ID)[0]
	assert.Equal(t, batch.ID, record.Batch)
	assert.Equal(t, olena, record.Actor)
	assert.Equal(t, "spring", record.Reason)
	assert.Equal(t, "500", b.get(clients[4].ID).Credit.Limit.Or(account.Amount("0")).String(), "as it is when it is done")

	b.update(b.get(clients[4].ID), "credit.limit", "700")
	undo, err := b.svc.UndoBatch(t.Context(), batch.ID, clientaccount.Bulk{Actor: marek, Reason: "wrong list"})
	require.NoError(t, err)
	undo, counts = b.worked(undo.ID)
	assert.Equal(t, map[store.TaskState]int{store.TaskReady: 2, store.TaskFaulty: 1}, counts)
	_, err = b.svc.RunBatch(t.Context(), undo.ID, clientaccount.Edit{Actor: marek}, false)
	require.NoError(t, err)
	undo, counts = b.worked(undo.ID)
	assert.Equal(t, map[store.TaskState]int{store.TaskDone: 2, store.TaskRefused: 1}, counts)
	record = b.history(clients[0].ID)[0]
	assert.Equal(t, account.RecordUndone, record.Kind)
	assert.Equal(t, undo.ID, record.Batch)
	assert.True(t, b.get(clients[0].ID).Credit.Limit.IsZero())
	was, _, err := b.svc.Batch(t.Context(), batch.ID)
	require.NoError(t, err)
	assert.Equal(t, undo.ID, was.UndoneBy)
	b.takesBackTheRest(batch, clients)
}

// takesBackTheRest holds that what was refused when a batch was taken back, of the last client, can be
// taken back later, and the others not a second time.
func (b *bench) takesBackTheRest(batch store.Batch, clients []account.Account) {
	b.Helper()
	undoing := func() store.Batch {
		b.Helper()
		undo, err := b.svc.UndoBatch(b.Context(), batch.ID, clientaccount.Bulk{Actor: marek})
		require.NoError(b, err)
		undo, _ = b.worked(undo.ID)
		return undo
	}
	run := func(undo store.Batch) error {
		_, err := b.svc.RunBatch(b.Context(), undo.ID, clientaccount.Edit{Actor: marek}, false)
		return err
	}
	b.update(b.get(clients[0].ID), "credit.limit", "500") // as the batch left it: it is not taken back again
	b.update(b.get(clients[4].ID), "credit.limit", "500")
	early, rest := undoing(), undoing()
	assert.EqualValues(b, 1, rest.Tasks)
	require.NoError(b, run(rest))
	_, counts := b.worked(rest.ID)
	assert.Equal(b, map[store.TaskState]int{store.TaskDone: 1}, counts)
	assert.True(b, b.get(clients[4].ID).Credit.Limit.IsZero())
	assert.Equal(b, "500", b.get(clients[0].ID).Credit.Limit.Or(account.Amount("0")).String())
	b.update(b.get(clients[4].ID), "credit.limit", "500")
	assert.Equal(b, []string{" batch.undone"}, faults(run(early)), "another one took back the same rest")
	_, err := b.svc.UndoBatch(b.Context(), batch.ID, clientaccount.Bulk{Actor: marek})
	assert.Equal(b, []string{" batch.undone"}, faults(err), "nothing is left")
}

func TestAnImportMakesClientsAndFindsDoublesInTheWholeFile(t *testing.T) {
	b := newBench(t)
	there := b.create("there")
	fresh := func(login, contract string) map[string]string {
		return map[string]string{"login": login, "contact.company": "Acme", "contact.contract": contract}
	}
	var items []clientaccount.BulkItem
	for i := range 300 { // more than are judged at once
		items = append(items, clientaccount.BulkItem{Line: int64(i + 2), Set: fresh(fmt.Sprint("new", i), fmt.Sprint("C-", i))})
	}
	items[250].Set = fresh("NEW3", "X")
	items[251].Set = fresh("other", " C-4")
	items[252].Set = fresh("there", "Y")
	items[253].Set = map[string]string{"login": "bad\x00", "contact.company": "Acme"}
	items[254] = clientaccount.BulkItem{Account: there.ID, Line: 256, Set: map[string]string{"contact.skype": "one"}}
	items[255] = clientaccount.BulkItem{Account: there.ID, Line: 257, Set: map[string]string{"contact.skype": "two"}}
	batch := bulk(t, b.svc, store.BatchImport, items...)
	_, counts := b.judged(batch.ID)
	assert.Equal(t, map[store.TaskState]int{store.TaskReady: 295, store.TaskFaulty: 5}, counts)
	lines := b.lines(batch.ID)
	assert.Equal(t, "new3", lines[250].Label)
	assert.Equal(t, []string{"login batch.twice"}, taskFaults(lines[250]))
	assert.Equal(t, "The same is in line 5 already.", lines[250].Faults[0].Text)
	assert.Equal(t, []string{"contact.contract batch.twice"}, taskFaults(lines[251]))
	assert.Equal(t, []string{"login login.taken"}, taskFaults(lines[252]))
	assert.Equal(t, []string{"login text.chars"}, taskFaults(lines[253]))
	assert.Equal(t, []string{" batch.twice"}, taskFaults(lines[255]))

	began := b.svc.HashesBegun()
	_, err := b.svc.RunBatch(t.Context(), batch.ID, clientaccount.Edit{Actor: olena}, false)
	require.NoError(t, err)
	b.create("new7") // in between
	_, counts = b.worked(batch.ID)
	assert.Equal(t, map[store.TaskState]int{store.TaskDone: 294, store.TaskRefused: 6}, counts)
	assert.Equal(t, began+1, b.svc.HashesBegun(), "none but that of the one in between")
	made := b.lines(batch.ID)[0]
	assert.Equal(t, "new0", b.get(made.Account).Core.Login)
	assert.Equal(t, batch.ID, b.history(made.Account)[0].Batch)
	_, err = b.svc.Update(t.Context(), made.Account, 1, set("contact.skype", "x"))
	require.NoError(t, err, "an account without a password can be edited")
}

func TestABatchKeepsToItsStates(t *testing.T) {
	b := newBench(t)
	a := b.create("acme")
	item := clientaccount.BulkItem{Account: a.ID, Set: map[string]string{"contact.skype": "acme"}}
	_, err := b.svc.NewBatch(t.Context(), clientaccount.Bulk{Kind: store.BatchUndo, Title: "a\nb", Paths: []string{"nothing", "password"}})
	assert.ElementsMatch(t, []string{"kind batch.kind", "title text.chars", " field.unknown", "password task.password"}, faults(err))
	batch, err := b.svc.NewBatch(t.Context(), clientaccount.Bulk{Kind: store.BatchChange, Actor: olena})
	require.NoError(t, err)
	_, err = b.svc.JudgeBatch(t.Context(), batch.ID)
	assert.Equal(t, []string{" batch.empty"}, faults(err))
	for code, bad := range map[string]clientaccount.BulkItem{
		"account batch.account":  {Set: item.Set},
		" field.unknown":         {Account: a.ID, Set: map[string]string{"nothing": ""}},
		"password task.password": {Account: a.ID, Set: map[string]string{"password": "x"}},
		" text.length":           {Account: a.ID, Set: map[string]string{"contact.skype": string(make([]byte, clientaccount.MaxItemText))}},
	} {
		assert.Equal(t, []string{code}, faults(b.svc.AddToBatch(t.Context(), batch.ID, bad)))
	}
	require.ErrorIs(t, b.svc.AddToBatch(t.Context(), batch.ID, clientaccount.BulkItem{Account: account.ID{1}, Set: item.Set}), account.ErrConflict)
	assert.Equal(t, []string{" limit.range"}, faults(b.svc.AddToBatch(t.Context(), batch.ID, make([]clientaccount.BulkItem, account.MaxPage+1)...)))
	require.NoError(t, b.svc.AddToBatch(t.Context(), batch.ID, item))
	_, err = b.svc.RunBatch(t.Context(), batch.ID, clientaccount.Edit{Actor: olena}, false)
	assert.Equal(t, []string{" batch.state"}, faults(err))
	_, err = b.svc.UndoBatch(t.Context(), batch.ID, clientaccount.Bulk{})
	assert.Equal(t, []string{" batch.state"}, faults(err))
	b.judged(batch.ID)
	assert.Equal(t, []string{" batch.state"}, faults(b.svc.AddToBatch(t.Context(), batch.ID, item)))
	dropped, err := b.svc.StopBatch(t.Context(), batch.ID, olena)
	require.NoError(t, err)
	assert.Equal(t, store.BatchDropped, dropped.State)
	_, err = b.svc.RunBatch(t.Context(), batch.ID, clientaccount.Edit{Actor: olena}, false)
	assert.Equal(t, []string{" batch.state"}, faults(err))

	running := bulk(t, b.svc, store.BatchChange, item)
	b.judged(running.ID)
	for range 2 {
		_, err = b.svc.RunBatch(t.Context(), running.ID, clientaccount.Edit{Actor: olena}, true)
		require.NoError(t, err)
	}
	for range 2 {
		stopped, err := b.svc.StopBatch(t.Context(), running.ID, olena)
		require.NoError(t, err)
		assert.Equal(t, store.BatchStopped, stopped.State)
	}
	more, err := b.svc.WorkOn(t.Context(), running.ID, time.Minute)
	require.NoError(t, err)
	assert.False(t, more)
	assert.Empty(t, b.get(a.ID).Contact.Skype)
	_, err = b.svc.RunBatch(t.Context(), running.ID, clientaccount.Edit{Actor: olena}, true)
	require.NoError(t, err)
	b.tick(0)
	assert.Equal(t, "acme", b.get(a.ID).Contact.Skype)
	_, err = b.svc.StopBatch(t.Context(), running.ID, olena)
	assert.Equal(t, []string{" batch.state"}, faults(err))
	abandoned := bulk(t, b.svc, store.BatchChange, item)
	b.tick(25 * time.Hour)
	batch, _, err = b.svc.Batch(t.Context(), abandoned.ID)
	require.NoError(t, err)
	assert.Equal(t, store.BatchDropped, batch.State)
	b.tick(91 * 24 * time.Hour)
	all, err := b.svc.Batches(t.Context(), store.BatchQuery{})
	require.NoError(t, err)
	assert.Empty(t, all)
}

func TestOneTaskThatFailsHoldsUpNoOther(t *testing.T) {
	b := newBench(t)
	bad := account.ID{}
	asked := errors.New("no price")
	b.svc = clientaccount.New(b.store, &clientaccount.Options{
		Clock: b.clock.Now, Hash: cheap,
		Price: func(_ context.Context, a account.Account) (none account.Optional[decimal.Decimal], _ error) {
			if a.ID == bad && a.Contact.Skype != "" {
				return none, asked
			}
			return none, nil
		},
	})
	one, two := b.create("one"), b.create("two")
	batch := bulk(t, b.svc, store.BatchChange,
		clientaccount.BulkItem{Account: one.ID, Set: map[string]string{"contact.skype": "x"}},
		clientaccount.BulkItem{Account: two.ID, Set: map[string]string{"contact.skype": "x"}})
	bad = one.ID
	poisoned := bulk(t, b.svc, store.BatchChange,
		clientaccount.BulkItem{Account: one.ID, Set: map[string]string{"contact.skype": "z"}},
		clientaccount.BulkItem{Account: two.ID, Set: map[string]string{"contact.skype": "z"}})
	_, err := b.svc.JudgeBatch(t.Context(), poisoned.ID)
	require.NoError(t, err)
	_, err = b.svc.WorkOn(t.Context(), poisoned.ID, time.Minute)
	require.ErrorIs(t, err, asked)
	_, counts, err := b.svc.Batch(t.Context(), poisoned.ID)
	require.NoError(t, err)
	assert.Equal(t, map[store.TaskState]int{store.TaskUnjudged: 1, store.TaskReady: 1}, counts)
	b.clock.Advance(time.Hour)
	judgedBatch, counts := b.worked(poisoned.ID)
	assert.Equal(t, store.BatchJudged, judgedBatch.State)
	assert.Equal(t, map[store.TaskState]int{store.TaskFaulty: 1, store.TaskReady: 1}, counts)
	bad = account.ID{}
	b.judged(batch.ID)
	_, err = b.svc.RunBatch(t.Context(), batch.ID, clientaccount.Edit{Actor: olena}, true)
	require.NoError(t, err)
	bad = one.ID
	_, err = b.svc.WorkOn(t.Context(), batch.ID, time.Minute)
	require.ErrorIs(t, err, asked)
	assert.Equal(t, "x", b.get(two.ID).Contact.Skype)
	bad = account.ID{}
	done, _ := b.worked(batch.ID)
	assert.Equal(t, store.BatchDone, done.State)

	bad = two.ID
	task, err := b.svc.Schedule(t.Context(), one.ID, b.get(one.ID).Revision, b.clock.Now().Add(time.Hour), set("contact.skype", "y"))
	require.NoError(t, err)
	bad = one.ID
	b.clock.Advance(time.Hour)
	require.ErrorIs(t, b.svc.Tick(t.Context()), asked)
	assert.Equal(t, store.TaskWaiting, b.task(task.ID).State)
	b.tick(25 * time.Hour)
	assert.Equal(t, []string{" task.failed"}, taskFaults(b.task(task.ID)))
}

// dying is a store whose transactions fail now and then: before their commit, or after it, when
// nobody can know that they did not.
type dying struct {
	*memstore.Store
	mu   sync.Mutex
	fate []int
}

var errDied = errors.New("the process died")

func (d *dying) Update(ctx context.Context, fn func(context.Context, store.Tx) error) error {
	d.mu.Lock()
	fate := 0
	if len(d.fate) > 0 {
		fate, d.fate = d.fate[0], d.fate[1:]
	}
	d.mu.Unlock()
	err := d.Store.Update(ctx, func(ctx context.Context, tx store.Tx) error {
		if err := fn(ctx, tx); err != nil || fate != 1 {
			return err
		}
		return errDied
	})
	if err == nil && fate == 2 {
		return errDied
	}
	return err
}

// Whatever dies and whoever goes on, nothing is done twice, and all is done in the end.
func TestNothingIsDoneTwiceWhoeverDies(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		clock := &fakeClock{now: began}
		st := &dying{Store: memstore.New()}
		processes := make([]*clientaccount.Service, 2)
		for i := range processes {
			processes[i] = clientaccount.New(st, &clientaccount.Options{Clock: clock.Now, Hash: cheap})
		}
		svc := processes[0]
		ctx, n := t.Context(), rapid.IntRange(1, 12).Draw(r, "clients")
		var items []clientaccount.BulkItem
		var singles, moves []store.Task
		for i := range n {
			e := client(fmt.Sprint("client", i))
			e.Apply = account.Change{}.Set("login", fmt.Sprint("client", i)).Set("contact.company", "C").Apply
			e.NoPassword = true
			made, err := svc.Create(ctx, e)
			require.NoError(r, err)
			a := made.Account
			items = append(items, clientaccount.BulkItem{Account: a.ID, Set: map[string]string{"contact.skype": "bulk"}})
			single, err := svc.Schedule(ctx, a.ID, 1, clock.Now().Add(time.Hour), set("credit.limit", "7"))
			require.NoError(r, err)
			move, err := svc.ProposeMove(ctx, clock.Now().Add(48*time.Hour), clientaccount.MovementOf(topUpOf(a.ID, "5", "move")), account.Optional[[]account.ID]{})
			require.NoError(r, err)
			singles, moves = append(singles, single), append(moves, move)
		}
		items = append(items, clientaccount.BulkItem{Set: map[string]string{"login": "imported", "contact.company": "C"}})
		batch := bulk(r, svc, store.BatchImport, items...)
		_, err := svc.JudgeBatch(ctx, batch.ID)
		require.NoError(r, err)
		clock.Advance(2 * time.Hour)
		for range rapid.IntRange(5, 60).Draw(r, "steps") {
			who := rapid.SampledFrom(processes).Draw(r, "process")
			st.fate = rapid.SliceOfN(rapid.IntRange(0, 2), 0, 4).Draw(r, "fate")
			switch rapid.IntRange(0, 3).Draw(r, "step") {
			case 0:
				_, _ = who.WorkOn(ctx, batch.ID, 0)
			case 1:
				_ = who.Tick(ctx)
			case 2:
				_, _ = who.Confirm(ctx, rapid.SampledFrom(moves).Draw(r, "move").ID, clientaccount.Edit{Actor: marek})
			case 3:
				_, _ = who.RunBatch(ctx, batch.ID, clientaccount.Edit{Actor: olena}, true)
			}
		}
		st.fate = nil
		require.NoError(r, svc.Tick(ctx))
		_, err = svc.RunBatch(ctx, batch.ID, clientaccount.Edit{Actor: olena}, true)
		if _, late := account.AsFaults(err); !late {
			require.NoError(r, err)
		}
		require.NoError(r, svc.Tick(ctx))
		for i, m := range moves {
			done, err := svc.Confirm(ctx, m.ID, clientaccount.Edit{Actor: marek})
			require.NoError(r, err)
			require.Equal(r, store.TaskDone, done.State)
			changes, err := svc.Changes(ctx, account.ChangeQuery{Of: m.Account})
			require.NoError(r, err)
			require.Len(r, changes, 3, "made, in bulk, as scheduled")
			entries, err := svc.Entries(ctx, account.EntryQuery{Account: m.Account})
			require.NoError(r, err)
			require.Len(r, entries, 1)
			single, err := svc.Task(ctx, singles[i].ID)
			require.NoError(r, err)
			require.Equal(r, store.TaskDone, single.State)
		}
		end, counts, err := svc.Batch(ctx, batch.ID)
		require.NoError(r, err)
		require.Equal(r, store.BatchDone, end.State)
		require.Equal(r, map[store.TaskState]int{store.TaskDone: n + 1}, counts)
		imported, err := svc.ByLogin(ctx, "imported")
		require.NoError(r, err)
		require.Equal(r, int64(1), imported.Revision)
	})
}

// Any number may work at once, of one process or of several.
func TestManyWorkOnABatchAtOnce(t *testing.T) {
	b := newBench(t)
	var items []clientaccount.BulkItem
	for i := range 60 {
		items = append(items, clientaccount.BulkItem{Set: map[string]string{"login": fmt.Sprint("new", i), "contact.company": "C"}})
	}
	batch := bulk(t, b.svc, store.BatchImport, items...)
	processes := []*clientaccount.Service{b.svc, b.service(cheap)}
	all := func() {
		var group sync.WaitGroup
		for i := range 4 {
			group.Go(func() {
				for more := true; more; {
					var err error
					if more, err = processes[i%2].WorkOn(t.Context(), batch.ID, time.Minute); err != nil {
						assert.NoError(t, err)
						return
					}
				}
			})
		}
		group.Wait()
	}
	_, err := b.svc.JudgeBatch(t.Context(), batch.ID)
	require.NoError(t, err)
	all()
	_, err = b.svc.RunBatch(t.Context(), batch.ID, clientaccount.Edit{Actor: olena}, true)
	require.NoError(t, err)
	all()
	_, counts, err := b.svc.Batch(t.Context(), batch.ID)
	require.NoError(t, err)
	assert.Equal(t, map[store.TaskState]int{store.TaskDone: 60}, counts)
}
