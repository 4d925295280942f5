package billing

import (
	"context"
	"slices"
	"testing"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/account/document"
	"github.com/clientaccount/clientaccount/store"
	"github.com/clientaccount/clientaccount/store/storetest/internal/support"
)

var usagePromises = []promise{
	{Name: "every field of usage comes back exactly", Test: usageFields},
	{Name: "every kind, price and refund has rows of its own", Test: usageKeys},
	{Name: "usage comes by period, then by key, of one account", Test: usageOrder},
	{Name: "usage is asked for from a period on, and of days", Test: usageAsked},
	{Name: "rows replace all of their days of the period, and nothing else", Test: usageReplaced},
	{Name: "usage of an account that is not there is ErrConflict", Test: usageOfNobody},
	{Name: "many rows are kept at once", Test: manyUsage},
	{Name: "any usage is kept, replaced and asked for as it should be", Test: anyUsage},
}

func usingUp(id account.ID, period int64, rows ...document.UsageRow) write {
	return func(ctx context.Context, tx store.BillingTx) error { return tx.PutUsage(ctx, id, period, rows) }
}

func (r rig) requireUsage(t support.TB, q store.UsageQuery, want ...store.UsageRow) {
	t.Helper()
	got, err := r.Usage(t.Context(), q)
	require.NoError(t, err)
	support.RequireFacts(t, want, got, "usage")
}

func of(period int64, rows ...document.UsageRow) (all []store.UsageRow) {
	for _, row := range rows {
		all = append(all, store.UsageRow{Period: period, UsageRow: row})
	}
	return all
}

// used is so many messages on a day.
func used(n int, messages int64) document.UsageRow {
	return document.UsageRow{
		UsageKey:  document.UsageKey{Day: day(n), Kind: account.KindCharge, Price: document.NewUnitPrice(money("0.03"), 1)},
		UsageSums: document.UsageSums{Entries: 1, Messages: messages, Moved: money("-0.03"), Held: money("0")},
	}
}

func usageFields(t *testing.T, r rig) {
	whole := document.UsageRow{
		UsageKey: document.UsageKey{
			Day: account.Date{Year: 1999, Month: 2, Day: 28}, Kind: account.KindRefund, Price: document.NewUnitPrice(money("999999999999.999999"), 1),
			Refund: document.RefundEarlier, Shared: true,
		},
		UsageSums: document.UsageSums{Entries: 1 << 50, Messages: 1<<53 + 1, Moved: money("-123456789012345678.678901"), Held: money("0.000001")},
	}
	requireFilled(t, whole.UsageKey)
	requireFilled(t, whole.UsageSums)
	bare := document.UsageRow{UsageKey: document.UsageKey{Day: account.Date{Year: 9999, Month: 12, Day: 31}, Kind: account.KindTopUp}}
	r.must(t, usingUp(r.one, 1<<40, whole, bare))
	r.requireUsage(t, store.UsageQuery{Account: r.one}, of(1<<40, whole, bare)...)
}

// keys are every kind with every price and refund, shared or not, of a day, in order.
func keys(n int) (all []document.UsageRow) {
	prices := []document.UnitPrice{{}, document.NewUnitPrice(money("0"), 1), document.NewUnitPrice(money("0.000001"), 1), document.NewUnitPrice(money("12"), 1), document.Various()}
	for _, kind := range account.MovementKinds() {
		for _, shared := range []bool{false, true} {
			for _, refund := range []document.RefundOf{document.RefundNone, document.RefundPeriod, document.RefundEarlier, document.RefundSubaccount} {
				for _, price := range prices {
					row := used(n, int64(len(all)))
					row.Kind, row.Price, row.Refund, row.Shared = kind, price, refund, shared
					all = append(all, row)
				}
			}
		}
	}
	slices.SortFunc(all, func(a, b document.UsageRow) int { return a.Compare(b.UsageKey) })
	return all
}

func usageKeys(t *testing.T, r rig) {
	all := keys(1)
	given := slices.Clone(all)
	slices.Reverse(given)
	r.must(t, usingUp(r.one, 0, given...))
	r.requireUsage(t, store.UsageQuery{Account: r.one}, of(0, all...)...)
}

func usageOrder(t *testing.T, r rig) {
	r.must(t, usingUp(r.one, 9, used(3, 1), used(1, 2)))
	r.must(t, usingUp(r.two, 5, used(1, 3)))
	r.must(t, usingUp(r.one, 10, used(1, 4)))
	r.must(t, usingUp(r.one, 0, used(2, 5)))
	r.requireUsage(t, store.UsageQuery{Account: r.one}, slices.Concat(
		of(0, used(2, 5)), of(9, used(1, 2), used(3, 1)), of(10, used(1, 4)))...)
	r.requireUsage(t, store.UsageQuery{Account: r.two}, of(5, used(1, 3))...)
	r.requireUsage(t, store.UsageQuery{Account: r.nobody})
	r.requireUsage(t, store.UsageQuery{})
}

func usageAsked(t *testing.T, r rig) {
	early, late := account.Date{Year: 2025, Month: 12, Day: 31}, account.Date{Year: 2027, Month: 1, Day: 1}
	first, last := used(1, 1), used(1, 2)
	first.Day, last.Day = early, late
	r.must(t, usingUp(r.one, 3, first, used(1, 3), used(30, 4)))
	r.must(t, usingUp(r.one, 7, used(2, 5), last))
	for _, c := range []struct {
		ask  store.UsageQuery
		want []store.UsageRow
	}{
		{store.UsageQuery{From: 3}, slices.Concat(of(3, first, used(1, 3), used(30, 4)), of(7, used(2, 5), last))},
		{store.UsageQuery{From: 4}, of(7, used(2, 5), last)},
		{store.UsageQuery{From: 7}, of(7, used(2, 5), last)},
		{store.UsageQuery{From: 8}, nil},
		{store.UsageQuery{First: day(1)}, slices.Concat(of(3, used(1, 3), used(30, 4)), of(7, used(2, 5), last))},
		{store.UsageQuery{First: day(2), Last: day(30)}, slices.Concat(of(3, used(30, 4)), of(7, used(2, 5)))},
		{store.UsageQuery{Last: day(1)}, of(3, first, used(1, 3))},
		{store.UsageQuery{First: late, Last: late}, of(7, last)},
		{store.UsageQuery{First: day(2), Last: day(1)}, nil},
		{store.UsageQuery{From: 4, Last: day(2)}, of(7, used(2, 5))},
	} {
		c.ask.Account = r.one
		r.requireUsage(t, c.ask, c.want...)
	}
}

func usageReplaced(t *testing.T, r rig) {
	dearer := used(1, 9)
	dearer.Price = document.NewUnitPrice(money("9"), 1)
	for _, id := range []account.ID{r.one, r.two} {
		r.must(t, usingUp(id, 3, used(1, 1), dearer, used(2, 2), used(3, 3)))
		r.must(t, usingUp(id, 4, used(1, 4)))
	}
	shared := used(1, 8)
	shared.Shared = true
	r.must(t, usingUp(r.one, 3, shared, used(3, 7)))
	r.requireUsage(t, store.UsageQuery{Account: r.one}, slices.Concat(of(3, shared, used(2, 2), used(3, 7)), of(4, used(1, 4)))...)
	r.must(t, usingUp(r.one, 3))
	r.must(t, usingUp(r.one, 4, used(2, 6)))
	r.requireUsage(t, store.UsageQuery{Account: r.one}, slices.Concat(of(3, shared, used(2, 2), used(3, 7)), of(4, used(1, 4), used(2, 6)))...)
	r.requireUsage(t, store.UsageQuery{Account: r.two}, slices.Concat(of(3, used(1, 1), dearer, used(2, 2), used(3, 3)), of(4, used(1, 4)))...)
}

func usageOfNobody(t *testing.T, r rig) {
	for _, id := range []account.ID{r.nobody, {}} {
		r.refused(t, account.ErrConflict, usingUp(id, 0, used(1, 1)))
		r.requireUsage(t, store.UsageQuery{Account: id})
	}
}

func millionths(n int) decimal.Decimal { return decimal.New(int64(n), -6) }

// manyUsage is more than a statement of any database has parameters for.
func manyUsage(t *testing.T, r rig) {
	var rows []document.UsageRow
	for n := range 5000 {
		row := used(1+n/1000, int64(n))
		row.Price = document.NewUnitPrice(millionths(n), 1)
		rows = append(rows, row)
	}
	for range 2 {
		r.must(t, usingUp(r.one, 0, rows...))
		r.requireUsage(t, store.UsageQuery{Account: r.one}, of(0, rows...)...)
	}
}

// anyUsage holds the store against a map.
func anyUsage(t *testing.T, r rig) {
	type place struct {
		period int64
		day    account.Date
	}
	kept := map[place][]document.UsageRow{}
	all := [...][]document.UsageRow{keys(1), keys(2), keys(3)}
	rapid.Check(t, func(t *rapid.T) {
		period := rapid.Int64Range(0, 3).Draw(t, "period")
		var rows []document.UsageRow
		for n := range all {
			day := rapid.SliceOfNDistinct(rapid.SampledFrom(all[n]), 0, 4, func(row document.UsageRow) document.UsageKey { return row.UsageKey }).Draw(t, "rows")
			for i := range day {
				day[i].Moved = millionths(rapid.IntRange(-1e9, 1e9).Draw(t, "moved"))
			}
			if len(day) > 0 {
				kept[place{period, day[0].Day}] = slices.SortedFunc(slices.Values(day), func(a, b document.UsageRow) int { return a.Compare(b.UsageKey) })
			}
			rows = append(rows, day...)
		}
		r.must(t, usingUp(r.one, period, rapid.Permutation(rows).Draw(t, "given")...))
		q := store.UsageQuery{Account: r.one, From: rapid.Int64Range(0, 4).Draw(t, "from")}
		if rapid.Bool().Draw(t, "bounded") {
			q.First, q.Last = day(rapid.IntRange(1, 3).Draw(t, "first")), day(rapid.IntRange(1, 3).Draw(t, "last"))
		}
		var want []store.UsageRow
		for period := q.From; period <= 3; period++ {
			for n := 1; n <= 3; n++ {
				if q.First.IsZero() || q.First.Day <= n && n <= q.Last.Day {
					want = append(want, of(period, kept[place{period, day(n)}]...)...)
				}
			}
		}
		r.requireUsage(t, q, want...)
	})
}
