package storetest

import (
	"context"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/store"
)

var claimPromises = []outboxPromise{
	{"a claim gives all that is needed to call", claimValues},
	{"nothing is given before it is due", claimDue},
	{"those due first come first, at most as many as asked for", claimOrder},
	{"a hook that is held is nobody else's until its lease ends", claimExclusive},
	{"a released hook is free at once", claimReleased},
	{"more is given to the holder alone, without what is skipped", claimMore},
	{"more is given of several hooks at once", claimMoreOfMany},
	{"a lease is extended for the holder alone, if it asks for it", claimExtended},
	{"a paused hook is left alone, one switched off is given", claimPaused},
	{"hooks longest without a lease come first", claimFair},
	{"what a claim leaves is for the next, with what fell due meanwhile", claimRest},
	{"what a claim left and others did is not given again", claimRestOfOthers},
	{"many owners at once never share a hook", claimRace},
	{"a canceled context ends a call", claimCanceled},
}

func claimValues(t *testing.T, o outbox) {
	secret := account.NewHookSecret("whsec_one", o.now)
	update(t, o, settingSecrets(o.account, secret))
	d := of(o.delivery(1), "m", true)
	o.enqueue(t, d)
	got := o.claimOne(t, o.now)
	assert.Equal(t, o.hook(), got.Hook)
	assert.Equal(t, "https://client.io/rest?token=t0ken", got.URL)
	require.Len(t, got.Secrets, 1)
	assert.Equal(t, "whsec_one", got.Secrets[0].Reveal())
	assert.Zero(t, got.Health)
	require.Equal(t, []store.Delivery{o.stored(t, d)}, got.Deliveries)
}

func claimDue(t *testing.T, o outbox) {
	d := o.delivery(1)
	d.DueAt = o.now.Add(time.Second)
	o.enqueue(t, d)
	require.Empty(t, o.claim(t, owner, o.now))
	require.Empty(t, o.claim(t, owner, d.DueAt.Add(-time.Microsecond)))
	requireIDs(t, o.claimOne(t, d.DueAt).Deliveries, d)
}

func claimOrder(t *testing.T, o outbox) {
	one, two, three, four := o.delivery(1), o.delivery(2), o.delivery(3), o.delivery(4)
	one.DueAt = o.now.Add(time.Second)
	o.enqueue(t, one, four, three, two)
	got := o.claimSome(t, store.Claim{Owner: owner, Now: one.DueAt, Until: one.DueAt.Add(minute), Hooks: 1, Deliveries: 3})
	require.Len(t, got, 1)
	requireIDs(t, got[0].Deliveries, four, three, two)
	requireIDs(t, o.more(t, one.DueAt, ids(got[0].Deliveries)...), one)
}

func claimExclusive(t *testing.T, o outbox) {
	d := o.delivery(1)
	o.enqueue(t, d)
	o.claimOne(t, o.now)
	require.Empty(t, o.claim(t, other, o.now.Add(minute-time.Microsecond)))
	require.Empty(t, o.claim(t, owner, o.now), "not even its owner's")
	got := o.claim(t, other, o.now.Add(minute))
	require.Len(t, got, 1)
	requireIDs(t, got[0].Deliveries, d)

	gone, err := o.tryRecord(t.Context(), owner, store.HookUpdate{Release: true, Verdicts: []store.Verdict{o.verdict(d, store.DeliveryDone, 0)}})
	require.NoError(t, err)
	require.Equal(t, []store.Hook{o.hook()}, gone, "the former owner must learn that the hook is another's")
	require.Equal(t, store.DeliveryWaiting, o.stored(t, d).State)
	require.Empty(t, o.more(t, o.now.Add(minute)))
}

func claimReleased(t *testing.T, o outbox) {
	o.enqueue(t, o.delivery(1))
	o.claimOne(t, o.now)
	o.record(t, store.HookUpdate{Release: true})
	require.Len(t, o.claim(t, other, o.now), 1)
}

func claimMore(t *testing.T, o outbox) {
	o.enqueue(t, o.delivery(1), o.delivery(2), o.delivery(3))
	o.claimOne(t, o.now)
	requireIDs(t, o.more(t, o.now), o.delivery(1), o.delivery(2), o.delivery(3))
	requireIDs(t, o.more(t, o.now, o.delivery(1).ID, o.delivery(3).ID), o.delivery(2))
	found, err := o.More(t.Context(), store.More{Owner: other, Now: o.now, Hooks: []store.Held{{Hook: o.hook()}}, Limit: 10})
	require.NoError(t, err)
	require.Empty(t, found)
}

// claimMoreOfMany asks for several hooks at once, the limit being each one's.
func claimMoreOfMany(t *testing.T, o outbox) {
	api := store.Hook{Account: o.account, Kind: account.HookAPIState}
	var ds []store.Delivery
	for n := range 6 {
		d := o.delivery(n)
		if n%2 == 1 {
			d.Hook = api
		}
		ds = append(ds, d)
	}
	o.enqueue(t, ds...)
	require.Len(t, o.claim(t, owner, o.now), 2)
	found, err := o.More(t.Context(), store.More{Owner: owner, Now: o.now, Limit: 2, Hooks: []store.Held{
		{Hook: api, Skip: []account.ID{ds[1].ID}}, {Hook: store.Hook{Account: o.account, Kind: account.HookRESTIncoming}}, {Hook: o.hook()},
	}})
	require.NoError(t, err)
	of := map[store.Hook][]store.Delivery{}
	for _, d := range found {
		of[d.Hook] = append(of[d.Hook], d)
	}
	requireIDs(t, of[api], ds[3], ds[5])
	requireIDs(t, of[o.hook()], ds[0], ds[2])
	require.Len(t, of, 2)
}

func claimExtended(t *testing.T, o outbox) {
	o.enqueue(t, o.delivery(1))
	o.claimOne(t, o.now)
	extend := func(owner account.ID, until time.Time, hooks ...store.Hook) []store.Hook {
		held, err := o.Extend(t.Context(), owner, hooks, until)
		require.NoError(t, err)
		return held
	}
	unknown := store.Hook{Account: o.account, Kind: account.HookAPIIncoming}
	require.Empty(t, extend(other, o.now.Add(time.Hour), o.hook()))
	require.Equal(t, []store.Hook{o.hook()}, extend(owner, o.now.Add(2*minute), o.hook(), unknown))
	require.Empty(t, extend(owner, o.now.Add(time.Hour)), "a hook that is not named runs out")
	require.Empty(t, o.claim(t, other, o.now.Add(minute)))
	require.Len(t, o.claim(t, other, o.now.Add(2*minute)), 1)
}

func claimPaused(t *testing.T, o outbox) {
	o.enqueue(t, o.delivery(1))
	o.claimOne(t, o.now)
	paused := store.Health{Target: "t", Failures: 10, FailingSince: o.now, PausedUntil: o.now.Add(time.Second), Pauses: 1}
	o.record(t, store.HookUpdate{Release: true, Health: paused})
	require.Empty(t, o.claim(t, owner, o.now))
	got := o.claimOne(t, paused.PausedUntil)
	assert.Equal(t, paused, got.Health)
	off := store.Health{Target: "t", OffAt: o.now, OffCode: "gone", Minute: o.now, MinuteTries: 2, MinuteFailures: 1}
	o.record(t, store.HookUpdate{Release: true, Health: off})
	assert.Equal(t, off, o.claimOne(t, o.now).Health)
	o.record(t, store.HookUpdate{Release: true, Health: paused})
	o.switchOn(t, o.hook(), o.now)
	assert.Zero(t, o.claimOne(t, o.now).Health)
}

// claimFair gives one hook a long queue: the others have their turn before it again.
func claimFair(t *testing.T, o outbox) {
	const hooks = 5
	for n := range hooks {
		a := client(fmt.Sprintf("fair-%d", n))
		insert(t, o, a)
		for i := range 1 + 20*n {
			d := o.delivery(100*n + i)
			d.Hook.Account = a.ID
			o.enqueue(t, d)
		}
	}
	seen := map[store.Hook]bool{}
	for n := range hooks {
		at := o.now.Add(time.Duration(n) * time.Second)
		got := o.claimSome(t, store.Claim{Owner: owner, Now: at, Until: at.Add(minute), Hooks: 1, Deliveries: 1})
		require.Len(t, got, 1)
		assert.False(t, seen[got[0].Hook], "a hook had its second turn before another's first")
		seen[got[0].Hook] = true
		o.record(t, store.HookUpdate{Hook: got[0].Hook, Release: true})
	}
}

// hooks makes so many hooks of accounts of their own, with a delivery each.
func (o outbox) hooks(t *testing.T, name string, n int) {
	t.Helper()
	for i := range n {
		a := client(fmt.Sprintf("%s-%d", name, i))
		a.Webhooks.RESTState = fmt.Sprintf("https://client.io/%s", a.ID)
		insert(t, o, a)
		d := o.delivery(1)
		d.Hook.Account = a.ID
		o.enqueue(t, d)
	}
}

// claimHooks claims so many hooks, and returns them.
func (o outbox) claimHooks(t *testing.T, who account.ID, n int) (hooks []store.Hook) {
	t.Helper()
	for _, c := range o.claimSome(t, store.Claim{Owner: who, Now: o.now, Until: o.now.Add(minute), Hooks: n, Deliveries: 1}) {
		assert.Equal(t, fmt.Sprintf("https://client.io/%s", c.Hook.Account), c.URL)
		require.Len(t, c.Deliveries, 1)
		assert.Equal(t, c.Hook, c.Deliveries[0].Hook)
		hooks = append(hooks, c.Hook)
	}
	return hooks
}

func claimRest(t *testing.T, o outbox) {
	o.hooks(t, "rest", 30)
	given := map[store.Hook]bool{}
	for _, step := range []struct{ ask, get int }{{10, 10}, {1, 1}, {12, 12}, {0, 0}} {
		got := o.claimHooks(t, owner, step.ask)
		require.Len(t, got, step.get)
		for _, h := range got {
			require.False(t, given[h], "it is held")
			given[h] = true
		}
	}
	o.hooks(t, "later", 3)
	for _, h := range o.claimHooks(t, other, 100) {
		require.False(t, given[h], "it is held")
		given[h] = true
	}
	require.Len(t, given, 33)
	require.Empty(t, o.claimHooks(t, owner, 100))
}

func claimRestOfOthers(t *testing.T, o outbox) {
	o.hooks(t, "rest", 30)
	require.Len(t, o.claimHooks(t, owner, 5), 5) // and 25 are left
	for _, c := range o.claimSome(t, store.Claim{Owner: other, Now: o.now, Until: o.now.Add(minute), Hooks: 20, Deliveries: 1}) {
		lost, err := o.tryRecord(t.Context(), other, store.HookUpdate{
			Hook: c.Hook, Release: true, Verdicts: []store.Verdict{o.verdict(c.Deliveries[0], store.DeliveryDone, 0)},
		})
		require.NoError(t, err)
		require.Empty(t, lost)
	}
	require.Len(t, o.claimHooks(t, owner, 100), 5)
}

func claimRace(t *testing.T, o outbox) {
	const hooks, owners = 12, 8
	for n := range hooks {
		a := client(fmt.Sprintf("race-%d", n))
		insert(t, o, a)
		d := o.delivery(n)
		d.Hook.Account = a.ID
		o.enqueue(t, d)
	}
	var mu sync.Mutex
	holders := map[store.Hook]int{}
	var wg sync.WaitGroup
	for n := range owners {
		wg.Go(func() {
			who := o.delivery(1000 + n).ID
			for range hooks {
				claimed, err := o.Claim(t.Context(), store.Claim{Owner: who, Now: o.now, Until: o.now.Add(minute), Hooks: 2, Deliveries: 1})
				if lost(err) {
					continue
				}
				assert.NoError(t, err)
				mu.Lock()
				for _, c := range claimed {
					holders[c.Hook]++
				}
				mu.Unlock()
			}
		})
	}
	wg.Wait()
	for _, c := range o.claimSome(t, store.Claim{Owner: owner, Now: o.now, Until: o.now.Add(minute), Hooks: hooks, Deliveries: 1}) {
		holders[c.Hook]++ // that every owner left to the others
	}
	assert.Len(t, holders, hooks)
	for h, n := range holders {
		assert.Equal(t, 1, n, "%v was leased more than once", h)
	}
}

func claimCanceled(t *testing.T, o outbox) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err := o.Claim(ctx, store.Claim{Owner: owner, Now: o.now, Until: o.now, Hooks: 1, Deliveries: 1})
	require.ErrorIs(t, err, context.Canceled)
	_, err = o.More(ctx, store.More{Owner: owner, Hooks: []store.Held{{Hook: o.hook()}}, Limit: 1})
	require.ErrorIs(t, err, context.Canceled)
	_, err = o.Record(ctx, owner, []store.HookUpdate{{Hook: o.hook()}})
	require.ErrorIs(t, err, context.Canceled)
	_, err = o.Extend(ctx, owner, []store.Hook{o.hook()}, o.now)
	require.ErrorIs(t, err, context.Canceled)
	_, err = o.Replay(ctx, store.Replay{Account: o.account})
	require.ErrorIs(t, err, context.Canceled)
	_, err = o.Purge(ctx, o.now, o.now, 1)
	require.ErrorIs(t, err, context.Canceled)
	require.ErrorIs(t, o.Update(ctx, switchingOn(o.hook(), o.now)), context.Canceled)
	_, err = o.Deliveries(ctx, store.DeliveryQuery{Account: o.account})
	require.ErrorIs(t, err, context.Canceled)
	_, err = o.HookSecrets(ctx, o.account)
	require.ErrorIs(t, err, context.Canceled)
	_, err = o.HookStatuses(ctx, o.account)
	require.ErrorIs(t, err, context.Canceled)
}
