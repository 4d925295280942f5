package dbtest

import (
	"context"
	"testing"
	"time"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"github.com/uptrace/bun"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/account/accounttest"
	"github.com/clientaccount/clientaccount/store"
	"github.com/clientaccount/clientaccount/store/bunstore"
)

// older are accounts that were there before their money.
func older() []account.Account {
	own, product, nothing := accounttest.Valid("own"), accounttest.Valid("product"), accounttest.Valid("nothing")
	own.Credit.Limit = account.Some(decimal.RequireFromString("12.50"))
	own.Credit.Overdraw = account.Overdraw{Limit: decimal.NewFromInt(7), ExpiresAt: time.Now().Add(time.Hour)}
	own.Core.NotificationLimit = account.MessagesLimit(100)
	own.Core.TimeZone, own.Core.Currency = "Europe/Kyiv", "UAH"
	product.Notes.Product = accounttest.Product(3).ID
	nothing.Status = account.StatusClosed
	nothing.Credit.Overdraw = account.Overdraw{Limit: decimal.NewFromInt(7), ExpiresAt: time.Now().Add(-time.Hour)}
	return []account.Account{own, product, nothing}
}

// Accounts that are older than their money get a balance: their own terms, with the
// product's where they have none.
func TestMigrationOpensBalances(t *testing.T) {
	forEachBackend(t, func(t *testing.T, db *bun.DB, s *bunstore.Store) {
		require.NoError(t, s.Update(t.Context(), func(ctx context.Context, tx store.Tx) error {
			if err := tx.PutItem(ctx, accounttest.Product(3), 0); err != nil {
				return err
			}
			return inserting(older()...)(ctx, tx)
		}))
		_, err := db.ExecContext(t.Context(), `DELETE FROM clientaccount_migrations WHERE name = '20261125000000'`)
		require.NoError(t, err)
		require.NoError(t, s.Migrate(t.Context()))

		own, product, nothing := balanceOf(t, s, "own"), balanceOf(t, s, "product"), balanceOf(t, s, "nothing")
		for _, b := range []account.Balance{own, product, nothing} {
			assert.EqualValues(t, 1, b.Version)
			assert.True(t, b.Amount.IsZero() && b.Held.IsZero() && b.Spent.IsZero())
			assert.Zero(t, b.Entries+b.Events)
		}
		assert.Equal(t, "12.5", own.Terms.Credit.String())
		assert.Equal(t, "7", own.Terms.Overdraw.String())
		assert.Equal(t, account.MessagesLimit(100).String(), own.Terms.Limit.String())
		assert.Equal(t, "Europe/Kyiv UAH", own.Terms.Zone+" "+string(own.Terms.Currency))
		assert.False(t, own.Exhausted || own.OverdrawOver || own.Terms.Closed)
		assert.Equal(t, "3", product.Terms.Credit.String())
		assert.Equal(t, "0.0312", product.Terms.Price.Or(decimal.Zero).String())
		assert.False(t, product.Exhausted)
		assert.True(t, nothing.Exhausted && nothing.OverdrawOver && nothing.Terms.Closed)
		assert.True(t, nothing.Terms.Credit.IsZero() && nothing.Terms.Price.IsZero())

		due, err := s.Due(t.Context(), time.Now().Add(30*time.Minute), account.ID{}, 10)
		require.NoError(t, err)
		assert.Empty(t, due, "an overdraw that ended before is no news")
		due, err = s.Due(t.Context(), time.Now().Add(2*time.Hour), account.ID{}, 10)
		require.NoError(t, err)
		assert.Equal(t, []account.ID{own.Account}, due)
	})
}

func balanceOf(t *testing.T, s *bunstore.Store, login string) account.Balance {
	t.Helper()
	found, err := s.Ledger(t.Context(), []store.Lookup{{Account: accounttest.Valid(login).ID}})
	require.NoError(t, err)
	return found[0].Balance
}
