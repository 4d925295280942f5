package adminpages_test

import (
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/internal/dbtest/browser"
)

// typed is one field in every section of the page, with what a person types and
// what is stored then.
var typed = []struct{ path, text, stored string }{
	{"notification_limit", "5000", "5000 messages"},
	{"credit.limit", "250.50", "250.5"},
	{"contact.company", "Acme Telecom Group", "Acme Telecom Group"},
	{"sending.dlr_days", "7", "7"},
	{"mail.billing", "billing@acme-telecom.com", "billing@acme-telecom.com"},
	{"webhooks.rest_state", "https://hooks.acme-telecom.com/dlr", "https://hooks.acme-telecom.com/dlr"},
	{"billing.invoice_days", "15, 1, 1", "1,15"},
	{"notes.comments", "Prefers calls before noon.", "Prefers calls before noon."},
}

func inputOf(path string) string {
	return "f-" + strings.NewReplacer(".", "-", "_", "-").Replace(path)
}

func TestAPersonEditsAClient(t *testing.T) {
	t.Parallel()
	for name, options := range map[string]browser.Options{"with JavaScript": {}, "without JavaScript": {NoScript: true}} {
		t.Run(name, func(t *testing.T) {
			s := newSite(t)
			page := browser.Open(t, options)
			page.Do(t, chromedp.Navigate(s.url))
			page.Follow(t, "link", "Edit acme-telecom")
			typeAll(t, page)
			page.Follow(t, "link", "Discard")
			assert.Equal(t, s.client, s.stored(t), "Discard writes nothing")
			assert.NotEqual(t, "7", browser.Run(t, page, chromedp.Value("#f-sending-dlr-days")), "what was typed is gone")

			typeAll(t, page)
			page.Follow(t, "button", "Apply")
			notice := browser.Run(t, page, chromedp.TextContent(`[role="status"]`))
			stored := s.stored(t)
			assert.Equal(t, s.client.Revision+1, stored.Revision)
			for _, f := range typed {
				assert.Equal(t, f.stored, text(t, stored, f.path), f.path)
				assert.Contains(t, notice, label(t, f.path), "the notice says what changed")
			}

			page.Do(t, chromedp.Reload(), chromedp.WaitVisible("#f-login"))
			assert.Equal(t, "250.50", browser.Run(t, page, chromedp.Value("#f-credit-limit")))
			assert.Equal(t, "1,15", browser.Run(t, page, chromedp.Value("#f-billing-invoice-days")))

			page.Follow(t, "link", "History")
			history := browser.Run(t, page, chromedp.TextContent("main"))
			for _, f := range typed {
				assert.Contains(t, history, label(t, f.path))
			}
			assert.Contains(t, history, olena.Name)
			assert.Contains(t, history, "Acme Telecom Ltd", "the old value")
			assert.Contains(t, history, "Acme Telecom Group", "the new value")
			assert.Empty(t, page.Problems())
		})
	}
}

func typeAll(t *testing.T, page *browser.Page) {
	t.Helper()
	for _, f := range typed {
		page.Type(t, inputOf(f.path), f.text)
	}
}

func label(t *testing.T, path string) string {
	t.Helper()
	f, ok := account.FieldAt(path)
	require.True(t, ok, path)
	return f.Label
}

// A second person's edit in between leads to the page that asks, and neither
// side's work is lost.
func TestAnEditInBetweenLosesNeitherSide(t *testing.T) {
	t.Parallel()
	for name, options := range map[string]browser.Options{"with JavaScript": {}, "without JavaScript": {NoScript: true}} {
		t.Run(name, func(t *testing.T) {
			s := newSite(t)
			page := browser.Open(t, options)
			page.Do(t, chromedp.Navigate(s.url+"clients/"+s.client.ID.String()+"/edit"), chromedp.WaitVisible("#f-login"))
			page.Type(t, "f-contact-company", "Mine Ltd")
			page.Type(t, "f-credit-limit", "300")
			s.update(t, "Marko Lis", account.Change{}.Set("contact.company", "Theirs Ltd").Set("contact.phone", "+380501112233"))

			page.Follow(t, "button", "Apply")
			asked := browser.Run(t, page, chromedp.TextContent("main"))
			for _, want := range []string{"Acme Telecom Ltd", "Theirs Ltd", "Mine Ltd", "Marko Lis", "Allow credit"} {
				assert.Contains(t, asked, want)
			}
			assert.Empty(t, page.Axe(t), "the page that asks is accessible")
			assert.Equal(t, "100", text(t, s.stored(t), "credit.limit"), "nothing is written before the choice")

			page.Do(t,
				chromedp.Click(`input[name="_keep.contact.company"][value="mine"]`),
				chromedp.Click(`input[name="_keep.credit.limit"][value="mine"]`))
			page.Follow(t, "button", "Apply")
			stored := s.stored(t)
			assert.Equal(t, "Mine Ltd", text(t, stored, "contact.company"))
			assert.Equal(t, "300", text(t, stored, "credit.limit"))
			assert.Equal(t, "+380501112233", text(t, stored, "contact.phone"), "theirs, where I changed nothing")
			assert.Equal(t, s.client.Revision+2, stored.Revision)
		})
	}
}
