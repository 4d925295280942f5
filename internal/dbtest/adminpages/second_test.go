package adminpages_test

import (
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/adminhttp"
	"github.com/clientaccount/clientaccount/internal/dbtest/browser"
)

// as serves the same platform to another person, for whom much money needs a second one.
func (s *site) as(t *testing.T, who account.Actor) string {
	t.Helper()
	policy := adminhttp.FullAccess()
	policy.Second = adminhttp.SecondAbove(map[account.Currency]decimal.Decimal{"EUR": decimal.NewFromInt(5000)})
	admin, err := adminhttp.New(s.svc, adminhttp.Config{
		Actor:  func(*http.Request) (account.Actor, error) { return who, nil },
		Policy: func(*http.Request, account.Actor) (adminhttp.Policy, error) { return policy, nil },
	})
	require.NoError(t, err)
	server := httptest.NewServer(admin)
	t.Cleanup(server.Close)
	return server.URL + "/"
}

// One person proposes a top-up, another one confirms it; and a change is scheduled, and cancelled:
// with the pages' script and without.
func TestTwoPeopleAndALaterChangeInTheBrowser(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	maker, checker := s.as(t, olena), s.as(t, account.Actor{ID: "marko", Name: "Marko Lis"})
	one := "clients/" + s.client.ID.String() + "/"
	balance := decimal.Zero
	for name, options := range map[string]browser.Options{"with JavaScript": {}, "without JavaScript": {NoScript: true}} {
		look := look
		if options.NoScript {
			look = glance
		}
		t.Run(name, func(t *testing.T) {
			page := browser.Open(t, options)
			page.Do(t, chromedp.Navigate(maker+one+"money"), chromedp.WaitVisible("#m-topUp-amount"))
			page.Type(t, "m-topUp-amount", "6,000.00")
			page.Type(t, "m-topUp-payment", "BANK "+name)
			page.Follow(t, "button", "Top up")
			look(t, page, "second-step-"+name)
			page.Follow(t, "button", "Propose 6,000.00 EUR")
			look(t, page, "second-proposed-"+name)

			page.Do(t, chromedp.Navigate(checker+"confirmations"), chromedp.WaitVisible("main h1"))
			look(t, page, "second-confirmations-"+name)
			page.Follow(t, "button", "Confirm: Top-up of 6,000.00 EUR, acme-telecom")
			look(t, page, "second-confirmed-"+name)
			balance = balance.Add(decimal.NewFromInt(6000))
			standing, err := s.svc.Balance(t.Context(), s.client.ID)
			require.NoError(t, err)
			assert.Equal(t, balance.String(), standing.Amount.String())

			page.Do(t, chromedp.Navigate(maker+one+"edit"), chromedp.WaitVisible("#f-login"))
			page.Type(t, "f-contact-company", "Later "+name)
			at := time.Now().Add(48 * time.Hour).Format("2006-01-02T15:04")
			page.Do(t, chromedp.Evaluate[chromedp.Void](`document.querySelector("details.later").open = true; document.querySelector("#at").value = "`+at+`"`))
			page.Follow(t, "button", "Schedule")
			look(t, page, "later-"+name)
			page.Follow(t, "button", "Cancel: Changes one setting, acme-telecom")
			look(t, page, "later-cancelled-"+name)
			page.Do(t, chromedp.Navigate(maker+one+"history"), chromedp.WaitVisible("main h1"),
				chromedp.Evaluate[chromedp.Void](`document.querySelector("details.tasks-made").open = true`))
			look(t, page, "later-history-"+name)
			assert.Equal(t, "Acme Telecom Ltd", text(t, s.stored(t), "contact.company"))
			assert.Empty(t, page.Problems())
		})
	}
}
