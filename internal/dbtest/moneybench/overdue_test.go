package moneybench

import (
	"context"
	"database/sql"
	"fmt"
	"path/filepath"
	"testing"
	"time"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"
	"github.com/uptrace/bun"
	"github.com/uptrace/bun/dialect"
	"github.com/uptrace/bun/dialect/pgdialect"
	"github.com/uptrace/bun/dialect/sqlitedialect"

	"github.com/clientaccount/clientaccount"
	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/account/accounttest"
	"github.com/clientaccount/clientaccount/internal/dbtest/postgres"
	"github.com/clientaccount/clientaccount/internal/ledger"
	"github.com/clientaccount/clientaccount/store"
	"github.com/clientaccount/clientaccount/store/bunstore"
	"github.com/clientaccount/clientaccount/store/memstore"
)

// overdueHolds are those of one account that time out at once.
const overdueHolds = 50_000

// overdueBars: how long the next charge takes, which needs all that they held.
func overdueBars(b *testing.B, t *table) {
	for _, on := range []struct {
		name  string
		bound float64 // seconds
		open  func(testing.TB) store.Store
	}{
		{"in memory", 0.2, func(testing.TB) store.Store { return memstore.New() }},
		{"SQLite", 1, func(tb testing.TB) store.Store { return sqliteStore(tb).Store }},
		{"PostgreSQL", 1, func(tb testing.TB) store.Store { return postgresStore(tb).Store }},
	} {
		o := newOverdue(b, on.open(b))
		first := o.seconds(func() { o.charge("all", decimal.NewFromInt(overdueHolds)) })
		rest := o.seconds(func() { require.NoError(b, o.svc.Tick(b.Context())) })
		t.within("23", fmt.Sprintf("50,000 holds time out, %s: the next charge", on.name), on.bound, first)
		t.note(fmt.Sprintf("50,000 holds time out, %s: all of them ended", on.name), fmt.Sprintf("%.1f s", rest))
	}
}

func sqliteStore(tb testing.TB) *base {
	tb.Helper()
	pool, err := sql.Open("sqlite", bunstore.SQLiteDSN(filepath.Join(tb.TempDir(), "bench.db")))
	require.NoError(tb, err)
	return migrated(tb, pool, bun.NewDB(pool, sqlitedialect.New()))
}

func postgresStore(tb testing.TB) *base {
	tb.Helper()
	pool, err := sql.Open("pgx", postgres.DSN(tb))
	require.NoError(tb, err)
	return migrated(tb, pool, bun.NewDB(pool, pgdialect.New()))
}

func migrated(tb testing.TB, pool *sql.DB, db *bun.DB) *base {
	tb.Helper()
	tb.Cleanup(func() { require.NoError(tb, pool.Close()) })
	st, err := bunstore.New(db)
	require.NoError(tb, err)
	require.NoError(tb, st.Migrate(tb.Context()))
	return &base{Store: st, pool: pool, sqlite: db.Dialect().Name() == dialect.SQLite}
}

// overdue is an account whose holds have just timed out, all its money among them.
type overdue struct {
	testing.TB
	svc *clientaccount.Service
	id  account.ID
	now time.Time
}

func newOverdue(tb testing.TB, st store.Store) *overdue {
	tb.Helper()
	o := &overdue{TB: tb, now: time.Date(2026, 11, 24, 9, 30, 0, 0, time.UTC)}
	o.svc = clientaccount.New(st, &clientaccount.Options{Clock: func() time.Time { return o.now }})
	a := accounttest.Valid("overdue")
	o.id = a.ID
	p := store.Posting{Balance: ledger.Opened(a.ID, account.Terms{Currency: "EUR"}, o.now)}
	require.NoError(tb, st.Update(tb.Context(), func(ctx context.Context, tx store.Tx) error {
		if err := tx.PutAccount(ctx, a, 0); err != nil {
			return err
		}
		if err := tx.Post(ctx, p); err != nil {
			return err
		}
		for n := -1; n < overdueHolds; {
			p = store.Posting{From: p.Balance.Version, Balance: p.Balance}
			for end := min(n+2000, overdueHolds); n < end; n++ {
				m := account.Movement{Account: a.ID, Kind: account.KindHold, Amount: decimal.NewFromInt(1), Messages: 1, Reference: fmt.Sprint("hold ", n)}
				if n < 0 {
					m.Kind, m.Amount, m.Messages = account.KindTopUp, decimal.NewFromInt(overdueHolds), 0
				}
				step, err := ledger.Apply(p.Balance, m, ledger.Against{}, o.now)
				if err != nil {
					return err
				}
				step.AddTo(&p)
				p.Balance = step.Balance
			}
			if err := tx.Post(ctx, p); err != nil {
				return err
			}
		}
		return nil
	}))
	o.now = o.now.Add(account.DefaultHoldTimeout)
	return o
}

func (o *overdue) charge(reference string, amount decimal.Decimal) {
	o.Helper()
	_, err := o.svc.Charge(o.Context(), clientaccount.Charge{Account: o.id, Amount: amount, Messages: 1, Reference: reference})
	require.NoError(o, err)
}

func (o *overdue) seconds(do func()) float64 {
	began := time.Now()
	do()
	return time.Since(began).Seconds()
}
