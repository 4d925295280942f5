package storetest

import (
	"context"
	"encoding/binary"
	"errors"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/account/accounttest"
	"github.com/clientaccount/clientaccount/store"
)

// OutboxStore is a store with an outbox.
type OutboxStore interface {
	store.Store
	store.Outbox
}

// outboxPromise is one thing an outbox promises, and the test that it keeps it.
type outboxPromise struct {
	name string
	test func(t *testing.T, o outbox)
}

// RunOutbox tests what [store.Outbox] and [store.OutboxTx] promise, as [Run] does for
// the rest of the contract.
func RunOutbox(t *testing.T, newStore func(t *testing.T) OutboxStore) {
	t.Helper()
	w := newWatch()
	for _, group := range []struct {
		name     string
		promises []outboxPromise
	}{
		{"accept", acceptPromises},
		{"claim", claimPromises},
		{"order", orderPromises},
		{"record", recordPromises},
		{"switch", switchPromises},
		{"replay", replayPromises},
		{"ask", askPromises},
		{"secrets", hookSecretPromises},
	} {
		t.Run(group.name, func(t *testing.T) {
			for _, p := range group.promises {
				t.Run(p.name, func(t *testing.T) {
					on(w, t, newStore, func(t *testing.T, s OutboxStore) {
						a := client("hooked")
						a.Webhooks.RESTState, a.Webhooks.APIState = "https://client.io/rest?token=t0ken", "https://client.io/api"
						insert(t, s, a)
						p.test(t, outbox{s, a.ID, accounttest.Now().Truncate(time.Microsecond)})
					})
				})
			}
		})
	}
}

// outbox is a store with one account, and the instant at which tests begin.
type outbox struct {
	OutboxStore
	account account.ID
	now     time.Time
}

// Two owners, whose leases last a minute.
var (
	owner, other = accounttest.ID(70_001), accounttest.ID(70_002)
	minute       = time.Minute
)

func (o outbox) hook() store.Hook { return store.Hook{Account: o.account, Kind: account.HookRESTState} }

// delivery is the nth of the account's REST URL, of a message of its own, due now.
func (o outbox) delivery(n int) store.Delivery {
	var random [10]byte
	binary.BigEndian.PutUint64(random[2:], uint64(n))
	return store.Delivery{
		ID: account.NewID(o.now, random), Hook: o.hook(), Body: `{"text":"ґ ' \" \\ ? $1"}`,
		CreatedAt: o.now, DueAt: o.now,
	}
}

// of returns a delivery's message.
func of(d store.Delivery, message string, final bool) store.Delivery {
	d.Message, d.Final = message, final
	return d
}

func enqueueing(ds ...store.Delivery) func(context.Context, store.Tx) error {
	return func(ctx context.Context, tx store.Tx) error {
		to, ok := tx.(store.OutboxTx)
		if !ok {
			return errors.New("the transaction is no store.OutboxTx")
		}
		return to.Enqueue(ctx, ds...)
	}
}

func (o outbox) enqueue(t *testing.T, ds ...store.Delivery) {
	t.Helper()
	require.NoError(t, retry(t.Context(), o, enqueueing(ds...)))
}

// claim leases up to ten hooks with ten deliveries each, as of an instant.
func (o outbox) claim(t *testing.T, who account.ID, at time.Time) []store.Claimed {
	t.Helper()
	return o.claimSome(t, store.Claim{Owner: who, Now: at, Until: at.Add(minute), Hooks: 10, Deliveries: 10})
}

func (o outbox) claimSome(t *testing.T, c store.Claim) []store.Claimed {
	t.Helper()
	for {
		claimed, err := o.Claim(t.Context(), c)
		if !lost(err) {
			require.NoError(t, err)
			return claimed
		}
	}
}

// claimOne is the only hook that is claimed.
func (o outbox) claimOne(t *testing.T, at time.Time) store.Claimed {
	t.Helper()
	claimed := o.claim(t, owner, at)
	require.Len(t, claimed, 1)
	return claimed[0]
}

func (o outbox) more(t *testing.T, at time.Time, skip ...account.ID) []store.Delivery {
	t.Helper()
	found, err := o.More(t.Context(), store.More{Owner: owner, Now: at, Hooks: []store.Held{{Hook: o.hook(), Skip: skip}}, Limit: 10})
	require.NoError(t, err)
	return found
}

// record writes an update of the account's REST URL, which owner must hold.
func (o outbox) record(t *testing.T, u store.HookUpdate) {
	t.Helper()
	lost, err := o.tryRecord(t.Context(), owner, u)
	require.NoError(t, err)
	require.Empty(t, lost)
}

func (o outbox) tryRecord(ctx context.Context, who account.ID, u store.HookUpdate) ([]store.Hook, error) {
	if u.Hook == (store.Hook{}) {
		u.Hook = o.hook()
	}
	if u.At.IsZero() {
		u.At = o.now
	}
	for {
		gone, err := o.Record(ctx, who, []store.HookUpdate{u})
		if !lost(err) {
			return gone, err
		}
	}
}

// verdict is what came of a delivery at its first try, due again after a while.
func (o outbox) verdict(d store.Delivery, state store.DeliveryState, after time.Duration) store.Verdict {
	v := store.Verdict{ID: d.ID, State: state, Tries: d.Tries + 1, Last: store.Try{
		At: o.now.Add(time.Millisecond), Took: 12 * time.Millisecond, Code: "status", Status: 503, Reply: "späť '\"\\ ?",
	}}
	if state == store.DeliveryWaiting {
		v.DueAt = o.now.Add(after)
	}
	return v
}

func ids(ds []store.Delivery) []account.ID {
	var found []account.ID
	for _, d := range ds {
		found = append(found, d.ID)
	}
	return found
}

func requireIDs(t *testing.T, got []store.Delivery, want ...store.Delivery) {
	t.Helper()
	require.Equal(t, ids(want), ids(got))
}

// stored is what the store has of a delivery.
func (o outbox) stored(t *testing.T, d store.Delivery) store.Delivery {
	t.Helper()
	got, err := o.Delivery(t.Context(), d.Hook.Account, d.ID)
	require.NoError(t, err)
	return got
}

func backward(ds []store.Delivery) []store.Delivery {
	ds = slices.Clone(ds)
	slices.Reverse(ds)
	return ds
}
