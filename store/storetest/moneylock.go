package storetest

import (
	"context"
	"errors"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/account/accounttest"
	"github.com/clientaccount/clientaccount/store"
)

var moneyLockPromises = []promise{
	{"what was computed before a locked change never lands", lockKeepsOut},
	{"a lock that changed nothing leaves nothing behind", lockLeavesNothing},
	{"what is read after a lock is what was there when it was had", lockThenRead},
	{"accounts without a balance are passed over by a lock", lockNothing},
	{"what is locked is passed over by who waits for nobody", tryLockPassesOver},
	{"what was computed before a tried lock never lands", tryLockKeepsOut},
	{"a context that ends while waiting for a money lock ends the call", lockCanceled},
}

// whileLocked runs fn in a transaction that has locked the book's account, while a
// posting of the present version is appended. It returns the outcome of that.
func whileLocked(t *testing.T, s store.Store, k *book, p store.Posting, fn func(context.Context, store.Tx) error) (store.Outcome, error) {
	t.Helper()
	type answer struct {
		outcomes []store.Outcome
		err      error
	}
	answered := make(chan answer, 1)
	err := s.Update(t.Context(), func(ctx context.Context, tx store.Tx) error {
		if _, err := tx.Lock(ctx, k.balance.Account); err != nil {
			return err
		}
		go func() {
			outcomes, err := appendAgain(t.Context(), s, []store.Posting{p})
			answered <- answer{outcomes, err}
		}()
		time.Sleep(grace)
		return fn(ctx, tx)
	})
	got := <-answered
	require.NoError(t, got.err)
	require.Len(t, got.outcomes, 1)
	return got.outcomes[0], err
}

// lockKeepsOut lets a store answer at once that the account is busy, or wait.
func lockKeepsOut(t *testing.T, s store.Store) {
	k := opened(t, s, "locked", funds())
	stale := k.posting(t, charge("stale", "1"))
	closing := funds()
	closing.Closed = true
	o, err := whileLocked(t, s, k, stale, posting(k.terms(closing)))
	require.NoError(t, err)
	k.take(k.terms(closing))
	k.balance.Terms = closing
	if o.Kind != store.OutcomeBusy {
		requireMoved(t, k, o)
	}
	requireMoved(t, k, appending(t, s, stale)[0])
	requireBook(t, s, k)
}

func lockLeavesNothing(t *testing.T, s store.Store) {
	k := opened(t, s, "locked", funds())
	p := k.posting(t, charge("c-1", "1"))
	boom := errors.New("boom")
	o, err := whileLocked(t, s, k, p, func(context.Context, store.Tx) error { return boom })
	require.ErrorIs(t, err, boom)
	if o.Kind == store.OutcomeBusy {
		requireBook(t, s, k)
		o = appending(t, s, p)[0]
	}
	requireWritten(t, o)
	k.take(p)
	requireBook(t, s, k)
}

func lockThenRead(t *testing.T, s store.Store) {
	k := opened(t, s, "locked", funds())
	id := k.balance.Account
	first, second := k.posting(t, charge("c-1", "1")), make(chan error, 1)
	var given []account.Balance
	var seen account.Balance
	update(t, s, func(ctx context.Context, tx store.Tx) error {
		if _, err := tx.Lock(ctx, id); err != nil {
			return err
		}
		go func() {
			second <- s.Update(t.Context(), func(ctx context.Context, tx store.Tx) error {
				locked, err := tx.Lock(ctx, id)
				if err != nil {
					return err
				}
				given = locked
				found, err := tx.Ledger(ctx, []store.Lookup{{Account: id}})
				if err == nil {
					seen = found[0].Balance
				}
				return err
			})
		}()
		time.Sleep(grace)
		return tx.Post(ctx, first)
	})
	k.take(first)
	if err := <-second; err != nil {
		require.ErrorIs(t, err, account.ErrConflict)
		return
	}
	require.Equal(t, facts(k.balance), facts(seen), "the second transaction read what the first had locked")
	require.Len(t, given, 1)
	require.Equal(t, facts(k.balance), facts(given[0]), "it was given what it then read")
}

func lockNothing(t *testing.T, s store.Store) {
	k, without := opened(t, s, "with.balance", funds()), client("without.balance")
	insert(t, s, without)
	p := k.posting(t, topUp("t-1", "1"))
	update(t, s, func(ctx context.Context, tx store.Tx) error {
		none, err := tx.Lock(ctx)
		assert.Empty(t, none)
		assert.NoError(t, err)
		for _, ids := range [][]account.ID{
			{accounttest.ID(99), without.ID, k.balance.Account, k.balance.Account},
			{k.balance.Account},
		} {
			locked, err := tx.Lock(ctx, ids...)
			if err != nil {
				return err
			}
			assert.Len(t, locked, 1, "only what has a balance, and that once")
		}
		return tx.Post(ctx, p)
	})
	k.take(p)
	requireBook(t, s, k)
}

// tryLockPassesOver lets a store have its transactions one after the other.
func tryLockPassesOver(t *testing.T, s store.Store) {
	held, free := opened(t, s, "held", funds()), opened(t, s, "free", funds())
	p := held.posting(t, topUp("t-1", "1"))
	var first sync.WaitGroup
	var ended, waited bool
	var mu sync.Mutex
	var tried []account.Balance
	update(t, s, func(ctx context.Context, tx store.Tx) error {
		if _, err := tx.Lock(ctx, held.balance.Account); err != nil {
			return err
		}
		first.Go(func() {
			assert.NoError(t, s.Update(t.Context(), func(ctx context.Context, tx store.Tx) (err error) {
				tried, err = tx.TryLock(ctx, held.balance.Account, free.balance.Account, accounttest.ID(99), free.balance.Account)
				mu.Lock()
				waited = ended
				mu.Unlock()
				return err
			}))
		})
		time.Sleep(grace)
		err := tx.Post(ctx, p)
		mu.Lock()
		ended = true
		mu.Unlock()
		return err
	})
	first.Wait()
	held.take(p)
	want := []account.ID{free.balance.Account}
	if waited { // for the whole transaction
		want = store.Ascending(append(want, held.balance.Account))
	}
	var got []account.ID
	for _, b := range tried {
		got = append(got, b.Account)
		if b.Account == held.balance.Account {
			assert.Equal(t, facts(held.balance), facts(b))
		}
	}
	require.Equal(t, want, got, "ascending, and each once")
	requireBook(t, s, held)
}

func tryLockKeepsOut(t *testing.T, s store.Store) {
	k := opened(t, s, "tried", funds())
	stale, p := k.posting(t, charge("stale", "1")), k.posting(t, charge("c-1", "2"))
	answered := make(chan store.Outcome, 1)
	update(t, s, func(ctx context.Context, tx store.Tx) error {
		none, err := tx.TryLock(ctx)
		assert.Empty(t, none)
		assert.NoError(t, err)
		locked, err := tx.TryLock(ctx, k.balance.Account)
		if err != nil || !assert.Len(t, locked, 1) {
			return err
		}
		assert.Equal(t, facts(k.balance), facts(locked[0]))
		go func() {
			outcomes, err := appendAgain(t.Context(), s, []store.Posting{stale})
			assert.NoError(t, err)
			answered <- outcomes[0]
		}()
		time.Sleep(grace)
		return tx.Post(ctx, p)
	})
	k.take(p)
	if o := <-answered; o.Kind != store.OutcomeBusy {
		requireMoved(t, k, o)
	}
	requireBook(t, s, k)
}

func lockCanceled(t *testing.T, s store.Store) {
	k := opened(t, s, "locked", funds())
	update(t, s, func(ctx context.Context, tx store.Tx) error {
		if _, err := tx.Lock(ctx, k.balance.Account); err != nil {
			return err
		}
		waiting, cancel := context.WithTimeout(t.Context(), grace)
		defer cancel()
		err := s.Update(waiting, func(ctx context.Context, tx store.Tx) error { return locking(ctx, tx, k.balance.Account) })
		assert.ErrorIs(t, err, context.DeadlineExceeded)
		return nil
	})
	requireBook(t, s, k)
	k.move(t, s, topUp("t-1", "1"))
}
