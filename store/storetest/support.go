package storetest

import (
	"context"
	"errors"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/account/accounttest"
	"github.com/clientaccount/clientaccount/store"
)

// tb is what *testing.T, *testing.B and *rapid.T have in common here.
type tb interface {
	require.TestingT
	Helper()
	Context() context.Context
}

var client = accounttest.Valid

// update runs fn in a transaction that must succeed.
func update(t tb, s store.Store, fn func(ctx context.Context, tx store.Tx) error) {
	t.Helper()
	require.NoError(t, s.Update(t.Context(), fn))
}

func insert(t tb, s store.Store, accounts ...account.Account) {
	t.Helper()
	update(t, s, inserting(accounts...))
}

func inserting(accounts ...account.Account) func(context.Context, store.Tx) error {
	return func(ctx context.Context, tx store.Tx) error {
		for _, a := range accounts {
			if err := tx.PutAccount(ctx, a, 0); err != nil {
				return err
			}
		}
		return nil
	}
}

// replacing replaces an account that is at the revision before a's.
func replacing(a account.Account) func(context.Context, store.Tx) error {
	return func(ctx context.Context, tx store.Tx) error { return tx.PutAccount(ctx, a, a.Revision-1) }
}

// next returns the account one revision on.
func next(a account.Account) account.Account {
	a = a.Clone()
	a.Revision++
	return a
}

func get(t tb, s store.Store, id account.ID) account.Account {
	t.Helper()
	a, err := s.Account(t.Context(), id)
	require.NoError(t, err)
	return a
}

// putReferences stores the managers and products that accounttest's accounts have.
func putReferences(t tb, s store.Store) {
	t.Helper()
	update(t, s, func(ctx context.Context, tx store.Tx) error {
		for n := 1; n <= 3; n++ {
			if err := tx.PutItem(ctx, accounttest.Manager(n), 0); err != nil {
				return err
			}
			if err := tx.PutItem(ctx, accounttest.Product(n), 0); err != nil {
				return err
			}
		}
		return nil
	})
}

// requireSame compares accounts as the field table sees them, and what no field shows.
func requireSame(t tb, want, got account.Account) {
	t.Helper()
	for _, f := range account.Fields() {
		assert.Equal(t, f.Text(want), f.Text(got), "%s must come back as it was given", f.Path)
	}
	assert.Equal(t, want.ID, got.ID)
	assert.Equal(t, want.Revision, got.Revision)
	assert.Equal(t, want.Parent, got.Parent)
	requireInstant(t, want.CreatedAt, got.CreatedAt)
	requireInstant(t, want.UpdatedAt, got.UpdatedAt)
	requireInstant(t, want.Expires, got.Expires)
	requireInstant(t, want.Credit.Overdraw.ExpiresAt, got.Credit.Overdraw.ExpiresAt)
	require.True(t, got.Core.Password.IsZero(), "a password must not be stored")
}

func requireInstant(t tb, want, got time.Time) {
	t.Helper()
	require.True(t, want.Equal(got), "want the instant %v, got %v", want, got)
	require.Equal(t, time.UTC, got.Location(), "instants are given in UTC")
}

// locking locks the balances of accounts.
func locking(ctx context.Context, tx store.Tx, ids ...account.ID) error {
	_, err := tx.Lock(ctx, ids...)
	return err
}

// lost reports whether a transaction lost a race, which the caller may try again.
func lost(err error) bool {
	return errors.Is(err, account.ErrConflict) || errors.Is(err, account.ErrStale)
}

// retry runs fn until it lost no race, and says how often fn was run for each try.
func retry(ctx context.Context, s store.Store, fn func(context.Context, store.Tx) error) error {
	for {
		runs := 0
		err := s.Update(ctx, func(ctx context.Context, tx store.Tx) error {
			if runs++; runs > 1 {
				return errors.New("the function of one Update was run twice")
			}
			return fn(ctx, tx)
		})
		if !lost(err) {
			return err
		}
	}
}

// both runs two functions at once and returns their errors.
func both(a, b func() error) (errA, errB error) {
	done := make(chan error, 1)
	go func() { done <- b() }()
	errA = a()
	return errA, <-done
}
