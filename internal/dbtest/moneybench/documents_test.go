package moneybench

import (
	"context"
	"fmt"
	"os"
	"runtime"
	"strconv"
	"sync"
	"testing"
	"time"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/clientaccount/clientaccount"
	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/account/accounttest"
	"github.com/clientaccount/clientaccount/account/document"
	"github.com/clientaccount/clientaccount/internal/ledger"
	"github.com/clientaccount/clientaccount/store"
)

// billedVar says how many clients get documents; 10,000 are those of the bar.
const (
	billedVar     = "CLIENTACCOUNT_BILLED"
	billedClients = 1000
	billedEntries = 1000 // of each
)

// BenchmarkDocuments prints the bars of documents alone.
func BenchmarkDocuments(b *testing.B) {
	t := &table{}
	documentBars(b, t)
	t.print("Documents")
}

// documentBars makes the statements and invoices of a month at once: those of half of the clients
// alone, and of the others beside charges.
func documentBars(b *testing.B, t *table) {
	clients := billedClients
	if text := os.Getenv(billedVar); text != "" {
		var err error
		clients, err = strconv.Atoi(text)
		require.NoError(b, err)
	}
	s := postgresStore(b)
	s.ids = fund(b, s.Store, 100)
	ids := fillMonth(b, s, clients)
	half := len(ids) / 2

	before, peak := heapNow(), make(chan uint64)
	ctx, stop := context.WithCancel(b.Context())
	go func() { peak <- mostHeap(ctx) }()
	began := time.Now()
	makeDue(b, s, ids[:half])
	makeMonth(b, s)
	took := time.Since(began).Seconds() * 10_000 / float64(half)
	stop()
	most := float64(<-peak-before) / (1 << 20)

	charge := charging(clientaccount.New(s.Store, nil), s.ids, "0.0042")
	var alone, beside rounds
	for range nRounds {
		alone = append(alone, drive(b, charge, load{callers: 32, accounts: 100}, duration))
	}
	makeDue(b, s, ids[half:])
	working, done := context.WithCancel(b.Context())
	var work sync.WaitGroup
	work.Go(func() {
		defer done()
		makeMonth(b, s)
	})
	for working.Err() == nil {
		beside = append(beside, drive(b, charge, load{callers: 32, accounts: 100}, duration/4))
	}
	work.Wait()
	requireMonth(b, s, len(ids))

	what := fmt.Sprintf("a month's documents, from %d clients with %d entries each", half, billedEntries)
	t.within("21", what+", for 10,000", 120, took)
	t.atMost("21", what+": heap, to 200 MB", 1, most/200)
	t.atMost("21", what+": p99 of charges beside, to alone", 1.5, float64(beside.p99())/float64(alone.p99()))
	t.note(what+": MB; p99 alone, beside", fmt.Sprintf("%.0f; %v, %v", most, alone.p99(), beside.p99()))
	t.note(what+": charges a second alone, beside", fmt.Sprintf("%.0f, %.0f", alone.rate(), beside.rate()))
}

var (
	monthBegan = time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC)
	monthEnded = time.Date(2026, 12, 1, 0, 30, 0, 0, time.UTC)
)

// fillMonth makes clients with entries all through a month, at four prices, and no book yet.
func fillMonth(tb testing.TB, s *base, clients int) (ids []account.ID) {
	tb.Helper()
	terms := account.Terms{Currency: "EUR", Credit: decimal.NewFromInt(1000), Zone: "UTC"}
	for from := 0; from < clients; from += 1000 {
		require.NoError(tb, s.Update(tb.Context(), func(ctx context.Context, tx store.Tx) error {
			for k := from; k < min(clients, from+1000); k++ {
				a := billedClient(k)
				if err := tx.PutAccount(ctx, a, 0); err != nil {
					return err
				}
				if err := tx.Post(ctx, store.Posting{Balance: ledger.Opened(a.ID, terms, monthBegan)}); err != nil {
					return err
				}
				ids = append(ids, a.ID)
			}
			return nil
		}))
	}
	s.exec(tb, fmt.Sprintf(`INSERT INTO clientaccount_entries (account_id, number, kind, amount, after, held_after, messages, reference, fingerprint, at)
		SELECT id, n, 'charge', -(ARRAY[0.03, 0.035, 0.04, 0.045])[n %% 4 + 1],
			-(0.15 * (n / 4) + (ARRAY[0, 0.035, 0.075, 0.12])[n %% 4 + 1]), 0, 1, 'm-' || n, '00000000-0000-0000-0000-000000000001',
			TIMESTAMPTZ '2026-11-01T00:00:00Z' + n * interval '2500 seconds'
		FROM clientaccount_accounts a, generate_series(1, %d) n WHERE a.login LIKE 'billed-%%'`, billedEntries))
	s.exec(tb, fmt.Sprintf(`UPDATE clientaccount_balances b SET amount = -0.15 * %[1]d / 4, entries = %[1]d, version = version + 1,
			last_at = TIMESTAMPTZ '2026-11-01T00:00:00Z' + %[1]d * interval '2500 seconds'
		FROM clientaccount_accounts a WHERE a.id = b.account_id AND a.login LIKE 'billed-%%'`, billedEntries))
	s.exec(tb, `VACUUM ANALYZE`)
	return ids
}

func billedClient(k int) account.Account {
	a := accounttest.Valid(fmt.Sprintf("billed-%05d", k))
	a.CreatedAt, a.UpdatedAt = monthBegan, monthBegan
	a.Core.TimeZone, a.Mail.Email = "UTC", "client@example.com"
	a.Billing.InvoiceDays, a.Billing.SendStats, a.Billing.SendInvoices, a.Billing.ToEmail = 1<<1, true, true, true
	return a
}

// makeDue has accounts begin their books.
func makeDue(tb testing.TB, s *base, ids []account.ID) {
	tb.Helper()
	require.NoError(tb, s.Update(tb.Context(), func(ctx context.Context, tx store.Tx) error {
		for _, id := range ids {
			if err := tx.(store.BillingTx).MakeDue(ctx, id, monthBegan); err != nil {
				return err
			}
		}
		return nil
	}))
}

// makeMonth makes all documents that are due at the end of the month.
func makeMonth(tb testing.TB, s *base) {
	tb.Helper()
	svc := clientaccount.New(s.Store, &clientaccount.Options{Clock: func() time.Time { return monthEnded }})
	for {
		assert.NoError(tb, svc.Tick(tb.Context()))
		due, err := s.DueBooks(tb.Context(), monthEnded, 1, nil)
		if !assert.NoError(tb, err) || len(due) == 0 {
			return
		}
	}
}

// requireMonth says that each client has a statement and an invoice.
func requireMonth(tb testing.TB, s *base, clients int) {
	tb.Helper()
	for _, kind := range []document.Kind{document.KindStatement, document.KindInvoice} {
		var made int
		require.NoError(tb, s.pool.QueryRowContext(tb.Context(),
			`SELECT count(DISTINCT account_id) FROM clientaccount_documents WHERE kind = $1`, string(kind)).Scan(&made))
		require.Equal(tb, clients, made, kind)
	}
}

func heapNow() uint64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}

// mostHeap returns the largest heap until ctx ends.
func mostHeap(ctx context.Context) (most uint64) {
	every := time.NewTicker(20 * time.Millisecond)
	defer every.Stop()
	for {
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		most = max(most, m.HeapAlloc)
		select {
		case <-ctx.Done():
			return most
		case <-every.C:
		}
	}
}
