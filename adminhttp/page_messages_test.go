package adminhttp_test

import (
	"bytes"
	"errors"
	"log/slog"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/clientaccount/clientaccount"
	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/account/accounttest"
	"github.com/clientaccount/clientaccount/adminhttp"
	"github.com/clientaccount/clientaccount/adminhttp/internal/access"
	"github.com/clientaccount/clientaccount/store/memstore"
)

func messagesPath(a account.Account) string { return "clients/" + a.ID.String() + "/messages" }

func storyPath(a account.Account, id string) string {
	return "clients/" + a.ID.String() + "/message?" + url.Values{"id": {id}}.Encode()
}

// messagePages returns the pages over a client whose messages went all ways.
func messagePages(t *testing.T) (*site, *traffic, account.Account) {
	t.Helper()
	p := newTraffic(t)
	s := newSiteOver(t, p.svc)
	a := s.create("acme", sending)
	p.ways(a.ID)
	return s, p, a
}

// steps returns the titles of a message's story, in order.
func (r reply) steps() (titles []string) {
	for _, m := range regexp.MustCompile(`<p class="what"><strong>([^<]*)</strong>`).FindAllStringSubmatch(r.html, -1) {
		titles = append(titles, m[1])
	}
	return titles
}

func TestMessagesOnThePage(t *testing.T) {
	s, _, a := messagePages(t)
	page := s.get(messagesPath(a))
	require.Equal(t, http.StatusOK, page.code)
	assert.Contains(t, page.html, `aria-current="page">Messages</a>`)
	for name, want := range map[string]string{
		"order-whole":  "Thu 26 Nov 2026 11:41:02 EET whole Client's order-whole To, from 380509998877 from ACME by SMPP State Delivered DELIVRD Parts 2 Price 0.0624 EUR paid",
		"order-failed": "State Undeliverable UNDELIV, error 27 Parts 1 Price 0.0312 EUR paid, and given back",
		"order-silent": "State Expired EXPIRED, no final report came in time Parts 1 Price 0.0312 EUR paid",
		"order-late":   "State Expired EXPIRED, no final report came in time late: DELIVRD Parts",
		"order-unsent": "State Rejected REJECTD, error 88 Parts 1 Price 0.0312 EUR not paid",
		"order-partly": "State Waiting for reports 1 of 3 parts ended Parts 3 Price 0.0936 EUR paid",
		"order-held":   "State Waiting to be sent Parts 1 Price 0.0312 EUR held",
	} {
		assert.Contains(t, page.rowOf(t, name), want)
	}
	assert.Contains(t, page.text(), "8 messages in the last 30 days: of 5 that ended, 1 was delivered (20.0 %). Paid: 0.2808 EUR, of which 0.0312 EUR was given back.")
	assert.Contains(t, page.rowOf(t, "Thu 26 Nov 2026 Messages"), "Messages 6 Delivered 1 Not delivered 2 1 Undeliverable, 1 Rejected On the way 3 Parts 9 Paid 0.2184 EUR Given back 0.0312 EUR")
	assert.Contains(t, page.rowOf(t, "Mon 23 Nov 2026 Messages"), "Not delivered 2 2 Expired")
	assert.Contains(t, page.rowOf(t, "In all"), "Messages 8 Delivered 1 Not delivered 4")

	none := s.get(messagesPath(s.create("none", nil)))
	assert.Contains(t, none.text(), "No message was admitted yet.")
	assert.NotContains(t, none.html, "<figure")
}

func TestMessagesAreFoundOnThePage(t *testing.T) {
	s, _, a := messagePages(t)
	for query, want := range map[string]int{
		"id=whole": 1, "client_ref=order-late": 1, "network_id=partly%232": 1, "destination=%2B380+50+999-88-77": 8, "destination=380": 0, "state=EXPIRED": 2,
		"stage=held": 1, "day=2026-11-26": 6, "day=2026-11-25": 0, "state=GONE&stage=lost&day=today&before=x": 8, "id=%00": 0,
	} {
		assert.Equal(t, want, strings.Count(s.get(messagesPath(a)+"?"+query).html, `class="what ref"`), query)
	}
	assert.Contains(t, s.get(messagesPath(a)+"?id=nope").text(), "No message matches.")
	assert.Contains(t, s.get(messagesPath(a)+"?state=EXPIRED").html, `<option value="EXPIRED" selected>Expired, EXPIRED</option>`)
	day := regexp.MustCompile(`<a href="[^"]*(\?day=[^"#]*)#list">Thu 26 Nov 2026</a>`).FindStringSubmatch(s.get(messagesPath(a)).html)
	require.NotNil(t, day)
	assert.Contains(t, s.get(messagesPath(a)+day[1]).text(), "6 messages on this page")
}

func TestMessagesOnThePageArePaged(t *testing.T) {
	p := newTraffic(t)
	s := newSiteOver(t, p.svc)
	a := s.create("acme", sending)
	for i := range 120 {
		p.admit(a.ID, "m"+string(rune(0x4e00+i)), 1)
	}
	page, seen := s.get(messagesPath(a)+"?stage=held"), 0
	for {
		seen += strings.Count(page.html, `class="what ref"`)
		older := regexp.MustCompile(`href="[^"]*(\?[^"#]*)#list"\s+rel="next"`).FindStringSubmatch(page.html)
		if older == nil {
			break
		}
		page = s.get(messagesPath(a) + strings.ReplaceAll(older[1], "&amp;", "&"))
		assert.Contains(t, page.html, ">Newest<")
	}
	assert.Equal(t, 120, seen)
}

func TestStoriesOfMessages(t *testing.T) {
	s, _, a := messagePages(t)
	story := func(id string) reply {
		t.Helper()
		page := s.get(storyPath(a, id))
		require.Equal(t, http.StatusOK, page.code, id)
		return page
	}
	for id, want := range map[string][]string{
		"whole":    {"Admitted", "Hold", "Handed to a network", "Capture", "The client is told ENROUTE", "Delivered", "The client is told DELIVRD"},
		"failed":   {"Admitted", "Hold", "Handed to a network", "Capture", "Undeliverable", "Refund", "The client is told UNDELIV"},
		"unsent":   {"Admitted", "Hold", "Could not be handed to a network", "Release", "The client is told REJECTD"},
		"silent":   {"Admitted", "Hold", "Handed to a network", "Capture", "No final report came in time", "The client is told EXPIRED"},
		"late":     {"Admitted", "Hold", "Handed to a network", "Capture", "No final report came in time", "Delivered, late", "The client is told EXPIRED", "The client is told DELIVRD"},
		"partly":   {"Admitted", "Hold", "Handed to a network", "Capture", "Reports are waited for until then"},
		"held":     {"Admitted", "Hold", "To be handed to a network by then"},
		"nameless": {"Admitted", "Hold", "Handed to a network", "Capture", "Reports are waited for until then"},
	} {
		assert.Equal(t, want, story(id).steps(), id)
	}
	whole := story("whole")
	assert.Contains(t, whole.text(), "State Delivered DELIVRD To 380509998877 From ACME Client's reference order-whole Came by SMPP 2 parts Network 255 01 MCC and MNC Price 0.0624 EUR paid 0.0312 EUR a part")
	assert.Contains(t, whole.text(), "Paid for when it is sent; given back for UNDELIV. Reports are waited for 3 days after it is sent. Counted on Thu 26 Nov 2026.")
	assert.Contains(t, whole.text(), "kyivstar whole#1, part 1 kyivstar whole#2, part 2")
	assert.Contains(t, whole.text(), "The network says DELIVRD: done Thu 26 Nov 2026 11:41:08 EET, by its clock. 2 of 2 parts delivered.")
	assert.Contains(t, whole.html, `href="../../clients/`+a.ID.String()+`/money?before=6#entries">Entry 5</a>`)
	assert.Contains(t, whole.html, `/webhooks?message=whole#deliveries">Its deliveries</a>`)
	assert.Contains(t, story("held").text(), "Paid for when it is delivered in time, else not at all.")
	assert.Contains(t, story("partly").text(), "1 of 3 parts ended, 1 of them delivered.")
	assert.Contains(t, story("late").text(), "Delivered, late The network says DELIVRD: done Thu 26 Nov 2026 11:41:01 EET, by its clock.", "whose clock may be wrong")
	assert.Contains(t, story("nameless").text(), "It gave no id, so it can report nothing.")
	assert.Equal(t, http.StatusNotFound, s.get(storyPath(a, "none")).code)

	money := s.get("clients/" + a.ID.String() + "/money?before=6")
	assert.Contains(t, money.rowOf(t, "whole"), "Hold", "the link leads to the entry")
}

// What is not one's to see of a message is not on its pages.
func TestPartsOfMessagesAreNotOnThePages(t *testing.T) {
	s, _, a := messagePages(t)
	both := func() string { return s.get(messagesPath(a)).html + s.get(storyPath(a, "whole")).html }
	s.policy.Actions = slices.DeleteFunc(access.Actions(), func(x adminhttp.Action) bool { return x == adminhttp.ActionMoney })
	for _, amount := range []string{"0.06", "0.03", ">Price<", "Paid", "Entry", "Capture", "EUR"} {
		assert.NotContains(t, both(), amount)
	}
	s.policy.Actions = slices.DeleteFunc(access.Actions(), func(x adminhttp.Action) bool { return x == adminhttp.ActionWebhooks })
	assert.NotContains(t, both(), "The client is told")
	assert.NotContains(t, both(), "Its deliveries")
	s.policy.Actions = access.Actions()
	for field, text := range map[string]string{
		adminhttp.PathDestination: canaryNumber, "notes.product": "given back for", "time_zone": "Counted on", "sending.dlr_days": "Reports are waited for", "currency": "EUR",
	} {
		require.Contains(t, both(), text)
		s.policy.Field = fields(map[string]adminhttp.Access{field: adminhttp.Hidden})
		assert.NotContains(t, both(), text, field)
		s.policy.Field = nil
	}
	const over = `datetime="2026-11-26T08:41:02Z"` // the wait
	require.Contains(t, s.get(storyPath(a, "silent")).html, over)
	s.policy.Field = fields(map[string]adminhttp.Access{"sending.dlr_days": adminhttp.Hidden})
	for _, id := range []string{"silent", "late"} {
		assert.NotContains(t, s.get(storyPath(a, id)).html, over)
		assert.Contains(t, s.get(storyPath(a, id)).steps(), "No final report came in time")
	}
	s.policy.Field = fields(map[string]adminhttp.Access{adminhttp.PathDestination: adminhttp.Hidden})
	assert.Equal(t, s.get(messagesPath(a)).text(), s.get(messagesPath(a)+"?destination=1").text(), "nor can it be asked for")
	s.policy.Field = fields(map[string]adminhttp.Access{"time_zone": adminhttp.Hidden})
	assert.NotContains(t, s.get(messagesPath(a)).html, "<figure")

	s.policy = adminhttp.Policy{Scope: adminhttp.AllClients()}
	assert.Equal(t, http.StatusForbidden, s.get(messagesPath(a)).code)
	assert.NotContains(t, s.get(editPath(a)).html, ">Messages<")
}

// A platform that keeps its messages elsewhere has no tab for them.
func TestPagesWithoutMessages(t *testing.T) {
	svc := clientaccount.New(plainStore{memstore.New()}, &clientaccount.Options{
		Clock: accounttest.Now, Hash: clientaccount.HashCost{MemoryKiB: 64, Iterations: 1, Parallelism: 1},
	})
	s := newSiteOver(t, svc)
	a := s.create("acme", nil)
	assert.NotContains(t, s.get(editPath(a)).html, ">Messages<")
	for _, path := range []string{messagesPath(a), storyPath(a, "m-1")} {
		page := s.get(path)
		assert.Equal(t, http.StatusOK, page.code)
		assert.Contains(t, page.text(), "This platform keeps no messages here")
	}
}

// Whom messages go to and come from is told to who may see it, and to no log.
func TestMessagesAreNotLogged(t *testing.T) {
	p, logged := newTraffic(t), &bytes.Buffer{}
	s := newSiteOver(t, p.svc, func(c *adminhttp.Config) {
		c.Logger = slog.New(slog.NewTextHandler(logged, &slog.HandlerOptions{Level: slog.LevelDebug}))
	})
	a := s.create("acme", sending)
	p.ways(a.ID)
	p.fails = errors.New("the store is gone")
	for _, path := range []string{messagesPath(a) + "?destination=" + canaryNumber, storyPath(a, "whole"), "api/" + messagesPath(a) + "?destination=" + canaryNumber, "api/" + messagesPath(a) + "/whole"} {
		assert.Equal(t, http.StatusInternalServerError, s.get(path).code, path)
	}
	assert.Equal(t, http.StatusOK, s.get(editPath(a)).code, "other pages need no message")
	assert.Contains(t, logged.String(), "the store is gone")
	for _, canary := range []string{canaryNumber, "ACME"} {
		assert.NotContains(t, logged.String(), canary)
	}
}
