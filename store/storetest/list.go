package storetest

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/account/accounttest"
	"github.com/clientaccount/clientaccount/store"
)

var listPromises = []promise{
	{"each filter keeps the rows it names", filters},
	{"the status that counts is the worst of an account and of those above it", worstStatus},
	{"a count is of the rows that there are, up to the most that is asked for", counts},
	{"a row shows its account", rowValues},
	{"accounts are read many at once", manyAccounts},
	{"each sort has its order, both ways", sorts},
	{"pages, one after another, are the whole list", pagesAreTheList},
}

// requireLogins expects the logins of a list, in its order.
func requireLogins(t *testing.T, s store.Reader, q account.Query, want ...string) {
	t.Helper()
	rows, err := s.Accounts(t.Context(), q)
	require.NoError(t, err)
	logins := []string{}
	for _, row := range rows {
		logins = append(logins, row.Login)
	}
	require.Equal(t, append([]string{}, want...), logins)
}

// cast are accounts that differ in what is filtered by.
func cast(t *testing.T, s store.Store) {
	t.Helper()
	putReferences(t, s)
	a, b, c, d := client("a-plain"), client("b-managed"), client("c-child"), client("d-closed")
	b.Core.Manager, b.Notes.Product, b.Contact.Country = accounttest.Manager(1).ID, accounttest.Product(1).ID, "UA"
	b.Status, b.Expires = account.StatusActive, accounttest.Now()
	c.Parent, c.Core.Manager, c.Status = b.ID, accounttest.Manager(2).ID, account.StatusActive
	d.Status, d.Expires, d.Contact.Country = account.StatusClosed, accounttest.Now(), "DE"
	insert(t, s, a, b, c, d)
}

func manyAccounts(t *testing.T, s store.Store) {
	cast(t, s)
	plain, closed := client("a-plain"), client("d-closed")
	found, err := s.AccountsByID(t.Context(), closed.ID, accounttest.ID(99), plain.ID, account.ID{})
	require.NoError(t, err)
	logins := map[string]account.ID{}
	for _, a := range found {
		logins[a.Core.Login] = a.ID
	}
	assert.Equal(t, map[string]account.ID{"a-plain": plain.ID, "d-closed": closed.ID}, logins)
	found, err = s.AccountsByID(t.Context())
	require.NoError(t, err)
	assert.Empty(t, found)
}

func filters(t *testing.T, s store.Store) {
	cast(t, s)
	none := account.Some(account.ID{})
	m1, m2 := accounttest.Manager(1).ID, accounttest.Manager(2).ID
	scope := func(ids ...account.ID) account.Optional[[]account.ID] { return account.Some(ids) }
	for name, c := range map[string]struct {
		q    account.Query
		want []string
	}{
		"none":                             {account.Query{}, []string{"a-plain", "b-managed", "c-child", "d-closed"}},
		"status pending":                   {account.Query{Status: account.StatusPending}, []string{"a-plain"}},
		"status active before the end":     {account.Query{Status: account.StatusActive, Now: at(-1)}, []string{"b-managed", "c-child"}},
		"status active at the end":         {account.Query{Status: account.StatusActive, Now: at(0)}, nil},
		"status expired before the end":    {account.Query{Status: account.StatusExpired, Now: at(-1)}, nil},
		"status expired at the end":        {account.Query{Status: account.StatusExpired, Now: at(0)}, []string{"b-managed", "c-child"}},
		"status closed outlives the end":   {account.Query{Status: account.StatusClosed, Now: at(9)}, []string{"d-closed"}},
		"an unknown status":                {account.Query{Status: "other"}, nil},
		"a manager":                        {account.Query{Manager: account.Some(m1)}, []string{"b-managed"}},
		"no manager":                       {account.Query{Manager: none}, []string{"a-plain", "d-closed"}},
		"a product":                        {account.Query{Product: account.Some(accounttest.Product(1).ID)}, []string{"b-managed"}},
		"no product":                       {account.Query{Product: none}, []string{"a-plain", "c-child", "d-closed"}},
		"a country":                        {account.Query{Country: "DE"}, []string{"d-closed"}},
		"a parent":                         {account.Query{Parent: account.Some(client("b-managed").ID)}, []string{"c-child"}},
		"the top level":                    {account.Query{Parent: none}, []string{"a-plain", "b-managed", "d-closed"}},
		"a scope of one":                   {account.Query{Managers: scope(m1)}, []string{"b-managed"}},
		"a scope of two":                   {account.Query{Managers: scope(m2, m1, m1)}, []string{"b-managed", "c-child"}},
		"an empty scope sees nothing":      {account.Query{Managers: scope()}, nil},
		"the zero id in a scope is nobody": {account.Query{Managers: scope(account.ID{})}, nil},
		"a scope and a manager in it":      {account.Query{Managers: scope(m1, m2), Manager: account.Some(m2)}, []string{"c-child"}},
		"a scope and a manager outside":    {account.Query{Managers: scope(m1), Manager: account.Some(m2)}, nil},
		"a scope and no manager":           {account.Query{Managers: scope(m1), Manager: none}, nil},
		"several filters":                  {account.Query{Search: "child", Status: account.StatusActive, Parent: account.Some(client("b-managed").ID), Product: none}, []string{"c-child"}},
	} {
		t.Run(name, func(t *testing.T) { requireLogins(t, s, c.q, c.want...) })
	}
}

// worstStatus moves the status of accounts at three depths, one after another.
func worstStatus(t *testing.T, s store.Store) {
	top, middle, bottom := client("a-top"), client("b-middle"), client("c-bottom")
	middle.Parent, bottom.Parent = top.ID, middle.ID
	all := []*account.Account{&top, &middle, &bottom}
	for _, a := range all {
		a.Status = account.StatusActive
	}
	insert(t, s, top, middle, bottom)
	edit := func(a *account.Account, status account.Status, expires time.Time) {
		t.Helper()
		*a = next(*a)
		a.Status, a.Expires = status, expires
		update(t, s, replacing(*a))
		accounts := []account.Account{top, middle, bottom}
		for _, want := range append(account.Statuses(), account.StatusExpired) {
			for _, now := range []time.Time{at(-1), at(0), at(1)} {
				q := account.Query{Status: want, Now: now}
				rows, err := s.Accounts(t.Context(), q)
				require.NoError(t, err)
				requireRows(t, model(accounts, q), rows)
			}
		}
	}
	edit(&top, account.StatusSuspended, time.Time{})
	edit(&middle, account.StatusBlocked, time.Time{})
	edit(&top, account.StatusActive, at(0))
	edit(&bottom, account.StatusActive, at(1))
	edit(&middle, account.StatusActive, at(-1))
	edit(&middle, account.StatusPending, time.Time{})
	edit(&top, account.StatusClosed, at(0))
	edit(&top, account.StatusActive, time.Time{})
	require.Error(t, s.Update(t.Context(), func(ctx context.Context, tx store.Tx) error {
		closing := next(top)
		closing.Status = account.StatusClosed
		if err := replacing(closing)(ctx, tx); err != nil {
			return err
		}
		n, err := tx.CountAccounts(ctx, 9, account.Query{Status: account.StatusClosed})
		assert.Equal(t, []int{3}, n, "a transaction sees what it changed beneath")
		return errors.Join(err, errors.New("given up"))
	}))
	n, err := s.CountAccounts(t.Context(), 9, account.Query{Status: account.StatusClosed})
	require.NoError(t, err)
	require.Equal(t, []int{0}, n)
}

func counts(t *testing.T, s store.Store) {
	cast(t, s)
	after := &account.Position{Value: "b", ID: account.ID{}}
	for name, c := range map[string]struct {
		q    account.Query
		most int
		want int
	}{
		"all":                {account.Query{}, 100, 4},
		"as many as asked":   {account.Query{}, 3, 3},
		"none asked for":     {account.Query{}, 0, 0},
		"below none":         {account.Query{}, -1, 0},
		"whatever the page":  {account.Query{Limit: 1, After: after, Desc: true, Sort: account.SortCompany}, 100, 4},
		"a search":           {account.Query{Search: "a-plain"}, 100, 1},
		"a scope":            {account.Query{Managers: account.Some([]account.ID{accounttest.Manager(1).ID})}, 100, 1},
		"nothing to be kept": {account.Query{Search: "\xff"}, 100, 0},
	} {
		t.Run(name, func(t *testing.T) {
			n, err := s.CountAccounts(t.Context(), c.most, c.q, account.Query{Status: "nonsense"}, account.Query{Limit: 1})
			require.NoError(t, err)
			require.Equal(t, []int{c.want, 0, max(0, min(c.most, 4))}, n, "each for itself")
		})
	}
	n, err := s.CountAccounts(t.Context(), 3, make([]account.Query, account.MaxPage)...)
	require.NoError(t, err)
	require.Equal(t, slices.Repeat([]int{3}, account.MaxPage), n, "as many as may be asked")
}

func rowValues(t *testing.T, s store.Store) {
	putReferences(t, s)
	full, parent := accounttest.Full(), client("parent")
	full.Parent = parent.ID
	insert(t, s, parent, full)
	rows, err := s.Accounts(t.Context(), account.Query{Limit: 1})
	require.NoError(t, err)
	require.Len(t, rows, 1)
	for _, instants := range [][2]time.Time{
		{full.CreatedAt, rows[0].CreatedAt}, {full.UpdatedAt, rows[0].UpdatedAt}, {full.Expires, rows[0].Expires},
	} {
		requireInstant(t, instants[0], instants[1])
	}
	requireRows(t, []account.Summary{full.Summary().Under(parent.Summary())}, rows)
}

// requireRows compares instants and amounts by value.
func requireRows(t tb, want, got []account.Summary) {
	t.Helper()
	require.Equal(t, inUTC(want), inUTC(got))
}

func inUTC(rows []account.Summary) []account.Summary {
	out := make([]account.Summary, len(rows))
	for i, row := range rows {
		for _, at := range []*time.Time{&row.Expires, &row.CreatedAt, &row.UpdatedAt, &row.AboveExpires, &row.Moved} {
			*at = time.UnixMicro(at.UnixMicro()).UTC()
		}
		row.Balance, row.Available = money(row.Balance.String()), money(row.Available.String())
		out[i] = row
	}
	return out
}

func sorts(t *testing.T, s store.Store) {
	for i, login := range []string{"b_b", "b-b", "b.b", "b10", "b9"} {
		a := client(login)
		a.Contact.Company = []string{"beta", "Alpha", "ALPHA", "Émile", "Zeta"}[i]
		a.CreatedAt, a.UpdatedAt = at(-i), at(10*i)
		insert(t, s, a)
	}
	alpha := []string{"b-b", "b.b"}
	if client("b-b").ID.String() > client("b.b").ID.String() {
		alpha = []string{"b.b", "b-b"}
	}
	for by, want := range map[account.Sort][]string{
		"":                   {"b-b", "b.b", "b10", "b9", "b_b"},
		account.SortLogin:    {"b-b", "b.b", "b10", "b9", "b_b"},
		account.SortCompany:  {alpha[0], alpha[1], "b_b", "b9", "b10"},
		account.SortActivity: {"b_b", "b-b", "b.b", "b10", "b9"},
		account.SortCreated:  {"b9", "b10", "b.b", "b-b", "b_b"},
	} {
		t.Run("by "+string(by), func(t *testing.T) {
			requireLogins(t, s, account.Query{Sort: by}, want...)
			reversed := make([]string, len(want))
			for i, login := range want {
				reversed[len(want)-1-i] = login
			}
			requireLogins(t, s, account.Query{Sort: by, Desc: true}, reversed...)
		})
	}
}

// pagesAreTheList draws accounts once and asks many questions about them, which is
// kind to databases.
func pagesAreTheList(t *testing.T, s store.Store) {
	putReferences(t, s)
	accounts := rapid.Custom(func(t *rapid.T) []account.Account { return crowd(t, 80) }).Example(1)
	insert(t, s, accounts...)
	rapid.Check(t, func(t *rapid.T) {
		q := query(t, accounts)
		var rows []account.Summary
		for range len(accounts) + 1 {
			page, err := s.Accounts(t.Context(), q)
			require.NoError(t, err)
			require.LessOrEqual(t, len(page), q.Limit)
			rows = append(rows, page...)
			if len(page) < q.Limit {
				break
			}
			last := page[len(page)-1]
			q.After = &account.Position{Value: last.SortKey(q.Sort), ID: last.ID}
		}
		want := model(accounts, q)
		requireRows(t, want, rows)
		n, err := s.CountAccounts(t.Context(), 20, q)
		require.NoError(t, err)
		require.Equal(t, []int{min(20, len(want))}, n)
	})
	assert.NotEmpty(t, model(accounts, account.Query{Status: account.StatusExpired, Now: at(1)}))
}

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
