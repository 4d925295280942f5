package adminpages_test

import (
	"fmt"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/assert"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/internal/dbtest/browser"
)

// widths are those of windows in which no page scrolls sideways.
var widths = []int64{320, 480, 640, 700, 768, 900, 1024, 1280, 1920}

// TestNoPageScrollsSideways between a phone and a wide screen.
func TestNoPageScrollsSideways(t *testing.T) {
	t.Parallel()
	s := newMoneySite(t)
	s.update(t, "Marko Lis", account.Change{}.Set("notes.pinned", "Ask their bookkeeper first.").Set("routing.senders", "ACME"))
	client := "clients/" + s.client.ID.String()
	page := browser.Open(t, browser.Options{})
	for _, path := range []string{
		"clients", "clients?attention=near_limit&columns=login,contact.company,contact.phone,credit.limit", "clients/import",
		"batches", "confirmations", "documents", "clients/new", "managers", "managers/new", "products", "products/new", "clients/none/edit",
		client + "/edit", client + "/money", client + "/decide?parts=1", client + "/history", client + "/subaccounts", client + "/webhooks",
		client + "/documents", client + "/messages", client + "/prices",
	} {
		page.Do(t, chromedp.Navigate(s.url+path), chromedp.WaitVisible("main h1"))
		for _, width := range widths {
			page.Do(t, chromedp.EmulateViewport(width, 900))
			over := eval[string](t, page, `(() => {
				const root = document.documentElement, wide = root.clientWidth;
				const over = Array.from(document.querySelectorAll(".tablewrap")).filter((e) => e.scrollWidth > e.clientWidth + 1);
				if (root.scrollWidth > wide) over.push(...Array.from(document.querySelectorAll("main *")).filter((e) => e.getBoundingClientRect().right > wide + 1));
				return over.slice(0, 3).map((e) => e.tagName + "." + e.className).join(" ");
			})()`)
			assert.Empty(t, over, fmt.Sprint(path, " at ", width))
		}
	}
}
