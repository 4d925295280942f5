package dbtest

import (
	"context"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"github.com/uptrace/bun"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/account/accounttest"
	"github.com/clientaccount/clientaccount/store"
	"github.com/clientaccount/clientaccount/store/bunstore"
)

// fill makes n clients of 20 managers, made in SQL because so many take long otherwise.
func fill(t *testing.T, db *bun.DB, n int) {
	t.Helper()
	for _, statement := range []string{
		`INSERT INTO clientaccount_managers (id, revision, name, name_key, email, phone)
			SELECT md5('manager' || n)::uuid, 1, 'Manager ' || n, 'manager ' || n, '', '' FROM generate_series(1, 20) n`,
		`INSERT INTO clientaccount_accounts (id, revision, created_at, updated_at, company_key, search_text, login, status,
				manager, contact_company, contact_contract, currency, time_zone)
			SELECT md5(n::text)::uuid, 1, timestamptz '2026-01-01Z' + n * interval '1 minute', timestamptz '2026-06-01Z' - n * interval '1 minute',
				'company ' || md5('c' || n), 'client-' || n || E'\ncompany ' || md5('c' || n), 'client-' || md5('l' || n),
				CASE n % 10 WHEN 0 THEN 'closed' ELSE 'active' END, md5('manager' || n % 20 + 1)::uuid, 'Company ' || md5('c' || n),
				'C-' || n, 'EUR', 'UTC'
			FROM generate_series(1, ?) n`,
		`INSERT INTO clientaccount_listed (account_id, login, company_key, created_at, updated_at, manager, country, above, status)
			SELECT id, login, company_key, created_at, updated_at, manager, '', 'active', status FROM clientaccount_accounts`,
		`INSERT INTO clientaccount_changes (account_id, revision, at, kind, actor_id, actor_name, reason, undoes)
			SELECT id, 1, created_at, 'created', '', '', '', 0 FROM clientaccount_accounts`,
		`INSERT INTO clientaccount_change_fields (account_id, revision, position, path, old_text, new_text, secret)
			SELECT id, 1, 0, 'login', '', login, false FROM clientaccount_accounts`,
		`VACUUM ANALYZE`,
	} {
		_, err := db.ExecContext(t.Context(), statement, n)
		require.NoError(t, err)
	}
}

// explain returns the plans of the statements that ask causes.
func explain(t *testing.T, db *bun.DB, ask func(s *bunstore.Store) error) string {
	t.Helper()
	hook := &statements{}
	s, err := bunstore.New(db.WithQueryHook(hook))
	require.NoError(t, err)
	require.NoError(t, ask(s))
	require.NotEmpty(t, hook.seen)
	var plans []string
	for _, statement := range hook.seen {
		assert.NotContains(t, statement, "OFFSET")
		assert.NotContains(t, statement, "*")
		var lines []string
		require.NoError(t, db.NewRaw("EXPLAIN "+strings.ReplaceAll(statement, "?", "??")).Scan(t.Context(), &lines))
		plans = append(plans, statement+"\n"+strings.Join(lines, "\n"))
	}
	return strings.Join(plans, "\n\n")
}

func TestPlansUseIndexes(t *testing.T) {
	db := openPostgres(t, storeDSN(t), nil)
	newStore(t, db)
	fill(t, db, 20_000)
	noon := func(day string) *account.Position {
		return &account.Position{Value: day + "T12:00:00.000000Z", ID: accounttest.ID(1)}
	}
	middle := &account.Position{Value: "client-8", ID: accounttest.ID(1)}
	company := &account.Position{Value: "company 8", ID: accounttest.ID(1)}
	var manager account.ID
	require.NoError(t, db.NewSelect().Table("clientaccount_managers").Column("id").Limit(1).Scan(t.Context(), &idScanner{&manager}))

	for name, tc := range map[string]struct {
		q     account.Query
		index string
	}{
		"login, first page":         {account.Query{}, "clientaccount_listed_login"},
		"login, a page":             {account.Query{After: middle}, "clientaccount_listed_login"},
		"login, backwards":          {account.Query{After: middle, Desc: true}, "clientaccount_listed_login"},
		"company, a page":           {account.Query{Sort: account.SortCompany, After: company}, "clientaccount_listed_company"},
		"company, backwards":        {account.Query{Sort: account.SortCompany, After: company, Desc: true}, "clientaccount_listed_company"},
		"activity, a page":          {account.Query{Sort: account.SortActivity, After: noon("2026-05-25"), Desc: true}, "clientaccount_listed_updated"},
		"created, a page":           {account.Query{Sort: account.SortCreated, After: noon("2026-01-05")}, "clientaccount_listed_created"},
		"of a manager, with status": {account.Query{Manager: account.Some(manager), Status: account.StatusClosed}, "_manager"},
		"a search":                  {account.Query{Search: "client-12345"}, "clientaccount_accounts_search"},
		"a search for words":        {account.Query{Search: "\tCompany client-12345 "}, "clientaccount_accounts_search"},
		"a search for a number":     {account.Query{Search: "00 12 34 5"}, "clientaccount_accounts_search"},
	} {
		t.Run(name, func(t *testing.T) {
			plan := explain(t, db, func(s *bunstore.Store) error {
				rows, err := s.Accounts(t.Context(), tc.q)
				assert.NotEmpty(t, rows)
				return err
			})
			assert.Contains(t, plan, tc.index)
			assert.NotContains(t, plan, "Seq Scan", plan)
		})
	}
	for name, ask := range map[string]func(ctx context.Context, s *bunstore.Store) error{
		"by contract": func(ctx context.Context, s *bunstore.Store) error {
			_, err := s.AccountBy(ctx, store.KeyContract, "C-77")
			return err
		},
		"history": func(ctx context.Context, s *bunstore.Store) error {
			a, err := s.AccountBy(ctx, store.KeyContract, "C-77")
			require.NoError(t, err)
			_, err = s.Changes(ctx, account.ChangeQuery{Of: a.ID, Path: "login"})
			return err
		},
		"a client's last pages of nothing": func(ctx context.Context, s *bunstore.Store) error {
			_, err := s.Changes(ctx, account.ChangeQuery{Of: accounttest.ID(1)})
			return err
		},
	} {
		t.Run(name, func(t *testing.T) {
			plan := explain(t, db, func(s *bunstore.Store) error { return ask(t.Context(), s) })
			assert.NotContains(t, plan, "Seq Scan", plan)
		})
	}
}

// idScanner scans the text of an id.
type idScanner struct{ id *account.ID }

func (s *idScanner) Scan(v any) error { return s.id.UnmarshalText([]byte(v.(string))) }
