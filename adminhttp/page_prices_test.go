package adminhttp_test

import (
	"bytes"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/clientaccount/clientaccount"
	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/account/document"
	"github.com/clientaccount/clientaccount/account/price"
	"github.com/clientaccount/clientaccount/account/sheet"
	"github.com/clientaccount/clientaccount/adminhttp"
	"github.com/clientaccount/clientaccount/adminhttp/internal/access"
	"github.com/clientaccount/clientaccount/store"
	"github.com/clientaccount/clientaccount/store/memstore"
)

// pricePages returns the pages over a product and a client, with prices.
func pricePages(t *testing.T, configure ...func(*adminhttp.Config)) (s *site, p *tariff, product, client string, own store.PriceOwner) {
	t.Helper()
	p = newTariff(t)
	s = newSiteOver(t, p.svc, configure...)
	a := s.create("acme", p.priced)
	return s, p, "products/" + p.product.Product.String() + "/prices", "clients/" + a.ID.String() + "/prices", store.PriceOwner{Account: a.ID}
}

func TestPricesAsTheyHold(t *testing.T) {
	s, p, product, client, own := pricePages(t)
	page := s.get(product)
	require.Equal(t, http.StatusOK, page.code)
	assert.Contains(t, page.html, `aria-current="page">Prices</a>`)
	assert.Contains(t, page.rowOf(t, "Vodafone"), "MCC 255 MNC 01 Price now 0.04 EUR since 23 Nov 2026 08:41 Next change Up 0.05 EUR in 1 day, Wed 25 Nov 2026 08:41:02 UTC +0.01 EUR, +25.0 %")
	assert.Contains(t, page.rowOf(t, "all networks"), "MCC 255 MNC all Price now 0.03 EUR")

	p.announce(own, "", row("255", "01", "0.035", p.at))
	page = s.get(client)
	assert.Contains(t, page.rowOf(t, "Vodafone"), "Price now 0.035 EUR own , since 23 Nov 2026 11:41 Next change none", "the product's change is not theirs, and the clock is the client's")
	assert.Contains(t, page.rowOf(t, "all networks"), "product, since")
	for query, found := range map[string]int{"q=255": 2, "q=25501": 1, "q=255+01": 1, "q=ukraine": 2, "q=voda": 1, "q=260": 0, "q=nowhere": 0, "page=99": 2, "page=x": 2} {
		assert.Equal(t, found, strings.Count(s.get(client+"?"+query).html, `<td class="what">`), query)
	}
	assert.Contains(t, s.get(client+"?q=nowhere").text(), "No network matches.")
	assert.Contains(t, s.get("clients/"+s.create("none", nil).ID.String()+"/prices").text(), "This client has no prices")
	assert.Contains(t, s.get("products/"+p.product.Product.String()+"/edit").html, `/prices">Prices</a>`)
	assert.Contains(t, s.get("products").html, `aria-label="Prices: Gold"`)
	assert.Equal(t, http.StatusNotFound, s.get("products/"+own.Account.String()+"/prices").code)
}

func TestThePriceOfANetwork(t *testing.T) {
	s, p, product, client, own := pricePages(t)
	p.announce(own, "", price.Row{Network: price.Network{MCC: "255", MNC: "03"}, From: p.at, State: price.StateClosed})
	for query, want := range map[string]string{
		"mcc=255&mnc=01":                     "Ukraine, Vodafone (255 01) on Mon 23 Nov 2026 11:41:00 EET: 0.04 EUR per part. By the product's row for Ukraine, Vodafone (255 01), since Mon 23 Nov 2026 10:41:02 EET.",
		"mcc=255&mnc=01&at=2026-11-26T00:00": "0.05 EUR per part.",
		"mcc=255&mnc=77":                     "0.03 EUR per part. By the product's row for Ukraine, all networks (255)",
		"mcc=255&mnc=03&at=2026-11-26T00:00": "closed, so that nothing is sent there. By the client's own row",
		"mcc=260":                            "Poland, all networks (260) on Mon 23 Nov 2026 11:41:00 EET: no price.",
	} {
		page := s.get(client + "?" + query)
		assert.Equal(t, http.StatusOK, page.code)
		assert.Contains(t, page.text(), want, query)
	}
	assert.Contains(t, s.get(product+"?mcc=255&mnc=01&at=2026-11-26T00:00").text(), "By the row for")
	bad := s.get(client + "?mcc=25&mnc=1&at=soon")
	assert.Equal(t, http.StatusUnprocessableEntity, bad.code)
	assert.Contains(t, bad.text(), "3 things have to be corrected")
}

// change sends a form of the draft's page: name, value, name, value.
func (s *site) changeDraft(path string, revision int64, pairs ...string) reply {
	s.Helper()
	form := url.Values{"revision": {strconv.FormatInt(revision, 10)}}
	for i := 0; i < len(pairs); i += 2 {
		form.Add(pairs[i], pairs[i+1])
	}
	return s.post(path+"/draft", form)
}

func TestADraftIsGatheredOnThePage(t *testing.T) {
	s, p, _, client, own := pricePages(t)
	add := func(revision int64, pairs ...string) reply {
		t.Helper()
		return s.changeDraft(client, revision, append([]string{"_do", "add"}, pairs...)...)
	}
	require.Equal(t, http.StatusSeeOther, add(0, "mcc", "255", "mnc", "01", "state", "price", "price", "0.0345", "from", "2026-12-01T00:00").code)
	require.Equal(t, http.StatusSeeOther, add(1, "mcc", "255", "mnc", "03", "state", "closed", "price", "", "from", "2026-12-02T00:00").code)
	require.Equal(t, http.StatusSeeOther, add(2, "mcc", "255", "mnc", "01", "state", "price", "price", "0.0355", "from", "2026-12-01T00:00").code)
	page := s.get(client + "/draft?done=added")
	assert.Contains(t, page.text(), "The draft has the row now.")
	assert.Contains(t, page.rowOf(t, "Vodafone"), "Price 0.0355 EUR Change Down −0.0145 EUR, −29.0 % From in 7 days Tue 1 Dec 2026 00:00:00 EET", "the second took the place of the first")
	assert.Contains(t, page.rowOf(t, "Kyivstar"), "Price closed Change Closed")
	assert.Equal(t, int64(3), p.draft(own).Revision)

	for want, pairs := range map[string][]string{
		"This instant has passed.":                            {"mcc", "255", "mnc", "", "state", "price", "price", "0.1", "from", "2020-01-01T00:00"},
		"What is closed or withdrawn has no price.":           {"mcc", "255", "mnc", "", "state", "closed", "price", "0.1", "from", "2026-12-05T00:00"},
		"A price is needed, or the word closed or withdrawn.": {"mcc", "255", "mnc", "", "state", "price", "price", "", "from", "2026-12-05T00:00"},
		"An MCC has three digits, zeros in front included.":   {"mcc", "", "mnc", "", "state", "price", "price", "", "from", ""},
		"A row is priced, closed or withdrawn.":               {"mcc", "255", "mnc", "", "state", "given", "price", "0.1", "from", "2026-12-05T00:00"},
		"can be read in two ways":                             {"mcc", "255", "mnc", "", "state", "price", "price", "1,234", "from", "2026-12-05T00:00"},
		"The clock shows this time twice, or never":           {"mcc", "255", "mnc", "", "state", "price", "price", "0.1", "from", "2027-03-28T03:30"},
	} {
		bad := add(3, pairs...)
		assert.Equal(t, http.StatusUnprocessableEntity, bad.code, want)
		assert.Contains(t, bad.text(), want)
	}
	stale := add(2, "mcc", "260", "mnc", "", "state", "price", "price", "0.1", "from", "2026-12-05T00:00")
	assert.Equal(t, http.StatusConflict, stale.code)
	assert.Contains(t, stale.text(), "changed by somebody else meanwhile")
	assert.Contains(t, stale.html, `value="260"`, "what was typed is still there")
	assert.Contains(t, stale.html, `name="revision" value="3"`, "and can be sent again")
	assert.Equal(t, http.StatusPreconditionRequired, s.post(client+"/draft", url.Values{"_do": {"drop"}}).code)
	assert.Equal(t, http.StatusBadRequest, s.changeDraft(client, 3, "_do", "burn").code)
	assert.Equal(t, http.StatusUnprocessableEntity, s.changeDraft(client, 3, "_do", "drop", "why", "x").code)

	from := p.draft(own).Draft.Rows[1].From.Format(time.RFC3339Nano)
	require.Equal(t, http.StatusSeeOther, s.changeDraft(client, 3, "_do", "remove", "mcc", "255", "mnc", "03", "from", from).code)
	assert.Len(t, p.draft(own).Draft.Rows, 1)
	assert.Contains(t, s.changeDraft(client, 4, "_do", "drop").text(), "All that it says is gone then, and cannot be brought back.")
	assert.Len(t, p.draft(own).Draft.Rows, 1)
	require.Equal(t, http.StatusSeeOther, s.changeDraft(client, 4, "_do", "drop", "_warned", "dropped").code)
	assert.Contains(t, s.get(client+"/draft").text(), "The draft is empty.")
}

// upload sends the form that imports a file.
func (s *site) upload(path string, revision int64, file string, pairs ...string) reply {
	s.Helper()
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	pairs = append([]string{"revision", strconv.FormatInt(revision, 10)}, pairs...)
	for i := 0; i < len(pairs); i += 2 {
		require.NoError(s, form.WriteField(pairs[i], pairs[i+1]))
	}
	part, err := form.CreateFormFile("file", "prices.csv")
	require.NoError(s, err)
	_, err = io.WriteString(part, file)
	require.NoError(s, err)
	require.NoError(s, form.Close())
	r := httptest.NewRequestWithContext(s.Context(), http.MethodPost, "/"+path+"/draft", &body)
	r.Header.Set("Content-Type", form.FormDataContentType())
	w := httptest.NewRecorder()
	s.admin.ServeHTTP(w, r)
	return reply{w.Code, w.Header(), w.Body.String()}
}

func TestAFileIsImportedOnThePage(t *testing.T) {
	s, p, product, _, _ := pricePages(t)
	bad := s.upload(product, 0, "mcc;mnc;price;from\n255;1;0,05;2026-12-01\n255;01;;2020-01-01\n")
	assert.Equal(t, http.StatusUnprocessableEntity, bad.code)
	assert.Contains(t, bad.text(), "Line 2 Column 2 Of MNC Wrong An MNC has two or three digits")
	assert.Contains(t, bad.text(), "Line 2 Column 3 Of Price Wrong Prices of this list have a decimal point, no comma.")
	assert.Contains(t, bad.text(), "Line 3 Column 3 Of Price")
	assert.Contains(t, bad.text(), "Line 3 Column 4 Of From Wrong This instant has passed.")
	assert.Zero(t, p.draft(p.product).Revision, "nothing was taken")

	windows := "mccmnc;\xd6\xe5\xed\xe0;price\n25503;x;0,05\n260;x;0,1\n" // a column in Windows-1251
	options := []string{"separator", "semicolon", "decimal", "comma", "charset", "windows-1251", "zone", "Europe/Kyiv", "since", "2026-12-01T00:00", "extra", "true"}
	require.Equal(t, http.StatusSeeOther, s.upload(product, 0, windows, options...).code)
	d := p.draft(p.product)
	require.Len(t, d.Draft.Rows, 2)
	assert.Equal(t, "2026-11-30T22:00:00Z 0.05", d.Draft.Rows[0].From.Format(time.RFC3339)+" "+d.Draft.Rows[0].Price.String())

	assert.Equal(t, http.StatusConflict, s.upload(product, 0, "mcc,price,from\n260,1,2027-01-01\n").code)
	for name, value := range map[string]string{"separator": "bar", "decimal": "dot", "charset": "latin-9", "zone": "Mars/Olympus", "since": "soon"} {
		assert.Equal(t, http.StatusUnprocessableEntity, s.upload(product, 1, "mcc,price,from\n260,1,2027-01-01\n", name, value).code, name)
	}
	exists := s.upload(product, 1, "mcc,mnc,price,from\n255,01,1,2026-11-25T08:41:02.113456Z\n")
	assert.Contains(t, exists.text(), "Ukraine, Vodafone (255 01) from Wed 25 Nov 2026 08:41:02 UTC: The list has a row of this network and this instant")
	assert.Contains(t, s.upload(product, 1, "PK\x03\x04 a workbook").text(), "line by line", "without Config.ReadWorkbook it is no CSV")
	large := s.upload(product, 1, strings.Repeat("x", price.DefaultMaxBytes+1))
	assert.Contains(t, large.text(), "The file is too large.")
	larger := s.upload(product, 1, strings.Repeat("x", 2*price.DefaultMaxBytes))
	assert.Equal(t, http.StatusRequestEntityTooLarge, larger.code)
	r := s.send(http.MethodPost, product+"/draft", nil)
	assert.Equal(t, http.StatusBadRequest, r.code)
}

func TestAWorkbookIsImportedOnThePage(t *testing.T) {
	s, p, product, _, _ := pricePages(t, func(c *adminhttp.Config) {
		c.ReadWorkbook = func(_ io.Reader, o price.ReadOptions) ([]price.Row, error) {
			return []price.Row{row("260", "", "0.07", o.NotBefore.Add(time.Hour))}, nil
		}
	})
	assert.Contains(t, s.get(product+"/draft").text(), "CSV or a workbook (XLSX)")
	require.Equal(t, http.StatusSeeOther, s.upload(product, 0, "PK\x03\x04").code)
	assert.Len(t, p.draft(p.product).Draft.Rows, 1)
}

func TestADraftIsLookedAtAndAnnounced(t *testing.T) {
	s, p, product, client, own := pricePages(t)
	s.create("own-price", p.priced)
	s.create("untold", func(a *account.Account) { p.priced(a); a.Mail.Email, a.Mail.PriceFormat = "", "" })
	p.announce(own, "", row("260", "", "0.2", p.at))
	assert.Contains(t, s.get(product+"/announce").text(), "There is no draft")
	at := p.at.Add(72 * time.Hour)
	p.gather(p.product, row("255", "", "0.06", at), row("260", "", "0.1", at), row("255", "03", "0.02", at))
	step := s.get(product + "/announce")
	require.Equal(t, http.StatusOK, step.code)
	assert.Contains(t, step.text(), "3 clients pay by this list; 2 price updates will be mailed.")
	assert.Contains(t, step.text(), "1 up 1 down 1 new")
	assert.Contains(t, step.rowOf(t, "Kyivstar"), "Before 0.03 EUR After 0.02 EUR Change Down −0.01 EUR, −33.3 %")
	assert.Contains(t, step.rowOf(t, "Company of acme"), "Prices 1 up, 1 down Told Gets a price update", "who has a row of their own for Poland")
	assert.Contains(t, step.rowOf(t, "untold"), "Told Not told")
	assert.Equal(t, 1, strings.Count(s.get(product+"/announce?kind=up").html, `<strong>Ukraine</strong>`))
	assert.Contains(t, s.get(product+"/announce?kind=sideways").text(), "3 changes")

	stale := s.post(product+"/announce", url.Values{"revision": {"7"}, "reason": {"December"}})
	assert.Equal(t, http.StatusConflict, stale.code)
	assert.Contains(t, stale.html, `value="December"`, "what was typed is still there")
	assert.Equal(t, http.StatusPreconditionRequired, s.post(product+"/announce", url.Values{}).code)
	assert.Equal(t, http.StatusUnprocessableEntity, s.post(product+"/announce", url.Values{"revision": {"1"}, "why": {"x"}}).code)
	done := s.post(product+"/announce", url.Values{"revision": {strconv.FormatInt(p.draft(p.product).Revision, 10)}, "reason": {"December"}})
	require.Equal(t, http.StatusSeeOther, done.code)
	history := s.get(product + "/announcements?done=announced")
	assert.Contains(t, history.text(), "Announced: each price changes at its instant.")
	assert.Contains(t, history.text(), "by Olena Koval December 3 prices. Clients are being told. 3 rows not begun yet")
	require.NoError(t, p.svc.Tick(t.Context()))
	assert.Contains(t, s.get(product+"/announcements").text(), "Clients were told.")
	assert.Zero(t, p.draft(p.product).Revision)

	p.gather(own, row("255", "", "0.01", p.at.Add(time.Minute)))
	p.at = p.at.Add(time.Hour)
	late := s.get(client + "/announce")
	assert.Equal(t, http.StatusUnprocessableEntity, late.code)
	assert.Contains(t, late.text(), "Ukraine, all networks (255) from Mon 23 Nov 2026 11:42:02 EET: This instant has passed.")
	assert.Equal(t, http.StatusUnprocessableEntity, s.post(client+"/announce", url.Values{"revision": {strconv.FormatInt(p.draft(own).Revision, 10)}}).code)
}

func TestWhatWasAnnouncedIsTakenBack(t *testing.T) {
	s, p, product, _, _ := pricePages(t)
	made := p.announce(p.product, "Too early", row("260", "", "0.1", p.at.Add(time.Hour)), row("260", "", "0.2", p.at.Add(3*time.Hour)), row("261", "", "0.2", p.at))
	one := s.get(product + "/announcements?id=" + made.ID.String())
	assert.Contains(t, one.text(), "Too early")
	assert.Contains(t, one.text(), "3 rows")
	p.at = p.at.Add(2 * time.Hour)
	undo := s.changeDraft(product, 0, "_do", "undo", "announcement", made.ID.String())
	require.Equal(t, http.StatusSeeOther, undo.code)
	d := p.draft(p.product)
	require.Len(t, d.Draft.Undo, 1, "one has not begun")
	assert.Contains(t, s.get(product+"/draft").rowOf(t, "Poland"), "Taken back")
	require.Equal(t, http.StatusSeeOther, s.post(product+"/announce", url.Values{"revision": {"1"}}).code)
	history := s.get(product + "/announcements")
	assert.Contains(t, history.text(), "1 taken back.")
	assert.Contains(t, history.text(), "1 row not begun yet", "which can be taken back in turn")
	require.Equal(t, http.StatusSeeOther, s.changeDraft(product, 0, "_do", "back", "mcc", "255", "mnc", "01", "from", "2026-11-25T08:41:02.113456Z").code)
	assert.Len(t, p.draft(p.product).Draft.Undo, 1)
	assert.Equal(t, http.StatusNotFound, s.get(product+"/announcements?id="+p.product.Product.String()).code)
	assert.Equal(t, http.StatusNotFound, s.changeDraft(product, 1, "_do", "undo", "announcement", "x").code)
}

func TestPricesAreExported(t *testing.T) {
	workbook := func(c *adminhttp.Config) {
		c.Files = document.Files{Workbook: func(w io.Writer, name string, s sheet.Sheet) error {
			_, err := fmt.Fprint(w, name, s.Header)
			return err
		}}
	}
	s, p, product, client, own := pricePages(t, workbook)
	file := s.get(product + "/export")
	assert.Equal(t, "text/csv; charset=utf-8", file.header.Get("Content-Type"))
	assert.Equal(t, `attachment; filename="prices Gold.csv"`, file.header.Get("Content-Disposition"))
	assert.Equal(t, "\ufeffMCC,MNC,price,from\r\n255,,0.03,2026-11-23T08:41:02.113456Z\r\n255,01,0.04,2026-11-23T08:41:02.113456Z\r\n255,01,0.05,2026-11-25T08:41:02.113456Z\r\n", strings.ReplaceAll(file.html, "\n", "\r\n"))
	p.announce(own, "", row("260", "", "0.2", p.at))
	told := s.get(client + "/export?what=update&separator=semicolon&decimal=comma")
	assert.Contains(t, told.html, "Ukraine;Vodafone;255;01;0,05;EUR;")
	assert.Contains(t, told.html, "Poland;;260;;0,20;EUR;")
	assert.Contains(t, s.get(client+"/export?as=xlsx").html, "Prices[")
	assert.Equal(t, http.StatusBadRequest, s.get(client+"/export?as=pdf").code)
	s, _, product, _, _ = pricePages(t)
	assert.Equal(t, http.StatusNotImplemented, s.get(product+"/export?as=xlsx").code)
	assert.NotContains(t, s.get(product).text(), "Workbook")
}

// However long a list is, a page of it is short.
func TestPagesOfALongPriceListAreBounded(t *testing.T) {
	s, p, product, _, _ := pricePages(t)
	var rows []price.Row
	for i := range 2500 {
		rows = append(rows, row(fmt.Sprint(300+i/100), fmt.Sprintf("%02d", i%100), "0.05", p.at.Add(time.Hour)))
	}
	p.gather(p.product, rows...)
	pages := []string{"/draft", "/draft?page=3", "/announce", "/announce?page=25"}
	look := func(path string) {
		t.Helper()
		page := s.get(product + path)
		assert.Less(t, len(page.html), 150_000, path)
		assert.Equal(t, 100, strings.Count(page.html, `<td class="what"><strong>`), path)
	}
	for _, path := range pages {
		look(path)
	}
	assert.Contains(t, s.get(product+"/draft?page=3").text(), "201–300 of 2,500 rows")
	made := p.announce(p.product, "", rows...)
	for _, path := range []string{"", "?page=7", "/announcements?id=" + made.ID.String()} {
		look(path)
	}
	assert.Less(t, len(s.get(product+"/announcements").html), 20_000)
}

func TestWhoMaySeeAndChangePrices(t *testing.T) {
	s, p, product, client, _ := pricePages(t)
	p.gather(p.product, row("260", "", "0.1", p.at.Add(time.Hour)))
	s.policy.Actions = slices.DeleteFunc(access.Actions(), func(a adminhttp.Action) bool {
		return a == adminhttp.ActionPriceDraft || a == adminhttp.ActionPriceAnnounce
	})
	for _, path := range []string{product, product + "/draft", product + "/announce"} {
		assert.NotContains(t, s.get(path).html, `method="post"`, path)
	}
	s.policy = adminhttp.FullAccess()
	s.policy.Scope = adminhttp.ClientsOf()
	assert.Equal(t, http.StatusOK, s.get(product).code)
	assert.NotContains(t, s.get(product+"/draft").html, `method="post"`, "it concerns clients outside")
	assert.Equal(t, http.StatusForbidden, s.get(product+"/announce").code)
	assert.Equal(t, http.StatusNotFound, s.get(client).code)
	s.policy = adminhttp.FullAccess()
	s.policy.Field = fields(map[string]adminhttp.Access{"mail.price_format": adminhttp.Hidden, "login": adminhttp.Hidden})
	step := s.get(product + "/announce").text()
	assert.NotContains(t, step, "price update")
	assert.Contains(t, step, "a client Company of acme")
	s.policy.Field = fields(map[string]adminhttp.Access{"notes.product": adminhttp.Hidden})
	assert.Equal(t, http.StatusForbidden, s.get(client).code)
	decide := s.get(strings.TrimSuffix(client, "prices") + "decide?mcc=255")
	assert.Contains(t, decide.text(), "Unknown field: mcc.", "who does not see prices has no name for the network")
	assert.NotContains(t, decide.html, `name="mnc"`)
}

func TestPagesWithoutPrices(t *testing.T) {
	s := newSiteOver(t, clientaccount.New(plainStore{memstore.New()}, nil))
	a := s.create("acme", nil)
	assert.NotContains(t, s.get(editPath(a)).html, ">Prices<")
	assert.Equal(t, http.StatusNotImplemented, s.get("clients/"+a.ID.String()+"/prices").code)
	assert.NotContains(t, s.get(decidePath(a)).html, `name="mcc"`)
}

func TestAMessageIsTriedByItsNetwork(t *testing.T) {
	s, p, _, client, own := pricePages(t)
	path := strings.TrimSuffix(client, "prices") + "decide?destination=380501112233&sender=ACME&parts=2&mcc=255&mnc=01&price="
	assert.Contains(t, s.get(path).text(), "It would cost 0.08 EUR, for 2 parts at 0.04 EUR. ")
	assert.Contains(t, s.get(path).text(), "Its price of 0.04 EUR per part is by the product's row for Ukraine, 255 01.")
	p.announce(own, "", row("255", "", "0.01", p.at))
	assert.Contains(t, s.get(path).text(), "by the client's own row for Ukraine, 255.")
	assert.NotContains(t, s.get(path+"0.5").text(), "own row", "which does not count")
}
