package dbtest

import (
	"context"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"github.com/uptrace/bun"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/account/accounttest"
	"github.com/clientaccount/clientaccount/internal/rounds"
	"github.com/clientaccount/clientaccount/store"
	"github.com/clientaccount/clientaccount/store/bunstore"
	"github.com/clientaccount/clientaccount/webhook"
	"github.com/clientaccount/clientaccount/webhook/payload"
)

// dispatch runs a dispatcher until stop is called, which waits for it.
func dispatch(tb testing.TB, s *bunstore.Store, config webhook.Config) (d *webhook.Dispatcher, stop func()) {
	tb.Helper()
	d, err := webhook.NewDispatcher(s, &config)
	require.NoError(tb, err)
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- d.Run(ctx) }()
	stop = sync.OnceFunc(func() {
		cancel()
		assert.NoError(tb, <-ended)
	})
	tb.Cleanup(stop)
	return d, stop
}

// Several hosts dispatch from one database while messages come in: each delivery is
// sent once, never more than eight to a URL at a time.
func TestHostsShareOneOutbox(t *testing.T) {
	forEachBackend(t, func(t *testing.T, _ *bun.DB, s *bunstore.Store) {
		const hosts, urls = 3, 12
		messages := rounds.Of(t, 240)
		var mu sync.Mutex
		came := map[string]int{}
		var now [urls]atomic.Int32
		f := newFarEnd(t, func(w http.ResponseWriter, r *http.Request) {
			n, err := strconv.Atoi(r.URL.Path[1:])
			assert.NoError(t, err)
			assert.LessOrEqual(t, now[n].Add(1), int32(8))
			mu.Lock()
			came[r.Header.Get("webhook-id")]++
			mu.Unlock()
			time.Sleep(time.Millisecond)
			now[n].Add(-1)
			accepting(w, r)
		})
		accounts, _ := hookedAccounts(t, s, urls, func(n int) string { return f.url(fmt.Sprint("/", n)) })
		for range hosts {
			dispatch(t, s, f.config)
		}
		queue(t, s, accounts, messages/2)
		second := acceptStates(t, s, accounts, messages, messages/4)
		for _, d := range second {
			requireDone(t, s, d)
		}
		for n := range messages / 2 {
			requireDone(t, s, store.Delivery{ID: accounttest.ID(n), Hook: store.Hook{Account: accounts[n%urls].ID}})
		}
		mu.Lock()
		defer mu.Unlock()
		assert.Len(t, came, messages)
		for id, n := range came {
			assert.Equal(t, 1, n, "%s was sent more than once", id)
		}
	})
}

// deliveriesVar says how many deliveries TestDrainIsBounded drains.
const deliveriesVar = "CLIENTACCOUNT_DELIVERIES"

// Whatever waits, a dispatcher takes a bounded part of it into memory. With
// CLIENTACCOUNT_DELIVERIES=1000000 it is a million, of a thousand URLs.
func TestDrainIsBounded(t *testing.T) {
	n := 10_000
	if text := os.Getenv(deliveriesVar); text != "" {
		var err error
		n, err = strconv.Atoi(text)
		require.NoError(t, err)
	}
	percent := debug.SetGCPercent(100) // whatever the rest is run with
	t.Cleanup(func() { debug.SetGCPercent(percent) })
	forEachBackend(t, func(t *testing.T, _ *bun.DB, s *bunstore.Store) {
		f := newFarEnd(t, accepting)
		accounts, _ := hookedAccounts(t, s, n/1000, func(int) string { return f.url("/dlr") })
		queue(t, s, accounts, n)
		bound := uint64(64<<20 + min(512, n/1000)*64*4<<10) // 64 deliveries of each URL, 512 at once
		before, most := heap(), uint64(0)
		counters := &webhook.Counters{}
		f.config.Observer = counters
		began := time.Now()
		_, stop := dispatch(t, s, f.config)
		require.Eventually(t, func() bool {
			most = max(most, heap())
			return counters.Counts().Delivered >= int64(n)
		}, time.Hour, 50*time.Millisecond)
		took := time.Since(began)
		stop()
		assert.Equal(t, webhook.Counts{Delivered: int64(n)}, counters.Counts())
		assert.Less(t, most, before+bound)
		t.Logf("%d deliveries in %v, %.0f a second; the heap grew by at most %d MB",
			n, took.Round(time.Millisecond), float64(n)/took.Seconds(), int64(most-min(most, before))>>20)
	})
}

// What one host found due and did not come to is looked at again when it is claimed: meanwhile
// another holds a hook, has paused one, was done with one, or left it for later.
func TestClaimsSeeWhatOtherHostsDid(t *testing.T) {
	t.Parallel()
	for name, db := range map[string]*bun.DB{
		"PostgreSQL": openPostgres(t, storeDSN(t), nil), "SQLite": openSQLite(t, filepath.Join(t.TempDir(), "test.db")),
	} {
		t.Run(name, func(t *testing.T) {
			ours, theirs := newStore(t, db), newStore(t, db)
			accounts, _ := hookedAccounts(t, ours, 8, func(int) string { return "https://client.io/dlr" })
			queue(t, ours, accounts, len(accounts))
			now := time.Now()
			claim := func(s *bunstore.Store, owner, hooks int) []store.Claimed {
				found, err := s.Claim(t.Context(), store.Claim{
					Owner: accounttest.ID(owner), Now: now, Until: now.Add(time.Minute), Hooks: hooks, Deliveries: 1,
				})
				require.NoError(t, err)
				return found
			}
			require.Len(t, claim(ours, 1, 1), 1) // seven are kept
			found := claim(theirs, 2, 4)
			require.Len(t, found, 4)
			var updates []store.HookUpdate
			for i, c := range found[1:] {
				u := store.HookUpdate{Hook: c.Hook, Health: c.Health, Release: true, At: now}
				v := store.Verdict{ID: c.Deliveries[0].ID, State: store.DeliveryWaiting, DueAt: now, Tries: 1, Last: store.Try{At: now}}
				switch i {
				case 0:
					u.Health.PausedUntil = now.Add(time.Minute)
				case 1:
					v.State = store.DeliveryDone
				case 2:
					v.DueAt = now.Add(time.Minute)
				}
				u.Verdicts = []store.Verdict{v}
				updates = append(updates, u)
			}
			lost, err := theirs.Record(t.Context(), accounttest.ID(2), updates)
			require.NoError(t, err)
			require.Empty(t, lost)
			got := claim(ours, 1, 10)
			require.Len(t, got, 3)
			for _, c := range got {
				for _, f := range found {
					assert.NotEqual(t, f.Hook, c.Hook)
				}
			}
		})
	}
}

func heap() uint64 {
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}

// A claim, what is read later, and a new delivery cost what they give, not what waits: also where the
// planner's statistics know nothing of the queue, or remember it empty.
func TestClaimsReadLittle(t *testing.T) {
	for name, statistics := range map[string]string{"without statistics": "", "with those of an empty table": "ANALYZE clientaccount_deliveries"} {
		t.Run(name, func(t *testing.T) {
			db := openPostgres(t, storeDSN(t), nil)
			s := newStore(t, db)
			_, err := db.ExecContext(t.Context(), `ALTER TABLE clientaccount_deliveries SET (autovacuum_enabled = off); `+statistics)
			require.NoError(t, err)
			accounts, _ := hookedAccounts(t, s, 2, func(int) string { return "https://client.io/" })
			queue(t, s, accounts, 30_000)
			db.SetMaxOpenConns(1) // the one whose statistics are asked for
			requireLittleRead(t, db, s)
		})
	}
}

func requireLittleRead(t *testing.T, db *bun.DB, s *bunstore.Store) {
	t.Helper()
	owner, now := accounttest.ID(70_001), time.Now()
	before := rowsRead(t, db)
	claimed, err := s.Claim(t.Context(), store.Claim{Owner: owner, Now: now, Until: now.Add(time.Hour), Hooks: 2, Deliveries: 32})
	require.NoError(t, err)
	require.Len(t, claimed, 2)
	requireFewRead(t, db, "claim", before)

	ask := store.More{Owner: owner, Now: now, Limit: 32}
	var updates []store.HookUpdate
	for _, c := range claimed {
		held, u := store.Held{Hook: c.Hook}, store.HookUpdate{Hook: c.Hook, At: now}
		for _, d := range c.Deliveries {
			held.Skip = append(held.Skip, d.ID)
			u.Verdicts = append(u.Verdicts, store.Verdict{ID: d.ID, State: store.DeliveryWaiting, Tries: 1, DueAt: now.Add(time.Hour)})
		}
		ask.Hooks, updates = append(ask.Hooks, held), append(updates, u)
	}
	before = rowsRead(t, db)
	found, err := s.More(t.Context(), ask)
	require.NoError(t, err)
	require.Len(t, found, 64)
	requireFewRead(t, db, "question for more", before)

	before = rowsRead(t, db)
	lost, err := s.Record(t.Context(), owner, updates)
	require.NoError(t, err)
	require.Empty(t, lost)
	requireFewRead(t, db, "record", before)

	another := claimed[0].Deliveries[0]
	another.ID = accounttest.ID(70_002)
	before = rowsRead(t, db)
	accepted, err := s.EnqueueEach(t.Context(), [][]store.Delivery{{another}})
	require.NoError(t, err)
	require.Equal(t, []bool{true}, accepted)
	requireFewRead(t, db, "new delivery", before)
}

func requireFewRead(t *testing.T, db *bun.DB, what string, before int) {
	t.Helper()
	read := rowsRead(t, db) - before
	assert.Less(t, read, 1_000, "rows read for a %s", what)
	t.Logf("a %s read %d rows", what, read)
}

// rowsRead returns how many rows of the deliveries were ever read, by index or without.
func rowsRead(t *testing.T, db *bun.DB) (n int) {
	t.Helper()
	for _, statement := range []string{`SELECT pg_stat_force_next_flush()`, `SELECT pg_stat_clear_snapshot()`} {
		_, err := db.ExecContext(t.Context(), statement)
		require.NoError(t, err)
	}
	require.NoError(t, db.NewRaw(`SELECT coalesce(sum(t.seq_tup_read), 0) + (SELECT coalesce(sum(i.idx_tup_read), 0)
		FROM pg_stat_user_indexes i WHERE i.relname = 'clientaccount_deliveries' AND i.schemaname = current_schema())
		FROM pg_stat_user_tables t WHERE t.relname = 'clientaccount_deliveries' AND t.schemaname = current_schema()`).
		Scan(t.Context(), &n))
	return n
}

// Secrets and clients' messages travel as parameters: no statement's text has them.
func TestOutboxKeepsStatementsClean(t *testing.T) {
	forEachBackend(t, func(t *testing.T, db *bun.DB, _ *bunstore.Store) {
		hook := &statements{}
		s, err := bunstore.New(db.WithQueryHook(hook))
		require.NoError(t, err)
		f := newFarEnd(t, accepting)
		accounts, secret := hookedAccounts(t, s, 1, func(int) string { return "" })
		d := queueWith(t, s, accounts[0], f.url("/dlr"))
		_, stop := dispatch(t, s, f.config)
		requireDone(t, s, d)
		stop()
		require.NotEmpty(t, hook.seen)
		for _, statement := range hook.seen {
			assert.NotContains(t, statement, secret.Reveal()[6:])
			assert.NotContains(t, statement, "c4nary")
		}
	})
}

// queueWith gives an account a URL and enqueues a report with a canary.
func queueWith(t *testing.T, s *bunstore.Store, a account.Account, url string) store.Delivery {
	t.Helper()
	next := a.Clone()
	next.Revision++
	next.Webhooks.RESTState = url
	made, err := payload.Report{MessageID: "c4nary", ClientRef: "c4nary", At: time.Now()}.Deliveries(next, func(account.HookKind) account.ID { return accounttest.ID(1) })
	require.NoError(t, err)
	require.NoError(t, s.Update(t.Context(), func(ctx context.Context, tx store.Tx) error {
		if err := tx.PutAccount(ctx, next, a.Revision); err != nil {
			return err
		}
		return tx.(store.OutboxTx).Enqueue(ctx, made...)
	}))
	return made[0]
}
