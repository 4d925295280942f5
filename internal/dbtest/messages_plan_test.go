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
	"github.com/clientaccount/clientaccount/account/message"
	"github.com/clientaccount/clientaccount/store"
	"github.com/clientaccount/clientaccount/store/bunstore"
)

// manyMessages are of two accounts. One has nothing but delivered messages, but for one on its
// way in the middle; the other nothing but messages on their way, but for one that was
// delivered: what is rare in the one is frequent elsewhere. A message is a second after the one
// before.
type manyMessages struct {
	delivered, sent account.ID
	began           time.Time
	n               int
}

func newManyMessages(t *testing.T, db *bun.DB, s *bunstore.Store, n int) *manyMessages {
	t.Helper()
	r := newLedgerRig(t, s, 2)
	l := &manyMessages{r.balances[0].Account, r.balances[1].Account, time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC), n}
	series, at := "generate_series(1, ?0) n", "TIMESTAMPTZ '2026-01-01T00:00:00Z' + n * interval '1 second'"
	if db.Dialect().Name().String() == "sqlite" {
		series = "(WITH RECURSIVE g(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM g WHERE n < ?0) SELECT n FROM g)"
		at = "strftime('%Y-%m-%dT%H:%M:%S.000000Z', 1767225600 + n, 'unixepoch')"
	}
	_, err := db.ExecContext(t.Context(), `INSERT INTO clientaccount_early_reports (id, network, last_at, reports)
		SELECT 'early-' || n, 'acme', `+at+`, '[]' FROM `+series, n)
	require.NoError(t, err)
	const ended, waiting = "'ended', 2, NULL, TIME", "'sent', 0, TIME, NULL"
	for _, fill := range []struct {
		id             account.ID
		those, but     string
		counted, other string
	}{
		{l.delivered, ended, waiting, "TRUE", "FALSE"},
		{l.sent, waiting, ended, "TRUE", "FALSE"},
	} {
		rare := n * 2 / 3
		for _, part := range []struct{ which, stage, counted, destination string }{
			{fmt.Sprintf("n <> %d", rare), fill.those, fill.counted, "'38050' || n % 4"}, {fmt.Sprintf("n = %d", rare), fill.but, fill.other, "'rare'"},
		} {
			for _, statement := range []string{
				`INSERT INTO clientaccount_entries (account_id, number, at, fingerprint, messages, kind, reference, amount, after)
					SELECT ?1, n, TIME, '00000000-0000-0000-0000-000000000001', 1, 'hold', 'm-' || n, 0, 0 FROM ` + series + ` WHERE ` + part.which,
				`INSERT INTO clientaccount_messages (account_id, id, hold_entry, client_ref, channel, sender, destination, parts, price, round, currency, pricing,
						refund_states, refund_timeout, send_within_ns, wait_ns, day, admitted_at, tracked_parts, version, told, reported, timed_out, late, refund_due,
						delivered, worst, worst_part, worst_final, money, counted, stage, state, due_at, ended_at, deadline)
					SELECT ?1, 'm-' || n, n, 'c-' || n, 'rest', 'ACME', ` + part.destination + `, 1, '0.01', FALSE, 'EUR', 'sent', 0, FALSE, 0, 1000000, '2026-01-01', TIME,
						1, 2, 0, FALSE, FALSE, 0, FALSE, 0, 0, 0, FALSE, 'taken', ` + part.counted + `, ` + part.stage + `, TIME FROM ` + series + ` WHERE ` + part.which,
				`INSERT INTO clientaccount_network_ids (id, network, account_id, message)
					SELECT 'n-' || n, CASE WHEN ` + part.which + ` THEN '?1' ELSE '' END, ?1, 'm-' || n FROM ` + series + ` WHERE ` + part.which,
			} {
				statement = strings.ReplaceAll(strings.ReplaceAll(statement, "TIME,", at+","), "TIME FROM", at+" FROM")
				statement = strings.ReplaceAll(statement, "'?1'", "'"+fill.id.String()+"'")
				_, err := db.ExecContext(t.Context(), statement, n, fill.id.String())
				require.NoError(t, err, statement)
			}
		}
	}
	return l
}

func analyze(t *testing.T, db *bun.DB) {
	t.Helper()
	_, err := db.ExecContext(t.Context(), "ANALYZE")
	require.NoError(t, err)
}

// queries are every filter, alone and where its index has but few, at both ends and in the
// middle.
func (l *manyMessages) queries() map[string]message.Query {
	all := map[string]message.Query{}
	at := func(n int) time.Time { return l.began.Add(time.Duration(n) * time.Second) }
	middle := l.n * 2 / 3
	for span, q := range map[string]message.Query{
		"": {}, "from": {From: at(l.n - 10)}, "to": {To: at(20)}, "from the middle": {From: at(l.n / 2)}, "to the middle": {To: at(l.n / 2)},
		"between": {From: at(l.n / 2), To: at(l.n/2 + 10)}, "before": {Before: int64(l.n / 2)},
	} {
		for name, narrow := range map[string]func(*message.Query){
			"all": func(*message.Query) {}, "id": func(q *message.Query) { q.ID = fmt.Sprint("m-", middle) },
			"client ref": func(q *message.Query) { q.ClientRef = fmt.Sprint("c-", middle) }, "network id": func(q *message.Query) { q.NetworkID = fmt.Sprint("n-", middle) },
			"destination": func(q *message.Query) { q.Destination = "380501" }, "rare destination": func(q *message.Query) { q.Destination = "rare" },
			"sent": func(q *message.Query) { q.Stage = message.StageSent }, "ended": func(q *message.Query) { q.Stage = message.StageEnded },
			"delivered": func(q *message.Query) { q.State = account.Some(account.StateDelivered) }, "scheduled": func(q *message.Query) { q.State = account.Some(account.StateScheduled) },
			"sent and scheduled": func(q *message.Query) { q.Stage, q.State = message.StageSent, account.Some(account.StateScheduled) },
			"client ref and stage": func(q *message.Query) {
				q.ClientRef, q.Stage, q.State = fmt.Sprint("c-", middle), message.StageSent, account.Some(account.StateScheduled)
			},
			"rare destination and stage": func(q *message.Query) { q.Destination, q.Stage = "rare", message.StageSent },
			"network id and all": func(q *message.Query) {
				q.NetworkID, q.Destination, q.Stage = fmt.Sprint("n-", middle), "rare", message.StageSent
			},
		} {
			for _, id := range []account.ID{l.delivered, l.sent} {
				asked := q
				asked.Account = id
				narrow(&asked)
				all[fmt.Sprint(name, " ", span, ", delivered: ", id == l.delivered)] = asked
			}
		}
	}
	return all
}

// rowsOf returns how many rows and index entries of messages, and of what they are found by, the
// server has read, and how many pages of indexes.
func rowsOf(t *testing.T, db *bun.DB) (n, blocks int) {
	t.Helper()
	_, err := db.ExecContext(t.Context(), `SELECT pg_stat_force_next_flush()`)
	require.NoError(t, err)
	const of = ` WHERE relname IN ('clientaccount_messages', 'clientaccount_network_ids', 'clientaccount_entries')`
	require.NoError(t, db.QueryRowContext(t.Context(), `SELECT
		(SELECT sum(idx_tup_read) FROM pg_stat_user_indexes`+of+`) + (SELECT sum(seq_tup_read) FROM pg_stat_user_tables`+of+`),
		(SELECT sum(idx_blks_read + idx_blks_hit) FROM pg_statio_user_indexes`+of+`)`).Scan(&n, &blocks))
	return n, blocks
}

// messageRows is as many as a planner takes seriously.
const messageRows = 30_000

// Whatever is asked of an account's messages: a page of them is found, and little else is read.
func TestPagesOfManyMessagesReadFewRows(t *testing.T) {
	db := openPostgres(t, storeDSN(t), nil)
	db.SetMaxOpenConns(1)
	s := newStore(t, db)
	l := newManyMessages(t, db, s, messageRows)
	analyze(t, db)
	for name, q := range l.queries() {
		rows, blocks := rowsOf(t, db)
		page, err := s.MessagePage(t.Context(), q)
		require.NoError(t, err)
		rowsAfter, blocksAfter := rowsOf(t, db)
		// A page, from each of ten states if need be; some 17 numbers for each instant, looked at
		// twice; and a minute beside it.
		assert.LessOrEqual(t, rowsAfter-rows, 60+2*40+2*60+50, "%s: a page of %d", name, len(page))
		assert.LessOrEqual(t, blocksAfter-blocks, 400, "%s: a page of %d", name, len(page))
	}
}

// On SQLite each step goes to where the page begins, in the order of the page, or to few rows.
func TestPlansOfManyMessagesOnSQLite(t *testing.T) {
	db, plans := openSteps(t, filepath.Join(t.TempDir(), "many.db"))
	s := newStore(t, db)
	l := newManyMessages(t, db, s, messageRows)
	analyze(t, db)
	for name, q := range l.queries() {
		plans.taken()
		_, err := s.MessagePage(t.Context(), q)
		require.NoError(t, err)
		for _, step := range plans.taken() {
			if !strings.Contains(step, " m USING") {
				assert.NotRegexp(t, "SCAN (m|n|e|clientaccount)", step, name)
				continue
			}
			wanted := "(account_id=? AND hold_entry>? AND hold_entry<?)"
			switch {
			case q.ID != "", q.NetworkID != "":
				wanted = "(account_id=? AND id=?)"
			case q.ClientRef != "":
				wanted = "(account_id=? AND client_ref=? AND <expr>>? AND <expr><?)"
			case q.Destination != "":
				wanted = "(account_id=? AND destination=? AND <expr>>? AND <expr><?)"
			case q.Stage != "", !q.State.IsZero():
				wanted = "(account_id=? AND stage=? AND state=? AND <expr>>? AND <expr><?)"
			}
			assert.Contains(t, step, wanted, name)
		}
	}
	for name, ask := range map[string]func() error{
		"due": func() error { _, err := s.DueMessages(t.Context(), l.began, store.MessageKey{}, 10); return err },
		"due behind": func() error {
			_, err := s.DueMessages(t.Context(), l.began.Add(time.Hour), store.MessageKey{Account: l.sent, ID: "m-7"}, 10)
			return err
		},
		"count": func() error { _, err := s.CountMessages(t.Context(), 10); return err },
		"purge": func() error {
			_, err := s.PurgeMessages(t.Context(), l.began.Add(20*time.Second), l.began, 10)
			return err
		},
		"ids": func() error {
			_, err := s.MessagesOf(t.Context(), []store.NetworkKey{{Network: "a", ID: "n-1"}})
			return err
		},
		"early": func() error {
			_, err := s.EarlyReports(t.Context(), []store.NetworkKey{{Network: "a", ID: "n-1"}})
			return err
		},
		"lookups": func() error {
			_, err := s.Ledger(t.Context(), []store.Lookup{{Account: l.sent, Messages: []string{"m-1"}, NetworkIDs: []store.NetworkKey{{Network: "a", ID: "n-1"}}}})
			return err
		},
	} {
		plans.taken()
		require.NoError(t, ask(), name)
		for _, step := range plans.taken() {
			assert.NotRegexp(t, "SCAN (m|n|clientaccount)( USING INDEX clientaccount_messages_(hold|stage|client_ref|destination)|$)", step, name)
		}
	}
}

// everyMessageForm runs each statement about messages that a store prepares.
func (r *messageRig) everyForm(id string) {
	r.Helper()
	p := r.posting(0)
	m := r.admit(p, r.envelope(0, id))
	r.write(0, p)
	p = r.posting(0)
	m = r.sent(p, m, "n-"+id)
	r.post(0, p)
	key := []store.NetworkKey{{Network: "acme", ID: "n-" + id}}
	_, err := r.s.Ledger(r.Context(), []store.Lookup{{Account: m.Account, Messages: []string{id}, NetworkIDs: key}})
	require.NoError(r, err)
	_, err = r.s.Message(r.Context(), keyOf(m))
	require.NoError(r, err)
	_, err = r.s.MessagesOf(r.Context(), key)
	require.NoError(r, err)
	_, err = r.s.EarlyReports(r.Context(), key)
	require.NoError(r, err)
	_, err = r.s.KeepEarly(r.Context(), []message.Early{{NetworkReport: message.NetworkReport{Network: "acme", ID: "e-" + id}, At: r.now}})
	require.NoError(r, err)
	_, err = r.s.DueMessages(r.Context(), r.now, store.MessageKey{}, 10)
	require.NoError(r, err)
	_, err = r.s.DueMessages(r.Context(), r.now, keyOf(m), 10)
	require.NoError(r, err)
}

func TestPlansOfMessages(t *testing.T) {
	for name, rows := range map[string]int{"new tables": 0, "tables of 30,000 rows": messageRows} {
		t.Run(name, func(t *testing.T) {
			db := openPostgres(t, storeDSN(t), nil)
			db.SetMaxOpenConns(1)
			s := newStore(t, db)
			if rows > 0 {
				newManyMessages(t, db, s, rows)
				analyze(t, db)
			}
			r := newMessageRig(newLedgerRigOf(t, s, "plans", 1))
			r.everyForm("m-1")
			r.everyForm("m-2") // what a transaction wanted is prepared by now
			asked := 0
			for text, plan := range genericPlansOf(t, db.DB, `%clientaccount_%-- %`) {
				for line := range strings.Lines(plan) {
					assert.NotRegexp(t, "Seq Scan on clientaccount_(messages|network_ids|early_reports)", line, text)
				}
				asked++
			}
			assert.GreaterOrEqual(t, asked, 8)
		})
	}
}

// A plan that was made while the tables were empty is not kept while they grow.
func TestPlansOfMessagesFollowGrowingTables(t *testing.T) {
	db := openPostgres(t, storeDSN(t), nil)
	db.SetMaxOpenConns(1)
	r := newMessageRig(newLedgerRigOf(t, newStore(t, db), "growing", 1))
	for _, table := range []string{"messages", "network_ids", "early_reports", "entries", "holds"} {
		for _, statement := range []string{`ALTER TABLE clientaccount_` + table + ` SET (autovacuum_enabled = off)`, `ANALYZE clientaccount_` + table} {
			_, err := db.ExecContext(t.Context(), statement)
			require.NoError(t, err)
		}
	}
	made := 0
	scans := func(ways int) int {
		before := messageSeqScans(t, db)
		for range ways {
			made++
			r.everyForm(fmt.Sprint("w-", made))
		}
		return messageSeqScans(t, db) - before
	}
	t.Logf("%d sequential scans by the first 20 ways", scans(20))
	newManyMessages(t, db, r.s, messageRows)
	t.Logf("%d sequential scans by the next 20 ways", scans(20))
	assert.Zero(t, scans(8))
}

func messageSeqScans(t *testing.T, db *bun.DB) (n int) {
	t.Helper()
	_, err := db.ExecContext(t.Context(), `SELECT pg_stat_force_next_flush()`)
	require.NoError(t, err)
	require.NoError(t, db.QueryRowContext(t.Context(),
		`SELECT sum(seq_scan) FROM pg_stat_user_tables WHERE relname IN ('clientaccount_messages', 'clientaccount_network_ids', 'clientaccount_early_reports')`).Scan(&n))
	return n
}
