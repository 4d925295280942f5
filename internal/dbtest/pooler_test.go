package dbtest

import (
	"fmt"
	"net/url"
	"os"
	"sync"
	"testing"
	"time"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"github.com/uptrace/bun"

	"github.com/clientaccount/clientaccount"
	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/internal/dbtest/postgres"
	"github.com/clientaccount/clientaccount/store"
	"github.com/clientaccount/clientaccount/store/bunstore"
)

// unprepared are the modes of the driver that keep no prepared statements.
var unprepared = []string{"cache_describe", "exec", "simple_protocol"}

func inMode(mode string) url.Values { return url.Values{"default_query_exec_mode": {mode}} }

func newUnprepared(tb testing.TB, db *bun.DB) *bunstore.Store {
	tb.Helper()
	s, err := bunstore.New(db, bunstore.Unprepared())
	require.NoError(tb, err)
	require.NoError(tb, s.Migrate(tb.Context()))
	return s
}

// Each contract in another mode of the driver; the race below is in all of them. The two
// that are long run where they are asked for: they hold nothing that is not held without a
// pooler too, but for the way of the statements, which the others go as well.

// poolerVar is the environment variable that asks for the long ones: make pooler.
const poolerVar = "CLIENTACCOUNT_POOLER"

func TestContractThroughAPooler(t *testing.T) {
	onlyWhenAsked(t)
	runContract(t, throughPooler(t, "exec"))
}

func TestContractOfTheOutboxThroughAPooler(t *testing.T) {
	onlyWhenAsked(t)
	runOutbox(t, throughPooler(t, "simple_protocol"))
}

func onlyWhenAsked(t *testing.T) {
	t.Helper()
	if os.Getenv(poolerVar) == "" {
		t.Skipf("runs with %s=1, see make pooler", poolerVar)
	}
}

func TestContractOfTheEventFeedThroughAPooler(t *testing.T) {
	t.Parallel()
	runEventFeed(t, throughPooler(t, "cache_describe"))
}

func throughPooler(t *testing.T, mode string) opener {
	t.Helper()
	pooler := postgres.Pooler(t, postgres.DSN(t), "transaction")
	return func(t *testing.T) *bunstore.Store {
		t.Helper()
		return newUnprepared(t, openPostgres(t, postgres.Pooled(t, storeDSN(t), pooler), inMode(mode)))
	}
}

// Two Services through a pooler of few connections spend one account's last money.
func TestMoneyIsSpentOnceThroughAPooler(t *testing.T) {
	t.Parallel()
	for _, mode := range unprepared {
		t.Run(mode, func(t *testing.T) {
			t.Parallel()
			dsn := postgres.Pooler(t, postgres.DSN(t), "transaction", "default_pool_size = 3")
			v := &vault{T: t, svc: clientaccount.New(newUnprepared(t, openPostgres(t, dsn, inMode(mode))), nil), dsn: dsn}
			v.fund(2, 100)
			other := clientaccount.New(newUnprepared(t, openPostgres(t, dsn, inMode(mode))), nil)
			stop := v.watch()
			var group sync.WaitGroup
			var mu sync.Mutex
			var spent int
			for k := range 16 {
				group.Go(func() {
					svc := []*clientaccount.Service{v.svc, other}[k%2]
					for n := range 20 {
						_, err := svc.Charge(t.Context(), clientaccount.Charge{Account: v.ids[0], Amount: decimal.NewFromInt(1), Reference: fmt.Sprint(k, "-", n)})
						if err == nil {
							mu.Lock()
							spent++
							mu.Unlock()
							continue
						}
						assert.ErrorIs(t, err, account.ErrExhausted)
					}
				})
			}
			group.Wait()
			stop()
			assert.Equal(t, 100, spent)
			assert.Len(t, v.entries(v.ids[0], account.KindCharge), 100)
		})
	}
}

func TestPoolerThatForgetsIsRefusedAtStart(t *testing.T) {
	for name, tt := range map[string]struct {
		mode    string
		options []bunstore.Option
	}{
		"the driver's default":                    {"cache_statement", nil},
		"the driver's default, and the option":    {"cache_statement", []bunstore.Option{bunstore.Unprepared()}},
		"the driver prepares none, but the store": {"exec", nil},
		"over the simple protocol":                {"simple_protocol", nil},
	} {
		t.Run(name, func(t *testing.T) {
			direct := postgres.DSN(t)
			newStore(t, openPostgres(t, direct, nil))
			s, err := bunstore.New(openPostgres(t, postgres.Pooler(t, direct, "transaction"), inMode(tt.mode)), tt.options...)
			require.NoError(t, err)
			require.Eventually(t, func() bool { // to have waited in vain for a second connection is no error
				err = s.Migrate(t.Context())
				return err != nil
			}, postgres.Patience, time.Millisecond)
			require.ErrorIs(t, err, bunstore.ErrPooler)
			assert.ErrorContains(t, err, "default_query_exec_mode", "it says what to do")
			var problems store.Problems
			require.Eventually(t, func() bool {
				problems = clientaccount.New(s, nil).Check(t.Context())
				return problems.Err() != nil
			}, postgres.Patience, time.Millisecond)
			assert.True(t, problems.Has("pooler.prepared"), problems)
			assert.ErrorContains(t, problems.Err(), "bunstore.Unprepared")
		})
	}
}

func TestPoolerThatForgetsNothingIsNone(t *testing.T) {
	t.Parallel()
	for _, mode := range append([]string{"cache_statement"}, unprepared...) {
		direct := postgres.DSN(t)
		for name, dsn := range map[string]string{"none": direct, "in session mode": postgres.Pooler(t, direct, "session")} {
			s := newStore(t, openPostgres(t, dsn, inMode(mode)))
			assert.Empty(t, clientaccount.New(s, nil).Check(t.Context()), "%s, %s", mode, name)
		}
	}
}

// A pooler in statement mode has no transactions.
func TestPoolerWithoutTransactionsIsRefused(t *testing.T) {
	direct := postgres.DSN(t)
	newStore(t, openPostgres(t, direct, nil))
	s, err := bunstore.New(openPostgres(t, postgres.Pooler(t, direct, "statement"), inMode("simple_protocol")), bunstore.Unprepared())
	require.NoError(t, err)
	require.Error(t, s.Migrate(t.Context()))
	require.Error(t, clientaccount.New(s, nil).Check(t.Context()).Err())
}

// Where the start could not tell, as with one connection, what meets the pooler says so.
func TestWhatMeetsAPoolerSaysSo(t *testing.T) {
	direct := postgres.DSN(t)
	newStore(t, openPostgres(t, direct, nil))
	dsn := postgres.Pooler(t, direct, "transaction")
	var stores []*bunstore.Store
	for range 2 {
		db := openPostgres(t, dsn, inMode("exec"))
		db.SetMaxOpenConns(1)
		s, err := bunstore.New(db)
		require.NoError(t, err)
		stores = append(stores, s)
	}
	ask := func(s *bunstore.Store) error {
		_, err := s.Ledger(t.Context(), []store.Lookup{{Account: account.ID{1}}})
		return err
	}
	require.NoError(t, ask(stores[0]))
	err := ask(stores[1])
	require.ErrorIs(t, err, bunstore.ErrPooler)
	require.NotErrorIs(t, err, account.ErrConflict, "trying again does not help")
}
