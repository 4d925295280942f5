package bunstore

import (
	"context"
	"sync"
	"time"

	"github.com/clientaccount/clientaccount/store"
	"github.com/clientaccount/clientaccount/store/bunstore/internal/rows"
)

// More is [store.Outbox]'s.
func (s *Store) More(ctx context.Context, m store.More) ([]store.Delivery, error) {
	return s.due(ctx, m)
}

// due returns the deliveries of hooks that may be sent, in one statement.
func (s session) due(ctx context.Context, m store.More) ([]store.Delivery, error) {
	hooks, err := rows.HeldHooks(m.Hooks)
	if err != nil {
		return nil, err
	}
	return query(ctx, s, s.dialect.DueOf(), rows.DueDeliveries, hooks, rows.InstantText(m.Now), m.Limit, rows.IDText(m.Owner))
}

const (
	mostLeft = 10_000      // hooks that are kept for further claims, at most; some 60 bytes each
	leftFor  = time.Second // they are, so that those that fell due meanwhile do not wait for long
)

// dueHooks are hooks that were free and had something due at an instant, those longest
// without a lease first.
type dueHooks struct {
	at    time.Time
	hooks []rows.DueHook
}

// leftHooks are those of them that no claim has come to yet. Whether they are still free is
// seen when they are leased.
type leftHooks struct {
	mu sync.Mutex
	dueHooks
}

// take returns what is left, and leaves nothing: others who claim look for themselves.
func (l *leftHooks) take(now time.Time) dueHooks {
	l.mu.Lock()
	defer l.mu.Unlock()
	taken := l.dueHooks
	l.dueHooks = dueHooks{}
	if age := now.Sub(taken.at); age < 0 || age >= leftFor {
		return dueHooks{}
	}
	return taken
}

// keep leaves hooks for the next claim.
func (l *leftHooks) keep(d dueHooks) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.dueHooks = d
}
