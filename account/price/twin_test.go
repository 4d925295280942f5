package price_test

// The twin: what a price is, said in the plainest way, by looking at every row.

import (
	"testing"
	"time"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/account/price"
)

// scan is Find by scanning: in each list, of the network, then of the country, the newest row
// that has begun, unless that is withdrawn.
func scan(own, product []price.Row, n price.Network, at time.Time) (price.Found, bool) {
	for _, list := range []struct {
		rows   []price.Row
		origin account.Origin
	}{{own, account.OriginOwn}, {product, account.OriginProduct}} {
		for _, wanted := range []price.Network{n, n.Whole()} {
			var newest *price.Row
			for i, r := range list.rows {
				begun := r.Network == wanted && !r.From.After(at)
				if begun && (newest == nil || r.From.After(newest.From)) {
					newest = &list.rows[i]
				}
			}
			if newest != nil && newest.State != price.StateWithdrawn {
				return price.Found{Row: *newest, Origin: list.origin}, newest.State == price.StatePriced
			}
		}
	}
	return price.Found{}, false
}

var (
	day0     = time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	networks = []price.Network{
		{MCC: "255"},
		{MCC: "255", MNC: "01"},
		{MCC: "255", MNC: "001"},
		{MCC: "255", MNC: "99"},
		{MCC: "000", MNC: "00"},
		{MCC: "001"},
		{MCC: "999", MNC: "999"},
	}
	instants = rapid.Custom(func(t *rapid.T) time.Time {
		return day0.Add(time.Duration(rapid.Int64Range(0, 12).Draw(t, "hour")) * time.Hour).
			Add(time.Duration(rapid.Int64Range(-1, 1).Draw(t, "more")) * time.Microsecond)
	})
	someNetwork = rapid.SampledFrom(networks)
	someRow     = rapid.Custom(func(t *rapid.T) price.Row {
		r := price.Row{
			Network: someNetwork.Draw(t, "network"), From: instants.Draw(t, "from"),
			State: rapid.SampledFrom([]price.State{"", "", price.StateClosed, price.StateWithdrawn}).Draw(t, "state"),
		}
		if r.State == price.StatePriced {
			r.Price = decimal.New(rapid.Int64Range(0, 5).Draw(t, "price"), -2)
		}
		return r
	})
	someRows = rapid.SliceOfNDistinct(someRow, 0, 14, price.Row.Start)
)

func mustList(t require.TestingT, rows []price.Row) *price.List {
	list, err := price.NewList(rows)
	require.NoError(t, err)
	return list
}

// equalFound compares prices as numbers.
func equalFound(t require.TestingT, want, got price.Found) {
	require.Equal(t, want.Start(), got.Start())
	require.Equal(t, want.State, got.State)
	require.Equal(t, want.Origin, got.Origin)
	require.True(t, want.Price.Equal(got.Price), "%s, not %s", want.Price, got.Price)
}

func TestFindAgreesWithALinearScan(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		own, product := someRows.Draw(t, "own"), someRows.Draw(t, "product")
		prices := price.Prices{Own: mustList(t, own), Product: mustList(t, product)}
		for range 10 {
			n, at := someNetwork.Draw(t, "network"), instants.Draw(t, "at")

			want, wantSold := scan(own, product, n, at)
			got, sold := prices.Find(n, at)

			require.Equal(t, wantSold, sold)
			equalFound(t, want, got)
			priced, known := prices.Price(n, at).Get()
			require.Equal(t, wantSold, known)
			require.True(t, !known || priced.Equal(want.Price))
		}
	})
}

// someDraft returns one that can be applied to the rows now: what it takes back has not begun, and
// what it adds stands where nothing does.
func someDraft(t *rapid.T, rows []price.Row, now time.Time) price.Draft {
	var d price.Draft
	taken := map[price.Start]bool{}
	for _, r := range rows {
		if r.From.After(now) && rapid.Bool().Draw(t, "undo") {
			d.Undo = append(d.Undo, r.Start())
			continue
		}
		taken[r.Start()] = true
	}
	for _, r := range someRows.Draw(t, "added") {
		if !taken[r.Start()] && !r.From.Before(now) {
			d.Rows = append(d.Rows, r)
		}
	}
	return d
}

// Nothing is cheaper or dearer before its instant, whatever is drafted.
func TestDraftChangesNothingBeforeNowOrItsInstants(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		rows, now := someRows.Draw(t, "rows"), instants.Draw(t, "now")
		old := mustList(t, rows)
		draft := someDraft(t, rows, now)

		list, err := draft.Apply(old, now)

		require.NoError(t, err)
		require.Equal(t, old.Len()-len(draft.Undo)+len(draft.Rows), list.Len())
		first := day0.AddDate(1, 0, 0)
		for _, s := range draft.Undo {
			first = minTime(first, s.From)
		}
		for _, r := range draft.Rows {
			first = minTime(first, r.From)
		}
		before, after := price.Prices{Own: old}, price.Prices{Own: list}
		for _, n := range networks {
			for at := day0.Add(-2 * time.Microsecond); at.Before(first); at = at.Add(30 * time.Minute) {
				require.Equal(t, before.Price(n, at), after.Price(n, at))
			}
			last := first.Add(-time.Microsecond)
			require.Equal(t, before.Price(n, last), after.Price(n, last))
		}
	})
}

func minTime(a, b time.Time) time.Time {
	if a.Before(b) {
		return a
	}
	return b
}

func TestDraftTakenBackLeavesTheList(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		rows, now := someRows.Draw(t, "rows"), instants.Draw(t, "now")
		old := mustList(t, rows)
		draft := someDraft(t, rows, now.Add(time.Microsecond)) // all that is added has not begun

		list, err := draft.Apply(old, now)
		require.NoError(t, err)
		var back price.Draft
		for _, r := range draft.Rows {
			back.Undo = append(back.Undo, r.Start())
		}
		for _, r := range old.Rows() {
			if !list.Has(r.Start()) || hasStart(back.Undo, r.Start()) {
				back.Rows = append(back.Rows, r)
			}
		}
		again, err := back.Apply(list, now)

		require.NoError(t, err)
		require.Equal(t, old.Rows(), again.Rows())
	})
}

func hasStart(starts []price.Start, s price.Start) bool {
	for _, other := range starts {
		if other == s {
			return true
		}
	}
	return false
}

// Changes names exactly the starts of the draft, and what else is altered at its instants;
// with the price until then, or the one that had been planned.
func TestDraftChangesAgreeWithALinearScan(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		rows, others, now := someRows.Draw(t, "rows"), someRows.Draw(t, "others"), instants.Draw(t, "now")
		ownDrafted := rapid.Bool().Draw(t, "own drafted")
		draft := someDraft(t, rows, now)
		list, err := draft.Apply(mustList(t, rows), now)
		require.NoError(t, err)
		scanned := func(rows []price.Row, n price.Network, at time.Time) account.Optional[decimal.Decimal] {
			own, product := others, rows
			if ownDrafted {
				own, product = rows, others
			}
			found, sold := scan(own, product, n, at)
			if !sold {
				return account.Optional[decimal.Decimal]{}
			}
			return account.Some(found.Price)
		}
		side := func(l *price.List) price.Prices {
			if ownDrafted {
				return price.Prices{Own: l, Product: mustList(t, others)}
			}
			return price.Prices{Own: mustList(t, others), Product: l}
		}
		type fact struct {
			start         price.Start
			before, after string
		}
		known := map[price.Network]bool{}
		for _, r := range append(append(append([]price.Row{}, rows...), others...), list.Rows()...) {
			known[r.Network] = true
		}
		named, at := map[price.Start]bool{}, map[string]map[time.Time]bool{}
		touch := func(s price.Start) {
			named[s] = true
			if s.MNC == "" {
				if at[s.MCC] == nil {
					at[s.MCC] = map[time.Time]bool{}
				}
				at[s.MCC][s.From] = true
			}
		}
		for _, s := range draft.Undo {
			touch(s)
		}
		for _, r := range draft.Rows {
			touch(r.Start())
		}
		var want []fact
		add := func(s price.Start, always bool) {
			planned, after := scanned(rows, s.Network, s.From), scanned(list.Rows(), s.Network, s.From)
			before := scanned(list.Rows(), s.Network, s.From.Add(-time.Microsecond))
			if before.String() == after.String() {
				before = planned
			}
			if always || planned.String() != after.String() {
				want = append(want, fact{s, before.String(), after.String()})
			}
		}
		for s := range named {
			add(s, true)
		}
		for n := range known {
			for instant := range at[n.MCC] {
				if s := (price.Start{Network: n, From: instant}); !named[s] {
					add(s, false)
				}
			}
		}

		var got []fact
		for _, c := range draft.Changes(side(mustList(t, rows)), side(list)) {
			got = append(got, fact{price.Start{Network: c.Network, From: c.From}, c.Before.String(), c.After.String()})
		}

		require.ElementsMatch(t, want, got)
	})
}

// Whoever follows a schedule pays what Find says, at every instant from since on.
func TestScheduleIsWhatFindSays(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		own, product := someRows.Draw(t, "own"), someRows.Draw(t, "product")
		since := instants.Draw(t, "since")
		prices := price.Prices{Own: mustList(t, own), Product: mustList(t, product)}

		schedule := prices.Schedule(since)

		for _, n := range prices.Networks() {
			for at := since; at.Before(day0.Add(14 * time.Hour)); at = at.Add(20 * time.Minute) {
				told := account.Optional[decimal.Decimal]{}
				for _, c := range schedule {
					if c.Network == n && !c.From.After(at) {
						require.False(t, c.Kind() != price.ChangeNone && c.From.Before(since), "a change that was")
						told = c.After
					}
				}
				require.Equal(t, prices.Price(n, at).String(), told.String(), "%v at %s", n, at)
			}
		}
	})
}
