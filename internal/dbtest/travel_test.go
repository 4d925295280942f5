package dbtest

import (
	"database/sql"
	"testing"

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
