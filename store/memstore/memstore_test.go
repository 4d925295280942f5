package memstore_test

import (
	"context"
	"fmt"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/account/accounttest"
	"github.com/clientaccount/clientaccount/store"
	"github.com/clientaccount/clientaccount/store/memstore"
	"github.com/clientaccount/clientaccount/store/storetest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func TestContract(t *testing.T) {
	storetest.Run(t, func(*testing.T) store.Store { return memstore.New() })
}

func TestContractOfTheOutbox(t *testing.T) {
	storetest.RunOutbox(t, func(*testing.T) storetest.OutboxStore { return memstore.New() })
}

func TestContractOfTheEventFeed(t *testing.T) {
	storetest.RunEventFeed(t, func(*testing.T) storetest.EventFeedStore { return memstore.New() })
}

func TestContractOfMessages(t *testing.T) {
	storetest.RunMessages(t, func(*testing.T) storetest.MessageStore { return memstore.New() })
}

func TestContractOfPrices(t *testing.T) {
	storetest.RunPrices(t, func(*testing.T) storetest.PriceStore { return memstore.New() })
}

func TestContractOfBilling(t *testing.T) {
	storetest.RunBilling(t, func(*testing.T) storetest.BillingStore { return memstore.New() })
}

func TestContractOfTasks(t *testing.T) {
	storetest.RunTasks(t, func(*testing.T) storetest.TaskStore { return memstore.New() })
}

func TestContractOfStandings(t *testing.T) {
	storetest.RunStandings(t, func(*testing.T) storetest.StandingStore { return memstore.New() })
}

func BenchmarkStore(b *testing.B) {
	storetest.Bench(b, func(*testing.B) store.Store { return memstore.New() })
}

func inserting(logins ...string) func(context.Context, store.Tx) error {
	return func(ctx context.Context, tx store.Tx) error {
		for _, login := range logins {
			if err := tx.PutAccount(ctx, accounttest.Valid(login), 0); err != nil {
				return err
			}
		}
		return nil
	}
}

func TestLoseRaces(t *testing.T) {
	s := memstore.New()
	s.LoseRaces(2)
	for range 2 {
		require.ErrorIs(t, s.Update(t.Context(), inserting("racer")), account.ErrConflict)
		_, err := s.AccountBy(t.Context(), store.KeyLogin, "racer")
		require.ErrorIs(t, err, account.ErrNotFound, "a lost race changes nothing")
	}
	require.NoError(t, s.Update(t.Context(), inserting("racer")))
	s.LoseRaces(0)
	require.NoError(t, s.Update(t.Context(), inserting("other")))
}

func TestNestedUpdateIsRefused(t *testing.T) {
	s, other := memstore.New(), memstore.New()
	err := s.Update(t.Context(), func(ctx context.Context, _ store.Tx) error {
		assert.NoError(t, other.Update(ctx, inserting("elsewhere")), "another store is no nesting")
		return s.Update(ctx, inserting("nested"))
	})
	require.ErrorIs(t, err, store.ErrNested)
	require.NoError(t, s.Update(t.Context(), inserting("after")))
}

func TestTxAfterItsEnd(t *testing.T) {
	s := memstore.New()
	var kept store.Tx
	require.NoError(t, s.Update(t.Context(), func(_ context.Context, tx store.Tx) error {
		kept = tx
		return nil
	}))
	require.ErrorIs(t, kept.PutAccount(t.Context(), accounttest.Valid("late"), 0), memstore.ErrEnded)
	_, err := kept.Account(t.Context(), accounttest.ID(1))
	require.ErrorIs(t, err, memstore.ErrEnded)
}

// The history and hashes of accounts that do not exist are a fault of the caller,
// which a database with foreign keys would refuse as well.
func TestOrphansAreRefused(t *testing.T) {
	s := memstore.New()
	require.ErrorIs(t, s.Update(t.Context(), func(ctx context.Context, tx store.Tx) error {
		return tx.AddChange(ctx, account.Record{Of: accounttest.ID(1), Revision: 1})
	}), account.ErrConflict)
	require.ErrorIs(t, s.Update(t.Context(), func(ctx context.Context, tx store.Tx) error {
		return tx.SetCredential(ctx, accounttest.ID(1), store.WebPassword, "hash")
	}), account.ErrConflict)
}

// Bound how much a page of many accounts allocates: the page, not the list.
func TestPageOfManyIsBounded(t *testing.T) {
	s := memstore.New()
	logins := make([]string, 20_000)
	for i := range logins {
		logins[i] = fmt.Sprintf("many-%06d", i)
	}
	require.NoError(t, s.Update(t.Context(), inserting(logins...)))
	allocations := testing.AllocsPerRun(5, func() {
		rows, err := s.Accounts(t.Context(), account.Query{Sort: account.SortCompany, Desc: true})
		require.NoError(t, err)
		require.Len(t, rows, 50)
	})
	assert.Less(t, allocations, 100.0)
}

func BenchmarkPageOf100000(b *testing.B) {
	s := memstore.New()
	logins := make([]string, 100_000)
	for i := range logins {
		logins[i] = fmt.Sprintf("many-%06d", i)
	}
	require.NoError(b, s.Update(b.Context(), inserting(logins...)))
	for _, q := range []account.Query{{}, {Sort: account.SortActivity, Desc: true}, {Search: "y-0999"}} {
		b.Run(string(q.Sort)+q.Search, func(b *testing.B) {
			for b.Loop() {
				_, err := s.Accounts(b.Context(), q)
				require.NoError(b, err)
			}
		})
	}
}
