package storetest

import (
	"context"
	"fmt"
	"strconv"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/account/accounttest"
	"github.com/clientaccount/clientaccount/internal/ledger"
	"github.com/clientaccount/clientaccount/store"
)

// Bench measures the everyday calls on a store of 2,000 accounts, of which 1,000
// have a balance.
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
	last := benchBooks(b, s, 1000)
	b.Run("append to one account", func(b *testing.B) { benchAppend(b, s, last[:1], 1) })
	b.Run("append to many accounts", func(b *testing.B) { benchAppend(b, s, last, 1) })
	b.Run("append 100 postings at once", func(b *testing.B) { benchAppend(b, s, last, 100) })
	b.Run("balance", func(b *testing.B) { benchBalance(b, s, last) })
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

// benchBooks gives a balance to as many of the accounts, and one charge.
func benchBooks(b *testing.B, s store.Store, n int) []store.Posting {
	last := make([]store.Posting, n)
	update(b, s, func(ctx context.Context, tx store.Tx) error {
		for i := range last {
			k := book{balance: ledger.Opened(client(fmt.Sprintf("many-%05d", i)).ID, funds(), accounttest.Now())}
			last[i] = k.posting(b, charge("bench", "0.0312"))
			if err := posting(store.Posting{Balance: k.balance}, last[i])(ctx, tx); err != nil {
				return err
			}
		}
		return nil
	})
	return last
}

// benchAppend charges accounts in turn, so many with each call. The rule is not
// measured: each charge is the account's last one once more, whatever it sums to.
func benchAppend(b *testing.B, s store.Store, last []store.Posting, size int) {
	ps := make([]store.Posting, size)
	b.ReportAllocs()
	for n := 0; b.Loop(); n += size {
		for i := range ps {
			p := &last[(n+i)%len(last)]
			p.From, p.Events = p.Balance.Version, nil
			p.Balance.Version++
			p.Balance.Entries++
			p.Entries[0].Number, p.Entries[0].Reference = p.Balance.Entries, strconv.FormatInt(p.Balance.Entries, 36)
			ps[i] = *p
		}
		outcomes, err := s.Append(b.Context(), ps)
		if err != nil || outcomes[0].Kind != store.OutcomeWritten {
			b.Fatal(outcomes, err)
		}
	}
}

func benchBalance(b *testing.B, s store.Store, of []store.Posting) {
	lookups := make([]store.Lookup, 1)
	b.ReportAllocs()
	for n := 0; b.Loop(); n++ {
		lookups[0].Account = of[n%len(of)].Balance.Account
		if _, err := s.Ledger(b.Context(), lookups); err != nil {
			b.Fatal(err)
		}
	}
}
