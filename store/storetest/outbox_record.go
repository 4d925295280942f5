package storetest

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/store"
)

var orderPromises = []outboxPromise{
	{"a later delivery of a message waits for the earlier ones", orderOfMessage},
	{"a delivery waits for none of another message or hook", orderOfOthers},
	{"what waits for a delivery is due no sooner than it", orderOfDue},
	{"what a later or final delivery overtook is marked", orderOvertaken},
}

var recordPromises = []outboxPromise{
	{"what came of a delivery is kept", recordKept},
	{"a delivery that failed waits until it is due again", recordRetry},
	{"burying ends all that waits for a hook, and nothing else", recordBuried},
	{"a delivery that is gone is no error", recordGone},
}

func orderOfMessage(t *testing.T, o outbox) {
	first, second := of(o.delivery(2), "m", false), of(o.delivery(1), "m", true)
	o.enqueue(t, first)
	o.enqueue(t, second)
	requireIDs(t, o.claimOne(t, o.now).Deliveries, first)
	require.Empty(t, o.more(t, o.now, first.ID), "not even while the first one is under way")
	o.record(t, store.HookUpdate{Verdicts: []store.Verdict{o.verdict(first, store.DeliveryDone, 0)}})
	requireIDs(t, o.more(t, o.now), second)
}

func orderOfOthers(t *testing.T, o outbox) {
	stuck, other, none, nextNone := of(o.delivery(1), "m", false), of(o.delivery(2), "n", false), o.delivery(3), o.delivery(4)
	api := of(o.delivery(5), "m", true)
	api.Hook.Kind = account.HookAPIState
	o.enqueue(t, stuck, other, none, nextNone, api)
	claimed := map[account.HookKind][]store.Delivery{}
	for _, c := range o.claim(t, owner, o.now) {
		claimed[c.Hook.Kind] = c.Deliveries
	}
	requireIDs(t, claimed[account.HookRESTState], stuck, other, none, nextNone)
	requireIDs(t, claimed[account.HookAPIState], api)
}

func orderOfDue(t *testing.T, o outbox) {
	first, second := of(o.delivery(1), "m", false), of(o.delivery(2), "m", false)
	o.enqueue(t, first, second)
	o.claimOne(t, o.now)
	o.record(t, store.HookUpdate{Release: true, Verdicts: []store.Verdict{o.verdict(first, store.DeliveryWaiting, time.Hour)}})
	third := of(o.delivery(3), "m", true)
	o.enqueue(t, third, o.delivery(4))
	requireIDs(t, o.claimOne(t, o.now).Deliveries, o.delivery(4))
	o.record(t, store.HookUpdate{Release: true, Verdicts: []store.Verdict{o.verdict(o.delivery(4), store.DeliveryDone, 0)}})
	requireInstant(t, o.now.Add(time.Hour), o.stored(t, second).DueAt)
	requireInstant(t, o.now.Add(time.Hour), o.stored(t, third).DueAt)
	at := o.now.Add(time.Hour)
	for _, d := range []store.Delivery{first, second, third} {
		requireIDs(t, o.claimOne(t, at).Deliveries, d)
		o.record(t, store.HookUpdate{Release: true, Verdicts: []store.Verdict{o.verdict(d, store.DeliveryDead, 0)}})
	}
}

func orderOvertaken(t *testing.T, o outbox) {
	early, final, late := of(o.delivery(1), "m", false), of(o.delivery(2), "m", true), of(o.delivery(3), "m", false)
	report := of(o.delivery(4), "m", true)
	o.enqueue(t, early, final)
	o.claimOne(t, o.now)
	o.record(t, store.HookUpdate{Verdicts: []store.Verdict{
		o.verdict(early, store.DeliveryDead, 0), o.verdict(final, store.DeliveryDone, 0),
	}})
	o.enqueue(t, late)
	got := o.more(t, o.now)
	requireIDs(t, got, late)
	assert.True(t, got[0].Overtaken, "not final, after a final one")
	o.record(t, store.HookUpdate{Verdicts: []store.Verdict{o.verdict(late, store.DeliveryDead, 0)}})
	o.enqueue(t, report)
	got = o.more(t, o.now)
	requireIDs(t, got, report)
	assert.False(t, got[0].Overtaken, "a final one may follow a final one")

	n, err := o.Replay(t.Context(), store.Replay{Account: o.account, IDs: []account.ID{early.ID}, Now: o.now})
	require.NoError(t, err)
	require.Equal(t, 1, n)
	got = o.more(t, o.now, report.ID)
	requireIDs(t, got, early)
	assert.True(t, got[0].Overtaken, "replayed, after a later one was done")
}

func recordKept(t *testing.T, o outbox) {
	done, dead, same := o.delivery(1), o.delivery(2), o.delivery(3)
	o.enqueue(t, done, dead, same)
	o.claimOne(t, o.now)
	health := store.Health{
		Target: "t", Failures: 3, FailingSince: o.now, FailedAt: o.now.Add(time.Hour), FailingHours: 2,
		FailingFor: time.Hour + time.Microsecond, Minute: o.now, MinuteTries: 4, MinuteFailures: 3,
	}
	at := o.now.Add(time.Second)
	o.record(t, store.HookUpdate{At: at, Health: health, Verdicts: []store.Verdict{
		o.verdict(done, store.DeliveryDone, 0), o.verdict(dead, store.DeliveryDead, 0),
	}})
	for d, state := range map[account.ID]store.DeliveryState{done.ID: store.DeliveryDone, dead.ID: store.DeliveryDead} {
		got, err := o.Delivery(t.Context(), o.account, d)
		require.NoError(t, err)
		assert.Equal(t, state, got.State)
		assert.Equal(t, 1, got.Tries)
		assert.Equal(t, o.verdict(done, state, 0).Last, got.Last)
		requireInstant(t, at, got.EndedAt)
	}
	assert.Equal(t, store.DeliveryWaiting, o.stored(t, same).State)
	requireIDs(t, o.more(t, o.now), same)
	statuses, err := o.HookStatuses(t.Context(), o.account)
	require.NoError(t, err)
	assert.Equal(t, []store.HookStatus{{Hook: o.hook(), Health: health, Waiting: 1, Dead: 1}}, statuses)
}

func recordRetry(t *testing.T, o outbox) {
	d := o.delivery(1)
	o.enqueue(t, d)
	o.claimOne(t, o.now)
	o.record(t, store.HookUpdate{Release: true, Verdicts: []store.Verdict{o.verdict(d, store.DeliveryWaiting, time.Hour)}})
	require.Empty(t, o.claim(t, owner, o.now.Add(time.Hour-time.Microsecond)))
	got := o.claimOne(t, o.now.Add(time.Hour)).Deliveries[0]
	assert.Equal(t, 1, got.Tries)
	assert.Equal(t, 503, got.Last.Status)
	assert.Zero(t, got.EndedAt)
	requireInstant(t, o.now.Add(time.Hour), got.DueAt)
	o.record(t, store.HookUpdate{Verdicts: []store.Verdict{o.verdict(got, store.DeliveryDone, 0)}})
	assert.Equal(t, 2, o.stored(t, d).Tries)
}

func recordBuried(t *testing.T, o outbox) {
	done, waiting, later, api := o.delivery(1), o.delivery(2), o.delivery(3), o.delivery(4)
	later.DueAt = o.now.Add(time.Hour)
	api.Hook.Kind = account.HookAPIState
	o.enqueue(t, done, waiting, later, api)
	o.claim(t, owner, o.now)
	o.record(t, store.HookUpdate{
		Release: true, Bury: "off", Verdicts: []store.Verdict{o.verdict(done, store.DeliveryDone, 0)},
	})
	assert.Equal(t, store.DeliveryDone, o.stored(t, done).State)
	assert.Equal(t, store.DeliveryWaiting, o.stored(t, api).State)
	for _, d := range []store.Delivery{waiting, later} {
		got := o.stored(t, d)
		assert.Equal(t, store.DeliveryDead, got.State)
		assert.Equal(t, "off", got.Last.Code)
		requireInstant(t, o.now, got.EndedAt)
	}
	require.Empty(t, o.claim(t, other, o.now))
}

func recordGone(t *testing.T, o outbox) {
	o.enqueue(t, o.delivery(1))
	o.claimOne(t, o.now)
	o.record(t, store.HookUpdate{Verdicts: []store.Verdict{o.verdict(o.delivery(2), store.DeliveryDone, 0)}})
	requireIDs(t, o.more(t, o.now), o.delivery(1))
}
