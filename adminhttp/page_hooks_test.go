package adminhttp_test

import (
	"net/http"
	"net/url"
	"regexp"
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

func hooksPath(a account.Account) string { return "clients/" + a.ID.String() + "/webhooks" }

// hookSite returns the pages over a postbox, with a client that has all four URLs.
func hookSite(t *testing.T) (*site, postbox, account.Account) {
	t.Helper()
	p := newPostbox(t)
	s := newSiteOver(t, p.svc, withTests)
	return s, p, s.create("acme", withHooks)
}

// rowOf returns the text of the table row that has a text.
func (r reply) rowOf(tb testing.TB, text string) string {
	tb.Helper()
	for _, row := range regexp.MustCompile(`(?s)<tr\b.*?</tr>`).FindAllString(r.html, -1) {
		if found := (reply{html: row}).text(); strings.Contains(found, text) {
			return found
		}
	}
	require.Fail(tb, "no row has "+text)
	return ""
}

// buttons returns the names of what may be done, as forms send them.
func (r reply) buttons() map[string]int {
	all := map[string]int{}
	for _, m := range regexp.MustCompile(`name="_do" value="([a-z]+)"`).FindAllStringSubmatch(r.html, -1) {
		all[m[1]]++
	}
	return all
}

func TestHowWebhooksFare(t *testing.T) {
	s, p, a := hookSite(t)
	now := accounttest.Now()
	p.incoming(a.ID, "mo-1", "mo-2")
	p.state(a.ID, "m-1", account.StateDelivered)
	p.settle(hook(a.ID, account.HookAPIIncoming), store.Health{Failures: 12, FailingSince: now.Add(-time.Hour), PausedUntil: now.Add(90 * time.Second)}, store.DeliveryWaiting, store.Try{Code: "timeout"})
	p.settle(hook(a.ID, account.HookRESTIncoming), store.Health{OffAt: now.Add(-2 * time.Hour), OffCode: "gone"}, store.DeliveryDead, store.Try{Code: "gone", Status: 410})
	p.settle(hook(a.ID, account.HookRESTState), store.Health{Failures: 1, FailingSince: now.Add(-time.Minute)}, store.DeliveryWaiting, store.Try{Code: "dns"})
	page := s.get(hooksPath(a))
	require.Equal(t, http.StatusOK, page.code)
	assert.Contains(t, page.rowOf(t, "SMS State via API"), "https://client.io/1?token=… Fares Working No failures.")
	assert.Contains(t, page.rowOf(t, "Incoming SMS via API"), "Paused 12 failures in a row. Next try in 1 min , Mon 23 Nov 2026 10:42:32 EET.")
	assert.Contains(t, page.rowOf(t, "SMS State via RestAPI"), "Failing 1 failure in a row. Failing since 1 min ago")
	assert.Contains(t, page.rowOf(t, "Incoming SMS via RestAPI"), "Switched off Answered that it is gone for good. Off since 2 hours ago")
	assert.Equal(t, map[string]int{"on": 2, "test": 4, "again": 2, "replay": 1, "secret": 1}, page.buttons())

	none := s.get(hooksPath(s.create("none", nil)))
	assert.Contains(t, none.rowOf(t, "SMS State via API"), "No URL Nothing is sent.")
	assert.Zero(t, none.buttons()["test"])
	assert.Contains(t, none.text(), "Nothing was sent yet.")

	off := s.post(hooksPath(a), url.Values{"_do": {"on"}, "kind": {"rest_incoming"}})
	require.Equal(t, http.StatusSeeOther, off.code)
	on := s.get(hooksPath(a) + "?on=rest_incoming")
	assert.Contains(t, on.text(), "Incoming SMS via RestAPI is on, and tried again at once.")
	assert.Contains(t, on.rowOf(t, "Incoming SMS via RestAPI"), "Working")
}

func TestDeliveriesOnThePage(t *testing.T) {
	s, p, a := hookSite(t)
	p.incoming(a.ID, "mo-1", "mo-2")
	p.settle(hook(a.ID, account.HookAPIIncoming), store.Health{}, store.DeliveryDone, store.Try{Code: "ok", Status: 204, Took: 1234 * time.Millisecond})
	p.settle(hook(a.ID, account.HookRESTIncoming), store.Health{Failures: 1}, store.DeliveryWaiting, store.Try{Code: "blocked_address"})
	p.state(a.ID, "m-1", account.StateDelivered)
	rows := func(query string) reply { return s.get(hooksPath(a) + "?" + query) }
	assert.Contains(t, rows("state=done&message=mo-1").rowOf(t, "Message mo-1"), "Taken by the URL 1 try Last try Taken HTTP 204, 1,234 ms Its answer")
	assert.Contains(t, rows("kind=rest_incoming&message=mo-2").rowOf(t, "Message mo-2"), "Waiting 1 try Last try The name leads where we do not call")
	assert.Contains(t, rows("kind=rest_incoming").rowOf(t, "Message mo-2"), "Next try in 5 min Mon 23 Nov 2026 10:46:02 EET")
	assert.Contains(t, rows("").rowOf(t, "Message m-1"), "Waiting not tried Last try none yet")
	assert.NotContains(t, rows("").html, canaryBody)
	assert.Contains(t, rows("message=nope").text(), "No delivery matches.")
	assert.Contains(t, rows("kind=fax&state=lost&before=x").text(), "6 deliveries on this page", "what means nothing counts as not there")

	for i := range 30 {
		p.state(a.ID, "bulk-"+string(rune('a'+i)), account.StateEnroute)
	}
	page, seen := rows("kind=api_state"), 0
	for {
		seen += strings.Count(page.html, "<td>Message") + strings.Count(page.html, `class="ref">Message`)
		older := regexp.MustCompile(`href="([^"]*)" rel="next"`).FindStringSubmatch(page.html)
		if older == nil {
			break
		}
		_, query, _ := strings.Cut(strings.TrimSuffix(older[1], "#deliveries"), "?")
		page = rows(strings.ReplaceAll(query, "&amp;", "&"))
		assert.Contains(t, page.html, ">Newest<")
	}
	assert.Equal(t, 31, seen)
}

func TestReplayFromThePage(t *testing.T) {
	s, p, a := hookSite(t)
	p.incoming(a.ID, "mo-1", "mo-2")
	kill := func() {
		for _, kind := range []account.HookKind{account.HookAPIIncoming, account.HookRESTIncoming} {
			p.settle(hook(a.ID, kind), store.Health{}, store.DeliveryDead, store.Try{Code: "status", Status: 500})
		}
	}
	kill()
	one := p.all(a.ID)[0].ID.String()
	done := s.post(hooksPath(a)+"?state=dead", url.Values{"_do": {"again"}, "delivery": {one}})
	require.Equal(t, http.StatusSeeOther, done.code, done.text())
	location := done.header.Get("Location")
	assert.Equal(t, "../../clients/"+a.ID.String()+"/webhooks?replayed=1&state=dead", location, "as it was looked at")
	assert.Contains(t, s.get(strings.TrimPrefix(location, "../../")).text(), "1 delivery is sent again.")
	assert.Equal(t, 3, p.count(a.ID, store.DeliveryDead))

	// Accepted at 10:41:02 by the client's clock.
	for typed, want := range map[[2]string]string{
		{"2026-11-23T10:41", ""}: "4", {"2026-11-23T10:42", ""}: "0", {"", "2026-11-23T10:42"}: "4", {"2026-11-23T08:41", "2026-11-23T10:41"}: "0",
	} {
		kill()
		done = s.post(hooksPath(a), url.Values{"_do": {"replay"}, "replayKind": {""}, "from": {typed[0]}, "to": {typed[1]}})
		assert.Contains(t, done.header.Get("Location"), "replayed="+want, typed)
	}
	for _, bad := range []struct {
		form  url.Values
		fault string
	}{
		{url.Values{"replayKind": {""}}, "Say which deliveries"},
		{url.Values{"replayKind": {"fax"}}, "There is no such webhook."},
		{url.Values{"from": {"2026-02-30T10:41"}}, "Use a date and a time"},
		{url.Values{"from": {"2026-11-23T10:41"}, "to": {"2026-11-23T10:40"}}, "The end must lie after the beginning."},
		{url.Values{"from": {"1", "2"}}, "This was sent twice."},
		{url.Values{"by": {"me"}}, "Unknown field: by."},
	} {
		bad.form.Set("_do", "replay")
		page := s.post(hooksPath(a), bad.form)
		assert.Equal(t, http.StatusUnprocessableEntity, page.code)
		assert.Contains(t, page.text(), bad.fault)
		assert.Contains(t, page.html, "<title>Errors")
	}
	assert.Equal(t, http.StatusNotFound, s.post(hooksPath(a), url.Values{"_do": {"again"}, "delivery": {"x"}}).code)
	assert.Equal(t, http.StatusBadRequest, s.post(hooksPath(a), url.Values{"_do": {"explode"}}).code)
}

func TestTestsFromThePage(t *testing.T) {
	s, _, a := hookSite(t)
	page := s.post(hooksPath(a), url.Values{"_do": {"test"}, "kind": {"rest_state"}})
	require.Equal(t, http.StatusOK, page.code)
	assert.Contains(t, page.text(), "Test of SMS State via RestAPI: Answered with an error. HTTP 503, 1,234 ms")
	assert.Equal(t, http.StatusNotFound, s.post(hooksPath(a), url.Values{"_do": {"test"}, "kind": {"fax"}}).code)
	assert.Equal(t, http.StatusInternalServerError, s.post(hooksPath(a), url.Values{"_do": {"test"}, "kind": {"api_incoming"}}).code)

	plain := newSite(t)
	a = plain.create("acme", withHooks)
	assert.Zero(t, plain.get(hooksPath(a)).buttons()["test"])
	assert.Equal(t, http.StatusNotImplemented, plain.post(hooksPath(a), url.Values{"_do": {"test"}, "kind": {"rest_state"}}).code)
}

func TestANewSecretIsShownOnce(t *testing.T) {
	s, p, a := hookSite(t)
	assert.Contains(t, s.get(hooksPath(a)).text(), "None yet.")
	form := func(revision, overlap string) url.Values {
		return url.Values{"_do": {"secret"}, "revision": {revision}, "overlapHours": {overlap}, "confirm": {"true"}}
	}
	page := s.post(hooksPath(a), form("1", "24"))
	require.Equal(t, http.StatusOK, page.code)
	secret := regexp.MustCompile(`whsec_[A-Za-z0-9+/=]+`).FindString(page.text())
	_, err := account.ParseHookSecret(secret, accounttest.Now())
	require.NoError(t, err, page.html)
	assert.Equal(t, "no-store", page.header.Get("Cache-Control"))
	page = s.post(hooksPath(a), form("2", "1"))
	assert.Contains(t, page.text(), "the one before stays valid for 1 more hour.")
	assert.Contains(t, s.get(hooksPath(a)).text(), "The one before ends in 1 hour , Mon 23 Nov 2026 11:41:02 EET;")
	for _, bad := range []struct {
		form url.Values
		code int
		text string
	}{
		{form("2", "1"), http.StatusConflict, "so no secret was made"},
		{form("", "1"), http.StatusPreconditionRequired, "which version"},
		{form("3", "721"), http.StatusUnprocessableEntity, "at most 30 days"},
		{url.Values{"_do": {"secret"}, "revision": {"3"}, "overlapHours": {"0"}}, http.StatusUnprocessableEntity, "Confirm that a new secret"},
	} {
		page = s.post(hooksPath(a), bad.form)
		assert.Equal(t, bad.code, page.code)
		assert.Contains(t, page.text(), bad.text)
		assert.NotContains(t, page.html, "whsec_")
	}
	history := s.get("clients/" + a.ID.String() + "/history")
	assert.Contains(t, history.text(), "Webhook secret changed")
	assert.NotContains(t, history.html, "whsec_")
	secrets, err := p.svc.HookSecrets(t.Context(), a.ID)
	require.NoError(t, err)
	assert.Len(t, secrets, 2)
}

func TestHookActionsOnThePage(t *testing.T) {
	s, p, a := hookSite(t)
	p.incoming(a.ID, "mo-1")
	p.settle(hook(a.ID, account.HookAPIIncoming), store.Health{OffAt: accounttest.Now(), OffCode: "failing"}, store.DeliveryDead, store.Try{Code: "off"})
	all := s.policy.Actions
	for needed, forms := range map[adminhttp.Action][]url.Values{
		adminhttp.ActionReplay: {
			{"_do": {"on"}, "kind": {"api_incoming"}}, {"_do": {"again"}, "delivery": {p.all(a.ID)[0].ID.String()}}, {"_do": {"replay"}, "replayKind": {"api_incoming"}},
		},
		adminhttp.ActionTestHook:   {{"_do": {"test"}, "kind": {"rest_state"}}},
		adminhttp.ActionHookSecret: {{"_do": {"secret"}, "revision": {"1"}, "overlapHours": {"0"}, "confirm": {"true"}}},
	} {
		s.policy.Actions = nil
		for _, action := range all {
			if action != needed {
				s.policy.Actions = append(s.policy.Actions, action)
			}
		}
		page := s.get(hooksPath(a))
		for _, form := range forms {
			assert.Zero(t, page.buttons()[form.Get("_do")], needed)
			assert.Equal(t, http.StatusForbidden, s.post(hooksPath(a), form).code, needed)
		}
	}
	s.policy.Actions = []adminhttp.Action{adminhttp.ActionWebhooks}
	assert.Empty(t, s.get(hooksPath(a)).buttons())
	s.policy.Actions = []adminhttp.Action{adminhttp.ActionReplay, adminhttp.ActionTestHook, adminhttp.ActionHookSecret}
	assert.Equal(t, http.StatusForbidden, s.get(hooksPath(a)).code)
	assert.NotContains(t, s.get(editPath(a)).html, hooksPath(a))
	s.assertSame(a, 1)
	assert.Equal(t, 1, p.count(a.ID, store.DeliveryDead))
}

func TestAHiddenURLHasNoWebhook(t *testing.T) {
	s, p, a := hookSite(t)
	p.incoming(a.ID, "mo-1")
	for _, kind := range []account.HookKind{account.HookAPIIncoming, account.HookRESTIncoming} {
		p.settle(hook(a.ID, kind), store.Health{}, store.DeliveryDead, store.Try{Code: "status", Status: 500})
	}
	var theirs string
	for _, d := range p.all(a.ID) {
		if d.Hook.Kind == account.HookRESTIncoming {
			theirs = d.ID.String()
		}
	}
	s.policy.Field = fields(map[string]adminhttp.Access{"webhooks.rest_incoming": adminhttp.Hidden})
	page := s.get(hooksPath(a))
	assert.NotContains(t, page.html, "Incoming SMS via RestAPI")
	assert.NotContains(t, page.html, "client.io/4")
	assert.Contains(t, page.text(), "1 delivery on this page")
	assert.Contains(t, s.get(hooksPath(a)+"?kind=rest_incoming").text(), "1 delivery on this page", "as any name that means nothing")
	for _, do := range []string{"on", "test"} {
		assert.Equal(t, http.StatusNotFound, s.post(hooksPath(a), url.Values{"_do": {do}, "kind": {"rest_incoming"}}).code)
	}
	sent := s.post(hooksPath(a), url.Values{"_do": {"again"}, "delivery": {theirs}})
	assert.Contains(t, sent.header.Get("Location"), "replayed=0")
	sent = s.post(hooksPath(a), url.Values{"_do": {"replay"}, "from": {"2026-01-01T00:00"}})
	assert.Contains(t, sent.header.Get("Location"), "replayed=1")
	assert.Equal(t, 1, p.count(a.ID, store.DeliveryDead))
	s.policy.Field = func(path string) adminhttp.Access {
		if strings.HasPrefix(path, "webhooks.") {
			return adminhttp.Hidden
		}
		return adminhttp.Write
	}
	assert.Equal(t, http.StatusForbidden, s.get(hooksPath(a)).code)
}

func TestWithoutAnOutboxThePageSaysSo(t *testing.T) {
	s := newSiteOver(t, clientaccount.New(plainStore{memstore.New()}, &clientaccount.Options{
		Clock: accounttest.Now, Hash: clientaccount.HashCost{MemoryKiB: 64, Iterations: 1, Parallelism: 1},
	}))
	a := s.create("acme", withHooks)
	page := s.get(hooksPath(a))
	assert.Equal(t, http.StatusOK, page.code)
	assert.Contains(t, page.text(), "This platform keeps no webhook deliveries")
	assert.Empty(t, page.buttons())
	for _, form := range []url.Values{
		{"_do": {"on"}, "kind": {"rest_state"}},
		{"_do": {"replay"}, "replayKind": {"rest_state"}},
		{"_do": {"secret"}, "revision": {"1"}, "overlapHours": {"0"}, "confirm": {"true"}},
	} {
		assert.Equal(t, http.StatusNotImplemented, s.post(hooksPath(a), form).code, form)
	}
}
