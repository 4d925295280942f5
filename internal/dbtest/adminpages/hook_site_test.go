package adminpages_test

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/clientaccount/clientaccount"
	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/adminhttp"
	"github.com/clientaccount/clientaccount/store"
	"github.com/clientaccount/clientaccount/store/memstore"
	"github.com/clientaccount/clientaccount/webhook/payload"
)

// hookSite is a site whose client has all four URLs, over a store that tests settle
// deliveries in as a dispatcher would.
type hookSite struct {
	site
	store     *memstore.Store
	submitted int
}

func newHookSite(t *testing.T) *hookSite {
	t.Helper()
	s := &hookSite{store: memstore.New()}
	s.svc = clientaccount.New(s.store, &clientaccount.Options{Hash: cheap})
	s.fill(t)
	s.client = s.update(t, "Marko Lis", account.Change{}.
		Set("webhooks.api_state", "https://hooks.acme-telecom.com/dlr?token=canary").
		Set("webhooks.rest_state", "https://hooks.acme-telecom.com/v2/a-path-that-goes-on-for-a-while/states").
		Set("webhooks.rest_incoming", "https://hooks.acme-telecom.com/v2/incoming"))
	s.serve(t, func(context.Context, account.ID, account.HookKind) (clientaccount.Try, error) {
		return clientaccount.Try{At: time.Now(), Took: 412 * time.Millisecond, Code: "status", Status: 503, Reply: farEnd}, nil
	})
	return s
}

// serve mounts the admin as newSite does, with a way to send tests.
func (s *hookSite) serve(t *testing.T, test func(context.Context, account.ID, account.HookKind) (clientaccount.Try, error)) {
	t.Helper()
	admin, err := adminhttp.New(s.svc, adminhttp.Config{
		Actor:    func(*http.Request) (account.Actor, error) { return olena, nil },
		Policy:   func(*http.Request, account.Actor) (adminhttp.Policy, error) { return adminhttp.FullAccess(), nil },
		TestHook: test,
	})
	require.NoError(t, err)
	mux := http.NewServeMux()
	mux.Handle("/desk/", http.StripPrefix("/desk", admin))
	server := httptest.NewServer(mux)
	t.Cleanup(server.Close)
	s.url = server.URL + "/desk/"
}

// farEnd is what a receiver that is down says.
const farEnd = "<html><head><title>503 Service Temporarily Unavailable</title></head>\n<body><center><h1>503</h1></center></body></html>"

// submit accepts a state of a new message for the URLs of states.
func (s *hookSite) submit(t *testing.T, state account.MessageState) {
	t.Helper()
	s.submitted++
	_, err := s.svc.SubmitState(t.Context(), s.client.ID, payload.Report{
		MessageID: fmt.Sprintf("0f3a41c6-%04d", s.submitted), State: state, At: time.Now().Add(-time.Minute),
	})
	require.NoError(t, err)
}

// settle notes what came of all that waits at a URL, and how that fares then.
func (s *hookSite) settle(t *testing.T, kind account.HookKind, health store.Health, state store.DeliveryState, try store.Try) {
	t.Helper()
	now, owner := time.Now(), account.ID{1}
	try.At, try.Took = now, 240*time.Millisecond
	claimed, err := s.store.Claim(t.Context(), store.Claim{Owner: owner, Now: now, Until: now.Add(time.Minute), Hooks: 100, Deliveries: 100})
	require.NoError(t, err)
	var updates []store.HookUpdate
	for _, c := range claimed {
		update := store.HookUpdate{Hook: c.Hook, Health: c.Health, Release: true, At: now}
		if c.Hook.Kind == kind {
			update.Health = health
			update.Health.Target = store.Health{}.Of(c.URL).Target
			for _, d := range c.Deliveries {
				update.Verdicts = append(update.Verdicts, store.Verdict{ID: d.ID, State: state, Tries: d.Tries + 1, DueAt: now.Add(10 * time.Minute), Last: try})
			}
		}
		updates = append(updates, update)
	}
	_, err = s.store.Record(t.Context(), owner, updates)
	require.NoError(t, err)
}

// busy gives the client deliveries in every state, and webhooks that fare differently.
func (s *hookSite) busy(t *testing.T) {
	t.Helper()
	now := time.Now()
	for range 3 {
		s.submit(t, account.StateDelivered)
	}
	s.settle(t, account.HookAPIState, store.Health{}, store.DeliveryDone, store.Try{Code: "ok", Status: 204})
	s.settle(t, account.HookRESTState, store.Health{}, store.DeliveryDead, store.Try{Code: "status", Status: 503, Reply: farEnd})
	s.submit(t, account.StateUndeliverable)
	s.settle(t, account.HookRESTState, store.Health{Failures: 14, FailingSince: now.Add(-3 * time.Hour), PausedUntil: now.Add(8 * time.Minute)},
		store.DeliveryWaiting, store.Try{Code: "timeout"})
	_, err := s.svc.SubmitIncoming(t.Context(), s.client.ID, payload.Incoming{MessageID: "mo-4711", Text: "STOP", At: now.Add(-time.Hour)})
	require.NoError(t, err)
	s.settle(t, account.HookRESTIncoming, store.Health{OffAt: now.Add(-time.Hour), OffCode: "gone"}, store.DeliveryDead, store.Try{Code: "gone", Status: 410})
	_, result, err := s.svc.NewHookSecret(t.Context(), s.client.ID, s.client.Revision, olena, 0)
	require.NoError(t, err)
	_, result, err = s.svc.NewHookSecret(t.Context(), s.client.ID, result.Account.Revision, olena, 24*time.Hour)
	require.NoError(t, err)
	s.client = result.Account
	s.submit(t, account.StateEnroute)
}
