package memstore

import (
	"cmp"
	"context"
	"slices"
	"time"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/store"
)

var (
	_ store.Outbox   = (*Store)(nil)
	_ store.OutboxTx = (*tx)(nil)
)

// lease is a hook that was ever claimed.
type lease struct {
	owner  account.ID
	until  time.Time
	served time.Time // when it was claimed last
	health store.Health
	off    bool // what the account's events say last
}

// act changes what is committed, at once and for good: what the outbox does by itself
// never has to be taken back.
func act[T any](ctx context.Context, s *Store, do func(*state) T) (T, error) {
	var none T
	if store.IsInside(ctx, s) {
		return none, store.ErrNested
	}
	if err := s.enter(ctx); err != nil {
		return none, err
	}
	defer s.leave()
	if s.races.Add(-1) >= 0 {
		return none, account.ErrConflict
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	return do(s.committed), nil
}

// Claim is [store.Outbox]'s.
func (s *Store) Claim(ctx context.Context, c store.Claim) ([]store.Claimed, error) {
	return act(ctx, s, func(s *state) (claimed []store.Claimed) {
		for _, h := range s.outbox.free(instant(c.Now)) {
			if len(claimed) == c.Hooks {
				break
			}
			if found := s.claim(h, c); len(found.Deliveries) > 0 {
				claimed = append(claimed, found)
			}
		}
		return claimed
	})
}

// free returns the hooks that may be claimed, those longest without a lease first.
func (o *outbox) free(now time.Time) []store.Hook {
	type candidate struct {
		hook   store.Hook
		served time.Time
	}
	var found []candidate
	for h, q := range o.queues {
		l, known := o.hooks.get(h)
		if known && (l.until.After(now) || l.health.PausedUntil.After(now)) || q.places[0].due.After(now) {
			continue
		}
		served := time.Time{}
		if known {
			served = l.served
		}
		found = append(found, candidate{h, served})
	}
	slices.SortFunc(found, func(a, b candidate) int {
		return cmp.Or(a.served.Compare(b.served), slices.Compare(a.hook.Account[:], b.hook.Account[:]),
			cmp.Compare(a.hook.Kind, b.hook.Kind))
	})
	hooks := make([]store.Hook, len(found))
	for i, f := range found {
		hooks[i] = f.hook
	}
	return hooks
}

func (s *state) claim(h store.Hook, c store.Claim) store.Claimed {
	now := instant(c.Now)
	found := store.Claimed{Hook: h, Deliveries: s.outbox.due(h, now, nil, c.Deliveries)}
	if len(found.Deliveries) == 0 {
		return found
	}
	next := lease{}
	if l, ok := s.outbox.hooks.get(h); ok {
		next = *l
	}
	next.owner, next.until, next.served = c.Owner, instant(c.Until), now
	s.outbox.hooks.put(h, &next)
	found.Health = next.health
	secrets, _ := s.outbox.secrets.get(h.Account)
	found.Secrets = slices.Clone(secrets)
	if a, ok := s.accounts.get(h.Account); ok {
		found.URL = a.account.Webhooks.URL(h.Kind)
	}
	return found
}

func (o *outbox) holds(owner account.ID, h store.Hook) bool {
	l, ok := o.hooks.get(h)
	return ok && l.owner == owner && !owner.IsZero()
}

// More is [store.Outbox]'s.
func (s *Store) More(ctx context.Context, m store.More) ([]store.Delivery, error) {
	return act(ctx, s, func(s *state) (found []store.Delivery) {
		for _, h := range m.Hooks {
			if s.outbox.holds(m.Owner, h.Hook) {
				found = append(found, s.outbox.due(h.Hook, instant(m.Now), h.Skip, m.Limit)...)
			}
		}
		return found
	})
}

// Extend is [store.Outbox]'s.
func (s *Store) Extend(ctx context.Context, owner account.ID, hooks []store.Hook, until time.Time) ([]store.Hook, error) {
	return act(ctx, s, func(s *state) (held []store.Hook) {
		for _, h := range hooks {
			if s.outbox.holds(owner, h) {
				l, _ := s.outbox.hooks.get(h)
				extended := *l
				extended.until = instant(until)
				s.outbox.hooks.put(h, &extended)
				held = append(held, h)
			}
		}
		return held
	})
}
