package storetest

import (
	"context"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/store"
)

var appendRacePromises = []promise{
	{"of many appends to one account none is lost or doubled", appendCrowd},
	{"one reference appended by many is written once", appendSame},
	{"calls over the same accounts in any order end, and lose nothing", appendOverlapping},
	{"appends and changes of the terms never pass each other", appendAndTerms},
	{"one look-up shows one instant", lookUpInstant},
}

// persist appends a movement, over the balance that it is told each time, until it
// is written, or its reference turns out to be used.
func persist(ctx context.Context, s store.Store, id account.ID, m account.Movement) (store.OutcomeKind, error) {
	for {
		found, err := s.Ledger(ctx, []store.Lookup{{Account: id}})
		if err != nil {
			return 0, err
		}
		p, err := over(found[0].Balance, m)
		if err != nil {
			return 0, err
		}
		outcomes, err := appendAgain(ctx, s, []store.Posting{p})
		if err != nil {
			return 0, err
		}
		switch kind := outcomes[0].Kind; kind {
		case store.OutcomeMoved:
		case store.OutcomeBusy:
			time.Sleep(time.Millisecond)
		default:
			return kind, nil
		}
	}
}

func appendCrowd(t *testing.T, s store.Store) {
	const goroutines, rounds = 16, 6
	k := opened(t, s, "crowd", funds())
	var wg sync.WaitGroup
	for g := range goroutines {
		wg.Go(func() {
			for n := range rounds {
				kind, err := persist(t.Context(), s, k.balance.Account, charge(fmt.Sprintf("%d-%d", g, n), "0.000001"))
				assert.NoError(t, err)
				assert.Equal(t, store.OutcomeWritten, kind)
			}
		})
	}
	wg.Wait()
	requireLedger(t, s, k.balance.Account, goroutines*rounds)
}

func appendSame(t *testing.T, s store.Store) {
	const goroutines, rounds = 8, 6
	k := opened(t, s, "same", funds())
	for n := range rounds {
		var wg sync.WaitGroup
		kinds := make([]store.OutcomeKind, goroutines)
		for g := range goroutines {
			wg.Go(func() {
				var err error
				kinds[g], err = persist(t.Context(), s, k.balance.Account, charge(fmt.Sprint("same-", n), "1"))
				assert.NoError(t, err)
			})
		}
		wg.Wait()
		count := map[store.OutcomeKind]int{}
		for _, kind := range kinds {
			count[kind]++
		}
		require.Equal(t, map[store.OutcomeKind]int{store.OutcomeWritten: 1, store.OutcomeUsed: goroutines - 1}, count)
	}
	requireLedger(t, s, k.balance.Account, rounds)
}

// appendOverlapping appends to three accounts at once, half of the callers in the
// opposite order, until each of the three was written.
func appendOverlapping(t *testing.T, s store.Store) {
	const goroutines, rounds = 6, 4
	ids := make([]account.ID, 3)
	for i := range ids {
		ids[i] = opened(t, s, fmt.Sprintf("overlapping-%d", i), funds()).balance.Account
	}
	var wg sync.WaitGroup
	for g := range goroutines {
		mine := []account.ID{ids[0], ids[1], ids[2]}
		if g%2 == 1 {
			mine[0], mine[2] = mine[2], mine[0]
		}
		wg.Go(func() {
			for n := range rounds {
				assert.NoError(t, persistAll(t.Context(), s, mine, charge(fmt.Sprintf("%d-%d", g, n), "1")))
			}
		})
	}
	wg.Wait()
	for _, id := range ids {
		requireLedger(t, s, id, goroutines*rounds)
	}
}

// persistAll appends a movement to accounts until each of them has it.
func persistAll(ctx context.Context, s store.Store, ids []account.ID, m account.Movement) error {
	for len(ids) > 0 {
		lookups := make([]store.Lookup, len(ids))
		for i, id := range ids {
			lookups[i].Account = id
		}
		found, err := s.Ledger(ctx, lookups)
		if err != nil {
			return err
		}
		ps := make([]store.Posting, len(ids))
		for i := range ids {
			if ps[i], err = over(found[i].Balance, m); err != nil {
				return err
			}
		}
		outcomes, err := appendAgain(ctx, s, ps)
		if err != nil {
			return err
		}
		var left []account.ID
		for i, o := range outcomes {
			switch o.Kind {
			case store.OutcomeWritten:
			case store.OutcomeMoved, store.OutcomeBusy:
				left = append(left, ids[i])
			default:
				return fmt.Errorf("outcome %d of a new reference", o.Kind)
			}
		}
		ids = left
	}
	return nil
}

// appendAndTerms counts versions: each write moves it on by one, so one computed from
// old terms would be missing from the count.
func appendAndTerms(t *testing.T, s store.Store) {
	const goroutines, rounds, edits = 4, 8, 16
	k := opened(t, s, "edited", funds())
	id := k.balance.Account
	var wg sync.WaitGroup
	for g := range goroutines {
		wg.Go(func() {
			for n := range rounds {
				_, err := persist(t.Context(), s, id, charge(fmt.Sprintf("%d-%d", g, n), "1"))
				assert.NoError(t, err)
			}
		})
	}
	for n := range edits {
		require.NoError(t, retry(t.Context(), s, func(ctx context.Context, tx store.Tx) error {
			locked, err := tx.Lock(ctx, id)
			if err != nil {
				return err
			}
			edited := book{balance: locked[0]}
			terms := funds()
			terms.Credit = terms.Credit.Add(money(fmt.Sprint(n + 1)))
			return tx.Post(ctx, edited.terms(terms))
		}))
	}
	wg.Wait()
	requireLedger(t, s, id, goroutines*rounds)
	b := balanceOf(t, s, id)
	require.Equal(t, int64(1+goroutines*rounds+edits), b.Version, "a write landed that was computed from another version")
	require.Equal(t, funds().Credit.Add(money(fmt.Sprint(edits))).String(), b.Terms.Credit.String())
}

// lookUpInstant looks while one transaction after another moves money between two
// accounts: the sum stays, and a balance counts the entries that are found.
func lookUpInstant(t *testing.T, s store.Store) {
	const transfers = 30
	a, b := opened(t, s, "one", funds()), opened(t, s, "two", funds())
	lookups := []store.Lookup{{Account: a.balance.Account}, {Account: b.balance.Account}}
	for n := range transfers {
		lookups[0].References = append(lookups[0].References, fmt.Sprint("out-", n))
		lookups[1].References = append(lookups[1].References, fmt.Sprint("in-", n))
	}
	moved := make(chan error, 1)
	go func() {
		var err error
		for n := 0; n < transfers && err == nil; n++ {
			err = retry(t.Context(), s, transferring(a.balance.Account, b.balance.Account, fmt.Sprint(n)))
		}
		moved <- err
	}()
	for done := false; !done; {
		select {
		case err := <-moved:
			require.NoError(t, err)
			done = true
		default:
		}
		found, err := s.Ledger(t.Context(), lookups)
		require.NoError(t, err)
		require.Len(t, found, 2)
		require.True(t, found[0].Balance.Amount.Add(found[1].Balance.Amount).IsZero(), "half a transfer was seen")
		for _, f := range found {
			require.Len(t, f.Used, int(f.Balance.Entries), "a balance and its entries are of one instant")
		}
	}
	requireLedger(t, s, a.balance.Account, transfers)
}
