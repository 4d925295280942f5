package storetest

import (
	"context"
	"errors"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/clientaccount/clientaccount/store"
)

var messageToldPromises = []messagePromise{
	{"deliveries are accepted with their messages, in their order", toldInOrder},
	{"a delivery that is there is left as it is, and the message written", toldAgain},
	{"deliveries of a transaction are accepted with its end", toldInTx},
}

// outbox is that of the first account.
func (m *messages) outbox() outbox { return outbox{m.MessageStore, m.one.balance.Account, m.now} }

func toldInOrder(t *testing.T, m *messages) {
	o := m.outbox()
	first, second, third, alone := of(o.delivery(1), "m-1", false), of(o.delivery(2), "m-1", true), of(o.delivery(3), "m-2", true), o.delivery(4)
	p := m.posting(m.one, m.admitted(t, m.one, "m-1", "m-2")...)
	p.Messages[0].Deliveries = []store.Delivery{second, first}
	p.Messages[1].Deliveries = []store.Delivery{third, alone}
	m.appendPosting(t, m.one, p)
	m.requireKept(t)
	o.requireAll(t, second, first, third, alone)
	for _, d := range p.Messages[1].Deliveries {
		got := o.stored(t, d)
		assert.Equal(t, d.Body, got.Body)
		assert.Equal(t, d.Message, got.Message)
		assert.Equal(t, d.Final, got.Final)
		assert.Equal(t, store.DeliveryWaiting, got.State)
		requireInstant(t, d.DueAt, got.DueAt)
		requireInstant(t, d.CreatedAt, got.CreatedAt)
	}
	claimed := o.claimOne(t, o.now)
	requireIDs(t, claimed.Deliveries, second, third, alone)
	o.record(t, store.HookUpdate{Verdicts: []store.Verdict{o.verdict(second, store.DeliveryDone, 0)}})
	requireIDs(t, o.more(t, o.now, third.ID, alone.ID), first)
}

func toldAgain(t *testing.T, m *messages) {
	o := m.outbox()
	first, enqueued := saying(o.delivery(1), 1), saying(o.delivery(2), 1)
	o.enqueue(t, enqueued)
	p := m.posting(m.one, m.admitted(t, m.one, "m-1", "m-2")...)
	p.Messages[0].Deliveries = []store.Delivery{first, saying(enqueued, 2)}
	p.Messages[1].Deliveries = []store.Delivery{saying(first, 3)}
	m.appendPosting(t, m.one, p)
	p = m.posting(m.one, m.sent(t, m.one.key("m-1"), "17"))
	p.Messages[0].Deliveries = []store.Delivery{saying(first, 4), o.delivery(3), first}
	m.appendPosting(t, m.one, p)
	m.requireKept(t)
	o.requireAll(t, enqueued, first, o.delivery(3))
	for _, d := range []store.Delivery{first, enqueued} {
		assert.Equal(t, d.Fingerprint, o.stored(t, d).Fingerprint)
		assert.Equal(t, d.Body, o.stored(t, d).Body)
	}
	requireIDs(t, o.claimOne(t, o.now).Deliveries, enqueued, first, o.delivery(3))
}

func toldInTx(t *testing.T, m *messages) {
	o, undo := m.outbox(), errors.New("undo")
	p := m.posting(m.one, m.admitted(t, m.one, "m-1")...)
	p.Messages[0].Deliveries = []store.Delivery{o.delivery(1), o.delivery(2)}
	for _, end := range []error{undo, nil} {
		err := m.Update(t.Context(), func(ctx context.Context, tx store.Tx) error {
			if err := tx.Post(ctx, p); err != nil {
				return err
			}
			from, ok := tx.(store.OutboxReader)
			require.True(t, ok)
			got, err := from.Deliveries(ctx, store.DeliveryQuery{Account: o.account})
			assert.Len(t, got, 2, "it reads its own")
			o.requireAll(t)
			return errors.Join(err, enqueueing(o.delivery(3))(ctx, tx), end)
		})
		require.ErrorIs(t, err, end)
		if end != nil {
			o.requireAll(t)
		}
	}
	o.requireAll(t, o.delivery(1), o.delivery(2), o.delivery(3))
	requireIDs(t, o.claimOne(t, o.now).Deliveries, o.delivery(1), o.delivery(2), o.delivery(3))
}
