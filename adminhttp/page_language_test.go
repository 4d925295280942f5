package adminhttp_test

import (
	"html"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/adminhttp"
)

// speaks is a Config in Ukrainian, in English from right to left for who asks for it, and in Arabic,
// of which there is one word.
func speaks(c *adminhttp.Config) {
	c.Languages = []adminhttp.Language{
		adminhttp.Ukrainian(), {Tag: "en", RightToLeft: true, Texts: map[string]adminhttp.Forms{"Clients": {"other": "Customers"}}}, {Tag: "ar", RightToLeft: true},
	}
	c.Language = func(r *http.Request) string { return r.URL.Query().Get("tongue") }
}

// told are the texts and attributes of HTML that people are told.
var told = regexp.MustCompile(`>([^<]+)<|(?:title|aria-label|placeholder|data-text[\w-]*)="([^"]*)"`)

// english are words of English that a page tells: all of Latin letters but what is no word of a
// language.
func english(page string, names ...string) (found []string) {
	latin := regexp.MustCompile(`[A-Za-z][A-Za-z'’-]{2,}`)
	page = regexp.MustCompile(`(?s)<option.*?</option>|<code>.*?</code>|<svg.*?</svg>|<textarea.*?</textarea>`).ReplaceAllString(page, "")
	for _, match := range told.FindAllStringSubmatch(page, -1) {
		text := html.UnescapeString(match[1] + match[2])
		for _, word := range latin.FindAllString(text, -1) {
			if !slices.Contains(names, word) {
				found = append(found, word+" in "+strings.TrimSpace(text))
			}
		}
	}
	return found
}

func TestPagesInUkrainian(t *testing.T) {
	p := newPapers(t)
	s := newSiteOver(t, p.svc, speaks)
	a := s.create("acme", func(a *account.Account) {
		billed(a)
		withHooks(a)
		a.Sending.Subaccounts, a.Core.TimeZone = true, "Europe/Kyiv"
	})
	p.month(a.ID)
	b := s.create("beneath", func(b *account.Account) { b.Parent = a.ID })
	of := "clients/" + a.ID.String() + "/"
	names := strings.Fields("acme beneath Client accounts Company Olena Koval Marko Lis EUR SMPP API RESTAPI RestAPI Web UTC EET Europe Kyiv CSV SMS DLR MCC MNC URL HTML XLSX INV system_id JSON HTTP GET POST Skype Telegram E.164 DELIVRD EXPIRED DELETED UNDELIV REJECTD SKIPPED mail office example Excel")
	for _, path := range []string{
		"clients", "clients?q=nobody", "clients/new", of + "edit", of + "money", of + "history", of + "decide", of + "decide?destination=1", of + "webhooks", of + "subaccounts",
		of + "documents", of + "messages", of + "prices", "clients/" + b.ID.String() + "/edit", "managers", "managers/new", "products", "products/new", "documents", "batches", "confirmations", "nowhere",
	} {
		got := s.get(path)
		assert.Contains(t, got.html, `<html lang="uk" dir="ltr">`)
		assert.Empty(t, english(got.html, names...), path)
	}
	refused := s.save(a, "login", "a b", "credit.limit", "x", "contact.phone", "1", "expires_at", "2020-01-01T00:00")
	require.Equal(t, 422, refused.code)
	assert.Empty(t, english(refused.html, names...))
	_ = url.Values{}
	_ = decimal.Zero
}
