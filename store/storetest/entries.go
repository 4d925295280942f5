package storetest

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/account/accounttest"
	"github.com/clientaccount/clientaccount/store"
)

var entryPromises = []promise{
	{"each filter of entries keeps the ones it names", entryFilters},
	{"pages of entries, one after another, are the whole ledger, both ways", entryPages},
	{"a page of entries or events has 50 rows unless told, 1000 at most", entryLimits},
	{"events come oldest first, after a number", eventPages},
}

// diary returns a book of which entry n was written n microseconds later: 1 a top-up, 2
// and 3 holds, 4 a capture, 5 a charge, 6 a release, 7 and 8 charges.
func diary(t tb, s store.Store) *book {
	t.Helper()
	k := opened(t, s, "diary", funds())
	other := opened(t, s, "other", funds())
	other.move(t, s, topUp("t-1", "1"), charge("c-5", "2"))
	for i, m := range []account.Movement{
		topUp("t-1", "10"), hold("h-2", "1", time.Hour), hold("h-3", "2", time.Hour), capture("c-4", "h-2"),
		charge("c-5", "1"), release("r-6", "h-3"), charge("c-7", "1"), charge("C-7", "1"),
	} {
		p := k.posting(t, m)
		p.Entries[0].At = at(i + 1)
		k.append(t, s, p)
	}
	return k
}

func entryFilters(t *testing.T, s store.Store) {
	k := diary(t, s)
	for name, c := range map[string]struct {
		q    account.EntryQuery
		want []int64
	}{
		"none":                         {account.EntryQuery{}, []int64{8, 7, 6, 5, 4, 3, 2, 1}},
		"oldest first":                 {account.EntryQuery{Oldest: true}, []int64{1, 2, 3, 4, 5, 6, 7, 8}},
		"a kind":                       {account.EntryQuery{Kinds: []account.MovementKind{account.KindHold}}, []int64{3, 2}},
		"two kinds":                    {account.EntryQuery{Kinds: []account.MovementKind{account.KindRelease, account.KindCapture}}, []int64{6, 4}},
		"a kind that is not there":     {account.EntryQuery{Kinds: []account.MovementKind{account.KindRefund}}, nil},
		"a reference":                  {account.EntryQuery{Reference: "c-7"}, []int64{7}},
		"a reference nobody used":      {account.EntryQuery{Reference: "c-"}, nil},
		"a reference by its beginning": {account.EntryQuery{Reference: "c-", Prefix: true}, []int64{7, 5, 4}},
		"a whole reference that begins nothing else": {account.EntryQuery{Reference: "C-7", Prefix: true}, []int64{8}},
		"a beginning of which holds end":             {account.EntryQuery{Reference: "c", Prefix: true, Hold: "h-2", Oldest: true}, []int64{4}},
		"a beginning, a kind, limited":               {account.EntryQuery{Reference: "c-", Prefix: true, Kinds: []account.MovementKind{account.KindCharge}, Limit: 1}, []int64{7}},
		"a beginning of none":                        {account.EntryQuery{Prefix: true, Limit: 1}, []int64{8}},
		"a hold's end":                               {account.EntryQuery{Hold: "h-3"}, []int64{6}},
		"from an instant":                            {account.EntryQuery{From: at(6)}, []int64{8, 7, 6}},
		"to an instant":                              {account.EntryQuery{To: at(6)}, []int64{5, 4, 3, 2, 1}},
		"between instants":                           {account.EntryQuery{From: at(3), To: at(5), Oldest: true}, []int64{3, 4}},
		"from before any year":                       {account.EntryQuery{From: time.Date(-5, 1, 1, 0, 0, 0, 0, time.UTC), To: at(3)}, []int64{2, 1}},
		"to after any year":                          {account.EntryQuery{From: at(7), To: time.Date(12_026, 1, 1, 0, 0, 0, 0, time.UTC)}, []int64{8, 7}},
		"from after any year":                        {account.EntryQuery{From: time.Date(12_026, 1, 1, 0, 0, 0, 0, time.UTC)}, nil},
		"to before any year":                         {account.EntryQuery{To: time.Date(-5, 1, 1, 0, 0, 0, 0, time.UTC)}, nil},
		"an instant in another zone":                 {account.EntryQuery{From: at(8).In(time.FixedZone("", 3600))}, []int64{8}},
		"before a number":                            {account.EntryQuery{Before: 3}, []int64{2, 1}},
		"before the first":                           {account.EntryQuery{Before: 1}, nil},
		"after a number":                             {account.EntryQuery{After: 6}, []int64{8, 7}},
		"after the last":                             {account.EntryQuery{After: 8}, nil},
		"between numbers":                            {account.EntryQuery{After: 2, Before: 5, Oldest: true}, []int64{3, 4}},
		"the first":                                  {account.EntryQuery{Limit: 1, Oldest: true}, []int64{1}},
		"the last two":                               {account.EntryQuery{Limit: 2}, []int64{8, 7}},
		"a kind, after, limited":                     {account.EntryQuery{Kinds: []account.MovementKind{account.KindCharge}, After: 5, Oldest: true, Limit: 1}, []int64{7}},
		"a kind, before, limited":                    {account.EntryQuery{Kinds: []account.MovementKind{account.KindCharge}, Before: 8, Limit: 1}, []int64{7}},
		"a reference outside numbers":                {account.EntryQuery{Reference: "c-7", Before: 7}, nil},
		"several filters":                            {account.EntryQuery{Kinds: []account.MovementKind{account.KindCharge}, From: at(6), To: at(8)}, []int64{7}},
	} {
		t.Run(name, func(t *testing.T) {
			c.q.Account = k.balance.Account
			got, err := s.Entries(t.Context(), c.q)
			require.NoError(t, err)
			var want []account.Entry
			for _, number := range c.want {
				want = append(want, k.entries[number-1])
			}
			requireFacts(t, want, got, "the entries")
		})
	}
	none, err := s.Entries(t.Context(), account.EntryQuery{Account: accounttest.ID(99)})
	require.NoError(t, err)
	require.Empty(t, none, "entries of nobody")
}

func entryPages(t *testing.T, s store.Store) {
	k := diary(t, s)
	for _, oldest := range []bool{true, false} {
		q := account.EntryQuery{Account: k.balance.Account, Oldest: oldest, Limit: 3}
		var got []account.Entry
		for {
			page, err := s.Entries(t.Context(), q)
			require.NoError(t, err)
			got = append(got, page...)
			if len(page) < q.Limit {
				break
			}
			if q.Before = page[len(page)-1].Number; oldest {
				q.After, q.Before = q.Before, 0
			}
			k.move(t, s, charge(fmt.Sprint("between ", oldest, q.Before, q.After), "1"))
		}
		want := k.entries // newer ones come behind, or are left out
		if !oldest {
			want = nil
			for i := range got {
				want = append(want, k.entries[int(got[0].Number)-1-i])
			}
			require.Equal(t, int64(1), got[len(got)-1].Number)
		}
		requireFacts(t, want, got, "the pages")
	}
}

// entryLimits writes more entries and events than a page has.
func entryLimits(t *testing.T, s store.Store) {
	k := opened(t, s, "long", funds())
	const rows = account.MaxPage + 1
	p := store.Posting{From: k.balance.Version, Balance: k.balance}
	p.Balance.Version, p.Balance.Entries, p.Balance.Events = 2, rows, rows
	for n := range int64(rows) {
		e := account.Entry{Account: k.balance.Account, Number: n + 1, Kind: account.KindTopUp, Reference: fmt.Sprint(n), At: at(0)}
		p.Entries = append(p.Entries, e)
		p.Events = append(p.Events, account.Event{Account: e.Account, Number: e.Number, Kind: account.EventExhausted, At: at(0)})
	}
	k.append(t, s, p)
	for limit, want := range map[int]int{-1: 50, 0: 50, 7: 7, account.MaxPage: account.MaxPage, 1 << 30: account.MaxPage} {
		entries, err := s.Entries(t.Context(), account.EntryQuery{Account: k.balance.Account, Limit: limit})
		require.NoError(t, err)
		require.Len(t, entries, want)
		events, err := s.Events(t.Context(), account.EventQuery{Account: k.balance.Account, Limit: limit})
		require.NoError(t, err)
		require.Len(t, events, want)
	}
}

func eventPages(t *testing.T, s store.Store) {
	terms := account.Terms{Currency: "EUR", Limit: account.MoneyLimit(money("5"))}
	k, other := opened(t, s, "told", terms), opened(t, s, "other", terms)
	for n := range 3 {
		k.move(t, s, topUp(fmt.Sprint("t-", n), "10"), charge(fmt.Sprint("c-", n), "10"))
		other.move(t, s, topUp(fmt.Sprint("t-", n), "10"), charge(fmt.Sprint("c-", n), "10"))
	}
	for after := range int64(len(k.events)) + 2 {
		for _, limit := range []int{1, 2, 0} {
			got, err := s.Events(t.Context(), account.EventQuery{Account: k.balance.Account, After: after, Limit: limit})
			require.NoError(t, err)
			want := k.events[min(int(after), len(k.events)):]
			if limit > 0 {
				want = want[:min(limit, len(want))]
			}
			requireFacts(t, want, got, "the events")
		}
	}
}

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
	named := []account.EntryQuery{{}, {Hold: "h-1500"}, {Hold: "nobody's"}, {Reference: "r-1501"}, {Reference: "r-1501", Hold: "h-1500"}, {Reference: "r-150", Prefix: true}, {Before: 1600}, {After: 1500}}
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
		(q.Reference == "" || e.Reference == q.Reference || q.Prefix && strings.HasPrefix(e.Reference, q.Reference)) && (q.Before == 0 || e.Number < q.Before) && e.Number > q.After &&
		(q.From.IsZero() || !e.At.Before(q.From)) && (q.To.IsZero() || e.At.Before(q.To))
}
