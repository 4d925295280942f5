package moneybench

import (
	"context"
	"fmt"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/clientaccount/clientaccount"
	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/account/accounttest"
	"github.com/clientaccount/clientaccount/store"
)

// newsAccounts are those that have events to be told.
const newsAccounts = 10_000

// BenchmarkMoneyEvents prints the bars of events alone.
func BenchmarkMoneyEvents(b *testing.B) {
	t := &table{}
	eventBars(b, t)
	t.print("Events told")
}

// eventBars has events of 10,000 accounts told to one subscription, so many of each, and
// compares that with claims of one account at a time in the same database.
func eventBars(b *testing.B, t *table) {
	for _, on := range []struct {
		name string
		open func(testing.TB) *base
	}{{"PostgreSQL", postgresStore}, {"SQLite", sqliteStore}} {
		for _, each := range []int{1, 5} {
			var told, single rounds
			for range nRounds {
				s := on.open(b)
				makeEvents(b, s, each)
				single = append(single, result{rate: tellSingly(b, s, newsAccounts/20)})
				told = append(told, result{rate: tellEvents(b, s, each*newsAccounts*19/20)})
			}
			what := fmt.Sprintf("%s, events of 10,000 accounts, %d of each", on.name, each)
			t.atLeast("22", what+", to one account at a time", 4, ratio(told, single))
			t.note(what+", told a second", fmt.Sprintf("%.0f (%.0f)", told.rate(), single.rate()))
		}
	}
}

// tellEvents has so many events told, and returns how many a second were.
func tellEvents(b *testing.B, s *base, events int) float64 {
	b.Helper()
	svc := clientaccount.New(s.Store, nil)
	ctx, stop := context.WithCancel(b.Context())
	defer stop()
	var heard atomic.Int64
	began := time.Now()
	require.NoError(b, svc.Subscribe(ctx, clientaccount.Subscription{Handle: func(_ context.Context, told []account.Event) error {
		if heard.Add(int64(len(told))) == int64(events) {
			stop()
		}
		return nil
	}}))
	return float64(events) / time.Since(began).Seconds()
}

// tellSingly has the events of so many accounts told, a claim for each.
func tellSingly(b *testing.B, s *base, accounts int) float64 {
	b.Helper()
	require.NoError(b, s.Subscribe(b.Context(), store.Subscription{}))
	now, events := time.Now(), 0
	began := time.Now()
	for range accounts {
		ls, err := s.ClaimEvents(b.Context(), store.EventClaim{
			Owner: accounttest.ID(1), Now: now, Until: now.Add(time.Minute), Accounts: 1, Events: 100,
		})
		require.NoError(b, err)
		require.Len(b, ls, 1)
		events += len(ls[0].Events)
		_, err = s.MarkTold(b.Context(), ls)
		require.NoError(b, err)
	}
	return float64(events) / time.Since(began).Seconds()
}

// makeEvents writes events that nobody was told of.
func makeEvents(tb testing.TB, s *base, each int) {
	tb.Helper()
	id := `md5(a::text)::uuid`
	series := fmt.Sprintf(`generate_series(1, %d) a, generate_series(1, %d) n`, newsAccounts, each)
	if s.sqlite {
		id = `printf('%08x-0000-7000-8000-%012x', a * 2654435761 % 4294967296, a)`
		series = fmt.Sprintf(`(WITH RECURSIVE s(a) AS (SELECT 1 UNION ALL SELECT a + 1 FROM s WHERE a < %d) SELECT a FROM s),
			(WITH RECURSIVE s(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM s WHERE n < %d) SELECT n FROM s)`, newsAccounts, each)
	}
	s.exec(tb, `INSERT INTO clientaccount_events (account_id, number, kind, at, balance, held, available, notification_limit)
		SELECT `+id+`, n, 'limit.reached', '2026-11-24T09:30:00.000000Z', '1', '0', '1', '' FROM `+series)
	s.exec(tb, `ANALYZE clientaccount_events`)
}
