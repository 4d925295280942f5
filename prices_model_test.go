package clientaccount_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/clientaccount/clientaccount"
	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/account/price"
	"github.com/clientaccount/clientaccount/store"
)

// naiveFind is what a message costs by rows alone: own before the product's, the network's before the
// country's, the newest that has begun.
func naiveFind(own, product []price.Row, n price.Network, at time.Time) string {
	for _, rows := range [][]price.Row{own, product} {
		for _, of := range []price.Network{n, n.Whole()} {
			var newest *price.Row
			for i, r := range rows {
				if r.Network == of && !r.From.After(at) && (newest == nil || r.From.After(newest.From)) {
					newest = &rows[i]
				}
			}
			switch {
			case newest == nil || newest.State == price.StateWithdrawn:
			case newest.State == price.StateClosed:
				return "price.unknown"
			default:
				return newest.Price.Mul(money("2")).String()
			}
		}
	}
	return "price.unknown"
}

// Whatever is announced and taken back, decisions cost what the rows say, and rows are in a list
// once, from their instant on.
func TestAnnouncedPricesAgreeWithANaiveTwin(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		b := newBench(t)
		p := b.tariff("Gold")
		a := b.create("acme", sender, on(p))
		other := b.service(cheap) // another host, which hears of nothing
		twin := map[store.PriceOwner][]price.Row{}
		owners := []store.PriceOwner{ofProduct(p), ofClient(a)}
		for range rapid.IntRange(1, 12).Draw(rt, "steps") {
			of := rapid.SampledFrom(owners).Draw(rt, "owner")
			var d price.Draft
			for _, r := range twin[of] {
				if rapid.IntRange(0, 2).Draw(rt, "undo") == 0 {
					d.Undo = append(d.Undo, r.Start())
				}
			}
			for range rapid.IntRange(0, 3).Draw(rt, "rows") {
				d.Rows = append(d.Rows, b.row(
					rapid.SampledFrom([]string{"255", "25501", "25502", "256"}).Draw(rt, "network"),
					rapid.SampledFrom([]string{"1", "2", "0.5", "closed", "withdrawn"}).Draw(rt, "price"),
					rapid.IntRange(-1, 4).Draw(rt, "hours"),
				))
			}
			next, sound := naiveApply(twin[of], d, b.svc.Now())
			kept, err := b.svc.SavePriceDraft(t.Context(), store.PriceDraft{Owner: of, Draft: d})
			_, faulty := price.AsFaults(err)
			require.Equal(rt, sound, err == nil, "%+v: %v", d, err)
			require.Equal(rt, !sound, faulty, err)
			if sound {
				_, err = b.svc.AnnouncePrices(t.Context(), of, kept.Revision, olena, "")
				require.NoError(rt, err)
				twin[of] = next
			}
			b.clock.Advance(time.Duration(rapid.IntRange(1, 3).Draw(rt, "pass")) * time.Hour)
			for _, n := range []price.Network{{MCC: "255"}, {MCC: "255", MNC: "01"}, {MCC: "255", MNC: "02"}, {MCC: "256", MNC: "01"}} {
				want := naiveFind(twin[owners[1]], twin[owners[0]], n, b.svc.Now())
				for i, svc := range []*clientaccount.Service{b.svc, other} {
					got, err := svc.Decide(t.Context(), a.ID, unpriced(n.MCC, n.MNC))
					require.NoError(rt, err)
					require.Equal(rt, want, costOf(got), "%v by host %d", n, i)
				}
			}
		}
	})
}

func costOf(d account.Decision) string {
	for _, f := range d.Findings {
		if f.Code == "price.unknown" {
			return f.Code
		}
	}
	cost, _ := d.Cost()
	return cost.String()
}

// naiveApply returns rows as a draft leaves them, and whether it may.
func naiveApply(rows []price.Row, d price.Draft, now time.Time) (next []price.Row, sound bool) {
	next = slices.Clone(rows)
	for _, s := range d.Undo {
		i := slices.IndexFunc(next, func(r price.Row) bool { return r.Start() == s })
		if i < 0 || !s.From.After(now) {
			return nil, false
		}
		next = slices.Delete(next, i, i+1)
	}
	seen := map[string]bool{}
	for _, r := range next {
		seen[fmt.Sprint(r.Start())] = true
	}
	for _, r := range d.Rows {
		if seen[fmt.Sprint(r.Start())] || r.From.Before(now) {
			return nil, false
		}
		seen[fmt.Sprint(r.Start())] = true
		next = append(next, r)
	}
	return next, true
}
