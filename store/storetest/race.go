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
	"github.com/clientaccount/clientaccount/account/accounttest"
	"github.com/clientaccount/clientaccount/store"
)

var racePromises = []promise{
	{"of two replacements of one revision, one succeeds", replaceRace},
	{"no change of many at once is lost", manyChanges},
	{"a second record of a revision is ErrConflict", recordTwice},
	{"a manager and a first client never pass each other", managerRace},
}

func replaceRace(t *testing.T, s store.Store) {
	a := client("race")
	insert(t, s, a)
	for range 10 {
		one, two := next(a), next(a)
		one.Contact.Company, two.Contact.Company = "One", "Two"
		errOne, errTwo := both(
			func() error { return s.Update(t.Context(), replacing(one)) },
			func() error { return s.Update(t.Context(), replacing(two)) },
		)
		switch {
		case errOne == nil:
			require.True(t, lost(errTwo), "want ErrStale or ErrConflict, got %v", errTwo)
			a = one
		case errTwo == nil:
			require.True(t, lost(errOne), "want ErrStale or ErrConflict, got %v", errOne)
			a = two
		default:
			require.Fail(t, "neither replacement succeeded", "%v; %v", errOne, errTwo)
		}
		requireSame(t, a, get(t, s, a.ID))
	}
}

// manyChanges has goroutines read, change and replace one account, each change with
// its own reason: all of them are in the history, once.
func manyChanges(t *testing.T, s store.Store) {
	const goroutines, changes = 32, 4
	a := client("busy")
	insert(t, s, a)
	var wg sync.WaitGroup
	for g := range goroutines {
		wg.Go(func() {
			for n := range changes {
				reason := fmt.Sprintf("goroutine %d, change %d", g, n)
				assert.NoError(t, retry(t.Context(), s, changing(a.ID, reason)))
			}
		})
	}
	wg.Wait()
	assert.Equal(t, int64(1+goroutines*changes), get(t, s, a.ID).Revision)
	requireReasons(t, s, a.ID, goroutines*changes)
}

// changing reads an account and replaces it with its next revision and a record.
func changing(id account.ID, reason string) func(context.Context, store.Tx) error {
	return func(ctx context.Context, tx store.Tx) error {
		a, err := tx.Account(ctx, id)
		if err != nil {
			return err
		}
		a = next(a)
		a.Notes.Comments += reason + "\n"
		if err := replacing(a)(ctx, tx); err != nil {
			return err
		}
		r := record(a, a.Revision, "notes.comments")
		r.Reason = reason
		return tx.AddChange(ctx, r)
	}
}

func requireReasons(t *testing.T, s store.Store, id account.ID, want int) {
	t.Helper()
	records, err := s.Changes(t.Context(), account.ChangeQuery{Of: id, Limit: account.MaxPage})
	require.NoError(t, err)
	require.Len(t, records, want)
	comments, reasons := get(t, s, id).Notes.Comments, map[string]bool{}
	for _, r := range records {
		reasons[r.Reason] = true
		assert.Contains(t, comments, r.Reason+"\n", "a recorded change was overwritten")
	}
	assert.Len(t, reasons, want, "a change was recorded twice")
}

func recordTwice(t *testing.T, s store.Store) {
	a := client("recorded")
	insert(t, s, a)
	first := record(a, 2, "login")
	adding := func(ctx context.Context, tx store.Tx) error { return tx.AddChange(ctx, first) }
	update(t, s, adding)
	require.ErrorIs(t, s.Update(t.Context(), adding), account.ErrConflict)
	requireHistory(t, s, account.ChangeQuery{Of: a.ID}, first)
}

// managerRace removes a manager while a client gets them: never both.
func managerRace(t *testing.T, s store.Store) {
	for n := range 8 {
		m := accounttest.Manager(n)
		update(t, s, func(ctx context.Context, tx store.Tx) error { return tx.PutItem(ctx, m, 0) })
		a := client(fmt.Sprintf("managed-%d", n))
		a.Core.Manager = m.ID
		errInsert, errDelete := both(
			func() error { return s.Update(t.Context(), inserting(a)) },
			func() error {
				return s.Update(t.Context(), func(ctx context.Context, tx store.Tx) error { return tx.DeleteItem(ctx, store.ListManagers, m.ID) })
			},
		)
		switch {
		case errInsert == nil:
			require.True(t, lost(errDelete) || assert.ErrorIs(t, errDelete, store.ErrInUse))
			_, err := store.ItemOf[account.Manager](t.Context(), s, m.ID)
			require.NoError(t, err, "a client has a manager that is gone")
		default:
			require.ErrorIs(t, errInsert, account.ErrConflict)
		}
	}
}

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
