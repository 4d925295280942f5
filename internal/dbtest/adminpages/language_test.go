package adminpages_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/adminhttp"
	"github.com/clientaccount/clientaccount/internal/dbtest/browser"
)

// in serves the same platform in one language.
func (s *site) in(t *testing.T, l adminhttp.Language) string {
	t.Helper()
	who, may := s.who, s.may
	if who == nil {
		who = func() (account.Actor, error) { return olena, nil }
	}
	if may == nil {
		may = adminhttp.FullAccess
	}
	admin, err := adminhttp.New(s.svc, adminhttp.Config{
		Actor:     func(*http.Request) (account.Actor, error) { return who() },
		Policy:    func(*http.Request, account.Actor) (adminhttp.Policy, error) { return may(), nil },
		SignIn:    func(_ *http.Request, back string) string { return "/sign-in?" + url.Values{"to": {back}}.Encode() },
		Languages: []adminhttp.Language{l},
		Language:  func(*http.Request) string { return l.Tag },
	})
	require.NoError(t, err)
	server := httptest.NewServer(admin)
	t.Cleanup(server.Close)
	return server.URL + "/"
}

// beneathTheBar names what has the focus beneath the bar that stays at the bottom, and the bar where it
// is higher than what is kept free for it.
const beneathTheBar = `(() => {
	const bar = document.querySelector(".act");
	const free = parseFloat(getComputedStyle(document.documentElement).scrollPaddingBottom);
	if (bar.getBoundingClientRect().height > free) return "the bar is " + bar.getBoundingClientRect().height + " high, and " + free + " are free";
	return Array.from(document.querySelectorAll("#edit input:not([type=hidden]), #edit select, #edit textarea, #edit a, #edit button, #edit summary"))
		.filter((e) => !bar.contains(e) && e.checkVisibility())
		.filter((e) => {
			window.scrollTo(0, 0);
			e.focus();
			const at = e.getBoundingClientRect(), over = bar.getBoundingClientRect();
			return at.bottom > over.top + 1 && at.top < over.bottom - 1;
		}).map((e) => e.id || e.textContent.trim()).join(" ");
})()`

// linesOfTheBar is how many lines there are in the bar that stays at the bottom.
const linesOfTheBar = `(() => {
	let lines = 0, bottom = -Infinity;
	const boxes = Array.from(document.querySelectorAll(".act .why, .act .state, .act .btn")).map((e) => e.getBoundingClientRect());
	for (const box of boxes.sort((a, b) => a.top - b.top)) {
		if (box.top >= bottom - 1) lines++;
		bottom = Math.max(bottom, box.bottom);
	}
	return lines;
})()`

// Words of another length, and lines from right to left, fit as English from left to right does.
func TestPagesInOtherLanguages(t *testing.T) {
	t.Parallel()
	s := newMoneySite(t)
	client := "clients/" + s.client.ID.String()
	for name, l := range map[string]adminhttp.Language{"uk": adminhttp.Ukrainian(), "rtl": {Tag: "en", RightToLeft: true}} {
		at := s.in(t, l)
		page := browser.Open(t, browser.Options{})
		for i, path := range []string{"clients", client + "/edit", client + "/money"} {
			page.Do(t, chromedp.Navigate(at+path), chromedp.WaitVisible("main h1"))
			for _, width := range []int64{320, 1280} {
				page.Do(t, chromedp.EmulateViewport(width, 900))
				over := eval[string](t, page, `(() => {
					const wide = document.documentElement.clientWidth;
					if (document.documentElement.scrollWidth <= wide) return "";
					return Array.from(document.querySelectorAll("main *")).filter((e) => !e.closest(".tabs") && !e.closest(".tablewrap")).filter((e) => e.getBoundingClientRect().right > wide + 1 || e.getBoundingClientRect().left < -1)
						.map((e) => e.tagName + "." + e.className).slice(0, 5).join(" ") || "something";
				})()`)
				assert.Empty(t, over, fmt.Sprint(name, " ", path, " at ", width))
				if i == 1 {
					assert.LessOrEqual(t, eval[int](t, page, linesOfTheBar), 2, fmt.Sprint(name, " at ", width))
					assert.Empty(t, eval[string](t, page, beneathTheBar), fmt.Sprint(name, " at ", width))
				}
			}
			if i < 2 { // axe takes its time
				glance(t, page, fmt.Sprintf("language-%s-%d", name, i))
			}
		}
		if name == "uk" {
			page.Do(t, chromedp.Navigate(at+client+"/edit"), chromedp.WaitVisible("#f-contact-company"), chromedp.SendKeys("#f-contact-company", "!"))
			assert.Equal(t, "1 зміна", state(t, page))
			page.Do(t, chromedp.EmulateViewport(320, 900), chromedp.SendKeys("#f-login", " !"), toggleREST, chromedp.Evaluate[chromedp.Void](`document.activeElement.blur()`))
			assert.Equal(t, "3 зміни, До виправлення: 1 помилка", state(t, page))
			assert.Equal(t, 2, eval[int](t, page, linesOfTheBar))
		}
	}
}
