package storetest

import (
	"errors"
	"fmt"
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
	for _, p := range feedPromises {
		t.Run(p.name, func(t *testing.T) {
			on(w, t, newStore, func(t *testing.T, s EventFeedStore) {
				p.test(t, feed{s, accounttest.Now().Truncate(time.Microsecond)})
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

// claim leases the events of an account above another for a minute.
func (f feed) claim(t tb, who account.ID, at time.Time, after account.ID) store.EventLease {
	t.Helper()
	for {
		l, err := f.ClaimEvents(t.Context(), store.EventClaim{Owner: who, Now: at, Until: at.Add(minute), After: after, Events: 10})
		if !lost(err) {
			require.NoError(t, err)
			return l
		}
	}
}

// first is claim from the first account on.
func (f feed) first(t tb, who account.ID, at time.Time) store.EventLease {
	t.Helper()
	return f.claim(t, who, at, account.ID{})
}

// settled is an answer that lost no race.
func settled(do func() error) error {
	for {
		if err := do(); !errors.Is(err, account.ErrConflict) {
			return err
		}
	}
}

func (f feed) told(t tb, l store.EventLease) error {
	t.Helper()
	return settled(func() error { return f.MarkTold(t.Context(), l) })
}

func (f feed) putOff(t tb, l store.EventLease, until time.Time) error {
	t.Helper()
	return settled(func() error { return f.PutOff(t.Context(), l, until) })
}
