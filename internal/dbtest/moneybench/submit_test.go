package moneybench

import (
	"context"
	"database/sql"
	"fmt"
	"path/filepath"
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"github.com/uptrace/bun"
	"github.com/uptrace/bun/dialect/pgdialect"
	"github.com/uptrace/bun/dialect/sqlitedialect"
	_ "modernc.org/sqlite" // registers the "sqlite" driver

	"github.com/clientaccount/clientaccount"
	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/account/accounttest"
	"github.com/clientaccount/clientaccount/internal/dbtest/postgres"
	"github.com/clientaccount/clientaccount/store"
	"github.com/clientaccount/clientaccount/store/bunstore"
	"github.com/clientaccount/clientaccount/webhook/payload"
)

// eachAlone is a store that can only write the deliveries of one caller at a time, in a
// transaction for each.
type eachAlone struct {
	store.Store
	store.Outbox
}

// BenchmarkSubmit prints how fast states and incoming messages are accepted, together and in
// a transaction for each. It is run once, whatever b.N says.
func BenchmarkSubmit(b *testing.B) {
	t := &table{}
	submitBars(b, t)
	t.print("Deliveries accepted: ratios within this run, medians of rounds")
}

// fillDeliveries makes as many as are there on an ordinary day.
const fillDeliveries = `INSERT INTO clientaccount_deliveries (account_id, id, kind, message, final, body, fingerprint, created_at, due_at, state, tries)
	SELECT id, gen_random_uuid(), 'rest_state', 'fill', true, '{}', id, now(), now(), 'done', 1 FROM clientaccount_accounts, generate_series(1, 3)`

func submitBars(b *testing.B, t *table) {
	pool, err := sql.Open("pgx", postgres.DSN(b))
	require.NoError(b, err)
	b.Cleanup(func() { require.NoError(b, pool.Close()) })
	pool.SetMaxOpenConns(64)
	pool.SetMaxIdleConns(64)
	newMailroom(b, bun.NewDB(pool, pgdialect.New()), "PostgreSQL", "TRUNCATE clientaccount_deliveries", fillDeliveries, "VACUUM ANALYZE clientaccount_deliveries").bars(t, "17")

	dsn := bunstore.SQLiteDSN(filepath.Join(b.TempDir(), "bench.db")) + "&_pragma=synchronous(FULL)"
	file, err := sql.Open("sqlite", dsn)
	require.NoError(b, err)
	b.Cleanup(func() { require.NoError(b, file.Close()) })
	newMailroom(b, bun.NewDB(file, sqlitedialect.New()), "SQLite", "DELETE FROM clientaccount_deliveries").bars(t, "")
}

// mailroom is a database with clients who have URLs, and a Service that writes for all
// callers together beside one that writes for each.
type mailroom struct {
	*testing.B
	db              *bun.DB
	name            string
	reset           []string // statements before a round
	ids             []account.ID
	together, alone *clientaccount.Service
}

func newMailroom(b *testing.B, db *bun.DB, name string, reset ...string) *mailroom {
	b.Helper()
	st, err := bunstore.New(db)
	require.NoError(b, err)
	require.NoError(b, st.Migrate(b.Context()))
	m := &mailroom{b, db, name, reset, hooked(b, st, spread), clientaccount.New(st, nil), clientaccount.New(eachAlone{st, st}, nil)}
	for _, svc := range []*clientaccount.Service{m.together, m.alone} { // as a process that has run for a while
		for _, id := range m.ids {
			_, err := svc.Decide(b.Context(), id, account.Request{})
			require.ErrorIs(b, err, account.ErrNotFound, "it has no money")
		}
	}
	return m
}

func (m *mailroom) bars(t *table, bar string) {
	const wanted = 8
	for _, c := range []struct {
		what    string
		submit  charger
		alone   charger
		callers int
	}{
		{"SubmitState", submitting(m.together, m.ids), submitting(m.alone, m.ids), 64},
		{"SubmitIncoming", submittingIncoming(m.together, m.ids), submittingIncoming(m.alone, m.ids), 64},
		{"SubmitState", submitting(m.together, m.ids), submitting(m.alone, m.ids), 1},
	} {
		var each, all rounds
		for range nRounds {
			each, all = append(each, m.round(c.alone, c.callers)), append(all, m.round(c.submit, c.callers))
		}
		title := fmt.Sprintf("%s, %s, callers: %d", m.name, c.what, c.callers)
		if c.callers > 1 {
			t.atLeast(bar, title+", to a transaction for each", wanted, ratio(all, each))
		} else {
			t.note(title+", to a transaction for each", fmt.Sprintf("%.2fx", ratio(all, each)))
		}
		t.note(title+", a second", fmt.Sprintf("%.0f, alone %.0f; p99 %s, alone %s", all.rate(), each.rate(),
			all.p99().Round(100*time.Microsecond), each.p99().Round(100*time.Microsecond)))
	}
}

func (m *mailroom) round(submit charger, callers int) result {
	for _, statement := range m.reset {
		_, err := m.db.ExecContext(m.Context(), statement)
		require.NoError(m, err)
	}
	return drive(m, submit, load{callers: callers, accounts: spread}, duration)
}

// hooked are accounts with a URL for states and one for what comes in.
func hooked(tb testing.TB, st store.Store, n int) (ids []account.ID) {
	tb.Helper()
	for from := 0; from < n; from += 1000 {
		require.NoError(tb, st.Update(tb.Context(), func(ctx context.Context, tx store.Tx) error {
			for k := from; k < min(n, from+1000); k++ {
				a := accounttest.Valid("hooked-" + strconv.Itoa(k))
				a.Webhooks.RESTState, a.Webhooks.RESTIncoming = "https://client.io/dlr", "https://client.io/mo"
				if err := tx.PutAccount(ctx, a, 0); err != nil {
					return err
				}
				ids = append(ids, a.ID)
			}
			return nil
		}))
	}
	return ids
}

func submitting(svc *clientaccount.Service, ids []account.ID) charger {
	return func(ctx context.Context, n int, reference string) error {
		_, err := svc.SubmitState(ctx, ids[n%len(ids)], payload.Report{
			MessageID: reference, ClientRef: "order-17", From: "ACME", To: "380501112233",
			State: account.StateDelivered, Err: "000", Parts: 1, MCC: "255", MNC: "01", Seq: 2, At: time.Now(),
		})
		return err
	}
}

func submittingIncoming(svc *clientaccount.Service, ids []account.ID) charger {
	return func(ctx context.Context, n int, reference string) error {
		_, err := svc.SubmitIncoming(ctx, ids[n%len(ids)], payload.Incoming{
			MessageID: reference, From: "380501112233", To: "4455", Text: "STOP", Parts: 1, MCC: "255", MNC: "01", At: time.Now(),
		})
		return err
	}
}
