package storetest

import (
	"fmt"
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
		"none":                        {account.EntryQuery{}, []int64{8, 7, 6, 5, 4, 3, 2, 1}},
		"oldest first":                {account.EntryQuery{Oldest: true}, []int64{1, 2, 3, 4, 5, 6, 7, 8}},
		"a kind":                      {account.EntryQuery{Kinds: []account.MovementKind{account.KindHold}}, []int64{3, 2}},
		"two kinds":                   {account.EntryQuery{Kinds: []account.MovementKind{account.KindRelease, account.KindCapture}}, []int64{6, 4}},
		"a kind that is not there":    {account.EntryQuery{Kinds: []account.MovementKind{account.KindRefund}}, nil},
		"a reference":                 {account.EntryQuery{Reference: "c-7"}, []int64{7}},
		"a reference nobody used":     {account.EntryQuery{Reference: "c-"}, nil},
		"a hold's end":                {account.EntryQuery{Hold: "h-3"}, []int64{6}},
		"from an instant":             {account.EntryQuery{From: at(6)}, []int64{8, 7, 6}},
		"to an instant":               {account.EntryQuery{To: at(6)}, []int64{5, 4, 3, 2, 1}},
		"between instants":            {account.EntryQuery{From: at(3), To: at(5), Oldest: true}, []int64{3, 4}},
		"from before any year":        {account.EntryQuery{From: time.Date(-5, 1, 1, 0, 0, 0, 0, time.UTC), To: at(3)}, []int64{2, 1}},
		"to after any year":           {account.EntryQuery{From: at(7), To: time.Date(12_026, 1, 1, 0, 0, 0, 0, time.UTC)}, []int64{8, 7}},
		"from after any year":         {account.EntryQuery{From: time.Date(12_026, 1, 1, 0, 0, 0, 0, time.UTC)}, nil},
		"to before any year":          {account.EntryQuery{To: time.Date(-5, 1, 1, 0, 0, 0, 0, time.UTC)}, nil},
		"an instant in another zone":  {account.EntryQuery{From: at(8).In(time.FixedZone("", 3600))}, []int64{8}},
		"before a number":             {account.EntryQuery{Before: 3}, []int64{2, 1}},
		"before the first":            {account.EntryQuery{Before: 1}, nil},
		"after a number":              {account.EntryQuery{After: 6}, []int64{8, 7}},
		"after the last":              {account.EntryQuery{After: 8}, nil},
		"between numbers":             {account.EntryQuery{After: 2, Before: 5, Oldest: true}, []int64{3, 4}},
		"the first":                   {account.EntryQuery{Limit: 1, Oldest: true}, []int64{1}},
		"the last two":                {account.EntryQuery{Limit: 2}, []int64{8, 7}},
		"a kind, after, limited":      {account.EntryQuery{Kinds: []account.MovementKind{account.KindCharge}, After: 5, Oldest: true, Limit: 1}, []int64{7}},
		"a kind, before, limited":     {account.EntryQuery{Kinds: []account.MovementKind{account.KindCharge}, Before: 8, Limit: 1}, []int64{7}},
		"a reference outside numbers": {account.EntryQuery{Reference: "c-7", Before: 7}, nil},
		"several filters":             {account.EntryQuery{Kinds: []account.MovementKind{account.KindCharge}, From: at(6), To: at(8)}, []int64{7}},
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
