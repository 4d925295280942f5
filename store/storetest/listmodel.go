package storetest

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"pgregory.net/rapid"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/account/accounttest"
	"github.com/clientaccount/clientaccount/store"
)

// model returns what the whole list of a query is, written as plainly as can be: a
// store's pages, one after another, are the same rows in the same order.
func model(accounts []account.Account, q account.Query) []account.Summary {
	var rows []account.Summary
	for _, a := range accounts {
		if row := placed(accounts, a); matches(a, row, q) {
			rows = append(rows, row)
		}
	}
	slices.SortFunc(rows, func(a, b account.Summary) int { return compareRows(a, b, q) })
	return rows
}

// compareRows orders rows as a query wants them.
func compareRows(a, b account.Summary, q account.Query) int {
	order := cmp.Or(strings.Compare(a.SortKey(q.Sort), b.SortKey(q.Sort)), slices.Compare(a.ID[:], b.ID[:]))
	if q.Desc {
		return -order
	}
	return order
}

// placed returns the row of an account beneath those above it.
func placed(accounts []account.Account, a account.Account) account.Summary {
	row := a.Summary()
	for _, above := range accounts {
		if above.ID == a.Parent {
			return row.Under(placed(accounts, above))
		}
	}
	return row
}

func matches(a account.Account, row account.Summary, q account.Query) bool {
	if m, ok := q.Manager.Get(); ok && a.Core.Manager != m {
		return false
	}
	if p, ok := q.Product.Get(); ok && a.Notes.Product != p {
		return false
	}
	if p, ok := q.Parent.Get(); ok && a.Parent != p {
		return false
	}
	if scope, ok := q.Managers.Get(); ok && (a.Core.Manager.IsZero() || !slices.Contains(scope, a.Core.Manager)) {
		return false
	}
	if q.Status != "" && row.StatusAt(q.Now) != q.Status {
		return false
	}
	if q.Country != "" && a.Contact.Country != q.Country {
		return false
	}
	switch q.Attention {
	case account.AttentionExpiring:
		return row.Expiring(q.Now) && store.ParseSearch(q.Search).In(a.SearchText())
	case account.AttentionSilent:
		return row.Silent(q.Now) && store.ParseSearch(q.Search).In(a.SearchText())
	case "":
		return store.ParseSearch(q.Search).In(a.SearchText())
	default:
		return false
	}
}

func one[T any](t *rapid.T, name string, values ...T) T {
	return rapid.SampledFrom(values).Draw(t, name)
}

// crowd draws accounts with few different values, so that filters overlap and sort
// keys tie. Some are beneath others, at any depth.
func crowd(t *rapid.T, size int) []account.Account {
	accounts := make([]account.Account, size)
	for i := range accounts {
		a := client(fmt.Sprintf("%s-%03d", one(t, "login", "acme", "a_b", "a.b", "zeta", "10"), i))
		a.Contact.Company = one(t, "company", "", "Acme", "ACME", "acme 100%", "Émile", "e\u0301mile", "Zeta_1", "z\\eta", "ΣΊΣΥΦΟΣ")
		a.Contact.Country = one[account.Country](t, "country", "", "UA", "DE")
		a.Core.Manager = one(t, "manager", account.ID{}, accounttest.Manager(1).ID, accounttest.Manager(2).ID)
		a.Notes.Product = one(t, "product", account.ID{}, accounttest.Product(1).ID, accounttest.Product(2).ID)
		a.Status = one(t, "status", account.Statuses()...)
		a.Expires = one(t, "expires", time.Time{}, at(-1), at(0), at(1))
		a.CreatedAt, a.UpdatedAt = one(t, "created", at(0), at(1), at(2)), one(t, "updated", at(3), at(4), at(5))
		if i > 2 {
			a.Parent = one(t, "parent", account.ID{}, accounts[0].ID, accounts[1].ID, accounts[i-1].ID)
		}
		accounts[i] = a
	}
	return accounts
}

// at returns so many microseconds after accounttest.Now.
func at(microseconds int) time.Time {
	return accounttest.Now().Add(time.Duration(microseconds) * time.Microsecond)
}

// query draws filters, most of them off most of the time.
func query(t *rapid.T, accounts []account.Account) account.Query {
	none := account.Optional[account.ID]{}
	m1, m2, p1 := accounttest.Manager(1).ID, accounttest.Manager(2).ID, accounttest.Product(1).ID
	off := account.Optional[[]account.ID]{}
	const expiring, silent, soon = account.AttentionExpiring, account.AttentionSilent, account.SilentFor
	return account.Query{
		Search:    one(t, "search", "", "", "", "acme", "A_", "%", "É", "e\u0301", "-01 acme", "a 10", "mile", "\\", "σ", "nobody"),
		Status:    one(t, "status", "", "", "", account.StatusPending, account.StatusActive, account.StatusExpired, account.StatusClosed),
		Manager:   one(t, "manager", none, none, account.Some(account.ID{}), account.Some(m1), account.Some(accounttest.ID(99))),
		Product:   one(t, "product", none, none, account.Some(account.ID{}), account.Some(p1)),
		Country:   one[account.Country](t, "country", "", "", "UA", "FR"),
		Attention: one(t, "attention", "", "", "", "", expiring, silent),
		Parent:    one(t, "parent", none, none, account.Some(account.ID{}), account.Some(accounts[0].ID)),
		Managers:  one(t, "scope", off, off, account.Some([]account.ID{}), account.Some([]account.ID{m2}), account.Some([]account.ID{m1, m2, {}})),
		Sort:      one(t, "sort", "", account.SortLogin, account.SortCompany, account.SortActivity, account.SortCreated, account.SortMoved, account.SortBalance, account.SortAvailable),
		Desc:      rapid.Bool().Draw(t, "desc"),
		Limit:     rapid.IntRange(1, 40).Draw(t, "limit"),
		Now:       one(t, "now", time.Time{}, at(-1), at(0), at(1), at(0).Add(soon)),
	}
}
