package adminhttp_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/clientaccount/clientaccount"
	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/account/accounttest"
	"github.com/clientaccount/clientaccount/adminhttp"
	"github.com/clientaccount/clientaccount/store"
	"github.com/clientaccount/clientaccount/store/memstore"
	"github.com/clientaccount/clientaccount/webhook/payload"
)

// What a delivery has that is not for everybody: the text of a message, and what the
// far end said.
const (
	canaryBody  = "canary0text"
	canaryReply = "canary0reply"
)

// postbox is a store in memory with its Service, and a dispatcher that calls nobody:
// tests say what came of each delivery.
type postbox struct {
	testing.TB
	store *memstore.Store
	svc   *clientaccount.Service
}

func newPostbox(tb testing.TB) postbox {
	tb.Helper()
	st := memstore.New()
	return postbox{tb, st, clientaccount.New(st, &clientaccount.Options{
		Clock: accounttest.Now, Hash: clientaccount.HashCost{MemoryKiB: 64, Iterations: 1, Parallelism: 1},
	})}
}

// withHooks gives a client all four URLs.
func withHooks(a *account.Account) {
	a.Core.TimeZone = "Europe/Kyiv"
	a.Webhooks = account.Webhooks{
		APIState: "https://client.io/1?token=" + canaryQuery, APIIncoming: "https://client.io/2",
		RESTState: "https://client.io/3", RESTIncoming: "https://client.io/4",
	}
}

// incoming accepts a message for both URLs.
func (p postbox) incoming(id account.ID, messages ...string) {
	p.Helper()
	for _, message := range messages {
		_, err := p.svc.SubmitIncoming(p.Context(), id, payload.Incoming{MessageID: message, Text: canaryBody, At: accounttest.Now()})
		require.NoError(p, err)
	}
}

// state accepts a state for both URLs.
func (p postbox) state(id account.ID, message string, s account.MessageState) {
	p.Helper()
	_, err := p.svc.SubmitState(p.Context(), id, payload.Report{MessageID: message, ClientRef: canaryBody, State: s, At: accounttest.Now()})
	require.NoError(p, err)
}

// settle notes what came of all that waits at a URL, and how that fares then.
func (p postbox) settle(hook clientaccount.Hook, health store.Health, state store.DeliveryState, try store.Try) {
	p.Helper()
	now, owner := accounttest.Now(), accounttest.ID(900)
	try.At, try.Reply = now.Add(-time.Second), canaryReply
	claimed, err := p.store.Claim(p.Context(), store.Claim{Owner: owner, Now: now, Until: now.Add(time.Minute), Hooks: 100, Deliveries: 100})
	require.NoError(p, err)
	var updates []store.HookUpdate
	for _, c := range claimed {
		update := store.HookUpdate{Hook: c.Hook, Health: c.Health, Release: true, At: now}
		if c.Hook == hook {
			update.Health = health
			update.Health.Target = store.Health{}.Of(c.URL).Target
			for _, d := range c.Deliveries {
				update.Verdicts = append(update.Verdicts, store.Verdict{ID: d.ID, State: state, Tries: d.Tries + 1, DueAt: now.Add(5 * time.Minute), Last: try})
			}
		}
		updates = append(updates, update)
	}
	lost, err := p.store.Record(p.Context(), owner, updates)
	require.NoError(p, err)
	require.Empty(p, lost)
}

// all returns the deliveries of an account, the newest first.
func (p postbox) all(id account.ID) []clientaccount.Delivery {
	p.Helper()
	all, err := p.svc.Deliveries(p.Context(), clientaccount.DeliveryQuery{Account: id, Limit: account.MaxPage})
	require.NoError(p, err)
	return all
}

// count returns how many deliveries are in a state.
func (p postbox) count(id account.ID, state clientaccount.DeliveryState) (n int) {
	p.Helper()
	for _, d := range p.all(id) {
		if d.State == state {
			n++
		}
	}
	return n
}

// plainStore is a store without an outbox, nor one in its transactions.
type plainStore struct{ store.Store }

type plainTx struct{ store.Tx }

func (p plainStore) Update(ctx context.Context, do func(context.Context, store.Tx) error) error {
	return p.Store.Update(ctx, func(ctx context.Context, tx store.Tx) error { return do(ctx, plainTx{tx}) })
}

// withTests has tests of a URL answered with 503, and fail for one of them.
func withTests(c *adminhttp.Config) {
	c.TestHook = func(_ context.Context, _ account.ID, kind account.HookKind) (clientaccount.Try, error) {
		if kind == account.HookAPIIncoming {
			return clientaccount.Try{}, errTest
		}
		return clientaccount.Try{At: accounttest.Now(), Took: 1234 * time.Millisecond, Code: "status", Status: 503, Reply: canaryReply}, nil
	}
}

var errTest = errors.New("the host's test failed")
