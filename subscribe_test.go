package clientaccount_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"sync/atomic"
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

// listener is a host that hears of events, and fails when told to.
type listener struct {
	mu    sync.Mutex
	fails func(e account.Event) error // nil: never
	heard map[account.ID][]int64      // numbers
	tries map[account.ID][]time.Time
}

func (l *listener) hear(_ context.Context, events []account.Event) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.heard == nil {
		l.heard, l.tries = map[account.ID][]int64{}, map[account.ID][]time.Time{}
	}
	id := events[0].Account
	l.tries[id] = append(l.tries[id], time.Now())
	for _, e := range events {
		if l.fails != nil && l.fails(e) != nil {
			return l.fails(e)
		}
		l.heard[id] = append(l.heard[id], e.Number)
	}
	return nil
}

// all is what was heard of each account.
func (l *listener) all() map[account.ID][]int64 {
	l.mu.Lock()
	defer l.mu.Unlock()
	all := map[account.ID][]int64{}
	for id, numbers := range l.heard {
		all[id] = slices.Clone(numbers)
	}
	return all
}

// newFeedBench is a bench on the clock of a synctest bubble.
func newFeedBench(t *testing.T, st store.Store) *bench {
	t.Helper()
	b := newBench(t)
	b.svc = clientaccount.New(st, &clientaccount.Options{Clock: time.Now, Hash: cheap})
	return b
}

// poor creates a client and exhausts its money n times, each of which is an event.
func (b *bench) poor(login string, n int) account.ID {
	b.Helper()
	id := b.create(login).ID
	b.exhaust(id, n)
	return id
}

func (b *bench) exhaust(id account.ID, n int) {
	b.Helper()
	at := len(b.events(id))
	for i := range n {
		reference := fmt.Sprint(at + i)
		b.do(b.svc.TopUp(b.Context(), topUpOf(id, "1", "in-"+reference)))
		b.do(b.svc.Charge(b.Context(), chargeOf(id, "1", "out-"+reference)))
	}
}

// subscribe runs a subscription; end ends it and waits until it has.
func (b *bench) subscribe(tell func(context.Context, []account.Event) error) (end func()) {
	return b.subscribeAs(clientaccount.Subscription{Handle: tell})
}

func (b *bench) subscribeAs(sub clientaccount.Subscription) (end func()) {
	ctx, cancel := context.WithCancel(b.Context())
	done := make(chan error)
	go func() { done <- b.svc.Subscribe(ctx, sub) }()
	return func() {
		b.Helper()
		cancel()
		require.NoError(b, <-done)
	}
}

// upTo is 1, 2, 3 and so on.
func upTo(n int64) (all []int64) {
	for i := range n {
		all = append(all, i+1)
	}
	return all
}

func TestSubscribeTellsEveryEventOnceAndInOrder(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := newFeedBench(t, memstore.New())
		want := map[account.ID][]int64{}
		for n := range 5 {
			count := 1 + 60*n // more than are told at once
			want[b.poor(fmt.Sprintf("client-%d", n), count)] = upTo(int64(count))
		}
		var l listener
		end := b.subscribe(l.hear)
		synctest.Wait()
		require.Equal(t, want, l.all(), "those from before it are told too")
		late := b.poor("late", 2)
		want[late] = upTo(2)
		time.Sleep(time.Second)
		synctest.Wait()
		require.Equal(t, want, l.all())
		end()
		b.exhaust(late, 1)
		end = b.subscribe(l.hear)
		synctest.Wait()
		want[late] = upTo(3)
		require.Equal(t, want, l.all(), "another goes on where the first was")
		end()
		assert.Len(t, b.events(late), 3, "they can still be read")
	})
}

func TestSubscribeTriesAgainAndLetsOthersPass(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := newFeedBench(t, memstore.New())
		stuck, passing := b.poor("stuck", 2), b.poor("passing", 1)
		var mended atomic.Bool
		l := listener{fails: func(e account.Event) error {
			if !mended.Load() && e.Account == stuck {
				return errors.New("broken")
			}
			return nil
		}}
		began := time.Now()
		defer b.subscribe(l.hear)()
		synctest.Wait()
		require.Equal(t, upTo(1), l.all()[passing])
		time.Sleep(time.Hour)
		b.exhaust(passing, 1)
		time.Sleep(time.Second)
		synctest.Wait()
		require.Equal(t, upTo(2), l.all()[passing])
		var pauses []time.Duration
		l.mu.Lock()
		for _, try := range l.tries[stuck] {
			pauses = append(pauses, try.Sub(began).Round(time.Second))
			began = try
		}
		l.mu.Unlock()
		assert.Equal(t, []time.Duration{0, 1e9, 2e9, 4e9, 8e9, 16e9, 32e9, 64e9, 128e9, 256e9, 300e9, 300e9}, pauses[:12])
		assert.Empty(t, l.all()[stuck])
		mended.Store(true)
		time.Sleep(5 * time.Minute)
		synctest.Wait()
		require.Equal(t, upTo(2), l.all()[stuck])
	})
}

func TestSubscribeGivesEachAccountItsTurn(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := newFeedBench(t, memstore.New())
		busy := b.poor("busy", 250)
		time.Sleep(time.Millisecond) // then its id comes first
		other := b.poor("other", 1)
		var calls []account.ID
		end := b.subscribeAs(clientaccount.Subscription{Concurrency: 1, Handle: func(_ context.Context, events []account.Event) error {
			calls = append(calls, events[0].Account)
			return nil
		}})
		synctest.Wait()
		end()
		assert.Equal(t, []account.ID{busy, other, busy, busy}, calls)
	})
}

func TestSubscribeThatEndsInACallIsFollowedAtOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := newFeedBench(t, memstore.New())
		id := b.poor("acme", 1)
		end := b.subscribe(func(ctx context.Context, _ []account.Event) error {
			<-ctx.Done()
			return ctx.Err()
		})
		synctest.Wait()
		end()
		var l listener
		defer b.subscribe(l.hear)()
		synctest.Wait()
		require.Equal(t, upTo(1), l.all()[id])
	})
}

func TestSubscribeNotesWhatWasToldAsItEnded(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := newFeedBench(t, memstore.New())
		b.poor("acme", 1)
		end := b.subscribe(func(ctx context.Context, _ []account.Event) error {
			<-ctx.Done()
			return nil
		})
		synctest.Wait()
		end()
		var l listener
		defer b.subscribe(l.hear)()
		time.Sleep(time.Hour)
		require.Empty(t, l.all())
	})
}

// A host that was killed in a call, or hangs in one, holds an account until its lease ends.
func TestSubscribeTakesOverFromOneThatHangs(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := newFeedBench(t, memstore.New())
		id := b.poor("acme", 2)
		release, ended := make(chan struct{}), atomic.Bool{}
		hanging := b.subscribe(func(ctx context.Context, _ []account.Event) error {
			<-ctx.Done()
			ended.Store(true)
			<-release
			return nil
		})
		synctest.Wait()
		var l listener
		defer b.subscribe(l.hear)()
		time.Sleep(time.Minute - time.Second)
		require.False(t, ended.Load())
		time.Sleep(2 * time.Second)
		require.True(t, ended.Load(), "a call has a minute")
		require.Empty(t, l.all())
		time.Sleep(time.Minute)
		synctest.Wait()
		require.Equal(t, upTo(2), l.all()[id])
		close(release) // it says that it told them, too late
		synctest.Wait()
		hanging()
		require.Equal(t, upTo(2), l.all()[id])
	})
}

func TestSubscribersShareTheEvents(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := newFeedBench(t, memstore.New())
		var l listener
		for range 4 {
			defer b.subscribe(l.hear)()
		}
		want := map[account.ID][]int64{}
		for n := range 20 {
			want[b.poor(fmt.Sprintf("client-%d", n), 3)] = upTo(3)
		}
		time.Sleep(2 * time.Second)
		synctest.Wait()
		require.Equal(t, want, l.all())
	})
}

// deaf is a store whose feed fails for a while.
type deaf struct {
	*memstore.Store
	claims, notes atomic.Int32 // calls that still fail
}

func (d *deaf) ClaimEvents(ctx context.Context, c store.EventClaim) ([]store.EventLease, error) {
	if d.claims.Add(-1) >= 0 {
		return nil, errCut
	}
	return d.Store.ClaimEvents(ctx, c)
}

func (d *deaf) MarkTold(ctx context.Context, ls []store.EventLease) ([]account.ID, error) {
	if d.notes.Add(-1) >= 0 {
		return nil, errCut
	}
	return d.Store.MarkTold(ctx, ls)
}

func TestSubscribeGoesOnWhenTheStoreFails(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := &deaf{Store: memstore.New()}
		b := newFeedBench(t, d)
		id := b.poor("acme", 1)
		d.claims.Store(5)
		d.notes.Store(1)
		var l listener
		defer b.subscribe(l.hear)()
		time.Sleep(6 * time.Second)
		synctest.Wait()
		require.Equal(t, upTo(1), l.all()[id])
		time.Sleep(2 * time.Minute)
		synctest.Wait()
		require.Equal(t, []int64{1, 1}, l.all()[id], "told again, since it could not be noted")
	})
}

func TestSubscribeWithoutAFeed(t *testing.T) {
	b := newBench(t)
	svc := clientaccount.New(struct{ store.Store }{b.store}, nil)
	require.ErrorIs(t, svc.Subscribe(t.Context(), clientaccount.Subscription{}), clientaccount.ErrNoEventFeed)
}
