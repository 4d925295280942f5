package adminpages_test

import (
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/assert"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/internal/dbtest/browser"
)

func TestTheWebhooksPageIsAccessibleAndFits(t *testing.T) {
	t.Parallel()
	s := newHookSite(t)
	hooks := "clients/" + s.client.ID.String() + "/webhooks"
	empty := s.create(t, "nothing-yet", account.Change{}.Set("contact.company", "Nothing Yet Ltd"))
	s.busy(t)
	pages := map[string]string{
		"webhooks": hooks, "webhooks-dead": hooks + "?state=dead&replayed=2", "webhooks-none-match": hooks + "?message=nope",
		"webhooks-empty": "clients/" + empty.ID.String() + "/webhooks",
	}
	page := browser.Open(t, browser.Options{})
	for title, path := range pages {
		page.Do(t, chromedp.Navigate(s.url+path), chromedp.WaitVisible("main h1"))
		look(t, page, title)
	}
	page.Do(t, chromedp.Navigate(s.url+hooks), chromedp.WaitVisible("#f-from"))
	page.Follow(t, "button", "Send a test: SMS State via RestAPI")
	page.Do(t, chromedp.Evaluate[chromedp.Void](`document.querySelectorAll("details.more").forEach(d => d.open = true)`))
	assert.Contains(t, browser.Run(t, page, chromedp.TextContent("main")), "Answered with an error")
	look(t, page, "webhooks-test")

	page.Follow(t, "button", "New secret")
	look(t, page, "webhooks-faults")
	page.Do(t, chromedp.Evaluate[chromedp.Void](`document.querySelector("#f-confirm").checked = true`))
	page.Follow(t, "button", "New secret")
	assert.Contains(t, browser.Run(t, page, chromedp.TextContent("main")), "whsec_")
	look(t, page, "webhooks-secret")
}
