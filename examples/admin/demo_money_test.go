package main

import (
	"testing"
	"time"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/clientaccount/clientaccount"
	"github.com/clientaccount/clientaccount/account"
)

// The demo's money is varied, adds up, and lies in the past.
func TestDemoMoneyIsPlausible(t *testing.T) {
	st, rows := told(t, demoDay)
	svc := clientaccount.New(st, &clientaccount.Options{Clock: func() time.Time { return demoDay }})
	standing := map[string]clientaccount.Standing{}
	moved, kinds, held := 0, map[account.MovementKind]int{}, 0
	for _, row := range rows {
		s, err := svc.Balance(t.Context(), row.ID)
		require.NoError(t, err)
		standing[row.Login] = s
		sum, last := decimal.Zero, time.Time{}
		for e, err := range svc.AllEntries(t.Context(), account.EntryQuery{Account: row.ID, Oldest: true}) {
			require.NoError(t, err)
			assert.False(t, e.At.After(demoDay) || e.At.Before(last), "%s: entry %d is out of time", row.Login, e.Number)
			sum, last = sum.Add(e.Amount), e.At
			kinds[e.Kind]++
		}
		assert.Equal(t, sum.String(), s.Amount.String(), row.Login)
		if s.Entries > 0 {
			moved++
		}
		if s.Held.IsPositive() {
			held++
		}
	}
	assert.Greater(t, moved, len(rows)*3/4)
	assert.GreaterOrEqual(t, held, 3)
	for _, kind := range []account.MovementKind{account.KindTopUp, account.KindCharge, account.KindHold, account.KindAdjust, account.KindRefund, account.KindTransferOut, account.KindTransferIn} {
		assert.NotZero(t, kinds[kind], kind)
	}
	assert.Less(t, kinds[account.KindCharge], 1500, "so that the first start stays quick")

	near := standing["amberline"]
	left, known := near.Messages()
	assert.True(t, known && near.Low)
	assert.True(t, left.GreaterThan(decimal.NewFromInt(3000)) && left.LessThan(decimal.NewFromInt(3300)), left)
	_, overdraw := standing["carpatia"].Used()
	assert.True(t, overdraw.IsPositive() && standing["carpatia"].Available.IsPositive())
	shared := standing["baltic.riga"]
	assert.Equal(t, standing["balticwave"].Account, shared.Payer)
	assert.True(t, shared.Spent.IsPositive())
	assert.True(t, standing["baltic.tallinn"].Terms.Shares.IsZero())
}
