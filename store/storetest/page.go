package storetest

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/store"
)

var pagePromises = []promise{
	{"a page has 50 rows unless told, 1000 at most", pageLimits},
	{"a page begins after a position, also of a row that is gone", pageAfter},
	{"what changes between pages doubles no row and hides none", changesBetweenPages},
}

func insertMany(t tb, s store.Store, n int) {
	t.Helper()
	accounts := make([]account.Account, n)
	for i := range accounts {
		accounts[i] = client(fmt.Sprintf("many-%05d", i))
		accounts[i].Contact.Company = fmt.Sprintf("Company %03d", i%997)
		accounts[i].UpdatedAt = at(i % 1009)
	}
	for len(accounts) > 0 {
		batch := min(len(accounts), 500)
		insert(t, s, accounts[:batch]...)
		accounts = accounts[batch:]
	}
}

func pageLimits(t *testing.T, s store.Store) {
	insertMany(t, s, account.MaxPage+1)
	for limit, want := range map[int]int{-1: 50, 0: 50, 1: 1, account.MaxPage: account.MaxPage, 1 << 30: account.MaxPage} {
		rows, err := s.Accounts(t.Context(), account.Query{Limit: limit})
		require.NoError(t, err)
		require.Len(t, rows, want)
		assert.Equal(t, "many-00000", rows[0].Login)
	}
}

func pageAfter(t *testing.T, s store.Store) {
	insert(t, s, client("aaa"), client("ccc"), client("eee"))
	after := func(login string, id account.ID) *account.Position { return &account.Position{Value: login, ID: id} }
	for name, c := range map[string]struct {
		q    account.Query
		want []string
	}{
		"a row":                   {account.Query{After: after("aaa", client("aaa").ID)}, []string{"ccc", "eee"}},
		"a row, descending":       {account.Query{After: after("eee", client("eee").ID), Desc: true}, []string{"ccc", "aaa"}},
		"the last":                {account.Query{After: after("eee", client("eee").ID)}, nil},
		"a row that is gone":      {account.Query{After: after("bbb", client("bbb").ID)}, []string{"ccc", "eee"}},
		"one gone, descending":    {account.Query{After: after("bbb", client("bbb").ID), Desc: true}, []string{"aaa"}},
		"a lower id at one value": {account.Query{After: after("ccc", account.ID{})}, []string{"ccc", "eee"}},
		"before everything":       {account.Query{After: after("", account.ID{})}, []string{"aaa", "ccc", "eee"}},
	} {
		t.Run(name, func(t *testing.T) { requireLogins(t, s, c.q, c.want...) })
	}
}

// changesBetweenPages changes one account and inserts another between any two pages.
// Rows whose sort key stays are seen once, and those by activity move behind.
func changesBetweenPages(t *testing.T, s store.Store) {
	const rows = 30
	insertMany(t, s, rows)
	for n, q := range []account.Query{
		{}, {Desc: true}, {Sort: account.SortCreated}, {Sort: account.SortCompany, Desc: true}, {Sort: account.SortActivity, Desc: true},
	} {
		seen := map[account.ID]int{}
		q.Limit = 4
		for page := range 2 * rows {
			got, err := s.Accounts(t.Context(), q)
			require.NoError(t, err)
			for _, row := range got {
				seen[row.ID]++
			}
			if len(got) < q.Limit {
				break
			}
			last := got[len(got)-1]
			q.After = &account.Position{Value: last.SortKey(q.Sort), ID: last.ID}
			disturb(t, s, last.ID, 1000*(n+1)+page)
		}
		for id, times := range seen {
			require.Equal(t, 1, times, "%v was listed more than once", id)
		}
		for i := range rows {
			require.Contains(t, seen, client(fmt.Sprintf("many-%05d", i)).ID, "a row that was there all along is missing")
		}
	}
}

// disturb touches a row that was just listed and adds a new one somewhere between
// the others. The step makes both later than anything before.
func disturb(t *testing.T, s store.Store, id account.ID, step int) {
	t.Helper()
	touched := next(get(t, s, id))
	touched.UpdatedAt = at(10 * step)
	fresh := client(fmt.Sprintf("many-%05d-%d", step%30, step))
	fresh.UpdatedAt = at(10*step + 1)
	update(t, s, replacing(touched))
	insert(t, s, fresh)
}
