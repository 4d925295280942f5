package clientaccount

import (
	"context"
	"errors"
	"time"

	"github.com/shopspring/decimal"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/internal/bounds"
	"github.com/clientaccount/clientaccount/internal/ledger"
	"github.com/clientaccount/clientaccount/store"
)

// Terms are the settings that the money rule reads. They are kept with the balance
// and written with what they follow from, so that a charge computed from old ones
// cannot land.

// terms returns those of an account with this product, nil for none.
func (s *Service) terms(ctx context.Context, a account.Account, product *account.Product) (account.Terms, error) {
	price := account.Product{}.Price
	if product != nil {
		price = product.Price
	}
	if price.IsZero() {
		err := s.calls.Run(func() (err error) {
			price, err = s.opts.Price(ctx, a)
			return err
		})
		if err != nil {
			return account.Terms{}, err
		}
		if known, ok := price.Get(); ok && (known.IsNegative() || !bounds.Amount(known)) {
			return account.Terms{}, errors.New("clientaccount: Options.Price gave no price: it is negative or too long")
		}
	}
	return ledger.TermsOf(a, account.EffectiveSettings(a, product), price), nil
}

// unsettled ends a transaction that found holds which have timed out: they are to
// be ended first.
type unsettled struct{ id account.ID }

func (unsettled) Error() string { return "clientaccount: holds have timed out" }

// owned is the balance of an account, locked within a transaction: as it is stored, and
// as it counts, without the holds that have timed out.
type owned struct{ stored, seen account.Balance }

// own locks the balance of an account, to change what the money rule reads. Other edits
// only read it, so that money moves on meanwhile: whoever writes the terms has locked the
// account itself first.
func (s *Service) own(ctx context.Context, tx store.Tx, id account.ID) (owned, error) {
	now := s.now()
	locked, err := tx.Lock(ctx, id)
	switch {
	case err != nil:
		return owned{}, err
	case len(locked) == 0:
		none := account.Balance{Account: id}
		return owned{none, none}, nil
	case !ledger.Due(locked[0], now):
		return owned{locked[0], locked[0]}, nil
	}
	found, err := tx.Ledger(ctx, []store.Lookup{{Account: id, Due: now, Sum: true}})
	if err != nil {
		return owned{}, err
	}
	return owned{locked[0], ledger.Without(locked[0], found[0].Overdue, now)}, nil
}

// held returns what is held of an account's money, or the first of its holds of shared
// money.
func held(ctx context.Context, r store.Reader, b account.Balance, now time.Time) (decimal.Decimal, error) {
	holds, err := r.Holds(ctx, account.HoldQuery{Account: b.Account, After: &account.Hold{Until: now.Add(1)}, Limit: 1})
	if err != nil || len(holds) == 0 || !b.Held.IsZero() {
		return b.Held, err
	}
	return holds[0].Amount, nil
}

// settledBalance returns the balance of an account as it will be once its due holds are
// ended; of one without, as of version 0.
func (s *Service) settledBalance(ctx context.Context, r store.Reader, id account.ID) (account.Balance, error) {
	known := map[account.ID]account.Balance{}
	err := s.settledBalances(ctx, r, []account.ID{id}, known)
	b := known[id]
	b.Account = id
	return b, err
}

// reterms reports whether terms are other ones than those of a balance.
func reterms(b account.Balance, t account.Terms) bool {
	return b.Version == 0 || !ledger.SameTerms(b.Terms, t)
}

// repost returns what other terms change of an account's money. Holds that have timed out are
// ended before an account is closed, which refuses even that.
func (s *Service) repost(ctx context.Context, tx store.Tx, b owned, t account.Terms) (*store.Posting, error) {
	now := s.now()
	switch {
	case b.stored.Version == 0: // of an account that is older than its money
		return &store.Posting{Balance: ledger.Opened(b.stored.Account, t, now)}, nil
	case !reterms(b.stored, t):
		return nil, nil
	case t.Closed && ledger.Due(b.stored, now):
		return nil, unsettled{b.stored.Account}
	}
	next := b.seen
	next.Terms = t
	standing, err := s.standing(ctx, tx, next)
	if err != nil {
		return nil, err
	}
	after, events := ledger.Under(b.seen, t, standing.Available, now)
	return &store.Posting{From: b.stored.Version, Balance: ledger.With(after, b.stored, b.seen), Events: events}, nil
}

// Reprice asks Options.Price again for the accounts of ids, and makes their terms anew. Call
// it when the host's prices changed.
//
// Errors: [account.ErrNotFound], [account.ErrConflict], [ErrNested], and those of
// Options.Price.
func (s *Service) Reprice(ctx context.Context, ids ...account.ID) error {
	for _, id := range ids {
		err := s.settling(ctx, func() error {
			return s.transact(ctx, func(ctx context.Context, tx store.Tx) error { return s.reterm(ctx, tx, id) })
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// reterm makes an account's terms anew from what is stored.
func (s *Service) reterm(ctx context.Context, tx store.Tx, id account.ID) error {
	a, err := tx.Account(ctx, id)
	if err != nil {
		return err
	}
	product, err := productOf(ctx, tx, a.Notes.Product)
	if err != nil {
		return err
	}
	t, err := s.terms(ctx, a, product)
	if err != nil {
		return err
	}
	read, err := tx.Ledger(ctx, []store.Lookup{{Account: id}})
	if err != nil || !reterms(read[0].Balance, t) {
		return err
	}
	b, err := s.own(ctx, tx, id)
	if err != nil {
		return err
	}
	p, err := s.repost(ctx, tx, b, t)
	if err != nil || p == nil {
		return err
	}
	return tx.Post(ctx, *p)
}

// settling runs fn, and again each time it stopped at holds that have timed out.
func (s *Service) settling(ctx context.Context, fn func() error) error {
	for {
		err := fn()
		due, stopped := errors.AsType[unsettled](err)
		if !stopped {
			return err
		}
		if err := s.settleDue(ctx, s.now(), due.id); err != nil {
			return err
		}
	}
}
