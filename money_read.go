package clientaccount

import (
	"context"
	"iter"
	"time"

	"github.com/shopspring/decimal"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/internal/ledger"
	"github.com/clientaccount/clientaccount/store"
	"github.com/clientaccount/clientaccount/validate"
)

// OwnMoney is an [account.Balance] as it is stored, without that type's methods: what
// they answer of an account that shares money is of its own money, which it does not
// spend. [Standing] has those that are right for both.
type OwnMoney account.Balance

// Standing is how an account stands at an instant.
type Standing struct {
	OwnMoney // its own; holds that have timed out are no part of it
	// Payer is the account whose money is spent: itself, or one above.
	Payer account.ID `json:"payer"`
	// Available is what may be spent: of its own money, or of the payer's within the
	// caps of all accounts between.
	Available decimal.Decimal `json:"available"`
}

// Allows reports whether a charge or a hold of amount would go, as of the Standing's
// instant.
func (s Standing) Allows(amount decimal.Decimal) bool { return amount.LessThanOrEqual(s.Available) }

// Messages returns how many messages what is available pays for, at the reference price;
// false where that is not known.
func (s Standing) Messages() (decimal.Decimal, bool) { return s.own().Messages(s.Available) }

// Used returns how much of its own credit and overdraw a negative balance draws on, as
// [account.Balance.Used] says. An account that shares money has none.
func (s Standing) Used() (credit, overdraw decimal.Decimal) { return s.own().Used() }

// SpentAt returns what the account spent of shared money in the month of an instant.
func (s Standing) SpentAt(now time.Time) decimal.Decimal { return ledger.SpentAt(s.own(), now) }

// CapLeft returns what its own cap leaves of shared money in the month of an instant, whatever
// else limits that; false without a cap.
func (s Standing) CapLeft(now time.Time) (decimal.Decimal, bool) { return ledger.CapLeft(s.own(), now) }

func (s Standing) own() account.Balance { return account.Balance(s.OwnMoney) }

// Balance returns how an account stands now.
//
// Errors: [account.ErrNotFound].
func (s *Service) Balance(ctx context.Context, id account.ID) (Standing, error) {
	all, err := s.Balances(ctx, id)
	if err != nil {
		return Standing{}, err
	}
	at, known := all[id]
	if !known {
		return Standing{}, account.ErrNotFound
	}
	return at, nil
}

// Balances returns how accounts stand now, by their ids; unknown ones are left out. It asks
// the store once, and once more for each level above that pays.
//
// Errors: the store's.
func (s *Service) Balances(ctx context.Context, ids ...account.ID) (map[account.ID]Standing, error) {
	if err := s.made(); err != nil {
		return nil, err
	}
	now, r := s.now(), reading{s.stored()}
	known := make(map[account.ID]account.Balance, len(ids))
	if err := s.settledBalances(ctx, r, ids, known); err != nil {
		return nil, err
	}
	all := make(map[account.ID]Standing, len(ids))
	for _, id := range ids {
		if b, ok := known[id]; ok {
			all[id] = standingAmong(known, b, now)
		}
	}
	return all, nil
}

// reading hides that a store bound to a transaction could lock.
type reading struct{ store.Reader }

// standing returns how a balance stands that is not stored yet.
func (s *Service) standing(ctx context.Context, r store.Reader, b account.Balance) (Standing, error) {
	known := map[account.ID]account.Balance{b.Account: b}
	if above := b.Terms.Shares; !above.IsZero() {
		if err := s.settledBalances(ctx, r, []account.ID{above}, known); err != nil {
			return Standing{}, err
		}
	}
	return standingAmong(known, b, s.now()), nil
}

// standingAmong follows shared money up to who pays, who is among the known ones.
func standingAmong(known map[account.ID]account.Balance, b account.Balance, now time.Time) Standing {
	at := Standing{OwnMoney: OwnMoney(b), Payer: b.Account, Available: b.Available(now)}
	var room account.Optional[decimal.Decimal]
	for link := b; !link.Terms.Shares.IsZero(); link = known[at.Payer] {
		if left, capped := ledger.CapLeft(link, now); capped {
			room = account.Some(decimal.Min(left, room.Or(left)))
		}
		at.Payer = link.Terms.Shares
		at.Available = known[at.Payer].Available(now)
	}
	if left, capped := room.Get(); capped {
		at.Available = decimal.Min(at.Available, left)
	}
	return at
}

// settledBalances reads balances, and those above whose money they share, as they will
// be once their due holds are ended.
func (s *Service) settledBalances(ctx context.Context, r store.Reader, ids []account.ID, known map[account.ID]account.Balance) error {
	now := s.now()
	for len(ids) > 0 {
		balances, err := s.committer.Balances(ctx, r, ids, now)
		if err != nil {
			return err
		}
		var next []account.ID
		for _, b := range balances {
			if b.Version == 0 {
				continue
			}
			known[b.Account] = b
			if _, seen := known[b.Terms.Shares]; !seen && !b.Terms.Shares.IsZero() {
				next = append(next, b.Terms.Shares)
			}
		}
		ids = store.Ascending(next)
	}
	return nil
}

// Entries returns a page of an account's ledger, the newest first; the page after it is
// asked for with Before set to the last row's number (After, of the oldest first). An
// unknown account has none.
//
// Errors: [account.Faults].
func (s *Service) Entries(ctx context.Context, q account.EntryQuery) ([]account.Entry, error) {
	q.Reference, q.Hold = validate.Text(q.Reference), validate.Text(q.Hold)
	if err := q.Faults().Err(); err != nil || !storable(q.Reference) || !storable(q.Hold) {
		return nil, err
	}
	return s.stored().Entries(ctx, q)
}

// AllEntries iterates over every entry that a query asks for, in its order. It ends after
// the first error.
//
// Errors: those of [Service.Entries].
func (s *Service) AllEntries(ctx context.Context, q account.EntryQuery) iter.Seq2[account.Entry, error] {
	q.Limit = account.MaxPage
	return pages(func() ([]account.Entry, error) { return s.Entries(ctx, q) }, func(last account.Entry) {
		if q.Oldest {
			q.After = last.Number
		} else {
			q.Before = last.Number
		}
	})
}

// Holds returns a page of the holds of an account that stand, the first to time out first;
// the page after it is asked for with After set to the last one.
//
// Errors: [account.Faults].
func (s *Service) Holds(ctx context.Context, q account.HoldQuery) ([]account.Hold, error) {
	if err := q.Faults().Err(); err != nil {
		return nil, err
	}
	now := s.now()
	if q.After == nil { // pass over those that only wait to be ended
		q.After = &account.Hold{Until: now.Add(1)}
	}
	return s.stored().Holds(ctx, q)
}

// Events returns a page of what happened to an account, the oldest first; the page after it
// is asked for with After set to the last one's number. See [Service.Subscribe] for those of
// all accounts.
//
// Errors: [account.Faults].
func (s *Service) Events(ctx context.Context, q account.EventQuery) ([]account.Event, error) {
	if err := q.Faults().Err(); err != nil {
		return nil, err
	}
	return s.stored().Events(ctx, q)
}

// pages iterates over pages of at most account.MaxPage rows until one is not full.
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
			if len(rows) < account.MaxPage {
				return
			}
			next(rows[len(rows)-1])
		}
	}
}
