package adminpages_test

import (
	"testing"

	"github.com/chromedp/chromedp"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/internal/dbtest/browser"
)

func TestEveryPageWithMoneyIsAccessibleAndFits(t *testing.T) {
	t.Parallel()
	s := newMoneySite(t)
	one := func(a account.Account, page string) string { return "clients/" + a.ID.String() + "/" + page }
	pages := map[string]string{
		"list": "clients", "edit": one(s.client, "edit"), "money": one(s.client, "money"), "money-filtered": one(s.client, "money?kind=top_up"),
		"money-none": one(s.client, "money?kind=refund"), "money-shared": one(s.child, "money"), "money-empty": one(s.own, "money"),
		"subaccounts": one(s.client, "subaccounts"), "subaccounts-none": one(s.own, "subaccounts"), "edit-shared": one(s.child, "edit"),
		"subaccount-new": "clients/new?parent=" + s.client.ID.String(),
	}
	page := browser.Open(t, browser.Options{})
	for title, path := range pages {
		page.Do(t, chromedp.Navigate(s.url+path), chromedp.WaitVisible("main h1"))
		look(t, page, "with-"+title)
	}
	page.Do(t, chromedp.Navigate(s.url+one(s.client, "money")), chromedp.WaitVisible("#m-topUp-amount"),
		chromedp.Evaluate[chromedp.Void](`document.querySelector("details.more").open = true`))
	look(t, page, "with-money-refund")
	page.Type(t, "m-transfer-amount", "10,500")
	page.Type(t, "m-transfer-to", "nobody")
	page.Follow(t, "button", "Transfer")
	look(t, page, "with-money-faults")
	page.Type(t, "m-topUp-amount", "100.25")
	page.Follow(t, "button", "Top up")
	look(t, page, "with-money-step")
	page.Do(t, chromedp.Navigate(s.url+one(s.client, "edit")), chromedp.WaitVisible("#f-status"),
		chromedp.Evaluate[chromedp.Void](`document.querySelector("#f-status").value = "blocked"`))
	page.Follow(t, "button", "Apply")
	look(t, page, "with-edit-step")
}
