package adminpages_test

import (
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/assert"

	"github.com/clientaccount/clientaccount/internal/dbtest/browser"
)

// A person finds a message, reads its story and what stands behind it, and comes back, by
// links and one form, with and without JavaScript.
func TestAPersonFindsAMessage(t *testing.T) {
	t.Parallel()
	s := newMessageSite(t, 10)
	for name, options := range map[string]browser.Options{"with JavaScript": {}, "without JavaScript": {NoScript: true}} {
		t.Run(name, func(t *testing.T) {
			page := browser.Open(t, options)
			said := func() string { return browser.Run(t, page, chromedp.TextContent("main")) }
			page.Do(t, chromedp.Navigate(s.url))
			page.Follow(t, "link", "acme-telecom")
			page.Follow(t, "link", "Messages")
			assert.Contains(t, said(), "in the last 30 days")
			page.Follow(t, "link", "Older")
			page.Follow(t, "link", "Newest")

			page.Type(t, "network_id", "00000070") // the first part of the seventh
			page.Follow(t, "button", "Find")
			assert.Contains(t, said(), "1 message on this page")
			page.Follow(t, "link", "0f3a41c6-0007")
			assert.Contains(t, said(), "Handed to a network")
			page.Follow(t, "link", "Its deliveries")
			assert.Contains(t, said(), "Message 0f3a41c6-0007")

			page.Follow(t, "link", "Messages")
			page.Follow(t, "link", "..")
			page.Follow(t, "link", "All messages")
			page.Follow(t, "link", "..")
			page.Follow(t, "link", "Entry 308")
			assert.Contains(t, said(), "308")
			assert.Empty(t, page.Problems())
		})
	}
}
