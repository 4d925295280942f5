package dbtest

import (
	"context"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/clientaccount/clientaccount/store"
)

// Statements are prepared anew from time to time, and the old ones given up: however
// many batches there were, of whatever size, a connection has each of them once.
func TestStatementsDoNotLeak(t *testing.T) {
	db := openPostgres(t, storeDSN(t), url.Values{
		"default_query_exec_mode": {"cache_describe"}, "synchronous_commit": {"off"},
	})
	db.SetMaxOpenConns(1)
	r := newLedgerRig(t, newStore(t, db), 50)
	for n := range 150 {
		r.append(r.charges(1+n%40, 50))
		r.everyForm()
		require.NoError(t, r.s.Update(t.Context(), posting(r.charge(7)[0])))
	}
	var texts []string
	require.NoError(t, db.NewRaw(`SELECT statement FROM pg_prepared_statements ORDER BY statement`).Scan(t.Context(), &texts))
	for i, text := range texts {
		texts[i], _, _ = strings.Cut(text, " -- ")
	}
	assert.Equal(t, slices.Compact(slices.Clone(texts)), texts)
	// Three forms of Append, two of Ledger, and of transactions: a lock and two ways to write.
	assert.Len(t, texts, 8)
}

// While one caller prepares a statement anew, the others go on.
func TestStatementsArePreparedAnewUnderWay(t *testing.T) {
	db := openPostgres(t, storeDSN(t), nil)
	db.SetMaxOpenConns(4)
	r := newLedgerRig(t, newStore(t, db), 16)
	var group sync.WaitGroup
	for k := range 16 {
		group.Go(func() {
			mine := &ledgerRig{TB: t, s: r.s, balances: r.balances[k : k+1], made: 1000 * k}
			for range 100 {
				outcomes, err := r.s.Append(t.Context(), mine.charges(1, 1))
				if !assert.NoError(t, err) || !assert.Equal(t, store.OutcomeWritten, outcomes[0].Kind) {
					return
				}
			}
		})
	}
	group.Wait()
}

// A pool of one connection, held by a transaction, does not wait for itself.
func TestMoneyWithOneConnection(t *testing.T) {
	db := openPostgres(t, storeDSN(t), nil)
	db.SetMaxOpenConns(1)
	r := newLedgerRig(t, newStore(t, db), 2)
	for range 40 { // past the uses at which statements are prepared anew
		p := r.charge(0)[0]
		require.NoError(t, r.s.Update(t.Context(), func(ctx context.Context, tx store.Tx) error {
			if _, err := tx.Lock(ctx, r.balances[0].Account); err != nil {
				return err
			}
			if _, err := tx.Ledger(ctx, []store.Lookup{{Account: r.balances[0].Account, Due: p.Entries[0].At}}); err != nil {
				return err
			}
			return tx.Post(ctx, p)
		}))
		r.append(r.charge(1))
	}
	r.requireStored(0)
	r.requireStored(1)
}

// A batch leaves the indexes of balances alone, and so does one of an account whose
// overdraw is in an index of its own.
func TestBalancesAreWrittenWithoutTheirIndexes(t *testing.T) {
	db := openPostgres(t, storeDSN(t), nil)
	db.SetMaxOpenConns(1)
	r := newLedgerRig(t, newStore(t, db), 5)
	for _, statement := range []string{
		`UPDATE clientaccount_balances SET overdraw = 10, overdraw_ends = now() + interval '1 day'`, `VACUUM clientaccount_balances`,
	} {
		_, err := db.ExecContext(t.Context(), statement)
		require.NoError(t, err)
	}
	count := func() (updates, hot int) {
		_, err := db.ExecContext(t.Context(), `SELECT pg_stat_force_next_flush()`)
		require.NoError(t, err)
		require.NoError(t, db.QueryRowContext(t.Context(),
			`SELECT n_tup_upd, n_tup_hot_upd FROM pg_stat_user_tables WHERE relname = 'clientaccount_balances'`).Scan(&updates, &hot))
		return updates, hot
	}
	updates, hot := count()
	for range 100 {
		r.append(r.charges(8, 5))
	}
	moreUpdates, moreHot := count()
	assert.LessOrEqual(t, moreUpdates-updates-(moreHot-hot), 2*5, "rows whose indexes were written too: once an hour, of each account")
	assert.Greater(t, moreUpdates, updates)
}
