package memstore_test

import (
	"context"
	"fmt"
	"testing"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/account/accounttest"
	"github.com/clientaccount/clientaccount/internal/ledger"
	"github.com/clientaccount/clientaccount/store"
	"github.com/clientaccount/clientaccount/store/memstore"
)

// opened returns a store with one account that has a balance.
func opened(t *testing.T) (*memstore.Store, account.Balance) {
	t.Helper()
	s, a := memstore.New(), accounttest.Valid("opened")
	b := ledger.Opened(a.ID, account.Terms{Currency: "EUR"}, accounttest.Now())
	require.NoError(t, s.Update(t.Context(), func(ctx context.Context, tx store.Tx) error {
		if err := tx.PutAccount(ctx, a, 0); err != nil {
			return err
		}
		return tx.Post(ctx, store.Posting{Balance: b})
	}))
	return s, b
}

func topUp(t *testing.T, b account.Balance, reference string) store.Posting {
	t.Helper()
	m := account.Movement{Kind: account.KindTopUp, Amount: decimal.NewFromInt(1), Reference: reference}
	step, err := ledger.Apply(b, m, ledger.Against{}, accounttest.Now())
	require.NoError(t, err)
	return store.Posting{From: b.Version, Balance: step.Balance, Entries: []account.Entry{step.Entry}, Events: step.Events}
}

func balance(t *testing.T, s store.Reader, id account.ID) account.Balance {
	t.Helper()
	found, err := s.Ledger(t.Context(), []store.Lookup{{Account: id}})
	require.NoError(t, err)
	return found[0].Balance
}

func TestWritesAreImmediate(t *testing.T) {
	var s store.Store = memstore.New()
	assert.Implements(t, (*store.Immediate)(nil), s)
}

func TestAppendLosesRaces(t *testing.T) {
	s, b := opened(t)
	ps := []store.Posting{topUp(t, b, "t-1"), {Balance: ledger.Opened(accounttest.ID(99), account.Terms{}, accounttest.Now())}}
	s.LoseRaces(2)
	for range 2 {
		outcomes, err := s.Append(t.Context(), ps)
		require.NoError(t, err)
		assert.Equal(t, store.OutcomeMoved, outcomes[0].Kind)
		assert.Equal(t, b.Version, outcomes[0].Balance.Version)
		assert.Equal(t, store.OutcomeMissing, outcomes[1].Kind)
		assert.Equal(t, b, balance(t, s, b.Account), "a lost race changes nothing")
	}
	outcomes, err := s.Append(t.Context(), ps)
	require.NoError(t, err)
	assert.Equal(t, store.OutcomeWritten, outcomes[0].Kind)
}

func TestAppendWithinUpdateIsRefused(t *testing.T) {
	s, b := opened(t)
	other, elsewhere := opened(t)
	require.NoError(t, s.Update(t.Context(), func(ctx context.Context, _ store.Tx) error {
		outcomes, err := other.Append(ctx, []store.Posting{topUp(t, elsewhere, "t-1")})
		assert.NoError(t, err, "another store is no nesting")
		assert.Equal(t, store.OutcomeWritten, outcomes[0].Kind)
		_, err = s.Append(ctx, []store.Posting{topUp(t, b, "t-1")})
		assert.ErrorIs(t, err, store.ErrNested)
		assert.ErrorIs(t, err, store.ErrNothing)
		return nil
	}))
	assert.Equal(t, b, balance(t, s, b.Account))
}

func TestAppendGivesUpWaitingForAnUpdate(t *testing.T) {
	s, b := opened(t)
	require.NoError(t, s.Update(t.Context(), func(context.Context, store.Tx) error {
		ctx, cancel := context.WithCancel(t.Context())
		waits := make(chan error, 1)
		posting := topUp(t, b, "t-1")
		go func() {
			_, err := s.Append(ctx, []store.Posting{posting})
			waits <- err
		}()
		cancel()
		err := <-waits
		assert.ErrorIs(t, err, context.Canceled)
		assert.ErrorIs(t, err, store.ErrNothing)
		return nil
	}))
	assert.Equal(t, b, balance(t, s, b.Account))
}

// A database would find most of these by its keys, and nobody the others.
func TestPostingsThatContradictThemselvesAreRefused(t *testing.T) {
	s, b := opened(t)
	for name, spoil := range map[string]func(*store.Posting){
		"no version":         func(p *store.Posting) { p.From, p.Balance.Version = 0, 0 },
		"the same version":   func(p *store.Posting) { p.Balance.Version = p.From },
		"an earlier version": func(p *store.Posting) { p.Balance.Version = p.From - 1 },
		"a number left out":  func(p *store.Posting) { p.Entries[0].Number++ },
		"numbers below one":  func(p *store.Posting) { p.Balance.Entries = 0 },
		"another's entry":    func(p *store.Posting) { p.Entries[0].Account = accounttest.ID(99) },
		"an uncounted event": func(p *store.Posting) { p.Balance.Events-- },
		"another's event":    func(p *store.Posting) { p.Events[0].Account = accounttest.ID(99) },
		"one reference twice": func(p *store.Posting) {
			p.Entries = append(p.Entries, p.Entries[0])
			p.Entries[1].Number++
			p.Balance.Entries++
		},
	} {
		t.Run(name, func(t *testing.T) {
			good, p := topUp(t, b, "good"), topUp(t, b, "t-1")
			p.Balance.Events++
			p.Events = append(p.Events, account.Event{Account: b.Account, Number: p.Balance.Events})
			require.NotEmpty(t, p.Events)
			spoil(&p)
			_, err := s.Append(t.Context(), []store.Posting{good, p})
			require.ErrorIs(t, err, memstore.ErrPosting)
			require.ErrorIs(t, err, store.ErrNothing)
			err = s.Update(t.Context(), func(ctx context.Context, tx store.Tx) error { return tx.Post(ctx, p) })
			require.ErrorIs(t, err, memstore.ErrPosting)
			assert.Equal(t, b, balance(t, s, b.Account))
		})
	}
}

// Bound what a movement allocates, however much the account has: the outcomes, and
// now and then a page or a part of a map.
func TestAppendCopiesNothingOfTheAccount(t *testing.T) {
	s, b := opened(t)
	ps := make([]store.Posting, 1)
	n := 0
	move := func() {
		n++
		p := topUp(t, b, fmt.Sprint(n))
		b, ps[0] = p.Balance, p
	}
	for range 5000 {
		move()
		_, err := s.Append(t.Context(), ps)
		require.NoError(t, err)
	}
	working := testing.AllocsPerRun(500, move)
	b = balance(t, s, b.Account)
	both := testing.AllocsPerRun(500, func() {
		move()
		_, err := s.Append(t.Context(), ps)
		require.NoError(t, err)
	})
	assert.Less(t, both-working, 4.0)
}
