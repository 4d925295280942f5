package dbtest

import (
	"database/sql"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/store"
	"github.com/clientaccount/clientaccount/store/bunstore"
)

// genericPlans returns the plans that a server keeps for the statements which a store has
// prepared on the only connection of its pool.
func genericPlans(t *testing.T, pool *sql.DB) map[string]string {
	t.Helper()
	return genericPlansOf(t, pool, `WITH %clientaccount%`)
}

// genericPlansOf returns those of statements that are like a pattern.
func genericPlansOf(t *testing.T, pool *sql.DB, like string) map[string]string {
	t.Helper()
	_, err := pool.ExecContext(t.Context(), `SET plan_cache_mode = force_generic_plan`)
	require.NoError(t, err)
	rows, err := pool.QueryContext(t.Context(),
		`SELECT statement, array_length(parameter_types, 1) FROM pg_prepared_statements WHERE statement LIKE $1 AND parameter_types <> '{}'`, like)
	require.NoError(t, err)
	defer func() { require.NoError(t, rows.Close()) }()
	parameters := map[string]int{}
	for rows.Next() {
		var text string
		var n int
		require.NoError(t, rows.Scan(&text, &n))
		parameters[text] = n
	}
	require.NoError(t, rows.Err())
	require.NoError(t, rows.Close())
	plans := map[string]string{}
	for text, n := range parameters {
		plans[text] = genericPlan(t, pool, text, n)
	}
	return plans
}

func genericPlan(t *testing.T, pool *sql.DB, text string, parameters int) string {
	t.Helper()
	_, err := pool.ExecContext(t.Context(), "PREPARE probe AS "+text)
	require.NoError(t, err)
	rows, err := pool.QueryContext(t.Context(), "EXPLAIN EXECUTE probe ("+strings.Repeat("NULL, ", parameters-1)+"NULL)")
	require.NoError(t, err)
	defer func() { require.NoError(t, rows.Close()) }()
	var lines []string
	for rows.Next() {
		var line string
		require.NoError(t, rows.Scan(&line))
		lines = append(lines, line)
	}
	require.NoError(t, rows.Err())
	_, err = pool.ExecContext(t.Context(), "DEALLOCATE probe")
	require.NoError(t, err)
	return strings.Join(lines, "\n")
}

// everyForm runs each statement that a store prepares.
func (r *ledgerRig) everyForm() {
	r.Helper()
	r.append(r.charges(1, 5))
	r.append(r.charges(8, 5))
	r.append(r.holding(0))
	_, err := r.s.Ledger(r.Context(), []store.Lookup{{Account: r.balances[0].Account}})
	require.NoError(r, err)
	_, err = r.s.Ledger(r.Context(), []store.Lookup{{Account: r.balances[0].Account, Numbers: []int64{1}}})
	require.NoError(r, err)
}

func TestPlansOfMoney(t *testing.T) {
	for name, rows := range map[string]int{"new tables": 0, "tables of 30,000 rows": 30_000} {
		t.Run(name, func(t *testing.T) {
			db := openPostgres(t, storeDSN(t), nil)
			db.SetMaxOpenConns(1)
			r := newLedgerRig(t, newStore(t, db), 5+rows/10)
			if rows > 0 {
				resetLedger(t, db.DB)
			}
			r.everyForm()
			plans := genericPlans(t, db.DB)
			require.Len(t, plans, 5)
			for text, plan := range plans {
				assert.NotContains(t, plan, "Seq Scan", "%s\n%s", text, plan)
				assert.Contains(t, plan, "Index Scan")
			}
		})
	}
}

// A plan that was made for an empty table is not kept while the table grows.
func TestPlansFollowGrowingTables(t *testing.T) {
	db := openPostgres(t, storeDSN(t), nil)
	db.SetMaxOpenConns(1)
	r := newLedgerRig(t, newStore(t, db), 100)
	for _, statement := range []string{
		`ALTER TABLE clientaccount_entries SET (autovacuum_enabled = off)`, `ANALYZE clientaccount_entries`,
	} {
		_, err := db.ExecContext(t.Context(), statement)
		require.NoError(t, err)
	}
	scans := func(appends int) int {
		before := seqScans(t, db.DB)
		for range appends {
			r.append(r.charges(32, 100))
		}
		return seqScans(t, db.DB) - before
	}
	first := scans(16)
	t.Logf("%d sequential scans by the first 16 batches", first)
	for batches := 16; batches < 512; batches *= 2 {
		t.Logf("%d sequential scans by the next %d batches", scans(batches), batches)
	}
	assert.Zero(t, scans(32))
}

func seqScans(t *testing.T, pool *sql.DB) (n int) {
	t.Helper()
	_, err := pool.ExecContext(t.Context(), `SELECT pg_stat_force_next_flush()`)
	require.NoError(t, err)
	require.NoError(t, pool.QueryRowContext(t.Context(),
		`SELECT seq_scan FROM pg_stat_user_tables WHERE relname = 'clientaccount_entries'`).Scan(&n))
	return n
}

func TestPlansOfLedgerPages(t *testing.T) {
	db := openPostgres(t, storeDSN(t), nil)
	r := newLedgerRig(t, newStore(t, db), 3000)
	id := r.balances[0].Account
	for _, statement := range []string{
		`INSERT INTO clientaccount_entries (account_id, number, at, fingerprint, messages, kind, reference, amount, after)
			SELECT account_id, n, now(), account_id, 1, 'charge', 'fill ' || n, 1, 1 FROM clientaccount_balances, generate_series(1, 20) n`,
		`INSERT INTO clientaccount_holds (account_id, reference, amount, messages, at, until_at)
			SELECT account_id, 'hold ' || n, 1, 1, now(), now() + n * interval '1 hour' FROM clientaccount_balances, generate_series(1, 5) n`,
		`INSERT INTO clientaccount_holds (account_id, reference, amount, messages, at, until_at)
			SELECT ?, 'more ' || n, 1, 1, now(), now() + n * interval '1 minute' FROM generate_series(1, 5000) n`,
		`INSERT INTO clientaccount_events (account_id, number, kind, at, balance, held, available, notification_limit)
			SELECT account_id, n, 'limit.reached', now(), 1, 1, 1, '' FROM clientaccount_balances, generate_series(1, 5) n`,
		`UPDATE clientaccount_balances SET overdraw = 1, overdraw_ends = now() + interval '1 day' WHERE account_id::text LIKE '%a'`,
		`ANALYZE`,
	} {
		_, err := db.ExecContext(t.Context(), statement, id.String())
		require.NoError(t, err)
	}
	for name, tc := range map[string]struct {
		ask   func(s *bunstore.Store) error
		index []string
	}{
		"entries": {func(s *bunstore.Store) error {
			_, err := s.Entries(t.Context(), account.EntryQuery{Account: id, Before: 10})
			return err
		}, []string{"entries_pkey"}},
		"an entry": {func(s *bunstore.Store) error {
			_, err := s.Entries(t.Context(), account.EntryQuery{Account: id, Reference: "fill 7"})
			return err
		}, []string{"entries_"}},
		"holds": {func(s *bunstore.Store) error {
			_, err := s.Holds(t.Context(), account.HoldQuery{Account: id, After: &account.Hold{Until: time.Now(), Reference: "a"}})
			return err
		}, []string{"holds_account"}},
		"events": {func(s *bunstore.Store) error {
			_, err := s.Events(t.Context(), account.EventQuery{Account: id, After: 2})
			return err
		}, []string{"events_pkey"}},
		"what is due": {func(s *bunstore.Store) error {
			_, err := s.Due(t.Context(), time.Now(), account.ID{}, 100)
			return err
		}, []string{"holds_due", "balances_overdraw"}},
	} {
		t.Run(name, func(t *testing.T) {
			plan := explain(t, db, tc.ask)
			assert.NotContains(t, plan, "Seq Scan", plan)
			for _, index := range tc.index {
				assert.Contains(t, plan, "clientaccount_"+index)
			}
		})
	}
}
