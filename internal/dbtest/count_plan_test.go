package dbtest

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"github.com/uptrace/bun"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/account/accounttest"
)

// statistic returns a number of the server's statistics, with all that was done before.
func statistic(t *testing.T, db *bun.DB, query string, args ...any) (n int) {
	t.Helper()
	_, err := db.ExecContext(t.Context(), `SELECT pg_stat_force_next_flush()`)
	require.NoError(t, err)
	require.NoError(t, db.QueryRowContext(t.Context(), query, args...).Scan(&n))
	return n
}

// listRead returns how many rows and index entries of the list the server has read.
func listRead(t *testing.T, db *bun.DB) int {
	t.Helper()
	return statistic(t, db, `SELECT
		(SELECT sum(idx_tup_read) FROM pg_stat_user_indexes WHERE relname = 'clientaccount_listed') +
		(SELECT seq_tup_read FROM pg_stat_user_tables WHERE relname = 'clientaccount_listed')`)
}

// What is counted above the list is counted in indexes, as far as it is told: also where those who were
// closed long ago are silent for longer than all others.
func TestCountsReadFewRowsOfTheList(t *testing.T) {
	db := openPostgres(t, storeDSN(t), nil)
	db.SetMaxOpenConns(1)
	s := newStore(t, db)
	fill(t, db, 20_000)
	now := time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC)
	for _, statement := range []string{
		`UPDATE clientaccount_listed SET moved_at = CASE status WHEN 'closed' THEN timestamptz '2025-01-01Z' ELSE timestamptz '2026-07-01Z' END,
			status = CASE WHEN login < 'client-8' THEN 'closed' ELSE status END`,
		`VACUUM ANALYZE clientaccount_listed`,
	} {
		_, err := db.ExecContext(t.Context(), statement)
		require.NoError(t, err)
	}
	var queries []account.Query
	for _, a := range account.Attentions() {
		queries = append(queries, account.Query{Attention: a, Now: now})
	}
	queries = append(queries, account.Query{Now: now}, account.Query{Attention: account.AttentionSilent, Now: now})

	const most = 200
	for range 8 { // planned with values at first, then without
		before := listRead(t, db)
		counts, err := s.CountAccounts(t.Context(), most, queries...)
		require.NoError(t, err)
		assert.LessOrEqual(t, listRead(t, db)-before, 2*most+50, "two have so many")
		assert.Equal(t, most, counts[len(counts)-1], "silent")
		assert.Equal(t, most, counts[len(counts)-2], "all")
	}
	var texts, planned int
	require.NoError(t, db.QueryRowContext(t.Context(), `SELECT count(*), sum(generic_plans) FROM pg_prepared_statements
		WHERE statement LIKE 'SELECT (SELECT count(1)%'`).Scan(&texts, &planned))
	assert.Equal(t, 1, texts, "what differs each time is a parameter")
	assert.Positive(t, planned, "and no plan is made for it")
}

// Whatever is asked of the list, few statements are kept: what a client sends is in none.
func TestFewStatementsOfTheListAreKept(t *testing.T) {
	db := openPostgres(t, storeDSN(t), nil)
	db.SetMaxOpenConns(1)
	s := newStore(t, db)
	kept := func() (n int) { // with the mark of those, beside which the driver keeps a number of its own
		require.NoError(t, db.QueryRowContext(t.Context(), `SELECT count(*) FROM pg_prepared_statements
			WHERE statement LIKE 'SELECT (SELECT count(1)% -- %'`).Scan(&n))
		return n
	}
	ask := func(q account.Query) {
		q.Now = time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC)
		_, err := s.Accounts(t.Context(), q)
		require.NoError(t, err)
		_, err = s.CountAccounts(t.Context(), 10, q)
		require.NoError(t, err)
	}
	for n := range 20 {
		id := accounttest.ID(n + 1)
		ask(account.Query{Manager: account.Some(id)})
		ask(account.Query{Product: account.Some(id)})
		ask(account.Query{Parent: account.Some(id)})
		ask(account.Query{Country: account.Countries()[n]})
	}
	before := kept()
	assert.LessOrEqual(t, before, 6)
	var scope []account.ID
	for n := range 20 {
		text := fmt.Sprint("x", n)
		scope = append(scope, accounttest.ID(n+1))
		ask(account.Query{Status: account.Status(text)})
		ask(account.Query{Attention: account.Attention(text)})
		ask(account.Query{Country: account.Country(text)})
		ask(account.Query{Managers: account.Some(scope), Manager: account.Some(scope[n])})
		ask(account.Query{Managers: account.Some(scope), Attention: account.AttentionSilent})
	}
	assert.LessOrEqual(t, kept(), before+1) // that of no attention there is
}
