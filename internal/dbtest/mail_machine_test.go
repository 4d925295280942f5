package dbtest

import (
	"testing"
	"time"

	"github.com/uptrace/bun"
	"pgregory.net/rapid"

	"github.com/clientaccount/clientaccount"
	"github.com/clientaccount/clientaccount/internal/moneytest"
)

func TestMailAgreesWithTheReferenceModel(t *testing.T) {
	for name, p := range map[string]struct {
		open   func(t *testing.T) *bun.DB
		checks int
	}{
		"SQLite":     {func(t *testing.T) *bun.DB { return openSQLiteStore(t) }, 15},
		"PostgreSQL": {func(t *testing.T) *bun.DB { return openPostgres(t, storeDSN(t), nil) }, 10},
	} {
		t.Run(name, func(t *testing.T) {
			moneytest.Checks(t, p.checks)
			st := newStore(t, p.open(t))
			run := 0
			rapid.Check(t, func(rt *rapid.T) {
				run++ // so that a history tried again has other logins and networks
				clock := moneytest.NewClock(time.Date(2026, 11, 24, 9, 30, 0, run*1000, time.UTC))
				moneytest.MailHistory(rt, clock, 40, func(o *clientaccount.Options) *clientaccount.Service {
					return clientaccount.New(st, o)
				})
			})
		})
	}
}
