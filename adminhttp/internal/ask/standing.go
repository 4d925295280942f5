package ask

import (
	"errors"

	"github.com/clientaccount/clientaccount"
	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/adminhttp/internal/access"
)

// sumsOf are the figures of a client's money that the actor may be told.
func (r *Request) sumsOf(id account.ID) (access.Sums, error) {
	s, err := r.StandingOf(id)
	if err != nil || s == nil {
		return access.Sums{}, err
	}
	return r.Judge.Sums(r.Context(), s.Terms)
}

// StandingOf is how a client's money stands; nil for who may not see it, and for an
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
