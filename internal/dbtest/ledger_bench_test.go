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
	"github.com/clientaccount/clientaccount/account/accounttest"
	"github.com/clientaccount/clientaccount/internal/dbtest/postgres"
	"github.com/clientaccount/clientaccount/store"
	"github.com/clientaccount/clientaccount/store/bunstore"
)

// ledgerRig charges accounts through a store, one committer at a time, as the Service does.
type ledgerRig struct {
	testing.TB
	s        *bunstore.Store
	balances []account.Balance
	made     int
}

// newLedgerRig has n accounts with money; holding ones have a standing hold each.
func newLedgerRig(tb testing.TB, s *bunstore.Store, n int) *ledgerRig {
	tb.Helper()
	r := &ledgerRig{TB: tb, s: s}
	terms := account.Terms{Currency: "EUR", Credit: decimal.NewFromInt(100), Zone: "UTC"}
	for from := 0; from < n; from += 1000 {
		require.NoError(tb, s.Update(tb.Context(), func(ctx context.Context, tx store.Tx) error {
			for k := from; k < min(n, from+1000); k++ {
				a := accounttest.Valid(fmt.Sprintf("rig-%05d", k))
				if err := tx.InsertAccount(ctx, a); err != nil {
					return err
				}
				b := account.Opened(a.ID, terms, time.Now())
				b.Amount = decimal.NewFromInt(1e9) // without an entry: only a benchmark may
				if err := tx.Post(ctx, account.Posting{Balance: b}); err != nil {
					return err
				}
				r.balances = append(r.balances, b)
			}
			return nil
		}))
	}
	return r
}

// charges is a batch of n charges over the first accounts.
func (r *ledgerRig) charges(n, accounts int) []account.Posting {
	at := map[int]int{}
	var ps []account.Posting
	now := time.Now().UTC()
	price := decimal.RequireFromString("0.0042")
	for range n {
		k := rand.IntN(accounts)
		i, known := at[k]
		if !known {
			i = len(ps)
			at[k] = i
			ps = append(ps, account.Posting{From: r.balances[k].Version, Balance: r.balances[k]})
		}
		r.made++
		step, err := ps[i].Balance.Apply(account.Movement{
			Account: ps[i].Balance.Account, Kind: account.Charge, Amount: price, Messages: 1, Reference: fmt.Sprint("charge-", r.made),
			Actor: account.Actor{ID: "gateway"},
		}, account.Against{}, now)
		require.NoError(r, err)
		ps[i].Add(step)
		ps[i].Balance = step.Balance
	}
	for k, i := range at {
		r.balances[k] = ps[i].Balance
	}
	return ps
}

func (r *ledgerRig) append(ps []account.Posting) {
	outcomes, err := r.s.Append(r.Context(), ps)
	require.NoError(r, err)
	for _, o := range outcomes {
		require.Equal(r, account.OutcomeWritten, o.Kind)
	}
}

// rate is the charges a second of batches of n over the first accounts.
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

func naiveRate(b *testing.B, db *bun.DB, ids []account.Balance, callers int, d time.Duration) float64 {
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
	db := openPostgres(b, postgres.DSN(b), nil)
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
