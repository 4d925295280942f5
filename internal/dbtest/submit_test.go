package dbtest

import (
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"github.com/uptrace/bun"

	"github.com/clientaccount/clientaccount"
	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/store/bunstore"
	"github.com/clientaccount/clientaccount/webhook"
	"github.com/clientaccount/clientaccount/webhook/payload"
	"github.com/clientaccount/clientaccount/webhook/webhooktest"
)

// What is submitted by several at once comes to the client's URL once, signed by the
// secret that they were shown.
func TestSubmittedComesToTheClientOnce(t *testing.T) {
	forEachBackend(t, func(t *testing.T, _ *bun.DB, s *bunstore.Store) {
		e, r := newEditors(t, s), webhooktest.New(t)
		id := e.create(t, "acme")
		result, err := e.svc.Update(t.Context(), id, 1, edit(account.Change{}.
			Set("webhooks.rest_state", r.URL("/state?token=abc")).Set("webhooks.api_incoming", r.URL("/mo"))))
		require.NoError(t, err)
		secret, _, err := e.svc.NewHookSecret(t.Context(), id, result.Account.Revision, account.Actor{ID: "u1"}, time.Hour)
		require.NoError(t, err)
		r.Trust(secret)

		report := payload.Report{MessageID: "m-1", Seq: 1, State: account.StateDelivered, At: time.Now()}
		var group sync.WaitGroup
		for range 8 {
			group.Go(func() {
				hooks, err := e.svc.SubmitState(t.Context(), id, report)
				assert.NoError(t, err)
				assert.Equal(t, []account.HookKind{account.HookRESTState}, hooks)
			})
		}
		group.Wait()
		route, err := e.svc.SubmitIncoming(t.Context(), id, payload.Incoming{MessageID: "mo-1", Text: "STOP", At: time.Now()})
		require.NoError(t, err)
		assert.Equal(t, clientaccount.Route{Hooks: []account.HookKind{account.HookAPIIncoming}}, route)

		var config webhook.Config
		r.Reach(&config)
		_, stop := dispatch(t, s, config)
		r.Await(2)
		stop()
		calls := r.Calls()
		assert.Len(t, calls, 2)
		for _, c := range calls {
			assert.NoError(t, c.Unverified)
		}
		ds, err := e.svc.Deliveries(t.Context(), clientaccount.DeliveryQuery{Account: id, State: clientaccount.DeliveryDone})
		require.NoError(t, err)
		assert.Len(t, ds, 2)
		n, err := e.svc.Replay(t.Context(), clientaccount.Replay{Account: id, IDs: []account.ID{ds[0].ID}, Done: true})
		require.NoError(t, err)
		assert.Equal(t, 1, n)
	})
}

// In a transaction of the host's, a state is accepted with the host's own row, or not
// at all.
func TestSubmitInTheHostsTransaction(t *testing.T) {
	forEachBackend(t, func(t *testing.T, db *bun.DB, s *bunstore.Store) {
		e := newEditors(t, s)
		id := e.create(t, "acme")
		_, err := e.svc.Update(t.Context(), id, 1, edit(account.Change{}.Set("webhooks.rest_state", "https://client.io/dlr")))
		require.NoError(t, err)
		_, err = db.ExecContext(t.Context(), `CREATE TABLE orders (name text)`)
		require.NoError(t, err)
		for want, end := range []func(bun.Tx) error{bun.Tx.Rollback, bun.Tx.Commit} {
			tx, err := db.BeginTx(t.Context(), nil)
			require.NoError(t, err)
			_, err = tx.ExecContext(t.Context(), `INSERT INTO orders VALUES ('one')`)
			require.NoError(t, err)
			hooks, err := e.svc.On(s.OnTx(tx)).SubmitState(t.Context(), id, payload.Report{MessageID: "m-1", State: account.StateEnroute, At: time.Now()})
			require.NoError(t, err)
			assert.Len(t, hooks, 1)
			require.NoError(t, end(tx))
			ds, err := e.svc.Deliveries(t.Context(), clientaccount.DeliveryQuery{Account: id})
			require.NoError(t, err)
			assert.Len(t, ds, want)
		}
	})
}

// Another content under a delivery's key is refused in the host's transaction as well, and
// nothing of it stays where the host goes on and commits.
func TestSubmitOfOtherContentInTheHostsTransaction(t *testing.T) {
	forEachBackend(t, func(t *testing.T, db *bun.DB, s *bunstore.Store) {
		e := newEditors(t, s)
		id := e.create(t, "acme")
		_, err := e.svc.Update(t.Context(), id, 1, edit(account.Change{}.Set("webhooks.rest_state", "https://client.io/dlr")))
		require.NoError(t, err)
		report := payload.Report{MessageID: "m-1", State: account.StateDelivered, PartsDelivered: account.Some(1), At: time.Now()}
		_, err = e.svc.SubmitState(t.Context(), id, report)
		require.NoError(t, err)
		_, err = e.svc.Update(t.Context(), id, 2, edit(account.Change{}.Set("webhooks.api_state", "https://client.io/api")))
		require.NoError(t, err)

		tx, err := db.BeginTx(t.Context(), nil)
		require.NoError(t, err)
		defer func() { _ = tx.Rollback() }()
		bound := e.svc.On(s.OnTx(tx))
		other := report
		other.PartsDelivered = account.Some(2)
		_, err = bound.SubmitState(t.Context(), id, other)
		require.ErrorIs(t, err, account.ErrReused)
		report.At = time.Now()
		hooks, err := bound.SubmitState(t.Context(), id, report)
		require.NoError(t, err)
		assert.Len(t, hooks, 2)
		require.NoError(t, tx.Commit())
		ds, err := e.svc.Deliveries(t.Context(), clientaccount.DeliveryQuery{Account: id})
		require.NoError(t, err)
		assert.Len(t, ds, 2)
		d, err := s.Delivery(t.Context(), id, ds[0].ID)
		require.NoError(t, err)
		assert.Equal(t, report.Fingerprint(), d.Fingerprint)
	})
}
