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

var replayPromises = []outboxPromise{
	{"ended deliveries are replayed by id, hook and time, with the same id", replay},
	{"deliveries that were done are replayed when asked for", replayDone},
	{"replayed deliveries of a message keep their order", replayOrder},
	{"old deliveries are purged, the oldest first", purge},
}

var askPromises = []outboxPromise{
	{"deliveries are listed in pages, the newest first", askPages},
	{"deliveries are listed by kind, state and message", askFilters},
	{"an account without deliveries has none, and no hooks", askNothing},
}

var hookSecretPromises = []outboxPromise{
	{"secrets are kept in their order, in place of any before", secretsKept},
	{"secrets of an unknown account are ErrConflict", secretsUnknown},
}

// ended enqueues a delivery of each state: waiting, done, dead.
func (o outbox) ended(t *testing.T) (waiting, done, dead store.Delivery) {
	t.Helper()
	waiting, done, dead = o.delivery(1), o.delivery(2), o.delivery(3)
	waiting.DueAt = o.now.Add(time.Hour)
	o.enqueue(t, waiting, done, dead)
	o.claimOne(t, o.now)
	o.record(t, store.HookUpdate{Release: true, Verdicts: []store.Verdict{
		o.verdict(done, store.DeliveryDone, 0), o.verdict(dead, store.DeliveryDead, 0),
	}})
	return waiting, done, dead
}

func replay(t *testing.T, o outbox) {
	_, _, dead := o.ended(t)
	at := o.now.Add(30 * time.Minute)
	for name, r := range map[string]store.Replay{
		"of another account":  {Account: accounttest.ID(1)},
		"of other ids":        {IDs: []account.ID{o.delivery(1).ID, o.delivery(2).ID}},
		"of another hook":     {Kind: account.HookAPIState},
		"created later":       {From: o.now.Add(time.Microsecond)},
		"created before":      {To: o.now},
		"from after any year": {From: time.Date(12_026, 1, 1, 0, 0, 0, 0, time.UTC)},
		"to before any year":  {To: time.Date(-5, 1, 1, 0, 0, 0, 0, time.UTC)},
	} {
		r.Now = at
		if r.Account.IsZero() {
			r.Account = o.account
		}
		n, err := o.Replay(t.Context(), r)
		require.NoError(t, err, name)
		require.Zero(t, n, name)
	}
	n, err := o.Replay(t.Context(), store.Replay{
		Account: o.account, IDs: []account.ID{dead.ID, o.delivery(9).ID}, Kind: account.HookRESTState,
		From: o.now, To: o.now.Add(time.Microsecond), Now: at,
	})
	require.NoError(t, err)
	require.Equal(t, 1, n)
	require.Empty(t, o.claim(t, owner, at.Add(-time.Microsecond)))
	got := o.claimOne(t, at).Deliveries
	requireIDs(t, got, dead)
	assert.Zero(t, got[0].Tries)
	assert.Zero(t, got[0].EndedAt)
	assert.Equal(t, dead.Body, got[0].Body)
}

func replayDone(t *testing.T, o outbox) {
	_, done, dead := o.ended(t)
	n, err := o.Replay(t.Context(), store.Replay{Account: o.account, Done: true, Now: o.now})
	require.NoError(t, err)
	require.Equal(t, 2, n)
	requireIDs(t, o.claimOne(t, o.now).Deliveries, done, dead)
}

func replayOrder(t *testing.T, o outbox) {
	first, second := of(o.delivery(2), "m", false), of(o.delivery(1), "m", true)
	o.enqueue(t, first, second)
	o.claimOne(t, o.now)
	o.record(t, store.HookUpdate{Release: true, Bury: "off"})
	n, err := o.Replay(t.Context(), store.Replay{Account: o.account, Now: o.now})
	require.NoError(t, err)
	require.Equal(t, 2, n)
	requireIDs(t, o.claimOne(t, o.now).Deliveries, first)
}

func purge(t *testing.T, o outbox) {
	waiting, done, dead := o.ended(t)
	after := o.now.Add(time.Microsecond)
	for _, until := range [][2]time.Time{{o.now, o.now}, {o.now.Add(-time.Hour), o.now}} {
		n, err := o.Purge(t.Context(), until[0], until[1], 10)
		require.NoError(t, err)
		require.Zero(t, n)
	}
	n, err := o.Purge(t.Context(), after, o.now, 10)
	require.NoError(t, err)
	require.Equal(t, 1, n)
	_, err = o.Delivery(t.Context(), o.account, done.ID)
	require.ErrorIs(t, err, account.ErrNotFound)
	assert.Equal(t, store.DeliveryDead, o.stored(t, dead).State)
	n, err = o.Purge(t.Context(), after, after, 10)
	require.NoError(t, err)
	require.Equal(t, 1, n)
	assert.Equal(t, store.DeliveryWaiting, o.stored(t, waiting).State)

	for n := range 3 {
		d := o.delivery(10 + n)
		o.enqueue(t, d)
		o.claimOne(t, o.now)
		o.record(t, store.HookUpdate{
			Release: true, At: o.now.Add(time.Duration(-n) * time.Second),
			Verdicts: []store.Verdict{o.verdict(d, store.DeliveryDead, 0)},
		})
	}
	n, err = o.Purge(t.Context(), after, after, 2)
	require.NoError(t, err)
	require.Equal(t, 2, n)
	assert.Equal(t, store.DeliveryDead, o.stored(t, o.delivery(10)).State, "the youngest")
}

func askPages(t *testing.T, o outbox) {
	var all []store.Delivery
	for n := range 25 {
		all = append(all, o.delivery(100-n))
	}
	o.enqueue(t, all[:10]...)
	o.enqueue(t, all[10:]...)
	var got []store.Delivery
	for before := int64(0); ; {
		page, err := o.Deliveries(t.Context(), store.DeliveryQuery{Account: o.account, Before: before, Limit: 10})
		require.NoError(t, err)
		got = append(got, page...)
		if len(page) < 10 {
			break
		}
		before = page[9].Seq
	}
	requireIDs(t, got, backward(all)...)
}

func askFilters(t *testing.T, o outbox) {
	waiting, done, dead := o.ended(t)
	api := of(o.delivery(4), "m", true)
	api.Hook.Kind = account.HookAPIState
	o.enqueue(t, api)
	for want, q := range map[*store.Delivery]store.DeliveryQuery{
		&waiting: {Kind: account.HookRESTState, State: store.DeliveryWaiting},
		&done:    {State: store.DeliveryDone},
		&dead:    {State: store.DeliveryDead},
		&api:     {Message: "m"},
	} {
		q.Account = o.account
		got, err := o.Deliveries(t.Context(), q)
		require.NoError(t, err)
		requireIDs(t, got, *want)
	}
	got, err := o.Deliveries(t.Context(), store.DeliveryQuery{Account: o.account, Kind: account.HookAPIState})
	require.NoError(t, err)
	requireIDs(t, got, api)
	statuses, err := o.HookStatuses(t.Context(), o.account)
	require.NoError(t, err)
	require.Len(t, statuses, 2)
	assert.Equal(t, store.HookStatus{Hook: api.Hook, Waiting: 1}, statuses[0], "by kind, as on the page")
	assert.Equal(t, store.HookStatus{Hook: o.hook(), Waiting: 1, Dead: 1}, statuses[1])
}

func askNothing(t *testing.T, o outbox) {
	for _, id := range []account.ID{o.account, accounttest.ID(1), {}} {
		ds, err := o.Deliveries(t.Context(), store.DeliveryQuery{Account: id, Message: "a\x00b"})
		require.NoError(t, err)
		require.Empty(t, ds)
		statuses, err := o.HookStatuses(t.Context(), id)
		require.NoError(t, err)
		require.Empty(t, statuses)
		secrets, err := o.HookSecrets(t.Context(), id)
		require.NoError(t, err)
		require.Empty(t, secrets)
	}
}

func settingSecrets(id account.ID, secrets ...account.HookSecret) func(context.Context, store.Tx) error {
	return func(ctx context.Context, tx store.Tx) error {
		to, ok := tx.(store.OutboxTx)
		if !ok {
			return errors.New("the transaction is no store.OutboxTx")
		}
		return to.SetHookSecrets(ctx, id, secrets)
	}
}

func secretsKept(t *testing.T, o outbox) {
	one, two := account.NewHookSecret("whsec_one' ? $1", o.now), account.NewHookSecret("whsec_two", o.now.Add(time.Hour))
	one.EndsAt = o.now.Add(time.Hour)
	for _, set := range [][]account.HookSecret{{two, one}, {one, two}, {one}, nil} {
		update(t, o, settingSecrets(o.account, set...))
		got, err := o.HookSecrets(t.Context(), o.account)
		require.NoError(t, err)
		require.Len(t, got, len(set))
		for i, want := range set {
			assert.Equal(t, want.Reveal(), got[i].Reveal())
			requireInstant(t, want.CreatedAt, got[i].CreatedAt)
			requireInstant(t, want.EndsAt, got[i].EndsAt)
		}
	}
}

func secretsUnknown(t *testing.T, o outbox) {
	secret := account.NewHookSecret("whsec_canary", o.now)
	err := o.Update(t.Context(), settingSecrets(accounttest.ID(9), secret))
	require.ErrorIs(t, err, account.ErrConflict)
	assert.NotContains(t, err.Error(), "canary")
}
