package clientaccount_test

import (
	"context"
	"fmt"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/clientaccount/clientaccount"
	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/account/accounttest"
	"github.com/clientaccount/clientaccount/store"
	"github.com/clientaccount/clientaccount/store/memstore"
)

// seen returns the logins of all rows of a list, page by page, for who does not see phones.
func (b *bench) seen(q account.Query) (all []string) {
	b.Helper()
	for cursor := ""; ; {
		page, err := b.svc.ListSeen(b.Context(), q, cursor, func(path string) bool { return path != "contact.phone" })
		require.NoError(b, err)
		for _, row := range page.Rows {
			all = append(all, row.Login)
		}
		if cursor = page.Next; cursor == "" {
			return all
		}
	}
}

func TestSearchFindsByWhatIsSeen(t *testing.T) {
	b := newBench(t)
	var phones, logins []string
	for n := range 40 {
		login := fmt.Sprintf("client.%02d", n)
		a := b.create(login, func(a *account.Account) {
			if a.Contact.Phone = ""; n%3 == 0 {
				a.Contact.Phone = fmt.Sprintf("+3805011122%02d", n)
			}
		})
		if logins = append(logins, login); a.Contact.Phone != "" {
			phones = append(phones, login)
		}
	}
	for _, limit := range []int{1, 3, 40, 50} {
		q := account.Query{Search: "38050111", Limit: limit}
		assert.Equal(t, phones, b.logins(q))
		assert.Empty(t, b.seen(q))
		q.Search = "CLIENT.0"
		assert.Equal(t, logins[:10], b.seen(q))
		q.Search = ""
		assert.Equal(t, logins, b.seen(q))
		q.Search, q.Desc, q.Sort = "client", true, account.SortCreated
		assert.Equal(t, b.logins(q), b.seen(q))
	}
	_, err := b.svc.ListSeen(t.Context(), account.Query{Search: "x"}, "altered", func(path string) bool { return path == "login" })
	assert.Equal(t, []string{"cursor cursor.invalid"}, faults(err))
}

// A page is full while there is more, however many clients are found by what is hidden:
// else its length would tell of them. Nor does it end at a row that was not seen.
func TestASearchByWhatIsHiddenLeavesNoTrace(t *testing.T) {
	b, plain := newBench(t), newBench(t)
	for n := range 450 {
		phone := "+380501112233"
		b.create(fmt.Sprintf("aa.%03d", n), func(a *account.Account) { a.Contact.Phone = phone })
		plain.create(fmt.Sprintf("aa.%03d", n), func(*account.Account) {})
	}
	for _, bench := range []*bench{b, plain} {
		for n := range 3 {
			bench.create(fmt.Sprintf("x380501112233.%d", n), func(*account.Account) {})
		}
	}
	sees := func(path string) bool { return path != "contact.phone" }
	for _, limit := range []int{2, 3, 50} {
		q := account.Query{Search: "380501112233", Limit: limit}
		got, err := b.svc.ListSeen(t.Context(), q, "", sees)
		require.NoError(t, err)
		want, err := plain.svc.ListSeen(t.Context(), q, "", sees)
		require.NoError(t, err)
		assert.Len(t, got.Rows, len(want.Rows))
		assert.Equal(t, want.Next == "", got.Next == "")
	}
}

func TestAnOrderByWhatIsHiddenIsRefused(t *testing.T) {
	b := newBench(t)
	for path, sort := range map[string]account.Sort{"login": "", "contact.company": account.SortCompany} {
		_, err := b.svc.ListSeen(t.Context(), account.Query{Sort: sort}, "", func(asked string) bool { return asked != path })
		assert.Equal(t, []string{"sort sort.hidden"}, faults(err))
	}
}

// endless has clients without end, all found by what is hidden.
type endless struct {
	store.Store
	read *int
}

func (s endless) Accounts(_ context.Context, q account.Query) ([]account.Summary, error) {
	rows := make([]account.Summary, q.PageSize())
	for i := range rows {
		rows[i].ID = accounttest.ID(i)
	}
	return rows, nil
}

func (s endless) AccountsByID(_ context.Context, ids ...account.ID) ([]account.Account, error) {
	*s.read += len(ids)
	all := make([]account.Account, len(ids))
	for i, id := range ids {
		all[i] = accounttest.Valid("acme")
		all[i].ID, all[i].Contact.Phone = id, "+380501112233"
	}
	return all, nil
}

func TestASearchThatFindsTooMuchByWhatIsHiddenEnds(t *testing.T) {
	read := 0
	svc := clientaccount.New(endless{memstore.New(), &read}, nil)
	_, err := svc.ListSeen(t.Context(), account.Query{Search: "380501112233"}, "", func(path string) bool { return path != "contact.phone" })
	assert.Equal(t, []string{"q search.broad"}, faults(err))
	assert.Equal(t, 20_000, read)
}

// One goes from row to row as the list has them, wherever the client of the row is by now.
func TestBesideARow(t *testing.T) {
	b := newBench(t)
	b.fill(7)
	seesNoPhones := func(path string) bool { return path != "contact.phone" }
	for _, q := range []account.Query{{}, {Sort: account.SortActivity, Desc: true}, {Sort: account.SortCompany, Search: "client"}} {
		page, err := b.svc.ListSeen(t.Context(), q, "", seesNoPhones)
		require.NoError(t, err)
		require.Len(t, page.Rows, 7)
		for i, row := range page.Rows {
			before, after, err := b.svc.Beside(t.Context(), q, b.svc.CursorOf(row, q), seesNoPhones)
			require.NoError(t, err)
			if assert.Equal(t, i > 0, before != nil); before != nil {
				assert.Equal(t, page.Rows[i-1].Login, before.Login)
			}
			if assert.Equal(t, i < 6, after != nil); after != nil {
				assert.Equal(t, page.Rows[i+1].Login, after.Login)
			}
		}
	}
	_, _, err := b.svc.Beside(t.Context(), account.Query{}, "altered", seesNoPhones)
	assert.Equal(t, []string{"cursor cursor.invalid"}, faults(err))
	_, _, err = b.svc.Beside(t.Context(), account.Query{Sort: account.SortCompany}, b.svc.CursorOf(account.Summary{}, account.Query{Sort: account.SortCompany}), func(string) bool { return false })
	assert.Equal(t, []string{"sort sort.hidden"}, faults(err))
}
