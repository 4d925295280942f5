package dbtest

import (
	"net/url"
	"testing"
	"time"

	"github.com/uptrace/bun"
	"pgregory.net/rapid"

	"github.com/clientaccount/clientaccount"
	"github.com/clientaccount/clientaccount/internal/moneytest"
)

// histories runs random histories of two processes on a database; the accounts of each
// history are its own.
func histories(t *testing.T, db *bun.DB, n int) {
	t.Helper()
	moneytest.Checks(t, n)
	st := newStore(t, db)
	run := 0
	rapid.Check(t, func(rt *rapid.T) {
		run++ // so that a history tried again has other logins
		clock := moneytest.NewClock(time.Date(2026, 11, 24, 9, 30, 0, run*1000, time.UTC))
		o := &clientaccount.Options{
			Clock: clock.Now, Hash: clientaccount.HashCost{MemoryKiB: 64, Iterations: 1, Parallelism: 1},
		}
		moneytest.History(rt, clock, 50, clientaccount.New(st, o), clientaccount.New(st, o))
	})
}

func TestMoneyAgreesWithTheReferenceModel(t *testing.T) {
	t.Run("SQLite", func(t *testing.T) {
		histories(t, openSQLiteStore(t), 40)
	})
	t.Run("PostgreSQL", func(t *testing.T) {
		histories(t, openPostgres(t, storeDSN(t), nil), 20)
	})
	t.Run("PostgreSQL, serializable by default", func(t *testing.T) {
		histories(t, openPostgres(t, storeDSN(t), url.Values{"default_transaction_isolation": {"serializable"}}), 8)
	})
}
