package dbtest

import (
	"context"
	"database/sql"
	"fmt"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"github.com/uptrace/bun"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/account/accounttest"
	"github.com/clientaccount/clientaccount/store/bunstore"
)

// travelRow is a row of a host's own table.
type travelRow struct {
	bun.BaseModel `bun:"table:travel"`

	N        int                               `bun:"n"`
	Client   account.ID                        `bun:"client"`
	Limit    account.NotificationLimit         `bun:"lim"`
	Price    account.Optional[decimal.Decimal] `bun:"price"`
	Days     account.Optional[int]             `bun:"days"`
	Currency account.Currency                  `bun:"currency"`
}

// Values go into a host's own tables and come back, through bun and through database/sql.
func TestValuesTravelThroughAHostsOwnTables(t *testing.T) {
	forEachBackend(t, func(t *testing.T, db *bun.DB, _ *bunstore.Store) {
		ctx := t.Context()
		_, err := db.ExecContext(ctx, `CREATE TABLE travel (n int, client text, lim text, price text, days int, currency text)`)
		require.NoError(t, err)
		rows := []travelRow{
			{N: 1},
			{
				N: 2, Client: accounttest.ID(7), Limit: account.MessagesLimit(0), Price: account.Some(decimal.RequireFromString("0.0312")),
				Days: account.Some(0), Currency: "EUR",
			},
		}
		_, err = db.NewInsert().Model(&rows).Exec(ctx)
		require.NoError(t, err)
		var back []travelRow
		require.NoError(t, db.NewSelect().Model(&back).Order("n").Scan(ctx))
		require.Len(t, back, 2)
		for i, want := range rows {
			assert.Equal(t, want.Client, back[i].Client)
			assert.Equal(t, want.Limit.String(), back[i].Limit.String())
			assert.Equal(t, want.Price.String(), back[i].Price.String())
			assert.Equal(t, want.Days, back[i].Days)
			assert.Equal(t, want.Currency, back[i].Currency)
		}
		insert := `INSERT INTO travel VALUES (3, $1, $2, $3, $4, $5)`
		_, err = db.DB.ExecContext(ctx, insert, rows[1].Client, rows[1].Limit, rows[1].Price, rows[1].Days, rows[1].Currency)
		require.NoError(t, err)
		var got travelRow
		require.NoError(t, db.DB.QueryRowContext(ctx, `SELECT client, lim, price, days, currency FROM travel WHERE n = 3`).
			Scan(&got.Client, &got.Limit, &got.Price, &got.Days, &got.Currency))
		assert.Equal(t, rows[1].Client, got.Client)
		assert.Equal(t, rows[1].Price.String(), got.Price.String())
		var none sql.NullString
		require.NoError(t, db.DB.QueryRowContext(ctx, `SELECT client FROM travel WHERE n = 1`).Scan(&none))
		assert.False(t, none.Valid, "no id is NULL")
	})
}

// The same through pgx itself, past database/sql, into columns of text, uuid and numeric.
func TestValuesTravelThroughPgxItself(t *testing.T) {
	ctx := t.Context()
	conn, err := pgx.Connect(ctx, storeDSN(t))
	require.NoError(t, err)
	t.Cleanup(func() { _ = conn.Close(context.WithoutCancel(ctx)) })
	_, err = conn.Exec(ctx, `CREATE TEMP TABLE travel (n int, client text, other uuid, lim text, price text, exact numeric, days int, dispatch text, senders text, month_days text)`)
	require.NoError(t, err)
	full := accounttest.Full()
	type row struct {
		Client, Other account.ID
		Limit         account.NotificationLimit
		Price, Exact  account.Optional[decimal.Decimal]
		Days          account.Optional[int]
		Dispatch      account.Dispatch
		Senders       account.Senders
		MonthDays     account.MonthDays
	}
	rows := []row{{}, {
		accounttest.ID(7), accounttest.ID(8), account.MessagesLimit(0), account.Some(decimal.RequireFromString("0.0312")),
		account.Some(decimal.RequireFromString("-1.5")), account.Some(0), full.Core.Dispatch, full.Routing.Senders, full.Billing.InvoiceDays,
	}}
	for n, r := range rows {
		_, err = conn.Exec(ctx, `INSERT INTO travel VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
			n, r.Client, r.Other, r.Limit, r.Price, r.Exact, r.Days, r.Dispatch, r.Senders, r.MonthDays)
		require.NoError(t, err)
		var got row
		require.NoError(t, conn.QueryRow(ctx, `SELECT client, other, lim, price, exact, days, dispatch, senders, month_days FROM travel WHERE n = $1`, n).
			Scan(&got.Client, &got.Other, &got.Limit, &got.Price, &got.Exact, &got.Days, &got.Dispatch, &got.Senders, &got.MonthDays))
		assert.Equal(t, fmt.Sprintf("%+v", r), fmt.Sprintf("%+v", got))
		assert.Equal(t, [2]string{r.Price.String(), r.Exact.String()}, [2]string{got.Price.String(), got.Exact.String()})
		var found int
		require.NoError(t, conn.QueryRow(ctx, `SELECT count(*) FROM travel WHERE n = $1 AND (client IS NULL) = $2`, n, r.Client.IsZero()).Scan(&found))
		assert.Equal(t, 1, found, "no id is NULL")
	}
}
