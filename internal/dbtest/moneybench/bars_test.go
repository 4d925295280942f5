package moneybench

import "testing"

// BenchmarkBars prints one table of all bars. It is run once, whatever b.N says, and takes a
// quarter of an hour.
func BenchmarkBars(b *testing.B) {
	t := &table{}
	for _, bars := range []func(*testing.B, *table){moneyBars, submitBars, wayBars, eventBars, deliverBars, hangBars, documentBars, movedBars} {
		bars(b, t)
	}
	t.print("All bars: ratios within this run, medians of rounds")
}
