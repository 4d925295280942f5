package dbtest

import (
	"bytes"
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/account/accounttest"
	"github.com/clientaccount/clientaccount/account/document"
	"github.com/clientaccount/clientaccount/account/price"
	"github.com/clientaccount/clientaccount/store"
)

// A client's month: two documents of 20 kB with their numbers and mails, from usage of 60 rows.
func BenchmarkDocumentsOfAMonth(b *testing.B) {
	s := newStore(b, openPostgres(b, storeDSN(b), nil))
	r := newBillingRig(b, s, 200)
	var usage []document.UsageRow
	for n := range 60 {
		key := document.UsageKey{Day: account.Date{Year: 2026, Month: 10, Day: 1 + n/2}, Kind: account.KindCharge, Price: document.NewUnitPrice(decimal.New(int64(1+n), -3), 1)}
		usage = append(usage, document.UsageRow{UsageKey: key, UsageSums: document.UsageSums{Entries: 10, Messages: 10, Moved: decimal.New(-10, -3)}})
	}
	for _, id := range r.clients {
		require.NoError(b, r.update(func(ctx context.Context, tx store.BillingTx) error { return tx.PutUsage(ctx, id, 0, usage) }))
	}
	text := bytes.Repeat([]byte(`{"day":"2026-10-01"}`), 1000)
	n := 0
	for b.Loop() {
		r.now = r.now.Add(24 * time.Hour)
		require.NoError(b, r.month(b.Context(), n%len(r.clients), text))
		n++
	}
}

// BenchmarkPriceList changes and reads a list of 100,000 rows.
func BenchmarkPriceList(b *testing.B) {
	s := newStore(b, openPostgres(b, storeDSN(b), nil))
	product := accounttest.Product(1)
	of := store.PriceOwner{Product: product.ID}
	from := time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC)
	list := make([]price.Row, 100_000)
	starts := make([]price.Start, len(list))
	for n := range list {
		list[n] = price.Row{Network: price.Network{MCC: fmt.Sprintf("%03d", n/1000), MNC: fmt.Sprintf("%03d", n%1000)}, From: from, Price: decimal.New(int64(n), -6)}
		starts[n] = list[n].Start()
	}
	require.NoError(b, s.Update(b.Context(), func(ctx context.Context, tx store.Tx) error {
		if err := tx.PutItem(ctx, product, 0); err != nil {
			return err
		}
		return tx.(store.PricesTx).ChangePrices(ctx, of, nil, list)
	}))
	b.Run("read", func(b *testing.B) {
		for b.Loop() {
			rows, err := s.PriceRows(b.Context(), of)
			require.NoError(b, err)
			require.Len(b, rows, len(list))
		}
	})
	b.Run("change", func(b *testing.B) {
		for b.Loop() {
			require.NoError(b, s.Update(b.Context(), func(ctx context.Context, tx store.Tx) error {
				return tx.(store.PricesTx).ChangePrices(ctx, of, starts, list)
			}))
		}
	})
}
