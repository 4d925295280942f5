package dbtest

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"github.com/uptrace/bun"

	"github.com/clientaccount/clientaccount/account/accounttest"
	"github.com/clientaccount/clientaccount/store"
	"github.com/clientaccount/clientaccount/store/bunstore"
)

// Who was told of events before subscriptions had names goes on without one, and is told of
// the rest; where nobody was, there is none.
func TestMigrationCarriesOverWhatWasTold(t *testing.T) {
	forEachBackend(t, func(t *testing.T, db *bun.DB, s *bunstore.Store) {
		again := func(statements ...string) []store.Subscription {
			statements = append(statements, `DELETE FROM clientaccount_migrations WHERE name = '20261128200500'`)
			for _, statement := range statements {
				_, err := db.ExecContext(t.Context(), statement)
				require.NoError(t, err)
			}
			require.NoError(t, s.Migrate(t.Context()))
			all, err := s.Subscriptions(t.Context())
			require.NoError(t, err)
			return all
		}
		id := accounttest.ID(5).String()
		require.Empty(t, again(`INSERT INTO clientaccount_events
				(account_id, number, kind, at, balance, held, available, notification_limit)
			SELECT '`+id+`', n, 'limit.reached', '2026-11-24T09:30:00.000000Z', '1', '0', '1', ''
			FROM (SELECT 1 AS n UNION ALL SELECT 2 UNION ALL SELECT 3) AS numbers`))
		require.Equal(t, []store.Subscription{{}}, again(`UPDATE clientaccount_events SET told = true WHERE number <= 2`))

		now := time.Now()
		claim := store.EventClaim{Owner: accounttest.ID(1), Now: now, Until: now.Add(time.Minute), Accounts: 9, Events: 9}
		leases, err := s.ClaimEvents(t.Context(), claim)
		require.NoError(t, err)
		require.Len(t, leases, 1)
		assert.EqualValues(t, 2, leases[0].Told())
		assert.EqualValues(t, 3, leases[0].Last())

		require.NoError(t, s.Subscribe(t.Context(), store.Subscription{Name: "mail"}))
		require.NoError(t, s.Unsubscribe(t.Context(), ""))
		require.Len(t, again(), 1, "it makes none beside others")
	})
}
