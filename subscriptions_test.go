package clientaccount_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/clientaccount/clientaccount"
	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/store/memstore"
)

func TestSubscriptionsAreToldApart(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := newFeedBench(t, memstore.New())
		id := b.poor("acme", 3)
		var host, late, failing listener
		failing.fails = func(account.Event) error { return errors.New("broken") }
		defer b.subscribe(host.hear)()
		defer b.subscribeAs(clientaccount.Subscription{Name: "mail", Handle: failing.hear})()
		synctest.Wait()
		time.Sleep(time.Second)
		defer b.subscribeAs(clientaccount.Subscription{Name: "late", Handle: late.hear, Since: time.Now()})()
		synctest.Wait()
		b.exhaust(id, 1)
		time.Sleep(time.Minute)
		synctest.Wait()
		require.Equal(t, upTo(4), host.all()[id])
		require.Empty(t, failing.all()[id], "who fails holds up nobody else")
		require.Equal(t, []int64{4}, late.all()[id], "what happened since")
		names, err := b.svc.Subscriptions(t.Context())
		require.NoError(t, err)
		require.Equal(t, []string{"", "late", "mail"}, names)
	})
}

// As long as fewer calls take long than may run at once, others are told meanwhile.
func TestSubscribeIsNotHeldUpByCallsThatTakeLong(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := newFeedBench(t, memstore.New())
		slow := map[account.ID]bool{}
		for n := range 3 {
			slow[b.poor(fmt.Sprintf("slow-%d", n), 1)] = true
		}
		time.Sleep(time.Millisecond)
		want := map[account.ID][]int64{}
		for n := range 50 {
			want[b.poor(fmt.Sprintf("quick-%d", n), 2)] = upTo(2)
		}
		var running, most atomic.Int32
		var l listener
		defer b.subscribeAs(clientaccount.Subscription{Concurrency: 4, Handle: func(ctx context.Context, events []account.Event) error {
			now := running.Add(1)
			defer running.Add(-1)
			for was := most.Load(); now > was && !most.CompareAndSwap(was, now); was = most.Load() {
			}
			if slow[events[0].Account] {
				<-ctx.Done()
				return ctx.Err()
			}
			return l.hear(ctx, events)
		}})()
		synctest.Wait()
		require.Equal(t, want, l.all())
		assert.LessOrEqual(t, most.Load(), int32(4))
	})
}

// What a slow subscription has claimed and does not come to is left to others.
func TestSubscribeLetsGoOfWhatItDoesNotComeTo(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := newFeedBench(t, memstore.New())
		for n := range 40 {
			b.poor(fmt.Sprintf("client-%d", n), 1)
		}
		began := time.Now()
		var slow, quick listener
		defer b.subscribeAs(clientaccount.Subscription{Concurrency: 1, Handle: func(ctx context.Context, events []account.Event) error {
			time.Sleep(20 * time.Second)
			return slow.hear(ctx, events)
		}})()
		synctest.Wait()
		defer b.subscribe(quick.hear)()
		time.Sleep(time.Minute)
		synctest.Wait()
		require.Equal(t, 40, len(slow.all())+len(quick.all()))
		require.LessOrEqual(t, len(slow.all()), 3)
		assert.Less(t, time.Since(began), 2*time.Minute)
	})
}

func TestUnsubscribeEndsSubscribe(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := newFeedBench(t, memstore.New())
		sub := clientaccount.Subscription{Name: "mail", Handle: func(context.Context, []account.Event) error { return nil }}
		done := make(chan error)
		go func() { done <- b.svc.Subscribe(t.Context(), sub) }()
		synctest.Wait()
		require.NoError(t, b.svc.Unsubscribe(t.Context(), "mail"))
		require.ErrorIs(t, <-done, account.ErrNotFound)
		require.ErrorIs(t, b.svc.Unsubscribe(t.Context(), "mail"), account.ErrNotFound)
	})
}

func TestSubscriptionsThatAreRefused(t *testing.T) {
	b := newBench(t)
	sub := clientaccount.Subscription{Handle: func(context.Context, []account.Event) error { return nil }}
	for _, name := range []string{strings.Repeat("n", 65), "a\nb", "\xff", "\x00"} {
		sub.Name = name
		require.ErrorIs(t, b.svc.Subscribe(t.Context(), sub), clientaccount.ErrSubscriptionName)
		require.ErrorIs(t, b.svc.Unsubscribe(t.Context(), name), clientaccount.ErrSubscriptionName)
	}
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	done := make(chan error)
	for n := range clientaccount.MaxSubscriptions + 1 {
		one := sub
		one.Name = fmt.Sprint("n-", n)
		go func() { done <- b.svc.Subscribe(ctx, one) }()
	}
	require.ErrorIs(t, <-done, clientaccount.ErrManySubscriptions) // the others go on
	cancel()
	for range clientaccount.MaxSubscriptions {
		require.NoError(t, <-done)
	}
}
