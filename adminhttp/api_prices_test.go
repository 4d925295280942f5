package adminhttp_test

import (
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/clientaccount/clientaccount"
	"github.com/clientaccount/clientaccount/account/price"
	"github.com/clientaccount/clientaccount/adminhttp"
	"github.com/clientaccount/clientaccount/store"
	"github.com/clientaccount/clientaccount/store/memstore"
)

// priceAPI returns the API over a product and a client, with prices.
func priceAPI(t *testing.T, configure ...func(*adminhttp.Config)) (a *api, p *tariff, product, client string, own store.PriceOwner) {
	t.Helper()
	p = newTariff(t)
	a = newAPIOver(t, p.svc, configure...)
	id := a.create("acme", p.priced)
	return a, p, "products/" + p.product.Product.String(), "clients/" + id.String(), store.PriceOwner{Account: id}
}

// rows are the rows of a list as texts, and where the next page begins.
func (a *api) prices(path, query string) (rows []string, next string) {
	a.Helper()
	got := a.get(path + "/prices?" + query)
	require.Equal(a, 200, got.status, got.body)
	for _, item := range got.at("prices").([]any) {
		r := item.(map[string]any)
		rows = append(rows, fmt.Sprint(r["mcc"], " ", r["mnc"], " ", r["from"].(string)[:10], " ", r["state"], " ", r["price"], " ", r["origin"]))
	}
	next, _ = got.at("next").(string)
	return rows, next
}

func TestPricesByJSON(t *testing.T) {
	a, p, product, client, own := priceAPI(t)
	p.announce(own, "", price.Row{Network: price.Network{MCC: "255", MNC: "03"}, From: p.at, State: price.StateClosed}, row("260", "", "0.2", p.at))
	rows, next := a.prices(product, "")
	assert.Equal(t, []string{"255 <nil> 2026-11-23 priced 0.03 <nil>", "255 01 2026-11-23 priced 0.04 <nil>", "255 01 2026-11-25 priced 0.05 <nil>"}, rows)
	assert.Empty(t, next)
	var all []string
	query := "mcc=255&limit=3"
	for {
		rows, next := a.prices(client, query)
		if all = append(all, rows...); next == "" {
			break
		}
		query = "mcc=255&limit=3&cursor=" + next
		a.get(client+"/prices?mcc=260&cursor="+next).expect(422, "cursor", "cursor.invalid")
	}
	assert.Equal(t, []string{
		"255 <nil> 2026-11-23 priced 0.03 product", "255 01 2026-11-23 priced 0.04 product", "255 01 2026-11-25 priced 0.05 product", "255 03 2026-11-23 closed <nil> own",
	}, all)
	assert.Equal(t, "EUR", a.get(client+"/prices").at("currency"))
	assert.Len(t, a.get(client+"/prices?mcc=25&limit=1001&mnc=01").faults(), 3, "all at once")
	a.get("products/"+own.Account.String()+"/prices").expect(404, "id", "not_found")

	for query, want := range map[string][]any{
		"mcc=255&mnc=01":                         {"0.04", "255", "01", "product", "priced"},
		"mcc=255&mnc=01&at=2026-11-26T00:00:00Z": {"0.05", "255", "01", "product", "priced"},
		"mcc=255&mnc=77":                         {"0.03", "255", nil, "product", "priced"},
		"mcc=255&mnc=03&at=2026-11-26T00:00:00Z": {nil, "255", "03", "own", "closed"},
		"mcc=260":                                {"0.2", "260", nil, "own", "priced"},
	} {
		got := a.get(client + "/price?" + query)
		require.Equal(t, 200, got.status, got.body)
		assert.Equal(t, want, []any{got.at("price"), got.at("by.mcc"), got.at("by.mnc"), got.at("by.origin"), got.at("by.state")}, query)
	}
	none := a.get(client + "/price?mcc=724&mnc=31")
	assert.Equal(t, []any{nil, nil, "724", "31"}, []any{none.at("price"), none.at("by"), none.at("mcc"), none.at("mnc")})
	a.get(client+"/price").expect(422, "mcc", "mcc.format")
	assert.Len(t, a.get(client+"/price?mcc=x&mnc=1&at=soon").faults(), 3)
}

func TestADraftByJSON(t *testing.T) {
	a, p, product, _, _ := priceAPI(t)
	path := product + "/prices/draft"
	none := a.get(path)
	assert.Equal(t, `"0"`, none.header.Get("ETag"))
	assert.Equal(t, []any{0.0, nil, nil}, []any{none.at("revision"), none.at("actor"), none.at("at")})
	wanted := `{"undo":[{"mcc":"255","mnc":"01","from":"2026-11-25T08:41:02.113456Z"}],"rows":[
		{"mcc":"255","mnc":"01","from":"2026-12-01T00:00:00Z","price":"0.045"},{"mcc":"260","mnc":null,"from":"2026-12-01T00:00:00+02:00","state":"closed"}]}`
	a.ask("PUT", path, wanted, nil).expect(428, "version", "version.required")
	assert.Equal(t, 412, a.ask("PUT", path, wanted, []string{"If-Match", `W/"0"`}).status, "a weak tag matches nothing")
	assert.Equal(t, 412, a.edit("PUT", path, 3, wanted).status)
	saved := a.edit("PUT", path, 0, wanted)
	require.Equal(t, 200, saved.status, saved.body)
	assert.Equal(t, `"1"`, saved.header.Get("ETag"))
	assert.Equal(t, "Olena Koval", saved.at("actor.name"))
	assert.Equal(t, saved.body, a.get(path).body)
	again := fmt.Sprintf(`{"undo":[],"rows":%s}`, strings.Split(strings.Split(saved.body, `"rows": `)[1], `,
  "actor"`)[0])
	require.Equal(t, 200, a.edit("PUT", path, 1, again).status, "what is read can be sent: %s", again)
	stale := a.edit("PUT", path, 1, wanted)
	assert.Equal(t, []any{412, 2.0, `"2"`}, []any{stale.status, stale.at("revision"), stale.header.Get("ETag")})

	bad := a.edit("PUT", path, 2, `{"rows":[{"mcc":"255","from":"2026-12-01T00:00:00Z"},{"mcc":"255","from":"soon","price":"x"},{"mcc":"1","from":"2026-12-01T00:00:00Z","state":"closed","price":"1"},
		{"mcc":"255","from":"2026-12-01T00:00:00Z","price":"0,1","more":1},{"from":"2026-12-01T00:00:00Z","state":"lost"},{"mcc":"255","price":"1"}],"undo":[{"mcc":255}],"more":1}`)
	var told []string
	for _, f := range bad.faults() {
		told = append(told, f.Path+" "+f.Code)
	}
	assert.ElementsMatch(t, []string{
		"more field.unknown", "undo.0.mcc field.type", "rows.0.price price.required", "rows.1.from time.format", "rows.2.price price.closed", "rows.3.more field.unknown",
		"rows.4.state state.unknown", "rows.5.from from.required",
	}, told)
	bad = a.edit("PUT", path, 2, `{"rows":[{"mcc":"25","from":"2020-01-01T00:00:00Z","price":"1"},{"mcc":"255","from":"2026-12-01T00:00:00Z","price":"-1"}],"undo":[{"mcc":"999","from":"2026-12-01T00:00:00Z"}]}`)
	told = nil
	for _, f := range bad.faults() {
		told = append(told, f.Path+" "+f.Code)
	}
	assert.ElementsMatch(t, []string{"rows.0.mcc mcc.format", "rows.0.from from.past", "rows.1.price price.negative", "undo.0 undo.unknown"}, told)
	a.edit("PUT", path, 2, `{"rows":{}}`).expect(422, "rows", "field.type")
	a.edit("PUT", path, 2, `{"rows":[7]}`).expect(422, "rows", "field.type")
	assert.Equal(t, int64(2), p.draft(p.product).Revision)

	a.ask("DELETE", path, "", nil).expect(428, "version", "version.required")
	assert.Equal(t, 412, a.edit("DELETE", path, 1, "").status)
	assert.Equal(t, 204, a.edit("DELETE", path, 2, "").status)
	a.edit("DELETE", path, 0, "").expect(404, "id", "not_found")
}

// send imports a file.
func (a *api) sendFile(path, query string, revision int64, media, file string) answer {
	a.Helper()
	return a.ask("POST", path+"/prices/draft/import?"+query, file, []string{"If-Match", tag(revision), "Content-Type", media})
}

func TestFilesOfPricesByJSON(t *testing.T) {
	a, p, product, client, own := priceAPI(t)
	bad := a.sendFile(product, "", 0, "text/csv", "mcc,mnc,price,from\n255,1,x,2026-12-01\n255,01,0.1,2020-01-01\n")
	require.Equal(t, 422, bad.status, bad.body)
	var told []string
	for _, item := range bad.at("errors").([]any) {
		f := item.(map[string]any)
		told = append(told, fmt.Sprint(f["line"], " ", f["column"], " ", f["field"], " ", f["code"]))
	}
	assert.Equal(t, []string{"2 2 mnc mnc.format", "2 3 price price.format", "3 4 from from.past"}, told)
	saved := a.sendFile(client, "separator=semicolon&decimal=comma&zone=Europe%2FKyiv&from=2026-12-01&extra=true", 0, "text/csv; charset=windows-1251", "mccmnc;\xd6\xe5\xed\xe0;price\n25503;x;0,05\n")
	require.Equal(t, 200, saved.status, saved.body)
	assert.Equal(t, `"1"`, saved.header.Get("ETag"))
	d := p.draft(own)
	assert.Equal(t, "2026-11-30T22:00:00Z", d.Draft.Rows[0].From.Format(time.RFC3339))
	a.sendFile(client, "separator=bar&decimal=x&charset=y&zone=z&extra=maybe", 1, "text/csv", "mcc").expectAll(422, "separator", "decimal", "charset", "extra", "zone")
	a.sendFile(client, "from=soon", 1, "text/csv", "mcc").expect(422, "from", "from.format")
	a.sendFile(client, "", 1, "application/json", "{}").expect(415, "body", "body.content_type")
	a.sendFile(client, "", 1, xlsxMedia, "PK\x03\x04").expect(415, "body", "body.content_type")
	assert.Equal(t, 412, a.sendFile(client, "", 0, "text/csv", "mcc,price,from\n260,1,2027-01-01\n").status)
	assert.Equal(t, 413, a.sendFile(client, "", 1, "text/csv", strings.Repeat("x", price.DefaultMaxBytes+1)).status)
	a, p, product, _, _ = priceAPI(t, func(c *adminhttp.Config) {
		c.ReadWorkbook = func(_ io.Reader, o price.ReadOptions) ([]price.Row, error) {
			return []price.Row{row("260", "", "0.07", o.NotBefore.Add(time.Hour))}, nil
		}
	})
	require.Equal(t, 200, a.sendFile(product, "", 0, xlsxMedia, "PK\x03\x04").status)
	assert.Len(t, p.draft(p.product).Draft.Rows, 1)
}

const xlsxMedia = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

// expectAll holds a problem against its status and the paths of its faults.
func (a answer) expectAll(status int, paths ...string) {
	a.t.Helper()
	require.Equal(a.t, status, a.status, a.body)
	var told []string
	for _, f := range a.faults() {
		told = append(told, f.Path)
	}
	assert.Equal(a.t, paths, told)
}

func TestPricesAreAnnouncedByJSON(t *testing.T) {
	a, p, product, client, own := priceAPI(t)
	path := product + "/prices"
	a.get(path+"/draft/preview").expect(404, "id", "not_found")
	p.gather(p.product, row("255", "", "0.06", p.at.Add(time.Hour)), row("260", "", "0.1", p.at.Add(time.Hour)))
	look := a.get(path + "/draft/preview")
	require.Equal(t, 200, look.status, look.body)
	assert.Equal(t, []any{1.0, 0.0, 1.0, 1.0, 1.0, `"1"`}, []any{look.at("up"), look.at("down"), look.at("new"), look.at("clients"), look.at("told"), look.header.Get("ETag")})
	assert.Equal(t, map[string]any{
		"mcc": "255", "mnc": nil, "from": p.at.Add(time.Hour).Format(time.RFC3339Nano), "before": "0.03", "after": "0.06", "change": "up", "by": "0.03", "percent": "100",
	}, look.at("changes").([]any)[0])
	assert.Equal(t, map[string]any{
		"account": own.Account.String(), "login": "acme", "company": "Company of acme", "up": 1.0, "down": 0.0, "new": 1.0, "closed": 0.0, "told": true,
	}, look.at("affected").([]any)[0])
	a.ask("POST", path+"/announcements", `{}`, nil).expect(428, "version", "version.required")
	assert.Equal(t, 412, a.edit("POST", path+"/announcements", 7, `{}`).status)
	a.edit("POST", path+"/announcements", 1, `{"reason":7}`).expect(422, "reason", "field.type")
	a.edit("POST", path+"/announcements", 1, `{"reason":"`+strings.Repeat("x", 2000)+`"}`).expectAll(422, "reason")
	made := a.edit("POST", path+"/announcements", 1, `{"reason":"December"}`)
	require.Equal(t, 200, made.status, made.body)
	assert.Equal(t, []any{"December", 2.0, 0.0, false}, []any{made.at("reason"), made.at("priced"), made.at("taken_back"), made.at("told")})
	one := a.get(path + "/announcements/" + made.at("id").(string))
	assert.Len(t, one.at("added"), 2)
	list := a.get(path + "/announcements?limit=1")
	assert.Equal(t, made.at("id"), list.at("announcements").([]any)[0].(map[string]any)["id"])
	next := list.at("next").(string)
	assert.Equal(t, "Autumn", a.get(path + "/announcements?limit=1&cursor=" + next).at("announcements").([]any)[0].(map[string]any)["reason"])
	a.get(client+"/prices/announcements?cursor="+next).expect(422, "cursor", "cursor.invalid")
	a.get(path+"/announcements/"+own.Account.String()).expect(404, "id", "not_found")
	a.get(client+"/prices/announcements/"+made.at("id").(string)).expect(404, "id", "not_found")
	p.gather(own, row("255", "", "0.06", p.at.Add(time.Minute)))
	p.at = p.at.Add(time.Hour)
	a.get(client+"/prices/draft/preview").expect(422, "rows.0.from", "from.past")
	a.edit("POST", client+"/prices/announcements", 1, `{}`).expect(422, "rows.0.from", "from.past")
}

func TestPartsOfPricesAreHidden(t *testing.T) {
	a, p, product, client, _ := priceAPI(t)
	p.gather(p.product, row("255", "", "0.06", p.at.Add(time.Hour)))
	for field, nulls := range map[string][]string{
		"mail.email": {"told", "affected.told"}, "login": {"affected.login"}, "contact.company": {"affected.company"},
	} {
		a.policy.Field = fields(map[string]adminhttp.Access{field: adminhttp.Hidden})
		got := a.get(product + "/prices/draft/preview")
		require.Equal(t, 200, got.status, got.body)
		for _, name := range nulls {
			if of, found := strings.CutPrefix(name, "affected."); found {
				assert.Nil(t, got.at("affected").([]any)[0].(map[string]any)[of], name)
				continue
			}
			assert.Nil(t, got.at(name), name)
		}
	}
	a.policy.Field = fields(map[string]adminhttp.Access{"currency": adminhttp.Hidden})
	assert.Nil(t, a.get(client+"/prices").at("currency"))
	assert.Nil(t, a.get(client+"/price?mcc=255").at("currency"))
	a.sendFile(client, "", 0, "text/csv", "mcc,price,from,currency\n255,1,2027-01-01,USD\n").expectAll(422, "header")
	a.policy.Field = fields(map[string]adminhttp.Access{"notes.product": adminhttp.Hidden})
	for _, path := range []string{client + "/prices", client + "/price?mcc=255", product + "/prices/draft/preview"} {
		a.get(path).expect(403, "actor", "forbidden")
	}
	assert.Equal(t, 200, a.get(product+"/prices").status)
	a.ask("POST", client+"/decide", `{"mcc":"255"}`, nil).expect(422, "mcc", "field.unknown")
	a.policy = adminhttp.FullAccess()
	a.policy.Scope = adminhttp.ClientsOf()
	a.get(product+"/prices/draft/preview").expect(403, "actor", "forbidden")
	a.edit("PUT", product+"/prices/draft", 1, `{}`).expect(403, "actor", "forbidden")
	a.get(client+"/prices").expect(404, "id", "not_found")
}

func TestAMessageIsTriedByItsNetworkByJSON(t *testing.T) {
	a, p, _, client, own := priceAPI(t)
	try := func(price string) answer {
		t.Helper()
		got := a.ask("POST", client+"/decide", `{"channel":"smpp","sender":"ACME","destination":"380501112233","parts":2,"mcc":"255","mnc":"01"`+price+`}`, nil)
		require.Equal(t, 200, got.status, got.body)
		return got
	}
	got := try("")
	assert.Equal(t, []any{"0.04", "0.08", "product", "01"}, []any{got.at("price"), got.at("cost"), got.at("priced_by.origin"), got.at("priced_by.mnc")})
	got = try(`,"price":"0.5"`)
	assert.Equal(t, []any{"0.5", nil}, []any{got.at("price"), got.object()["priced_by"]})
	p.announce(own, "", price.Row{Network: price.Network{MCC: "255"}, From: p.at, State: price.StateClosed})
	got = try("")
	assert.Equal(t, []any{nil, "own", "closed", "refuse"}, []any{got.object()["price"], got.at("priced_by.origin"), got.at("priced_by.state"), got.at("verdict")})
}

func TestUsageByJSON(t *testing.T) {
	s := newTraffic(t)
	a := newAPIOver(t, s.svc)
	id := a.create("acme", sending)
	s.ways(id)
	path := "clients/" + id.String() + "/usage"
	got := a.get(path)
	require.Equal(t, 200, got.status, got.body)
	assert.Equal(t, []any{"2026-10-28", "2026-11-26", "EUR", true}, []any{got.at("first"), got.at("last"), got.at("currency"), got.at("complete")})
	var used decimal.Decimal
	for _, item := range got.at("days").([]any) {
		used = used.Add(decimal.RequireFromString(item.(map[string]any)["used"].(string)))
	}
	assert.Equal(t, "0.2808", used.String(), "as the figures have it")
	assert.Len(t, a.get(path+"?first=2026-11-25&last=2026-11-26").at("days"), 1)
	a.get(path+"?first=2025-11-25").expect(422, "first", "dates.range")
	assert.Len(t, a.get(path+"?first=x&last=y&from=z").faults(), 3)
	assert.NotNil(t, a.get(path).at("runs_out"))
	a.policy.Field = fields(map[string]adminhttp.Access{"credit.limit": adminhttp.Hidden})
	assert.Nil(t, a.get(path).at("runs_out"), "which follows from what is available")
	a.policy.Field = fields(map[string]adminhttp.Access{"time_zone": adminhttp.Hidden})
	a.get(path).expect(403, "actor", "forbidden")
}

func TestWithoutPricesByJSON(t *testing.T) {
	svc := clientaccount.New(plainStore{memstore.New()}, nil)
	a := newAPIOver(t, svc)
	id := a.create("acme", nil)
	for _, path := range []string{"/prices", "/prices/draft", "/prices/announcements", "/price?mcc=255"} {
		a.get("clients/"+id.String()+path).expect(http.StatusNotImplemented, "id", "prices.missing")
	}
	a.get("clients/"+id.String()+"/usage").expect(http.StatusNotImplemented, "id", "documents.missing")
}

// A client has a list of their own, with all that a product's has.
func TestAClientsOwnListByJSON(t *testing.T) {
	a, p, _, client, own := priceAPI(t)
	path := client + "/prices"
	wanted := `{"rows":[{"mcc":"255","mnc":"01","from":"2026-12-01T00:00:00Z","price":"0.035"}]}`
	require.Equal(t, 200, a.edit("PUT", path+"/draft", 0, wanted).status)
	assert.Len(t, a.get(path+"/draft").at("rows"), 1)
	look := a.get(path + "/draft/preview")
	assert.Equal(t, []any{1.0, 1.0, 1.0}, []any{look.at("down"), look.at("clients"), look.at("told")}, "over what the product says")
	made := a.edit("POST", path+"/announcements", 1, `{}`)
	require.Equal(t, 200, made.status, made.body)
	assert.Len(t, a.get(path+"/announcements").at("announcements"), 1)
	assert.Len(t, a.get(path+"/announcements/"+made.at("id").(string)).at("added"), 1)
	p.gather(own, row("260", "", "0.1", p.at.Add(time.Hour)))
	assert.Equal(t, 204, a.edit("DELETE", path+"/draft", p.draft(own).Revision, "").status)
}

// Announcements of very many rows make short pages, and the older ones are still found.
func TestAnnouncementsOfManyRowsEndNoList(t *testing.T) {
	a, p, _, client, own := priceAPI(t)
	p.announce(own, "the oldest", row("260", "", "0.2", p.at))
	p.at = p.at.Add(time.Hour)
	rows := make([]price.Row, clientaccount.MaxPriceRows-1)
	for i := range rows {
		rows[i] = row("255", "", "0.1", p.at.Add(time.Duration(i+1)*time.Minute))
	}
	p.announce(own, "many", rows...)
	p.at = p.at.Add(time.Second)
	d, err := p.svc.SavePriceDraft(t.Context(), store.PriceDraft{Owner: own, Draft: price.Draft{Undo: []price.Start{rows[0].Start()}}})
	require.NoError(t, err)
	_, err = p.svc.AnnouncePrices(t.Context(), own, d.Revision, d.Actor, "taken back")
	require.NoError(t, err)
	reasons, path := []any{}, client+"/prices/announcements?limit=3"
	for next := ""; ; {
		got := a.get(path + next)
		require.Equal(t, 200, got.status, got.body)
		for _, item := range got.at("announcements").([]any) {
			reasons = append(reasons, item.(map[string]any)["reason"])
		}
		cursor, more := got.at("next").(string)
		if !more {
			break
		}
		next = "&cursor=" + cursor
	}
	assert.Equal(t, []any{"taken back", "many", "the oldest"}, reasons)
	older := a.get(client + "/prices/announcements?limit=2")
	assert.NotNil(t, older.at("next"))
}
