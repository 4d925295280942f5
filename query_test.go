package clientaccount_test

import (
	"encoding/base64"
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/clientaccount/clientaccount"
	"github.com/clientaccount/clientaccount/account"
)

// fill makes n clients: client.00, client.01, ... with an hour between them.
func (b *bench) fill(n int) {
	b.Helper()
	for i := range n {
		b.create(fmt.Sprintf("client.%03d", i), func(a *account.Account) {
			a.Contact.Company = fmt.Sprintf("Company %c%d", 'z'-i%5, i%3) // doubled, and in another order
			a.Contact.Country = []account.Country{"UA", "PL", "DE"}[i%3]
			if i%4 == 0 {
				a.Status = account.StatusActive
			}
		})
		b.clock.Advance(time.Hour)
	}
}

// logins returns those of all rows of a list, page by page.
func (b *bench) logins(q account.Query) []string {
	b.Helper()
	var all []string
	for cursor := ""; ; {
		page, err := b.svc.List(b.Context(), q, cursor)
		require.NoError(b, err)
		for _, row := range page.Rows {
			all = append(all, row.Login)
		}
		if cursor = page.Next; cursor == "" {
			return all
		}
		require.LessOrEqual(b, len(all), 1000, "the pages never end")
	}
}

func TestListPagesEveryRowOnceInEveryOrder(t *testing.T) {
	b := newBench(t)
	b.fill(23)
	for _, sort := range []account.Sort{"", account.SortLogin, account.SortCompany, account.SortActivity, account.SortCreated} {
		for _, desc := range []bool{false, true} {
			whole := b.logins(account.Query{Sort: sort, Desc: desc, Limit: 200})
			require.Len(t, whole, 23)
			for _, limit := range []int{1, 2, 7, 22, 23, 24} {
				q := account.Query{Sort: sort, Desc: desc, Limit: limit}
				assert.Equal(t, whole, b.logins(q), "%q desc %v limit %d", sort, desc, limit)
			}
		}
	}
}

func TestListLastPageHasNoCursor(t *testing.T) {
	b := newBench(t)
	b.fill(4)
	for limit, more := range map[int]bool{3: true, 4: false, 5: false} {
		page, err := b.svc.List(t.Context(), account.Query{Limit: limit}, "")
		require.NoError(t, err)
		assert.Equal(t, more, page.Next != "", "limit %d", limit)
	}
	empty, err := b.svc.List(t.Context(), account.Query{Search: "nobody"}, "")
	require.NoError(t, err)
	assert.Empty(t, empty.Rows)
	assert.Empty(t, empty.Next)
}

func TestListFiltersSearchesAndBoundsItsPages(t *testing.T) {
	b := newBench(t)
	b.fill(12)
	assert.Len(t, b.logins(account.Query{Country: "PL"}), 4)
	assert.Len(t, b.logins(account.Query{Status: account.StatusActive}), 3)
	assert.Equal(t, []string{"client.007"}, b.logins(account.Query{Search: "LIENT.007"}))
	assert.Empty(t, b.logins(account.Query{Managers: account.Some([]account.ID{})}), "a scope of nobody")
	for _, limit := range []int{0, 12, account.MaxPage} {
		page, err := b.svc.List(t.Context(), account.Query{Limit: limit}, "")
		require.NoError(t, err)
		assert.Len(t, page.Rows, 12)
	}
	for _, unstorable := range []account.Query{{Search: "a\x00"}, {Search: "\xff"}, {Country: "U\x00"}, {Status: "\x00"}} {
		assert.Empty(t, b.logins(unstorable))
	}
}

func TestListWalksWhatChangesMeanwhile(t *testing.T) {
	b := newBench(t)
	b.fill(6)
	first, err := b.svc.List(t.Context(), account.Query{Limit: 3}, "")
	require.NoError(t, err)
	b.create("aaa.new")
	last := first.Rows[2]
	b.update(b.get(last.ID), "login", "zzz.renamed") // the row the cursor stands on
	next, err := b.svc.List(t.Context(), account.Query{Limit: 50}, first.Next)
	require.NoError(t, err)
	require.Len(t, next.Rows, 4)
	assert.Equal(t, "client.003", next.Rows[0].Login, "nothing twice, nothing skipped")
}

func TestCursorTamperedOrOfAnotherOrderIsRefused(t *testing.T) {
	b := newBench(t)
	b.fill(4)
	q := account.Query{Limit: 2}
	page, err := b.svc.List(t.Context(), q, "")
	require.NoError(t, err)
	refused := func(q account.Query, cursor, why string) {
		_, err := b.svc.List(t.Context(), q, cursor)
		assert.Equal(t, []string{"cursor cursor.invalid"}, faults(err), why)
	}
	raw, err := base64.RawURLEncoding.DecodeString(page.Next)
	require.NoError(t, err)
	for i := range raw {
		changed := append([]byte{}, raw...)
		changed[i] ^= 1
		refused(q, base64.RawURLEncoding.EncodeToString(changed), fmt.Sprint("byte ", i))
	}
	refused(q, page.Next[:len(page.Next)-1], "cut")
	refused(q, page.Next+"A", "grown")
	refused(q, " ", "blank")
	refused(q, "%00", "no base64")
	refused(account.Query{Limit: 2, Desc: true}, page.Next, "other direction")
	refused(account.Query{Limit: 2, Sort: account.SortCompany}, page.Next, "other order")
	refused(q, string(make([]byte, 1<<20)), "a megabyte")

	refused(q, clientaccount.SealCursor(account.Summary{Login: "a"}, account.Query{Sort: account.SortLogin}), "another key")
}

// What a cursor holds is for the Service alone: it may be a name that who has the cursor
// does not see, and nobody else can make one.
func TestCursorsAreSealed(t *testing.T) {
	b := newBench(t)
	b.fill(4)
	page, err := b.svc.List(t.Context(), account.Query{Limit: 2}, "")
	require.NoError(t, err)
	raw, err := base64.RawURLEncoding.DecodeString(page.Next)
	require.NoError(t, err)
	assert.NotContains(t, string(raw), "client")
	again, err := b.svc.List(t.Context(), account.Query{Limit: 2}, "")
	require.NoError(t, err)
	assert.NotEqual(t, page.Next, again.Next, "two of one place cannot be told to be so")

	key := []byte("some 32 bytes that both have got")
	one, other, own := clientaccount.New(b.store, &clientaccount.Options{CursorKey: key}), clientaccount.New(b.store, &clientaccount.Options{CursorKey: key}), clientaccount.New(b.store, nil)
	page, err = one.List(t.Context(), account.Query{Limit: 2}, "")
	require.NoError(t, err)
	next, err := other.List(t.Context(), account.Query{Limit: 2}, page.Next)
	require.NoError(t, err)
	assert.Len(t, next.Rows, 2, "another process with the same key goes on")
	_, err = own.List(t.Context(), account.Query{Limit: 2}, page.Next)
	assert.Equal(t, []string{"cursor cursor.invalid"}, faults(err), "one without it begins anew")

	mark, err := other.OpenCursor(one.SealCursor([]byte("17"), "my rows"), "my rows")
	require.NoError(t, err)
	assert.Equal(t, "17", string(mark))
	_, err = other.OpenCursor(one.SealCursor([]byte("17"), "my rows"), "other rows")
	assert.Equal(t, []string{"cursor cursor.invalid"}, faults(err))
}

func TestCursorSealsAndOpens(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		sorts := []account.Sort{account.SortLogin, account.SortCompany, account.SortActivity, account.SortCreated}
		q := account.Query{Sort: rapid.SampledFrom(sorts).Draw(t, "sort"), Desc: rapid.Bool().Draw(t, "desc")}
		printable := rapid.StringOfN(rapid.Rune().Filter(func(r rune) bool { return r != 0 }), 0, 200, 800)
		row := account.Summary{
			Login:     printable.Draw(t, "login"),
			Company:   printable.Draw(t, "company"),
			UpdatedAt: time.UnixMicro(rapid.Int64Range(0, 1e16).Draw(t, "updated")),
		}
		row.CreatedAt = row.UpdatedAt.Add(-time.Hour)
		copy(row.ID[:], rapid.SliceOfN(rapid.Byte(), 16, 16).Draw(t, "id"))
		position, err := clientaccount.OpenCursor(clientaccount.SealCursor(row, q), q)
		require.NoError(t, err)
		assert.Equal(t, account.Position{Value: row.SortKey(q.Sort), ID: row.ID}, position)
	})
}

func FuzzCursor(f *testing.F) {
	q := account.Query{Sort: account.SortActivity}
	f.Add(clientaccount.SealCursor(account.Summary{ID: account.ID{1}, UpdatedAt: began}, q))
	f.Add("")
	f.Add("AAAAAAAAAAAAAAAA")
	f.Fuzz(func(t *testing.T, cursor string) {
		for _, q := range []account.Query{q, {Sort: account.SortLogin}} {
			position, err := clientaccount.OpenCursor(cursor, q)
			if err != nil {
				assert.Equal(t, []string{"cursor cursor.invalid"}, faults(err))
				continue
			}
			if q.Sort == account.SortActivity {
				_, err := account.ParseSortTime(position.Value)
				assert.NoError(t, err, "a store can look for it")
			}
		}
	})
}

func TestAllIteratesOverEveryPage(t *testing.T) {
	b := newBench(t)
	b.fill(account.MaxPage + 5)
	var all []string
	for row, err := range b.svc.All(t.Context(), account.Query{Limit: 1}) {
		require.NoError(t, err)
		all = append(all, row.Login)
	}
	assert.Equal(t, b.logins(account.Query{}), all)

	taken := 0
	for _, err := range b.svc.All(t.Context(), account.Query{}) {
		require.NoError(t, err)
		if taken++; taken == 3 {
			break
		}
	}
	assert.Equal(t, 3, taken)
}

func TestChangesArePagedAndFilteredByField(t *testing.T) {
	b := newBench(t)
	a := b.create("acme")
	for i := range account.MaxPage + 10 {
		path, value := "notes.comments", fmt.Sprint("note ", i)
		if i%10 == 0 {
			path = "contact.company"
		}
		a = b.update(a, path, value)
	}
	all := b.history(a.ID)
	require.Len(t, all, account.MaxPage+11)
	for i, record := range all {
		assert.Equal(t, int64(len(all)-i), record.Revision, "the newest first, none missing")
	}
	page, err := b.svc.Changes(t.Context(), account.ChangeQuery{Of: a.ID, Path: "contact.company", Limit: 3, Before: 100})
	require.NoError(t, err)
	assert.Equal(t, []int64{92, 82, 72}, []int64{page[0].Revision, page[1].Revision, page[2].Revision})
	page, err = b.svc.Changes(t.Context(), account.ChangeQuery{Of: account.ID{9}})
	require.NoError(t, err)
	assert.Empty(t, page, "an unknown account has none")
}
