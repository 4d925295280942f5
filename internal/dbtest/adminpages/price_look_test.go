package adminpages_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/clientaccount/clientaccount/internal/dbtest/browser"
)

func TestThePagesOfPricesAreAccessibleAndFit(t *testing.T) {
	t.Parallel()
	s := newPriceSite(t)
	product, client := "products/"+s.product.ID().String(), "clients/"+s.client.ID.String()
	pages := map[string]string{
		"prices-product": product + "/prices", "prices-client": client + "/prices?q=255", "prices-found": client + "/prices?mcc=255&mnc=03",
		"prices-none": client + "/prices?q=nowhere", "prices-looked-wrong": product + "/prices?mcc=25",
		"prices-draft": product + "/prices/draft", "prices-step": product + "/prices/announce", "prices-step-client": client + "/prices/announce",
		"prices-announced": product + "/prices/announcements", "prices-tried": client + "/decide?destination=380501112233&mcc=255&mnc=03&price=",
	}
	page := browser.Open(t, browser.Options{})
	for title, path := range pages {
		page.Do(t, chromedp.Navigate(s.url+path), chromedp.WaitVisible("main h1"))
		look(t, page, title)
	}
	page.Do(t, chromedp.Navigate(s.url+product+"/prices/draft"), chromedp.WaitVisible("#f-mcc"))
	page.Type(t, "f-mcc", "25")
	page.Follow(t, "button", "Add to the draft")
	look(t, page, "prices-draft-faults")
}

// A person imports a file, sees line by line what is wrong with it, imports a right one, looks at
// what it comes to and announces it: with script and without.
func TestPricesAreImportedAndAnnounced(t *testing.T) {
	t.Parallel()
	file := func(t *testing.T, text string) string {
		t.Helper()
		path := filepath.Join(t.TempDir(), "prices.csv")
		require.NoError(t, os.WriteFile(path, []byte(text), 0o600))
		return path
	}
	for name, options := range map[string]browser.Options{"script": {}, "no script": {NoScript: true}} {
		t.Run(name, func(t *testing.T) {
			s := newPriceSite(t)
			page := browser.Open(t, options)
			main := func() string { return browser.Run(t, page, chromedp.TextContent("main")) }
			page.Do(t, chromedp.Navigate(s.url+"products/"+s.product.ID().String()+"/prices/draft"), chromedp.WaitVisible("#f-file"))
			page.Do(t, chromedp.SetUploadFiles("#f-file", []string{file(t, "mcc;mnc;price;from\n255;1;0,05;2100-01-01\n255;01;;2100-01-01\n")}))
			page.Follow(t, "button", "Import into the draft")
			assert.Contains(t, main(), "An MNC has two or three digits")
			assert.Contains(t, main(), "A price is needed")
			glance(t, page, "prices-file-faults-"+name)

			page.Do(t, chromedp.SetUploadFiles("#f-file", []string{file(t, "mcc;mnc;price;from\n255;03;0.05;2100-01-01\n")}))
			page.Follow(t, "button", "Import into the draft")
			assert.Contains(t, main(), "The draft has the rows of the file now.")
			page.Follow(t, "link", "Look at what it comes to")
			assert.Contains(t, main(), "1 client pays by this list; 1 price update will be mailed.")
			page.Type(t, "f-reason", "As of the next century")
			page.Follow(t, "button", "Announce 4 rows")
			assert.Contains(t, main(), "As of the next century")
			glance(t, page, "prices-announced-now-"+name)
			page.Follow(t, "button", "Take back what has not begun, of "+browser.Run(t, page, chromedp.TextContent(".history h3")))
			assert.Contains(t, main(), "Taken back")
		})
	}
}
