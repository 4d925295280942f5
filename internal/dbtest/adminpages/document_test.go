package adminpages_test

import (
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/clientaccount/clientaccount/account/document"
	"github.com/clientaccount/clientaccount/internal/dbtest/browser"
	"github.com/clientaccount/clientaccount/store"
)

// A bookkeeper finds the invoice whose mail failed, mails it elsewhere, takes a part of it back
// after a look, and looks at what mails look like, by links and forms, with and without
// JavaScript.
func TestABookkeeperAtWork(t *testing.T) {
	for name, options := range map[string]browser.Options{"with JavaScript": {}, "without JavaScript": {NoScript: true}} {
		t.Run(name, func(t *testing.T) {
			s := newDocumentSite(t)
			page := browser.Open(t, options)
			said := func() string { return browser.Run(t, page, chromedp.TextContent("main")) }
			page.Do(t, chromedp.Navigate(s.url))
			page.Follow(t, "link", "Documents")
			page.Follow(t, "link", "Invoice INV-2026-000001")
			assert.Contains(t, said(), "User unknown in virtual mailbox table")
			page.Type(t, "f-to", "oksana@acme-telecom.com")
			page.Follow(t, "button", "Send again")
			assert.Contains(t, said(), "It is mailed again to oksana@acme-telecom.com.")

			page.Follow(t, "link", "Make a credit note")
			page.Do(t, chromedp.Click("#what-lines"))
			page.Do(t, chromedp.SendKeys(`[name="messages.2"]`, "10"))
			page.Type(t, "f-reason", "Not sent")
			page.Follow(t, "button", "Check")
			assert.Contains(t, said(), "This credit note comes to 0.92 EUR.") // 0.77 and 19 %, in proportion
			page.Follow(t, "button", "Back to the form")
			page.Follow(t, "button", "Check")
			page.Follow(t, "button", "Make the credit note of 0.92 EUR")
			assert.Contains(t, said(), "The credit note is made.")
			assert.Contains(t, said(), "CN-2026-000002")
			page.Follow(t, "link", "Invoice INV-2026-000001")
			page.Follow(t, "link", "All documents")
			page.Follow(t, "link", "What mails to this client look like")
			assert.Contains(t, said(), "ops@acme-telecom.com")
			assert.Empty(t, page.Problems())
			found, err := s.svc.Documents(t.Context(), store.DocumentQuery{Account: s.client.ID, Kinds: []document.Kind{document.KindCreditNote}})
			require.NoError(t, err)
			assert.Len(t, found, 2)
		})
	}
}
