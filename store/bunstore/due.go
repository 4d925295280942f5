package bunstore

import (
	"context"

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
