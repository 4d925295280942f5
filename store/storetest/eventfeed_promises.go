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
	{"a claim goes on after an account", feedAfter},
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
	require.ErrorIs(t, f.told(t, first), account.ErrStale, "the former owner must learn that they are another's")
	require.ErrorIs(t, f.putOff(t, first, f.now), account.ErrStale)
	require.NoError(t, f.told(t, second))
	require.ErrorIs(t, f.told(t, second), account.ErrStale)
	require.ErrorIs(t, f.putOff(t, second, f.now), account.ErrStale)
	require.ErrorIs(t, f.told(t, store.EventLease{Owner: owner}), account.ErrStale, "of nothing")
}

func feedTold(t *testing.T, f feed) {
	k := f.withNews(t, "read", 3)
	require.NoError(t, f.told(t, f.first(t, owner, f.now)))
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
	require.NoError(t, f.told(t, first))
	got := f.first(t, other, f.now)
	requireFacts(t, k.events[2:], got.Events, "the events behind")
}

func feedPages(t *testing.T, f feed) {
	k := f.withNews(t, "paged", 5)
	var all []account.Event
	for range 3 {
		var l store.EventLease
		require.NoError(t, settled(func() (err error) {
			l, err = f.ClaimEvents(t.Context(), store.EventClaim{Owner: owner, Now: f.now, Until: f.now.Add(minute), Events: 2})
			return err
		}))
		require.LessOrEqual(t, len(l.Events), 2)
		all = append(all, l.Events...)
		require.NoError(t, f.told(t, l))
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
		require.NoError(t, f.putOff(t, l, at.Add(time.Second)))
		require.Empty(t, f.first(t, owner, at.Add(time.Second-time.Microsecond)))
	}
	passing := f.withNews(t, "passing", 1)
	l := f.first(t, other, f.now.Add(2*time.Second))
	requireFacts(t, passing.events, l.Events, "another account's event")
}

func feedAfter(t *testing.T, f feed) {
	var want []account.ID
	for n := range 5 {
		want = append(want, f.withNews(t, fmt.Sprintf("after-%d", n), 1).balance.Account)
	}
	slices.SortFunc(want, account.ID.Compare)
	var got []account.ID
	var after account.ID
	for {
		l := f.claim(t, owner, f.now, after)
		if len(l.Events) == 0 {
			break
		}
		after = l.Events[0].Account
		got = append(got, after)
		require.NoError(t, f.putOff(t, l, f.now), "and so it could be claimed again")
	}
	require.Equal(t, want, got)
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
				l, err := f.ClaimEvents(t.Context(), store.EventClaim{
					Owner: accounttest.ID(70_003 + n), Now: f.now, Until: f.now.Add(minute), Events: 1,
				})
				if lost(err) || len(l.Events) == 0 {
					continue
				}
				assert.NoError(t, err)
				mu.Lock()
				holders[l.Events[0].Account]++
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
	_, err := f.ClaimEvents(ctx, store.EventClaim{Owner: other, Now: f.now, Until: f.now, Events: 1})
	require.ErrorIs(t, err, context.Canceled)
	require.ErrorIs(t, f.MarkTold(ctx, l), context.Canceled)
	require.ErrorIs(t, f.PutOff(ctx, l, f.now), context.Canceled)
	require.NoError(t, f.told(t, l), "none of them did anything")
}
