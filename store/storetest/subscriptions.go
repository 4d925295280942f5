package storetest

import (
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/store"
)

var subscriptionPromises = []feedPromise{
	{"subscriptions are made once, are as many as there may be, and are removed", subscriptionNames},
	{"each subscription is told of everything, and none waits for another", subscriptionApart},
	{"a new subscription is told of what happened since an instant", subscriptionSince},
	{"what is removed ends, and begins anew", subscriptionRemoved},
	{"events that are written while subscriptions are made are told to all", subscriptionRace},
}

func subscriptionNames(t *testing.T, f feed) {
	names := func() (names []string) {
		all, err := f.Subscriptions(t.Context())
		require.NoError(t, err)
		for _, s := range all {
			names = append(names, s.Name)
		}
		return names
	}
	require.Equal(t, []string{""}, names())
	f.subscribe(t, "mail")
	f.subscribe(t, "Ünï 'code' -- %")
	require.NoError(t, f.makes(t, store.Subscription{Name: "mail", Since: f.now}), "it is there")
	require.Equal(t, []string{"", "mail", "Ünï 'code' -- %"}, names())
	for n := len(names()); n < store.MaxSubscriptions; n++ {
		f.subscribe(t, fmt.Sprintf("n-%02d", n))
	}
	require.ErrorIs(t, f.makes(t, store.Subscription{Name: "one more"}), store.ErrManySubscriptions)
	f.subscribe(t, "mail")
	require.NoError(t, f.unsubscribe(t, "mail"))
	require.ErrorIs(t, f.unsubscribe(t, "mail"), account.ErrNotFound)
	require.ErrorIs(t, f.unsubscribe(t, "no\x00body"), account.ErrNotFound)
	require.NotContains(t, names(), "mail")
	require.NoError(t, f.makes(t, store.Subscription{Name: "one more", Since: f.now}))
	all, err := f.Subscriptions(t.Context())
	require.NoError(t, err)
	last := all[len(all)-2]
	require.Equal(t, "one more", last.Name)
	require.True(t, f.now.Equal(last.Since))
	require.True(t, all[0].Since.IsZero())
}

// firstOf is first for a subscription.
func (f feed) firstOf(t tb, name string, at time.Time) (none store.EventLease) {
	t.Helper()
	c := claiming(owner, at)
	c.Subscription = name
	for _, l := range f.claim(t, c) {
		return l
	}
	return none
}

func subscriptionApart(t *testing.T, f feed) {
	f.subscribe(t, "mail")
	k := f.withNews(t, "apart", 3)
	host := f.firstOf(t, "", f.now)
	requireFacts(t, k.events, host.Events, "the one's events")
	mail := f.firstOf(t, "mail", f.now)
	requireFacts(t, k.events, mail.Events, "the other's")
	mail.Failures = 1
	require.Empty(t, f.putOff(t, f.now.Add(time.Hour), mail))
	require.Empty(t, f.told(t, host))
	k.append(t, f, k.news(t, 1))
	host = f.firstOf(t, "", f.now)
	requireFacts(t, k.events[3:], host.Events, "the next")
	require.Empty(t, f.told(t, host))
	mail = f.firstOf(t, "mail", f.now.Add(time.Hour))
	requireFacts(t, k.events, mail.Events, "all of them")
	require.Equal(t, 1, mail.Failures)
	require.Empty(t, f.told(t, mail))
	require.Empty(t, f.firstOf(t, "", f.now.Add(2*time.Hour)))
	require.Empty(t, f.firstOf(t, "mail", f.now.Add(2*time.Hour)))
}

// newsAt is news with an event at each instant.
func (k *book) newsAt(t tb, f feed, instants ...time.Time) {
	t.Helper()
	p := k.news(t, len(instants))
	for i, at := range instants {
		p.Events[i].At = at
	}
	k.append(t, f, p)
}

func subscriptionSince(t *testing.T, f feed) {
	before, since := f.now.Add(-time.Microsecond), f.now
	k, old := opened(t, f, "since", funds()), opened(t, f, "old", funds())
	k.newsAt(t, f, before, since)
	old.newsAt(t, f, before)
	require.NoError(t, f.makes(t, store.Subscription{Name: "unseen", Since: since}), "of what nobody was told of")
	for range 2 {
		require.Empty(t, f.told(t, f.first(t, owner, f.now)))
	}
	require.NoError(t, f.makes(t, store.Subscription{Name: "seen", Since: since}), "of what others were told of")
	k.newsAt(t, f, since.Add(time.Second))
	old.newsAt(t, f, before)
	for _, name := range []string{"unseen", "seen"} {
		got := f.firstOf(t, name, f.now)
		requireFacts(t, k.events[1:], got.Events, "not what happened before")
		require.Empty(t, f.told(t, got))
		require.Empty(t, f.firstOf(t, name, f.now.Add(time.Hour)))
	}
	f.subscribe(t, "all")
	all := claiming(owner, f.now)
	all.Subscription, all.Accounts = "all", 9
	require.ElementsMatch(t, []account.ID{k.balance.Account, old.balance.Account}, accountsOf(f.claim(t, all)))
}

func subscriptionRemoved(t *testing.T, f feed) {
	k := f.withNews(t, "removed", 2)
	lease := f.first(t, owner, f.now)
	require.NoError(t, f.unsubscribe(t, ""))
	_, err := f.ClaimEvents(t.Context(), claiming(owner, f.now))
	require.ErrorIs(t, err, account.ErrNotFound)
	require.Equal(t, []account.ID{k.balance.Account}, f.told(t, lease))
	k.append(t, f, k.news(t, 1))
	f.subscribe(t, "")
	got := f.first(t, owner, f.now)
	requireFacts(t, k.events, got.Events, "all again")
	require.Empty(t, f.told(t, got))
}

// subscriptionRace has subscriptions made while events are written and told: each is told
// of every event once, in order.
func subscriptionRace(t *testing.T, f feed) {
	const names, rounds = 4, 12
	k := opened(t, f, "race", funds())
	var making sync.WaitGroup
	defer making.Wait()
	made := make(chan string, names)
	making.Go(func() {
		for n := range names {
			name := fmt.Sprint("race-", n)
			err := settled(func() error { return f.Subscribe(t.Context(), store.Subscription{Name: name}) })
			assert.NoError(t, err)
			made <- name
		}
		close(made)
	})
	heard := map[string][]account.Event{}
	hear := func(name string) { heard[name] = append(heard[name], hearIfThere(t, f, name)...) }
	for range rounds {
		k.append(t, f, k.news(t, 1))
		hear("")
		for n := range names {
			hear(fmt.Sprint("race-", n))
		}
	}
	making.Wait()
	for name := range made {
		for len(heard[name]) < len(k.events) {
			before := len(heard[name])
			hear(name)
			require.Greater(t, len(heard[name]), before, "an event was lost")
		}
		requireFacts(t, k.events, heard[name], name)
	}
}

// hearIfThere claims and marks told what a subscription has, if it is there by now.
func hearIfThere(t *testing.T, f feed, name string) (heard []account.Event) {
	t.Helper()
	c := claiming(owner, f.now)
	c.Subscription = name
	leases, err := f.ClaimEvents(t.Context(), c)
	if errors.Is(err, account.ErrNotFound) || errors.Is(err, account.ErrConflict) {
		return nil
	}
	require.NoError(t, err)
	for _, l := range leases {
		l.Until = f.now
		require.Empty(t, f.told(t, l))
		heard = append(heard, l.Events...)
	}
	return heard
}
