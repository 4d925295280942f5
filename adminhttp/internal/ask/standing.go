package ask

import (
	"errors"

	"github.com/clientaccount/clientaccount"
	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/adminhttp/internal/access"
)

// MoneyOf returns how a client's money stands, and the figures of it that may be told; nil where
// StandingOf is.
func (r *Request) MoneyOf(id account.ID) (*clientaccount.Standing, access.Sums, error) {
	s, err := r.StandingOf(id)
	if err != nil || s == nil {
		return nil, access.Sums{}, err
	}
	sums, err := r.Judge.Sums(r.Context(), s.Terms)
	return s, sums, err
}

// StandingOf returns how a client's money stands; nil for who may not see it, and for an
// account without a ledger.
func (r *Request) StandingOf(id account.ID) (*clientaccount.Standing, error) {
	if !r.Judge.May(access.Money) {
		return nil, nil
	}
	if standing, read := r.standings[id]; read {
		return &standing, nil
	}
	standing, err := r.Service.Balance(r.Context(), id)
	switch {
	case errors.Is(err, account.ErrNotFound):
		return nil, nil
	case err != nil:
		return nil, err
	default:
		return &standing, nil
	}
}

// ReadStandings reads the standings of many clients in one go, for who may see them.
func (r *Request) ReadStandings(ids []account.ID) (err error) {
	if r.Judge.May(access.Money) && len(ids) > 0 {
		r.standings, err = r.Service.Balances(r.Context(), ids...)
	}
	return err
}
