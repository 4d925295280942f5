package adminhttp_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/clientaccount/clientaccount"
	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/adminhttp"
	"github.com/clientaccount/clientaccount/store/memstore"
)

// TestTheHeadSaysWhetherAClientCanSend, in one sentence that is true.
func TestTheHeadSaysWhetherAClientCanSend(t *testing.T) {
	s := newSite(t)
	parent := s.create("aldermere", func(a *account.Account) {
		a.Sending.Subaccounts, a.Sending.SMPP, a.Sending.REST, a.Status = true, true, true, account.StatusActive
	})
	a := s.create("client", func(a *account.Account) { a.Parent = parent.ID })
	says := func(want string) {
		t.Helper()
		for _, path := range []string{editPath(a), "clients/" + a.ID.String() + "/history", "clients/" + a.ID.String() + "/subaccounts"} {
			page := s.get(path)
			require.Equal(t, http.StatusOK, page.code, path)
			assert.Contains(t, page.text(), want, path)
		}
	}
	set := func(pairs ...string) {
		t.Helper()
		change := account.Change{}
		for i := 0; i < len(pairs); i += 2 {
			change = change.Set(pairs[i], pairs[i+1])
		}
		a = s.update(a, func(a *account.Account) { require.NoError(t, change.Apply(a)) })
	}
	says("May not send: it is not active yet; no channel is on; no sender is approved, and Dynamic Sender is off; nothing is left to spend.")
	set("status", "active", "sending.smpp", "true", "sending.web", "true")
	says("May not send: no sender is approved, and Dynamic Sender is off; nothing is left to spend.")
	set("routing.senders", "Acme", "credit.limit", "5")
	says("May send by SMPP.") // the parent has no Web
	set("moderation", "manual")
	says("May send by SMPP; every message waits for a person's review.")
	set("moderation", "none", "dispatch", "Tue 09:00-10:00")
	says("May send by SMPP; what comes now waits until 24 Nov 2026 09:00.")
	parent = s.update(parent, func(a *account.Account) { a.Status = account.StatusSuspended })
	says("May not send: suspended by its parent aldermere.")
	assert.Contains(t, s.get(editPath(a)).html, `href="../../clients/`+parent.ID.String()+`/edit">aldermere</a>`, "the parent is in the crumb")

	s.policy.Field = fields(map[string]adminhttp.Access{"status": adminhttp.Hidden})
	says("May not send: a setting that you do not see stands in the way.")
	s.policy.Actions = []adminhttp.Action{adminhttp.ActionHistory}
	assert.NotContains(t, s.get(editPath(a)).text(), "May not send", "who may not try messages is told of none")
}

// TestAPinnedNoteIsOnEveryPage of the client, with who wrote it.
func TestAPinnedNoteIsOnEveryPage(t *testing.T) {
	s := newSite(t)
	a := s.create("client", nil)
	s.update(a, func(a *account.Account) { a.Notes.Pinned = "Call <Zoë> first." })
	history := "clients/" + a.ID.String() + "/history?field=login"
	page := s.get(history)
	assert.Contains(t, page.text(), "Call <Zoë> first. Marko Lis, just now")
	s.policy.Field = fields(map[string]adminhttp.Access{"notes.pinned": adminhttp.Hidden})
	assert.NotContains(t, s.get(history).text(), "Zoë")
}

// TestANewClientIsToldWhatItLacks until it has that, or is no new one any more.
func TestANewClientIsToldWhatItLacks(t *testing.T) {
	s := newSite(t)
	a := s.create("client", nil)
	page := s.get(editPath(a) + "?applied=1")
	assert.Contains(t, page.text(), "The client was created.")
	assert.Contains(t, page.text(), "This new client still lacks: active status a channel a sender a product a manager an e-mail address money")
	for _, at := range []string{"f-status", "f-sending-smpp", "f-routing-senders", "f-notes-product", "f-manager", "f-mail-email"} {
		assert.Contains(t, page.html, `/edit#`+at+`"`)
		assert.Contains(t, page.html, `id="`+at+`"`)
	}
	s.update(a, func(a *account.Account) {
		a.Status, a.Sending.SMPP, a.Sending.REST, a.Routing.DynamicSender, a.Mail.Email = account.StatusActive, true, true, true, "a@example.com"
	})
	_, err := s.svc.TopUp(t.Context(), clientaccount.TopUp{Account: a.ID, Amount: decimal.NewFromInt(5), Reference: "first"})
	require.NoError(t, err)
	assert.Contains(t, s.get(editPath(a)).text(), "still lacks: a gateway password a product a manager a URL for states via RestAPI ")
	a, err = s.svc.Get(t.Context(), a.ID)
	require.NoError(t, err)
	unpriced := product(s, "Unpriced", "EUR").ID
	s.update(a, func(a *account.Account) { a.Notes.Product = unpriced })
	assert.Contains(t, s.get(editPath(a)).text(), "still lacks: a gateway password a manager a URL for states via RestAPI a price ")
	made, err := s.svc.Create(t.Context(), clientaccount.Edit{NoPassword: true, Apply: func(a *account.Account) error {
		a.Core.Login, a.Contact.Company, a.Sending.Web = "imported", "Imported", true
		return nil
	}})
	require.NoError(t, err)
	assert.Contains(t, s.get(editPath(made.Account)).text(), "a sender a password a product")
}

// TestTheHostsOwnPagesAreLinkedTo.
func TestTheHostsOwnPagesAreLinkedTo(t *testing.T) {
	svc := clientaccount.New(memstore.New(), nil)
	s := newSiteOver(t, svc, func(c *adminhttp.Config) {
		c.SignOut = "/logout"
		c.Links = func(_ *http.Request, a account.Account) []adminhttp.Link {
			return []adminhttp.Link{{Name: "Tickets", Href: "/tickets?of=" + a.Core.Login}, {Name: "Bad", Href: "javascript:alert(1)"}}
		}
	})
	a := s.create("client", nil)
	page := s.get(editPath(a))
	assert.Contains(t, page.html, `<a href="/tickets?of=client">Tickets</a>`)
	assert.NotContains(t, page.html, "javascript:")
	assert.Contains(t, page.html, `href="/logout">Sign out</a>`)
	s.policy.Field = fields(map[string]adminhttp.Access{"login": adminhttp.Hidden})
	assert.False(t, strings.Contains(s.get(editPath(a)).html, "of=client"), "the host is given what the actor sees")
}

// TestTheHeadSaysUntilWhenTheMoneyLasts at the present rate, to who sees what is available.
func TestTheHeadSaysUntilWhenTheMoneyLasts(t *testing.T) {
	p := newPapers(t)
	s := newSiteOver(t, p.svc)
	a := s.create("acme", billed)
	history := "clients/" + a.ID.String() + "/history"
	assert.NotContains(t, s.get(history).text(), "At the present rate", "nothing is spent")
	p.month(a.ID) // 32.20 of 100, on one of three whole days
	assert.Contains(t, s.get(history).text(), "At the present rate the money lasts until 7 Dec 2026 15:36, in 6 days.")
	step := s.save(s.stored(a.ID), "credit.limit", "10", "_do", "check")
	assert.Contains(t, step.text(), "With this, 77.80 EUR is left to spend: at the present rate until 8 Dec 2026")
	s.policy.Field = fields(map[string]adminhttp.Access{"credit.limit": adminhttp.Hidden})
	assert.NotContains(t, s.get(history).text(), "At the present rate")
}
