package clientaccount

import (
	"context"
	"time"

	"github.com/shopspring/decimal"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/internal/batch"
	"github.com/clientaccount/clientaccount/store"
)

// cachedClient is what decisions about an account need, as of an instant.
type cachedClient struct {
	client account.Client // but for what is available
	from   []revision     // what it was made of
	at     time.Time
}

// revision is that of an account or product.
type revision struct {
	id account.ID
	is int64
}

// comparisons tell of many clients at once whether they are still made of what they were.
type comparisons = batch.Batcher[[]revision, bool]

// maxCompared is how many clients are compared at once.
const maxCompared = 256

// newComparisons returns what compares with a store; nil where that is no cheaper than to
// read a client again.
func newComparisons(st store.Transactor) *comparisons {
	of, can := st.(store.Reviser)
	if !can {
		return nil
	}
	return batch.New(batch.Config[[]revision, bool]{
		Do: func(ctx context.Context, asked [][]revision) []batch.Result[bool] {
			return compare(ctx, of, asked)
		},
		Most: maxCompared, Timeout: writeTimeout, Closed: ErrStopped,
	})
}

func compare(ctx context.Context, of store.Reviser, asked [][]revision) []batch.Result[bool] {
	results := make([]batch.Result[bool], len(asked))
	var ids []account.ID
	known := map[account.ID]bool{}
	for _, from := range asked {
		for _, r := range from {
			if !known[r.id] {
				known[r.id] = true
				ids = append(ids, r.id)
			}
		}
	}
	present, err := of.Revisions(ctx, ids)
	for i, from := range asked {
		same := err == nil
		for _, r := range from {
			same = same && present[r.id] == r.is
		}
		results[i] = batch.Result[bool]{Value: same, Err: err}
	}
	return results
}

// settings is client without what is available.
func (s *Service) settings(ctx context.Context, id account.ID, now time.Time) (account.Client, error) {
	if err := s.made(); err != nil {
		return account.Client{}, err
	}
	cached, ok := s.clients.Get(id)
	if ok && recently(cached.at, now, s.opts.SettingsFor) {
		return cached.client, nil
	}
	put := s.clients.Since()
	if !ok || !s.unchanged(ctx, cached.from) {
		var err error
		if cached, err = s.loadClient(ctx, id); err != nil {
			return account.Client{}, err
		}
	}
	cached.at = now
	put(id, cached)
	return cached.client, nil
}

// recently reports whether what was true at an instant may still be taken for true.
func recently(at, now time.Time, while time.Duration) bool {
	age := now.Sub(at)
	return age >= 0 && age < while
}

// unchanged reports whether the store is known to have nothing newer. What it cannot tell is
// read again, which tells what is wrong.
func (s *Service) unchanged(ctx context.Context, from []revision) bool {
	if s.comparisons == nil {
		return false
	}
	same, err := s.comparisons.Do(ctx, from)
	return same && err == nil
}

func (s *Service) loadClient(ctx context.Context, id account.ID) (cachedClient, error) {
	a, err := s.stored().Account(ctx, id)
	if err != nil {
		return cachedClient{}, err
	}
	return s.clientOf(ctx, a)
}

// clientOf is the client of an account, with its product and what is above it.
func (s *Service) clientOf(ctx context.Context, a account.Account) (cachedClient, error) {
	product, err := productOf(ctx, s.stored(), a.Notes.Product)
	if err != nil {
		return cachedClient{}, err
	}
	above, err := ancestors(ctx, s.stored(), a)
	if err != nil {
		return cachedClient{}, err
	}
	from := []revision{{a.ID, a.Revision}}
	if product != nil {
		from = append(from, revision{product.ID, product.Revision})
	}
	for _, parent := range above {
		from = append(from, revision{parent.ID, parent.Revision})
	}
	return cachedClient{client: account.NewClient(a, product, above, decimal.Zero), from: from}, nil
}
