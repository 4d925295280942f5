package storetest

import (
	"context"
	"fmt"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/account/accounttest"
	"github.com/clientaccount/clientaccount/internal/ledger"
	"github.com/clientaccount/clientaccount/store"
)

var moneySumPromises = []promise{
	{"transactions that lock, read and post lose nothing", lockedIncrements},
	{"transactions that read and post without a lock lose nothing", unlockedIncrements},
	{"locks taken in any order end, and transfers keep the sum", lockedTransfers},
}

// over returns the posting of one movement that refers to nothing earlier.
func over(b account.Balance, m account.Movement) (store.Posting, error) {
	step, err := ledger.Apply(b, m, ledger.Against{}, accounttest.Now())
	return store.Posting{From: b.Version, Balance: step.Balance, Entries: []account.Entry{step.Entry}, Events: step.Events}, err
}

// adding reads a balance and posts one more top-up.
func adding(id account.ID, reference string, lock bool) func(context.Context, store.Tx) error {
	return func(ctx context.Context, tx store.Tx) error {
		if lock {
			if _, err := tx.Lock(ctx, id); err != nil {
				return err
			}
		}
		found, err := tx.Ledger(ctx, []store.Lookup{{Account: id}})
		if err != nil {
			return err
		}
		p, err := over(found[0].Balance, topUp(reference, "1.5"))
		if err != nil {
			return err
		}
		return tx.Post(ctx, p)
	}
}

func lockedIncrements(t *testing.T, s store.Store)   { increments(t, s, 32, 4, true) }
func unlockedIncrements(t *testing.T, s store.Store) { increments(t, s, 4, 5, false) }

func increments(t *testing.T, s store.Store, goroutines, rounds int, lock bool) {
	k := opened(t, s, "busy", funds())
	var wg sync.WaitGroup
	for g := range goroutines {
		wg.Go(func() {
			for n := range rounds {
				reference := fmt.Sprintf("%d-%d", g, n)
				assert.NoError(t, retry(t.Context(), s, adding(k.balance.Account, reference, lock)))
			}
		})
	}
	wg.Wait()
	requireLedger(t, s, k.balance.Account, goroutines*rounds)
	want := money("1.5").Mul(money(fmt.Sprint(goroutines * rounds)))
	require.True(t, want.Equal(balanceOf(t, s, k.balance.Account).Amount), "a top-up was lost or doubled")
}

// requireLedger expects so many entries, numbered without gaps, each with the sum of
// those up to it, and the balance with the sum of all.
func requireLedger(t tb, s store.Reader, id account.ID, want int) []account.Entry {
	t.Helper()
	entries, err := s.Entries(t.Context(), account.EntryQuery{Account: id, Oldest: true, Limit: account.MaxPage})
	require.NoError(t, err)
	require.Len(t, entries, want)
	b, sum, references := balanceOf(t, s, id), money("0"), map[string]bool{}
	for i, e := range entries {
		require.Equal(t, int64(i)+1, e.Number, "entries are numbered without gaps")
		sum = sum.Add(e.Amount)
		require.True(t, sum.Equal(e.After), "the balance after entry %d is the sum up to it", e.Number)
		references[e.Reference] = true
	}
	require.Len(t, references, want, "a reference was used twice")
	require.Equal(t, int64(want), b.Entries)
	require.True(t, sum.Equal(b.Amount), "the balance is the sum of its entries")
	return entries
}

// lockedTransfers moves money in a ring, each transfer naming its accounts in the
// order of the ring.
func lockedTransfers(t *testing.T, s store.Store) {
	const goroutines, rounds = 9, 4
	ids := make([]account.ID, 3)
	for i := range ids {
		k := opened(t, s, fmt.Sprintf("ring-%d", i), funds())
		k.move(t, s, topUp("t-1", "100"))
		ids[i] = k.balance.Account
	}
	var wg sync.WaitGroup
	for g := range goroutines {
		wg.Go(func() {
			from, to := ids[g%3], ids[(g+1)%3]
			for n := range rounds {
				assert.NoError(t, retry(t.Context(), s, transferring(from, to, fmt.Sprintf("%d-%d", g, n))))
			}
		})
	}
	wg.Wait()
	sum := money("0")
	for _, id := range ids {
		requireLedger(t, s, id, 1+2*rounds*goroutines/3)
		sum = sum.Add(balanceOf(t, s, id).Amount)
	}
	require.Equal(t, "300", sum.String(), "money was lost or made on its way")
}

// transferring moves 1 from one account to another.
func transferring(from, to account.ID, reference string) func(context.Context, store.Tx) error {
	return func(ctx context.Context, tx store.Tx) error {
		if _, err := tx.Lock(ctx, from, to, from); err != nil {
			return err
		}
		found, err := tx.Ledger(ctx, []store.Lookup{{Account: from}, {Account: to}})
		if err != nil {
			return err
		}
		for i, m := range []account.Movement{charge("out-"+reference, "1"), topUp("in-"+reference, "1")} {
			p, err := over(found[i].Balance, m)
			if err != nil {
				return err
			}
			if err := tx.Post(ctx, p); err != nil {
				return err
			}
		}
		return nil
	}
}
