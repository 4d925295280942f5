package dbtest

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"math/rand/v2"
	"path/filepath"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/clientaccount/clientaccount"
	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/internal/dbtest/postgres"
	"github.com/clientaccount/clientaccount/internal/rounds"
	"github.com/clientaccount/clientaccount/store/bunstore"
)

// A process that charges is killed at random moments, and another goes on. What one
// of them acknowledged is there, once.
func TestProcessKilledUnderCharges(t *testing.T) {
	t.Parallel()
	for _, driver := range []string{"pgx", "sqlite"} {
		t.Run(driver, func(t *testing.T) {
			const perRound = 100_000
			v := killable(t, driver)
			acknowledged := map[string]bool{}
			for round := range rounds.Of(t, 10) {
				c := hire(t, orders{
					Driver: driver, DSN: v.dsn, Accounts: v.ids, Goroutines: goroutines,
					First: round*perRound + 1, Last: (round + 1) * perRound,
				})
				for _, reference := range c.answersUntilKilled(0, rand.N(300*time.Millisecond))[tellerDone] {
					acknowledged[reference] = true
				}
				require.Error(t, c.commands[0].Wait(), "the teller came to an end before it was killed")
			}
			written := v.entries(v.ids[0], account.KindCharge)
			v.holds(written, slices.Collect(maps.Keys(acknowledged))...)
			t.Logf("%d acknowledged, %d written", len(acknowledged), len(written))
			require.NotEmpty(t, acknowledged)
			v.verified()
		})
	}
}

func killable(t *testing.T, driver string) *vault {
	t.Helper()
	if driver == "pgx" {
		return newVault(t, storeDSN(t), 1, 1e9)
	}
	return newSQLiteVault(t, 1, 1e9)
}

func newSQLiteVault(t *testing.T, accounts int, funds int64) *vault {
	t.Helper()
	path := filepath.Join(t.TempDir(), "money.db")
	db := openSQLite(t, path)
	v := &vault{T: t, dsn: bunstore.SQLiteDSN(path), svc: clientaccount.New(newStore(t, db), nil)}
	v.fund(accounts, funds)
	return v
}

// The server is killed while 64 goroutines charge four accounts, and comes back.
func TestServerKilledUnderCharges(t *testing.T) {
	t.Parallel()
	const accounts = 4
	server := postgres.Start(t)
	v := newVault(t, server.Database(t), accounts, 1e9)
	ctx, stop := context.WithCancel(t.Context())
	var mu sync.Mutex
	acknowledged := map[account.ID]map[string]bool{}
	for _, id := range v.ids {
		acknowledged[id] = map[string]bool{}
	}
	count := func() (n int) {
		mu.Lock()
		defer mu.Unlock()
		for _, of := range acknowledged {
			n += len(of)
		}
		return n
	}
	var group sync.WaitGroup
	defer group.Wait()
	defer stop()
	for g := range goroutines {
		id := v.ids[g%accounts]
		group.Go(func() {
			for n := 0; ctx.Err() == nil; n++ {
				reference := fmt.Sprint(g, "-", n)
				if v.chargeUntilKnown(ctx, id, reference) {
					mu.Lock()
					acknowledged[id][reference] = true
					mu.Unlock()
				}
			}
		})
	}
	for round := range rounds.Of(t, 5) {
		before := count()
		require.Eventually(t, func() bool { return count() >= before+200 }, postgres.Patience, time.Millisecond, "round %d", round)
		require.NoError(t, errors.Join(server.Kill9(), server.Restart()))
	}
	before := count()
	require.Eventually(t, func() bool { return count() >= before+200 }, postgres.Patience, time.Millisecond)
	stop()
	group.Wait()
	for id, references := range acknowledged {
		v.holds(v.entries(id, account.KindCharge), slices.Collect(maps.Keys(references))...)
	}
	t.Logf("%d charges acknowledged", count())
	v.verified()
}

// chargeUntilKnown asks with the same reference until there is an answer.
func (v *vault) chargeUntilKnown(ctx context.Context, id account.ID, reference string) bool {
	for ctx.Err() == nil {
		_, err := v.svc.Charge(ctx, clientaccount.Charge{Account: id, Amount: decimal.NewFromInt(1), Reference: reference})
		if err == nil {
			return true
		}
		assert.NotErrorIs(v, err, account.ErrExhausted)
		assert.NotErrorIs(v, err, account.ErrReused)
		time.Sleep(time.Millisecond)
	}
	return false
}
