package adminpages_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/clientaccount/clientaccount"
	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/adminhttp"
)

// TestEveryStateOfAClientsPagesIsAccessibleAndFits looks at what a client's pages are now and then: with
// what is to come in them, with a step before what is written, and given back when it could not be.
func TestEveryStateOfAClientsPagesIsAccessibleAndFits(t *testing.T) {
	t.Parallel()
	s := newManySite(t)
	s.create(t, "carrot", account.Change{}.Set("contact.company", "Carrot & Sons Communications"))
	var out error
	s.who = func() (account.Actor, error) { return olena, out }
	policy := adminhttp.FullAccess()
	s.may = func() adminhttp.Policy { return policy }
	s.expected(t)
	client := "clients/" + s.client.ID.String()
	s.walks(t, func(w *walk) {
		w.open("clients?sort=login")
		w.press("tbody tr:nth-child(2) .icon")
		w.press(`.tabs a[href*="/history"]`) // a page that is quick to look at, beneath the same head
		assert.Equal(w.t, 2, w.count(`.beside a`), "the client before, and the next one")
		w.look("state-between-others")
		w.open(client + "/edit")
		assert.Equal(w.t, 2, w.count(".task-buttons"), "a change to come, and one that waits for a second person")
		w.look("state-expected")
		w.choose("#f-status", "closed")
		w.press("[data-apply]")
		w.look("state-step")
		w.press("[data-discard]") // any other way out asks first
		w.page.Type(w.t, "f-contact-company", "Mine Ltd")
		s.update(w.t, "Marko Lis", account.Change{}.Set("contact.company", "Theirs Ltd, "+w.language.Tag))
		w.press("[data-apply]")
		assert.Equal(w.t, 2, w.count(`[name="_keep.contact.company"]`))
		w.look("state-409")
		w.open(client + "/money")
		w.page.Type(w.t, "m-topUp-amount", "6000")
		w.press(".card.move:has(#m-topUp-amount) button")
		w.look("state-money-step")

		for n, name := range []string{"401", "403", "500", "503"} {
			fail := map[string]func(){
				"401": func() { out = adminhttp.ErrNoActor },
				"403": func() { policy.Actions = nil },
				"500": func() { s.store.fail("x", assert.AnError) },
				"503": func() { s.store.fail("x", account.ErrConflict) },
			}[name]
			typed, whole := "Typed at "+name+" "+w.language.Tag, policy
			w.open(client + "/edit")
			w.page.Type(w.t, "f-contact-company", typed)
			fail()
			w.press("[data-apply]")
			assert.Equal(w.t, []string{name}, w.texts(".fail .code"))
			w.lookOnce("state-kept-"+name, n) // the same page but for some words
			out, policy = nil, whole
			s.store.fail("", nil)
			w.press("#kept button")
			assert.Equal(w.t, typed, text(w.t, s.stored(w.t), "contact.company"))
		}
		out = adminhttp.ErrNoActor
		w.open(client + "/edit")
		w.look("state-401")
		out = nil
		w.open("clients/none/edit")
		w.look("state-404")
		w.open(client + "/history")
		w.look("state-history")
	})
}

// expected gives the client what stands above its page: a change to come and one that waits for a
// second person, a note, and money.
func (s *manySite) expected(t *testing.T) {
	t.Helper()
	a := s.update(t, "Marko Lis", account.Change{}.Set("notes.pinned", "Ask their bookkeeper first."))
	edit := func(path, text string) clientaccount.Edit {
		return clientaccount.Edit{Actor: account.Actor{ID: "marko", Name: "Marko Lis"}, Reason: "Asked by phone", Apply: account.Change{}.Set(path, text).Apply}
	}
	_, err := s.svc.Schedule(t.Context(), a.ID, a.Revision, time.Now().Add(48*time.Hour), edit("credit.limit", "500"))
	require.NoError(t, err)
	_, err = s.svc.Propose(t.Context(), a.ID, a.Revision, time.Now().Add(24*time.Hour), edit("status", "suspended"))
	require.NoError(t, err)
}
