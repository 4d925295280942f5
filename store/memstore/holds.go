package memstore

import (
	"cmp"
	"context"
	"iter"
	"slices"
	"strings"
	"time"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/store"
)

func (r reader) Holds(ctx context.Context, q account.HoldQuery) ([]account.Hold, error) {
	return read(ctx, r, func(s *state) (page []account.Hold, _ error) {
		p, ok := s.ledgers.get(q.Account)
		if !ok {
			return nil, nil
		}
		var after account.Hold
		if q.After != nil {
			after = *q.After
		}
		for hold := range p.holdsBehind(after.Until, after.Reference) {
			if len(page) == q.PageSize() || !q.Due.IsZero() && hold.Stands(q.Due) {
				break
			}
			hold.Chain = slices.Clone(hold.Chain)
			page = append(page, hold)
		}
		return page, nil
	})
}

// holdsBehind returns the holds behind a place, by time-out and then reference. Their
// chains are the stored ones.
func (l *ledger) holdsBehind(until time.Time, reference string) iter.Seq[account.Hold] {
	return func(yield func(account.Hold) bool) {
		for place := range l.timeouts.behind(timeout{until, reference}) {
			if hold, _ := l.holds.get(place.reference); !yield(hold) {
				return
			}
		}
	}
}

// due tells of the holds that timed out by an instant: the first of them, when the next
// one behind these times out, and what all of them come to, if that is asked for.
func (l *ledger) due(ask *store.Lookup, found *store.Found) {
	cut := false
	for hold := range l.holdsBehind(time.Time{}, "") {
		if hold.Stands(ask.Due) {
			found.Overdue.Next = hold.Until
			break
		}
		switch {
		case len(found.Due) < store.MaxDue:
			found.Due = append(found.Due, cloneHold(hold))
		case !cut:
			cut, found.Expires = true, hold.Until
		}
		if cut {
			break
		}
	}
	l.sumDue(ask, found)
	if !cut {
		found.Expires = found.Overdue.Next
	}
}

// sumDue adds up the holds that timed out, if that is asked for.
func (l *ledger) sumDue(ask *store.Lookup, found *store.Found) {
	if !ask.Sum {
		return
	}
	for hold := range l.holdsBehind(ask.Since.Add(1), "") {
		if hold.Stands(ask.Due) {
			found.Overdue.Next = hold.Until
			return
		}
		found.Overdue.Add(hold, 1)
	}
}

// holdsDue reports whether a hold timed out by an instant. Most accounts are told by
// their balance.
func (l *ledger) holdsDue(now time.Time) bool {
	if first := l.balance.Expires; first.IsZero() || now.Before(first) {
		return false
	}
	for hold := range l.holdsBehind(time.Time{}, "") {
		return !hold.Stands(now)
	}
	return false
}

// timeout is where a hold stands among those of its ledger: by time-out and then reference.
type timeout struct {
	until     time.Time
	reference string
}

func timeoutOf(h *account.Hold) timeout { return timeout{h.Until, h.Reference} }

func (t timeout) due() time.Time { return t.until }

func (t timeout) compare(other timeout) int {
	return cmp.Or(t.until.Compare(other.until), strings.Compare(t.reference, other.reference))
}
