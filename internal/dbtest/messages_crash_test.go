package dbtest

import (
	"context"
	"errors"
	"math/rand/v2"
	"path/filepath"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/clientaccount/clientaccount/internal/dbtest/postgres"
	"github.com/clientaccount/clientaccount/internal/rounds"
	"github.com/clientaccount/clientaccount/store/bunstore"
)

func travelsOf(t *testing.T, driver string) *travels {
	t.Helper()
	if driver == "pgx" {
		return newTravels(t, driver, storeDSN(t))
	}
	return newTravels(t, driver, bunstore.SQLiteDSN(filepath.Join(t.TempDir(), "messages.db")))
}

// A process that takes messages their whole way, or two that take the same ones, are killed at
// random moments, and another goes on with what was not acknowledged. Nothing that was is lost, and nothing is paid or
// told twice.
func TestProcessKilledUnderMessages(t *testing.T) {
	t.Parallel()
	for _, driver := range []string{"pgx", "sqlite"} {
		t.Run(driver, func(t *testing.T) {
			t.Parallel()
			v := travelsOf(t, driver)
			for round := range rounds.Of(t, 5) {
				r := route{Driver: driver, Open: v.open(), First: v.next(), Last: 1 << 30}
				c := v.send(slices.Repeat([]route{r}, 1+round%2)...)
				v.learn(c.answersUntilKilled(rand.N(300), rand.N(20*time.Millisecond)))
				for _, courier := range c.commands {
					require.Error(t, courier.Wait(), "the courier came to an end before it was killed")
				}
			}
			open := v.open()
			c := v.send(route{Driver: driver, Open: open})
			v.learn(c.answers())
			c.wait()
			t.Logf("%d messages, %d of them still open after the last kill, %d calls acknowledged", len(v.begun), len(open), len(v.heard))
			v.arrived()
		})
	}
}

// The server is killed while 64 goroutines take messages their whole way, and comes back.
func TestServerKilledUnderMessages(t *testing.T) {
	t.Parallel()
	server := postgres.Start(t)
	v := newTravels(t, "pgx", server.Database(t))
	c := v.courier()
	ctx, stop := context.WithCancel(t.Context())
	var closing atomic.Bool
	var group sync.WaitGroup
	defer group.Wait()
	defer stop()
	var number atomic.Int64
	for range goroutines {
		group.Go(func() {
			for !closing.Load() && ctx.Err() == nil {
				n := int(number.Add(1))
				v.note(func() { v.begun[n] = true })
				c.take(ctx, n)
			}
		})
	}
	ticking, stopTicking := context.WithCancel(ctx)
	group.Go(func() { c.tick(ticking) })
	works := func() {
		before := v.count()
		require.Eventually(t, func() bool { return v.count() >= before+200 }, postgres.Patience, time.Millisecond)
	}
	for range rounds.Of(t, 2) {
		works()
		time.Sleep(rand.N(50 * time.Millisecond))
		require.NoError(t, errors.Join(server.Kill9(), server.Restart()))
	}
	works()
	closing.Store(true)
	stopTicking()
	group.Wait()
	t.Logf("%d messages, %d calls acknowledged", len(v.begun), len(v.heard))
	v.arrived()
	v.firstCounts()
}
