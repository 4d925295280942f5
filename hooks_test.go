package clientaccount_test

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/clientaccount/clientaccount"
	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/store"
	"github.com/clientaccount/clientaccount/webhook/payload"
)

// hooked returns a client with all four URLs.
func (b *bench) hooked(login string, adjust ...func(*account.Account)) account.Account {
	b.Helper()
	return b.create(login, append([]func(*account.Account){func(a *account.Account) {
		a.Webhooks = account.Webhooks{
			APIState: "https://client.io/1?token=c4nary", APIIncoming: "https://client.io/2",
			RESTState: "https://client.io/3", RESTIncoming: "https://client.io/4",
		}
	}}, adjust...)...)
}

// deliveries returns all of an account, the newest first.
func (b *bench) deliveries(id account.ID) []clientaccount.Delivery {
	b.Helper()
	ds, err := b.svc.Deliveries(b.Context(), clientaccount.DeliveryQuery{Account: id})
	require.NoError(b, err)
	return ds
}

func state(message string, seq int64, s account.MessageState) payload.Report {
	return payload.Report{MessageID: message, Seq: seq, State: s, At: began}
}

func TestSubmitStateIsAcceptedOnce(t *testing.T) {
	b := newBench(t)
	a := b.hooked("acme")
	for range 3 {
		hooks, err := b.svc.SubmitState(t.Context(), a.ID, state("m-1", 1, account.StateEnroute))
		require.NoError(t, err)
		assert.Equal(t, []account.HookKind{account.HookAPIState, account.HookRESTState}, hooks)
	}
	require.Len(t, b.deliveries(a.ID), 2)
	for _, other := range []payload.Report{
		state("m-1", 2, account.StateDelivered), state("m-1", 1, account.StateDelivered), state("m-2", 1, account.StateEnroute),
	} {
		_, err := b.svc.SubmitState(t.Context(), a.ID, other)
		require.NoError(t, err)
	}
	ids := map[account.ID]bool{}
	for _, d := range b.deliveries(a.ID) {
		ids[d.ID] = true
		assert.Equal(t, clientaccount.DeliveryWaiting, d.State)
	}
	assert.Len(t, ids, 8)

	hooks, err := b.svc.SubmitState(t.Context(), b.create("plain").ID, state("m-1", 1, account.StateEnroute))
	require.NoError(t, err)
	assert.Empty(t, hooks, "no URL, nobody to tell")
}

func TestSubmitOfOtherContentIsRefused(t *testing.T) {
	b := newBench(t)
	a := b.hooked("acme")
	priced := func(amount string) account.Optional[payload.Price] {
		return account.Some(payload.Price{Amount: moneyText(amount), Currency: "EUR"})
	}
	first := state("m-1", 0, account.StateDelivered)
	first.PartsDelivered, first.Price, first.DoneAt = account.Some(1), priced("1.5"), began
	_, err := b.svc.SubmitState(t.Context(), a.ID, first)
	require.NoError(t, err)
	again := first
	again.At, again.Price, again.DoneAt = began.Add(time.Hour), priced("1.50"), began.In(time.FixedZone("", 3600))
	hooks, err := b.svc.SubmitState(t.Context(), a.ID, again)
	require.NoError(t, err, "when it was told of, how it is written, and in which zone, are no content")
	assert.Len(t, hooks, 2)
	for name, change := range map[string]func(*payload.Report){
		"partsDelivered": func(r *payload.Report) { r.PartsDelivered = account.Some(2) },
		"none delivered": func(r *payload.Report) { r.PartsDelivered = account.Optional[int]{} },
		"err":            func(r *payload.Report) { r.Err = "c4nary" },
		"late":           func(r *payload.Report) { r.Late = true },
		"to":             func(r *payload.Report) { r.To = "1" },
		"clientRef":      func(r *payload.Report) { r.ClientRef = "1" },
		"doneAt":         func(r *payload.Report) { r.DoneAt = began.Add(time.Second) },
		"doneDateRaw":    func(r *payload.Report) { r.DoneDateRaw = "1" },
		"price":          func(r *payload.Report) { r.Price = priced("1.6") },
		"mcc":            func(r *payload.Report) { r.MCC = "255" },
	} {
		other := first
		change(&other)
		_, err := b.svc.SubmitState(t.Context(), a.ID, other)
		require.ErrorIs(t, err, account.ErrReused, name)
		assert.NotContains(t, err.Error(), "c4nary")
	}
	assert.Len(t, b.deliveries(a.ID), 2)

	in := payload.Incoming{MessageID: "mo", Text: "STOP", At: began}
	_, err = b.svc.SubmitIncoming(t.Context(), a.ID, in)
	require.NoError(t, err)
	in.At = began.Add(time.Hour)
	_, err = b.svc.SubmitIncoming(t.Context(), a.ID, in)
	require.NoError(t, err)
	in.Text = "START"
	route, err := b.svc.SubmitIncoming(t.Context(), a.ID, in)
	require.ErrorIs(t, err, account.ErrReused)
	assert.Zero(t, route)
	assert.Len(t, b.deliveries(a.ID), 4)
}

// What a client was told is not told otherwise to a URL that was set since.
func TestSubmitOfOtherContentReachesNoNewURL(t *testing.T) {
	b := newBench(t)
	a := b.create("acme", func(a *account.Account) { a.Webhooks.RESTState = "https://client.io/3" })
	first := state("m-1", 1, account.StateDelivered)
	_, err := b.svc.SubmitState(t.Context(), a.ID, first)
	require.NoError(t, err)
	b.update(a, "webhooks.api_state", "https://client.io/1")
	other := first
	other.Err = "9"
	_, err = b.svc.SubmitState(t.Context(), a.ID, other)
	require.ErrorIs(t, err, account.ErrReused)
	assert.Len(t, b.deliveries(a.ID), 1)
	hooks, err := b.svc.SubmitState(t.Context(), a.ID, first)
	require.NoError(t, err)
	assert.Len(t, hooks, 2)
	assert.Len(t, b.deliveries(a.ID), 2)
}

func TestSubmitMakesBodiesOnlyForURLsThatAreSet(t *testing.T) {
	b := newBench(t)
	none := b.create("none")
	rest := b.create("rest", func(a *account.Account) {
		a.Webhooks.RESTState, a.Webhooks.RESTIncoming = "https://client.io/3", "https://client.io/4"
	})
	api := b.create("api", func(a *account.Account) { a.Webhooks.APIState = "https://client.io/1" })
	session := b.create("session", func(a *account.Account) { a.Sending.SMPP, a.Routing.MOviaSMPP = true, true })

	long := state("m", 1, account.StateDelivered) // as a query three times as long
	long.ClientRef = strings.Repeat("/", payload.MaxBody/2)
	for id, want := range map[account.ID]int{none.ID: 0, rest.ID: 1} {
		hooks, err := b.svc.SubmitState(t.Context(), id, long)
		require.NoError(t, err)
		assert.Len(t, hooks, want)
	}
	_, err := b.svc.SubmitState(t.Context(), api.ID, long)
	assert.Equal(t, []string{" message.size"}, faults(err))

	raw := state("m", 1, account.StateDelivered) // only JSON has the date as the network wrote it
	raw.DoneDateRaw = strings.Repeat("x", payload.MaxBody)
	_, err = b.svc.SubmitState(t.Context(), api.ID, raw)
	require.NoError(t, err)

	in := payload.Incoming{MessageID: "m", Text: strings.Repeat("/", payload.MaxBody/2), At: began}
	route, err := b.svc.SubmitIncoming(t.Context(), rest.ID, in)
	require.NoError(t, err)
	assert.Equal(t, []account.HookKind{account.HookRESTIncoming}, route.Hooks)
	in.Text = strings.Repeat("x", 2*payload.MaxBody)
	route, err = b.svc.SubmitIncoming(t.Context(), session.ID, in)
	require.NoError(t, err)
	assert.True(t, route.Session)
	route, err = b.svc.SubmitIncoming(t.Context(), none.ID, in)
	require.NoError(t, err)
	assert.Zero(t, route)
	_, err = b.svc.SubmitIncoming(t.Context(), rest.ID, in)
	assert.Equal(t, []string{" message.size"}, faults(err))
}

func TestSubmitIsRefusedWhole(t *testing.T) {
	b := newBench(t)
	a := b.hooked("acme")
	_, err := b.svc.SubmitState(t.Context(), a.ID, payload.Report{State: 99, Parts: -1})
	assert.Equal(t, []string{"messageId message.required", "state state.unknown", "parts parts.range", "at instant.required"}, faults(err))
	_, err = b.svc.SubmitIncoming(t.Context(), a.ID, payload.Incoming{MessageID: "m", MNC: "1", At: began})
	assert.Equal(t, []string{"mnc network.mnc"}, faults(err))
	_, err = b.svc.SubmitIncoming(t.Context(), a.ID, payload.Incoming{MessageID: "m", Text: strings.Repeat("x", payload.MaxBody), At: began})
	assert.Equal(t, []string{" message.size"}, faults(err))
	assert.Empty(t, b.deliveries(a.ID))
	_, err = b.svc.SubmitState(t.Context(), account.ID{1}, state("m", 1, account.StateEnroute))
	require.ErrorIs(t, err, account.ErrNotFound)
}

func TestIncomingGoesToTheSessionOrToURLs(t *testing.T) {
	both := []account.HookKind{account.HookAPIIncoming, account.HookRESTIncoming}
	set := func(viaSMPP, smpp bool) func(*account.Account) {
		return func(a *account.Account) { a.Routing.MOviaSMPP, a.Sending.SMPP = viaSMPP, smpp }
	}
	for name, tc := range map[string]struct {
		adjust func(*account.Account)
		want   clientaccount.Route
	}{
		"set so, and may":     {set(true, true), clientaccount.Route{Session: true}},
		"set so, but may not": {set(true, false), clientaccount.Route{Hooks: both}},
		"not set so":          {set(false, true), clientaccount.Route{Hooks: both}},
		"one URL": {
			func(a *account.Account) { a.Webhooks.APIIncoming = "" },
			clientaccount.Route{Hooks: []account.HookKind{account.HookRESTIncoming}},
		},
		"nowhere": {func(a *account.Account) { a.Webhooks = account.Webhooks{RESTState: "https://client.io/"} }, clientaccount.Route{}},
	} {
		t.Run(name, func(t *testing.T) {
			b := newBench(t)
			a := b.hooked("acme", tc.adjust)
			in := payload.Incoming{MessageID: "mo-1", From: "380501112233", To: "4455", Text: "STOP", At: began}
			for range 2 {
				route, err := b.svc.SubmitIncoming(t.Context(), a.ID, in)
				require.NoError(t, err)
				assert.Equal(t, tc.want, route)
			}
			assert.Len(t, b.deliveries(a.ID), len(tc.want.Hooks))
		})
	}
}

// A session that nobody can open, since the account above may not use SMPP, would keep
// messages for ever.
func TestIncomingOfASubaccountFollowsTheParentsPermission(t *testing.T) {
	b := newBench(t)
	parent := b.create("parent", func(a *account.Account) { a.Sending.Subaccounts, a.Sending.SMPP = true, true })
	child := b.hooked("child", func(a *account.Account) {
		a.Parent, a.Routing.MOviaSMPP, a.Sending.SMPP = parent.ID, true, true
	})
	route, err := b.svc.SubmitIncoming(t.Context(), child.ID, payload.Incoming{MessageID: "mo-1", At: began})
	require.NoError(t, err)
	assert.True(t, route.Session)
	b.update(parent, "sending.smpp", "false")
	route, err = b.svc.SubmitIncoming(t.Context(), child.ID, payload.Incoming{MessageID: "mo-2", At: began})
	require.NoError(t, err)
	assert.Len(t, route.Hooks, 2)
}

func TestNewHookSecretIsToldOnce(t *testing.T) {
	b := newBench(t)
	a := b.hooked("acme")
	one, result, err := b.svc.NewHookSecret(t.Context(), a.ID, a.Revision, olena, time.Hour)
	require.NoError(t, err)
	_, err = account.ParseHookSecret(one, began)
	require.NoError(t, err)
	assert.Equal(t, account.Change{{Path: account.PathHookSecret, Secret: true}}, result.Change)
	_, _, err = b.svc.NewHookSecret(t.Context(), a.ID, a.Revision, olena, time.Hour)
	require.ErrorIs(t, err, account.ErrStale)
	two, result, err := b.svc.NewHookSecret(t.Context(), a.ID, result.Account.Revision, olena, time.Hour)
	require.NoError(t, err)
	assert.NotEqual(t, one, two)

	times, err := b.svc.HookSecrets(t.Context(), a.ID)
	require.NoError(t, err)
	assert.Equal(t, []clientaccount.SecretTimes{{CreatedAt: b.clock.Now()}, {CreatedAt: b.clock.Now(), EndsAt: b.clock.Now().Add(time.Hour)}}, times)
	b.clock.Advance(time.Hour)
	times, err = b.svc.HookSecrets(t.Context(), a.ID)
	require.NoError(t, err)
	assert.Len(t, times, 1, "the one before has ended")

	_, _, err = b.svc.NewHookSecret(t.Context(), a.ID, result.Account.Revision, olena, clientaccount.MaxOverlap+1)
	assert.Equal(t, []string{"overlap overlap.range"}, faults(err))
	for _, record := range b.history(a.ID) {
		for _, fc := range record.Change {
			assert.NotContains(t, fc.Old+fc.New, "whsec_")
		}
	}
	assert.NotContains(t, b.log.String(), "whsec_")
}

func TestReplayAndSwitchOn(t *testing.T) {
	b := newBench(t)
	a := b.hooked("acme")
	_, err := b.svc.SubmitState(t.Context(), a.ID, state("m-1", 1, account.StateDelivered))
	require.NoError(t, err)
	n, err := b.svc.Replay(t.Context(), clientaccount.Replay{Account: a.ID, Kind: account.HookAPIState})
	require.NoError(t, err)
	assert.Zero(t, n, "what waits needs no replay")
	require.NoError(t, b.svc.SwitchOn(t.Context(), clientaccount.Hook{Account: a.ID, Kind: account.HookAPIState}))
	err = b.svc.SwitchOn(t.Context(), clientaccount.Hook{Account: a.ID, Kind: "fax"})
	assert.Equal(t, []string{"kind hook.unknown"}, faults(err))

	_, err = b.svc.Replay(t.Context(), clientaccount.Replay{Account: a.ID})
	assert.Equal(t, []string{" replay.empty"}, faults(err))
	_, err = b.svc.Replay(t.Context(), clientaccount.Replay{
		Account: a.ID, IDs: make([]account.ID, clientaccount.MaxReplayIDs+1), Kind: "fax", From: began, To: began,
	})
	assert.Equal(t, []string{"ids replay.length", "kind hook.unknown", "to replay.order"}, faults(err))

	statuses, err := b.svc.HookStatuses(t.Context(), a.ID)
	require.NoError(t, err)
	require.Len(t, statuses, 2)
	assert.Equal(t, 1, statuses[0].Waiting)
}

// What another URL did before does not count for the one there is now.
func TestANewURLBeginsAnew(t *testing.T) {
	b := newBench(t)
	a := b.hooked("acme")
	_, err := b.svc.SubmitState(t.Context(), a.ID, state("m-1", 1, account.StateDelivered))
	require.NoError(t, err)
	claimed, err := b.store.Claim(t.Context(), store.Claim{Owner: account.ID{9}, Now: b.clock.Now(), Until: b.clock.Now().Add(1), Hooks: 9, Deliveries: 9})
	require.NoError(t, err)
	for _, c := range claimed {
		health := store.Health{Failures: 3, OffAt: b.clock.Now(), OffCode: "gone", Target: store.Health{}.Of(c.URL).Target}
		lost, err := b.store.Record(t.Context(), account.ID{9}, []store.HookUpdate{{Hook: c.Hook, Health: health, Release: true, At: b.clock.Now()}})
		require.NoError(t, err)
		require.Empty(t, lost)
	}
	off := func() (kinds []account.HookKind) {
		statuses, err := b.svc.HookStatuses(t.Context(), a.ID)
		require.NoError(t, err)
		for _, s := range statuses {
			if !s.Health.OffAt.IsZero() {
				kinds = append(kinds, s.Hook.Kind)
			}
		}
		return kinds
	}
	assert.Equal(t, []account.HookKind{account.HookAPIState, account.HookRESTState}, off())
	b.update(a, "webhooks.rest_state", "https://client.io/mended")
	assert.Equal(t, []account.HookKind{account.HookAPIState}, off())
}

// plainStore is a store without an outbox.
type plainStore struct{ store.Store }

func TestStoreWithoutOutbox(t *testing.T) {
	b := newBench(t)
	a := b.hooked("acme")
	svc := clientaccount.New(plainStore{b.store}, &clientaccount.Options{Clock: b.clock.Now, Hash: cheap})
	_, err := svc.SubmitState(t.Context(), a.ID, state("m-1", 1, account.StateDelivered))
	require.ErrorIs(t, err, clientaccount.ErrNoOutbox)
	_, err = svc.Deliveries(t.Context(), clientaccount.DeliveryQuery{Account: a.ID})
	require.ErrorIs(t, err, clientaccount.ErrNoOutbox)
	_, err = svc.Replay(t.Context(), clientaccount.Replay{Account: a.ID})
	require.ErrorIs(t, err, clientaccount.ErrNoOutbox)
	require.ErrorIs(t, svc.SwitchOn(t.Context(), clientaccount.Hook{Account: a.ID, Kind: account.HookAPIState}), clientaccount.ErrNoOutbox)
}
