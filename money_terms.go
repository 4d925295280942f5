package clientaccount

import (
	"context"
	"errors"

	"github.com/shopspring/decimal"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/store"
)

// Terms are the settings that the money rule reads. They are kept with the balance
// and written with what they follow from, so that a charge computed from old ones
// cannot land.

// terms are those of an account with this product, nil for none.
func (s *Service) terms(ctx context.Context, a account.Account, product *account.Product) (account.Terms, error) {
	price := account.Product{}.Price
	if product != nil {
		price = product.Price
	}
	if price.IsZero() {
		err := s.calls.run(func() (err error) {
			price, err = s.opts.Price(ctx, a)
			return err
		})
		if err != nil {
			return account.Terms{}, err
		}
		if known, ok := price.Get(); ok && (known.IsNegative() || !account.FitsAmount(known)) {
			return account.Terms{}, errors.New("clientaccount: Options.Price gave no price: it is negative or too long")
		}
	}
	return account.TermsOf(a, account.EffectiveSettings(a, product), price), nil
}

// unsettled ends a transaction that found holds which have timed out: they are to
// be ended first.
type unsettled struct{ id account.ID }

func (unsettled) Error() string { return "clientaccount: holds have timed out" }

// balance is the balance of an account, locked within a transaction. Holds that have
// timed out are no part of it.
func (s *Service) balance(ctx context.Context, r store.Reader, id account.ID) (account.Balance, error) {
	tx, locks := r.(store.Tx)
	if !locks {
		b, err := s.settledBalance(ctx, r, id)
		b.Account = id // also of one that has no balance
		return b, err
	}
	locked, err := tx.Lock(ctx, id)
	switch {
	case err != nil:
		return account.Balance{}, err
	case len(locked) == 0:
		return account.Balance{Account: id}, nil
	case locked[0].Due(s.now()):
		return account.Balance{}, unsettled{id}
	}
	return locked[0], nil
}

// held is what is held of an account's money, or the first of its holds of shared
// money.
func held(ctx context.Context, r store.Reader, b account.Balance) (decimal.Decimal, error) {
	holds, err := r.Holds(ctx, account.HoldQuery{Account: b.Account, Limit: 1})
	if err != nil || len(holds) == 0 || !b.Held.IsZero() {
		return b.Held, err
	}
	return holds[0].Amount, nil
}

// settledBalance is the balance of an account as it will be once its due holds are
// ended.
func (s *Service) settledBalance(ctx context.Context, r store.Reader, id account.ID) (account.Balance, error) {
	known := map[account.ID]account.Balance{}
	err := s.settledBalances(ctx, r, []account.ID{id}, known)
	return known[id], err
}

// repost is what an edit changes of an account's money: nil for nothing.
func (s *Service) repost(ctx context.Context, r store.Reader, b account.Balance, t account.Terms) (*account.Posting, error) {
	now := s.now()
	switch {
	case b.Version == 0: // of an account that is older than its money
		return &account.Posting{Balance: account.Opened(b.Account, t, now)}, nil
	case b.Terms.Same(t):
		return nil, nil
	}
	next := b
	next.Terms = t
	standing, err := s.standing(ctx, r, next)
	if err != nil {
		return nil, err
	}
	p := &account.Posting{From: b.Version}
	p.Balance, p.Events = b.Under(t, standing.Available, now)
	return p, nil
}

// Reprice asks Options.Price again for the accounts of ids, and makes their terms
// anew. Call it when the host's prices changed.
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
	product, err := found(tx.Product(ctx, a.Notes.Product))
	if err != nil {
		return err
	}
	t, err := s.terms(ctx, a, product)
	if err != nil {
		return err
	}
	b, err := s.balance(ctx, tx, id)
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
		if err := s.till.settleDue(ctx, s.now(), due.id); err != nil {
			return err
		}
	}
}
