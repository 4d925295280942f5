package memstore

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"time"

	"github.com/clientaccount/clientaccount/account"
)

func (r reader) Holds(ctx context.Context, q account.HoldQuery) ([]account.Hold, error) {
	return read(ctx, r, func(s *state) ([]account.Hold, error) {
		p, ok := s.purses.get(q.Account)
		if !ok {
			return nil, nil
		}
		page := p.holdsBy(func(h *account.Hold) bool {
			return (q.Due.IsZero() || !h.Stands(q.Due)) && (q.After == nil || compareHolds(*h, *q.After) > 0)
		})
		return handOut(page, q.PageSize()), nil
	})
}

// holdsBy are the holds that are wanted, by time-out and then reference. Their
// chains are the stored ones.
func (p *purse) holdsBy(wanted func(*account.Hold) bool) (holds []account.Hold) {
	for hold := range p.holds.all() {
		if wanted(&hold) {
			holds = append(holds, hold)
		}
	}
	slices.SortFunc(holds, compareHolds)
	return holds
}

func compareHolds(a, b account.Hold) int {
	return cmp.Or(a.Until.Compare(b.Until), strings.Compare(a.Reference, b.Reference))
}

// handOut is the first of holds, as the caller's own.
func handOut(holds []account.Hold, most int) []account.Hold {
	holds = holds[:min(len(holds), most)]
	for i := range holds {
		holds[i].Chain = slices.Clone(holds[i].Chain)
	}
	return holds
}

// due are the first holds that timed out by an instant, and when the next one
// behind them times out.
func (p *purse) due(now time.Time) (due []account.Hold, next time.Time) {
	due = p.holdsBy(func(h *account.Hold) bool {
		if h.Stands(now) && (next.IsZero() || h.Until.Before(next)) {
			next = h.Until
		}
		return !h.Stands(now)
	})
	if len(due) > account.MaxDue {
		next = due[account.MaxDue].Until
	}
	return handOut(due, account.MaxDue), next
}

// holdsDue says whether a hold timed out by an instant. Most accounts are told by
// their balance.
func (p *purse) holdsDue(now time.Time) bool {
	if !p.balance.Due(now) {
		return false
	}
	for hold := range p.holds.all() {
		if !hold.Stands(now) {
			return true
		}
	}
	return false
}
