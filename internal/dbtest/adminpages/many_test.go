package adminpages_test

import (
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/assert"

	"github.com/clientaccount/clientaccount/internal/dbtest/browser"
)

// counts are what is told of a batch: how many clients are in which state.
const counts = ".batch .counts-line a"

// finish waits until a batch has run to its end: its page is shown again and again meanwhile, with
// script or without.
func (w *walk) finish() {
	w.t.Helper()
	w.page.Do(w.t, chromedp.WaitVisible(`.head .pill.good`), chromedp.WaitReady("body"))
}

// A person ticks two clients and changes them; then all that the list finds, by a batch that stands
// still in the middle, is found again by another window, stopped, goes on, and is taken back whole.
func TestManyClientsInTheBrowser(t *testing.T) {
	t.Parallel()
	s := newManySite(t)
	s.more(t)
	s.walks(t, func(w *walk) {
		ticked := s.ticked(w)
		batch := s.interrupted(w)
		w.undone(batch, "5")
		assert.Equal(w.t, []string{"1500", ""}, []string{s.limit(w.t, "many-1"), s.limit(w.t, "many-5")})
		w.look("many-taken-back")
		w.open(ticked)
		w.undone(ticked, "2")
		assert.Empty(w.t, s.limit(w.t, "many-1"))
		s.number(w)
	})
}

// ticked changes two clients whose boxes are ticked, and returns the batch's path.
func (s *manySite) ticked(w *walk) (batch string) {
	w.open("clients?q=many&sort=login")
	w.page.Do(w.t, chromedp.Click(`tbody tr:nth-child(1) .pick input`), chromedp.Click(`tbody tr:nth-child(2) .pick input`))
	if w.script {
		assert.Equal(w.t, []string{"(2)"}, w.texts("#many [data-n]"))
	}
	w.look("many-ticked")
	w.press("#many button:not([name])")
	assert.Equal(w.t, 2, w.count("form input[name=client]"))
	w.look("many-form")
	w.press("[data-apply]")
	assert.Equal(w.t, 1, w.count("#faults"), "nothing is to be changed")
	w.page.Type(w.t, "f-credit-limit", "1,5x")
	w.press("[data-apply]")
	w.look("many-form-faults")
	w.page.Type(w.t, "f-credit-limit", "1500")
	w.page.Type(w.t, "reason", "As agreed")
	w.press("[data-apply]")
	w.page.Do(w.t, chromedp.WaitVisible(`button[value="all"]`))
	assert.Equal(w.t, []string{"2 " + w.say("Would change")}, w.texts(counts))
	assert.Empty(w.t, s.limit(w.t, "many-2"), "nothing is written yet")
	w.look("many-judged")
	w.press(`button[value="all"]`)
	w.finish()
	assert.Equal(w.t, []string{"2 " + w.say("Done")}, w.texts(counts))
	assert.Equal(w.t, 2, w.count(`tbody a[href*="/history?before="]`), "each with its record")
	assert.Equal(w.t, "1500", s.limit(w.t, "many-2"))
	return w.path()
}

// interrupted changes all that the list finds, but what would be refused, and returns the batch's path.
func (s *manySite) interrupted(w *walk) (batch string) {
	w.open("clients?q=many&sort=login")
	w.press(`#many button[name="all"]`)
	w.page.Type(w.t, "f-credit-limit", "25.5")
	w.press("[data-apply]")
	w.page.Do(w.t, chromedp.WaitVisible(`button[value="good"]`))
	assert.Equal(w.t, []string{"5 " + w.say("Would change"), "1 " + w.say("Would be refused")}, w.texts(counts))
	w.look("many-judged-refused")
	s.store.fail(".x..x", assert.AnError) // it runs; all together; two by themselves; the others
	w.press(`button[value="good"]`)
	w.still()
	assert.Equal(w.t, []string{"3 " + w.say("Would change"), "2 " + w.say("Done"), "1 " + w.say("Would be refused")}, w.texts(counts))
	assert.Equal(w.t, 1, w.count("progress"))
	w.look("many-running")

	w.page.Do(w.t, chromedp.Navigate("about:blank")) // its page is closed
	w.page = browser.Open(w.t, browser.Options{NoScript: !w.script})
	w.open("batches")
	w.look("many-batches")
	w.press("tbody tr:first-child a")
	w.still()
	s.store.fail(".x", assert.AnError)
	w.press(`button[value="stop"]`)
	assert.Equal(w.t, []string{w.say("Stopped")}, w.texts(".head .pill"))
	w.look("many-stopped")
	s.store.fail("", nil)
	w.press(`button[value="good"]`)
	w.finish()
	assert.Equal(w.t, []string{"5 " + w.say("Done"), "1 " + w.say("Refused")}, w.texts(counts))
	assert.Equal(w.t, "25.5", s.limit(w.t, "many-5"))
	w.look("many-done")
	return w.path()
}

// undone takes a batch of so many clients, whose page is open, back whole, and comes back to it.
func (w *walk) undone(batch, clients string) {
	w.page.Type(w.t, "reason", "Too soon")
	w.press(`button[value="undo"]`)
	w.page.Do(w.t, chromedp.WaitVisible(`button[value="all"]`))
	w.look("many-undo")
	w.press(`button[value="all"]`)
	w.finish()
	assert.Equal(w.t, []string{clients + " " + w.say("Done")}, w.texts(counts))
	w.press(".said-line a") // what is taken back
	assert.Equal(w.t, batch, w.path())
}

// number has the number of clients typed where it cannot be taken back, and drops that.
func (s *manySite) number(w *walk) {
	w.open("clients?q=many&sort=login")
	w.press(`#many button[name="all"]`)
	w.choose("#f-status", "closed")
	w.press("[data-apply]")
	w.page.Do(w.t, chromedp.WaitVisible("#typed"))
	w.press(`button[value="all"]`)
	assert.Equal(w.t, 1, w.count("#faults"), "the number was not typed")
	w.look("many-number")
	w.press(`button[value="stop"]`)
	assert.Equal(w.t, []string{w.say("Dropped")}, w.texts(".head .pill"))
}
