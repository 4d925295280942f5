package dbtest

import (
	"context"
	"database/sql"
	"fmt"
	"math/rand/v2"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"
	"github.com/uptrace/bun"

	"github.com/clientaccount/clientaccount/account"
)

// rate returns the charges a second of batches of n over the first accounts.
func (r *ledgerRig) rate(n, accounts int, d time.Duration) float64 {
	done, began := 0, time.Now()
	for time.Since(began) < d {
		r.append(r.charges(n, accounts))
		done += n
	}
	return float64(done) / time.Since(began).Seconds()
}

// naive is what most would write: lock the balance, compute, write it, add the entry.
func naive(ctx context.Context, db *bun.DB, id account.ID, reference string) error {
	return db.RunInTx(ctx, nil, func(ctx context.Context, tx bun.Tx) error {
		var amount decimal.Decimal
		var version, number int64
		if err := tx.NewSelect().Table("clientaccount_balances").Column("amount", "version", "entries").
			Where("account_id = ?", id.String()).For("UPDATE").Scan(ctx, &amount, &version, &number); err != nil {
			return err
		}
		amount = amount.Sub(decimal.RequireFromString("0.0042"))
		if _, err := tx.NewUpdate().Table("clientaccount_balances").Set("amount = ?, version = ?, entries = ?", amount, version+1, number+1).
			Where("account_id = ?", id.String()).Exec(ctx); err != nil {
			return err
		}
		_, err := tx.ExecContext(ctx, `INSERT INTO clientaccount_entries
			(account_id, number, at, fingerprint, messages, kind, reference, amount, after, actor_id)
			VALUES (?, ?, now(), ?, 1, 'charge', ?, -0.0042, ?, 'gateway')`, id.String(), number+1, id.String(), reference, amount)
		return err
	})
}

func naiveRate(b testing.TB, db *bun.DB, ids []account.Balance, callers int, d time.Duration) float64 {
	var done atomic.Int64
	var group sync.WaitGroup
	began, run := time.Now(), rand.Uint64()
	for c := range callers {
		group.Go(func() {
			for n := 0; time.Since(began) < d; n++ {
				if err := naive(b.Context(), db, ids[rand.IntN(len(ids))].Account, fmt.Sprintf("%x-%d-%d", run, c, n)); err != nil {
					b.Error(err)
					return
				}
				done.Add(1)
			}
		})
	}
	group.Wait()
	return float64(done.Load()) / time.Since(began).Seconds()
}

// BenchmarkLedger measures the store alone against the naive way, in rounds of one
// after the other. Ratios are of medians.
func BenchmarkLedger(b *testing.B) {
	const accounts, rounds, d = 10_000, 5, 1500 * time.Millisecond
	db := openPostgres(b, storeDSN(b), nil)
	db.SetMaxOpenConns(40)
	db.SetMaxIdleConns(40)
	r := newLedgerRig(b, newStore(b, db), 2*accounts)
	ours := &ledgerRig{TB: b, s: r.s, balances: r.balances[:accounts]}
	others := r.balances[accounts:]
	got := map[string][]float64{}
	run := func(name string, rate func() float64) {
		resetLedger(b, db.DB)
		got[name] = append(got[name], rate())
	}
	for range rounds {
		run("naive hot 32", func() float64 { return naiveRate(b, db, others[:1], 32, d) })
		run("append hot 32", func() float64 { return ours.rate(32, 1, d) })
		run("naive spread 32", func() float64 { return naiveRate(b, db, others, 32, d) })
		run("append spread 32", func() float64 { return ours.rate(32, accounts, d) })
		run("naive 1", func() float64 { return naiveRate(b, db, others, 1, d) })
		run("append 1", func() float64 { return ours.rate(1, accounts, d) })
	}
	median := func(name string) float64 {
		slices.Sort(got[name])
		return got[name][rounds/2]
	}
	for _, pair := range []string{"hot 32", "spread 32", "1"} {
		naive, append := median("naive "+pair), median("append "+pair)
		b.Logf("%-10s naive %6.0f/s, append %6.0f/s: %.1fx", pair, naive, append, append/naive)
	}
}

func resetLedger(tb testing.TB, db *sql.DB) {
	for _, statement := range []string{
		`TRUNCATE clientaccount_entries`,
		`INSERT INTO clientaccount_entries (account_id, number, at, fingerprint, messages, kind, reference, amount, after)
			SELECT id, -n, now(), id, 1, 'charge', 'fill ' || n, 1, 1 FROM generate_series(1, 30000) n, (SELECT id FROM clientaccount_accounts LIMIT 1) a`,
		`VACUUM ANALYZE clientaccount_entries`, `VACUUM ANALYZE clientaccount_balances`,
	} {
		_, err := db.ExecContext(tb.Context(), statement)
		require.NoError(tb, err)
	}
}
