package storetest

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/account/accounttest"
	"github.com/clientaccount/clientaccount/store"
)

var feedPromises = []feedPromise{
	{"a claim gives an account's events as they were written, in order", feedValues},
	{"events of transactions are given once they are committed", feedPosted},
	{"what is leased is nobody else's until the lease ends", feedExclusive},
	{"what was told is not given again, and can still be read", feedTold},
	{"events written meanwhile are told after those that are leased", feedMeanwhile},
	{"at most as many as asked for, the others next", feedPages},
	{"what was put off is due at its instant, others pass it", feedPutOff},
	{"a claim gives those that are due longest, at most as many accounts as asked for", feedOldest},
	{"many leases end at once, each for itself", feedMany},
	{"many owners at once never share an account", feedRace},
	{"a canceled context ends a call", feedCanceled},
}

func feedValues(t *testing.T, f feed) {
	require.Empty(t, f.first(t, owner, f.now))
	k := f.withNews(t, "told", 3)
	got := f.first(t, owner, f.now)
	assert.Equal(t, owner, got.Owner)
	assert.Zero(t, got.Failures)
	requireFacts(t, k.events, got.Events, "the events")
}

func feedPosted(t *testing.T, f feed) {
	k := opened(t, f, "posted", funds())
	boom := errors.New("boom")
	err := retry(t.Context(), f, func(ctx context.Context, tx store.Tx) error {
		return errors.Join(tx.Post(ctx, k.news(t, 2)), boom)
	})
	require.ErrorIs(t, err, boom)
	require.Empty(t, f.first(t, owner, f.now), "what was rolled back never happened")
	k.post(t, f, k.news(t, 2))
	got := f.first(t, owner, f.now)
	requireFacts(t, k.events, got.Events, "the events")
}

func feedExclusive(t *testing.T, f feed) {
	k := f.withNews(t, "leased", 2)
	first := f.first(t, owner, f.now)
	require.Empty(t, f.first(t, other, f.now.Add(minute-time.Microsecond)))
	require.Empty(t, f.first(t, owner, f.now), "not even its owner's")
	second := f.first(t, other, f.now.Add(minute))
	requireFacts(t, k.events, second.Events, "the events")
	lost := []account.ID{k.balance.Account}
	require.Equal(t, lost, f.told(t, first), "the former owner must learn that they are another's")
	require.Equal(t, lost, f.putOff(t, f.now, first))
	require.Empty(t, f.told(t, second))
	require.Equal(t, lost, f.told(t, second))
	require.Equal(t, lost, f.putOff(t, f.now, second))
	require.Empty(t, f.told(t), "of nothing")
}

func feedTold(t *testing.T, f feed) {
	k := f.withNews(t, "read", 3)
	require.Empty(t, f.told(t, f.first(t, owner, f.now)))
	require.Empty(t, f.first(t, owner, f.now.Add(time.Hour)))
	requireBook(t, f, k)
	k.append(t, f, k.news(t, 1))
	got := f.first(t, owner, f.now)
	requireFacts(t, k.events[3:], got.Events, "the next event")
}

func feedMeanwhile(t *testing.T, f feed) {
	k := f.withNews(t, "meanwhile", 2)
	first := f.first(t, owner, f.now)
	k.append(t, f, k.news(t, 2))
	require.Empty(t, f.first(t, other, f.now), "they would overtake")
	first.Until = f.now.Add(time.Second)
	require.Empty(t, f.told(t, first))
	require.Empty(t, f.first(t, other, f.now.Add(time.Second-time.Microsecond)), "not before the instant that was said")
	got := f.first(t, other, f.now.Add(time.Second))
	requireFacts(t, k.events[2:], got.Events, "the events behind")
}

func feedPages(t *testing.T, f feed) {
	k := f.withNews(t, "paged", 5)
	var all []account.Event
	for range 3 {
		c := claiming(owner, f.now)
		c.Events = 2
		leases := f.claim(t, c)
		require.Len(t, leases, 1)
		all = append(all, leases[0].Events...)
		leases[0].Until = f.now
		require.Empty(t, f.told(t, leases...))
	}
	requireFacts(t, k.events, all, "the events")
}

func feedPutOff(t *testing.T, f feed) {
	one := f.withNews(t, "failing", 2)
	for failures := range 3 {
		at := f.now.Add(time.Duration(failures) * time.Second)
		l := f.first(t, owner, at)
		requireFacts(t, one.events, l.Events, "the events that could not be told")
		require.Equal(t, failures, l.Failures)
		l.Failures++
		require.Empty(t, f.putOff(t, at.Add(time.Second), l))
		require.Empty(t, f.first(t, owner, at.Add(time.Second-time.Microsecond)))
	}
	passing := f.withNews(t, "passing", 1)
	l := f.first(t, other, f.now.Add(2*time.Second))
	requireFacts(t, passing.events, l.Events, "another account's event")
}

func feedOldest(t *testing.T, f feed) {
	var opened []account.ID
	for n := range 5 {
		opened = append(opened, f.withNews(t, fmt.Sprintf("oldest-%d", n), 1).balance.Account)
	}
	all := f.claim(t, store.EventClaim{Owner: owner, Now: f.now, Until: f.now, Accounts: 5, Events: 1})
	require.ElementsMatch(t, opened, accountsOf(all))
	for n := range all { // the last is due first
		require.Empty(t, f.putOff(t, f.now.Add(-time.Duration(n)*time.Second), all[n]))
	}
	c := claiming(owner, f.now)
	c.Accounts = 3
	require.ElementsMatch(t, accountsOf(all[2:]), accountsOf(f.claim(t, c)))
	require.ElementsMatch(t, accountsOf(all[:2]), accountsOf(f.claim(t, c)))
	require.Empty(t, f.claim(t, c))
}

func accountsOf(ls []store.EventLease) (ids []account.ID) {
	for i := range ls {
		ids = append(ids, ls[i].Account())
	}
	return ids
}

func feedMany(t *testing.T, f feed) {
	books := map[account.ID]*book{}
	for n := range 6 {
		k := f.withNews(t, fmt.Sprintf("many-%d", n), 1+n%3)
		books[k.balance.Account] = k
	}
	c := claiming(owner, f.now)
	c.Accounts, c.Events = 6, 2
	all := f.claim(t, c)
	require.Len(t, all, 6)
	for _, l := range all {
		events := books[l.Account()].events
		requireFacts(t, events[:min(2, len(events))], l.Events, "the events of each")
	}
	require.Empty(t, f.told(t, all[1]))
	stranger := all[2]
	stranger.Owner = other
	gone := all[3]
	gone.Subscription = "nobody"
	for i := range all {
		all[i].Until = f.now
	}
	lost := f.told(t, all[0], all[1], stranger, gone, all[4], all[5])
	require.ElementsMatch(t, []account.ID{all[1].Account(), stranger.Account(), gone.Account()}, lost)
	require.Empty(t, f.putOff(t, f.now, all[2], all[3]), "these stand still")
	var want [][]account.Event
	var got [][]account.Event
	for i, l := range all {
		events := books[l.Account()].events
		if i != 2 && i != 3 {
			events = events[len(l.Events):]
		}
		if i != 1 && len(events) > 0 {
			want = append(want, events[:min(2, len(events))])
		}
	}
	for _, l := range f.claim(t, c) {
		got = append(got, l.Events)
	}
	first := func(a, b []account.Event) int { return a[0].Account.Compare(b[0].Account) }
	slices.SortFunc(want, first)
	slices.SortFunc(got, first)
	requireFacts(t, slices.Concat(want...), slices.Concat(got...), "what was not told")
}

func feedRace(t *testing.T, f feed) {
	const accounts, owners = 12, 8
	for n := range accounts {
		f.withNews(t, fmt.Sprintf("race-%d", n), 1)
	}
	var mu sync.Mutex
	holders := map[account.ID]int{}
	var wg sync.WaitGroup
	for n := range owners {
		wg.Go(func() {
			for range accounts {
				c := claiming(accounttest.ID(70_003+n), f.now)
				c.Accounts = 1 + n%3
				leases, err := f.ClaimEvents(t.Context(), c)
				if lost(err) {
					continue
				}
				assert.NoError(t, err)
				mu.Lock()
				for i := range leases {
					holders[leases[i].Account()]++
				}
				mu.Unlock()
			}
		})
	}
	wg.Wait()
	for l := f.first(t, owner, f.now); len(l.Events) > 0; l = f.first(t, owner, f.now) {
		holders[l.Events[0].Account]++ // that every owner left to the others
	}
	assert.Len(t, holders, accounts)
	for id, n := range holders {
		assert.Equal(t, 1, n, "%s was held by more than one", id)
	}
}

func feedCanceled(t *testing.T, f feed) {
	f.withNews(t, "canceled", 1)
	l := f.first(t, owner, f.now)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err := f.ClaimEvents(ctx, claiming(other, f.now))
	require.ErrorIs(t, err, context.Canceled)
	_, err = f.MarkTold(ctx, []store.EventLease{l})
	require.ErrorIs(t, err, context.Canceled)
	_, err = f.PutOff(ctx, []store.EventLease{l})
	require.ErrorIs(t, err, context.Canceled)
	require.ErrorIs(t, f.Subscribe(ctx, store.Subscription{Name: "canceled"}), context.Canceled)
	_, err = f.Subscriptions(ctx)
	require.ErrorIs(t, err, context.Canceled)
	require.ErrorIs(t, f.Unsubscribe(ctx, ""), context.Canceled)
	require.Empty(t, f.told(t, l), "none of them did anything")
}
