package dbtest

import (
	"context"
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/account/accounttest"
	"github.com/clientaccount/clientaccount/internal/dbtest/postgres"
	"github.com/clientaccount/clientaccount/internal/rounds"
	"github.com/clientaccount/clientaccount/store"
	"github.com/clientaccount/clientaccount/store/bunstore"
	"github.com/clientaccount/clientaccount/webhook/payload"
	"github.com/clientaccount/clientaccount/webhook/webhooktest"
)

// A dispatcher is killed again and again while it sends two states of each message;
// another takes over. Nothing that was accepted is lost, what comes twice has the same
// id, and no message's ENROUTE comes after its DELIVRD.
func TestDispatcherKilledLosesNothing(t *testing.T) {
	t.Parallel()
	t.Run("PostgreSQL", func(t *testing.T) {
		t.Parallel() // mostly waits for leases to end
		dsn := storeDSN(t)
		killSenders(t, "pgx", dsn, newStore(t, openPostgres(t, dsn, nil)))
	})
	t.Run("SQLite", func(t *testing.T) {
		t.Parallel()
		path := filepath.Join(t.TempDir(), "kill.db")
		killSenders(t, "sqlite", bunstore.SQLiteDSN(path), newStore(t, openSQLite(t, path)))
	})
}

func killSenders(t *testing.T, driver, dsn string, s *bunstore.Store) {
	t.Helper()
	const urls, perRound = 4, 12
	r := webhooktest.New(t)
	r.AnswerAll(webhooktest.Delay(2*time.Millisecond, webhooktest.Status(204)))
	accounts, secret := hookedAccounts(t, s, urls, func(int) string { return r.URL("/dlr") })
	r.Trust(secret.Reveal())
	accepted := map[string]store.Delivery{} // by id
	for round := range rounds.Of(t, 15) {
		for _, d := range acceptStates(t, s, accounts, round*perRound, perRound) {
			accepted[d.ID.String()] = d
		}
		before := len(r.Calls())
		process := startSender(t, driver, dsn)
		require.Eventually(t, func() bool { return len(r.Calls()) > before }, postgres.Patience, time.Millisecond)
		time.Sleep(time.Duration(rand.IntN(20)) * time.Millisecond) // any moment will do
		process.kill9(t)
	}
	last := startSender(t, driver, dsn)
	for _, d := range accepted {
		requireDone(t, s, d)
	}
	last.stop(t)
	requireAllCame(t, r.Calls(), accepted)
}

// acceptStates enqueues ENROUTE and DELIVRD of n messages, each in a transaction of its
// own, in turn for each account.
func acceptStates(t *testing.T, s *bunstore.Store, accounts []account.Account, from, n int) (accepted []store.Delivery) {
	t.Helper()
	for i := from; i < from+n; i++ {
		for seq, state := range []account.MessageState{account.StateEnroute, account.StateDelivered} {
			report := payload.Report{MessageID: fmt.Sprintf("message-%d", i), State: state, Seq: int64(seq + 1), At: time.Now()}
			made, err := report.Deliveries(accounts[i%len(accounts)], func(account.HookKind) account.ID { return accounttest.ID(2*i + seq) })
			require.NoError(t, err)
			require.NoError(t, s.Update(t.Context(), func(ctx context.Context, tx store.Tx) error {
				return tx.(store.OutboxTx).Enqueue(ctx, made...)
			}))
			accepted = append(accepted, made...)
		}
	}
	return accepted
}

func requireDone(t *testing.T, s *bunstore.Store, d store.Delivery) {
	t.Helper()
	require.Eventually(t, func() bool {
		got, err := s.Delivery(t.Context(), d.Hook.Account, d.ID)
		return err == nil && got.State == store.DeliveryDone
	}, postgres.Patience, 5*time.Millisecond, "%s is not delivered", d.ID)
}

func requireAllCame(t *testing.T, calls []webhooktest.Call, accepted map[string]store.Delivery) {
	t.Helper()
	came, final := map[string]int{}, map[string]bool{}
	for _, c := range calls {
		d, known := accepted[c.ID]
		require.True(t, known, "an id that nobody gave")
		require.NoError(t, c.Unverified)
		assert.Equal(t, d.Body, c.Body, "a repeat is the same")
		came[c.ID]++
		if strings.Contains(c.Body, "DELIVRD") {
			final[d.Message] = true
		} else {
			assert.False(t, final[d.Message], "ENROUTE of %s came after DELIVRD", d.Message)
		}
	}
	assert.Len(t, came, len(accepted), "nothing is lost")
	t.Logf("%d deliveries came in %d calls", len(accepted), len(calls))
}
