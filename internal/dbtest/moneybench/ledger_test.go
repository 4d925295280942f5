package moneybench

import (
	"database/sql"
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/clientaccount/clientaccount"
	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/store/bunstore"
)

// ledgerBars: the slowest first page of any filter, and what the index of kinds costs
// those who charge.
func ledgerBars(b *testing.B, t *table) {
	lite := sqliteStore(b)
	fillLedger(b, lite, `strftime('%Y-%m-%dT%H:%M:%S.000000Z', 1767225600 + n, 'unixepoch')`,
		`(WITH RECURSIVE g(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM g WHERE n < 2000000) SELECT n FROM g)`)
	slowestPage(b, t, "SQLite", lite.Store, lite.ids[0])
	pg := postgresStore(b)
	fillLedger(b, pg, `TIMESTAMPTZ '2026-01-01T00:00:00Z' + n * interval '1 second'`, `generate_series(1, 2000000) n`)
	slowestPage(b, t, "PostgreSQL", pg.Store, pg.ids[0])
	ours := charging(clientaccount.New(pg.Store, nil), pg.ids[1:], "0.0042")
	var with, without rounds
	for range nRounds {
		pg.exec(b, `CHECKPOINT`) // what made the ledger, or the index, is not the charges' to write
		with = append(with, drive(b, ours, load{callers: 32, accounts: len(pg.ids) - 1}, duration))
		pg.exec(b, `DROP INDEX clientaccount_entries_kind`)
		pg.exec(b, `CHECKPOINT`)
		without = append(without, drive(b, ours, load{callers: 32, accounts: len(pg.ids) - 1}, duration))
		pg.exec(b, `CREATE INDEX clientaccount_entries_kind ON clientaccount_entries (account_id, kind, (number + 0))`)
	}
	t.atLeast("24", "charges with the index of kinds, to without", 0.95, ratio(with, without))
}

// base is a store with its pool, and accounts in it.
type base struct {
	*bunstore.Store
	pool   *sql.DB
	ids    []account.ID
	sqlite bool
}

func (b *base) exec(tb testing.TB, statement string) {
	tb.Helper()
	_, err := b.pool.ExecContext(tb.Context(), statement)
	require.NoError(tb, err)
}

// fillLedger gives the first account 2,000,000 entries, a second after each other:
// charges, but for every tenth, which ends a hold, and one adjustment.
func fillLedger(tb testing.TB, b *base, at, series string) {
	tb.Helper()
	b.ids = fund(tb, b.Store, 100)
	id := b.ids[0].String()
	b.exec(tb, fmt.Sprintf(`INSERT INTO clientaccount_entries (account_id, number, at, fingerprint, messages, kind, reference, amount, after, hold)
		SELECT '%s', n, %s, '00000000-0000-0000-0000-000000000001', 1,
			CASE WHEN n = 1000000 THEN 'adjust' WHEN n %% 10 = 0 THEN 'capture' ELSE 'charge' END,
			'reference-' || n, -1, 1, CASE WHEN n %% 10 = 0 AND n <> 1000000 THEN 'hold-' || n END
		FROM %s`, id, at, series))
	b.exec(tb, `ANALYZE`)
}

// slowestPage asks for every filter, alone and with others, at the ends and in the
// middle, three times each, and notes the slowest of the medians.
func slowestPage(tb testing.TB, t *table, name string, st *bunstore.Store, id account.ID) {
	tb.Helper()
	began := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	at := func(n int) time.Time { return began.Add(time.Duration(n) * time.Second) }
	slowest := 0.0
	for _, q := range []account.EntryQuery{
		{}, {From: at(1_999_990)}, {To: at(10)}, {From: at(500_000), To: at(500_010)}, {To: at(1_000_000)}, {From: at(1_000_000)}, {Before: 1_000_000},
	} {
		for _, kinds := range [][]account.MovementKind{nil, {account.KindAdjust}, {account.KindCharge}, {account.KindAdjust, account.KindCapture}, {account.KindTopUp}} {
			for _, named := range []account.EntryQuery{{}, {Hold: "hold-1500000"}, {Reference: "reference-500005"}} {
				for _, q.Oldest = range []bool{false, true} {
					q.Account, q.Kinds, q.Hold, q.Reference = id, kinds, named.Hold, named.Reference
					slowest = max(slowest, pageTime(tb, st, q))
				}
			}
		}
	}
	t.within("24", "2,000,000 entries, "+name+": the slowest page", 0.05, slowest)
}

func pageTime(tb testing.TB, st *bunstore.Store, q account.EntryQuery) float64 {
	tb.Helper()
	var took []float64
	for range 3 {
		began := time.Now()
		_, err := st.Entries(tb.Context(), q)
		took = append(took, time.Since(began).Seconds())
		require.NoError(tb, err)
	}
	return median(took)
}
