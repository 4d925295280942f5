package storetest

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/store"
)

var lockPromises = []promise{
	{"an account read in a transaction by id is locked until its end", lockedByID},
	{"an account read in a transaction by login is locked until its end", lockedByLogin},
	{"what a locked parent allowed stays true", writeSkew},
	{"locks taken in opposite orders end", oppositeOrders},
}

// grace is how long a transaction waits for another that should be waiting for it.
const grace = 50 * time.Millisecond

type reading func(ctx context.Context, tx store.Tx, a account.Account) (account.Account, error)

func byID(ctx context.Context, tx store.Tx, a account.Account) (account.Account, error) {
	return tx.Account(ctx, a.ID)
}

func byLogin(ctx context.Context, tx store.Tx, a account.Account) (account.Account, error) {
	return tx.AccountBy(ctx, store.KeyLogin, a.Core.Login)
}

func lockedByID(t *testing.T, s store.Store)    { locked(t, s, byID) }
func lockedByLogin(t *testing.T, s store.Store) { locked(t, s, byLogin) }

// locked starts a second transaction while the first has read an account and is
// about to replace it. The second must read the replaced one, or lose the race.
func locked(t *testing.T, s store.Store, read reading) {
	a := client("locked")
	insert(t, s, a)
	var seen account.Account
	second := make(chan error, 1)
	update(t, s, func(ctx context.Context, tx store.Tx) error {
		if _, err := read(ctx, tx, a); err != nil {
			return err
		}
		go func() {
			second <- s.Update(t.Context(), func(ctx context.Context, tx store.Tx) (err error) {
				seen, err = read(ctx, tx, a)
				return err
			})
		}()
		time.Sleep(grace)
		return replacing(next(a))(ctx, tx)
	})
	if err := <-second; err != nil {
		require.ErrorIs(t, err, account.ErrConflict)
		return
	}
	require.Equal(t, next(a).Revision, seen.Revision, "the second transaction read what the first had locked")
}

// writeSkew adds a subaccount while the parent's permission is taken away. Each
// reads what the other writes, so only the lock keeps both from happening.
func writeSkew(t *testing.T, s store.Store) {
	for n := range 10 {
		parent := client(fmt.Sprintf("parent-%d", n))
		parent.Sending.Subaccounts = true
		child := client(fmt.Sprintf("child-%d", n))
		child.Parent = parent.ID
		insert(t, s, parent)
		errAdd, errForbid := both(
			func() error { return retry(t.Context(), s, addingChild(parent.ID, child)) },
			func() error { return retry(t.Context(), s, forbidding(parent.ID)) },
		)
		require.NoError(t, errAdd)
		require.NoError(t, errForbid)
		children, err := s.OpenSubaccounts(t.Context(), parent.ID)
		require.NoError(t, err)
		allowed := get(t, s, parent.ID).Sending.Subaccounts
		require.Equal(t, allowed, children == 1, "the permission and the subaccount passed each other")
	}
}

// addingChild inserts a child if its parent allows it.
func addingChild(parent account.ID, child account.Account) func(context.Context, store.Tx) error {
	return func(ctx context.Context, tx store.Tx) error {
		p, err := tx.Account(ctx, parent)
		if err != nil || !p.Sending.Subaccounts {
			return err
		}
		return tx.PutAccount(ctx, child, 0)
	}
}

// forbidding takes the permission away from a parent without children.
func forbidding(parent account.ID) func(context.Context, store.Tx) error {
	return func(ctx context.Context, tx store.Tx) error {
		p, err := tx.Account(ctx, parent)
		if err != nil {
			return err
		}
		children, err := tx.OpenSubaccounts(ctx, parent)
		if err != nil || children > 0 {
			return err
		}
		p = next(p)
		p.Sending.Subaccounts = false
		return replacing(p)(ctx, tx)
	}
}

func oppositeOrders(t *testing.T, s store.Store) {
	a, b := client("one"), client("two")
	insert(t, s, a, b)
	lockingBoth := func(first, second account.ID) func() error {
		return func() error {
			return s.Update(t.Context(), func(ctx context.Context, tx store.Tx) error {
				if _, err := tx.Account(ctx, first); err != nil {
					return err
				}
				time.Sleep(grace)
				_, err := tx.Account(ctx, second)
				return err
			})
		}
	}
	errOne, errTwo := both(lockingBoth(a.ID, b.ID), lockingBoth(b.ID, a.ID))
	require.False(t, errOne != nil && errTwo != nil, "one of the two must succeed: %v; %v", errOne, errTwo)
	for _, err := range []error{errOne, errTwo} {
		if err != nil {
			assert.ErrorIs(t, err, account.ErrConflict)
		}
	}
}
