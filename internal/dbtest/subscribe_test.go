package dbtest

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"sync"
	"testing"
	"time"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"github.com/uptrace/bun"

	"github.com/clientaccount/clientaccount"
	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/account/accounttest"
	"github.com/clientaccount/clientaccount/store"
	"github.com/clientaccount/clientaccount/store/bunstore"
	"github.com/clientaccount/clientaccount/webhook/payload"
)

// hastened is a Service whose clock runs twenty times as fast, so that nobody waits long
// for a pause or a lease to end.
func hastened(s *bunstore.Store) *clientaccount.Service {
	began := time.Now()
	return clientaccount.New(s, &clientaccount.Options{
		Clock:       func() time.Time { return began.Add(20 * time.Since(began)) },
		Hash:        clientaccount.HashCost{MemoryKiB: 64, Iterations: 1, Parallelism: 1},
		EventsEvery: 5 * time.Millisecond,
	})
}

// exhaust moves money so that an account has the nth event: there is none left.
func exhaust(ctx context.Context, svc, charging *clientaccount.Service, id account.ID, n int) error {
	one := decimal.NewFromInt(1)
	if _, err := svc.TopUp(ctx, clientaccount.TopUp{Account: id, Amount: one, Reference: fmt.Sprint("in-", n)}); err != nil {
		return err
	}
	_, err := charging.Charge(ctx, clientaccount.Charge{Account: id, Amount: one, Reference: fmt.Sprint("out-", n)})
	return err
}

// told is what several subscribers were told of.
type told struct {
	mu   sync.Mutex
	last map[account.ID]int64 // numbers, of what was told for good
	gaps []string
}

func newTold() *told { return &told{last: map[account.ID]int64{}} }

// tell notes events. None may come before those in front of it were told.
func (h *told) tell(_ context.Context, events []account.Event) error {
	h.mu.Lock()
	defer h.mu.Unlock()
	for _, e := range events {
		if e.Number > h.last[e.Account]+1 {
			h.gaps = append(h.gaps, fmt.Sprintf("%s: %d came after %d", e.Account, e.Number, h.last[e.Account]))
		}
		h.last[e.Account] = max(h.last[e.Account], e.Number)
	}
	return nil
}

// sometimes is tell, if it does not fail, before it or after.
func (h *told) sometimes(ctx context.Context, events []account.Event) error {
	broken := errors.New("the host's function failed")
	switch rand.N(10) {
	case 0:
		return broken
	case 1:
		return errors.Join(h.tell(ctx, events), broken)
	default:
		return h.tell(ctx, events)
	}
}

func (h *told) all(ids []account.ID, number int64) bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	for _, id := range ids {
		if h.last[id] < number {
			return false
		}
	}
	return true
}

// Two hosts are told while eight callers move money. Their functions fail at random, and
// one host ends in the middle.
func TestSubscribersAreToldOfEveryEvent(t *testing.T) {
	forEachBackend(t, func(t *testing.T, _ *bun.DB, s *bunstore.Store) {
		const accounts, events = 8, 30
		svc := hastened(s)
		e := newEditors(t, s)
		var ids []account.ID
		for n := range accounts {
			ids = append(ids, e.create(t, fmt.Sprintf("client-%d", n)))
		}
		heard := newTold()
		ctx, cancel := context.WithCancel(t.Context())
		leaving, leave := context.WithCancel(ctx)
		var hosts, callers sync.WaitGroup
		defer hosts.Wait()
		defer cancel()
		defer leave()
		for _, ctx := range []context.Context{ctx, leaving} {
			hosts.Go(func() { assert.NoError(t, svc.Subscribe(ctx, clientaccount.Subscription{Handle: heard.sometimes})) })
		}
		for n, id := range ids {
			callers.Go(func() {
				for i := range events {
					assert.NoError(t, exhaust(ctx, svc, svc, id, i))
					if n == 0 && i == events/2 {
						leave()
					}
				}
			})
		}
		callers.Wait()
		require.Eventually(t, func() bool { return heard.all(ids, events) }, time.Minute, 10*time.Millisecond, "an event was lost")
		cancel()
		hosts.Wait()
		assert.Empty(t, heard.gaps)
		require.NoError(t, hastened(s).Subscribe(timeout(t, 100*time.Millisecond), clientaccount.Subscription{
			Handle: func(_ context.Context, events []account.Event) error {
				assert.Empty(t, events, "all were told")
				return nil
			},
		}))
	})
}

// Two hosts are told of hooks that are switched off by one who holds them, and on by
// persons and by edits, while money moves. Nothing is lost, doubled or out of turn.
func TestSubscribersAreToldOfSwitchedHooks(t *testing.T) {
	forEachBackend(t, func(t *testing.T, _ *bun.DB, s *bunstore.Store) {
		const rounds = 10
		svc := hastened(s)
		id := newEditors(t, s).create(t, "hooked")
		heard := newTold()
		ctx, cancel := context.WithCancel(t.Context())
		var hosts, callers sync.WaitGroup
		defer hosts.Wait()
		defer cancel()
		for range 2 {
			hosts.Go(func() { assert.NoError(t, svc.Subscribe(ctx, clientaccount.Subscription{Handle: heard.sometimes})) })
		}
		callers.Go(func() {
			for i := range rounds {
				assert.NoError(t, exhaust(ctx, svc, svc, id, i))
			}
		})
		callers.Go(func() {
			for i := range rounds {
				newURL(t, svc, id, i) // switches on what the round before switched off
				switchOff(t, s, svc, id, i)
			}
			assert.NoError(t, svc.SwitchOn(ctx, clientaccount.Hook{Account: id, Kind: account.HookRESTState}))
		})
		callers.Wait()
		require.Eventually(t, func() bool { return heard.all([]account.ID{id}, 3*rounds) }, time.Minute, 10*time.Millisecond, "an event was lost")
		cancel()
		hosts.Wait()
		assert.Empty(t, heard.gaps)
		requireSwitches(t, svc, id, rounds)
	})
}

// newURL gives an account another URL.
func newURL(t *testing.T, svc *clientaccount.Service, id account.ID, n int) {
	a, err := svc.Get(t.Context(), id)
	assert.NoError(t, err)
	_, err = svc.Update(t.Context(), id, a.Revision, clientaccount.Edit{Apply: func(a *account.Account) error {
		a.Webhooks.RESTState = fmt.Sprint("https://client.io/", n)
		return nil
	}})
	assert.NoError(t, err)
}

// switchOff notes of an account's REST URL that it is gone, twice.
func switchOff(t *testing.T, s *bunstore.Store, svc *clientaccount.Service, id account.ID, n int) {
	owner := accounttest.ID(70_900)
	_, err := svc.SubmitState(t.Context(), id, payload.Report{MessageID: fmt.Sprint("m-", n), State: account.StateDelivered, At: svc.Now()})
	assert.NoError(t, err)
	claimed, err := s.Claim(t.Context(), store.Claim{Owner: owner, Now: svc.Now(), Until: svc.Now().Add(time.Hour), Hooks: 1, Deliveries: 9})
	assert.NoError(t, err)
	for _, c := range claimed {
		for range 2 { // as one does who did not learn whether it was written
			u := store.HookUpdate{Hook: c.Hook, Bury: "off", At: svc.Now()}
			u.Health = store.Health{Failures: 1, OffAt: u.At, OffCode: "gone"}
			lost, err := s.Record(t.Context(), owner, []store.HookUpdate{u})
			assert.NoError(t, err)
			assert.Empty(t, lost)
		}
	}
}

// requireSwitches requires that the hook was off and on in turns, so often.
func requireSwitches(t *testing.T, svc *clientaccount.Service, id account.ID, rounds int) {
	t.Helper()
	events, err := svc.Events(t.Context(), account.EventQuery{Account: id, Limit: account.MaxPage})
	require.NoError(t, err)
	var switches []account.EventKind
	for i, e := range events {
		require.EqualValues(t, i+1, e.Number)
		if e.Kind.IsOfHook() {
			switches = append(switches, e.Kind)
		}
	}
	require.Len(t, switches, 2*rounds)
	for i, kind := range switches {
		require.Equal(t, []account.EventKind{account.EventHookOff, account.EventHookOn}[i%2], kind)
	}
}

func timeout(t *testing.T, d time.Duration) context.Context {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), d)
	t.Cleanup(cancel)
	return ctx
}

// A transaction that wrote an event is committed after others, whose later events were told.
func TestSubscribersAreToldOfWhatIsCommittedLate(t *testing.T) {
	db := openPostgres(t, storeDSN(t), nil)
	s := newStore(t, db)
	svc, e := hastened(s), newEditors(t, s)
	ids := []account.ID{e.create(t, "before"), e.create(t, "late"), e.create(t, "after")}
	late, others := ids[1:2], []account.ID{ids[0], ids[2]}
	tx, err := db.BeginTx(t.Context(), nil)
	require.NoError(t, err)
	defer func() { _ = tx.Rollback() }()
	require.NoError(t, exhaust(t.Context(), svc, svc.On(s.OnTx(tx)), late[0], 1))

	heard := newTold()
	ctx, cancel := context.WithCancel(t.Context())
	var host sync.WaitGroup
	defer host.Wait()
	defer cancel()
	host.Go(func() { assert.NoError(t, svc.Subscribe(ctx, clientaccount.Subscription{Handle: heard.tell})) })
	for n := range 3 {
		for _, id := range others {
			require.NoError(t, exhaust(ctx, svc, svc, id, n))
		}
	}
	require.Eventually(t, func() bool { return heard.all(others, 3) }, time.Minute, time.Millisecond)
	require.False(t, heard.all(late, 1), "it is not there yet")
	require.NoError(t, tx.Commit())
	require.Eventually(t, func() bool { return heard.all(late, 1) }, time.Minute, time.Millisecond, "it was lost")
	assert.Empty(t, heard.gaps)
}

// However much is to be told, was told, or is put off, a claim reads what it gives and
// little more, also by a plan that was made when there was nothing. Where there is news it
// also reads what it notes.
func TestClaimsOfEventsReadLittle(t *testing.T) {
	db := openPostgres(t, storeDSN(t), nil)
	db.SetMaxOpenConns(1)
	s := newStore(t, db)
	now := time.Now()
	require.NoError(t, s.Subscribe(t.Context(), store.Subscription{}))
	claim := func() []store.EventLease {
		ls, err := s.ClaimEvents(t.Context(), store.EventClaim{
			Owner: accounttest.ID(1), Now: now, Until: now.Add(time.Minute), Accounts: 10, Events: 10,
		})
		require.NoError(t, err)
		return ls
	}
	for range 20 {
		require.Empty(t, claim())
	}
	for _, statement := range []string{
		`ALTER TABLE clientaccount_events SET (autovacuum_enabled = off)`,
		`INSERT INTO clientaccount_events (account_id, number, kind, at, balance, held, available, notification_limit, told)
			SELECT md5(a::text)::uuid, n, 'limit.reached', now(), 1, 1, 1, '', n <= 20 OR a % 2 = 0
			FROM generate_series(1, 2000) a, generate_series(1, 40) n`,
	} {
		_, err := db.ExecContext(t.Context(), statement)
		require.NoError(t, err)
	}
	for _, analyzed := range []bool{false, true} {
		bound := 300
		if analyzed {
			_, err := db.ExecContext(t.Context(), `ANALYZE clientaccount_events`)
			require.NoError(t, err)
		}
		if !analyzed {
			bound += 2 * 2000 // which are noted at once
		}
		before := eventsRead(t, db)
		for range 20 {
			ls := claim()
			require.Len(t, ls, 10)
			for i := range ls {
				require.Len(t, ls[i].Events, 10)
				ls[i].Until = now
			}
			lost, err := s.MarkTold(t.Context(), ls)
			require.NoError(t, err)
			require.Empty(t, lost)
		}
		assert.Less(t, eventsRead(t, db)-before, 20*bound, "rows of 80,000 were read by 20 claims")
	}
}

// eventsRead is how many rows of the events were ever read, by index or without.
func eventsRead(t *testing.T, db *bun.DB) (n int) {
	t.Helper()
	_, err := db.ExecContext(t.Context(), `SELECT pg_stat_force_next_flush()`)
	require.NoError(t, err)
	require.NoError(t, db.NewRaw(`SELECT coalesce(sum(t.seq_tup_read), 0) + (SELECT coalesce(sum(i.idx_tup_read), 0)
		FROM pg_stat_user_indexes i WHERE i.relname = 'clientaccount_events')
		FROM pg_stat_user_tables t WHERE t.relname = 'clientaccount_events'`).Scan(t.Context(), &n))
	t.Logf("%d rows read so far", n)
	return n
}
