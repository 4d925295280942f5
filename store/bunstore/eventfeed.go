package bunstore

import (
	"context"
	"slices"
	"time"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/store"
	"github.com/clientaccount/clientaccount/store/bunstore/internal/dialect"
	"github.com/clientaccount/clientaccount/store/bunstore/internal/rows"
	"github.com/clientaccount/clientaccount/store/bunstore/internal/session"
)

var _ store.EventFeed = (*Store)(nil)

// notedAtOnce is how many events are noted for the subscriptions before those that are due
// are leased.
const notedAtOnce = 2_000

// askFeed is whether there is a subscription $1, and anything to do at $2: one entry of an
// index each.
const askFeed = `SELECT f.version,
	EXISTS (SELECT 1 FROM clientaccount_subscriptions s WHERE s.name = $1) AS known,
	(SELECT e.number FROM clientaccount_events e WHERE NOT e.told ORDER BY e.account_id, e.number LIMIT 1) IS NOT NULL AS news,
	(SELECT u.told FROM clientaccount_untold u WHERE u.subscription = $1 AND u.due_at <= $2
		ORDER BY u.due_at, u.account_id LIMIT 1) IS NOT NULL AS due
	FROM clientaccount_event_feed f`

// ClaimEvents is [store.EventFeed]'s. Where nothing is to be told it is one question.
// What is written is written by single statements: a process that stops in the middle
// leaves no lock for which those who note events would wait.
func (s *Store) ClaimEvents(ctx context.Context, c store.EventClaim) ([]store.EventLease, error) {
	if !rows.Storable(c.Subscription) {
		return nil, session.NotFound(ctx)
	}
	feed, err := session.Only(ask(ctx, s, askFeed, rows.FeedStates, c.Subscription, rows.InstantText(c.Now)))
	switch {
	case err != nil:
		return nil, err
	case !feed.Known:
		return nil, account.ErrNotFound
	case feed.News:
		if err := s.noteEvents(ctx, feed.Version, c.Now); err != nil {
			return nil, err
		}
	case !feed.Due:
		return nil, nil
	}
	untold, err := s.leaseUntold(ctx, c)
	if err != nil || len(untold) == 0 {
		return nil, err
	}
	return s.leasedEvents(ctx, c, untold)
}

func (s *Store) noteEvents(ctx context.Context, version int64, due time.Time) error {
	_, err := session.Reading(ctx, s.Session, func() (none struct{}, err error) {
		return none, s.Failed(ctx, s.Dialect.NoteEvents(ctx, s.pool, version, rows.InstantText(due), notedAtOnce))
	})
	return err
}

// leaseUntold leases accounts that are due, and passes over those that others are about to.
func (s *Store) leaseUntold(ctx context.Context, c store.EventClaim) ([]rows.Untold, error) {
	return writing(ctx, s, `WITH free AS MATERIALIZED (
			SELECT f.account_id AS free_account FROM clientaccount_untold f WHERE f.subscription = $1 AND f.due_at <= $2
			ORDER BY f.due_at, f.account_id LIMIT $5 `+s.Dialect.SkipLocked("f")+`)
		UPDATE clientaccount_untold AS u SET teller = $3, due_at = $4
		FROM free WHERE u.subscription = $1 AND u.account_id = free.free_account
		RETURNING `+rows.Untolds.Columns().List(""), rows.Untolds,
		c.Subscription, rows.InstantText(c.Now), rows.IDText(c.Owner), rows.InstantText(c.Until), c.Accounts)
}

// leasedEvents are the leases of accounts. Where they cannot be read, these are let go.
func (s *Store) leasedEvents(ctx context.Context, c store.EventClaim, untold []rows.Untold) ([]store.EventLease, error) {
	ranges := make([]rows.EventRange, len(untold))
	leases := map[account.ID]*store.EventLease{}
	for i, u := range untold {
		ranges[i] = rows.EventRange{Account: u.Account, From: u.Told, Last: min(u.Latest, u.Told+int64(c.Events))}
		leases[u.Account] = &store.EventLease{Subscription: c.Subscription, Owner: c.Owner, Until: c.Until, Failures: u.Failures}
	}
	given, err := session.Packed(rows.EventRanges, ranges)
	if err != nil {
		return nil, err
	}
	events, err := ask(ctx, s, s.Unpacked(rows.EventRanges.Columns())+`SELECT `+rows.Events.Columns().List("t.")+` FROM `+
		s.Dialect.Each("r", dialect.EventsTable, "t.account_id = r.of_account AND t.number > r.from_number AND t.number <= r.last_number", true)+`
		ORDER BY t.account_id, t.number`, rows.Events, given)
	if err != nil {
		s.letGoUntold(ctx, c, untold)
		return nil, err
	}
	for _, e := range events {
		leases[e.Account].Events = append(leases[e.Account].Events, e)
	}
	var all []store.EventLease
	for _, u := range untold {
		if l := leases[u.Account]; len(l.Events) > 0 {
			all = append(all, *l)
		}
	}
	return all, nil
}

// letGoUntold has what was leased due again, if it can, whatever became of ctx.
func (s *Store) letGoUntold(ctx context.Context, c store.EventClaim, untold []rows.Untold) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), time.Second)
	defer cancel()
	ends := make([]rows.LeaseEnd, len(untold))
	for i, u := range untold {
		ends[i] = rows.LeaseEnd{
			Subscription: c.Subscription, Account: u.Account, Owner: c.Owner,
			Was: u.Told, Told: u.Told, Due: c.Now, Failed: u.Failures,
		}
	}
	_, _ = s.endLeases(ctx, endUntold, ends)
}

// endUntold lets others claim what is left.
const endUntold = `UPDATE clientaccount_untold AS u SET teller = NULL, told = r.now_told, due_at = r.now_due, failures = r.failed
	FROM r WHERE ` + dialect.OfLease

// MarkTold is [store.EventFeed]'s. Events that were noted since the first statement began
// are seen by the second.
func (s *Store) MarkTold(ctx context.Context, ls []store.EventLease) ([]account.ID, error) {
	ends := leaseEnds(ls, func(l *store.EventLease, end *rows.LeaseEnd) { end.Told = l.Last() })
	rest, err := s.endLeases(ctx, s.Dialect.EndTold(), ends)
	if err == nil && len(rest) > 0 {
		rest, err = s.endLeases(ctx, endUntold, rest)
	}
	return accountsOf(rest), err
}

// PutOff is [store.EventFeed]'s.
func (s *Store) PutOff(ctx context.Context, ls []store.EventLease) ([]account.ID, error) {
	rest, err := s.endLeases(ctx, endUntold, leaseEnds(ls, func(l *store.EventLease, end *rows.LeaseEnd) { end.Failed = l.Failures }))
	return accountsOf(rest), err
}

// leaseEnds are ends of leases in the order of their accounts, in which others lock them.
func leaseEnds(ls []store.EventLease, how func(*store.EventLease, *rows.LeaseEnd)) []rows.LeaseEnd {
	ends := make([]rows.LeaseEnd, len(ls))
	for i := range ls {
		l := &ls[i]
		ends[i] = rows.LeaseEnd{
			Subscription: l.Subscription, Account: l.Account(), Owner: l.Owner, Was: l.Told(), Told: l.Told(), Due: l.Until,
		}
		how(l, &ends[i])
	}
	slices.SortFunc(ends, func(a, b rows.LeaseEnd) int { return a.Account.Compare(b.Account) })
	return ends
}

// endLeases runs a statement with the ends of leases, r, and returns those that it did not
// end.
func (s *Store) endLeases(ctx context.Context, statement string, ends []rows.LeaseEnd) ([]rows.LeaseEnd, error) {
	if len(ends) == 0 {
		return nil, ctx.Err()
	}
	given, err := session.Packed(rows.LeaseEnds, ends)
	if err != nil {
		return nil, err
	}
	ended, err := writing(ctx, s, s.Unpacked(rows.LeaseEnds.Columns())+statement+` RETURNING account_id`, rows.AccountKeys, given)
	if err != nil {
		return nil, err
	}
	done := map[account.ID]bool{}
	for _, id := range ended {
		done[id] = true
	}
	return slices.DeleteFunc(slices.Clone(ends), func(e rows.LeaseEnd) bool { return done[e.Account] }), nil
}

func accountsOf(ends []rows.LeaseEnd) (ids []account.ID) {
	for _, e := range ends {
		ids = append(ids, e.Account)
	}
	return ids
}

// ask is asked for a statement of its own.
func ask[T any](ctx context.Context, s *Store, statement string, c rows.Codec[T], args ...any) ([]T, error) {
	if s.DB != nil && store.IsInside(ctx, s.DB.DB) {
		return nil, store.ErrNested
	}
	return session.Asked(ctx, s.Session, statement, c, args...)
}

// writing is ask for a statement that writes.
func writing[T any](ctx context.Context, s *Store, statement string, c rows.Codec[T], args ...any) ([]T, error) {
	release, err := s.Dialect.Acquire(ctx)
	if err != nil {
		return nil, err
	}
	defer release()
	return ask(ctx, s, statement, c, args...)
}
