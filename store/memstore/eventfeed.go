package memstore

import (
	"context"
	"slices"
	"time"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/store"
)

var _ store.EventFeed = (*Store)(nil)

// telling is how far the host was told of an account's events. Only the committed
// ledger has it.
type telling struct {
	told     int64 // number of the last event that was
	owner    account.ID
	due      time.Time // the lease ends, or they are to be tried again
	failures int
}

// hasNews notes an account that may have events which are to be told.
func (s *state) hasNews(id account.ID) {
	p, ok := s.ledgers.get(id)
	if !ok || p.telling.told == int64(p.events.len()) {
		return
	}
	if i, noted := slices.BinarySearchFunc(s.untold, id, account.ID.Compare); !noted {
		s.untold = slices.Insert(s.untold, i, id)
	}
}

// ClaimEvents is [store.EventFeed]'s.
func (s *Store) ClaimEvents(ctx context.Context, c store.EventClaim) (store.EventLease, error) {
	return act(ctx, s, func(s *state) (lease store.EventLease) {
		from, found := slices.BinarySearchFunc(s.untold, c.After, account.ID.Compare)
		if found {
			from++
		}
		for _, id := range s.untold[from:] {
			p, _ := s.ledgers.get(id)
			if t := &p.telling; !t.due.After(instant(c.Now)) {
				t.owner, t.due = c.Owner, instant(c.Until)
				query := account.EventQuery{After: t.told, Limit: c.Events}
				return store.EventLease{Owner: c.Owner, Events: p.eventPage(&query), Failures: t.failures}
			}
		}
		return lease
	})
}

// MarkTold is [store.EventFeed]'s.
func (s *Store) MarkTold(ctx context.Context, l store.EventLease) error {
	return s.endLease(ctx, l, func(s *state, p *ledger) {
		p.telling = telling{told: l.Events[len(l.Events)-1].Number}
		if i, noted := slices.BinarySearchFunc(s.untold, p.balance.Account, account.ID.Compare); noted && p.telling.told == int64(p.events.len()) {
			s.untold = slices.Delete(s.untold, i, i+1)
		}
	})
}

// PutOff is [store.EventFeed]'s.
func (s *Store) PutOff(ctx context.Context, l store.EventLease, until time.Time) error {
	return s.endLease(ctx, l, func(_ *state, p *ledger) {
		p.telling = telling{told: p.telling.told, due: instant(until), failures: l.Failures}
	})
}

// endLease changes the ledger of a lease that still stands.
func (s *Store) endLease(ctx context.Context, l store.EventLease, end func(*state, *ledger)) error {
	stands, err := act(ctx, s, func(s *state) bool {
		if len(l.Events) == 0 || l.Owner.IsZero() {
			return false
		}
		p, ok := s.ledgers.get(l.Events[0].Account)
		if !ok || p.telling.owner != l.Owner || p.telling.told+1 != l.Events[0].Number {
			return false
		}
		end(s, p)
		return true
	})
	if err == nil && !stands {
		return account.ErrStale
	}
	return err
}
