package bunstore

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/store"
	"github.com/clientaccount/clientaccount/store/bunstore/internal/rows"
	"github.com/clientaccount/clientaccount/store/bunstore/internal/session"
)

// Subscribe is [store.EventFeed]'s. Where there is such a subscription, it is one question.
func (s *Store) Subscribe(ctx context.Context, sub store.Subscription) error {
	known, err := s.subscriptions(ctx, s.Session)
	if err != nil || has(known, sub.Name) {
		return err
	}
	return s.work(ctx, func(ctx context.Context, t *tx) error { return t.subscribe(ctx, sub) })
}

// subscribe first waits for those who note events, and keeps others from it: what they
// noted before is looked for here, what they note afterwards is noted for this one too.
func (t *tx) subscribe(ctx context.Context, sub store.Subscription) error {
	if err := t.passVersion(ctx); err != nil {
		return err
	}
	known, err := subscriptionsOf(ctx, t.Session)
	switch {
	case err != nil || has(known, sub.Name):
		return err
	case len(known) >= store.MaxSubscriptions:
		return store.ErrManySubscriptions
	}
	args, err := rows.Subscriptions.Args(&sub)
	if err != nil {
		return err
	}
	if _, err := t.Execute(ctx, `INSERT INTO clientaccount_subscriptions (name, since) VALUES ($1, $2)`, args...); err != nil {
		return err
	}
	_, err = t.Execute(ctx, `INSERT INTO clientaccount_untold (subscription, account_id, told, latest, due_at)
		SELECT CAST($1 AS text), e.account_id, min(e.number) - 1, max(e.number), $3 FROM clientaccount_events e
		WHERE e.told AND e.at >= $2 GROUP BY e.account_id`, sub.Name, rows.InstantText(sub.Since), rows.InstantText(time.Time{}))
	return err
}

// Subscriptions is [store.EventFeed]'s.
func (s *Store) Subscriptions(ctx context.Context) ([]store.Subscription, error) {
	return s.subscriptions(ctx, s.Session)
}

func (s *Store) subscriptions(ctx context.Context, in session.Session) ([]store.Subscription, error) {
	if s.DB == nil {
		return nil, session.ErrUnmade
	}
	return subscriptionsOf(ctx, in)
}

// subscriptionsOf sorts them as Go does, whatever the database's collation.
func subscriptionsOf(ctx context.Context, s session.Session) ([]store.Subscription, error) {
	all, err := session.Query(ctx, s, `SELECT name, since FROM clientaccount_subscriptions`, rows.Subscriptions)
	slices.SortFunc(all, func(a, b store.Subscription) int { return strings.Compare(a.Name, b.Name) })
	return all, err
}

func has(all []store.Subscription, name string) bool {
	return slices.ContainsFunc(all, func(s store.Subscription) bool { return s.Name == name })
}

// Unsubscribe is [store.EventFeed]'s.
func (s *Store) Unsubscribe(ctx context.Context, name string) error {
	if !rows.Storable(name) {
		return session.NotFound(ctx)
	}
	return s.work(ctx, func(ctx context.Context, t *tx) error {
		if err := t.passVersion(ctx); err != nil {
			return err
		}
		n, err := t.Execute(ctx, `DELETE FROM clientaccount_subscriptions WHERE name = $1`, name)
		if err == nil && n == 0 {
			err = account.ErrNotFound
		}
		if err != nil {
			return err
		}
		_, err = t.Execute(ctx, `DELETE FROM clientaccount_untold WHERE subscription = $1`, name)
		return err
	})
}

// passVersion keeps others from noting events until the transaction ends, and who asked
// for the feed's state before it from noting any.
func (t *tx) passVersion(ctx context.Context) error {
	_, err := t.Execute(ctx, `UPDATE clientaccount_event_feed SET version = version + 1`)
	return err
}
