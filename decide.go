package clientaccount

import (
	"context"
	"time"

	"github.com/shopspring/decimal"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/internal/batch"
	"github.com/clientaccount/clientaccount/internal/ledger"
	"github.com/clientaccount/clientaccount/store"
)

// Decide reports whether a message of an account may go now, and everything that stands in
// its way. Settings are kept for Options.SettingsFor, and balances for a second at most, so
// that a decision asks no store; what this Service changes it sees at once, what others
// change within that time, or when Forget is called. Nothing is held or charged: see
// [Service.Admit].
//
// Errors: [account.ErrNotFound].
func (s *Service) Decide(ctx context.Context, id account.ID, r account.Request) (account.Decision, error) {
	now := s.now()
	client, err := s.client(ctx, id, &r, now)
	if err != nil {
		return account.Decision{}, err
	}
	return client.Decide(r, now), nil
}

// DecideAt is Decide as of an instant, which may be to come or past: its hours, ends and prices are
// judged then. Settings are those of now, and so is the balance; of what is available, an overdraw or
// a month's cap counts as it does then.
//
// Errors: [account.ErrNotFound].
func (s *Service) DecideAt(ctx context.Context, id account.ID, r account.Request, at time.Time) (account.Decision, error) {
	client, err := s.settingsFor(ctx, id, r.NeedsPrice(), s.now())
	if err != nil {
		return account.Decision{}, err
	}
	client.Available, err = s.spendableAt(ctx, &client, s.now(), at)
	return client.Decide(r, at), err
}

// Forget drops what is cached of the settings of all accounts, and of the balances
// of these. A host that hears of changes made by other processes calls it, so that
// decisions and sign-ins need not wait until they are looked up again: see
// bunstore.SettingsChannel.
func (s *Service) Forget(ids ...account.ID) {
	if s.made() != nil {
		return
	}
	s.clients.Clear()
	s.committer.Forget(ids...)
}

// ForgetAll drops what is cached of all accounts, for a host that may have missed what
// other processes changed.
func (s *Service) ForgetAll() {
	if s.made() != nil {
		return
	}
	s.clients.Clear()
	s.lists.forget()
	s.committer.ForgetAll()
}

// client is what a decision needs, from the cache where that is not too old.
func (s *Service) client(ctx context.Context, id account.ID, r *account.Request, now time.Time) (account.Client, error) {
	client, err := s.settingsFor(ctx, id, r.NeedsPrice(), now)
	if err != nil {
		return account.Client{}, err
	}
	client.Available, err = s.spendable(ctx, &client, now)
	return client, err
}

// balancesFor is for how long decisions go by a cached balance, however long settings are
// cached: nobody notifies of movements.
const balancesFor = time.Second

// spendable is what is available to a client, over balances that were seen recently.
func (s *Service) spendable(ctx context.Context, c *account.Client, now time.Time) (decimal.Decimal, error) {
	return s.spendableAt(ctx, c, now, now)
}

// spendableAt is what these balances allow at an instant.
func (s *Service) spendableAt(ctx context.Context, c *account.Client, now, at time.Time) (decimal.Decimal, error) {
	own, err := s.cachedBalance(ctx, c.Account.ID, now)
	if err != nil || own.Terms.Shares.IsZero() {
		return own.Available(at), err
	}
	known := map[account.ID]account.Balance{}
	for above := own.Terms.Shares; !above.IsZero() && len(known) < account.MaxDepth; above = known[above].Terms.Shares {
		if known[above], err = s.cachedBalance(ctx, above, now); err != nil {
			return decimal.Zero, err
		}
	}
	return standingAmong(known, own, at).Available, nil
}

// decideToHold is Decide where what is accepted is held next: that looks at the money as it is
// then, so that a balance which was seen at any time will do to accept by.
func (s *Service) decideToHold(ctx context.Context, id account.ID, r account.Request, now time.Time) (account.Client, account.Decision, error) {
	client, err := s.settingsFor(ctx, id, r.NeedsPrice(), now)
	if err != nil {
		return account.Client{}, account.Decision{}, err
	}
	if seen, all := s.lastSpendable(id, now); all {
		client.Available = seen
		if d := client.Decide(r, now); d.Verdict == account.VerdictAccept {
			return client, d, nil
		}
	}
	client.Available, err = s.spendable(ctx, &client, now)
	return client, client.Decide(r, now), err
}

// lastSpendable is what was available over the balances that were seen last; false where not
// all of them are cached.
func (s *Service) lastSpendable(id account.ID, now time.Time) (decimal.Decimal, bool) {
	own, _, ok := s.committer.LastSeen(id)
	known := map[account.ID]account.Balance(nil)
	for above := own.Terms.Shares; ok && !above.IsZero() && len(known) < account.MaxDepth; above = known[above].Terms.Shares {
		if known == nil {
			known = map[account.ID]account.Balance{}
		}
		known[above], _, ok = s.committer.LastSeen(above)
	}
	if !ok {
		return decimal.Zero, false
	}
	return standingAmong(known, own, now).Available, true
}

// cachedBalance is a balance that was the present one recently. Holds that have timed
// out are no part of it.
func (s *Service) cachedBalance(ctx context.Context, id account.ID, now time.Time) (account.Balance, error) {
	if b, at, ok := s.committer.LastSeen(id); ok && recently(at, now, min(balancesFor, s.opts.SettingsFor)) && !ledger.Due(b, now) {
		return b, nil
	}
	found, err := s.stored().Ledger(ctx, []store.Lookup{{Account: id}})
	if err != nil {
		return account.Balance{}, err
	}
	b := found[0].Balance
	if b.Version == 0 {
		return account.Balance{}, account.ErrNotFound
	}
	s.committer.Saw(b, now)
	if ledger.Due(b, now) {
		return s.settledBalance(ctx, reading{s.stored()}, id)
	}
	return b, nil
}

// Status returns the status that counts for an account now: the worst of its own and those
// of the accounts above it, expired where an end has come.
//
// Errors: the store's.
func (s *Service) Status(ctx context.Context, a account.Account) (account.Status, error) {
	above, err := ancestors(ctx, s.stored(), a)
	if err != nil {
		return "", err
	}
	now := s.now()
	status := a.StatusAt(now)
	for _, parent := range above {
		status = status.Worse(parent.StatusAt(now))
	}
	return status, nil
}

// cachedClient is what decisions about an account need, as of an instant.
type cachedClient struct {
	client  account.Client // but for what is available
	from    []revision     // what it was made of
	product revision       // that of from; zero without one
	priced  bool           // client.PriceAt is set, where the store keeps price lists
	at      time.Time
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

// settings is client without what is available, and maybe without prices.
func (s *Service) settings(ctx context.Context, id account.ID, now time.Time) (account.Client, error) {
	return s.settingsFor(ctx, id, false, now)
}

// settingsFor is settings for who needs prices, or does not: a host that names the price of
// each message has no lists in memory.
func (s *Service) settingsFor(ctx context.Context, id account.ID, priced bool, now time.Time) (account.Client, error) {
	if err := s.made(); err != nil {
		return account.Client{}, err
	}
	cached, ok := s.clients.Get(id)
	fresh := ok && recently(cached.at, now, s.opts.SettingsFor)
	if fresh && (cached.priced || !priced) {
		return cached.client, nil
	}
	put := s.clients.Since()
	if err := s.renew(ctx, id, &cached, ok, fresh, now); err != nil {
		return account.Client{}, err
	}
	if priced && !cached.priced {
		if err := s.price(ctx, &cached); err != nil {
			return account.Client{}, err
		}
	}
	put(id, cached)
	return cached.client, nil
}

// renew has a client be that of now: it may have been known, and be fresh.
func (s *Service) renew(ctx context.Context, id account.ID, c *cachedClient, known, fresh bool, now time.Time) (err error) {
	if fresh {
		return nil
	}
	if !known || !s.unchanged(ctx, c.from) {
		if *c, err = s.loadClient(ctx, id); err != nil {
			return err
		}
	}
	c.at = now
	return nil
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
	from, of := []revision{{a.ID, a.Revision}}, revision{}
	if product != nil {
		of = revision{product.ID, product.Revision}
		from = append(from, of)
	}
	for _, parent := range above {
		from = append(from, revision{parent.ID, parent.Revision})
	}
	return cachedClient{client: account.NewClient(a, product, above, decimal.Zero), from: from, product: of}, nil
}

// decideAnew decides once more by what is stored.
func (s *Service) decideAnew(ctx context.Context, id account.ID, r account.Request) (Admission, error) {
	s.Forget(id)
	decision, err := s.Decide(ctx, id, r)
	return refusal(decision, err)
}

// decideWith decides again where less is available than was thought.
func (s *Service) decideWith(ctx context.Context, id account.ID, r account.Request, available decimal.Decimal) (Admission, error) {
	now := s.now()
	client, err := s.client(ctx, id, &r, now)
	if err != nil {
		return Admission{}, err
	}
	client.Available = available
	return refusal(client.Decide(r, now), nil)
}
