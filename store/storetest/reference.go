package storetest

import (
	"context"
	"testing"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/account/accounttest"
	"github.com/clientaccount/clientaccount/store"
)

var referencePromises = []promise{
	{"a manager comes back as it was put, until it is removed", managerLife},
	{"a product comes back as it was put, until it is removed", productLife},
	{"a product's unset defaults are not zero", productUnset},
	{"a stale revision changes no manager or product", staleReferences},
	{"managers and products are sorted by name without regard to case", sortedByName},
	{"what is no item of a list is refused, and a list that there is not is empty", noItem},
	{"what clients have cannot be removed, closed ones included", inUse},
	{"an account's manager, product and parent exist", dangling},
	{"open subaccounts are the direct ones that are not closed", openSubaccounts},
}

func puttingManager(m account.Manager, was int64) func(context.Context, store.Tx) error {
	return func(ctx context.Context, tx store.Tx) error { return tx.PutItem(ctx, m, was) }
}

func puttingProduct(p account.Product, was int64) func(context.Context, store.Tx) error {
	return func(ctx context.Context, tx store.Tx) error { return tx.PutItem(ctx, p, was) }
}

func deletingManager(id account.ID) func(context.Context, store.Tx) error {
	return func(ctx context.Context, tx store.Tx) error { return tx.DeleteItem(ctx, store.ListManagers, id) }
}

func deletingProduct(id account.ID) func(context.Context, store.Tx) error {
	return func(ctx context.Context, tx store.Tx) error { return tx.DeleteItem(ctx, store.ListProducts, id) }
}

func managerLife(t *testing.T, s store.Store) {
	m := accounttest.Manager(1)
	for _, text := range awkward() {
		was := m.Revision - 1
		m.Name, m.Email, m.Phone = head(text, 200), head(text, 100)+"e", head(text, 20)+"p"
		update(t, s, puttingManager(m, was))
		got, err := store.ItemOf[account.Manager](t.Context(), s, m.ID)
		require.NoError(t, err)
		require.Equal(t, m, got)
		m.Revision++
	}
	update(t, s, deletingManager(m.ID))
	_, err := store.ItemOf[account.Manager](t.Context(), s, m.ID)
	require.ErrorIs(t, err, account.ErrNotFound)
}

func requireProduct(t *testing.T, s store.Store, want account.Product) {
	t.Helper()
	got, err := store.ItemOf[account.Product](t.Context(), s, want.ID)
	require.NoError(t, err)
	requireSameProduct(t, want, got)
}

// requireSameProduct compares amounts by value: 1.0 and 1.00 are the same.
func requireSameProduct(t *testing.T, want, got account.Product) {
	t.Helper()
	for _, amounts := range [][2]account.Optional[decimal.Decimal]{
		{want.Price, got.Price}, {want.CreditLimit, got.CreditLimit},
	} {
		require.Equal(t, amounts[0].IsZero(), amounts[1].IsZero(), "set stays set, unset stays unset")
		require.True(t, amounts[0].Or(decimal.Zero).Equal(amounts[1].Or(decimal.Zero)), "%v became %v", amounts[0], amounts[1])
	}
	want.Price, want.CreditLimit = got.Price, got.CreditLimit
	require.Equal(t, want, got)
}

func productLife(t *testing.T, s store.Store) {
	p := accounttest.Product(1)
	p.Price = account.Some(decimal.RequireFromString("123456789012345.678901"))
	for _, text := range awkward() {
		was := p.Revision - 1
		p.Name = head(text, 200)
		update(t, s, puttingProduct(p, was))
		requireProduct(t, s, p)
		p.Revision++
	}
	update(t, s, deletingProduct(p.ID))
	_, err := store.ItemOf[account.Product](t.Context(), s, p.ID)
	require.ErrorIs(t, err, account.ErrNotFound)
}

func productUnset(t *testing.T, s store.Store) {
	none := account.Product{ID: accounttest.ID(1), Revision: 1, Name: "None", Currency: "EUR"}
	zero := account.Product{ID: accounttest.ID(2), Revision: 1, Name: "Zero", Currency: "EUR"}
	zero.Price, zero.CreditLimit = account.Some(decimal.Zero), account.Some(decimal.Zero)
	zero.Priority, zero.DLRDays = account.Some(0), account.Some(0)
	update(t, s, puttingProduct(none, 0))
	update(t, s, puttingProduct(zero, 0))
	requireProduct(t, s, none)
	requireProduct(t, s, zero)
	full := accounttest.Product(3)
	update(t, s, puttingProduct(full, 0))
	none.ID, none.Revision = full.ID, 2
	update(t, s, puttingProduct(none, 1))
	requireProduct(t, s, none)
}

func staleReferences(t *testing.T, s store.Store) {
	putReferences(t, s)
	m, p := accounttest.Manager(1), accounttest.Product(1)
	m2, p2 := m, p
	m2.Name, p2.Name = "Other", "Other"
	require.ErrorIs(t, s.Update(t.Context(), puttingManager(m2, 2)), account.ErrStale)
	require.ErrorIs(t, s.Update(t.Context(), puttingProduct(p2, 2)), account.ErrStale)
	require.Error(t, s.Update(t.Context(), puttingManager(m2, 0)), "inserted over another")
	require.Error(t, s.Update(t.Context(), puttingProduct(p2, 0)), "inserted over another")
	got, err := store.ItemOf[account.Manager](t.Context(), s, m.ID)
	require.NoError(t, err)
	require.Equal(t, m, got)
	requireProduct(t, s, p)
}

func sortedByName(t *testing.T, s store.Store) {
	for n, name := range []string{"gamma", "Alpha", "beta", "Émile", "Delta", "zeta"} {
		m, p := accounttest.Manager(n), accounttest.Product(n)
		m.Name, p.Name = name, name
		update(t, s, puttingManager(m, 0))
		update(t, s, puttingProduct(p, 0))
	}
	want := []string{"Alpha", "beta", "Delta", "gamma", "zeta", "Émile"}
	managers, err := store.ItemsOf[account.Manager](t.Context(), s)
	require.NoError(t, err)
	products, err := store.ItemsOf[account.Product](t.Context(), s)
	require.NoError(t, err)
	require.Len(t, managers, len(want))
	require.Len(t, products, len(want))
	for i, name := range want {
		assert.Equal(t, name, managers[i].Name)
		assert.Equal(t, name, products[i].Name)
	}
	first := accounttest.Product(1)
	first.Name = "Alpha"
	requireSameProduct(t, first, products[0])
}

func noItem(t *testing.T, s store.Store) {
	m := accounttest.Manager(1)
	for _, item := range []store.Item{nil, &m, "manager", account.Account{}} {
		require.Error(t, s.Update(t.Context(), func(ctx context.Context, tx store.Tx) error { return tx.PutItem(ctx, item, 0) }))
	}
	insert(t, s, client("with.no.item"))
	for _, list := range []store.List{"", "prices"} {
		_, err := s.Item(t.Context(), list, accounttest.ID(1))
		require.ErrorIs(t, err, account.ErrNotFound)
		items, err := s.Items(t.Context(), list)
		require.NoError(t, err)
		require.Empty(t, items)
		err = s.Update(t.Context(), func(ctx context.Context, tx store.Tx) error { return tx.DeleteItem(ctx, list, accounttest.ID(1)) })
		require.ErrorIs(t, err, account.ErrNotFound)
	}
}

func inUse(t *testing.T, s store.Store) {
	putReferences(t, s)
	managed, tariffed := client("managed"), closed(client("tariffed"))
	managed.Core.Manager, tariffed.Notes.Product = accounttest.Manager(1).ID, accounttest.Product(1).ID
	insert(t, s, managed, tariffed)
	require.ErrorIs(t, s.Update(t.Context(), deletingManager(managed.Core.Manager)), store.ErrInUse)
	require.ErrorIs(t, s.Update(t.Context(), deletingProduct(tariffed.Notes.Product)), store.ErrInUse)
	update(t, s, deletingManager(accounttest.Manager(2).ID))
	update(t, s, deletingProduct(accounttest.Product(2).ID))
	free := next(managed)
	free.Core.Manager = account.ID{}
	update(t, s, func(ctx context.Context, tx store.Tx) error {
		if err := replacing(free)(ctx, tx); err != nil {
			return err
		}
		return tx.DeleteItem(ctx, store.ListManagers, managed.Core.Manager)
	})
}

func dangling(t *testing.T, s store.Store) {
	a := client("dangling")
	insert(t, s, a)
	for name, point := range map[string]func(*account.Account){
		"manager": func(a *account.Account) { a.Core.Manager = accounttest.ID(99) },
		"product": func(a *account.Account) { a.Notes.Product = accounttest.ID(99) },
		"parent":  func(a *account.Account) { a.Parent = accounttest.ID(99) },
	} {
		fresh, changed := client("fresh"), next(a)
		point(&fresh)
		point(&changed)
		require.ErrorIs(t, s.Update(t.Context(), inserting(fresh)), account.ErrConflict, name)
		if name != "parent" { // which is fixed at creation
			require.ErrorIs(t, s.Update(t.Context(), replacing(changed)), account.ErrConflict, name)
		}
	}
	requireSame(t, a, get(t, s, a.ID))
}

func openSubaccounts(t *testing.T, s store.Store) {
	beneath := func(login string, parent account.Account) account.Account {
		a := client(login)
		a.Parent = parent.ID
		return a
	}
	top, other := client("top"), client("other")
	child := beneath("child", top)
	suspended := beneath("suspended", top)
	suspended.Status = account.StatusSuspended
	insert(t, s, top, other, child, suspended, closed(beneath("closed", top)),
		beneath("grandchild", child), beneath("cousin", other))
	n, err := s.OpenSubaccounts(t.Context(), top.ID)
	require.NoError(t, err)
	assert.Equal(t, 2, n)
	update(t, s, replacing(closed(next(child))))
	n, err = s.OpenSubaccounts(t.Context(), top.ID)
	require.NoError(t, err)
	assert.Equal(t, 1, n)
}
