package adminpages_test

import (
	"net/url"
	"testing"

	"github.com/chromedp/chromedp"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/internal/dbtest/browser"
)

func TestTheMessagesPagesAreAccessibleAndFit(t *testing.T) {
	t.Parallel()
	s := newMessageSite(t, 1)
	one := func(a account.Account, page string) string { return "clients/" + a.ID.String() + "/" + page }
	story := func(id string) string { return one(s.client, "message?"+url.Values{"id": {id}}.Encode()) }
	empty := s.create(t, "nothing-yet", account.Change{}.Set("contact.company", "Nothing Yet Ltd"))
	pages := map[string]string{
		"messages": one(s.client, "messages"), "messages-found": one(s.client, "messages?state=UNDELIV"), "messages-none-match": one(s.client, "messages?id=nope"),
		"messages-empty": one(empty, "messages"), "usage": one(s.client, "money"), "usage-90": one(s.client, "money?days=90"), "message-waiting": story(".."), "message-delivered": story("0f3a41c6-0002"),
		"message-timed-out": story("0f3a41c6-0013"), "message-undelivered": story("0f3a41c6-0007"), "message-unsent": story("0f3a41c6-0011"),
		"message-long": story("an-id-that-is-as-long-as-some-platforms-make-them-0f3a41c6-8b1e-4c57-9d0a-6a7f3b2e1d00/with/slashes"),
	}
	page := browser.Open(t, browser.Options{})
	for title, path := range pages {
		page.Do(t, chromedp.Navigate(s.url+path), chromedp.WaitVisible("main h1"))
		look(t, page, title)
	}
	page.Do(t, chromedp.Navigate(s.url+pages["messages"]), chromedp.WaitVisible("#list"),
		chromedp.Evaluate[chromedp.Void](`document.querySelector("details.more").open = true`))
	look(t, page, "messages-days")
	page.Do(t, chromedp.Navigate(s.url+pages["usage"]), chromedp.WaitVisible("#usage"),
		chromedp.Evaluate[chromedp.Void](`document.querySelector("details.more").open = true`))
	look(t, page, "usage-days")
}
