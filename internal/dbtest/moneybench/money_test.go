package moneybench

import (
	"context"
	"database/sql"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"
	"github.com/uptrace/bun"
	"github.com/uptrace/bun/dialect/pgdialect"
	"github.com/uptrace/bun/dialect/sqlitedialect"
	_ "modernc.org/sqlite" // registers the "sqlite" driver

	"github.com/clientaccount/clientaccount"
	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/account/accounttest"
	"github.com/clientaccount/clientaccount/internal/dbtest/postgres"
	"github.com/clientaccount/clientaccount/internal/ledger"
	"github.com/clientaccount/clientaccount/store"
	"github.com/clientaccount/clientaccount/store/bunstore"
	"github.com/clientaccount/clientaccount/store/memstore"
)

const (
	spread   = 10_000 // accounts, beside the hot one
	prefill  = 30_000 // entries at the beginning of a round
	nRounds  = 3
	duration = 2 * time.Second
)

func TestMain(m *testing.M) {
	if asWorker() {
		os.Exit(runWorker())
	}
	os.Exit(postgres.Main(m))
}

// stage is a database with our tables and the reference variants' in it.
type stage struct {
	testing.TB
	dsn   string
	pool  *sql.DB
	db    *bun.DB
	store store.Store
	svc   *clientaccount.Service
	ids   []account.ID
}

func newStage(tb testing.TB, dsn string) *stage {
	tb.Helper()
	s := &stage{TB: tb, dsn: dsn}
	var err error
	s.pool, err = sql.Open("pgx", dsn)
	require.NoError(tb, err)
	tb.Cleanup(func() { require.NoError(tb, s.pool.Close()) })
	s.pool.SetMaxOpenConns(64)
	s.pool.SetMaxIdleConns(64)
	s.db = bun.NewDB(s.pool, pgdialect.New())
	st, err := bunstore.New(s.db)
	require.NoError(tb, err)
	require.NoError(tb, st.Migrate(tb.Context()))
	s.store, s.svc = st, clientaccount.New(st, nil)
	s.ids = fund(tb, st, spread)
	s.exec(plainTables)
	s.exec(`INSERT INTO plain_balances SELECT n, 0, 1000000000, 0, 100, 20, now() + interval '1 day' FROM generate_series(0, $1) n`, spread)
	s.warm()
	return s
}

// warm charges every account once, as a process that has run for a while has.
func (s *stage) warm() {
	s.Helper()
	charges := make([]clientaccount.Charge, len(s.ids))
	for i, id := range s.ids {
		charges[i] = clientaccount.Charge{Account: id, Amount: decimal.RequireFromString("0.0042"), Messages: 1, Reference: "warm"}
	}
	for _, charged := range s.svc.ChargeMany(s.Context(), charges) {
		require.NoError(s, charged.Err)
	}
}

func (s *stage) exec(statement string, args ...any) {
	s.Helper()
	_, err := s.pool.ExecContext(s.Context(), statement, args...)
	require.NoError(s, err)
}

// fund makes accounts with money, straight in the store: number 0 and as many more.
func fund(tb testing.TB, st store.Store, n int) []account.ID {
	tb.Helper()
	ids := make([]account.ID, 0, n+1)
	terms := account.Terms{
		Currency: "EUR", Credit: decimal.NewFromInt(100), Overdraw: decimal.NewFromInt(20), OverdrawEnds: time.Now().Add(24 * time.Hour),
	}
	for from := 0; from <= n; from += 1000 {
		require.NoError(tb, st.Update(tb.Context(), func(ctx context.Context, tx store.Tx) error {
			for k := from; k <= min(n, from+999); k++ {
				a := accounttest.Valid(fmt.Sprintf("bench-%05d", k))
				if err := tx.PutAccount(ctx, a, 0); err != nil {
					return err
				}
				b := ledger.Opened(a.ID, terms, time.Now())
				b.Amount = decimal.NewFromInt(1e9) // a figure without an entry: only a benchmark may
				b.Exhausted = false
				if err := tx.Post(ctx, store.Posting{Balance: b}); err != nil {
					return err
				}
				ids = append(ids, a.ID)
			}
			return nil
		}))
	}
	return ids
}

// ours charges through the Service.
func (s *stage) ours(svc *clientaccount.Service) charger { return charging(svc, s.ids, "0.0042") }

func charging(svc *clientaccount.Service, ids []account.ID, amount string) charger {
	price := decimal.RequireFromString(amount)
	return func(ctx context.Context, n int, reference string) error {
		_, err := svc.Charge(ctx, clientaccount.Charge{Account: ids[n%len(ids)], Amount: price, Messages: 1, Reference: reference})
		return err
	}
}

// reset begins a round: so many entries as are there on an ordinary day, and statistics
// that say so.
func (s *stage) reset() {
	s.Helper()
	s.exec(`TRUNCATE clientaccount_entries, plain_entries`)
	s.exec(`INSERT INTO plain_entries SELECT 0, -n, 1, 1, 1, 'fill ' || n, now() FROM generate_series(1, $1) n`, prefill)
	s.exec(`INSERT INTO clientaccount_entries (account_id, number, kind, amount, after, held_after, messages, reference, fingerprint, at)
		SELECT $2::uuid, -n, 'top_up', 1, 1, 0, 1, 'fill ' || n, '00000000-0000-0000-0000-000000000001', now() FROM generate_series(1, $1) n`,
		prefill, s.ids[0].String())
	for _, table := range []string{"clientaccount_entries", "clientaccount_balances", "plain_entries", "plain_balances"} {
		s.exec(`VACUUM ANALYZE ` + table)
	}
}

// BenchmarkMoney prints the table of the bars of money. It is run once, whatever b.N says.
func BenchmarkMoney(b *testing.B) {
	t := &table{}
	moneyBars(b, t)
	t.print("Money: ratios within this run, medians of rounds")
}

func moneyBars(b *testing.B, t *table) {
	for _, bars := range []func(*testing.B, *table){postgresBars, sqliteBars, memoryBars, refundBars, signInBars, overdueBars, ledgerBars} {
		bars(b, t)
	}
}

func postgresBars(b *testing.B, t *table) {
	s := newStage(b, postgres.DSN(b))
	u, err := url.Parse(s.dsn)
	require.NoError(b, err)
	host, dbname := u.Query().Get("host"), u.Path[1:]
	plain, one, ours := naive(s.db), single(b, s.pool), s.ours(s.svc)
	poor := s.poor()
	got := map[string]rounds{}
	run := func(name string, c charger, l load) {
		s.reset()
		got[name] = append(got[name], drive(b, c, l, duration))
		fmt.Printf("%s: %.0f/s, p99 %s\n", name, got[name][len(got[name])-1].rate, got[name][len(got[name])-1].p99)
	}
	bench := func(name string, clients int) {
		s.reset()
		got[name] = append(got[name], result{rate: pgbench(b, host, dbname, clients, spread, duration)})
	}
	for range nRounds {
		run("naive hot 32", plain, load{callers: 32, accounts: 1})
		run("ours hot 32", ours, load{callers: 32, accounts: 1})
		run("naive spread 32", plain, load{callers: 32, accounts: spread})
		run("ours spread 32", ours, load{callers: 32, accounts: spread})
		bench("pgbench 32", 32)
		run("single spread 32", one, load{callers: 32, accounts: spread})
		run("naive 1", plain, load{callers: 1, accounts: 1})
		run("ours 1", ours, load{callers: 1, accounts: 1})
		bench("pgbench 1", 1)
		run("naive 8", plain, load{callers: 8, accounts: spread})
		run("ours 8", ours, load{callers: 8, accounts: spread})
		bench("pgbench 8", 8)
		run("refused 32", poor, load{callers: 32, accounts: 1, tolerate: account.ErrExhausted})
		run("repeated 32", ours, load{callers: 32, accounts: 1, same: true})
		run("ours hot 256", ours, load{callers: 256, accounts: 1})
		run("ours spread 256", ours, load{callers: 256, accounts: spread})
		s.processes(got)
	}
	t.atLeast("1", "one hot account, 32 callers, to naive", 25, ratio(got["ours hot 32"], got["naive hot 32"]))
	t.atLeast("2", "10,000 accounts, 32 callers, to naive", 5, ratio(got["ours spread 32"], got["naive spread 32"]))
	t.atLeast("2", "10,000 accounts, 32 callers, to pgbench", 1.8, ratio(got["ours spread 32"], got["pgbench 32"]))
	t.atLeast("3", "hot to spread, 32 callers", 0.9, ratio(got["ours hot 32"], got["ours spread 32"]))
	t.note("naive, hot to spread", fmt.Sprintf("%.2fx", ratio(got["naive hot 32"], got["naive spread 32"])))
	t.atLeast("4", "one caller, to naive", 2, ratio(got["ours 1"], got["naive 1"]))
	t.atLeast("4", "one caller, to pgbench", 0.8, ratio(got["ours 1"], got["pgbench 1"]))
	t.atLeast("4", "8 callers spread, to naive", 3, ratio(got["ours 8"], got["naive 8"]))
	t.atLeast("4", "8 callers spread, to pgbench", 1, ratio(got["ours 8"], got["pgbench 8"]))
	t.atMost("5", "p99, hot, 32 callers, to naive's", 1.0/25, float64(got["ours hot 32"].p99())/float64(got["naive hot 32"].p99()))
	t.atLeast("6", "all refused, hot, to accepted", 1, ratio(got["refused 32"], got["ours hot 32"]))
	t.atLeast("6", "all repeated, hot, to accepted", 1, ratio(got["repeated 32"], got["ours hot 32"]))
	t.atLeast("7", "256 callers to 32, spread", 1.25, ratio(got["ours spread 256"], got["ours spread 32"]))
	t.atLeast("7", "256 callers to 32, hot", 1.45, ratio(got["ours hot 256"], got["ours hot 32"]))
	processBars(t, got)
	for _, name := range []string{"naive hot 32", "ours hot 32", "naive spread 32", "single spread 32", "pgbench 32", "ours spread 32", "ours 1"} {
		t.note("charges a second, "+name, fmt.Sprintf("%.0f", got[name].rate()))
	}
}

// poor charges an account more than it has.
func (s *stage) poor() charger { return charging(s.svc, s.ids, "2000000000") }

func sqliteBars(b *testing.B, t *table) {
	dsn := bunstore.SQLiteDSN(filepath.Join(b.TempDir(), "bench.db")) + "&_pragma=synchronous(FULL)"
	pool, err := sql.Open("sqlite", dsn)
	require.NoError(b, err)
	b.Cleanup(func() { require.NoError(b, pool.Close()) })
	st, err := bunstore.New(bun.NewDB(pool, sqlitedialect.New()))
	require.NoError(b, err)
	require.NoError(b, st.Migrate(b.Context()))
	ids := fund(b, st, 100)
	ours := charging(clientaccount.New(st, nil), ids, "0.0042")
	var each, all rounds
	for range nRounds {
		each = append(each, drive(b, eachItsTransaction(st, ids), load{callers: 32, accounts: 100}, duration))
		all = append(all, drive(b, ours, load{callers: 32, accounts: 100}, duration))
	}
	t.atLeast("9", "SQLite, 32 callers, to a transaction per charge", 4, ratio(all, each))
	t.note("charges a second, SQLite", fmt.Sprintf("%.0f", all.rate()))
}

// eachItsTransaction charges under a lock, in a transaction of its own.
func eachItsTransaction(st store.Store, ids []account.ID) charger {
	price := decimal.RequireFromString("0.0042")
	return func(ctx context.Context, n int, reference string) error {
		return st.Update(ctx, func(ctx context.Context, tx store.Tx) error {
			id := ids[n%len(ids)]
			if _, err := tx.Lock(ctx, id); err != nil {
				return err
			}
			found, err := tx.Ledger(ctx, []store.Lookup{{Account: id, References: []string{reference}}})
			if err != nil {
				return err
			}
			m := account.Movement{Account: id, Kind: account.KindCharge, Amount: price, Messages: 1, Reference: reference}
			step, err := ledger.Apply(found[0].Balance, m, ledger.Against{}, time.Now())
			if err != nil {
				return err
			}
			p := store.Posting{From: found[0].Balance.Version, Balance: step.Balance}
			step.AddTo(&p)
			return tx.Post(ctx, p)
		})
	}
}

func memoryBars(b *testing.B, t *table) {
	st := memstore.New()
	ids := fund(b, st, 1)
	ours := charging(clientaccount.New(st, nil), ids, "0.0042")
	var plain, all rounds
	for range nRounds {
		plain = append(plain, drive(b, mutexAndMap(), load{callers: 1, accounts: 1}, duration/2))
		all = append(all, drive(b, ours, load{callers: 1, accounts: 1}, duration/2))
	}
	t.atMost("10", "in memory, time of a mutex, a map and the same arithmetic", 2, ratio(plain, all))
	t.note("charges a second, in memory", fmt.Sprintf("%.0f", all.rate()))
}

// mutexAndMap is the least that keeps the rule: the same arithmetic, the entry kept
// under its reference.
func mutexAndMap() charger {
	var mu sync.Mutex
	balance := decimal.NewFromInt(1e9)
	credit, overdraw := decimal.NewFromInt(100), decimal.NewFromInt(20)
	ends := time.Now().Add(24 * time.Hour)
	price := decimal.RequireFromString("0.0042")
	entries := map[string]account.Entry{}
	number := int64(0)
	return func(_ context.Context, _ int, reference string) error {
		mu.Lock()
		defer mu.Unlock()
		if _, used := entries[reference]; used {
			return nil
		}
		now := time.Now()
		available := balance.Add(credit)
		if now.Before(ends) {
			available = available.Add(overdraw)
		}
		if price.GreaterThan(available) {
			return errRefused
		}
		number++
		balance = balance.Sub(price)
		entries[reference] = account.Entry{
			Number: number, Kind: account.KindCharge, Amount: price.Neg(), After: balance, Messages: 1, Reference: reference, At: now,
		}
		return nil
	}
}
