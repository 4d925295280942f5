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
)

// BenchmarkMoneyEvents tells events of 10,000 accounts: of each so many.
func BenchmarkMoneyEvents(b *testing.B) {
	const accounts = 10_000
	for range b.N {
		t := &table{}
		for _, on := range []struct {
			name string
			open func(testing.TB) *base
		}{{"PostgreSQL", postgresStore}, {"SQLite", sqliteStore}} {
			for _, each := range []int{1, 2, 5, 10} {
				s := on.open(b)
				rate := tellEvents(b, s, accounts, each)
				b.Logf("%s %d: %.0f", on.name, each, rate)
				t.note(fmt.Sprintf("%s, events told a second, %d of each", on.name, each), fmt.Sprintf("%.0f", rate))
			}
		}
		t.print("Events told over 10,000 accounts")
	}
}

// tellEvents makes events and has them told, and returns how many a second were.
func tellEvents(b *testing.B, s *base, accounts, each int) float64 {
	b.Helper()
	makeEvents(b, s, accounts, each)
	svc := clientaccount.New(s.Store, nil)
	ctx, stop := context.WithCancel(b.Context())
	defer stop()
	var heard atomic.Int64
	began := time.Now()
	require.NoError(b, svc.Subscribe(ctx, clientaccount.Subscription{Handle: func(_ context.Context, events []account.Event) error {
		if heard.Add(int64(len(events))) == int64(accounts*each) {
			stop()
		}
		return nil
	}}))
	return float64(accounts*each) / time.Since(began).Seconds()
}

func makeEvents(b *testing.B, s *base, accounts, each int) {
	b.Helper()
	id := `md5(a::text)::uuid`
	series := fmt.Sprintf(`generate_series(1, %d) a, generate_series(1, %d) n`, accounts, each)
	if s.sqlite {
		id = `printf('%08x-0000-7000-8000-%012x', a * 2654435761 % 4294967296, a)`
		series = fmt.Sprintf(`(WITH RECURSIVE s(a) AS (SELECT 1 UNION ALL SELECT a + 1 FROM s WHERE a < %d) SELECT a FROM s),
			(WITH RECURSIVE s(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM s WHERE n < %d) SELECT n FROM s)`, accounts, each)
	}
	_, err := s.pool.ExecContext(b.Context(), `INSERT INTO clientaccount_events
			(account_id, number, kind, at, balance, held, available, notification_limit)
		SELECT `+id+`, n, 'limit.reached', '2026-11-24T09:30:00.000000Z', '1', '0', '1', '' FROM `+series)
	require.NoError(b, err)
	_, err = s.pool.ExecContext(b.Context(), `ANALYZE clientaccount_events`)
	require.NoError(b, err)
}
