package adminpages_test

import (
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/internal/dbtest/browser"
)

// back presses the browser's Back, leaves although the page may warn, and waits until an input is there.
func back(t *testing.T, page *browser.Page, id string) {
	t.Helper()
	page.Do(t, chromedp.Evaluate[chromedp.Void](`{
		const discard = document.querySelector("[data-discard]"); // after which nothing is warned of
		discard?.addEventListener("click", (event) => event.preventDefault());
		discard?.click();
	}`))
	page.Do(t, chromedp.NavigateBack(), chromedp.WaitVisible(chromedp.ID(id)))
}

// Back from a page that only asks leads to what was typed; from one that says what was done, to a form
// as new.
func TestBackFromAStepLeadsToWhatWasTyped(t *testing.T) {
	t.Parallel()
	s := newMoneySite(t)
	page := browser.Open(t, browser.Options{})
	page.Do(t, chromedp.Navigate(s.url+"clients/"+s.client.ID.String()+"/money"), chromedp.WaitVisible("#m-topUp-amount"))
	value := func(id string) string { return eval[string](t, page, `document.getElementById("`+id+`").value`) }
	reference := func() string {
		return eval[string](t, page, `document.getElementById("m-topUp-amount").form.elements.reference.value`)
	}

	page.Type(t, "m-topUp-amount", "50")
	page.Type(t, "m-topUp-reason", "Invoice 413")
	sent := reference()
	page.Follow(t, "button", "Top up")
	back(t, page, "m-topUp-amount")
	assert.Equal(t, []string{"50", "Invoice 413", sent}, []string{value("m-topUp-amount"), value("m-topUp-reason"), reference()})
	assert.Empty(t, value("m-transfer-amount"))
	assert.Empty(t, eval[string](t, page, `[...document.querySelectorAll("#main .notice.warn")].map((n) => n.textContent).join()`), "nothing is asked")

	before := s.balance(t, s.client.ID)
	page.Follow(t, "button", "Top up")
	page.Follow(t, "button", "Top up 50.00 EUR")
	assert.Equal(t, before.Entries+1, s.balance(t, s.client.ID).Entries)
	page.Do(t, chromedp.Navigate(s.url+"clients/"+s.client.ID.String()+"/money"), chromedp.WaitVisible("#m-topUp-amount"))
	assert.Empty(t, value("m-topUp-amount"), "it was done")
	assert.Empty(t, page.Problems())
}

// So it does on the Edit page, without what is secret, and without what nobody typed.
func TestBackFromAStepOfAnEditLeadsToWhatWasTyped(t *testing.T) {
	t.Parallel()
	s, page := scripted(t)
	value := func(id string) string { return eval[string](t, page, `document.getElementById("`+id+`").value`) }
	page.Type(t, "f-contact-company", "Acme Two")
	page.Type(t, "f-login", "acme-renamed")
	page.Type(t, "f-password", "seven-Herons-at-dusk")
	page.Type(t, "f-password-retype", "seven-Herons-at-dusk")
	page.Do(t, toggleREST)
	page.Press(t, "[data-apply]")
	s.update(t, "Marko Lis", account.Change{}.Set("contact.first_name", "Ines"))
	back(t, page, "f-contact-company")
	assert.Equal(t, []string{"Acme Two", "acme-renamed", ""}, []string{value("f-contact-company"), value("f-login"), value("f-password")})
	assert.False(t, eval[bool](t, page, `document.getElementById("f-sending-rest").checked`))
	assert.Equal(t, "Ines", value("f-contact-first-name"), "what another did meanwhile stays")
	assert.Equal(t, "3 changes", state(t, page))
	assert.NotContains(t, eval[string](t, page, "JSON.stringify(sessionStorage)"), "Herons")
	assert.True(t, warns(t, page))
}

// What another did meanwhile to the same field is asked about again: the page says from when it is.
func TestBackFromAConflictOverwritesNobody(t *testing.T) {
	t.Parallel()
	s, page := scripted(t)
	page.Type(t, "f-credit-limit", "200")
	s.update(t, "Marko Lis", account.Change{}.Set("credit.limit", "300"))
	page.Press(t, "[data-apply]")
	require.True(t, eval[bool](t, page, isConflict))
	back(t, page, "f-credit-limit")
	assert.Equal(t, "200", eval[string](t, page, `document.getElementById("f-credit-limit").value`))
	page.Press(t, "[data-apply]")
	assert.True(t, eval[bool](t, page, isConflict), "it is asked again")
	assert.Equal(t, "300", s.stored(t).Credit.Limit.Or(account.Amount("0")).String())
}

const isConflict = `document.querySelector("form.conflict") !== null`

// Ticks come back to the clients that were chosen, whatever row they have by now.
func TestBackTicksTheClientsThatWereChosen(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	page := browser.Open(t, browser.Options{})
	page.Do(t, chromedp.Navigate(s.url+"clients"), chromedp.WaitVisible("#many"))
	tick := `[name="client"][value="` + s.client.ID.String() + `"]`
	page.Do(t, chromedp.Evaluate[chromedp.Void](`document.querySelector('`+tick+`').click()`))
	page.Press(t, "#many button")
	for _, login := range []string{"aaa", "zzz"} { // one of them stands before it, whatever the order
		s.create(t, login, account.Change{}.Set("contact.company", login))
	}
	back(t, page, "many")
	assert.Equal(t, s.client.ID.String(), eval[string](t, page, `[...document.querySelectorAll("[name=client]:checked")].map((c) => c.value).join()`))
}

// A refund that was typed comes back to the form of its own entry.
func TestBackFillsTheRefundOfTheSameEntry(t *testing.T) {
	t.Parallel()
	s := newMoneySite(t)
	page := browser.Open(t, browser.Options{})
	page.Do(t, chromedp.Navigate(s.url+"clients/"+s.client.ID.String()+"/money"), chromedp.WaitVisible("#m-topUp-amount"))
	id := eval[string](t, page, `{
		const input = document.querySelector("[id^=m-refund-][name=reason]");
		input.closest("details").open = true;
		input.id;
	}`)
	page.Type(t, id, "Not delivered")
	page.Press(t, "details[open] form.move button")
	s.move(t, account.KindCharge, account.Movement{Account: s.client.ID, Amount: decimal.New(7, -2), Messages: 1})
	back(t, page, "m-topUp-amount")
	assert.Equal(t, id, eval[string](t, page, `[...document.querySelectorAll("#main input[name=reason]")].filter((c) => c.value).map((c) => c.id).join()`))
}
