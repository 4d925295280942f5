package adminhttp_test

import (
	"html"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/clientaccount/clientaccount"
	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/account/accounttest"
	"github.com/clientaccount/clientaccount/adminhttp"
	"github.com/clientaccount/clientaccount/internal/language"
	"github.com/clientaccount/clientaccount/internal/say"
)

// inUkrainian is a Config in which everybody is told everything in Ukrainian.
func inUkrainian(c *adminhttp.Config) {
	c.Languages = []adminhttp.Language{adminhttp.Ukrainian()}
	c.Language = func(*http.Request) string { return "uk" }
}

var (
	// told are the texts and attributes of HTML that people are told.
	told = regexp.MustCompile(`>([^<]+)<|(?:title|aria-label|placeholder|data-text[\w-]*)="([^"]*)"`)
	// untold is what is no text of a page: names of zones and countries, what people typed, and
	// documents and mails, which are in the client's language.
	untold = regexp.MustCompile(`(?s)<option.*?</option>|<code.*?</code>|<textarea.*?</textarea>|<article.*?</article>|<pre.*?</pre>|<h2 id="mail-title">.*?</h2>`)
	// paperTitle is that of a page of a document.
	paperTitle = regexp.MustCompile(`<title>.*?</title>`)
	latin      = regexp.MustCompile(`[A-Za-z][A-Za-z'’-]{2,}`)
)

// sameInAll are words of Latin letters that are no English: names, codes, units, and what the tests
// call their clients and holds.
var sameInAll = strings.Fields(`
	Client accounts Company acme beneath Olena Koval Marko Lis Gold Ann Lee Example Ltd Tower Street IBAN VAT Test
	EUR SMPP API RESTAPI RestAPI Web UTC EET EEST Europe Kyiv CSV XLSX SMS DLR MCC MNC MCCMNC URL HTML PDF JSON HTTP GET POST GSM UCS INV ESME system
	Skype Telegram DELIVRD EXPIRED DELETED UNDELIV REJECTD SKIPPED timeout ACCEPTD ENROUTE SCHEDULED UNKNOWN Excel ACME E-mail e-mail Vodafone Autumn C-acme INV- ST- CN- UTF- UTF a-z HTTPS
	held nameless partly unsent failed whole late silent order-held nobody price from
`)

// english are the words of English that a page tells.
func english(page string, names ...string) (found []string) {
	if strings.Contains(page, "<article") {
		page = paperTitle.ReplaceAllString(page, "")
	}
	for _, match := range told.FindAllStringSubmatch(untold.ReplaceAllString(page, ""), -1) {
		text := html.UnescapeString(match[1] + match[2])
		_, field := account.FieldAt(strings.TrimSpace(text))
		if field || strings.ContainsAny(text, "@/_") || strings.HasSuffix(text, ". Messages") { // addresses, zones, names of fields, lines of invoices
			continue
		}
		for _, word := range latin.FindAllString(text, -1) {
			if !slices.Contains(sameInAll, word) && !slices.Contains(names, word) {
				found = append(found, word+" in “"+strings.TrimSpace(text)+"”")
			}
		}
	}
	return found
}

var (
	links = regexp.MustCompile(`href="([^"#]+)`)
	ids   = regexp.MustCompile(`[0-9a-f]{8}-[0-9a-f-]{27}|=[^&]*`)
)

// walk follows the links of pages to all others, each kind of page once, and tells of each.
func (s *site) walk(from string, tell func(path string, r reply)) {
	s.Helper()
	seen := map[string]bool{}
	for waiting := []string{from}; len(waiting) > 0; waiting = waiting[1:] {
		here := waiting[0]
		r := s.get(here)
		if !strings.HasPrefix(r.header.Get("Content-Type"), "text/html") || !strings.Contains(r.html, "<html") {
			continue
		}
		tell(here, r)
		base, _ := url.Parse("/" + here)
		for _, match := range links.FindAllStringSubmatch(r.html, -1) {
			to, err := base.Parse(html.UnescapeString(match[1]))
			if err != nil || to.Host != "" || strings.Contains(to.Path, "/assets/") || strings.Contains(to.Path, "export") || strings.Contains(to.Path, "/files/") {
				continue
			}
			path := strings.TrimPrefix(to.RequestURI(), "/")
			if kind := ids.ReplaceAllString(path, ""); !seen[kind] {
				seen[kind] = true
				waiting = append(waiting, path)
			}
		}
	}
}

// The file of the lines that are refused says why in the language of the page, and comes in again.
func TestAFileOfFaultsIsInTheLanguageOfThePage(t *testing.T) {
	s := newSiteOver(t, newPostbox(t).svc, inUkrainian)
	a := s.create("acme", nil)
	batch := s.begun(s.importFile("id,credit.limit\n" + a.ID.String() + ",-1\n"))
	s.looked(batch)
	faults := s.get(batch + "/faults").html
	assert.Contains(t, faults, "line,id,credit.limit,faults")
	assert.Regexp(t, `,"?[^,]*: [^,]*[а-яії]`, faults)
	assert.NotContains(t, faults, "Allow credit")
	assert.Contains(t, s.looked(s.begun(s.importFile(strings.ReplaceAll(faults, "'-1", "7")))).html, "batches/")
}

// Nothing on any page is left in English.
func TestPagesInUkrainian(t *testing.T) {
	p, tr, ta, box := newPapers(t), newTraffic(t), newTariff(t), newPostbox(t)
	for name, of := range map[string]struct {
		svc  *clientaccount.Service
		fill func(s *site, a account.Account)
	}{
		"papers":  {p.svc, func(_ *site, a account.Account) { p.month(a.ID) }},
		"traffic": {tr.svc, func(_ *site, a account.Account) { tr.ways(a.ID) }},
		"tariff":  {ta.svc, func(*site, account.Account) {}},
		"hooks":   {box.svc, func(_ *site, a account.Account) { box.state(a.ID, "m-1", account.StateDelivered) }},
	} {
		t.Run(name, func(t *testing.T) {
			s := newSiteOver(t, of.svc, inUkrainian, withMail(t))
			a := s.create("acme", func(a *account.Account) {
				billed(a)
				withHooks(a)
				sending(a)
				a.Sending.Subaccounts, a.Core.TimeZone = true, "Europe/Kyiv"
			})
			s.create("beneath", func(b *account.Account) { b.Parent = a.ID })
			of.fill(s, a)
			all := 0
			s.walk("clients", func(path string, r reply) {
				all++
				assert.Contains(t, r.html, `<html lang="uk" dir="ltr">`)
				assert.Empty(t, english(r.html), path)
			})
			t.Log(all, "pages")
			refused := s.save(s.stored(a.ID), "login", "a b", "credit.limit", "x", "contact.phone", "1", "expires_at", "2020-01-01T00:00")
			assert.Empty(t, english(refused.html))
			for _, path := range []string{"nowhere", "clients/" + accounttest.ID(77).String() + "/edit", "clients?q=nobody", decidePath(a) + "?destination=1&channel=fax&parts=0&price=-1"} {
				assert.Empty(t, english(s.get(path).html), path)
			}
		})
	}
}

// A name stands before what they did, so that is said of a person.
func TestAHistoryReadsRightInUkrainian(t *testing.T) {
	s := newSiteOver(t, newPostbox(t).svc, inUkrainian)
	ines := clientaccount.Edit{Actor: account.Actor{ID: "u9", Name: "Ines Carvalho"}, NoPassword: true}
	ines.Apply = account.Change{}.Set("login", "payer").Set("contact.company", "Acme").Apply
	made, err := s.svc.Create(t.Context(), ines)
	require.NoError(t, err)
	ines.Apply = account.Change{}.Set("contact.company", "Acme Two").Set("contact.skype", "acme").Apply
	_, err = s.svc.Update(t.Context(), made.Account.ID, 1, ines)
	require.NoError(t, err)
	ines.Apply = nil
	_, err = s.svc.Undo(t.Context(), made.Account.ID, 2, 2, ines)
	require.NoError(t, err)
	path := "clients/" + made.Account.ID.String()
	text := s.get(path + "/history").text()
	for _, said := range []string{"Ines Carvalho створив(-ла) клієнта", "Ines Carvalho змінив(-ла) 2 параметри", "Ines Carvalho відкликав(-ла) зміну 2"} {
		assert.Contains(t, text, said)
	}
	ukrainian, err := language.New(language.Catalog(adminhttp.Ukrainian()))
	require.NoError(t, err)
	for _, did := range []say.Text{"created the manager", "created the product", "removed the manager", "removed the product", "scheduled this", "proposed this"} {
		assert.Contains(t, ukrainian.Say(did), "(-ла)", did)
	}
}

// Why something is refused is said in the language of the page, whichever room it was found in.
func TestRefusalsInUkrainian(t *testing.T) {
	s := newSiteOver(t, newPostbox(t).svc, inUkrainian)
	a := s.moneyed("acme")
	assert.Empty(t, english(s.save(a, "webhooks.rest_state", "http://10.0.0.1/x", "webhooks.api_state", "https://example.com/?ts=1", "routing.senders", "ACME\nA's!").html, "bad", "ts"))
	form := set(s.get(moneyPath(a)).moneyForm(t, "adjust", ""), "amount", "-5000", "reason", "7")
	short := s.post(moneyPath(a), seen(form))
	assert.Contains(t, short.text(), "Доступно лише 120,00 EUR; потрібно 5\u00a0000,00 EUR.")
	assert.Empty(t, english(short.html, "The", "bank"))
	form = seen(set(s.get(moneyPath(a)).moneyForm(t, "topUp", ""), "amount", "5"))
	s.post(moneyPath(a), form)
	reused := s.post(moneyPath(a), set(form, "amount", "6"))
	assert.Contains(t, reused.text(), "Ця форма вже рухала гроші")
}

// What is wrong with a file of prices is, too, line by line.
func TestFaultsOfPriceFilesInUkrainian(t *testing.T) {
	ta := newTariff(t)
	s := newSiteOver(t, ta.svc, inUkrainian)
	prices := "products/" + ta.product.Product.String() + "/prices"
	for _, file := range []string{"a,price,price\n1,2,3\n", "mcc,mnc,price,from\n25,x,x,y\n"} {
		got := s.upload(prices, 0, file)
		assert.Equal(t, http.StatusUnprocessableEntity, got.code)
		assert.Empty(t, english(got.html, "mcc", "mnc", "closed", "withdrawn", "RFC"), file)
	}
}
