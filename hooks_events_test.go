package clientaccount_test

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/clientaccount/clientaccount"
	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/store"
	"github.com/clientaccount/clientaccount/store/memstore"
)

// switchOff has an account's URLs answer that they are gone, as a dispatcher would note.
func (b *bench) switchOff(id account.ID, kinds ...account.HookKind) {
	b.Helper()
	b.clock.Advance(time.Second) // else the message is the same
	owner, now := account.ID{9}, b.clock.Now()
	_, err := b.svc.SubmitState(b.Context(), id, state("off-"+now.String(), 1, account.StateDelivered))
	require.NoError(b, err)
	claimed, err := b.store.Claim(b.Context(), store.Claim{Owner: owner, Now: now, Until: now.Add(time.Minute), Hooks: 9, Deliveries: 9})
	require.NoError(b, err)
	for _, c := range claimed {
		u := store.HookUpdate{Hook: c.Hook, Health: c.Health, Release: true, At: now, Bury: "off"}
		for _, kind := range kinds {
			if kind == c.Hook.Kind {
				u.Health = store.Health{Failures: 1, OffAt: now, OffCode: "gone"}
				u.Health.Target = store.Health{}.Of(c.URL).Target
			}
		}
		lost, err := b.store.Record(b.Context(), owner, []store.HookUpdate{u})
		require.NoError(b, err)
		require.Empty(b, lost)
	}
}

const (
	hookOff = account.EventHookOff
	hookOn  = account.EventHookOn
)

func TestSwitchingOffAndOnAreEvents(t *testing.T) {
	b := newBench(t)
	a := b.hooked("acme")
	b.switchOff(a.ID, account.HookRESTState)
	b.clock.Advance(time.Hour)
	require.NoError(t, b.svc.SwitchOn(t.Context(), clientaccount.Hook{Account: a.ID, Kind: account.HookRESTState}))
	events, err := b.svc.Events(t.Context(), account.EventQuery{Account: a.ID})
	require.NoError(t, err)
	assert.Equal(t, []account.Event{
		{Account: a.ID, Number: 1, Kind: hookOff, At: b.clock.Now().Add(-time.Hour), Hook: account.HookRESTState, Code: "gone"},
		{Account: a.ID, Number: 2, Kind: hookOn, At: b.clock.Now(), Hook: account.HookRESTState},
	}, events)

	require.NoError(t, b.svc.SwitchOn(t.Context(), clientaccount.Hook{Account: a.ID, Kind: account.HookRESTState}))
	assert.Len(t, b.events(a.ID), 2, "it was on")
	b.do(b.svc.TopUp(t.Context(), topUpOf(a.ID, "1", "in")))
	b.do(b.svc.Charge(t.Context(), chargeOf(a.ID, "1", "out")))
	assert.Equal(t, []account.EventKind{hookOff, hookOn, account.EventExhausted}, b.events(a.ID), "one numbering for all")
	b.verified()
}

func TestEachURLIsSwitchedByItself(t *testing.T) {
	b := newBench(t)
	a := b.hooked("acme")
	b.switchOff(a.ID, account.HookRESTState, account.HookAPIState)
	require.NoError(t, b.svc.SwitchOn(t.Context(), clientaccount.Hook{Account: a.ID, Kind: account.HookAPIState}))
	assert.Equal(t, []account.EventKind{hookOff, hookOff, hookOn}, b.events(a.ID))
	statuses, err := b.svc.HookStatuses(t.Context(), a.ID)
	require.NoError(t, err)
	off := map[account.HookKind]bool{}
	for _, s := range statuses {
		off[s.Hook.Kind] = s.Health.IsOff()
	}
	assert.Equal(t, map[account.HookKind]bool{account.HookAPIState: false, account.HookRESTState: true}, off)
}

// A URL that is replaced is on from the edit on, and it is the edit that tells.
func TestANewURLIsSwitchedOnWithItsEdit(t *testing.T) {
	b := newBench(t)
	a := b.hooked("acme")
	b.switchOff(a.ID, account.HookRESTState)
	a = b.update(a, "contact.first_name", "Ada", "webhooks.api_state", "https://client.io/other")
	assert.Equal(t, []account.EventKind{hookOff}, b.events(a.ID), "that is another URL")
	a = b.update(a, "webhooks.rest_state", "")
	assert.Equal(t, []account.EventKind{hookOff}, b.events(a.ID), "without a URL nothing is on")
	_, err := b.svc.Preview(t.Context(), a.ID, a.Revision, set("webhooks.rest_state", "https://client.io/mended"))
	require.NoError(t, err)
	assert.Equal(t, []account.EventKind{hookOff}, b.events(a.ID), "a preview writes nothing")
	// With new terms, whose events the same balance numbers.
	a = b.update(a, "webhooks.rest_state", "https://client.io/mended", "credit.limit", "5", "notification_limit", "1000 money")
	want := []account.EventKind{hookOff, account.EventLimitReached, hookOn}
	assert.Equal(t, want, b.events(a.ID))
	b.verified()

	b.switchOff(a.ID, account.HookRESTState)
	a = b.update(a, "webhooks.rest_state", "https://client.io/other")
	a = b.update(a, "webhooks.rest_state", "https://client.io/mended") // it may have been mended meanwhile
	want = append(want, hookOff, hookOn)
	assert.Equal(t, want, b.events(a.ID))
	statuses, err := b.svc.HookStatuses(t.Context(), a.ID)
	require.NoError(t, err)
	for _, s := range statuses {
		assert.Zero(t, s.Health.Failures)
	}
}

// An undo puts a URL back like any other edit.
func TestAnUndoneURLIsSwitchedOn(t *testing.T) {
	b := newBench(t)
	a := b.hooked("acme")
	a = b.update(a, "webhooks.rest_state", "https://client.io/worse")
	b.switchOff(a.ID, account.HookRESTState)
	_, err := b.svc.Undo(t.Context(), a.ID, a.Revision, a.Revision, clientaccount.Edit{})
	require.NoError(t, err)
	assert.Equal(t, []account.EventKind{hookOff, hookOn}, b.events(a.ID))
}

// outboxTx is a host's transaction of a store with an outbox.
type outboxTx struct {
	hostTx
	store.OutboxTx
}

func TestSwitchingOnJoinsTheHostsTransaction(t *testing.T) {
	b := newBench(t)
	a := b.hooked("acme")
	b.switchOff(a.ID, account.HookRESTState)
	rollback := errors.New("the host thinks better of it")
	inTx := func(end error) error {
		return b.store.Update(t.Context(), func(ctx context.Context, tx store.Tx) error {
			svc := b.svc.On(outboxTx{hostTx{tx}, tx.(store.OutboxTx)})
			return errors.Join(svc.SwitchOn(ctx, clientaccount.Hook{Account: a.ID, Kind: account.HookRESTState}), end)
		})
	}
	require.ErrorIs(t, inTx(rollback), rollback)
	assert.Equal(t, []account.EventKind{hookOff}, b.events(a.ID))
	b.store.LoseRaces(1)
	require.ErrorIs(t, inTx(nil), account.ErrConflict)
	require.NoError(t, inTx(nil))
	assert.Equal(t, []account.EventKind{hookOff, hookOn}, b.events(a.ID))
}

func TestSubscribeTellsOfHooks(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		st := memstore.New()
		b := newFeedBench(t, st)
		b.store = st
		a := b.hooked("acme")
		var l listener
		end := b.subscribe(l.hear)
		defer end()
		b.switchOff(a.ID, account.HookRESTState)
		time.Sleep(time.Minute)
		synctest.Wait()
		require.Equal(t, upTo(1), l.all()[a.ID])
		b.exhaust(a.ID, 1)
		b.update(a, "webhooks.rest_state", "https://client.io/mended")
		time.Sleep(time.Minute)
		synctest.Wait()
		require.Equal(t, upTo(3), l.all()[a.ID])
	})
}
