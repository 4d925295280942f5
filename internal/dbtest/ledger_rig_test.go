package dbtest

import (
	"context"
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/account/accounttest"
	"github.com/clientaccount/clientaccount/internal/ledger"
	"github.com/clientaccount/clientaccount/store"
	"github.com/clientaccount/clientaccount/store/bunstore"
)

// ledgerRig charges accounts through a store, one committer at a time, as the Service does.
type ledgerRig struct {
	testing.TB
	s        *bunstore.Store
	balances []account.Balance
	made     int
}

// newLedgerRig has n accounts with money; holding ones have a standing hold each.
func newLedgerRig(tb testing.TB, s *bunstore.Store, n int) *ledgerRig {
	tb.Helper()
	return newLedgerRigOf(tb, s, "rig", n)
}

// newLedgerRigOf has accounts whose logins begin with a name.
func newLedgerRigOf(tb testing.TB, s *bunstore.Store, name string, n int) *ledgerRig {
	tb.Helper()
	r := &ledgerRig{TB: tb, s: s}
	terms := account.Terms{Currency: "EUR", Credit: decimal.NewFromInt(100), Zone: "UTC"}
	for from := 0; from < n; from += 1000 {
		require.NoError(tb, s.Update(tb.Context(), func(ctx context.Context, tx store.Tx) error {
			for k := from; k < min(n, from+1000); k++ {
				a := accounttest.Valid(fmt.Sprintf("%s-%05d", name, k))
				if err := tx.PutAccount(ctx, a, 0); err != nil {
					return err
				}
				b := ledger.Opened(a.ID, terms, time.Now())
				b.Amount = decimal.NewFromInt(1e9) // without an entry: only a benchmark may
				if err := tx.Post(ctx, store.Posting{Balance: b}); err != nil {
					return err
				}
				r.balances = append(r.balances, b)
			}
			return nil
		}))
	}
	return r
}

// charges returns a batch of n charges over the first accounts.
func (r *ledgerRig) charges(n, accounts int) []store.Posting {
	at := map[int]int{}
	var ps []store.Posting
	now := time.Now().UTC()
	price := decimal.RequireFromString("0.0042")
	for range n {
		k := rand.IntN(accounts)
		i, known := at[k]
		if !known {
			i = len(ps)
			at[k] = i
			ps = append(ps, store.Posting{From: r.balances[k].Version, Balance: r.balances[k]})
		}
		r.made++
		step, err := ledger.Apply(ps[i].Balance, account.Movement{
			Account: ps[i].Balance.Account, Kind: account.KindCharge, Amount: price, Messages: 1, Reference: fmt.Sprint("charge-", r.made),
			Actor: account.Actor{ID: "gateway"},
		}, ledger.Against{}, now)
		require.NoError(r, err)
		step.AddTo(&ps[i])
		ps[i].Balance = step.Balance
	}
	for k, i := range at {
		r.balances[k] = ps[i].Balance
	}
	return ps
}

// holding returns a posting of a hold and a charge on the kth account.
func (r *ledgerRig) holding(k int) []store.Posting {
	p := store.Posting{From: r.balances[k].Version}
	b := r.balances[k]
	for _, kind := range []account.MovementKind{account.KindHold, account.KindCharge} {
		r.made++
		step, err := ledger.Apply(b, account.Movement{
			Account: b.Account, Kind: kind, Amount: decimal.NewFromInt(1), Messages: 1, Reference: fmt.Sprint(kind, r.made),
		}, ledger.Against{}, time.Now().UTC())
		require.NoError(r, err)
		step.AddTo(&p)
		b = step.Balance
	}
	r.balances[k], p.Balance = b, b
	return []store.Posting{p}
}

func (r *ledgerRig) append(ps []store.Posting) {
	outcomes, err := r.s.Append(r.Context(), ps)
	require.NoError(r, err)
	for _, o := range outcomes {
		require.Equal(r, store.OutcomeWritten, o.Kind)
	}
}

// charge returns a posting of one charge on the kth account.
func (r *ledgerRig) charge(k int) []store.Posting {
	one := &ledgerRig{TB: r.TB, s: r.s, balances: r.balances[k : k+1], made: r.made}
	p := one.charges(1, 1)
	r.made = one.made
	return p
}

// each returns a posting of one charge for each of the first accounts.
func (r *ledgerRig) each(accounts int) []store.Posting {
	var ps []store.Posting
	for k := range accounts {
		ps = append(ps, r.charge(k)...)
	}
	return ps
}
