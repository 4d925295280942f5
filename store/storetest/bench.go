package storetest

import (
	"context"
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/store"
)

// Bench measures the everyday calls on a store of 2,000 accounts.
func Bench(b *testing.B, newStore func(b *testing.B) store.Store) {
	b.Helper()
	s := newStore(b)
	insertMany(b, s, 2000)
	b.Run("account by id", func(b *testing.B) { benchAccount(b, s) })
	for name, q := range map[string]account.Query{
		"first page by login":    {},
		"deep page by login":     {After: &account.Position{Value: "many-01500", ID: client("many-01500").ID}},
		"last page by activity":  {Sort: account.SortActivity, Desc: true},
		"page of a search":       {Search: "NY 99", Sort: account.SortCompany},
		"page of nobody's scope": {Managers: account.Some([]account.ID{})},
	} {
		b.Run(name, func(b *testing.B) { benchPage(b, s, q) })
	}
	b.Run("update", func(b *testing.B) { benchUpdate(b, s) })
}

func benchAccount(b *testing.B, s store.Store) {
	for n := 0; b.Loop(); n++ {
		_, err := s.Account(b.Context(), client(fmt.Sprintf("many-%05d", n%2000)).ID)
		require.NoError(b, err)
	}
}

func benchPage(b *testing.B, s store.Store, q account.Query) {
	for b.Loop() {
		_, err := s.Accounts(b.Context(), q)
		require.NoError(b, err)
	}
}

func benchUpdate(b *testing.B, s store.Store) {
	id := client("many-00000").ID
	changing := func(ctx context.Context, tx store.Tx) error {
		a, err := tx.Account(ctx, id)
		if err != nil {
			return err
		}
		a = next(a)
		a.Notes.Comments = fmt.Sprint("Change ", a.Revision)
		if err := replacing(a)(ctx, tx); err != nil {
			return err
		}
		return tx.AddChange(ctx, record(a, a.Revision, "notes.comments"))
	}
	for b.Loop() {
		require.NoError(b, s.Update(b.Context(), changing))
	}
}
