package dbtest

import (
	"context"
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"github.com/uptrace/bun"

	"github.com/clientaccount/clientaccount"
	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/internal/dbtest/postgres"
	"github.com/clientaccount/clientaccount/internal/rounds"
	"github.com/clientaccount/clientaccount/store/bunstore"
)

// Two processes subscribe, fail at random and are killed again and again, while eight
// goroutines make events. Every event is told to both subscriptions, and no account's before
// the one before it.
func TestSubscribersKilledLoseNoEvent(t *testing.T) {
	t.Parallel()
	t.Run("PostgreSQL", func(t *testing.T) {
		dsn := storeDSN(t)
		db := openPostgres(t, dsn, nil)
		killSubscribers(t, "pgx", dsn, db, newStore(t, db), rounds.Of(t, 15))
	})
	t.Run("SQLite", func(t *testing.T) {
		path := filepath.Join(t.TempDir(), "events.db")
		db := openSQLite(t, path)
		killSubscribers(t, "sqlite", bunstore.SQLiteDSN(path), db, newStore(t, db), rounds.Of(t, 6))
	})
}

func killSubscribers(t *testing.T, driver, dsn string, db *bun.DB, s *bunstore.Store, kills int) {
	t.Helper()
	serial := map[string]string{"pgx": "bigint GENERATED ALWAYS AS IDENTITY", "sqlite": "INTEGER PRIMARY KEY"}[driver]
	_, err := db.ExecContext(t.Context(), `CREATE TABLE heard (seq `+serial+`, name text, account text, number bigint)`)
	require.NoError(t, err)
	v := &vault{T: t, svc: clientaccount.New(s, nil), dsn: dsn}
	v.fund(8, 10)
	v.limit("5 money")
	ctx, enough := context.WithCancel(t.Context())
	var group sync.WaitGroup
	for n, id := range v.ids {
		group.Go(func() { v.swing(ctx, n, id) })
	}
	since := time.Now()
	subscribers := []*subscriber{startSubscriber(t, driver, dsn, since), startSubscriber(t, driver, dsn, since)}
	for n := range kills {
		time.Sleep(time.Duration(50+rand.IntN(200)) * time.Millisecond) // any moment will do
		subscribers[n%2].kill9(t)
		subscribers[n%2] = startSubscriber(t, driver, dsn, since)
	}
	enough()
	group.Wait()
	made := v.eventsOf()
	require.Eventually(t, func() bool { return len(heardOf(t, db)) == len(killedNames)*made }, postgres.Patience, 20*time.Millisecond)
	for _, l := range subscribers {
		l.stop(t)
	}
	requireInOrder(t, db)
	v.verified()
	t.Logf("%d events were told through %d kills", made, kills)
}

// limit has all accounts told of when they have no more than this.
func (v *vault) limit(limit string) {
	v.Helper()
	for _, id := range v.ids {
		_, err := v.svc.Update(v.Context(), id, 1, clientaccount.Edit{Apply: account.Change{}.Set("notification_limit", limit).Apply})
		require.NoError(v, err)
	}
}

// swing takes an account below its limit and back until ctx ends.
func (v *vault) swing(ctx context.Context, n int, id account.ID) {
	six := decimal.NewFromInt(6)
	for i := 0; ctx.Err() == nil; i++ {
		m := account.Movement{Kind: account.KindCharge, Account: id, Amount: six, Reference: fmt.Sprint("swing-", n, "-", i)}
		if i%2 == 1 {
			m.Kind = account.KindTopUp
		}
		_, err := v.svc.Move(v.Context(), m)
		assert.NoError(v, err)
		time.Sleep(5 * time.Millisecond)
	}
}

// eventsOf counts the events of all accounts.
func (v *vault) eventsOf() (n int) {
	v.Helper()
	for _, id := range v.ids {
		after := int64(0)
		for {
			page, err := v.svc.Events(v.Context(), account.EventQuery{Account: id, After: after, Limit: 1000})
			require.NoError(v, err)
			if len(page) == 0 {
				break
			}
			n += len(page)
			after = page[len(page)-1].Number
		}
	}
	return n
}

// hearing is one time that an event was told.
type hearing struct {
	Name    string // of the subscription
	Account string
	Number  int64
}

// heardOf returns the events that were told, each with how often.
func heardOf(t *testing.T, db *bun.DB) map[hearing]int {
	t.Helper()
	times := map[hearing]int{}
	for _, h := range hearings(t, db) {
		times[h]++
	}
	return times
}

// hearings are in the order in which events were told.
func hearings(t *testing.T, db *bun.DB) (all []hearing) {
	t.Helper()
	require.NoError(t, db.NewRaw(`SELECT name, account, number FROM heard ORDER BY seq`).Scan(t.Context(), &all))
	return all
}

// requireInOrder allows an event to be told again, but for the first time only after the
// one before it.
func requireInOrder(t *testing.T, db *bun.DB) {
	t.Helper()
	last := map[string]int64{}
	for _, h := range hearings(t, db) {
		of := h.Name + " " + h.Account
		assert.LessOrEqual(t, h.Number, last[of]+1, "an event of %s was passed over", h.Account)
		last[of] = max(last[of], h.Number)
	}
}
