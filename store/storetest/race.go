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
	records, err := s.Changes(t.Context(), account.ChangeQuery{Account: id, Limit: account.MaxPage})
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
	requireHistory(t, s, account.ChangeQuery{Account: a.ID}, first)
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
