package adminhttp_test

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/clientaccount/clientaccount"
	"github.com/clientaccount/clientaccount/account/accounttest"
	"github.com/clientaccount/clientaccount/adminhttp"
	"github.com/clientaccount/clientaccount/adminhttp/internal/access"
	"github.com/clientaccount/clientaccount/store/memstore"
)

// messageAPI returns the API over a client whose messages went all ways.
func messageAPI(t *testing.T) (a *api, s *traffic, path string) {
	t.Helper()
	s = newTraffic(t)
	a = newAPIOver(t, s.svc)
	id := a.create("acme", sending)
	s.ways(id)
	return a, s, "clients/" + id.String()
}

// messages returns the ids of a page, and where the next one begins.
func (a *api) messages(path, query string) (ids []string, next string) {
	a.Helper()
	got := a.get(path + "/messages?" + query)
	require.Equal(a, 200, got.status, got.body)
	for _, row := range got.at("messages").([]any) {
		ids = append(ids, row.(map[string]any)["id"].(string))
	}
	next, _ = got.at("next").(string)
	return ids, next
}

func TestMessagesByJSON(t *testing.T) {
	a, s, path := messageAPI(t)
	got := a.get(path + "/messages")
	require.Equal(t, 200, got.status, got.body)
	rows := map[string]map[string]any{}
	for _, row := range got.at("messages").([]any) {
		rows[row.(map[string]any)["id"].(string)] = row.(map[string]any)
	}
	assert.Len(t, rows, 8)
	whole := rows["whole"]
	delete(whole, "account")
	assert.Equal(t, map[string]any{
		"id": "whole", "client_ref": "order-whole", "channel": "smpp", "sender": "ACME", "destination": canaryNumber, "parts": 2.0, "mcc": "255", "mnc": "01",
		"admitted_at": "2026-11-26T09:41:02.113456Z", "sent_at": "2026-11-26T09:41:03.113456Z", "ended_at": "2026-11-26T09:41:09.113456Z", "due_at": nil,
		"day": "2026-11-26", "stage": "ended", "state": "DELIVRD", "err": "000", "late": nil, "updates": 2.0, "parts_ended": 0.0, "parts_delivered": 2.0,
		"network_ids": []any{
			map[string]any{"network": "kyivstar", "id": "whole#1", "part": 1.0}, map[string]any{"network": "kyivstar", "id": "whole#2", "part": 2.0},
		},
		"currency": "EUR", "price": "0.0312", "cost": "0.0624", "money": "taken",
		"entry_numbers": map[string]any{"hold": 5.0, "end": 6.0, "refund": nil},
		"terms":         map[string]any{"pricing": "sent", "refund_states": []any{"UNDELIV"}, "refund_timeout": false, "wait_seconds": 259200.0},
	}, whole)
	for name, want := range map[string][]any{
		"held":     {"held", "SCHEDULED", nil, nil, "held"},
		"nameless": {"sent", "SCHEDULED", nil, nil, "taken"},
		"partly":   {"sent", "SCHEDULED", nil, nil, "taken"},
		"unsent":   {"unsent", "REJECTD", "88", nil, "released"},
		"failed":   {"ended", "UNDELIV", "27", nil, "refunded"},
		"silent":   {"ended", "EXPIRED", "dlr-timeout", nil, "taken"},
		"late":     {"ended", "EXPIRED", "dlr-timeout", "DELIVRD", "taken"},
	} {
		row := rows[name]
		assert.Equal(t, want, []any{row["stage"], row["state"], row["err"], row["late"], row["money"]}, name)
	}
	assert.Equal(t, []any{1.0, 1.0}, []any{rows["partly"]["parts_ended"], rows["partly"]["parts_delivered"]})
	assert.Equal(t, "delivered", rows["held"]["terms"].(map[string]any)["pricing"])
	assert.Equal(t, s.at.Add(-time.Second).Add(time.Hour).Format(time.RFC3339Nano), rows["held"]["due_at"])
}

func TestMessagesArePagedAndFiltered(t *testing.T) {
	a, _, path := messageAPI(t)
	var all []string
	query := "limit=3"
	for {
		ids, next := a.messages(path, query)
		all = append(all, ids...)
		if next == "" {
			break
		}
		query = "limit=3&cursor=" + next
		a.get(path+"/messages?state=DELIVRD&cursor="+next).expect(422, "cursor", "cursor.invalid")
	}
	assert.Equal(t, []string{"held", "nameless", "partly", "unsent", "failed", "whole", "late", "silent"}, all)
	for query, want := range map[string][]string{
		"id=whole": {"whole"}, "client_ref=order-late": {"late"}, "network_id=partly%232": {"partly"}, "destination=" + canaryNumber + "&stage=held": {"held"},
		"state=EXPIRED": {"late", "silent"}, "stage=unsent": {"unsent"}, "to=2026-11-24T00:00:00Z": {"late", "silent"},
		"from=2026-11-24T00:00:00Z&state=DELIVRD": {"whole"}, "destination=380": nil, "id=%00": nil, "network_id=kyivstar": nil,
	} {
		ids, _ := a.messages(path, query)
		assert.Equal(t, want, ids, query)
	}
	bad := a.get(path + "/messages?state=GONE&stage=lost&from=yesterday&to=5&limit=0&text=x")
	assert.Equal(t, 422, bad.status)
	assert.Len(t, bad.faults(), 6, "all at once")
}

func TestAMessagesStoryByJSON(t *testing.T) {
	a, _, path := messageAPI(t)
	got := a.get(path + "/messages/failed")
	require.Equal(t, 200, got.status, got.body)
	var kinds, told []any
	for _, e := range got.at("entries").([]any) {
		kinds = append(kinds, e.(map[string]any)["kind"], e.(map[string]any)["reference"])
	}
	for _, d := range got.at("deliveries").([]any) {
		told = append(told, d.(map[string]any)["tells"], d.(map[string]any)["state"])
	}
	assert.Equal(t, []any{"hold", "failed", "capture", "failed/capture", "refund", "failed/refund"}, kinds)
	assert.Equal(t, []any{"UNDELIV", "waiting"}, told)
	assert.Equal(t, got.body, a.get(path+"/message?id=failed").body)
	a.get(path+"/messages/none").expect(404, "id", "not_found")
	a.get(path+"/message").expect(404, "id", "not_found")
	a.get(path+"/message?id=%00").expect(404, "id", "not_found")
	a.get(path+"/message?name=failed").expect(422, "name", "query.unknown")
}

// A message is found whatever its id, wherever the admin is mounted.
func TestMessagesOfAnyIDWhereverMounted(t *testing.T) {
	s := newTraffic(t)
	site := newSiteOver(t, s.svc)
	a := site.create("acme", sending)
	ids := slices.DeleteFunc(slices.Clone(awkward), func(id string) bool { return id == "capture/release" }) // which is a movement's
	for _, id := range ids {
		s.admit(a.ID, id, 1)
	}
	for _, m := range mounts {
		t.Run(m.name, func(t *testing.T) {
			server := httptest.NewServer(m.mount(t, site.admin))
			t.Cleanup(server.Close)
			for _, id := range ids {
				root := m.root + "api/clients/" + a.ID.String()
				status, answer := fetch(t, server, root+"/message?"+url.Values{"id": {id}}.Encode())
				assert.Equal(t, http.StatusOK, status, "%q: %s", id, answer)
				status, answer = fetch(t, server, m.root+"clients/"+a.ID.String()+"/message?"+url.Values{"id": {id}}.Encode())
				assert.Equal(t, http.StatusOK, status, "%q: %s", id, answer)
				if id == "/" { // a segment that only says / is none to a ServeMux
					continue
				}
				status, answer = fetch(t, server, root+"/messages/"+strings.ReplaceAll(url.PathEscape(id), ".", "%2E"))
				assert.Equal(t, http.StatusOK, status, "%q: %s", id, answer)
			}
		})
	}
}

// fetch gets a path of the server, escaped as it is given.
func fetch(t *testing.T, server *httptest.Server, path string) (int, string) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, server.URL+path, http.NoBody)
	require.NoError(t, err)
	return answered(t, server, r)
}

func TestMessagesAreFoundByTheirNetworks(t *testing.T) {
	a, s, _ := messageAPI(t)
	mine := a.manager("Mine")
	other := a.create("other", sending)
	s.admit(other, "theirs", 1)
	s.sent(other, "theirs", 1)
	got := a.get("messages?network=kyivstar&id=whole%232")
	require.Equal(t, 200, got.status, got.body)
	assert.Equal(t, "whole", got.at("id"))
	assert.Equal(t, other.String(), a.get("messages?network=kyivstar&id=theirs%231").at("account"))
	missing := a.get("messages?network=kyivstar&id=none")
	missing.expect(404, "id", "not_found")
	a.get("messages").expect(404, "id", "not_found")
	a.get("messages?network=lifecell&id=whole%232").expect(404, "id", "not_found")
	a.policy.Scope = adminhttp.ClientsOf(mine)
	assert.Equal(t, missing.body, a.get("messages?network=kyivstar&id=theirs%231").body)
}

func TestFiguresByJSON(t *testing.T) {
	a, _, path := messageAPI(t)
	got := a.get(path + "/figures")
	require.Equal(t, 200, got.status, got.body)
	assert.Equal(t, []any{"2026-10-28", "2026-11-26"}, []any{got.at("from"), got.at("to")})
	assert.Equal(t, []any{
		figure("2026-11-23", "EXPIRED", 2, 2, "0.0624", "0"),
		figure("2026-11-26", nil, 3, 5, "0.1248", "0"),
		figure("2026-11-26", "DELIVRD", 1, 2, "0.0624", "0"),
		figure("2026-11-26", "UNDELIV", 1, 1, "0.0312", "0.0312"),
		figure("2026-11-26", "REJECTD", 1, 1, "0", "0"),
	}, got.at("figures"))
	for query, want := range map[string]int{
		"from=2026-11-26": 4, "to=2026-11-25": 1, "from=2026-11-24&to=2026-11-25": 0, "from=2025-11-26": 5,
	} {
		assert.Len(t, a.get(path+"/figures?"+query).at("figures"), want, query)
	}
	a.get(path+"/figures?from=2025-11-25").expect(422, "from", "dates.range")
	a.get(path+"/figures?from=2026-11-27").expect(422, "from", "dates.range")
	bad := a.get(path + "/figures?from=yesterday&to=0000-01-01&state=x")
	assert.Len(t, bad.faults(), 3, "all at once")
	a.policy.Field = fields(map[string]adminhttp.Access{"time_zone": adminhttp.Hidden})
	a.get(path+"/figures").expect(403, "actor", "forbidden")
}

func figure(day string, state any, messages, parts float64, taken, back string) map[string]any {
	return map[string]any{
		"day": day, "mcc": "255", "mnc": "01", "channel": "smpp", "state": state, "messages": messages, "parts": parts, "taken": taken, "given_back": back,
	}
}

// What is not one's to see of a message is null, and cannot be asked for.
func TestPartsOfMessagesAreHidden(t *testing.T) {
	a, _, path := messageAPI(t)
	without := func(actions ...adminhttp.Action) []adminhttp.Action {
		return slices.DeleteFunc(access.Actions(), func(x adminhttp.Action) bool { return slices.Contains(actions, x) })
	}
	nulls := func(names ...string) {
		t.Helper()
		for _, got := range []answer{a.get(path + "/messages/whole"), a.get("messages?network=kyivstar&id=whole%231")} {
			require.Equal(t, 200, got.status, got.body)
			for _, name := range names {
				assert.Nil(t, got.at(name), name)
			}
		}
	}
	a.policy.Actions = without(adminhttp.ActionMoney)
	nulls("currency", "price", "cost", "money", "entry_numbers", "terms")
	assert.Empty(t, a.get(path+"/messages/whole").at("entries"))
	assert.Nil(t, a.get(path + "/figures").at("figures").([]any)[0].(map[string]any)["taken"])
	a.policy.Actions = without(adminhttp.ActionWebhooks)
	assert.Empty(t, a.get(path+"/messages/whole").at("deliveries"))
	a.policy.Actions = access.Actions()
	for field, names := range map[string][]string{
		adminhttp.PathDestination: {"destination"}, "notes.product": {"terms"}, "time_zone": {"day"}, "currency": {"currency"},
		"sending.dlr_days": {"terms.wait_seconds"},
	} {
		a.policy.Field = fields(map[string]adminhttp.Access{field: adminhttp.Hidden})
		nulls(names...)
	}
	a.policy.Field = fields(map[string]adminhttp.Access{"sending.dlr_days": adminhttp.Hidden})
	assert.Nil(t, a.get(path+"/messages/partly").at("due_at"))
	assert.NotNil(t, a.get(path+"/messages/held").at("due_at"))
	for name, told := range map[string]bool{"silent": false, "late": false, "unsent": true, "whole": true} { // the first two ended with the wait
		assert.Equal(t, told, a.get(path+"/messages/"+name).at("ended_at") != nil, name)
	}
	a.policy.Field = fields(map[string]adminhttp.Access{adminhttp.PathDestination: adminhttp.Hidden})
	a.get(path+"/messages?destination="+canaryNumber).expect(422, "destination", "query.unknown")
	for _, route := range []string{path + "/messages", path + "/messages/whole", "messages?network=kyivstar&id=whole%231", path + "/deliveries", path + "/entries"} {
		assert.NotContains(t, a.get(route).body, canaryNumber, route)
	}
}

func TestWithoutMessagesByJSON(t *testing.T) {
	svc := clientaccount.New(plainStore{memstore.New()}, &clientaccount.Options{
		Clock: accounttest.Now, Hash: clientaccount.HashCost{MemoryKiB: 64, Iterations: 1, Parallelism: 1},
	})
	a := newAPIOver(t, svc)
	id := a.create("acme", nil)
	for _, path := range []string{"/messages", "/messages/m-1", "/message?id=m-1", "/figures"} {
		a.get("clients/"+id.String()+path).expect(http.StatusNotImplemented, "id", "messages.missing")
	}
	a.get("messages?network=n&id=1").expect(http.StatusNotImplemented, "id", "messages.missing")
}
