package adminhttp_test

import (
	"html"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/adminhttp"
)

// link returns where the first link whose tag has a text leads, as a path of the admin.
func (r reply) link(tb testing.TB, tag string) string {
	tb.Helper()
	found := regexp.MustCompile(`<a [^>]*href="([^"]*)"[^>]*` + tag).FindStringSubmatch(r.html)
	require.NotNil(tb, found, "no link with %s", tag)
	return strings.TrimLeft(html.UnescapeString(found[1]), "./")
}

// One goes from a filtered list to a client, from tab to tab, applies a change, and comes back to
// the list as it was; and from client to client in its order, by their places in it.
func TestThePlaceInTheListIsKept(t *testing.T) {
	s := newSite(t)
	for _, login := range []string{"delta", "beta", "alpha", "gamma"} {
		s.create(login, func(a *account.Account) { a.Contact.Company = "Holding & Söhne+" + login })
	}
	s.create("other", nil)
	list := "clients?q=holding&sort=-login"
	gamma := s.get(s.get(list).link(t, `aria-label="Edit gamma"`))
	assert.Equal(t, http.StatusOK, gamma.code)
	for range 2 {
		back, err := url.Parse(gamma.link(t, `>Clients</a> <span`))
		require.NoError(t, err)
		assert.Equal(t, "q=holding&sort=-login", back.RawQuery)
		assert.Contains(t, s.get(list).html, `id="`+back.Fragment+`"`)
		gamma = s.get(gamma.link(t, `>Money</a>`))
	}
	delta := s.get(gamma.link(t, `rel="next"`))
	assert.Contains(t, delta.text(), "Clients / delta")
	assert.Contains(t, delta.text(), "Previous client: ← gamma Next client: beta →")
	assert.Contains(t, s.get(delta.link(t, `rel="prev"`)).text(), "Clients / gamma Next client: delta")
	beta := s.get(delta.link(t, `rel="next"`))
	assert.Contains(t, s.get(beta.link(t, `rel="next"`)).text(), "Previous client: ← beta Holding")

	edit := s.get(beta.link(t, `>Edit</a>`))
	form := edit.filled(t)
	form.Set("contact.company", "Elsewhere") // which the list's filter no longer finds
	action := regexp.MustCompile(`action="([^"]*)" id="edit"`).FindStringSubmatch(edit.html)[1]
	applied := s.post(strings.TrimLeft(html.UnescapeString(action), "./"), form)
	require.Equal(t, http.StatusSeeOther, applied.code)
	after := s.get(strings.TrimLeft(applied.header.Get("Location"), "./"))
	assert.Contains(t, after.text(), "Previous client: ← delta Next client: alpha →")
	filter := s.get(after.link(t, `>Money</a>`)).html
	assert.Regexp(t, `<form class="tools ledger" method="get"[^>]*><input type="hidden" name="list" value="at=`, filter)
}

// Whatever a URL says of the list that led to a page, it leads to a state of the list.
func TestAPlaceLeadsNowhereElse(t *testing.T) {
	s := newSite(t)
	a := s.create("acme", nil)
	for place, want := range map[string]string{
		"https://evil.example/?q=x": "clients", "//evil.example": "clients", "javascript:alert(1)": "clients", "q=%zz": "clients", "q=a;b": "clients",
		strings.Repeat("q", 5000): "clients", "q=x&to=//evil.example&sort=money": "clients?q=x", `q="><script>`: "clients?q=%22%3E%3Cscript%3E",
		"q=x&at=altered&cursor=altered": "clients?cursor=altered&q=x",
	} {
		page := s.get(editPath(a) + "?" + url.Values{"list": {place}}.Encode())
		require.Equal(t, http.StatusOK, page.code, place)
		to, _, _ := strings.Cut(page.link(t, `>Clients</a> <span`), "#")
		assert.Equal(t, want, to, place)
		assert.NotContains(t, page.html, "<script>", place)
		assert.NotContains(t, page.text(), "Next client", place)
	}
}

// Clients outside the scope, and orders by what is hidden, are beside nobody.
func TestBesideAreOnlyThoseSeen(t *testing.T) {
	s := newSite(t)
	mine, other := manager(s, "Mine"), manager(s, "Other")
	for i, login := range []string{"a-mine", "b-theirs", "c-mine"} {
		s.create(login, func(a *account.Account) { a.Core.Manager = []account.ID{mine.ID, other.ID}[i%2] })
	}
	all := s.get("clients").link(t, `aria-label="Edit a-mine"`)
	assert.Contains(t, s.get(all).text(), "Next client: b-theirs")
	s.policy.Scope = adminhttp.ClientsOf(mine.ID)
	assert.Contains(t, s.get(all).text(), "Next client: c-mine")
	s.policy.Field = fields(map[string]adminhttp.Access{"login": adminhttp.Hidden})
	hidden := s.get(all).text()
	assert.NotContains(t, hidden, "c-mine")
}

func TestColumnsAreChosen(t *testing.T) {
	s := newSite(t)
	s.create("acme", func(a *account.Account) {
		a.Contact.Phone, a.Mail.Email, a.Contact.Country = "+447400123456", "a@acme.example", "UA"
	})
	usual := s.get("clients")
	assert.Contains(t, usual.text(), "Login ↑ Company Manager Status Balance Available Last movement Actions")
	chosen := s.get("clients?columns=contact.phone&columns=mail.email,login,country,nothing,password&sort=-created")
	assert.Contains(t, chosen.text(), "Phone E-mail Login Country Actions")
	assert.Contains(t, chosen.text(), "+447400123456 E-mail a@acme.example acme Country Ukraine")
	s.policy.Field = fields(map[string]adminhttp.Access{"contact.phone": adminhttp.Hidden, "mail.email": adminhttp.Hidden})
	hidden := s.get("clients?columns=contact.phone,login")
	assert.NotContains(t, hidden.text(), "Phone")
	assert.NotContains(t, hidden.text(), "447400123456")
	s.policy.Field, s.policy.Actions = nil, nil
	for _, money := range []string{"clients?columns=balance,available,moved,login", "clients?sort=-available", "clients?sort=moved"} {
		page := s.get(money).html
		assert.NotContains(t, page, `class="num`, money)
		assert.NotContains(t, page, "Last movement", money)
	}
}

// The status that counts is told, and that it is not the client's own.
func TestTheListTellsTheStatusThatCounts(t *testing.T) {
	s := newSite(t)
	top := s.create("top", func(a *account.Account) { a.Status, a.Sending.Subaccounts = account.StatusActive, true })
	s.create("below", func(a *account.Account) { a.Status, a.Parent = account.StatusActive, top.ID })
	s.update(top, func(a *account.Account) { a.Status = account.StatusSuspended })
	list := s.get("clients").html
	assert.Contains(t, list, `title="Its own status is Active. The worst of its own and of those above it counts.">Suspended by its parent<`)
	assert.NotContains(t, s.get("clients?status=active").text(), "Edit below")
	suspended := s.get("clients?status=suspended")
	assert.Contains(t, suspended.html, `aria-label="Edit below"`)
	assert.Contains(t, suspended.text(), "Clients: Suspended ·")
}

// Numbers above the list lead to the clients that they are of; nobody is told one that follows
// from what they do not see.
func TestCountsLeadToTheirClients(t *testing.T) {
	s := newSite(t)
	own := manager(s, "Olena")
	s.create("idle", func(a *account.Account) { a.Core.Manager, a.Status = own.ID, account.StatusActive })
	full := s.create("full", func(a *account.Account) { a.Status = account.StatusActive })
	s.topUp(full, "100")
	require.NoError(t, s.svc.Tick(t.Context()))
	s.policy.Manager = own.ID
	list := s.get("clients?q=nothing-has-this&sort=-moved")
	assert.NotContains(t, list.html, `near their limit`, "nobody is")
	mine := s.get(list.link(t, ">1 mine<"))
	assert.Contains(t, mine.html, `aria-label="Edit idle"`)
	assert.NotContains(t, mine.html, `aria-label="Edit full"`)
	assert.Contains(t, mine.text(), "Clients: Olena ·")
	assert.Equal(t, http.StatusOK, s.get("clients?attention=exhausted").code)
	for attention, path := range map[string]string{
		"exhausted": "credit.limit", "near_limit": "notification_limit", "expiring": "expires_at", "webhook_failing": "webhooks.api_state",
		"mail_failing": "billing.to_email", "silent": "status", "overdraw_ending": "credit.overdraw.limit", "unconfirmed": "notes.comments",
	} {
		s.policy.Field = fields(map[string]adminhttp.Access{path: adminhttp.Hidden})
		hidden := s.get("clients?attention=" + attention)
		assert.NotContains(t, hidden.html, "attention="+attention+"&", attention)
		assert.Contains(t, hidden.text(), "No client matches.", attention)
	}
}

func TestViewsOfTheHost(t *testing.T) {
	s := newSiteOver(t, newPostbox(t).svc, func(c *adminhttp.Config) {
		c.Views = func(*http.Request, account.Actor) []adminhttp.View {
			return []adminhttp.View{{Name: "Prepaid", Query: "status=active&sort=-moved&to=//evil.example"}, {Name: "Broken", Query: "%zz"}}
		}
	})
	list := s.get("clients?status=active&sort=-moved")
	assert.Contains(t, list.html, `<a href="clients?sort=-moved&amp;status=active" aria-current="true">Prepaid</a>`)
	assert.NotContains(t, list.html, "evil")
	assert.NotContains(t, list.text(), "Broken")
}
