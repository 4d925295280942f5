package adminpages_test

import (
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/assert"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/internal/dbtest/browser"
)

func TestEveryPageIsAccessibleAndFits(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.update(t, "Marko Lis", account.Change{}.Set("credit.limit", "150").Set("contact.phone", "+380501112233"))
	client := "clients/" + s.client.ID.String()
	pages := map[string]string{
		"list": "clients", "nothing-found": "clients?q=nobody-has-this", "new": "clients/new",
		"edit": client + "/edit", "history": client + "/history",
		"managers": "managers", "manager-new": "managers/new",
		"import": "clients/import", "batches": "batches", "confirmations": "confirmations", "counts": "clients?attention=exhausted",
		"products": "products", "product-new": "products/new", "missing": "clients/none/edit",
	}
	page := browser.Open(t, browser.Options{})
	for title, path := range pages {
		page.Do(t, chromedp.Navigate(s.url+path), chromedp.WaitVisible("main h1"))
		look(t, page, title)
	}
	page.Do(t, chromedp.Navigate(s.url+client+"/edit"), chromedp.WaitVisible("#f-login"))
	page.Type(t, "f-contact-phone", "00380 50 111")
	page.Type(t, "f-credit-limit", "10,50")
	page.Follow(t, "button", "Apply")
	look(t, page, "faults")

	page.Follow(t, "link", "Discard") // any other way out asks first
	page.Type(t, "f-contact-company", "Mine Ltd")
	s.update(t, "Marko Lis", account.Change{}.Set("contact.company", "Theirs Ltd").Set("contact.contract", "C-17"))
	page.Follow(t, "button", "Apply")
	assert.Contains(t, browser.Run(t, page, chromedp.TextContent("main")), "Theirs Ltd")
	look(t, page, "conflict")

	page.Follow(t, "link", "Discard mine")
	page.Do(t, chromedp.Evaluate[chromedp.Void](`document.querySelector("details.more").open = true`))
	page.Follow(t, "button", "Make a new gateway password")
	look(t, page, "gateway-step")
	page.Follow(t, "button", "Make a new one")
	look(t, page, "gateway")
}
