package memstore

import (
	"context"
	"slices"
	"time"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/store"
)

func (r reader) Ledger(ctx context.Context, ls []store.Lookup) ([]store.Found, error) {
	return read(ctx, r, func(s *state) ([]store.Found, error) {
		found := make([]store.Found, len(ls))
		for i := range ls {
			if p, ok := s.ledgers.get(ls[i].Account); ok {
				p.lookUp(&ls[i], &found[i])
			}
			s.messages.lookUp(&ls[i], &found[i])
		}
		return found, nil
	})
}

func (l *ledger) lookUp(ask *store.Lookup, found *store.Found) {
	found.Balance = l.balance
	for _, reference := range ask.References {
		found.Used = l.appendUsed(found.Used, reference)
	}
	for _, reference := range ask.Holds {
		if hold, ok := l.holds.get(reference); ok {
			found.Holds = append(found.Holds, cloneHold(hold))
		}
	}
	for _, number := range ask.Numbers {
		if e, ok := l.entry(number); ok {
			found.Entries = append(found.Entries, e)
		}
		refunds, _ := l.refunds.get(number)
		for _, refund := range refunds {
			e, _ := l.entry(refund)
			found.Refunds = append(found.Refunds, e)
		}
	}
	if !ask.Due.IsZero() {
		l.due(ask, found)
	}
}

func (r reader) Events(ctx context.Context, q account.EventQuery) ([]account.Event, error) {
	return read(ctx, r, func(s *state) ([]account.Event, error) {
		p, ok := s.ledgers.get(q.Account)
		if !ok {
			return nil, nil
		}
		return p.eventPage(&q), nil
	})
}

func (l *ledger) eventPage(q *account.EventQuery) (page []account.Event) {
	for i := max(0, q.After); i < int64(l.events.len()) && len(page) < q.PageSize(); i++ {
		page = append(page, *l.events.at(int(i)))
	}
	return page
}

func (r reader) Due(ctx context.Context, now time.Time, after account.ID, limit int) ([]account.ID, error) {
	return read(ctx, r, func(s *state) (ids []account.ID, _ error) {
		for p := range s.ledgers.all() {
			if id := p.balance.Account; account.ID.Compare(id, after) > 0 && p.isDue(now) {
				ids = append(ids, id)
			}
		}
		slices.SortFunc(ids, account.ID.Compare)
		return ids[:min(len(ids), max(0, limit))], nil
	})
}

// isDue reports whether something came true by the passing of time that was not
// written yet.
func (l *ledger) isDue(now time.Time) bool {
	t := &l.balance.Terms
	ended := t.Overdraw.IsPositive() && !t.OverdrawEnds.IsZero() && !now.Before(t.OverdrawEnds)
	return ended && !l.balance.OverdrawOver || l.holdsDue(now)
}
