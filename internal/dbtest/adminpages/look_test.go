package adminpages_test

import (
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/assert"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/internal/dbtest/browser"
)

// shotsVar names a directory that every page is photographed into.
const shotsVar = "CLIENTACCOUNT_SCREENSHOTS"

// looks are the ways in which every page is looked at: for every change each scheme of colours
// and a narrow and a wide window, once; and more where CLIENTACCOUNT_WALK is whole.
var looks = func() map[string]browser.Options {
	some := map[string]browser.Options{"320": {Width: 320, Height: 640}, "dark": {Dark: true}}
	if os.Getenv("CLIENTACCOUNT_WALK") == "whole" {
		maps.Copy(some, map[string]browser.Options{
			"768": {Width: 768, Height: 1024}, "1280": {}, "1920": {Width: 1920, Height: 1080},
			"dark-320": {Dark: true, Width: 320, Height: 640},
		})
	}
	return some
}()

func TestEveryPageIsAccessibleAndFits(t *testing.T) {
	t.Parallel()
	b := browser.New(t)
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
	for name, options := range looks {
		t.Run(name, func(t *testing.T) {
			page := b.Open(t, options)
			for title, path := range pages {
				page.Do(t, chromedp.Navigate(s.url+path), chromedp.WaitVisible("main h1"))
				look(t, page, title+"-"+name)
			}
			page.Do(t, chromedp.Navigate(s.url+client+"/edit"), chromedp.WaitVisible("#f-login"))
			page.Type(t, "f-contact-phone", "00380 50 111")
			page.Type(t, "f-credit-limit", "10,50")
			page.Follow(t, "button", "Apply")
			look(t, page, "faults-"+name)

			page.Follow(t, "link", "Discard") // any other way out asks first
			page.Type(t, "f-contact-company", "Mine on "+name)
			s.update(t, "Marko Lis", account.Change{}.Set("contact.company", "Theirs on "+name).Set("contact.contract", "C-"+name))
			page.Follow(t, "button", "Apply")
			assert.Contains(t, browser.Run(t, page, chromedp.TextContent("main")), "Theirs on "+name)
			look(t, page, "conflict-"+name)

			page.Follow(t, "link", "Discard mine")
			page.Do(t, chromedp.Evaluate[chromedp.Void](`document.querySelector("details.more").open = true`))
			page.Follow(t, "button", "Make a new gateway password")
			look(t, page, "gateway-"+name)
		})
	}
}

// look asks axe about the page as it stands, and that nothing scrolls sideways.
func look(t *testing.T, page *browser.Page, name string) {
	t.Helper()
	if dir := os.Getenv(shotsVar); dir != "" {
		page.Screenshot(t, filepath.Join(dir, name+".png"))
	}
	for _, v := range page.Axe(t) {
		assert.Fail(t, name+": "+v.String())
	}
	over := browser.Run(t, page, chromedp.Evaluate[int](`document.documentElement.scrollWidth - document.documentElement.clientWidth`))
	assert.LessOrEqual(t, over, 0, fmt.Sprintf("%s is wider than the window", name))
}
