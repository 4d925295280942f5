package storetest

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/internal/ledger"
	"github.com/clientaccount/clientaccount/store"
)

var switchPromises = []outboxPromise{
	{"a hook that is switched off, or on again, is the next event of its account", switchTold},
	{"a switch is told once, however often it is recorded", switchToldOnce},
	{"a hook that is on by a new health is told to be on", switchAnew},
	{"hooks of several accounts are switched in one record", switchMany},
	{"who held a hook before it was switched on does not switch it off", switchEndsLease},
	{"switching on a hook without failures changes nothing", switchNothing},
	{"a switch that was rolled back is not told", switchRolledBack},
	{"an account without a balance is told once it has one", switchWithoutBalance},
	{"events of hooks and of money are numbered without gaps, whoever writes them", switchRace},
}

func switchingOn(h store.Hook, at time.Time) func(context.Context, store.Tx) error {
	return func(ctx context.Context, tx store.Tx) error {
		to, ok := tx.(store.OutboxTx)
		if !ok {
			return errors.New("the transaction is no store.OutboxTx")
		}
		return to.SwitchOn(ctx, h, at)
	}
}

func (o outbox) switchOn(t *testing.T, h store.Hook, at time.Time) {
	t.Helper()
	require.NoError(t, retry(t.Context(), o, switchingOn(h, at)))
}

// open gives the account a balance.
func (o outbox) open(t *testing.T) *book {
	t.Helper()
	k := &book{}
	k.post(t, o, store.Posting{Balance: ledger.Opened(o.account, funds(), o.now)})
	return k
}

// off is the health of a hook that was switched off.
func (o outbox) off() store.Health {
	return store.Health{Target: "t", Failures: 3, FailingSince: o.now, OffAt: o.now.Add(-time.Second), OffCode: "gone"}
}

// held claims the account's REST hook, which then has one delivery in hand.
func (o outbox) held(t *testing.T) {
	t.Helper()
	o.enqueue(t, o.delivery(1))
	o.claimOne(t, o.now)
}

// told requires that the account has these events, numbered from 1, and no others.
func (o outbox) told(t *testing.T, want ...account.Event) {
	t.Helper()
	for i := range want {
		want[i].Account, want[i].Number = o.account, int64(i+1)
	}
	got, err := o.Events(t.Context(), account.EventQuery{Account: o.account, Limit: account.MaxPage})
	require.NoError(t, err)
	requireFacts(t, want, got, "the events")
	require.Equal(t, int64(len(want)), balanceOf(t, o, o.account).Events)
}

func (o outbox) offEvent() account.Event {
	return account.Event{Kind: account.EventHookOff, At: o.off().OffAt, Hook: account.HookRESTState, Code: "gone"}
}

func (o outbox) onEvent(at time.Time) account.Event {
	return account.Event{Kind: account.EventHookOn, At: at, Hook: account.HookRESTState}
}

func switchTold(t *testing.T, o outbox) {
	k := o.open(t)
	k.append(t, o, k.news(t, 1))
	o.held(t)
	o.record(t, store.HookUpdate{Health: store.Health{Target: "t", Failures: 1, FailingSince: o.now}})
	o.told(t, k.events[0])
	o.record(t, store.HookUpdate{Health: o.off(), Release: true})
	o.told(t, k.events[0], o.offEvent())
	o.switchOn(t, o.hook(), o.now.Add(time.Hour))
	o.told(t, k.events[0], o.offEvent(), o.onEvent(o.now.Add(time.Hour)))
	assert.Zero(t, o.claimOne(t, o.now).Health)

	k.balance = balanceOf(t, o, o.account)
	k.move(t, o, charge("after", "1")) // money goes on from there
	require.Equal(t, int64(3), balanceOf(t, o, o.account).Events)
	if feed, ok := o.OutboxStore.(store.EventFeed); ok {
		require.NoError(t, feed.Subscribe(t.Context(), store.Subscription{}))
		leases, err := feed.ClaimEvents(t.Context(), claiming(owner, o.now))
		require.NoError(t, err)
		require.Len(t, leases, 1)
		require.Len(t, leases[0].Events, 3, "the host is told of them like of all others")
	}
}

func switchToldOnce(t *testing.T, o outbox) {
	o.open(t)
	o.held(t)
	for range 3 {
		o.record(t, store.HookUpdate{Health: o.off()})
	}
	o.told(t, o.offEvent())
	for range 2 {
		o.switchOn(t, o.hook(), o.now)
	}
	o.told(t, o.offEvent(), o.onEvent(o.now))
	o.claimOne(t, o.now)
	o.record(t, store.HookUpdate{Health: o.off()})
	o.told(t, o.offEvent(), o.onEvent(o.now), o.offEvent())
}

func switchAnew(t *testing.T, o outbox) {
	o.open(t)
	o.held(t)
	o.record(t, store.HookUpdate{Health: o.off()})
	at := o.now.Add(minute)
	o.record(t, store.HookUpdate{Health: store.Health{Target: "of another URL"}, At: at})
	o.told(t, o.offEvent(), o.onEvent(at))
}

func switchMany(t *testing.T, o outbox) {
	o.open(t)
	k := opened(t, o, "second", funds())
	here, there := o.delivery(2), o.delivery(3)
	here.Hook.Kind, there.Hook.Account = account.HookAPIState, k.balance.Account
	o.enqueue(t, o.delivery(1), here, there)
	require.Len(t, o.claim(t, owner, o.now), 3)
	var updates []store.HookUpdate
	for _, h := range []store.Hook{there.Hook, o.hook(), here.Hook} {
		updates = append(updates, store.HookUpdate{Hook: h, Health: o.off(), At: o.now, Release: true})
	}
	require.NoError(t, settled(func() error {
		lost, err := o.Record(t.Context(), owner, updates)
		assert.Empty(t, lost)
		return err
	}))
	second := o.offEvent()
	second.Hook = account.HookAPIState
	o.told(t, o.offEvent(), second)
	require.Equal(t, int64(1), balanceOf(t, o, k.balance.Account).Events)
}

func switchEndsLease(t *testing.T, o outbox) {
	o.open(t)
	o.held(t)
	o.record(t, store.HookUpdate{Health: o.off()})
	o.switchOn(t, o.hook(), o.now)
	gone, err := o.tryRecord(t.Context(), owner, store.HookUpdate{Health: o.off(), Bury: "off"})
	require.NoError(t, err)
	require.Equal(t, []store.Hook{o.hook()}, gone)
	o.told(t, o.offEvent(), o.onEvent(o.now))
	got := o.claimOne(t, o.now)
	assert.Zero(t, got.Health)
	requireIDs(t, got.Deliveries, o.delivery(1))
}

func switchNothing(t *testing.T, o outbox) {
	o.open(t)
	o.held(t)
	o.switchOn(t, o.hook(), o.now)
	o.switchOn(t, store.Hook{Account: o.account, Kind: account.HookAPIIncoming}, o.now)
	o.switchOn(t, store.Hook{Account: client("nobody").ID, Kind: account.HookRESTState}, o.now)
	o.record(t, store.HookUpdate{Release: true}) // it is held still
	o.told(t)
}

func switchRolledBack(t *testing.T, o outbox) {
	o.open(t)
	o.held(t)
	o.record(t, store.HookUpdate{Health: o.off(), Release: true})
	boom := errors.New("boom")
	err := retry(t.Context(), o, func(ctx context.Context, tx store.Tx) error {
		return errors.Join(switchingOn(o.hook(), o.now)(ctx, tx), boom)
	})
	require.ErrorIs(t, err, boom)
	o.told(t, o.offEvent())
	assert.Equal(t, o.off(), o.claimOne(t, o.now).Health)
}

func switchWithoutBalance(t *testing.T, o outbox) {
	o.held(t)
	o.record(t, store.HookUpdate{Health: o.off()})
	o.open(t)
	o.told(t)
	o.record(t, store.HookUpdate{Health: o.off()})
	o.told(t, o.offEvent())
}

func switchRace(t *testing.T, o outbox) {
	const switches = 10
	k := o.open(t)
	o.held(t)
	var wg sync.WaitGroup
	wg.Go(func() {
		for range switches {
			_, err := o.tryRecord(t.Context(), owner, store.HookUpdate{Health: o.off()})
			assert.NoError(t, err)
			_, err = o.tryRecord(t.Context(), owner, store.HookUpdate{})
			assert.NoError(t, err)
		}
	})
	for n := range switches {
		for written := false; !written; {
			k.balance = balanceOf(t, o, o.account)
			p := k.posting(t, charge(fmt.Sprint("race-", n), "1"))
			p.Balance.Events++
			p.Events = []account.Event{{Account: o.account, Number: p.Balance.Events, Kind: account.EventExhausted, At: o.now}}
			written = appending(t, o, p)[0].Kind == store.OutcomeWritten
		}
	}
	wg.Wait()
	events, err := o.Events(t.Context(), account.EventQuery{Account: o.account, Limit: account.MaxPage})
	require.NoError(t, err)
	require.Len(t, events, 3*switches)
	for i, e := range events {
		require.Equal(t, int64(i+1), e.Number)
	}
	require.Equal(t, int64(3*switches), balanceOf(t, o, o.account).Events)
}
