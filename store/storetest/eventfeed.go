package storetest

import (
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/account/accounttest"
	"github.com/clientaccount/clientaccount/store"
)

// EventFeedStore is a store with a feed of events.
type EventFeedStore interface {
	store.Store
	store.EventFeed
}

// RunEventFeed tests what [store.EventFeed] promises, as [Run] does for the rest of the
// contract.
func RunEventFeed(t *testing.T, newStore func(t *testing.T) EventFeedStore) {
	t.Helper()
	w := newWatch()
	for _, p := range slices.Concat(feedPromises, subscriptionPromises) {
		t.Run(p.name, func(t *testing.T) {
			on(w, t, newStore, func(t *testing.T, s EventFeedStore) {
				f := feed{s, accounttest.Now().Truncate(time.Microsecond)}
				f.subscribe(t, "")
				p.test(t, f)
			})
		})
	}
}

// feedPromise is one thing a feed promises, and the test that it keeps it.
type feedPromise struct {
	name string
	test func(t *testing.T, f feed)
}

// feed is a store, and the instant at which tests begin.
type feed struct {
	EventFeedStore
	now time.Time
}

// news is a posting of a charge that n events follow from.
func (k *book) news(t tb, n int) store.Posting {
	t.Helper()
	p := k.posting(t, charge(fmt.Sprint("news-", k.balance.Version), "1"))
	for range n {
		p.Balance.Events++
		event := account.Event{}
		fill(&event, int(p.Balance.Events))
		event.Account, event.Number = k.balance.Account, p.Balance.Events
		p.Events = append(p.Events, event)
	}
	return p
}

// withNews is a new account with n untold events.
func (f feed) withNews(t tb, login string, n int) *book {
	t.Helper()
	k := opened(t, f, login, funds())
	k.append(t, f, k.news(t, n))
	return k
}

// subscribe makes a subscription that is told of everything.
func (f feed) subscribe(t tb, name string) {
	t.Helper()
	require.NoError(t, f.makes(t, store.Subscription{Name: name}))
}

func (f feed) makes(t tb, s store.Subscription) error {
	t.Helper()
	return settled(func() error { return f.Subscribe(t.Context(), s) })
}

func (f feed) unsubscribe(t tb, name string) error {
	t.Helper()
	return settled(func() error { return f.Unsubscribe(t.Context(), name) })
}

// claiming is a claim of one account for the subscription without a name, for a minute.
func claiming(who account.ID, at time.Time) store.EventClaim {
	return store.EventClaim{Owner: who, Now: at, Until: at.Add(minute), Accounts: 1, Events: 10}
}

func (f feed) claim(t tb, c store.EventClaim) (leases []store.EventLease) {
	t.Helper()
	require.NoError(t, settled(func() (err error) {
		leases, err = f.ClaimEvents(t.Context(), c)
		return err
	}))
	require.LessOrEqual(t, len(leases), c.Accounts)
	for _, l := range leases {
		require.NotEmpty(t, l.Events)
		require.LessOrEqual(t, len(l.Events), c.Events)
		require.Equal(t, c.Subscription, l.Subscription)
		require.Equal(t, c.Owner, l.Owner)
		require.True(t, c.Until.Equal(l.Until))
	}
	return leases
}

// first leases the events of an account, or gives no lease.
func (f feed) first(t tb, who account.ID, at time.Time) (none store.EventLease) {
	t.Helper()
	for _, l := range f.claim(t, claiming(who, at)) {
		return l
	}
	return none
}

// settled is an answer that lost no race.
func settled(do func() error) error {
	for {
		if err := do(); !errors.Is(err, account.ErrConflict) {
			return err
		}
	}
}

// told ends leases whose events were told, and returns the accounts of those that did not
// stand.
func (f feed) told(t tb, ls ...store.EventLease) (lost []account.ID) {
	t.Helper()
	require.NoError(t, settled(func() (err error) {
		lost, err = f.MarkTold(t.Context(), ls)
		return err
	}))
	return lost
}

// putOff is told for leases whose events were not.
func (f feed) putOff(t tb, until time.Time, ls ...store.EventLease) (lost []account.ID) {
	t.Helper()
	for i := range ls {
		ls[i].Until = until
	}
	require.NoError(t, settled(func() (err error) {
		lost, err = f.PutOff(t.Context(), ls)
		return err
	}))
	return lost
}
