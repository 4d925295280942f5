package adminhttp_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/clientaccount/clientaccount"
	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/account/accounttest"
	"github.com/clientaccount/clientaccount/adminhttp"
	"github.com/clientaccount/clientaccount/store"
	"github.com/clientaccount/clientaccount/store/memstore"
)

const (
	canaryPassword = "Canary-plum-41"
	canaryQuery    = "canary0query"
	webhookPath    = "webhooks.rest_state"
)

// secretSite has a client whose every secret is a canary, in the account and in
// its history, and keeps what is logged.
func secretSite(t *testing.T) (s *site, client account.Account, canaries []string, logged *bytes.Buffer) {
	t.Helper()
	logged = &bytes.Buffer{}
	logger := slog.New(slog.NewTextHandler(logged, &slog.HandlerOptions{Level: slog.LevelDebug}))
	s = &site{TB: t, policy: adminhttp.FullAccess(), actor: account.Actor{ID: "u1", Name: "Olena Koval"}}
	st := memstore.New()
	s.svc = clientaccount.New(st, &clientaccount.Options{
		Clock: accounttest.Now, Logger: logger, Hash: clientaccount.HashCost{MemoryKiB: 64, Iterations: 1, Parallelism: 1},
	})
	var err error
	s.admin, err = adminhttp.New(s.svc, adminhttp.Config{
		Actor: func(*http.Request) (account.Actor, error) { return s.actor, nil },
		Policy: func(r *http.Request, _ account.Actor) (adminhttp.Policy, error) {
			if strings.HasSuffix(r.URL.Path, "/nowhere") {
				return s.policy, errors.New("the host does not know")
			}
			return s.policy, nil
		},
		TestHook: func(context.Context, account.ID, account.HookKind) (clientaccount.Try, error) {
			return clientaccount.Try{At: accounttest.Now(), Code: "status", Status: 500, Reply: canaryReply}, nil
		},
		Logger: logger,
	})
	require.NoError(t, err)
	client = s.create("secretive", func(a *account.Account) {
		a.Core.Password = account.SetPassword(canaryPassword, canaryPassword)
		for _, to := range []*string{&a.Webhooks.APIState, &a.Webhooks.APIIncoming, &a.Webhooks.RESTState, &a.Webhooks.RESTIncoming} {
			*to = "https://client.io/dlr?token=" + canaryQuery + "&" + canaryQuery + "0"
		}
	})
	client = s.update(client, func(a *account.Account) {
		a.Webhooks.RESTState, a.Contact.LastName = "https://client.io/new?token="+canaryQuery+"1", "Second"
	})
	gateway, made, err := s.svc.NewGatewayPassword(t.Context(), client.ID, client.Revision, s.actor)
	require.NoError(t, err)
	secret, made, err := s.svc.NewHookSecret(t.Context(), client.ID, made.Account.Revision, s.actor, 0)
	require.NoError(t, err)
	p := postbox{t, st, s.svc}
	p.incoming(client.ID, "mo-1", "mo-2")
	p.settle(hook(client.ID, account.HookRESTIncoming), store.Health{}, store.DeliveryDead, store.Try{Code: "status", Status: 500})
	return s, made.Account, []string{canaryPassword, canaryQuery, gateway, secret, "$argon2id$", canaryBody, canaryReply}, logged
}

// TestTheFarEndIsHeardOnThePageAlone, behind a summary and as text.
func TestTheFarEndIsHeardOnThePageAlone(t *testing.T) {
	s, client, canaries, _ := secretSite(t)
	for _, page := range []reply{s.get(hooksPath(client)), s.post(hooksPath(client), url.Values{"_do": {"test"}, "kind": {"rest_state"}})} {
		require.Equal(t, http.StatusOK, page.code)
		assert.Contains(t, page.html, "<summary>Its answer</summary><pre class=\"reply\">"+canaryReply)
		for _, canary := range canaries {
			assert.True(t, canary == canaryReply || !strings.Contains(page.html, canary), canary)
		}
	}
}

// TestNoSecretLeaves asks every route of pages and JSON, well and badly.
func TestNoSecretLeaves(t *testing.T) {
	s, client, canaries, logged := secretSite(t)
	for _, ask := range append(secretPages(client), secretOperations(t, s, client)...) {
		r := httptest.NewRequestWithContext(t.Context(), ask.method, "/"+ask.path, strings.NewReader(ask.body))
		r.Header.Set("Content-Type", ask.media)
		r.Header.Set("If-Match", ask.match)
		w := httptest.NewRecorder()
		s.admin.ServeHTTP(w, r)
		said := strings.Join([]string{w.Body.String(), strings.Join(w.Header().Values("Location"), " ")}, "\n")
		for _, canary := range canaries {
			assert.NotContains(t, said, canary, "%s %s %s answers %d", ask.method, ask.path, ask.body, w.Code)
		}
	}
	assert.Contains(t, logged.String(), "the host does not know", "failures are logged")
	for _, canary := range canaries {
		assert.NotContains(t, logged.String(), canary)
	}
	assert.Contains(t, s.stored(client.ID).Webhooks.RESTIncoming, canaryQuery, "and all of it is still stored")
}

type asked struct{ method, path, media, match, body string }

// secretPages returns the pages, and the forms in every way they can end.
func secretPages(a account.Account) []asked {
	one, form := "clients/"+a.ID.String(), "application/x-www-form-urlencoded"
	var all []asked
	for _, path := range []string{
		"clients", "clients?q=" + canaryQuery[:3], "clients/new", one + "/edit", one + "/edit?applied=1", one + "/edit?applied=2", one + "/edit?applied=3",
		one + "/history", one + "/history?field=" + webhookPath, one + "/messages", one + "/message?id=m-1", one + "/money", one + "/money?done=1", one + "/subaccounts", "clients/new?parent=" + a.ID.String(), "managers", "managers/new", "products", "products/new", one + "/nowhere",
	} {
		all = append(all, asked{method: "GET", path: path})
	}
	post := func(path string, pairs ...string) {
		values := url.Values{}
		for i := 0; i < len(pairs); i += 2 {
			values.Add(pairs[i], pairs[i+1])
		}
		all = append(all, asked{method: "POST", path: path, media: form, body: values.Encode()})
	}
	now, other := strconv.FormatInt(a.Revision, 10), "https://client.io/other"
	passwords := []string{"password", canaryPassword, "password_retype", canaryPassword + "x"}
	post("clients/new", append(passwords, "login", "a b")...)
	post(one+"/edit", append(passwords, "revision", now)...)
	post(one+"/edit", append(passwords, "revision", "1", webhookPath, other)...)
	post(one+"/edit", "revision", "1", "contact.last_name", "Mine", "contact.company", "Mine")
	post(one+"/edit", "revision", now, "_seen", "1", webhookPath, other, "contact.phone", "12")
	post(one+"/edit", webhookPath, other)
	post(one+"/edit", "revision", now, webhookPath, "https://client.io/new?token=%E2%80%A6", "contact.phone", "12")
	post(one+"/edit", "revision", now, webhookPath, other, "webhooks.api_state", "", "_do", "check")
	post(one+"/money", "_do", "topUp", "amount", "5", "reference", "r")
	post(one+"/money", "_do", "transfer", "amount", "10,50", "to", "secretive")
	post(one+"/history/1/undo", "revision", now)
	post(one+"/history/2/undo", "revision", "1")
	post(one+"/history/3/undo", "revision", now)
	post(one+"/gateway-password", "revision", "1")
	post(one+"/webhooks?state=done", "_do", "secret", "revision", "1", "overlapHours", "24", "confirm", "true")
	post(one+"/webhooks?state=done", "_do", "again", "delivery", "x")
	all = append(all, asked{method: "GET", path: one + "/webhooks?state=done"})
	post(one+"/history/2/undo", "revision", now)
	return append(all, asked{method: "GET", path: one + "/history"}, asked{method: "GET", path: one + "/edit?applied=5"})
}

// secretOperations returns those of the OpenAPI document, each against versions that
// are and are not the present one.
func secretOperations(t *testing.T, s *site, a account.Account) []asked {
	t.Helper()
	var document struct {
		Paths map[string]map[string]json.RawMessage `json:"paths"`
	}
	require.NoError(t, json.Unmarshal([]byte(s.get("api/openapi.json").html), &document))
	bodies := []string{
		"", `{"password":"` + canaryPassword + `","password_retype":"x"}`, `{"contact":{"last_name":"Third"}}`, `{"contact":{"phone":"12"}}`,
		`{"webhooks":{"rest_state":"https://client.io/plain"}}`, `{"webhooks":null}`, `{"name":"x"}`, `{"kind":"rest_incoming"}`, `{"reference":"r","amount":"5","reason":"why"}`, `{"` + webhookPath + `":1}`,
	}
	var all []asked
	for path, operations := range document.Paths {
		path = strings.NewReplacer("{id}", a.ID.String(), "{revision}", "2", "{ref}", "h", "{kind}", "rest_incoming", "{message}", "m-1").Replace(strings.TrimPrefix(path, "/"))
		if !strings.HasPrefix(path, "api/") {
			path = "api/" + path
		}
		for method := range operations {
			for _, body := range bodies {
				for _, query := range []string{"", "?preview=true"} {
					for _, match := range []string{"", `"1"`, `"5"`} {
						all = append(all, asked{strings.ToUpper(method), path + query, "application/json", match, body})
					}
				}
			}
		}
	}
	require.Greater(t, len(all), 100)
	return all
}

// TestAnUntouchedURLIsKept however the page it is on comes back.
func TestAnUntouchedURLIsKept(t *testing.T) {
	whole := func(s *site, a account.Account) string { return s.stored(a.ID).Webhooks.RESTState }
	changed := func(s *site, page reply, a account.Account, pairs ...string) reply {
		form := page.filled(t)
		require.Equal(t, "https://client.io/new?token=…", form.Get(webhookPath))
		for i := 0; i < len(pairs); i += 2 {
			form.Set(pairs[i], pairs[i+1])
		}
		return s.post(editPath(a), form)
	}
	t.Run("applied, checked and refused", func(t *testing.T) {
		s, a, _, _ := secretSite(t)
		page := changed(s, s.get(editPath(a)), a, "contact.phone", "12")
		require.Equal(t, http.StatusUnprocessableEntity, page.code)
		page = changed(s, page, a, "contact.phone", "+380501112233", "_do", "check")
		require.Equal(t, http.StatusOK, page.code)
		assert.NotContains(t, page.field(webhookPath), "was ")
		page = changed(s, page, a, "_do", "apply")
		require.Equal(t, http.StatusSeeOther, page.code, page.text())
		assert.Equal(t, a.Webhooks, s.stored(a.ID).Webhooks)
		assert.Equal(t, "+380501112233", s.stored(a.ID).Contact.Phone)
	})
	t.Run("after somebody else changed it", func(t *testing.T) {
		s, a, _, _ := secretSite(t)
		opened := s.get(editPath(a))
		theirs := s.update(a, func(a *account.Account) {
			a.Webhooks.RESTState, a.Contact.LastName = "https://theirs.io/?token=2", "Theirs"
		})
		page := changed(s, opened, a, "contact.last_name", "Mine")
		require.Equal(t, http.StatusConflict, page.code)
		assert.Contains(t, page.text(), "Now https://theirs.io/?token=… was https://client.io/new?token=… · Marko Lis", "theirs is told")
		assert.False(t, page.filled(t).Has(webhookPath), "and what is not known cannot be chosen")
		form := page.filled(t)
		form.Set("_keep.contact.last_name", "mine")
		done := s.post(editPath(a), form)
		require.Equal(t, http.StatusSeeOther, done.code, done.text())
		assert.Equal(t, theirs.Webhooks, s.stored(a.ID).Webhooks)
		assert.Equal(t, "Mine", s.stored(a.ID).Contact.LastName)
	})
	t.Run("plain, before somebody gave it a token", func(t *testing.T) {
		s := newSite(t)
		a := s.create("client", func(a *account.Account) { a.Webhooks.RESTState = "https://client.io/dlr" })
		form := s.get(editPath(a)).filled(t)
		s.update(a, func(a *account.Account) { a.Webhooks.RESTState = "https://client.io/dlr?token=2" })
		form.Set("contact.last_name", "Mine")
		done := s.post(editPath(a), form)
		require.Equal(t, http.StatusSeeOther, done.code, "there is nothing to choose")
		assert.Equal(t, "https://client.io/dlr?token=2", whole(s, a))
	})
	t.Run("another field taken back", func(t *testing.T) {
		s, a, _, _ := secretSite(t)
		done := s.post("clients/"+a.ID.String()+"/history/2/undo", url.Values{"revision": {strconv.FormatInt(a.Revision, 10)}})
		require.Equal(t, http.StatusSeeOther, done.code, done.text())
		assert.Equal(t, a.Webhooks, s.stored(a.ID).Webhooks)
		assert.Empty(t, s.stored(a.ID).Contact.LastName)
	})
}

// What was typed around a hidden value is refused, not dropped without a word.
func TestAURLWithAHiddenValueIsNoNewURL(t *testing.T) {
	s, a, _, _ := secretSite(t)
	assert.Contains(t, s.get(editPath(a)).field(webhookPath), "type it whole")
	page := s.save(a, webhookPath, "https://client.io/moved?token=…")
	assert.Equal(t, http.StatusUnprocessableEntity, page.code)
	assert.Contains(t, page.field(webhookPath), "Type the value itself.")
	for _, copied := range []string{"...", "***", "%e2%80%a6"} {
		page = s.save(a, webhookPath, "https://client.io/moved?a=1&token="+copied)
		assert.Contains(t, page.field(webhookPath), "Type the value itself.", copied)
	}
	page = s.post("clients/new", url.Values{webhookPath: {"https://client.io/?token=…"}})
	assert.Contains(t, page.field(webhookPath), "Type the value itself.")
	assert.Equal(t, a, s.stored(a.ID))
}

func TestJSONKeepsAURLThatIsSentAsRead(t *testing.T) {
	a := newAPI(t)
	const whole = "https://client.io/dlr?token=" + canaryQuery
	id := a.create("acme", func(c *account.Account) { c.Webhooks.RESTState = whole })
	path := "clients/" + id.String()
	read := a.get(path).at(webhookPath)
	require.Equal(t, "https://client.io/dlr?token=…", read)
	same := a.edit("PATCH", path, 1, body(webhookPath, read))
	assert.Equal(t, `"1"`, same.header.Get("ETag"), "nothing changed")
	state, _ := a.state(id)
	assert.Equal(t, whole, state.Webhooks.RESTState)
	a.edit("PATCH", path, 1, body(webhookPath, "https://client.io/moved?token=…")).expect(422, webhookPath, "url.hidden")

	require.Equal(t, 200, a.edit("PATCH", path, 1, body(webhookPath, "https://theirs.io/?token=2")).status)
	late := a.edit("PATCH", path, 1, `{"contact":{"last_name":"Mine"}}`)
	require.Equal(t, http.StatusPreconditionFailed, late.status)
	assert.Contains(t, late.body, `"was": "https://client.io/dlr?token=…"`, "their change is told, though only its masks")
	assert.NotContains(t, late.body, canaryQuery)
}

// A cursor tells the value it stands at.
func TestNoPageSortsByAHiddenField(t *testing.T) {
	s := newSite(t)
	for i := range 60 {
		s.create("client"+strconv.Itoa(i), nil)
	}
	s.policy.Field = func(path string) adminhttp.Access {
		if path == "login" || path == "contact.company" {
			return adminhttp.Hidden
		}
		return adminhttp.Write
	}
	for _, path := range []string{"clients", "clients?sort=login", "clients?sort=-company"} {
		next := regexp.MustCompile(`\?cursor=[^"]*`).FindString(s.get(path).html)
		assert.True(t, strings.HasSuffix(next, "&amp;sort=created"), "%s leads to %s", path, next)
	}
}
