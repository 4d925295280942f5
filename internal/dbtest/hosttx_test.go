package dbtest

import (
	"context"
	"database/sql"
	"errors"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"github.com/uptrace/bun"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/account/accounttest"
	"github.com/clientaccount/clientaccount/store"
	"github.com/clientaccount/clientaccount/store/bunstore"
)

// begins are the kinds of transactions that hosts have.
var begins = map[string]func(ctx context.Context, db *bun.DB) (bunstore.HostTx, error){
	"bun.Tx": func(ctx context.Context, db *bun.DB) (bunstore.HostTx, error) { return db.BeginTx(ctx, nil) },
	"*bun.Tx": func(ctx context.Context, db *bun.DB) (bunstore.HostTx, error) {
		tx, err := db.BeginTx(ctx, nil)
		return &tx, err
	},
	"*sql.Tx": func(ctx context.Context, db *bun.DB) (bunstore.HostTx, error) { return db.DB.BeginTx(ctx, nil) },
}

// inHostTx runs a test in a transaction of the host's that has written a row of its own.
func inHostTx(t *testing.T, test func(t *testing.T, s *bunstore.Store, tx bunstore.HostTx, db *bun.DB)) {
	t.Helper()
	forEachBackend(t, func(t *testing.T, db *bun.DB, s *bunstore.Store) {
		_, err := db.ExecContext(t.Context(), `CREATE TABLE orders (name text)`)
		require.NoError(t, err)
		for name, begin := range begins {
			t.Run(name, func(t *testing.T) {
				_, err := db.ExecContext(t.Context(), `DELETE FROM orders; DELETE FROM clientaccount_listed; DELETE FROM clientaccount_accounts`)
				require.NoError(t, err)
				tx, err := begin(t.Context(), db)
				require.NoError(t, err)
				defer func() { _ = tx.Rollback() }()
				order(t, tx, "first")
				test(t, s, tx, db)
			})
		}
	})
}

func order(t *testing.T, tx bun.IConn, name string) {
	t.Helper()
	_, err := tx.ExecContext(t.Context(), `INSERT INTO orders (name) VALUES ('`+name+`')`)
	require.NoError(t, err)
}

// requireStored says how many orders and accounts there are, seen from outside.
func requireStored(t *testing.T, db *bun.DB, s store.Store, orders, accounts int) {
	t.Helper()
	n, err := db.NewSelect().Table("orders").Count(t.Context())
	require.NoError(t, err)
	assert.EqualValues(t, orders, n, "orders of the host")
	rows, err := s.Accounts(t.Context(), account.Query{})
	require.NoError(t, err)
	assert.Len(t, rows, accounts, "accounts")
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

func TestOnTxCommitsWithTheHost(t *testing.T) {
	inHostTx(t, func(t *testing.T, s *bunstore.Store, tx bunstore.HostTx, db *bun.DB) {
		joined := s.OnTx(tx)
		a := accounttest.Valid("joined")
		require.NoError(t, joined.Update(t.Context(), inserting(a)))
		require.NoError(t, joined.Update(t.Context(), func(ctx context.Context, inner store.Tx) error {
			found, err := inner.AccountBy(ctx, store.KeyLogin, "joined")
			if err != nil {
				return err
			}
			found.Revision++
			return errors.Join(inner.PutAccount(ctx, found, 1), inner.SetCredential(ctx, a.ID, store.WebPassword, "hash"))
		}))
		_, err := joined.Account(t.Context(), a.ID)
		require.NoError(t, err, "it reads its own writes")
		requireStored(t, db, s, 0, 0)
		require.NoError(t, tx.Commit())
		requireStored(t, db, s, 1, 1)
		require.NoError(t, s.Update(t.Context(), func(ctx context.Context, tx store.Tx) error {
			hash, err := tx.Credential(ctx, a.ID, store.WebPassword)
			assert.Equal(t, "hash", hash)
			return err
		}))
		_, err = db.ExecContext(t.Context(), `DELETE FROM clientaccount_credentials`)
		require.NoError(t, err)
	})
}

func TestOnTxRollsBackWithTheHost(t *testing.T) {
	inHostTx(t, func(t *testing.T, s *bunstore.Store, tx bunstore.HostTx, db *bun.DB) {
		require.NoError(t, s.OnTx(tx).Update(t.Context(), inserting(accounttest.Valid("joined"))))
		require.NoError(t, tx.Rollback())
		requireStored(t, db, s, 0, 0)
	})
}

func TestOnTxRefusedAccountLeavesTheHostsRows(t *testing.T) {
	taken := accounttest.Valid("other")
	taken.Core.Login = "joined"
	orphan := accounttest.Valid("orphan")
	orphan.Core.Manager = accounttest.ID(99)
	inHostTx(t, func(t *testing.T, s *bunstore.Store, tx bunstore.HostTx, db *bun.DB) {
		joined := s.OnTx(tx)
		require.NoError(t, joined.Update(t.Context(), inserting(accounttest.Valid("joined"))))

		err := joined.Update(t.Context(), inserting(accounttest.Valid("taken.back"), taken))
		var refused *store.TakenError
		require.ErrorAs(t, err, &refused)
		assert.Equal(t, "login", refused.Path)
		require.ErrorIs(t, joined.Update(t.Context(), inserting(orphan)), account.ErrConflict)
		boom := errors.New("boom")
		assert.Same(t, boom, joined.Update(t.Context(), func(ctx context.Context, inner store.Tx) error {
			assert.NoError(t, inner.PutAccount(ctx, accounttest.Valid("boom"), 0))
			return boom
		}))
		assert.PanicsWithValue(t, "panic", func() {
			_ = joined.Update(t.Context(), func(ctx context.Context, inner store.Tx) error {
				assert.NoError(t, inner.PutAccount(ctx, accounttest.Valid("panic"), 0))
				panic("panic")
			})
		})

		order(t, tx, "second")
		require.NoError(t, tx.Commit(), "a refused account poisoned the host's transaction")
		requireStored(t, db, s, 2, 1)
	})
}

// Update has failed when its last statement has, also where its function had not.
func TestOnTxThatFailsAtItsEndLeavesNothing(t *testing.T) {
	inHostTx(t, func(t *testing.T, s *bunstore.Store, tx bunstore.HostTx, db *bun.DB) {
		ctx, cancel := context.WithCancel(t.Context())
		require.ErrorIs(t, s.OnTx(tx).Update(ctx, func(ctx context.Context, inner store.Tx) error {
			defer cancel()
			return inner.PutAccount(ctx, accounttest.Valid("late"), 0)
		}), context.Canceled)
		require.NoError(t, tx.Commit())
		requireStored(t, db, s, 1, 0)
	})
}

func TestOnTxLocksForTheHostsTransaction(t *testing.T) {
	inHostTx(t, func(t *testing.T, s *bunstore.Store, tx bunstore.HostTx, db *bun.DB) {
		require.NoError(t, s.OnTx(tx).Update(t.Context(), inserting(accounttest.Valid("joined"))))
		require.NoError(t, tx.Commit())

		tx, err := db.BeginTx(t.Context(), &sql.TxOptions{})
		require.NoError(t, err)
		defer func() { _ = tx.Rollback() }()
		read := func(ctx context.Context, tx store.Tx) error {
			_, err := tx.AccountBy(ctx, store.KeyLogin, "joined")
			return err
		}
		require.NoError(t, s.OnTx(tx).Update(t.Context(), read))
		second := make(chan error)
		go func() { second <- s.Update(t.Context(), read) }()
		order(t, tx, "second")
		select {
		case err := <-second:
			require.ErrorIs(t, err, account.ErrConflict, "the lock was gone before the host's transaction ended")
		default:
			require.NoError(t, tx.Commit())
			require.NoError(t, <-second)
		}
	})
}
