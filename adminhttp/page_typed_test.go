package adminhttp_test

import (
	"fmt"
	"net/http"
	"regexp"
	"testing"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/adminhttp"
)

// Forms take amounts, counts and hours as people type and paste them; JSON does not.
func TestFormsTakeWhatPeopleType(t *testing.T) {
	s := newSite(t)
	n := 0
	for typed, want := range map[string]string{"1,996.88": "1996.88", "1 500,5": "1500.5", "1'200": "1200", "10,50": "10.5", "1.234.567": "1234567"} {
		n++
		a := s.create(fmt.Sprint("client-", n), nil)
		r := s.save(a, "credit.limit", typed, "notification_limit", "5,000", "notification_limit.unit", "messages", "dispatch.days", "Mon", "dispatch.from", "8", "dispatch.to", "1830")
		require.Equal(t, http.StatusSeeOther, r.code, "%s: %.600s", typed, r.text())
		now := s.stored(a.ID)
		assert.Equal(t, want, now.Credit.Limit.Or(account.Amount("-1")).String(), typed)
		assert.Equal(t, account.MessagesLimit(5000), now.Core.NotificationLimit)
		assert.Equal(t, "08:00-18:30", now.Core.Dispatch.From.String()+"-"+now.Core.Dispatch.To.String())
	}
}

// What can be read in two ways is asked about, with both readings as buttons.
func TestWhatCanBeReadInTwoWaysIsAsked(t *testing.T) {
	s := newSite(t)
	a := s.create("client", nil)
	r := s.save(a, "credit.limit", "1.500")
	require.Equal(t, http.StatusUnprocessableEntity, r.code)
	buttons := regexp.MustCompile(`name="_meant\.credit\.limit" value="([^"]*)">([^<]*)<`).FindAllStringSubmatch(r.html, -1)
	require.Len(t, buttons, 2)
	assert.Equal(t, []string{"1500 1.500", "1,500.00 EUR"}, buttons[0][1:])
	assert.Equal(t, []string{"1.500 1.500", "1.50 EUR"}, buttons[1][1:])
	assert.Regexp(t, `(?s)^.*<button class="vh" form="edit" name="_do" value="check".*_meant`, r.html, "what Enter presses")
	for _, meant := range []string{"99 1.500", "1500", "1600 1,600"} {
		asked := s.save(a, "credit.limit", "1.500", "_meant.credit.limit", meant)
		require.Equal(t, http.StatusUnprocessableEntity, asked.code, "%s is no reading of this text", meant)
	}
	looked := s.save(a, "credit.limit", "1.500", "_meant.credit.limit", "1500 1.500", "_again", "check")
	require.Equal(t, http.StatusOK, looked.code, "it was to be checked, and still is")
	s.assertSame(a, 1)
	r = s.save(a, "credit.limit", "1.500", "_meant.credit.limit", "1500 1.500", "_again", "apply")
	require.Equal(t, http.StatusSeeOther, r.code)
	assert.Equal(t, "1500", s.stored(a.ID).Credit.Limit.Or(account.Amount("0")).String())
}

// What stands in inputs is as the page writes it, and a form that nobody touches changes nothing.
func TestInputsHaveAmountsAsThePageHas(t *testing.T) {
	for language, config := range map[string]func(*adminhttp.Config){
		"en": func(*adminhttp.Config) {}, "uk": inUkrainian,
		"fr": func(c *adminhttp.Config) {
			c.Languages = []adminhttp.Language{{Tag: "fr", Decimal: ",", Group: "."}}
			c.Language = func(*http.Request) string { return "fr" }
		},
	} {
		s := newSiteOver(t, newPostbox(t).svc, config)
		for i, currency := range []account.Currency{"EUR", "JPY", "KWD"} {
			for n, text := range []string{"2500", "1234567.5", "1.5", "0.041", "999", "1000000"} {
				amount := decimal.RequireFromString(text).Round(int32(currency.Digits()))
				a := s.create(fmt.Sprint("client-", i, "-", n), func(a *account.Account) {
					a.Core.Currency, a.Credit.Limit = currency, account.Some(amount)
					a.Core.NotificationLimit = account.MoneyLimit(amount)
				})
				page := s.get(editPath(a))
				if text == "1234567.5" && currency == "EUR" {
					want := map[string]string{"en": "1,234,567.50", "uk": "1\u00a0234\u00a0567,50", "fr": "1.234.567,50"}[language]
					assert.Equal(t, want, page.filled(t).Get("credit.limit"))
				}
				require.Equal(t, http.StatusSeeOther, s.post(editPath(a), page.filled(t)).code)
				require.Equal(t, a.Revision, s.stored(a.ID).Revision, "%s in %s, %s: %s", text, currency, language, page.filled(t).Get("credit.limit"))
				changed := s.post(editPath(a), set(page.filled(t), "contact.first_name", "Ines"))
				require.Equal(t, http.StatusSeeOther, changed.code, changed.text())
				require.Len(t, s.history(a.ID)[0].Change, 1)
			}
		}
	}
}
