package storetest

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/store"
)

var longLedgerPromises = []promise{
	{"filters of a long ledger keep the entries they name, alone and together", longFilters},
}

// longLedger returns a book of many entries, three at each microsecond: charges, of which
// every hundredth ends a hold, and a single adjustment.
func longLedger(t tb, s store.Store) *book {
	t.Helper()
	k := opened(t, s, "long", funds())
	const rows = 3100 // a store may read a few through, and treat them in runs
	for len(k.entries) < rows {
		p := store.Posting{From: k.balance.Version, Balance: k.balance}
		for n := len(k.entries); n < min(len(k.entries)+1000, rows); n++ {
			e := account.Entry{
				Account: k.balance.Account, Number: int64(n + 1), Kind: account.KindCharge, Reference: fmt.Sprint("r-", n+1), At: at(n / 3),
			}
			switch {
			case n == 1700:
				e.Kind = account.KindAdjust
			case n%100 == 0:
				e.Kind, e.Hold = account.KindCapture, fmt.Sprint("h-", n)
			}
			p.Entries = append(p.Entries, e)
			p.Balance.At = e.At
		}
		p.Balance.Version++
		p.Balance.Entries += int64(len(p.Entries))
		k.append(t, s, p)
	}
	return k
}

func longFilters(t *testing.T, s store.Store) {
	k := longLedger(t, s)
	spans := [][2]time.Time{
		{}, {at(500)}, {at(500).Add(1)}, {{}, at(500)}, {at(400), at(567)}, {at(1033)}, {{}, at(0)}, {at(-1), at(9000)}, {at(567), at(566)},
	}
	kinds := [][]account.MovementKind{
		nil, {account.KindAdjust}, {account.KindCharge}, {account.KindCapture, account.KindAdjust, account.KindCapture}, {account.KindRefund},
	}
	named := []account.EntryQuery{{}, {Hold: "h-1500"}, {Hold: "nobody's"}, {Reference: "r-1501"}, {Reference: "r-1501", Hold: "h-1500"}, {Before: 1600}, {After: 1500}}
	for _, q := range named {
		for _, q.Kinds = range kinds {
			for _, span := range spans {
				q.From, q.To = span[0], span[1]
				requireLong(t, s, k, q)
			}
		}
	}
}

// requireLong expects the first page from both ends.
func requireLong(t tb, s store.Store, k *book, q account.EntryQuery) {
	t.Helper()
	q.Account, q.Limit = k.balance.Account, 7
	for _, q.Oldest = range []bool{true, false} {
		want := slices.DeleteFunc(slices.Clone(k.entries), func(e account.Entry) bool { return !asked(e, q) })
		if !q.Oldest {
			slices.Reverse(want)
		}
		got, err := s.Entries(t.Context(), q)
		require.NoError(t, err)
		requireFacts(t, want[:min(len(want), q.Limit)], got, fmt.Sprintf("%+v", q))
	}
}

func asked(e account.Entry, q account.EntryQuery) bool {
	return (len(q.Kinds) == 0 || slices.Contains(q.Kinds, e.Kind)) && (q.Hold == "" || e.Hold == q.Hold) &&
		(q.Reference == "" || e.Reference == q.Reference) && (q.Before == 0 || e.Number < q.Before) && e.Number > q.After &&
		(q.From.IsZero() || !e.At.Before(q.From)) && (q.To.IsZero() || e.At.Before(q.To))
}
