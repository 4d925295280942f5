package adminpages_test

import (
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/internal/dbtest/browser"
)

// A person tops up, moves money to another client, gives some back and lets a hold
// go, each with a click, with and without JavaScript.
func TestAPersonMovesMoney(t *testing.T) {
	t.Parallel()
	for name, options := range map[string]browser.Options{"with JavaScript": {}, "without JavaScript": {NoScript: true}} {
		t.Run(name, func(t *testing.T) {
			s := newMoneySite(t)
			before := s.balance(t, s.client.ID)
			page := browser.Open(t, options)
			page.Do(t, chromedp.Navigate(s.url))
			page.Follow(t, "link", "acme-telecom")
			page.Follow(t, "link", "Money")
			said := func() string { return browser.Run(t, page, chromedp.TextContent(`[role="status"]`)) }

			page.Type(t, "m-topUp-amount", "100.25")
			page.Type(t, "m-topUp-reason", "Invoice 412")
			page.Follow(t, "button", "Top up")
			assert.Equal(t, before.Entries, s.balance(t, s.client.ID).Entries, "it is looked at first")
			page.Follow(t, "button", "Top up 100.25 EUR")
			assert.Contains(t, said(), "Topped up by 100.25 EUR")
			assert.Equal(t, before.Amount.Add(decimal.RequireFromString("100.25")).String(), s.balance(t, s.client.ID).Amount.String())

			page.Type(t, "m-transfer-amount", "7")
			page.Type(t, "m-transfer-to", "acme.shop")
			page.Follow(t, "button", "Transfer")
			page.Follow(t, "button", "Transfer 7.00 EUR")
			assert.Contains(t, said(), "Transferred 7.00 EUR to acme.shop")
			assert.Equal(t, "7", s.balance(t, s.own.ID).Amount.String())

			page.Follow(t, "button", "Release hold gateway-000017")
			page.Follow(t, "button", "Release 0.84 EUR")
			assert.Contains(t, said(), "Released 0.84 EUR")
			assert.True(t, s.balance(t, s.client.ID).Held.IsZero())

			assert.Empty(t, page.Problems())

			page.Type(t, "m-topUp-amount", "ten")
			page.Follow(t, "button", "Top up")
			assert.Contains(t, browser.Run(t, page, chromedp.TextContent("#faults")), "Enter an amount, for example 100.00.")
			assert.Equal(t, "ten", browser.Run(t, page, chromedp.Value("#m-topUp-amount")), "what was typed stays")
		})
	}
}

// However a form is sent twice, by a double click or by going back, money moves once.
func TestADoubleClickMovesMoneyOnce(t *testing.T) {
	t.Parallel()
	for name, options := range map[string]browser.Options{"with JavaScript": {}, "without JavaScript": {NoScript: true}} {
		t.Run(name, func(t *testing.T) {
			s := newMoneySite(t)
			before := s.balance(t, s.client.ID)
			page := browser.Open(t, options)
			page.Do(t, chromedp.Navigate(s.url+"clients/"+s.client.ID.String()+"/money"), chromedp.WaitVisible("#m-topUp-amount"))
			page.Type(t, "m-topUp-amount", "50")
			page.Follow(t, "button", "Top up")
			page.Do(t,
				chromedp.DoubleClick(`[aria-labelledby="step-title"] button`),
				chromedp.WaitVisible(`.notice.good`))
			require.Eventually(t, func() bool { return s.balance(t, s.client.ID).Entries > before.Entries }, time.Minute, 10*time.Millisecond)
			assert.Contains(t, browser.Run(t, page, chromedp.TextContent(".notice.good")), "Topped up by 50.00 EUR")
			found, err := s.svc.Entries(t.Context(), account.EntryQuery{Account: s.client.ID, After: before.Entries})
			require.NoError(t, err)
			assert.Len(t, found, 1)
			assert.Equal(t, olena, found[0].Actor)
		})
	}
}
