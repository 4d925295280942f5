package storetest

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/account/accounttest"
	"github.com/clientaccount/clientaccount/internal/ledger"
	"github.com/clientaccount/clientaccount/store"
)

var transactionPromises = []promise{
	{"an error of the function is returned as it is, and nothing is changed", failing},
	{"a panic of the function goes on, and nothing is changed", panicking},
	{"a transaction reads its own writes", ownWrites},
	{"a transaction reads its own replacements and removals", ownRemovals},
	{"nobody else sees a transaction before its end", unseen},
	{"a list never holds half a transaction", halves},
	{"a transaction is of no use after its end", ended},
}

// everything writes through each method of Tx.
func everything(ctx context.Context, tx store.Tx) error {
	full := accounttest.Full()
	for _, do := range []func() error{
		func() error { return tx.PutItem(ctx, accounttest.Manager(1), 0) },
		func() error { return tx.PutItem(ctx, accounttest.Product(1), 0) },
		func() error { return tx.PutItem(ctx, accounttest.Manager(2), 0) },
		func() error { return tx.PutItem(ctx, accounttest.Product(2), 0) },
		func() error { return tx.DeleteItem(ctx, store.ListManagers, accounttest.Manager(2).ID) },
		func() error { return tx.DeleteItem(ctx, store.ListProducts, accounttest.Product(2).ID) },
		func() error { return tx.PutAccount(ctx, full, 0) },
		func() error { return tx.PutAccount(ctx, next(full), full.Revision) },
		func() error { return tx.AddChange(ctx, record(full, 1, "login")) },
		func() error { return tx.AddItemChange(ctx, store.ListManagers, record(full, 1, "name")) },
		func() error { return tx.SetCredential(ctx, full.ID, store.WebPassword, "hash") },
		func() error { return locking(ctx, tx, full.ID) },
		func() error {
			return tx.Post(ctx, store.Posting{Balance: ledger.Opened(full.ID, funds(), accounttest.Now())})
		},
	} {
		if err := do(); err != nil {
			return err
		}
	}
	return nil
}

func requireUntouched(t *testing.T, s store.Store) {
	t.Helper()
	nothing(t, s)
	full := accounttest.Full()
	for name, err := range lookups(t.Context(), s, full.ID, full.Core.Login) {
		assert.ErrorIs(t, err, account.ErrNotFound, name)
	}
	requireHistory(t, s, account.ChangeQuery{Of: full.ID})
	historyOf(store.ListManagers).require(t, s, account.ChangeQuery{Of: full.ID})
	require.Zero(t, balanceOf(t, s, full.ID).Version)
}

func failing(t *testing.T, s store.Store) {
	boom := errors.New("boom")
	err := s.Update(t.Context(), func(ctx context.Context, tx store.Tx) error {
		assert.NoError(t, everything(ctx, tx))
		return boom
	})
	assert.Same(t, boom, err)
	requireUntouched(t, s)
	update(t, s, everything)
}

func panicking(t *testing.T, s store.Store) {
	require.PanicsWithValue(t, "boom", func() {
		_ = s.Update(t.Context(), func(ctx context.Context, tx store.Tx) error {
			assert.NoError(t, everything(ctx, tx))
			panic("boom")
		})
	})
	requireUntouched(t, s)
	update(t, s, everything)
}

func ownWrites(t *testing.T, s store.Store) {
	update(t, s, func(ctx context.Context, tx store.Tx) error {
		if err := everything(ctx, tx); err != nil {
			return err
		}
		full := accounttest.Full()
		for name, err := range lookups(ctx, tx, full.ID, full.Core.Login) {
			if name == "Account" || name == "AccountBy login" || name == "Credential web" {
				assert.NoError(t, err, name)
			}
		}
		a, err := tx.AccountBy(ctx, store.KeyContract, full.Contact.Contract)
		assert.NoError(t, err)
		assert.Equal(t, full.Revision+1, a.Revision)
		managers, err := store.ItemsOf[account.Manager](ctx, tx)
		assert.NoError(t, err)
		assert.Equal(t, []account.Manager{accounttest.Manager(1)}, managers)
		rows, err := tx.Accounts(ctx, account.Query{Search: "ACME", Status: account.StatusActive, Now: accounttest.Now()})
		assert.NoError(t, err)
		assert.Len(t, rows, 1)
		records, err := tx.Changes(ctx, account.ChangeQuery{Of: full.ID})
		assert.NoError(t, err)
		assert.Len(t, records, 1)
		records, err = tx.ItemChanges(ctx, store.ListManagers, account.ChangeQuery{Of: full.ID})
		assert.NoError(t, err)
		assert.Len(t, records, 1)
		return nil
	})
}

func ownRemovals(t *testing.T, s store.Store) {
	putReferences(t, s)
	before := client("before")
	insert(t, s, before)
	update(t, s, func(ctx context.Context, tx store.Tx) error {
		after := next(before)
		after.Core.Login, after.Contact.Company = "after", "After"
		for _, err := range []error{
			tx.PutAccount(ctx, after, 1), tx.DeleteItem(ctx, store.ListManagers, accounttest.Manager(2).ID),
			tx.DeleteItem(ctx, store.ListProducts, accounttest.Product(2).ID),
		} {
			if err != nil {
				return err
			}
		}
		managers, err := store.ItemsOf[account.Manager](ctx, tx)
		assert.NoError(t, err)
		assert.Equal(t, []account.Manager{accounttest.Manager(1), accounttest.Manager(3)}, managers)
		_, err = store.ItemOf[account.Product](ctx, tx, accounttest.Product(2).ID)
		assert.ErrorIs(t, err, account.ErrNotFound)
		rows, err := tx.Accounts(ctx, account.Query{})
		assert.NoError(t, err)
		if assert.Len(t, rows, 1) {
			assert.Equal(t, after.Summary().Company, rows[0].Company)
		}
		_, err = tx.AccountBy(ctx, store.KeyContract, "before")
		assert.ErrorIs(t, err, account.ErrNotFound)
		return nil
	})
}

// halves lists while accounts are inserted two at a time.
func halves(t *testing.T, s store.Store) {
	const pairs = 20
	inserted := make(chan error, 1)
	go func() {
		for n := range pairs {
			err := s.Update(t.Context(), inserting(client(fmt.Sprintf("a-%d", n)), client(fmt.Sprintf("b-%d", n))))
			if err != nil {
				inserted <- err
				return
			}
		}
		inserted <- nil
	}()
	for done := false; !done; {
		select {
		case err := <-inserted:
			require.NoError(t, err)
			done = true
		default:
		}
		rows, err := s.Accounts(t.Context(), account.Query{Sort: account.SortCreated})
		require.NoError(t, err)
		require.Zero(t, len(rows)%2, "one of two accounts that were inserted together")
	}
}

func unseen(t *testing.T, s store.Store) {
	before := client("before")
	insert(t, s, before)
	outside, cancel := context.WithTimeout(t.Context(), time.Minute) // rather than hang
	defer cancel()
	update(t, s, func(ctx context.Context, tx store.Tx) error {
		changed := next(before)
		changed.Contact.Company = "Changed"
		if err := errors.Join(inserting(client("unseen"))(ctx, tx), replacing(changed)(ctx, tx)); err != nil {
			return err
		}
		_, err := s.AccountBy(outside, store.KeyLogin, "unseen")
		assert.ErrorIs(t, err, account.ErrNotFound)
		a, err := s.Account(outside, before.ID)
		assert.NoError(t, err)
		assert.Equal(t, before.Contact.Company, a.Contact.Company)
		rows, err := s.Accounts(outside, account.Query{})
		assert.NoError(t, err)
		assert.Len(t, rows, 1)
		return nil
	})
	assert.Equal(t, "Changed", get(t, s, before.ID).Contact.Company)
}

func ended(t *testing.T, s store.Store) {
	var kept store.Tx
	update(t, s, func(_ context.Context, tx store.Tx) error {
		kept = tx
		return nil
	})
	require.NotPanics(t, func() {
		require.Error(t, kept.PutAccount(t.Context(), client("late"), 0))
		_, err := kept.Accounts(t.Context(), account.Query{})
		require.Error(t, err)
		require.Error(t, locking(t.Context(), kept, client("late").ID))
		require.Error(t, kept.Post(t.Context(), store.Posting{Balance: ledger.Opened(client("late").ID, funds(), accounttest.Now())}))
		_, err = kept.Ledger(t.Context(), []store.Lookup{{Account: client("late").ID}})
		require.Error(t, err)
	})
	_, err := s.AccountBy(t.Context(), store.KeyLogin, "late")
	require.ErrorIs(t, err, account.ErrNotFound)
}
