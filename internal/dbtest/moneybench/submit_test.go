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

// BenchmarkSubmit prints how fast states and incoming messages are accepted, together and
// in a transaction for each. It is run once, whatever b.N says.
func BenchmarkSubmit(b *testing.B) {
	t := &table{}
	submitBars(b, t)
	t.print("Deliveries accepted: ratios within this run, medians of rounds")
}

func submitBars(b *testing.B, t *table) {
	pool, err := sql.Open("pgx", postgres.DSN(b))
	require.NoError(b, err)
	b.Cleanup(func() { require.NoError(b, pool.Close()) })
	pool.SetMaxOpenConns(64)
	pool.SetMaxIdleConns(64)
	submitBarsOf(b, t, "17", "PostgreSQL", bun.NewDB(pool, pgdialect.New()), "TRUNCATE clientaccount_deliveries", "VACUUM ANALYZE clientaccount_deliveries")

	dsn := bunstore.SQLiteDSN(filepath.Join(b.TempDir(), "bench.db")) + "&_pragma=synchronous(FULL)"
	file, err := sql.Open("sqlite", dsn)
	require.NoError(b, err)
	b.Cleanup(func() { require.NoError(b, file.Close()) })
	submitBarsOf(b, t, "", "SQLite", bun.NewDB(file, sqlitedialect.New()), "DELETE FROM clientaccount_deliveries")
}

func submitBarsOf(b *testing.B, t *table, bar, name string, db *bun.DB, reset ...string) {
	st, err := bunstore.New(db)
	require.NoError(b, err)
	require.NoError(b, st.Migrate(b.Context()))
	ids := hooked(b, st, spread)
	for settings, options := range map[string]clientaccount.Options{"settings for a second": {}, "for minutes": {SettingsFor: time.Hour}} {
		together, alone := clientaccount.New(st, &options), clientaccount.New(eachAlone{st, st}, &options)
		for what, submit := range map[string]func(*clientaccount.Service, []account.ID) charger{"SubmitState": submitting, "SubmitIncoming": submittingIncoming} {
			for _, callers := range []int{64, 1} {
				var each, all rounds
				run := func(svc *clientaccount.Service) result {
					for _, statement := range reset {
						_, err := db.ExecContext(b.Context(), statement)
						require.NoError(b, err)
					}
					return drive(b, submit(svc, ids), load{callers: callers, accounts: spread}, duration)
				}
				for range nRounds {
					each, all = append(each, run(alone)), append(all, run(together))
				}
				title := fmt.Sprintf("%s, %s, %d callers, %s", name, what, callers, settings)
				if callers > 1 {
					t.atLeast(bar, title+", to a transaction for each", 8, ratio(all, each))
				} else {
					t.note(title+", to a transaction for each", fmt.Sprintf("%.2fx", ratio(all, each)))
				}
				t.note(title+", a second", fmt.Sprintf("%.0f (alone %.0f), p99 %s (%s)", all.rate(), each.rate(), all.p99().Round(100*time.Microsecond), each.p99().Round(100*time.Microsecond)))
			}
		}
	}
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
