package memstore

import (
	"container/heap"
	"context"
	"maps"
	"slices"
	"time"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/store"
)

var _ store.EventFeed = (*Store)(nil)

// feed is who is told of events.
type feed struct {
	subscriptions map[string]*subscription
	news          []account.ID // accounts with events that are noted for no subscription
}

// subscription is one who is told, and of what.
type subscription struct {
	store.Subscription
	untold map[account.ID]*untold
	due    dueUntold
}

// untold is what a subscription is yet to be told of an account.
type untold struct {
	account      account.ID
	told, latest int64 // numbers of the last event that was told, and of the last to be told
	owner        account.ID
	due          time.Time // the lease ends, or they are to be tried again
	failures     int
	place        int // in the heap
}

// dueUntold is a heap, those that are due first in front.
type dueUntold []*untold

func (d dueUntold) Len() int { return len(d) }
func (d dueUntold) Less(i, j int) bool {
	if !d[i].due.Equal(d[j].due) {
		return d[i].due.Before(d[j].due)
	}
	return d[i].account.Compare(d[j].account) < 0
}

func (d dueUntold) Swap(i, j int) {
	d[i], d[j] = d[j], d[i]
	d[i].place, d[j].place = i, j
}

func (d *dueUntold) Push(x any) { // by heap
	u := x.(*untold)
	u.place = len(*d)
	*d = append(*d, u)
}

func (d *dueUntold) Pop() any {
	last := len(*d) - 1
	u := (*d)[last]
	(*d)[last] = nil
	*d = (*d)[:last]
	return u
}

// hasNews notes an account that may have events which are to be told.
func (s *state) hasNews(id account.ID) {
	p, ok := s.ledgers.get(id)
	if ok && !p.news && p.noted < int64(p.events.len()) {
		p.news = true
		s.feed.news = append(s.feed.news, id)
	}
}

// noteNews notes all events for all subscriptions.
func (s *state) noteNews(now time.Time) {
	for _, id := range s.feed.news {
		p, _ := s.ledgers.get(id)
		behind := p.noted
		p.news, p.noted = false, int64(p.events.len())
		for _, sub := range s.feed.subscriptions {
			sub.note(id, p, behind, now)
		}
	}
	s.feed.news = nil
}

// note notes those events behind a number that are not from before the subscription, as due
// at an instant.
func (s *subscription) note(id account.ID, p *ledger, behind int64, due time.Time) {
	for n := behind + 1; n <= p.noted; n++ {
		if p.events.at(int(n - 1)).At.Before(s.Since) {
			continue
		}
		u, ok := s.untold[id]
		if !ok {
			u = &untold{account: id, told: n - 1, due: due}
			s.untold[id] = u
			heap.Push(&s.due, u)
		}
		u.latest = n
	}
}

// Subscribe is [store.EventFeed]'s.
func (s *Store) Subscribe(ctx context.Context, sub store.Subscription) error {
	refused, err := act(ctx, s, func(s *state) error { return s.subscribe(sub) })
	if err != nil {
		return err
	}
	return refused
}

func (s *state) subscribe(sub store.Subscription) error {
	if _, ok := s.feed.subscriptions[sub.Name]; ok {
		return nil
	}
	if len(s.feed.subscriptions) >= store.MaxSubscriptions {
		return store.ErrManySubscriptions
	}
	if s.feed.subscriptions == nil {
		s.feed.subscriptions = map[string]*subscription{}
	}
	if !sub.Since.IsZero() {
		sub.Since = instant(sub.Since)
	}
	made := &subscription{Subscription: sub, untold: map[account.ID]*untold{}}
	s.feed.subscriptions[sub.Name] = made
	for id, p := range s.ledgers.own {
		made.note(id, p, 0, time.Time{})
	}
	return nil
}

// Subscriptions is [store.EventFeed]'s.
func (s *Store) Subscriptions(ctx context.Context) ([]store.Subscription, error) {
	return act(ctx, s, func(s *state) (all []store.Subscription) {
		for _, name := range slices.Sorted(maps.Keys(s.feed.subscriptions)) {
			all = append(all, s.feed.subscriptions[name].Subscription)
		}
		return all
	})
}

// Unsubscribe is [store.EventFeed]'s.
func (s *Store) Unsubscribe(ctx context.Context, name string) error {
	found, err := act(ctx, s, func(s *state) bool {
		_, ok := s.feed.subscriptions[name]
		delete(s.feed.subscriptions, name)
		return ok
	})
	return foundOr(found, err)
}

func foundOr(found bool, err error) error {
	if err == nil && !found {
		return account.ErrNotFound
	}
	return err
}

// ClaimEvents is [store.EventFeed]'s.
func (s *Store) ClaimEvents(ctx context.Context, c store.EventClaim) (leases []store.EventLease, err error) {
	found, err := act(ctx, s, func(s *state) bool {
		sub, ok := s.feed.subscriptions[c.Subscription]
		if !ok {
			return false
		}
		now := instant(c.Now)
		s.noteNews(now)
		for _, u := range sub.free(now, c.Accounts) {
			u.owner, u.due = c.Owner, instant(c.Until)
			heap.Push(&sub.due, u)
			p, _ := s.ledgers.get(u.account)
			query := account.EventQuery{After: u.told, Limit: min(c.Events, int(u.latest-u.told))}
			leases = append(leases, store.EventLease{
				Subscription: c.Subscription, Owner: c.Owner, Until: c.Until, Events: p.eventPage(&query), Failures: u.failures,
			})
		}
		return true
	})
	return leases, foundOr(found, err)
}

// free takes out what is due, at most so many.
func (s *subscription) free(now time.Time, most int) (free []*untold) {
	for len(free) < most && len(s.due) > 0 && !s.due[0].due.After(now) {
		free = append(free, heap.Pop(&s.due).(*untold)) // by heap
	}
	return free
}

// MarkTold is [store.EventFeed]'s.
func (s *Store) MarkTold(ctx context.Context, ls []store.EventLease) ([]account.ID, error) {
	return s.endLeases(ctx, ls, func(sub *subscription, u *untold, l *store.EventLease) {
		u.told, u.failures = l.Last(), 0
		if u.told >= u.latest {
			heap.Remove(&sub.due, u.place)
			delete(sub.untold, u.account)
		}
	})
}

// PutOff is [store.EventFeed]'s.
func (s *Store) PutOff(ctx context.Context, ls []store.EventLease) ([]account.ID, error) {
	return s.endLeases(ctx, ls, func(_ *subscription, u *untold, l *store.EventLease) { u.failures = l.Failures })
}

// endLeases ends those leases that still stand, and returns the accounts of the others.
func (s *Store) endLeases(ctx context.Context, ls []store.EventLease, end func(*subscription, *untold, *store.EventLease)) ([]account.ID, error) {
	return act(ctx, s, func(s *state) (lost []account.ID) {
		for i := range ls {
			l := &ls[i]
			sub, u := s.leased(l)
			if u == nil {
				lost = append(lost, l.Account())
				continue
			}
			u.owner, u.due = account.ID{}, instant(l.Until)
			heap.Fix(&sub.due, u.place)
			end(sub, u, l)
		}
		return lost
	})
}

// leased is what a lease is of, if it still stands.
func (s *state) leased(l *store.EventLease) (*subscription, *untold) {
	sub, ok := s.feed.subscriptions[l.Subscription]
	if !ok {
		return nil, nil
	}
	u, ok := sub.untold[l.Account()]
	if !ok || l.Owner.IsZero() || u.owner != l.Owner || u.told != l.Told() {
		return nil, nil
	}
	return sub, u
}
