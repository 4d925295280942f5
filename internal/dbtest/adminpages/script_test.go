package adminpages_test

import (
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/assert"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/internal/dbtest/browser"
)

// scripted returns the Edit page of the client, with its script running.
func scripted(t *testing.T) (*site, *browser.Page) {
	t.Helper()
	s := newSite(t)
	s.update(t, "Marko Lis", account.Change{}.Set("webhooks.rest_state", "https://hooks.acme-telecom.com/dlr?token=canary"))
	page := browser.Open(t, browser.Options{})
	page.Do(t, chromedp.Navigate(s.url+"clients/"+s.client.ID.String()+"/edit"), chromedp.WaitVisible("#f-login"))
	return s, page
}

// eval returns a value of the page.
func eval[T any](t *testing.T, page *browser.Page, js string) T {
	t.Helper()
	return browser.Run(t, page, chromedp.Evaluate[T](js))
}

// pressS is Ctrl-S, as the page hears it.
var pressS = chromedp.Evaluate[chromedp.Void](
	`document.activeElement.dispatchEvent(new KeyboardEvent("keydown", {key: "s", ctrlKey: true, bubbles: true, cancelable: true}))`)

// toggleREST ticks or unticks Can Send via RESTAPI, wherever the page is scrolled to.
var toggleREST = chromedp.Evaluate[chromedp.Void](`document.getElementById("f-sending-rest").click()`)

// warns reports whether leaving the page would ask first.
func warns(t *testing.T, page *browser.Page) bool {
	t.Helper()
	return eval[bool](t, page, `!dispatchEvent(new Event("beforeunload", {cancelable: true}))`)
}

func below(t *testing.T, page *browser.Page, path string) string {
	t.Helper()
	return eval[string](t, page, `document.querySelector('[data-field="`+path+`"]').innerText`)
}

func state(t *testing.T, page *browser.Page) string {
	t.Helper()
	return eval[string](t, page, `document.querySelector("[data-state]").textContent`)
}

func TestWhatIsTypedIsMarkedUntilItIsAsItWas(t *testing.T) {
	t.Parallel()
	_, page := scripted(t)
	assert.Equal(t, "No changes", state(t, page))
	assert.False(t, warns(t, page), "nothing is lost by leaving")

	page.Type(t, "f-credit-limit", "250.50")
	page.Do(t, toggleREST)
	page.Type(t, "f-webhooks-rest-state", "https://hooks.acme-telecom.com/new")
	assert.Equal(t, "3 changes", state(t, page))
	assert.Contains(t, below(t, page, "credit.limit"), "was 100.00")
	assert.Contains(t, below(t, page, "sending.rest"), "was on")
	assert.Contains(t, below(t, page, "webhooks.rest_state"), "was https://hooks.acme-telecom.com/dlr?token=…")
	assert.NotContains(t, eval[string](t, page, "document.documentElement.outerHTML"), "canary")
	assert.Equal(t, "1 changed", eval[string](t, page, `document.querySelector('.toc a[href="#webhooks"] .counts').textContent`))
	assert.True(t, warns(t, page))

	page.Type(t, "f-credit-limit", "100.00")
	page.Do(t, toggleREST)
	page.Type(t, "f-webhooks-rest-state", "https://hooks.acme-telecom.com/dlr?token=…")
	assert.Equal(t, "No changes", state(t, page))
	assert.NotContains(t, below(t, page, "credit.limit"), "was ")
	assert.False(t, warns(t, page))
	assert.Empty(t, page.Problems())
}

func TestLeavingByDiscardOrApplyIsNotWarnedOf(t *testing.T) {
	t.Parallel()
	for _, button := range []string{"[data-discard]", "[data-apply]"} {
		t.Run(button, func(t *testing.T) {
			_, page := scripted(t)
			page.Type(t, "f-contact-company", "Mine Ltd")
			assert.True(t, warns(t, page))
			const press = `(() => {
				const button = document.querySelector("BUTTON");
				let asked;
				addEventListener("beforeunload", (e) => { asked = e.defaultPrevented; }, {once: true});
				const stay = (e) => e.preventDefault();
				(button.form || button).addEventListener(button.form ? "submit" : "click", stay, {once: true});
				button.click();
				dispatchEvent(new Event("beforeunload", {cancelable: true}));
				return asked;
			})()`
			assert.False(t, eval[bool](t, page, strings.ReplaceAll(press, "BUTTON", button)))
		})
	}
}

func TestFaultsAreToldWhileTyping(t *testing.T) {
	t.Parallel()
	_, page := scripted(t)
	for path, c := range map[string]struct{ bad, text, good string }{
		"mail.billing":         {"a b@c.io", account.NewFault("mail.billing", "email.format").Text, "a@c.io"},
		"billing.invoice_days": {"1,,5", account.NewFault("billing.invoice_days", "invoice_days.format").Text, "1,5"},
		"sending.dlr_days":     {"31", account.NewFault("sending.dlr_days", "dlr_days.range").Text, "30"},
		"login":                {"ac me", account.NewFault("login", "login.chars").Text, "acme"},
	} {
		id := inputOf(path)
		attribute := func(name string) string {
			return eval[string](t, page, `document.getElementById("`+id+`").getAttribute("`+name+`") || ""`)
		}
		page.Type(t, id, c.bad)
		page.Do(t, chromedp.Blur("#"+id))
		assert.Contains(t, below(t, page, path), c.text)
		assert.Equal(t, "true", attribute("aria-invalid"), path)
		assert.Contains(t, attribute("aria-describedby"), id+"-fault", path)
		assert.Contains(t, state(t, page), "1 error to correct", path)
		assert.Empty(t, page.Axe(t), path)
		page.Type(t, id, c.good)
		assert.NotContains(t, below(t, page, path), c.text, "gone as soon as it is right")
		assert.NotEqual(t, "true", attribute("aria-invalid"), path)
		assert.NotContains(t, state(t, page), "error", path)
	}
}

// What the server refused stays told, stays marked and is still warned of; the
// keyboard is on the summary, and Ctrl-S applies.
func TestTheKeyboardAlone(t *testing.T) {
	t.Parallel()
	s, page := scripted(t)
	page.Type(t, "f-contact-phone", "+0501112233")
	page.Do(t, pressS, chromedp.WaitVisible("#faults"))
	assert.Equal(t, "faults", eval[string](t, page, "document.activeElement.id"))
	assert.Contains(t, below(t, page, "contact.phone"), account.NewFault("contact.phone", "phone.format").Text)
	assert.True(t, warns(t, page), "what was typed is not written yet")
	page.Type(t, "f-contact-phone", "+380501112233")
	page.Do(t, pressS, chromedp.WaitVisible(".notice.good"))
	assert.Equal(t, "f-contact-phone", eval[string](t, page, "document.activeElement.id"))
	assert.True(t, eval[bool](t, page, `(({top, bottom}) => top >= 0 && bottom <= innerHeight)(document.activeElement.getBoundingClientRect())`), "in sight")
	assert.Equal(t, "+380501112233", text(t, s.stored(t), "contact.phone"))
	assert.Equal(t, "https://hooks.acme-telecom.com/dlr?token=canary", text(t, s.stored(t), "webhooks.rest_state"), "untouched")
	assert.False(t, warns(t, page))
}
