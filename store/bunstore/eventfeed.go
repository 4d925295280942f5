package bunstore

import (
	"context"
	"time"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/store"
	"github.com/clientaccount/clientaccount/store/bunstore/internal/rows"
)

var _ store.EventFeed = (*Store)(nil)

// untoldAbove is the next account with an untold event: one entry of the index.
func untoldAbove(id string) string {
	return `(SELECT e.account_id FROM clientaccount_events e
		WHERE NOT e.told AND e.account_id > ` + id + ` ORDER BY e.account_id LIMIT 1)`
}

// firstUntold is of an account's first untold event.
func firstUntold(column string) string {
	return `(SELECT e.` + column + ` FROM clientaccount_events e
		WHERE NOT e.told AND e.account_id = w.account_id ORDER BY e.number LIMIT 1)`
}

// findUntold goes from account to account through the index of what is untold, however
// much that is, until it has found $3 above $1 whose events may be told at $2.
var findUntold = `WITH RECURSIVE w(account_id) AS (
		SELECT ` + untoldAbove("$1") + `
		UNION ALL SELECT ` + untoldAbove("w.account_id") + ` FROM w WHERE w.account_id IS NOT NULL)
	SELECT w.account_id, ` + firstUntold("number") + ` FROM w
	WHERE w.account_id IS NOT NULL AND COALESCE(` + firstUntold("due_at") + `, $2) <= $2 LIMIT $3`

// ClaimEvents is [store.EventFeed]'s. Where nothing is to be told it is one question,
// and no transaction.
func (s *Store) ClaimEvents(ctx context.Context, c store.EventClaim) (store.EventLease, error) {
	firsts, err := query(ctx, s.session, findUntold, rows.EventKeys, rows.IDText(c.After), rows.InstantText(c.Now), contested)
	if err != nil || len(firsts) == 0 {
		return store.EventLease{}, err
	}
	var lease store.EventLease
	err = s.work(ctx, func(ctx context.Context, t *tx) (err error) {
		for _, first := range firsts {
			if lease, err = t.leaseEvents(ctx, c, first); err != nil || len(lease.Events) > 0 {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return store.EventLease{}, err
	}
	return lease, nil
}

// leaseEvents leases the events of an account from the first one on, if that is still
// untold and nobody's.
func (t *tx) leaseEvents(ctx context.Context, c store.EventClaim, first rows.EventKey) (lease store.EventLease, err error) {
	failures, err := queried(ctx, t.session, `WITH free AS (
			SELECT f.account_id AS free_account, f.number AS free_number FROM clientaccount_events f
			WHERE f.account_id = $1 AND f.number = $2 AND NOT f.told AND (f.due_at IS NULL OR f.due_at <= $3) `+
		t.dialect.SkipLocked("f")+`)
		UPDATE clientaccount_events AS e SET teller = $4, due_at = $5
		FROM free WHERE e.account_id = free.free_account AND e.number = free.free_number
		RETURNING failures`, 1, (*rows.Row).Integer,
		rows.IDText(first.Account), first.Number, rows.InstantText(c.Now), rows.IDText(c.Owner), rows.InstantText(c.Until))
	if err != nil || len(failures) == 0 {
		return lease, err
	}
	lease.Owner, lease.Failures = c.Owner, int(failures[0])
	lease.Events, err = t.Events(ctx, account.EventQuery{Account: first.Account, After: first.Number - 1, Limit: c.Events})
	return lease, err
}

// MarkTold is [store.EventFeed]'s. The first event is written first: it is the lease.
func (s *Store) MarkTold(ctx context.Context, l store.EventLease) error {
	return s.work(ctx, func(ctx context.Context, t *tx) error {
		if err := t.endLease(ctx, l, `told = true, due_at = NULL, failures = 0`); err != nil {
			return err
		}
		first, last := l.Events[0], l.Events[len(l.Events)-1]
		_, err := t.execute(ctx, `UPDATE clientaccount_events SET told = true
			WHERE account_id = $1 AND number > $2 AND number <= $3 AND NOT told`, rows.IDText(first.Account), first.Number, last.Number)
		return err
	})
}

// PutOff is [store.EventFeed]'s.
func (s *Store) PutOff(ctx context.Context, l store.EventLease, until time.Time) error {
	return s.work(ctx, func(ctx context.Context, t *tx) error {
		return t.endLease(ctx, l, `due_at = $4, failures = $5`, rows.InstantText(until), l.Failures)
	})
}

// endLease sets columns of a lease's first event, if the lease still stands.
func (t *tx) endLease(ctx context.Context, l store.EventLease, set string, args ...any) error {
	if len(l.Events) == 0 {
		return account.ErrStale
	}
	first := l.Events[0]
	n, err := t.execute(ctx, `UPDATE clientaccount_events SET teller = NULL, `+set+`
		WHERE account_id = $1 AND number = $2 AND teller = $3 AND NOT told`,
		append([]any{rows.IDText(first.Account), first.Number, rows.IDText(l.Owner)}, args...)...)
	if err == nil && n == 0 {
		return account.ErrStale
	}
	return err
}
