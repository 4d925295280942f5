package clientaccount_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"testing"
	"time"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/clientaccount/clientaccount"
	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/store"
	"github.com/clientaccount/clientaccount/store/memstore"
)

// meanwhile is a store in which something happens before the next transaction.
type meanwhile struct {
	*memstore.Store
	happens func()
}

func (m *meanwhile) Update(ctx context.Context, fn func(context.Context, store.Tx) error) error {
	if happens := m.happens; happens != nil {
		m.happens = nil
		happens()
	}
	return m.Store.Update(ctx, fn)
}

// Who lets a batch run in the moment in which the last of it was judged is asked like anybody.
func TestNoBatchRunsUnguarded(t *testing.T) {
	b := newBench(t)
	st := &meanwhile{Store: b.store}
	other := clientaccount.New(st, &clientaccount.Options{Clock: b.clock.Now, Hash: cheap})
	a := b.create("acme")
	item := clientaccount.BulkItem{Account: a.ID, Set: map[string]string{"credit.limit": "9000"}}
	never := clientaccount.Edit{Actor: marek, Guard: func(_, _ account.Account) error {
		return account.Faults{account.NewFault("credit.limit", "field.forbidden")}
	}}
	judging := bulk(t, b.svc, store.BatchChange, item)
	_, err := b.svc.JudgeBatch(t.Context(), judging.ID)
	require.NoError(t, err)
	st.happens = func() { b.worked(judging.ID) }
	_, err = other.RunBatch(t.Context(), judging.ID, never, false)
	assert.Equal(t, []string{" batch.state"}, faults(err), "as it was when it was asked for")
	b.worked(judging.ID)
	assert.True(t, b.get(a.ID).Credit.Limit.IsZero())
}

// A task that was done while the Guard was asked about it stays done.
func TestAGuardRefusesNothingThatWasDone(t *testing.T) {
	b := newBench(t)
	a := b.create("acme")
	batch := bulk(t, b.svc, store.BatchChange, clientaccount.BulkItem{Account: a.ID, Set: map[string]string{"credit.limit": "9000"}})
	b.judged(batch.ID)
	e := clientaccount.Edit{Actor: olena, Guard: func(_, _ account.Account) error {
		require.NoError(t, b.store.Update(t.Context(), func(ctx context.Context, tx store.Tx) error {
			done := b.lines(batch.ID)[0]
			done.State = store.TaskDone
			return tx.(store.TaskTx).PutTasks(ctx, done)
		}))
		return account.Faults{account.NewFault("credit.limit", "field.forbidden")}
	}}
	_, err := b.svc.RunBatch(t.Context(), batch.ID, e, false)
	require.NoError(t, err)
	_, counts := b.worked(batch.ID)
	assert.Equal(t, map[store.TaskState]int{store.TaskDone: 1}, counts)
}

// What fails again and again is given up, and the batch comes to its end.
func TestATaskThatFailsForTooLongIsRefused(t *testing.T) {
	b := newBench(t)
	failed := errors.New("no price")
	bad := false
	b.svc = clientaccount.New(b.store, &clientaccount.Options{
		Clock: b.clock.Now, Hash: cheap,
		Price: func(context.Context, account.Account) (none account.Optional[decimal.Decimal], err error) {
			if bad {
				err = failed
			}
			return none, err
		},
	})
	batch := bulk(t, b.svc, store.BatchChange, clientaccount.BulkItem{Account: b.create("acme").ID, Set: map[string]string{"contact.skype": "x"}})
	b.judged(batch.ID)
	_, err := b.svc.RunBatch(t.Context(), batch.ID, clientaccount.Edit{Actor: olena}, true)
	require.NoError(t, err)
	bad = true
	for range 20 {
		_, err = b.svc.WorkOn(t.Context(), batch.ID, time.Minute)
		require.ErrorIs(t, err, failed)
	}
	assert.Equal(t, store.TaskReady, b.lines(batch.ID)[0].State, "it may go over")
	b.clock.Advance(time.Hour)
	_, err = b.svc.WorkOn(t.Context(), batch.ID, time.Minute)
	require.NoError(t, err)
	assert.Equal(t, []string{" task.failed"}, taskFaults(b.lines(batch.ID)[0]))
	done, _ := b.worked(batch.ID)
	assert.Equal(t, store.BatchDone, done.State)
}

// What was shown is done, and no more than that: not of another field, nor with more money.
func TestAStepIsDoneAsItWasShown(t *testing.T) {
	b := newBench(t)
	product, err := b.svc.SaveProduct(t.Context(), account.Product{Name: "Gold", Currency: "EUR", Priority: account.Some(2)}, olena, "")
	require.NoError(t, err)
	gets, closes := b.create("gets"), b.create("closes")
	topUp := func(amount, reference string) {
		t.Helper()
		_, err := b.svc.TopUp(t.Context(), topUpOf(closes.ID, amount, reference))
		require.NoError(t, err)
	}
	topUp("500", "first")
	later := func(a account.Account, pathsAndTexts ...string) account.ID {
		t.Helper()
		task, err := b.svc.Schedule(t.Context(), a.ID, a.Revision, b.clock.Now().Add(time.Hour), setBy(olena, "", pathsAndTexts...))
		require.NoError(t, err)
		return task.ID
	}
	given, closed := later(gets, "notes.product", product.ID.String()), later(closes, "status", "closed")
	product.CreditLimit = account.Some(account.Amount("9000"))
	_, err = b.svc.SaveProduct(t.Context(), product, olena, "")
	require.NoError(t, err)
	topUp("200", "second")
	b.tick(time.Hour)
	assert.Equal(t, []string{"credit.limit task.step"}, taskFaults(b.task(given)))
	assert.Equal(t, []string{"status task.step"}, taskFaults(b.task(closed)))

	closed = later(b.get(closes.ID), "status", "closed")
	_, err = b.svc.Charge(t.Context(), chargeOf(closes.ID, "1", "sent"))
	require.NoError(t, err)
	b.tick(time.Hour)
	assert.Equal(t, store.TaskDone, b.task(closed).State, "less than was shown")
}

// What runs is not taken back meanwhile: the rest of it would never be.
func TestABatchThatRunsIsNotTakenBack(t *testing.T) {
	b := newBench(t)
	var items []clientaccount.BulkItem
	for i := range 70 {
		items = append(items, clientaccount.BulkItem{Account: b.create(fmt.Sprint("client", i)).ID, Set: map[string]string{"contact.skype": "x"}})
	}
	batch := bulk(t, b.svc, store.BatchChange, items...)
	b.judged(batch.ID)
	run := func(id account.ID) error {
		_, err := b.svc.RunBatch(t.Context(), id, clientaccount.Edit{Actor: olena}, true)
		return err
	}
	require.NoError(t, run(batch.ID))
	_, err := b.svc.WorkOn(t.Context(), batch.ID, 1)
	require.NoError(t, err)
	_, err = b.svc.StopBatch(t.Context(), batch.ID, olena)
	require.NoError(t, err)
	undo, err := b.svc.UndoBatch(t.Context(), batch.ID, clientaccount.Bulk{Actor: olena})
	require.NoError(t, err)
	b.worked(undo.ID)
	require.NoError(t, run(batch.ID))
	assert.Equal(t, []string{" batch.more"}, faults(run(undo.ID)), "it goes on")
}

// What was dropped is never done: the tokens of its URLs are not kept, whoever dropped it.
func TestADroppedBatchKeepsNoTokens(t *testing.T) {
	b := newBench(t)
	drops := []func(id account.ID){
		func(id account.ID) { _, err := b.svc.StopBatch(t.Context(), id, olena); require.NoError(t, err) },
		func(account.ID) { b.tick(100 * 24 * time.Hour) },
	}
	for i, drop := range drops {
		item := clientaccount.BulkItem{Account: b.create(fmt.Sprint("client", i)).ID, Set: map[string]string{"webhooks.rest_state": "https://hook.example/?token=SECRET"}}
		batch := bulk(t, b.svc, store.BatchImport, item)
		b.judged(batch.ID)
		drop(batch.ID)
		left := b.lines(batch.ID)[0]
		assert.Equal(t, store.TaskCancelled, left.State)
		assert.NotContains(t, left.Set["webhooks.rest_state"], "SECRET")
		assert.False(t, b.batch(batch.ID).EndedAt.IsZero())
	}
}

func (b *bench) batch(id account.ID) store.Batch {
	b.Helper()
	batch, _, err := b.svc.Batch(b.Context(), id)
	require.NoError(b, err)
	return batch
}

// What was not masked when a batch was dropped, or given up, is by the next Tick, whoever dropped it.
func TestWhatADroppedBatchKeptIsMaskedByTheNextTick(t *testing.T) {
	b := newBench(t)
	item := func() clientaccount.BulkItem {
		return clientaccount.BulkItem{Account: b.create(fmt.Sprint("client", b.clock.Now().UnixNano())).ID, Set: map[string]string{"webhooks.rest_state": "https://hook.example/?token=SECRET"}}
	}
	ctx, cancel := context.WithCancel(t.Context())
	dying := clientaccount.New(b.store, &clientaccount.Options{Clock: b.clock.Now, Hash: cheap, Logger: slog.New(handler(func(text string) {
		if text == "a batch was stopped" {
			cancel()
		}
	}))})
	dropped := bulk(t, b.svc, store.BatchImport, item())
	b.judged(dropped.ID)
	left, err := dying.StopBatch(ctx, dropped.ID, olena)
	require.NoError(t, err)
	assert.Equal(t, store.BatchDropped, left.State)
	assert.Zero(t, left.EndedAt, "there is a token in it")
	assert.Contains(t, b.lines(dropped.ID)[0].Set["webhooks.rest_state"], "SECRET")
	b.tick(time.Second)
	assert.Equal(t, store.TaskCancelled, b.lines(dropped.ID)[0].State)
	assert.NotContains(t, b.lines(dropped.ID)[0].Set["webhooks.rest_state"], "SECRET")
	ended := b.batch(dropped.ID)
	assert.False(t, ended.EndedAt.IsZero())
	b.tick(time.Second)
	assert.Equal(t, ended, b.batch(dropped.ID), "nothing is left to be done")

	plain := bulk(t, b.svc, store.BatchChange, clientaccount.BulkItem{Account: b.create("plain").ID, Set: map[string]string{"contact.skype": "x"}})
	left, err = b.svc.StopBatch(t.Context(), plain.ID, olena)
	require.NoError(t, err)
	assert.False(t, left.EndedAt.IsZero())
}

// handler is told the text of each line of a log.
type handler func(text string)

func (h handler) Enabled(context.Context, slog.Level) bool      { return true }
func (h handler) Handle(_ context.Context, r slog.Record) error { h(r.Message); return nil }
func (h handler) WithAttrs([]slog.Attr) slog.Handler            { return h }
func (h handler) WithGroup(string) slog.Handler                 { return h }
