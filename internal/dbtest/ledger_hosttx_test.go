package dbtest

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"github.com/uptrace/bun"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/store"
	"github.com/clientaccount/clientaccount/store/bunstore"
)

// posting returns how money is moved in a transaction.
func posting(ps ...store.Posting) func(context.Context, store.Tx) error {
	return func(ctx context.Context, tx store.Tx) error {
		for _, p := range ps {
			if _, err := tx.Lock(ctx, p.Balance.Account); err != nil {
				return err
			}
			if err := tx.Post(ctx, p); err != nil {
				return err
			}
		}
		return nil
	}
}

// Money moves, or does not, with the host's own rows.
func TestMoneyInTheHostsTransaction(t *testing.T) {
	forEachBackend(t, func(t *testing.T, db *bun.DB, s *bunstore.Store) {
		r := newLedgerRig(t, s, 2)
		for name, begin := range begins {
			t.Run(name, func(t *testing.T) {
				was := append([]account.Balance(nil), r.balances...)
				tx, err := begin(t.Context(), db)
				require.NoError(t, err)
				p := r.charge(0)[0]
				joined := s.OnTx(tx)
				require.NoError(t, joined.Update(t.Context(), posting(p)))
				require.ErrorIs(t, joined.Update(t.Context(), posting(p)), account.ErrConflict, "at another version by now")
				found, err := joined.Ledger(t.Context(), []store.Lookup{{Account: p.Balance.Account, References: []string{p.Entries[0].Reference}}})
				require.NoError(t, err)
				assert.Equal(t, p.Balance.Version, found[0].Balance.Version, "it reads its own writes")
				assert.Len(t, found[0].Used, 1)
				require.NoError(t, tx.Rollback())
				r.balances = was
				r.requireStored(0)

				tx, err = begin(t.Context(), db)
				require.NoError(t, err)
				require.NoError(t, s.OnTx(tx).Update(t.Context(), posting(r.charge(0)[0], r.holding(1)[0])))
				require.NoError(t, tx.Commit())
				r.requireStored(0)
				r.requireStored(1)
			})
		}
	})
}

func lock(ctx context.Context, tx store.Tx, ids ...account.ID) error {
	_, err := tx.Lock(ctx, ids...)
	return err
}

// A lock in the host's transaction waits for a bounded time; the host's own bound stays
// what it was, and where it has one, that counts.
func TestLockLeavesTheHostsBoundAlone(t *testing.T) {
	db := openPostgres(t, storeDSN(t), nil)
	r := newLedgerRig(t, newStore(t, db), 2)
	id := r.balances[0].Account
	for _, bound := range []string{"0", "50ms"} {
		tx, err := db.BeginTx(t.Context(), nil)
		require.NoError(t, err)
		_, err = tx.ExecContext(t.Context(), `SET LOCAL lock_timeout = '`+bound+`'`)
		require.NoError(t, err)
		require.NoError(t, r.s.OnTx(tx).Update(t.Context(), func(ctx context.Context, tx store.Tx) error { return lock(ctx, tx, id) }))
		var now string
		require.NoError(t, tx.QueryRowContext(t.Context(), `SHOW lock_timeout`).Scan(&now))
		assert.Equal(t, bound, now)

		other, err := db.BeginTx(t.Context(), nil)
		require.NoError(t, err)
		_, err = other.ExecContext(t.Context(), `SET LOCAL lock_timeout = '50ms'`)
		require.NoError(t, err)
		began := time.Now()
		err = r.s.OnTx(other).Update(t.Context(), func(ctx context.Context, tx store.Tx) error {
			return lock(ctx, tx, id, r.balances[1].Account)
		})
		require.ErrorIs(t, err, account.ErrConflict)
		t.Logf("gave up after %s", time.Since(began))
		_, err = other.ExecContext(t.Context(), `SELECT 1`)
		require.NoError(t, err, "the host's transaction goes on")
		require.NoError(t, other.Rollback())
		require.NoError(t, tx.Rollback())
	}
}

// In a transaction of our own the wait is bounded too.
func TestLockWaitsForABoundedTime(t *testing.T) {
	db := openPostgres(t, storeDSN(t), nil)
	r := newLedgerRig(t, newStore(t, db), 1)
	lock := func(ctx context.Context, tx store.Tx) error { return lock(ctx, tx, r.balances[0].Account) }
	require.NoError(t, r.s.Update(t.Context(), func(ctx context.Context, tx store.Tx) error {
		if err := lock(ctx, tx); err != nil {
			return err
		}
		require.ErrorIs(t, r.s.Update(t.Context(), lock), account.ErrConflict)
		return nil
	}))
	var bound string
	require.NoError(t, db.QueryRowContext(t.Context(), `SHOW lock_timeout`).Scan(&bound))
	assert.Equal(t, "0", bound, "it ends with the transaction")
}
