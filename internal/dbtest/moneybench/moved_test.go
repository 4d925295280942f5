package moneybench

import (
	"testing"

	"github.com/clientaccount/clientaccount/internal/dbtest/postgres"
)

// BenchmarkMoved prints what charges pay for the Clients list.
func BenchmarkMoved(b *testing.B) {
	t := &table{}
	movedBars(b, t)
	t.print("The hour of the last entry: ratios within this run, medians of rounds")
}

// movedBars charges in two databases in turn, one of them without the column by which the Clients
// list finds who moved, and its index.
func movedBars(b *testing.B, t *table) {
	with, without := newStage(b, postgres.DSN(b)), newStage(b, postgres.DSN(b))
	without.exec(`ALTER TABLE clientaccount_balances DROP COLUMN moved_hour`)
	stages := []*stage{with, without}
	got := map[*stage]map[int]rounds{with: {}, without: {}}
	for n := range 3 * nRounds {
		for k := range stages {
			s := stages[(n+k)%len(stages)] // who is first changes
			for _, accounts := range []int{1, spread} {
				s.reset()
				s.exec(`CHECKPOINT`)
				got[s][accounts] = append(got[s][accounts], drive(b, s.ours(s.svc), load{callers: 32, accounts: accounts}, duration))
			}
		}
	}
	t.atLeast("12", "charges with the hour of the last entry, to without: one account", 0.97, ratio(got[with][1], got[without][1]))
	t.atLeast("12", "the same: 10,000 accounts", 0.97, ratio(got[with][spread], got[without][spread]))
}
