package adminhttp_test

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/clientaccount/clientaccount"
	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/account/accounttest"
	"github.com/clientaccount/clientaccount/adminhttp"
	"github.com/clientaccount/clientaccount/store"
	"github.com/clientaccount/clientaccount/store/memstore"
)

// FuzzPatch: whatever is sent, the answer is JSON, and not a failure of ours; what
// is accepted can be read and sent back, which changes nothing.
func FuzzPatch(f *testing.F) {
	svc := clientaccount.New(memstore.New(), &clientaccount.Options{
		Clock: accounttest.Now, Hash: clientaccount.HashCost{MemoryKiB: 64, Iterations: 1, Parallelism: 1},
	})
	admin, err := adminhttp.New(svc, adminhttp.Config{
		Actor:  func(*http.Request) (account.Actor, error) { return account.Actor{ID: "u1"}, nil },
		Policy: func(*http.Request, account.Actor) (adminhttp.Policy, error) { return adminhttp.FullAccess(), nil },
	})
	require.NoError(f, err)
	made, err := svc.Create(f.Context(), clientaccount.Edit{Apply: func(c *account.Account) error {
		c.Core.Login, c.Contact.Company = "acme", "Acme"
		c.Core.Password = account.SetPassword(accounttest.Password, accounttest.Password)
		return nil
	}})
	require.NoError(f, err)
	for _, bad := range badBodies() {
		f.Add([]byte(bad.body))
	}
	for _, bad := range badValues() {
		f.Add([]byte(body(bad.path, bad.value)))
	}
	f.Add([]byte(`{"dispatch":{"days":["mon","sun"],"from":"22:00","to":"06:00"},"notification_limit":{"value":5,"unit":"money"},"billing":{"invoice_days":[1,31]}}`))
	f.Add([]byte(`{"notes":{"comments":"\ud83d\ude00\u0000"}}`))
	f.Fuzz(func(t *testing.T, sent []byte) {
		now, err := svc.Get(t.Context(), made.Account.ID)
		require.NoError(t, err)
		patch := func(query, content string) *httptest.ResponseRecorder {
			r := httptest.NewRequest("PATCH", "/api/clients/"+made.Account.ID.String()+query, strings.NewReader(content))
			r.Header.Set("Content-Type", "application/json")
			r.Header.Set("If-Match", tag(now.Revision))
			w := httptest.NewRecorder()
			admin.ServeHTTP(w, r)
			require.Less(t, w.Code, 500, w.Body)
			require.True(t, json.Valid(w.Body.Bytes()), w.Body)
			return w
		}
		previewed := patch("?preview=true", string(sent))
		require.Contains(t, []int{200, 400, 413, 422}, previewed.Code)
		landed := patch("", string(sent))
		require.Equal(t, previewed.Code, landed.Code, "a preview tells what will be")
		if landed.Code != 200 {
			return
		}
		var read map[string]any
		require.NoError(t, json.Unmarshal(landed.Body.Bytes(), &read))
		for _, name := range []string{"id", "revision", "parent", "created_at", "updated_at", "effective", "effective_status", "warnings"} {
			delete(read, name)
		}
		now, err = svc.Get(t.Context(), made.Account.ID)
		require.NoError(t, err)
		require.Equal(t, 200, patch("", text(read)).Code)
		after, err := svc.Get(t.Context(), made.Account.ID)
		require.NoError(t, err)
		require.Equal(t, now.Revision, after.Revision, "what was read changes nothing")
	})
}

// FuzzReplay: whatever is sent, the answer is JSON, and not a failure of ours, and what
// is refused sends nothing.
func FuzzReplay(f *testing.F) {
	p := newPostbox(f)
	s := newSiteOver(f, p.svc)
	a := s.create("acme", withHooks)
	p.incoming(a.ID, "mo-1", "mo-2")
	p.settle(hook(a.ID, account.HookAPIIncoming), store.Health{}, store.DeliveryDead, store.Try{Code: "timeout"})
	for _, body := range []string{
		`{}`, `{"kind":"rest_incoming"}`, `{"ids":["x"],"done":true}`, `{"from":"2026-11-23T08:41:02Z","to":null}`, `{"ids":[null]}`, `{"ids":[],"kind":""}`,
	} {
		f.Add([]byte(body))
	}
	f.Fuzz(func(t *testing.T, sent []byte) {
		p := postbox{t, p.store, p.svc}
		r := httptest.NewRequest("POST", "/api/clients/"+a.ID.String()+"/deliveries/replay", strings.NewReader(string(sent)))
		r.Header.Set("Content-Type", "application/json")
		w := httptest.NewRecorder()
		before := p.count(a.ID, store.DeliveryWaiting)
		s.admin.ServeHTTP(w, r)
		require.Contains(t, []int{200, 400, 413, 422}, w.Code, w.Body)
		require.True(t, json.Valid(w.Body.Bytes()), w.Body)
		if w.Code != 200 {
			require.Equal(t, before, p.count(a.ID, store.DeliveryWaiting))
		}
	})
}
