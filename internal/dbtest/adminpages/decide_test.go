package adminpages_test

import (
	"net/url"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/assert"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/internal/dbtest/browser"
)

// everyRule is a message that nearly every rule has something against.
var everyRule = url.Values{
	"channel": {"smpp"}, "sender": {"A sender that is too long"}, "destination": {"12"}, "parts": {"0"}, "flagged": {"true"},
	"blacklisted": {"true"}, "optedOut": {"true"}, "barred": {"true"}, "price": {"-1"}, "validUntil": {"2020-01-01T00:00"},
}

func TestTheMessagePageIsAccessibleAndFits(t *testing.T) {
	t.Parallel()
	s := newMoneySite(t)
	s.update(t, "Marko Lis", account.Change{}.Set("routing.senders", "ACME").Set("time_zone", "UTC").Set("dispatch", "Mon,Tue,Wed,Thu,Fri,Sat,Sun 00:00-24:00"))
	one := func(a account.Account, query string) string { return "clients/" + a.ID.String() + "/decide" + query }
	pages := map[string]string{
		"try": one(s.client, ""), "try-goes": one(s.client, "?destination=380501112233"), "try-refused": one(s.own, "?"+everyRule.Encode()),
		"try-funds": one(s.own, "?destination=380501112233&price=1234567.25"), "try-faults": one(s.client, "?parts=two&price=0,5&validUntil=soon&barred=yes"),
	}
	page := browser.Open(t, browser.Options{})
	for title, path := range pages {
		page.Do(t, chromedp.Navigate(s.url+path), chromedp.WaitVisible("main h1"))
		look(t, page, "with-"+title)
	}
}

// A person tries a message and reads the answer, with script and without.
func TestAMessageIsTried(t *testing.T) {
	t.Parallel()
	s := newMoneySite(t)
	s.update(t, "Marko Lis", account.Change{}.Set("routing.senders", "ACME").Set("time_zone", "UTC").Set("dispatch", "Mon,Tue,Wed,Thu,Fri,Sat,Sun 00:00-24:00"))
	for name, options := range map[string]browser.Options{"script": {}, "no script": {NoScript: true}} {
		t.Run(name, func(t *testing.T) {
			page := browser.Open(t, options)
			page.Do(t, chromedp.Navigate(s.url+"clients/"+s.client.ID.String()+"/edit"), chromedp.WaitVisible("main h1"))
			page.Follow(t, "link", "Try a message")
			page.Type(t, "f-destination", "380501112233")
			page.Follow(t, "button", "Try")
			assert.Contains(t, browser.Run(t, page, chromedp.TextContent("main")), "It may go now.")
			page.Type(t, "f-sender", "Other")
			page.Follow(t, "button", "Try")
			assert.Contains(t, browser.Run(t, page, chromedp.TextContent("main")), "This sender is not approved")
			page.Follow(t, "link", "Approved senders")
			assert.Contains(t, browser.Run(t, page, chromedp.TextContent("main h1")), "Acme Telecom")
		})
	}
}
