package storetest

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/account/accounttest"
	"github.com/clientaccount/clientaccount/internal/ledger"
	"github.com/clientaccount/clientaccount/store"
)

var holdPromises = []promise{
	{"holds come by time-out and then reference, page after page", holdPages},
	{"a page of holds begins behind one, also if that was ended", holdAfter},
	{"due holds are those whose time-out has come", holdsDue},
	{"a look-up gives the first due holds, and when the next is due", lookUpDue},
	{"a look-up adds up all due holds, or those since an instant, whoever pays", sumDue},
}

// pledges has holds that time out n seconds from Now under references that sort
// differently with and without regard to case, bytes and accents.
func pledges(t tb, s store.Store) *book {
	t.Helper()
	k, other := opened(t, s, "pledges", funds()), opened(t, s, "other", funds())
	other.move(t, s, hold("a", "1", time.Second), hold("other", "1", time.Second))
	var ms []account.Movement
	for seconds, references := range []string{"b a B é A _ -", "z", "d C 10 9"} {
		for reference := range strings.FieldsSeq(references) {
			ms = append(ms, hold(reference, "1", time.Duration(seconds+1)*time.Second))
		}
	}
	k.move(t, s, ms...)
	return k
}

func holdPages(t *testing.T, s store.Store) {
	k := pledges(t, s)
	for limit := 1; limit <= len(k.holds)+1; limit++ {
		q := account.HoldQuery{Account: k.balance.Account, Limit: limit}
		var got []account.Hold
		for {
			page, err := s.Holds(t.Context(), q)
			require.NoError(t, err)
			require.LessOrEqual(t, len(page), limit)
			got = append(got, page...)
			if len(page) < limit {
				break
			}
			q.After = &page[len(page)-1]
		}
		requireFacts(t, k.holds, got, "the pages")
	}
	none, err := s.Holds(t.Context(), account.HoldQuery{Account: accounttest.ID(99)})
	require.NoError(t, err)
	require.Empty(t, none, "holds of nobody")
}

func holdAfter(t *testing.T, s store.Store) {
	k := pledges(t, s)
	for len(k.holds) > 1 {
		first := k.holds[0]
		k.move(t, s, release("r-"+first.Reference, first.Reference))
		got, err := s.Holds(t.Context(), account.HoldQuery{Account: k.balance.Account, After: &first})
		require.NoError(t, err)
		requireFacts(t, k.holds, got, "the holds behind one that was ended")
	}
}

func holdsDue(t *testing.T, s store.Store) {
	k := pledges(t, s)
	for _, now := range []time.Time{at(0), at(999_999), at(1_000_000), at(2_000_000), at(2_999_999), at(9e6)} {
		want := slices.DeleteFunc(slices.Clone(k.holds), func(h account.Hold) bool { return h.Stands(now) })
		got, err := s.Holds(t.Context(), account.HoldQuery{Account: k.balance.Account, Due: now})
		require.NoError(t, err)
		requireFacts(t, want, got, "the due holds")
		if len(want) > 0 {
			got, err = s.Holds(t.Context(), account.HoldQuery{Account: k.balance.Account, Due: now, After: &want[0], Limit: 2})
			require.NoError(t, err)
			requireFacts(t, want[1:min(3, len(want))], got, "the due holds behind the first")
		}
	}
}

// lookUpDue has more due holds than one look-up returns.
func lookUpDue(t *testing.T, s store.Store) {
	k := opened(t, s, "due", funds())
	id := k.balance.Account
	require.Empty(t, lookUp(t, s, store.Lookup{Account: id, Due: at(9e6)}).Due)
	const rows = store.MaxDue + 3
	ms := make([]account.Movement, rows)
	for i := range ms {
		ms[i] = hold(fmt.Sprintf("h-%03d", i), "0.01", time.Duration((i*10)%rows+1)*time.Second)
	}
	k.move(t, s, ms...)
	for seconds, want := range map[int]int{0: 0, 1: 1, 5: 5, store.MaxDue - 1: store.MaxDue - 1, store.MaxDue: store.MaxDue, store.MaxDue + 1: store.MaxDue, rows: store.MaxDue} {
		got := lookUp(t, s, store.Lookup{Account: id, Due: at(1e6 * seconds)})
		requireFacts(t, k.holds[:want], got.Due, "the due holds")
		requireInstant(t, k.holds[want].Until, got.Expires)
	}
	none := lookUp(t, s, store.Lookup{Account: id})
	require.Empty(t, none.Due, "due holds that nobody asked for")
	var ends []account.Movement
	for _, h := range k.holds[1:] {
		ends = append(ends, release("r-"+h.Reference, h.Reference))
	}
	k.move(t, s, ends...)
	last := lookUp(t, s, store.Lookup{Account: id, Due: at(9e8)})
	requireFacts(t, k.holds, last.Due, "the last hold")
	require.True(t, last.Expires.IsZero(), "no hold stands behind the due ones")
}

// sumDue has more due holds than a look-up lists, of several amounts and of money of its
// own and shared.
func sumDue(t *testing.T, s store.Store) {
	k, other := opened(t, s, "sum", funds()), opened(t, s, "other", funds())
	id := k.balance.Account
	p := store.Posting{From: k.balance.Version, Balance: k.balance}
	p.Balance.Version++
	for n := range store.MaxDue + 50 {
		h := account.Hold{
			Account: id, Reference: fmt.Sprint("h-", n), Amount: money("0.1").Mul(decimal.NewFromInt(int64(n%3 + 1))),
			At: at(n), Until: at(1e6 * (n + 1)),
		}
		switch n % 4 {
		case 1:
			h.Chain = []account.ID{id, other.balance.Account}
		case 2:
			h.Chain = []account.ID{other.balance.Account, id}
		}
		p.Holds = append(p.Holds, h)
	}
	k.append(t, s, p)
	for _, seconds := range []int{0, 1, 100, store.MaxDue, store.MaxDue + 50} {
		for _, since := range []int{-1, 0, 50, store.MaxDue + 10} {
			l := store.Lookup{Account: id, Due: at(1e6 * seconds), Sum: true}
			if since > seconds {
				continue
			}
			if since >= 0 {
				l.Since = at(1e6 * since)
			}
			var want store.Overdue
			for _, h := range p.Holds {
				switch {
				case h.Stands(l.Due):
					if want.Next.IsZero() {
						want.Next = h.Until
					}
				case h.Until.After(l.Since):
					want.Add(h, 1)
				}
			}
			requireSum(t, k.balance, want, lookUp(t, s, l).Overdue)
		}
	}
	require.True(t, lookUp(t, s, store.Lookup{Account: id, Due: at(9e9)}).Overdue.IsZero(), "a sum that nobody asked for")
}

// requireSum compares what sums leave of a balance.
func requireSum(t tb, b account.Balance, want, got store.Overdue) {
	t.Helper()
	b.Expires, b.Held, b.Spent = at(0), money("1000"), money("1000")
	left, has := ledger.Without(b, want, at(1)), ledger.Without(b, got, at(1))
	require.Equal(t, left.Held.String(), has.Held.String(), "of its own money")
	require.Equal(t, left.Spent.String(), has.Spent.String(), "of shared money")
	require.Equal(t, want.IsZero(), got.IsZero())
	requireInstant(t, left.Expires, has.Expires)
}
