package storetest

import (
	"context"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/account/accounttest"
	"github.com/clientaccount/clientaccount/store"
)

// eachPromises are those of a [store.Enqueuer], and of a [store.Reviser].
var eachPromises = []outboxPromise{
	{"calls are accepted together, each whole", eachWhole},
	{"calls of one delivery wait behind what is there of their messages, in their order", eachSingle},
	{"what is wrong with a call does no harm to the others", eachGuilty},
	{"the same at once is accepted once, and of two contents one", eachRace},
	{"within a transaction it is ErrNested, and after its context's end nothing is written", eachContext},
	{"revisions are the present ones", revisions},
}

func enqueuer(t *testing.T, o outbox) store.Enqueuer {
	t.Helper()
	e, can := o.OutboxStore.(store.Enqueuer)
	if !can {
		t.Skip("it is no store.Enqueuer")
	}
	return e
}

func (o outbox) requireAll(t *testing.T, want ...store.Delivery) {
	t.Helper()
	all, err := o.Deliveries(t.Context(), store.DeliveryQuery{Account: o.account})
	require.NoError(t, err)
	requireIDs(t, backward(all), want...)
}

func eachWhole(t *testing.T, o outbox) {
	e := enqueuer(t, o)
	first, second, third := of(o.delivery(1), "m", false), of(o.delivery(2), "m", true), o.delivery(3)
	for range 2 {
		accepted, err := e.EnqueueEach(t.Context(), [][]store.Delivery{{first, second}, {}, {third}})
		require.NoError(t, err)
		assert.Equal(t, []bool{true, true, true}, accepted)
		o.requireAll(t, first, second, third)
	}
	requireIDs(t, o.claimOne(t, o.now).Deliveries, first, third)
	accepted, err := e.EnqueueEach(t.Context(), nil)
	require.NoError(t, err)
	assert.Empty(t, accepted)
}

func eachSingle(t *testing.T, o outbox) {
	e := enqueuer(t, o)
	early := of(saying(o.delivery(1), 1), "m", false)
	early.DueAt = o.now.Add(time.Hour)
	o.enqueue(t, early)
	later, first, second := of(o.delivery(2), "m", true), of(o.delivery(3), "n", false), of(o.delivery(4), "n", true)
	calls := [][]store.Delivery{{later}, {first}, {saying(early, 2)}, {second}, {first}}
	for range 2 {
		accepted, err := e.EnqueueEach(t.Context(), calls)
		require.NoError(t, err)
		assert.Equal(t, []bool{true, true, false, true, true}, accepted)
		o.requireAll(t, early, later, first, second)
	}
	requireInstant(t, early.DueAt, o.stored(t, later).DueAt)
	requireIDs(t, o.claimOne(t, o.now).Deliveries, first)
}

func eachGuilty(t *testing.T, o outbox) {
	e := enqueuer(t, o)
	there := saying(o.delivery(1), 1)
	o.enqueue(t, there)
	foreign, nul := o.delivery(3), o.delivery(4)
	foreign.Hook.Account = accounttest.ID(9)
	nul.Body = "a\x00b"
	calls := [][]store.Delivery{
		{o.delivery(10)},
		{o.delivery(2), saying(there, 2)},
		{o.delivery(11)},
		{o.delivery(5), foreign},
		{o.delivery(6), nul},
		{o.delivery(12), there},
		{saying(o.delivery(13), 1)},
		{saying(o.delivery(13), 2)},
	}
	accepted, err := e.EnqueueEach(t.Context(), calls)
	require.NoError(t, err)
	assert.Equal(t, []bool{true, false, true, false, false, true, true, false}, accepted)
	o.requireAll(t, there, o.delivery(10), o.delivery(11), o.delivery(12), o.delivery(13))
	for i, want := range map[int]error{1: account.ErrReused, 3: account.ErrConflict, 7: account.ErrReused} {
		require.ErrorIs(t, o.Update(t.Context(), enqueueing(calls[i]...)), want, "%d alone", i)
	}
	require.Error(t, o.Update(t.Context(), enqueueing(calls[4]...)))
}

// eachRace has several callers accept a delivery of their own with one that is the same for
// all, and one of which each has another content.
func eachRace(t *testing.T, o outbox) {
	e := enqueuer(t, o)
	const callers = 6
	got := make([][]bool, callers)
	var wg sync.WaitGroup
	for n := range callers {
		wg.Go(func() {
			calls := [][]store.Delivery{
				{o.delivery(20 + n)}, {o.delivery(1)}, {o.delivery(40 + n), saying(o.delivery(2), byte(n+1))},
			}
			for i := range calls {
				got[n] = append(got[n], false)
				for !got[n][i] { // alone, as who was not accepted does
					err := retry(context.Background(), o, enqueueing(calls[i]...))
					if i == 2 && err != nil {
						assert.ErrorIs(t, err, account.ErrReused)
						break
					}
					if n%2 == 0 {
						accepted, err := e.EnqueueEach(context.Background(), calls[i:i+1])
						assert.NoError(t, err)
						got[n][i] = accepted[0]
						continue
					}
					got[n][i] = assert.NoError(t, err)
				}
			}
		})
	}
	wg.Wait()
	told := 0
	for n := range callers {
		assert.Equal(t, []bool{true, true}, got[n][:2])
		_, err := o.Delivery(t.Context(), o.account, o.delivery(40+n).ID)
		assert.Equal(t, got[n][2], err == nil, "whole or nothing of it")
		if got[n][2] {
			told++
		}
	}
	assert.Equal(t, 1, told)
}

func eachContext(t *testing.T, o outbox) {
	e := enqueuer(t, o)
	for _, calls := range [][][]store.Delivery{nil, {{o.delivery(1)}}} {
		update(t, o, func(ctx context.Context, _ store.Tx) error {
			_, err := e.EnqueueEach(ctx, calls)
			require.ErrorIs(t, err, store.ErrNested)
			require.ErrorIs(t, err, store.ErrNothing)
			return nil
		})
	}
	ended, end := context.WithCancel(t.Context())
	end()
	_, err := e.EnqueueEach(ended, [][]store.Delivery{{o.delivery(1)}})
	require.ErrorIs(t, err, context.Canceled)
	require.ErrorIs(t, err, store.ErrNothing)
	o.requireAll(t)
}

func revisions(t *testing.T, o outbox) {
	r, can := o.OutboxStore.(store.Reviser)
	if !can {
		t.Skip("it is no store.Reviser")
	}
	putReferences(t, o)
	product, manager, nobody := accounttest.Product(1), accounttest.Manager(1), accounttest.ID(9)
	ids := []account.ID{o.account, product.ID, nobody, manager.ID, o.account}
	was := get(t, o, o.account)
	want := map[account.ID]int64{o.account: was.Revision, product.ID: product.Revision, manager.ID: manager.Revision}
	got, err := r.Revisions(t.Context(), ids)
	require.NoError(t, err)
	assert.Equal(t, want, got)
	update(t, o, replacing(next(was)))
	want[o.account]++
	got, err = r.Revisions(t.Context(), ids)
	require.NoError(t, err)
	assert.Equal(t, want, got)
	got, err = r.Revisions(t.Context(), nil)
	require.NoError(t, err)
	assert.Empty(t, got)
}
