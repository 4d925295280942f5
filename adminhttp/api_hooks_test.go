package adminhttp_test

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/clientaccount/clientaccount"
	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/account/accounttest"
	"github.com/clientaccount/clientaccount/adminhttp"
	"github.com/clientaccount/clientaccount/store"
	"github.com/clientaccount/clientaccount/store/memstore"
)

// hookAPI returns the API over a postbox, with tests.
func hookAPI(t *testing.T) (*api, postbox) {
	t.Helper()
	p := newPostbox(t)
	return newAPIOver(t, p.svc, withTests), p
}

func hook(id account.ID, kind account.HookKind) clientaccount.Hook {
	return clientaccount.Hook{Account: id, Kind: kind}
}

// deliveries returns the ids and kinds of a page, and where the next one begins.
func (a *api) deliveries(id account.ID, query string) (rows []string, next string) {
	a.Helper()
	got := a.get("clients/" + id.String() + "/deliveries?" + query)
	require.Equal(a, 200, got.status, got.body)
	for _, row := range got.at("deliveries").([]any) {
		d := row.(map[string]any)
		rows = append(rows, fmt.Sprint(d["message"], " ", d["kind"], " ", d["state"]))
	}
	next, _ = got.at("next").(string)
	return rows, next
}

func TestDeliveriesByJSON(t *testing.T) {
	a, p := hookAPI(t)
	id := a.create("acme", withHooks)
	p.incoming(id, "mo-1", "mo-2")
	p.settle(hook(id, account.HookAPIIncoming), store.Health{}, store.DeliveryDone, store.Try{Took: 42 * time.Millisecond, Code: "ok", Status: 204})
	p.settle(hook(id, account.HookRESTIncoming), store.Health{Failures: 1}, store.DeliveryWaiting, store.Try{Code: "timeout"})
	p.state(id, "m-1", account.StateDelivered)

	rows, next := a.deliveries(id, "")
	assert.Equal(t, []string{
		"m-1 rest_state waiting", "m-1 api_state waiting", "mo-2 rest_incoming waiting", "mo-2 api_incoming done", "mo-1 rest_incoming waiting", "mo-1 api_incoming done",
	}, rows)
	assert.Empty(t, next)
	for query, want := range map[string]int{"kind=rest_state": 1, "state=done": 2, "message=mo-2": 2, "message=mo-2&state=dead": 0, "message=%00": 0} {
		rows, _ = a.deliveries(id, query)
		assert.Len(t, rows, want, query)
	}
	got := a.get("clients/" + id.String() + "/deliveries?message=mo-1")
	first, second := got.at("deliveries").([]any)[0].(map[string]any), got.at("deliveries").([]any)[1].(map[string]any)
	assert.Equal(t, map[string]any{"at": "2026-11-23T08:41:01.113456Z", "took_ms": 42.0, "code": "ok", "status": 204.0}, second["last"])
	assert.Equal(t, []any{1.0, nil, "2026-11-23T08:41:02.113456Z"}, []any{second["tries"], second["due_at"], second["ended_at"]})
	assert.Equal(t, []any{"2026-11-23T08:46:02.113456Z", nil}, []any{first["due_at"], first["ended_at"]})
	for _, canary := range []string{canaryBody, canaryReply, canaryQuery, "client.io"} {
		assert.NotContains(t, got.body, canary)
	}
}

func TestDeliveriesArePagedAndFiltered(t *testing.T) {
	a, p := hookAPI(t)
	id := a.create("acme", withHooks)
	p.incoming(id, "mo-1", "mo-2", "mo-3")
	for _, hidden := range []map[string]adminhttp.Access{nil, {"webhooks.api_incoming": adminhttp.Hidden}} {
		a.policy.Field = fields(hidden)
		var all []string
		query := "limit=2"
		for {
			rows, next := a.deliveries(id, query)
			all = append(all, rows...)
			if next == "" {
				break
			}
			query = "limit=2&cursor=" + next
			a.get("clients/"+id.String()+"/deliveries?state=done&cursor="+next).expect(422, "cursor", "cursor.invalid")
		}
		assert.Len(t, all, 6-3*len(hidden))
	}
	bad := a.get("clients/" + id.String() + "/deliveries?kind=fax&state=lost&limit=0&body=x")
	assert.Equal(t, 422, bad.status)
	assert.Len(t, bad.faults(), 4, "all at once")
	a.get("clients/"+id.String()+"/deliveries?kind=api_incoming").expect(422, "kind", "hook.unknown")
}

func TestReplayByJSON(t *testing.T) {
	a, p := hookAPI(t)
	id := a.create("acme", withHooks)
	p.incoming(id, "mo-1", "mo-2")
	path := "clients/" + id.String() + "/deliveries/replay"
	kill := func() {
		for _, kind := range []account.HookKind{account.HookAPIIncoming, account.HookRESTIncoming} {
			p.settle(hook(id, kind), store.Health{}, store.DeliveryDead, store.Try{Code: "status", Status: 500})
		}
		require.Equal(t, 4, p.count(id, store.DeliveryDead))
	}
	for body, want := range map[string]int{
		`{"ids":["` + p.all(id)[0].ID.String() + `"]}`:                         1,
		`{"kind":"rest_incoming"}`:                                             2,
		`{"from":"2026-11-23T08:41:02.113456Z"}`:                               4,
		`{"to":"2026-11-23T08:41:02.113456Z","done":null}`:                     0,
		`{"from":"2026-11-23T00:00:00Z","kind":"api_incoming","done":true}`:    2,
		`{"ids":["` + accounttest.ID(5).String() + `"],"kind":"api_incoming"}`: 0,
	} {
		kill()
		got := a.ask("POST", path, body, nil)
		require.Equal(t, 200, got.status, got.body)
		assert.EqualValues(t, want, got.at("replayed"), body)
	}
	a.ask("POST", path, "{}", nil).expect(422, "", "replay.empty")
	bad := a.ask("POST", path, `{"ids":["x"],"kind":"fax","from":"yesterday","to":5,"done":"yes","by":"me"}`, nil)
	require.Equal(t, 422, bad.status)
	var codes []string
	for _, fault := range bad.faults() {
		codes = append(codes, fault.Path+" "+fault.Code)
	}
	assert.ElementsMatch(t, []string{"ids delivery.id", "kind hook.unknown", "from time.format", "to field.type", "done field.type", "by field.unknown"}, codes)
	a.ask("POST", path, `{"ids":[`+strings.Repeat(`"`+id.String()+`",`, clientaccount.MaxReplayIDs)+`"`+id.String()+`"]}`, nil).expect(422, "ids", "replay.length")

	kill()
	a.policy.Field = fields(map[string]adminhttp.Access{"webhooks.rest_incoming": adminhttp.Hidden})
	a.ask("POST", path, `{"kind":"rest_incoming"}`, nil).expect(422, "kind", "hook.unknown")
	assert.EqualValues(t, 2, a.ask("POST", path, `{"from":"2026-01-01T00:00:00Z"}`, nil).at("replayed"), "what is not seen is not sent")
}

func TestWebhooksByJSON(t *testing.T) {
	a, p := hookAPI(t)
	id := a.create("acme", withHooks)
	p.incoming(id, "mo-1", "mo-2")
	p.settle(hook(id, account.HookAPIIncoming), store.Health{Failures: 12, FailingSince: accounttest.Now().Add(-time.Hour), PausedUntil: accounttest.Now().Add(time.Minute)}, store.DeliveryWaiting, store.Try{Code: "timeout"})
	p.settle(hook(id, account.HookRESTIncoming), store.Health{OffAt: accounttest.Now(), OffCode: "gone", PausedUntil: accounttest.Now()}, store.DeliveryDead, store.Try{Code: "gone", Status: 410})
	path := "clients/" + id.String() + "/webhooks"
	got := a.get(path)
	require.Equal(t, 200, got.status, got.body)
	hooks := got.at("webhooks").([]any)
	require.Len(t, hooks, 4)
	idle, failing, off := hooks[0].(map[string]any), hooks[1].(map[string]any), hooks[3].(map[string]any)
	assert.Equal(t, []any{"api_state", "https://client.io/1?token=…", true, 0.0}, []any{idle["kind"], idle["url"], idle["on"], idle["waiting"]})
	assert.Equal(t, []any{true, 12.0, "2026-11-23T07:41:02.113456Z", "2026-11-23T08:42:02.113456Z", 2.0}, []any{failing["on"], failing["failures"], failing["failing_since"], failing["paused_until"], failing["waiting"]})
	assert.Equal(t, []any{false, "gone", "2026-11-23T08:41:02.113456Z", nil, 2.0}, []any{off["on"], off["off_code"], off["off_since"], off["paused_until"], off["dead"]})

	on := a.ask("POST", path+"/rest_incoming/on", "", nil)
	require.Equal(t, 200, on.status, on.body)
	assert.Equal(t, []any{true, nil}, []any{on.at("on"), on.at("off_code")})
	a.ask("POST", path+"/fax/on", "", nil).expect(404, "id", "not_found")
	a.ask("POST", path+"/api_state/on", `{"x":1}`, nil).expect(422, "x", "field.unknown")

	a.policy.Field = fields(map[string]adminhttp.Access{"webhooks.api_state": adminhttp.Hidden})
	assert.Len(t, a.get(path).at("webhooks"), 3)
	assert.NotContains(t, a.get(path).body, "api_state")
	a.ask("POST", path+"/api_state/on", "", nil).expect(404, "id", "not_found")
	a.ask("POST", path+"/api_state/test", "", nil).expect(404, "id", "not_found")
}

func TestTestsByJSON(t *testing.T) {
	a, _ := hookAPI(t)
	id := a.create("acme", withHooks)
	path := "clients/" + id.String() + "/webhooks/"
	got := a.ask("POST", path+"rest_state/test", "{}", nil)
	require.Equal(t, 200, got.status, got.body)
	assert.Equal(t, map[string]any{"at": "2026-11-23T08:41:02.113456Z", "took_ms": 1234.0, "code": "status", "status": 503.0}, got.object())
	a.ask("POST", path+"api_incoming/test", "", nil).expect(500, "request", "failed")

	without := newAPI(t)
	id = without.create("acme", withHooks)
	without.ask("POST", "clients/"+id.String()+"/webhooks/rest_state/test", "", nil).expect(501, "kind", "test.unavailable")
}

func TestNewSecretsByJSON(t *testing.T) {
	a, _ := hookAPI(t)
	id := a.create("acme", withHooks)
	path := "clients/" + id.String() + "/webhooks"
	assert.Empty(t, a.get(path).at("secrets"))
	first := a.edit("POST", path+"/secret", 1, "")
	require.Equal(t, 200, first.status, first.body)
	secret := first.at("secret").(string)
	_, err := account.ParseHookSecret(secret, accounttest.Now())
	require.NoError(t, err)
	assert.Equal(t, []any{`"2"`, "no-store"}, []any{first.header.Get("ETag"), first.header.Get("Cache-Control")})
	require.Equal(t, 200, a.edit("POST", path+"/secret", 2, `{"overlapHours":2}`).status)
	assert.Equal(t, []any{
		map[string]any{"created_at": "2026-11-23T08:41:02.113456Z", "ends_at": nil},
		map[string]any{"created_at": "2026-11-23T08:41:02.113456Z", "ends_at": "2026-11-23T10:41:02.113456Z"},
	}, a.get(path).at("secrets"))
	a.unchanged(id, func() {
		for _, bad := range []string{"-1", "721", "1.5", "99999999999999999999"} {
			a.edit("POST", path+"/secret", 3, `{"overlapHours":`+bad+`}`).expect(422, "overlapHours", "overlap.range")
		}
		both := a.edit("POST", path+"/secret", 3, `{"overlapHours":"2","secret":"mine"}`)
		assert.Len(t, both.faults(), 2)
		a.ask("POST", path+"/secret", "", nil).expect(428, "version", "version.required")
		a.edit("POST", path+"/secret", 1, "").expect(412, "version", "version.conflict")
	})
	changes := a.get("clients/" + id.String() + "/changes?field=webhook_secret")
	require.Len(t, changes.at("changes"), 2)
	assert.Contains(t, changes.body, `"field": "webhook_secret"`)
	for _, got := range []answer{changes, a.get(path), a.get("clients/" + id.String())} {
		assert.NotContains(t, got.body, "whsec_")
	}
	a.policy.Actions = []adminhttp.Action{adminhttp.ActionHistory}
	assert.NotContains(t, a.get("clients/"+id.String()+"/changes").body, "webhook_secret")
	a.get("clients/"+id.String()+"/changes?field=webhook_secret").expect(422, "field", "field.unknown")
}

// hookOperations returns the routes about webhooks, and the actions each needs.
func hookOperations(id account.ID) []struct {
	method, path, body string
	needs              adminhttp.Action
} {
	one := "clients/" + id.String()
	return []struct {
		method, path, body string
		needs              adminhttp.Action
	}{
		{"GET", one + "/webhooks", "", adminhttp.ActionWebhooks},
		{"GET", one + "/deliveries", "", adminhttp.ActionWebhooks},
		{"POST", one + "/deliveries/replay", `{"kind":"rest_state"}`, adminhttp.ActionReplay},
		{"POST", one + "/webhooks/rest_state/on", "", adminhttp.ActionReplay},
		{"POST", one + "/webhooks/rest_state/test", "", adminhttp.ActionTestHook},
		{"POST", one + "/webhooks/secret", "", adminhttp.ActionHookSecret},
	}
}

func TestHookActionsByJSON(t *testing.T) {
	a, _ := hookAPI(t)
	mine := a.manager("Mine")
	id := a.create("acme", func(c *account.Account) { withHooks(c); c.Core.Manager = mine })
	other := a.create("other", withHooks)
	full := a.policy.Actions
	for _, op := range hookOperations(id) {
		a.unchanged(id, func() {
			for _, without := range []adminhttp.Action{adminhttp.ActionWebhooks, op.needs} {
				a.policy.Actions = nil
				for _, action := range full {
					if action != without {
						a.policy.Actions = append(a.policy.Actions, action)
					}
				}
				a.edit(op.method, op.path, 1, op.body).expect(403, "actor", "forbidden")
			}
			a.policy.Actions = full
			a.policy.Field = func(path string) adminhttp.Access {
				if strings.HasPrefix(path, "webhooks.") {
					return adminhttp.Hidden
				}
				return adminhttp.Write
			}
			a.edit(op.method, op.path, 1, op.body).expect(403, "actor", "forbidden")
			a.policy.Field = nil
		})
		a.policy.Actions = []adminhttp.Action{adminhttp.ActionWebhooks, op.needs}
		assert.Equal(t, 200, a.edit(op.method, op.path, 1, op.body).status, "%s %s", op.method, op.path)
		a.policy.Actions = full
	}
	a.policy.Scope = adminhttp.ClientsOf(mine)
	theirs := hookOperations(other)
	for i, op := range hookOperations(accounttest.ID(77)) {
		outside, missing := a.edit(op.method, theirs[i].path, 1, op.body), a.edit(op.method, op.path, 1, op.body)
		outside.expect(404, "id", "not_found")
		assert.Equal(t, missing.body, outside.body)
	}
}

func TestWithoutAnOutboxByJSON(t *testing.T) {
	svc := clientaccount.New(plainStore{memstore.New()}, &clientaccount.Options{
		Clock: accounttest.Now, Hash: clientaccount.HashCost{MemoryKiB: 64, Iterations: 1, Parallelism: 1},
	})
	a := newAPIOver(t, svc, func(c *adminhttp.Config) {
		c.TestHook = func(context.Context, account.ID, account.HookKind) (clientaccount.Try, error) {
			return clientaccount.Try{}, clientaccount.ErrNoOutbox
		}
	})
	id := a.create("acme", withHooks)
	for _, op := range hookOperations(id) {
		a.edit(op.method, op.path, 1, op.body).expect(http.StatusNotImplemented, "id", "outbox.missing")
	}
}
