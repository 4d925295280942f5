package adminpages_test

import (
	"testing"

	"github.com/chromedp/chromedp"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/internal/dbtest/browser"
)

func TestEveryPageWithDocumentsIsAccessibleAndFits(t *testing.T) {
	s := newDocumentSite(t)
	client := "clients/" + s.client.ID.String() + "/"
	one := func(id account.ID) string { return client + "documents/" + id.String() }
	pages := map[string]string{
		"all": "documents", "all-none": "documents?number=nothing", "list": client + "documents", "list-invoices": client + "documents?kind=invoice",
		"invoice": one(s.invoice), "credit-note": one(s.note) + "?made=1", "statement": one(s.statement), "daily": one(s.daily), "notice": one(s.notice),
		"mail-invoice": client + "mail?kind=invoice", "mail-limit": client + "mail", "mail-prices": client + "mail?kind=price.update",
	}
	page := browser.Open(t, browser.Options{})
	for title, path := range pages {
		page.Do(t, chromedp.Navigate(s.url+path), chromedp.WaitVisible("main h1"))
		look(t, page, "documents-"+title)
	}
	page.Do(t, chromedp.Navigate(s.url+one(s.invoice)), chromedp.WaitVisible("#f-to"))
	page.Type(t, "f-to", "nobody at all")
	page.Follow(t, "button", "Send again")
	look(t, page, "documents-again-faults")
	page.Do(t, chromedp.Navigate(s.url+one(s.invoice)+"/credit"), chromedp.WaitVisible("#what-all"))
	look(t, page, "documents-credit")
	page.Follow(t, "button", "Check")
	look(t, page, "documents-credit-step")
}
