package storetest

import (
	"context"
	"errors"
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
	{"an unknown account is ErrConflict", acceptUnknown},
	{"a transaction reads what it accepted", acceptReadBack},
}

func acceptValues(t *testing.T, o outbox) {
	d := of(o.delivery(1), "message ' \" ? 1", true)
	d.DueAt = o.now.Add(time.Hour)
	d.State, d.Tries, d.Seq, d.EndedAt = store.DeliveryDead, 9, 77, o.now // not looked at
	o.enqueue(t, d)
	got := o.stored(t, d)
	assert.Positive(t, got.Seq)
	requireInstant(t, d.CreatedAt, got.CreatedAt)
	requireInstant(t, d.DueAt, got.DueAt)
	want := store.Delivery{
		ID: d.ID, Hook: d.Hook, Message: d.Message, Final: true, Body: d.Body, State: store.DeliveryWaiting,
		Seq: got.Seq, CreatedAt: got.CreatedAt, DueAt: got.DueAt,
	}
	assert.Equal(t, want, got)
	_, err := o.Delivery(t.Context(), o.account, accounttest.ID(1))
	require.ErrorIs(t, err, store.ErrNotFound)
	_, err = o.Delivery(t.Context(), accounttest.ID(1), d.ID)
	require.ErrorIs(t, err, store.ErrNotFound, "of another account")
}

func acceptWithTransaction(t *testing.T, o outbox) {
	d := o.delivery(1)
	refused := errors.New("refused")
	err := o.Update(t.Context(), func(ctx context.Context, tx store.Tx) error {
		return errors.Join(enqueueing(d)(ctx, tx), refused)
	})
	require.ErrorIs(t, err, refused)
	_, err = o.Delivery(t.Context(), o.account, d.ID)
	require.ErrorIs(t, err, store.ErrNotFound, "rolled back")
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
	again.Body = "another"
	o.enqueue(t, again, o.delivery(2))
	assert.Equal(t, was, o.stored(t, d))
	requireIDs(t, o.claimOne(t, o.now).Deliveries, o.delivery(2))
}

func acceptUnknown(t *testing.T, o outbox) {
	for _, id := range []account.ID{accounttest.ID(9), {}} {
		d := o.delivery(1)
		d.Hook.Account = id
		require.ErrorIs(t, o.Update(t.Context(), enqueueing(d)), store.ErrConflict)
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
