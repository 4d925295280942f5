package storetest

import (
	"context"
	"errors"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/account/accounttest"
	"github.com/clientaccount/clientaccount/store"
)

var acceptPromises = []outboxPromise{
	{"a delivery comes back as it was given", acceptValues},
	{"a delivery is there when its transaction is committed, and only then", acceptWithTransaction},
	{"an id that is there already is left as it is", acceptTwice},
	{"another content under an id is ErrReused, and nothing of the call is accepted", acceptOther},
	{"other contents under an id at once: one is accepted, the others learn of it", acceptRace},
	{"an unknown account is ErrConflict", acceptUnknown},
	{"a transaction reads what it accepted", acceptReadBack},
}

func acceptValues(t *testing.T, o outbox) {
	d := of(o.delivery(1), "message ' \" ? 1", true)
	d.DueAt = o.now.Add(time.Hour)
	d.Fingerprint = account.Fingerprint{0: 1, 15: 255}
	d.State, d.Tries, d.Seq, d.EndedAt = store.DeliveryDead, 9, 77, o.now // not looked at
	o.enqueue(t, d)
	got := o.stored(t, d)
	assert.Positive(t, got.Seq)
	requireInstant(t, d.CreatedAt, got.CreatedAt)
	requireInstant(t, d.DueAt, got.DueAt)
	want := store.Delivery{
		ID: d.ID, Hook: d.Hook, Message: d.Message, Final: true, Body: d.Body, Fingerprint: d.Fingerprint, State: store.DeliveryWaiting,
		Seq: got.Seq, CreatedAt: got.CreatedAt, DueAt: got.DueAt,
	}
	assert.Equal(t, want, got)
	_, err := o.Delivery(t.Context(), o.account, accounttest.ID(1))
	require.ErrorIs(t, err, account.ErrNotFound)
	_, err = o.Delivery(t.Context(), accounttest.ID(1), d.ID)
	require.ErrorIs(t, err, account.ErrNotFound, "of another account")
}

func acceptWithTransaction(t *testing.T, o outbox) {
	d := o.delivery(1)
	refused := errors.New("refused")
	err := o.Update(t.Context(), func(ctx context.Context, tx store.Tx) error {
		return errors.Join(enqueueing(d)(ctx, tx), refused)
	})
	require.ErrorIs(t, err, refused)
	_, err = o.Delivery(t.Context(), o.account, d.ID)
	require.ErrorIs(t, err, account.ErrNotFound, "rolled back")
	require.Empty(t, o.claim(t, owner, o.now))
	o.enqueue(t, d)
	requireIDs(t, o.claimOne(t, o.now).Deliveries, d)
}

func acceptTwice(t *testing.T, o outbox) {
	d := o.delivery(1)
	o.enqueue(t, d)
	o.claimOne(t, o.now)
	o.record(t, store.HookUpdate{Release: true, Verdicts: []store.Verdict{o.verdict(d, store.DeliveryDone, 0)}})
	was := o.stored(t, d)
	again := d
	again.Body = "the same, made at another time"
	o.enqueue(t, again, o.delivery(2))
	assert.Equal(t, was, o.stored(t, d))
	requireIDs(t, o.claimOne(t, o.now).Deliveries, o.delivery(2))
}

// saying returns a delivery's content.
func saying(d store.Delivery, what byte) store.Delivery {
	d.Body, d.Fingerprint = string('a'+rune(what)), account.Fingerprint{what, 1}
	return d
}

func acceptOther(t *testing.T, o outbox) {
	first, second, api := saying(o.delivery(1), 1), saying(o.delivery(2), 1), saying(o.delivery(3), 1)
	api.Hook.Kind = account.HookAPIState
	o.enqueue(t, first)
	was := o.stored(t, first)
	for name, ds := range map[string][]store.Delivery{
		"alone":                {saying(first, 2)},
		"without any":          {saying(first, 0)},
		"after others":         {second, api, saying(first, 2)},
		"before others":        {saying(first, 2), second, api},
		"twice in one call":    {second, saying(second, 2)},
		"of the other webhook": {api, saying(first, 2)},
	} {
		err := o.Update(t.Context(), func(ctx context.Context, tx store.Tx) error {
			require.ErrorIs(t, enqueueing(ds...)(ctx, tx), account.ErrReused, name)
			return nil // as a host would that goes on
		})
		require.NoError(t, err, name)
		assert.Equal(t, was, o.stored(t, first), name)
		all, err := o.Deliveries(t.Context(), store.DeliveryQuery{Account: o.account})
		require.NoError(t, err)
		requireIDs(t, all, first)
	}
	o.enqueue(t, first, second, second)
	o.claimOne(t, o.now)
	o.record(t, store.HookUpdate{Release: true, Verdicts: []store.Verdict{o.verdict(first, store.DeliveryDead, 0)}})
	_, err := o.Replay(t.Context(), store.Replay{Account: o.account, Now: o.now})
	require.NoError(t, err)
	require.ErrorIs(t, retry(t.Context(), o, enqueueing(saying(first, 2))), account.ErrReused, "also once it is to be sent again")
	assert.Equal(t, was.Fingerprint, o.stored(t, first).Fingerprint)
}

// acceptRace gives each of several callers a content of its own for the first of two ids.
func acceptRace(t *testing.T, o outbox) {
	const callers = 6
	errs := make([]error, callers)
	var wg sync.WaitGroup
	for n := range callers {
		wg.Go(func() {
			own := saying(o.delivery(10+n), 1)
			errs[n] = retry(context.Background(), o, enqueueing(own, saying(o.delivery(1), byte(n+1))))
		})
	}
	wg.Wait()
	accepted := 0
	for n, err := range errs {
		_, missing := o.Delivery(t.Context(), o.account, o.delivery(10+n).ID)
		if err == nil {
			accepted++
			require.NoError(t, missing)
			assert.Equal(t, account.Fingerprint{byte(n + 1), 1}, o.stored(t, o.delivery(1)).Fingerprint)
			continue
		}
		require.ErrorIs(t, err, account.ErrReused)
		require.ErrorIs(t, missing, account.ErrNotFound, "nothing of a refused call is written")
	}
	assert.Equal(t, 1, accepted)
}

func acceptUnknown(t *testing.T, o outbox) {
	for _, id := range []account.ID{accounttest.ID(9), {}} {
		d := o.delivery(1)
		d.Hook.Account = id
		require.ErrorIs(t, o.Update(t.Context(), enqueueing(d)), account.ErrConflict)
	}
}

func acceptReadBack(t *testing.T, o outbox) {
	d := o.delivery(1)
	update(t, o, func(ctx context.Context, tx store.Tx) error {
		if err := enqueueing(d)(ctx, tx); err != nil {
			return err
		}
		from, ok := tx.(store.OutboxReader)
		require.True(t, ok)
		got, err := from.Delivery(ctx, o.account, d.ID)
		assert.Equal(t, d.Body, got.Body)
		return err
	})
}
