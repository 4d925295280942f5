package dbtest

import (
	"fmt"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"github.com/uptrace/bun"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/store/bunstore"
)

// longLedgers are of two accounts: nothing but charges, and nothing but ends of holds;
// but for an adjustment in the first, and a charge in the second, which is rare there
// and frequent everywhere else. An entry is a second after the one before.
type longLedgers struct {
	charges, captures account.ID
	began             time.Time
}

const longRows = 60_000

func newLongLedgers(t *testing.T, db *bun.DB, s *bunstore.Store) *longLedgers {
	t.Helper()
	r := newLedgerRig(t, s, 2)
	l := &longLedgers{r.balances[0].Account, r.balances[1].Account, time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)}
	series, at := "generate_series(1, ?0) n", "TIMESTAMPTZ '2026-01-01T00:00:00Z' + n * interval '1 second'"
	if db.Dialect().Name().String() == "sqlite" {
		series = "(WITH RECURSIVE g(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM g WHERE n < ?0) SELECT n FROM g)"
		at = "strftime('%Y-%m-%dT%H:%M:%S.000000Z', 1767225600 + n, 'unixepoch')"
	}
	for _, fill := range []struct {
		id         account.ID
		kind, hold string
	}{
		{l.charges, "CASE n WHEN 40000 THEN 'adjust' ELSE 'charge' END", "NULL"},
		{l.captures, "CASE n WHEN 40000 THEN 'charge' ELSE 'capture' END", "'h-' || n"},
	} {
		_, err := db.ExecContext(t.Context(), fmt.Sprintf(
			`INSERT INTO clientaccount_entries (account_id, number, at, fingerprint, messages, kind, reference, amount, after, hold)
			SELECT ?1, n, %s, '00000000-0000-0000-0000-000000000001', 1, %s, 'r-' || n, 0, 0, %s FROM %s`, at, fill.kind, fill.hold, series),
			longRows, fill.id.String())
		require.NoError(t, err)
	}
	_, err := db.ExecContext(t.Context(), "ANALYZE")
	require.NoError(t, err)
	return l
}

// queries are every filter, alone and with others, at both ends and in the middle.
func (l *longLedgers) queries() map[string]account.EntryQuery {
	all := map[string]account.EntryQuery{}
	add := func(name string, q account.EntryQuery) {
		for _, id := range []account.ID{l.charges, l.captures} {
			for _, q.Oldest = range []bool{false, true} {
				q.Account = id
				all[fmt.Sprint(name, ", of charges: ", id == l.charges, ", oldest: ", q.Oldest)] = q
			}
		}
	}
	at := func(n int) time.Time { return l.began.Add(time.Duration(n) * time.Second) }
	for span, q := range map[string]account.EntryQuery{
		"": {}, "from": {From: at(59_990)}, "to": {To: at(20)}, "from the middle": {From: at(30_000)}, "to the middle": {To: at(30_000)},
		"between": {From: at(30_000), To: at(30_010)}, "before a number": {Before: 30_000}, "after a number": {After: 30_000},
	} {
		for _, kinds := range [][]account.MovementKind{
			nil, {account.KindAdjust}, {account.KindCharge}, {account.KindCapture}, {account.KindAdjust, account.KindCharge}, {account.KindRefund, account.KindTopUp},
		} {
			q.Kinds = kinds
			add(fmt.Sprint(span, kinds), q)
		}
		q.Kinds, q.Hold = nil, "h-30005"
		add(span+" hold", q)
		q.Kinds = []account.MovementKind{account.KindCapture}
		add(span+" hold and kind", q)
		q.Kinds, q.Hold, q.Reference = nil, "", "r-30005"
		add(span+" reference", q)
		q.Kinds = []account.MovementKind{account.KindCharge}
		add(span+" reference and kind", q)
	}
	return all
}

// entriesRead returns how many rows and index entries of the ledger the server has read.
func entriesRead(t *testing.T, db *bun.DB) (n int) {
	t.Helper()
	_, err := db.ExecContext(t.Context(), `SELECT pg_stat_force_next_flush()`)
	require.NoError(t, err)
	require.NoError(t, db.QueryRowContext(t.Context(), `SELECT
		(SELECT sum(idx_tup_read) FROM pg_stat_user_indexes WHERE relname = 'clientaccount_entries') +
		(SELECT seq_tup_read FROM pg_stat_user_tables WHERE relname = 'clientaccount_entries')`).Scan(&n))
	return n
}

// blocksRead returns how many pages of the index of kinds the server has looked into. Index
// entries that it passed over are counted nowhere else.
func blocksRead(t *testing.T, db *bun.DB) (n int) {
	t.Helper()
	require.NoError(t, db.QueryRowContext(t.Context(), `SELECT idx_blks_read + idx_blks_hit
		FROM pg_statio_user_indexes WHERE indexrelname = 'clientaccount_entries_kind'`).Scan(&n))
	return n
}

// Whatever is asked of a ledger, and wherever in it that lies: a page of it is found, and
// little else is read.
func TestPagesOfALongLedgerReadFewRows(t *testing.T) {
	db := openPostgres(t, storeDSN(t), nil)
	db.SetMaxOpenConns(1)
	s := newStore(t, db)
	l := newLongLedgers(t, db, s)
	for name, q := range l.queries() {
		before, blocks := entriesRead(t, db), blocksRead(t, db)
		page, err := s.Entries(t.Context(), q)
		require.NoError(t, err)
		// The page; for each instant some 17 numbers, each looked at twice; and a page for each kind.
		most := 50 + 2*40 + 50*len(q.Kinds)
		assert.LessOrEqual(t, entriesRead(t, db)-before, most, "%s: a page of %d", name, len(page))
		assert.LessOrEqual(t, blocksRead(t, db)-blocks, 8+8*len(q.Kinds), "%s: a page of %d", name, len(page))
	}
}

// planSteps keeps the statements that are asked on SQLite.
func (l *longLedgers) steps(t *testing.T, db *bun.DB, q account.EntryQuery) (steps []string) {
	t.Helper()
	hook := &statements{}
	s, err := bunstore.New(db.WithQueryHook(hook))
	require.NoError(t, err)
	_, err = s.Entries(t.Context(), q)
	require.NoError(t, err)
	for _, statement := range hook.seen {
		rows, err := db.DB.QueryContext(t.Context(), "EXPLAIN QUERY PLAN "+statement)
		require.NoError(t, err)
		for rows.Next() {
			var id, parent, unused int
			var step string
			require.NoError(t, rows.Scan(&id, &parent, &unused, &step))
			steps = append(steps, step)
		}
		require.NoError(t, rows.Err())
		require.NoError(t, rows.Close())
	}
	return steps
}

// On SQLite each step goes to where the page begins, in the order of the page.
func TestPlansOfALongLedgerOnSQLite(t *testing.T) {
	db := openSQLite(t, filepath.Join(t.TempDir(), "long.db"))
	s := newStore(t, db)
	l := newLongLedgers(t, db, s)
	for name, q := range l.queries() {
		for _, step := range l.steps(t, db, q) {
			if !strings.Contains(step, "clientaccount_entries") {
				continue
			}
			wanted := "(account_id=? AND number>? AND number<?)"
			switch {
			case q.Reference != "":
				wanted = "(account_id=? AND reference=?)"
			case q.Hold != "":
				wanted = "(account_id=? AND hold=?"
			case len(q.Kinds) > 0:
				wanted = "(account_id=? AND kind=? AND <expr>>? AND <expr><?)"
			}
			assert.Contains(t, step, wanted, name)
		}
	}
}
