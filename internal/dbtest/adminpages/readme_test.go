package adminpages_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/assert"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/internal/dbtest/browser"
)

// pictureVar, when set, has the README's picture made anew.
const pictureVar = "CLIENTACCOUNT_PICTURE"

// The README shows the Edit page with changes typed and not applied yet.
func TestThePictureInTheReadmeIsOfTheEditPage(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.update(t, "Marko Lis", account.Change{}.Set("routing.senders", "ACME,Acme24").Set("notification_limit", "5000").
		Set("webhooks.rest_state", "https://hooks.acme-telecom.com/dlr").
		Set("webhooks.rest_incoming", "https://hooks.acme-telecom.com/mo"))
	page := browser.Open(t, browser.Options{Height: 1010})
	page.Do(t, chromedp.Navigate(s.url+"clients/"+s.client.ID.String()+"/edit"), chromedp.WaitVisible("#f-login"))
	page.Type(t, "f-credit-limit", "50.00")
	page.Type(t, "f-notification-limit", "2500")
	shown := browser.Run(t, page, chromedp.TextContent("main"))
	assert.Contains(t, shown, "was 100.00", "what is typed is marked before it is applied")
	page.Do(t, chromedp.Evaluate[chromedp.Void](`scrollTo({top: 0, behavior: "instant"}); document.activeElement.blur()`))
	picture := filepath.Join(t.TempDir(), "admin.png")
	if os.Getenv(pictureVar) != "" {
		picture = filepath.Join("..", "..", "..", "docs", "admin.png")
	}
	page.Picture(t, picture)
	assert.FileExists(t, picture)
}
