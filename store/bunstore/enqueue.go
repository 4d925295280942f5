package bunstore

import (
	"context"
	"errors"
	"slices"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/store"
	"github.com/clientaccount/clientaccount/store/bunstore/internal/dialect"
	"github.com/clientaccount/clientaccount/store/bunstore/internal/prepared"
	"github.com/clientaccount/clientaccount/store/bunstore/internal/rows"
	"github.com/clientaccount/clientaccount/store/bunstore/internal/session"
)

var _ store.Enqueuer = (*Store)(nil)

// Enqueue is [store.OutboxTx]'s.
func (t *tx) Enqueue(ctx context.Context, ds ...store.Delivery) error {
	placed, other := place([][]store.Delivery{ds})
	if len(other) > 0 {
		return account.ErrReused
	}
	written, other, err := t.enqueue(ctx, placed, "TRUE")
	switch {
	case err != nil || len(other) == 0:
		return err
	case written > 0: // by a transaction that was faster; the next try sees it beforehand
		return account.ErrConflict
	default:
		return account.ErrReused
	}
}

// enqueue has deliveries wait, if a condition is true and none of them has other content under
// the id of one that is there. Only where less was written than given is it asked whether that
// was why, and of which calls.
func (t *tx) enqueue(ctx context.Context, ds []rows.PlacedDelivery, condition string) (written int, other []int, err error) {
	if len(ds) == 0 {
		return 0, nil, ctx.Err()
	}
	table, given, err := session.WithRows(t.Session, rows.PlacedDeliveries, ds)
	if err != nil {
		return 0, nil, err
	}
	written, err = t.Execute(ctx, table+dialect.AddDeliveries("r", condition+" AND NOT EXISTS ("+otherContent+")"), given...)
	if err != nil || written == len(ds) {
		return written, nil, err
	}
	other, err = t.otherContent(ctx, ds)
	return written, other, err
}

// otherContent asks which calls have other content under the ids of deliveries that are there.
func (s reader) otherContent(ctx context.Context, ds []rows.PlacedDelivery) ([]int, error) {
	table, given, err := session.WithRows(s.Session, rows.PlacedDeliveries, ds)
	if err != nil {
		return nil, err
	}
	return session.Queried(ctx, s.Session, table+otherContent, 1, func(r *rows.Row) int { return int(r.Integer()) }, given...)
}

// otherContent are the calls whose new deliveries have the ids of others with another
// content. Those that were accepted before there were fingerprints have any.
const otherContent = `SELECT n.call FROM r n WHERE n.fingerprint <> (
	SELECT d.fingerprint FROM clientaccount_deliveries d WHERE d.account_id = n.account_id AND d.id = n.id)`

// place puts the deliveries of calls one behind the other, and returns the calls that it
// left out, since they or earlier ones have another content under the same id.
func place(calls [][]store.Delivery) (placed []rows.PlacedDelivery, other []int) {
	type key struct{ account, id account.ID }
	given := make(map[key]account.Fingerprint, len(calls))
	for call, ds := range calls {
		began := len(placed)
		for _, d := range ds {
			k := key{d.Hook.Account, d.ID}
			if was, twice := given[k]; twice && was != d.Fingerprint {
				placed, other = placed[:began], append(other, call)
				break
			}
			given[k] = d.Fingerprint
			placed = append(placed, rows.PlacedDelivery{Position: len(placed), Call: call, Delivery: d})
		}
	}
	return placed, other
}

// EnqueueEach is [store.Enqueuer]'s: one statement, or one transaction, whatever the number of
// calls. Those with another content under the ids of deliveries that are there are left out of it;
// where it fails by what was to be written, or waits for others, each half is written by itself.
func (s *Store) EnqueueEach(ctx context.Context, calls [][]store.Delivery) ([]bool, error) {
	if err := s.begins(ctx); err != nil {
		return nil, err
	}
	accepted := make([]bool, len(calls))
	if err := s.enqueueEach(ctx, calls, accepted); err != nil {
		return nil, err
	}
	return accepted, nil
}

func (s *Store) enqueueEach(ctx context.Context, calls [][]store.Delivery, accepted []bool) error {
	refused, err := s.enqueueTogether(ctx, calls, accepted)
	if err == nil {
		return nil
	}
	clear(accepted)
	if !s.splits(refused) {
		return err
	}
	half := len(calls) / 2
	if half == 0 {
		return nil
	}
	for _, bounds := range [][2]int{{0, half}, {half, len(calls)}} {
		from, to := bounds[0], bounds[1]
		err := s.enqueueEach(ctx, calls[from:to], accepted[from:to])
		if err != nil && !errors.Is(err, store.ErrNothing) {
			return err
		}
	}
	return nil
}

// splits reports whether calls that failed together may succeed in parts.
func (s *Store) splits(refused error) bool {
	return refused != nil && (rows.Refused(refused) || s.Dialect.Blames(refused) ||
		errors.Is(refused, account.ErrConflict) || errors.Is(refused, errTooMuch))
}

// errTooMuch: the bodies of several calls are more than maxBytes.
var errTooMuch = errors.New("bunstore: too much at once")

const maxBytes = 8 << 20

func size(placed []rows.PlacedDelivery) (bytes int) {
	for i := range placed {
		bytes += len(placed[i].Delivery.Body)
	}
	return bytes
}

// enqueueTogether writes all calls at once. When it fails, refused is the error of what was to be
// written, if it was that.
func (s *Store) enqueueTogether(ctx context.Context, calls [][]store.Delivery, accepted []bool) (refused, err error) {
	placed, other := place(calls)
	if size(placed) > maxBytes && len(calls) > 1 {
		return errTooMuch, errTooMuch
	}
	for i := range accepted {
		accepted[i] = !slices.Contains(other, i)
	}
	if len(placed) == 0 {
		return nil, nil
	}
	if slices.ContainsFunc(calls, func(ds []store.Delivery) bool { return len(ds) > 1 }) {
		return s.enqueueWhole(ctx, placed, accepted)
	}
	return s.enqueueSingle(ctx, placed, accepted)
}

// enqueueSingle writes calls of one delivery each, by one statement without a transaction: where
// it leaves out a delivery, it has left out the call. A statement that is prepared in the pool is
// planned anew from time to time.
func (s *Store) enqueueSingle(ctx context.Context, placed []rows.PlacedDelivery, accepted []bool) (refused, err error) {
	table, given, err := session.WithRows(s.Session, rows.PlacedDeliveries, placed)
	if err != nil {
		return err, s.failedAppend(ctx, err)
	}
	release, err := s.Dialect.Acquire(ctx)
	if err != nil {
		return nil, s.failedAppend(ctx, prepared.Unwritten(err))
	}
	defer release()
	statement := s.Dialect.Native(table + dialect.AddDeliveries("r", s.Dialect.Impatient()))
	written, err := s.Conn.Change(ctx, statement, [][]any{given})
	if err != nil {
		return s.Failed(ctx, err), s.failedAppend(ctx, err)
	}
	if int(written) == len(placed) {
		return nil, nil
	}
	other, err := s.otherContent(ctx, placed)
	for _, call := range other {
		accepted[call] = false
	}
	return nil, err // by now the others are written
}

// enqueueWhole writes calls in one transaction, again without those that turn out to have
// another content.
func (s *Store) enqueueWhole(ctx context.Context, placed []rows.PlacedDelivery, accepted []bool) (refused, err error) {
	for len(placed) > 0 {
		var other []int
		err = s.within(ctx, func(t *tx) error {
			_, other, refused = t.enqueue(ctx, placed, s.Dialect.Impatient())
			if refused == nil && len(other) > 0 {
				return account.ErrReused
			}
			return refused
		})
		switch {
		case err == nil:
			return nil, nil
		case !errors.Is(err, account.ErrReused):
			return refused, s.failedAppend(ctx, err)
		}
		for _, call := range other {
			accepted[call] = false
		}
		placed = slices.DeleteFunc(placed, func(p rows.PlacedDelivery) bool { return !accepted[p.Call] })
	}
	return nil, nil
}

// within runs fn in a transaction of its own, as [prepared.Pool.Within] does.
func (s *Store) within(ctx context.Context, fn func(*tx) error) error {
	release, err := s.Dialect.Acquire(ctx)
	if err != nil {
		return prepared.Unwritten(err)
	}
	defer release()
	return s.Failed(ctx, s.pool.Within(ctx, nil, func(conn prepared.Conn) error { return fn(newTx(s.On(conn))) }))
}
