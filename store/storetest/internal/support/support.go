// Package support is what the suites of storetest and of its rooms have in common.
package support

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/store"
)

// Group are the promises of one subject.
type Group[S any] struct {
	Name     string
	Promises []Promise[S]
}

// Promise is one thing that a store promises, and the test that it keeps it.
type Promise[S any] struct {
	Name string
	Test func(t *testing.T, s S)
}

// TB is what *testing.T, *testing.B and *rapid.T have in common here.
type TB interface {
	require.TestingT
	Helper()
	Context() context.Context
}

// Update runs fn in a transaction that must succeed.
func Update(t TB, s store.Store, fn func(ctx context.Context, tx store.Tx) error) {
	t.Helper()
	require.NoError(t, s.Update(t.Context(), fn))
}

// Insert stores new accounts.
func Insert(t TB, s store.Store, accounts ...account.Account) {
	t.Helper()
	Update(t, s, Inserting(accounts...))
}

// Inserting is what Insert does within a transaction.
func Inserting(accounts ...account.Account) func(context.Context, store.Tx) error {
	return func(ctx context.Context, tx store.Tx) error {
		for _, a := range accounts {
			if err := tx.PutAccount(ctx, a, 0); err != nil {
				return err
			}
		}
		return nil
	}
}

// RequireInstant compares instants, and wants the one that was read in UTC.
func RequireInstant(t TB, want, got time.Time) {
	t.Helper()
	require.True(t, want.Equal(got), "want the instant %v, got %v", want, got)
	require.Equal(t, time.UTC, got.Location(), "instants are given in UTC")
}

// Lost reports whether a transaction lost a race, which the caller may try again.
func Lost(err error) bool {
	return errors.Is(err, account.ErrConflict) || errors.Is(err, account.ErrStale)
}

// Retry runs fn until it lost no race, and fails where one Update runs it twice.
func Retry(ctx context.Context, s store.Store, fn func(context.Context, store.Tx) error) error {
	for {
		runs := 0
		err := s.Update(ctx, func(ctx context.Context, tx store.Tx) error {
			if runs++; runs > 1 {
				return errors.New("the function of one Update was run twice")
			}
			return fn(ctx, tx)
		})
		if !Lost(err) {
			return err
		}
	}
}

// Both runs two functions at once and returns their errors.
func Both(a, b func() error) (errA, errB error) {
	done := make(chan error, 1)
	go func() { done <- b() }()
	errA = a()
	return errA, <-done
}
