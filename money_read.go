package clientaccount

import (
	"context"
	"iter"

	"github.com/shopspring/decimal"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/store"
)

// Standing is how an account stands at an instant.
type Standing struct {
	account.Balance // its own; holds that have timed out are no part of it
	// Payer is the account whose money is spent: itself, or one above.
	Payer account.ID
	// Available is what may be spent: of its own money, or of the payer's within the
	// caps of all accounts between.
	Available decimal.Decimal
}

// Balance is how an account stands now. The error is account.ErrNotFound for an
// unknown id.
func (s *Service) Balance(ctx context.Context, id account.ID) (Standing, error) {
	b, err := s.balance(ctx, reading{s.store}, id)
	if err != nil {
		return Standing{}, err
	}
	if b.Version == 0 {
		return Standing{}, account.ErrNotFound
	}
	return s.standing(ctx, reading{s.store}, b)
}

// reading hides that a store bound to a transaction could lock.
type reading struct{ store.Reader }

// standing follows shared money up to who pays.
func (s *Service) standing(ctx context.Context, r store.Reader, b account.Balance) (Standing, error) {
	now := s.now()
	at := Standing{Balance: b, Payer: b.Account, Available: b.Available(now)}
	chain := []account.Balance{b}
	for above := b.Terms.Shares; !above.IsZero() && len(chain) <= account.MaxDepth; {
		next, err := s.settledBalance(ctx, r, above)
		if err != nil {
			return Standing{}, err
		}
		chain = append(chain, next)
		at.Payer, at.Available = above, next.Available(now)
		above = next.Terms.Shares
	}
	for _, link := range chain[:len(chain)-1] {
		if left, capped := link.CapLeft(now); capped {
			at.Available = decimal.Min(at.Available, left)
		}
	}
	return at, nil
}

// settledBalance is a balance as it will be once its due holds are ended.
func (s *Service) settledBalance(ctx context.Context, r store.Reader, id account.ID) (account.Balance, error) {
	now := s.now()
	for {
		found, err := r.Ledger(ctx, []account.Lookup{{Account: id, Due: now}})
		if err != nil {
			return account.Balance{}, err
		}
		b, due := found[0].Balance, found[0].Due
		for _, hold := range due {
			b = b.WithoutDue(hold, now)
		}
		if len(due) < account.MaxDue {
			return b.MaySettle(found[0].Expires), nil
		}
		if err := s.till.settleDue(ctx, now, id); err != nil { // too many to be taken off in thought
			return account.Balance{}, err
		}
	}
}

// Entries is a page of an account's ledger, the newest first; the page after it is
// asked for with Before set to the last row's number (After, of the oldest first).
// An unknown account has none.
func (s *Service) Entries(ctx context.Context, q account.EntryQuery) ([]account.Entry, error) {
	if !storable(q.Reference) || !storable(q.Hold) {
		return nil, nil
	}
	q.Limit = min(q.PageSize(), MaxPage)
	return s.store.Entries(ctx, q)
}

// AllEntries iterates over every entry that a query asks for, in its order. It ends
// after the first error.
func (s *Service) AllEntries(ctx context.Context, q account.EntryQuery) iter.Seq2[account.Entry, error] {
	q.Limit = MaxPage
	return pages(func() ([]account.Entry, error) { return s.Entries(ctx, q) }, func(last account.Entry) {
		if q.Oldest {
			q.After = last.Number
		} else {
			q.Before = last.Number
		}
	})
}

// Holds is a page of the holds of an account that stand, the first to time out first;
// the page after it is asked for with After set to the last one.
func (s *Service) Holds(ctx context.Context, q account.HoldQuery) ([]account.Hold, error) {
	now := s.now()
	if q.After == nil { // pass over those that only wait to be ended
		q.After = &account.Hold{Until: now.Add(1)}
	}
	q.Limit = min(q.PageSize(), MaxPage)
	return s.store.Holds(ctx, q)
}

// Events is a page of what happened to an account, the oldest first; the page after
// it is asked for with After set to the last one's number.
func (s *Service) Events(ctx context.Context, q account.EventQuery) ([]account.Event, error) {
	q.Limit = min(q.PageSize(), MaxPage)
	return s.store.Events(ctx, q)
}

// pages iterates over pages of at most MaxPage rows until one is not full.
func pages[T any](page func() ([]T, error), next func(last T)) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		for {
			rows, err := page()
			if err != nil {
				var none T
				yield(none, err)
				return
			}
			for _, row := range rows {
				if !yield(row, nil) {
					return
				}
			}
			if len(rows) < MaxPage {
				return
			}
			next(rows[len(rows)-1])
		}
	}
}
