package dbtest

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"github.com/uptrace/bun"

	"github.com/clientaccount/clientaccount/account"
)

// fetched returns how many rows the server has read from a table itself, not from an index alone.
func fetched(t *testing.T, db *bun.DB, table string) int {
	t.Helper()
	return statistic(t, db, `SELECT idx_tup_fetch + seq_tup_read FROM pg_stat_user_tables WHERE relname = ?`, table)
}

// Accounts of one or two of manager, product, country and status, and such of one that are silent, are counted in an
// index alone, and a page of them is found in one, whatever its order; also those of one of two managers, who has few.
func TestWhatNarrowsIsFoundInIndexes(t *testing.T) {
	db := openPostgres(t, storeDSN(t), nil)
	db.SetMaxOpenConns(1)
	s := newStore(t, db)
	fill(t, db, 40_000)
	for _, statement := range []string{
		`UPDATE clientaccount_listed SET product = md5('product' || 1 + abs(hashtext(login)) % 10)::uuid,
			country = CASE abs(hashtext(login || 'c')) % 5 WHEN 0 THEN 'GR' ELSE 'UA' END,
			manager = CASE manager WHEN md5('manager3')::uuid THEN manager ELSE md5('manager1')::uuid END,
			status = CASE abs(hashtext(login || 's')) % 5 WHEN 0 THEN 'closed' ELSE 'active' END,
			moved_at = timestamptz '2026-01-01Z'`,
		`VACUUM ANALYZE clientaccount_listed`,
	} {
		_, err := db.ExecContext(t.Context(), statement)
		require.NoError(t, err)
	}
	var manager, product account.ID
	require.NoError(t, db.NewRaw(`SELECT md5('manager3')::uuid`).Scan(t.Context(), &idScanner{&manager}))
	require.NoError(t, db.NewRaw(`SELECT md5('product7')::uuid`).Scan(t.Context(), &idScanner{&product}))
	now := time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC)
	sorts := []account.Sort{
		account.SortLogin, account.SortCompany, account.SortActivity, account.SortCreated, account.SortMoved, account.SortBalance, account.SortAvailable,
	}
	for name, q := range map[string]account.Query{
		"manager":          {Manager: account.Some(manager)},
		"product":          {Product: account.Some(product)},
		"country":          {Country: "GR"},
		"manager, product": {Manager: account.Some(manager), Product: account.Some(product)},
		"manager, country": {Manager: account.Some(manager), Country: "UA"},
		"product, country": {Product: account.Some(product), Country: "GR"},
		"closed, manager":  {Status: account.StatusClosed, Manager: account.Some(manager)},
		"closed, product":  {Status: account.StatusClosed, Product: account.Some(product)},
		"closed, country":  {Status: account.StatusClosed, Country: "GR"},
		"active, product":  {Status: account.StatusActive, Product: account.Some(product)},
		"active, country":  {Status: account.StatusActive, Country: "GR"},
		"silent, product":  {Attention: account.AttentionSilent, Product: account.Some(product)},
		"none's, product":  {Parent: account.Some(account.ID{}), Product: account.Some(product)},
	} {
		t.Run(name, func(t *testing.T) {
			q.Now = now
			before := fetched(t, db, "clientaccount_listed")
			counts, err := s.CountAccounts(t.Context(), 1000, q)
			require.NoError(t, err)
			assert.Equal(t, before, fetched(t, db, "clientaccount_listed"), "to count %d", counts[0])
			for _, by := range sorts {
				before := fetched(t, db, "clientaccount_listed")
				q.Sort = by
				page, err := s.Accounts(t.Context(), q)
				require.NoError(t, err)
				require.NotEmpty(t, page)
				assert.LessOrEqual(t, fetched(t, db, "clientaccount_listed")-before, len(page), "by %s", by)
			}
		})
	}
}

// What is searched for and stands at the end of an order is found by its text: to go there would be to read all.
func TestSearchDoesNotGoThroughAnOrder(t *testing.T) {
	db := openPostgres(t, storeDSN(t), nil)
	db.SetMaxOpenConns(1)
	s := newStore(t, db)
	fill(t, db, 40_000)
	for _, statement := range []string{
		`UPDATE clientaccount_accounts SET search_text = search_text || E'\nzebra z+9' WHERE company_key >= (
			SELECT company_key FROM clientaccount_accounts ORDER BY company_key DESC OFFSET 2499 LIMIT 1)`,
		`VACUUM ANALYZE clientaccount_accounts`,
	} {
		_, err := db.ExecContext(t.Context(), statement)
		require.NoError(t, err)
	}
	for _, search := range []string{"zebra", "z+"} {
		before := fetched(t, db, "clientaccount_accounts")
		page, err := s.Accounts(t.Context(), account.Query{Search: search, Sort: account.SortCompany})
		require.NoError(t, err)
		assert.Len(t, page, account.Query{}.PageSize())
		assert.LessOrEqual(t, fetched(t, db, "clientaccount_accounts")-before, 3*2500, search) // of 40,000
	}
}
