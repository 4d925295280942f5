package accesstest_test

import (
	"strings"
	"time"

	"github.com/shopspring/decimal"

	"github.com/clientaccount/clientaccount/account/accounttest"
	"github.com/clientaccount/clientaccount/account/price"
	"github.com/clientaccount/clientaccount/store"
)

// prices makes lists of a product that the main client may have, of one that it has, and of the
// client: one row that holds, one that will, and a draft.
func (w *world) prices() {
	w.Helper()
	now := accounttest.Now()
	for i, of := range []store.PriceOwner{{Product: w.ids["plain"]}, {Product: w.ids["productplanteda"]}, {Product: w.ids["productplantedb"]}, {Account: w.ids["main"]}, {Account: w.ids["outside"]}} {
		row := func(from time.Time, mnc string) price.Row {
			return price.Row{Network: price.Network{MCC: "255", MNC: mnc}, From: from, Price: decimal.New(int64(1000+i), -4)}
		}
		gather := func(rows ...price.Row) store.PriceDraft {
			d, err := w.svc.SavePriceDraft(w.Context(), store.PriceDraft{Owner: of, Draft: price.Draft{Rows: rows}, Actor: self})
			w.must(err)
			return d
		}
		made, err := w.svc.AnnouncePrices(w.Context(), of, gather(row(now, "01"), row(now.Add(time.Hour), "")).Revision, self, "Announced")
		w.must(err)
		w.announced[of] = made.ID.String()
		gather(row(now.Add(2*time.Hour), "03"))
	}
}

// csvFile is a list that is imported, and multipart the form that sends it.
const (
	csvFile   = "mcc,mnc,price,from\n255,06,0.05,2099-01-01\n"
	formFile  = "multipart/form-data; boundary=cut"
	multipart = "--cut\r\nContent-Disposition: form-data; name=\"revision\"\r\n\r\n1\r\n--cut\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.csv\"\r\n\r\n" + csvFile + "\r\n--cut--\r\n"
)

// priceAsks are the routes of price lists, of a client and of a product, and what they come to.
func (w *world) priceAsks(client string, all *[]ask) {
	for _, of := range []struct {
		owners string
		owner  store.PriceOwner
	}{{"clients", store.PriceOwner{Account: w.ids[client]}}, {"products", store.PriceOwner{Product: w.ids["plain"]}}} {
		add := func(method, path, query, body, media, version string) {
			pattern := of.owners + "/{id}/" + path
			if rest, isAPI := strings.CutPrefix(path, "api/"); isAPI {
				pattern = "api/" + of.owners + "/{id}/" + rest
			}
			target := strings.NewReplacer("{id}", of.owner.ID().String(), "{announcement}", w.announced[of.owner]).Replace(pattern)
			if query != "" {
				target += "?" + query
			}
			*all = append(*all, ask{route: method + " " + pattern, method: method, target: target, body: body, media: media, version: version})
		}
		for _, query := range []string{"", "q=255", "mcc=255&mnc=01&at=2026-11-24T00:00", "mcc=x"} {
			add("GET", "prices", query, "", "", "")
		}
		add("GET", "prices/export", "what=rows", "", "", "")
		add("GET", "prices/export", "what=update&separator=semicolon&decimal=comma", "", "", "")
		add("GET", "prices/draft", "", "", "", "")
		add("GET", "prices/announce", "", "", "", "")
		add("GET", "prices/announcements", "", "", "", "")
		add("GET", "prices/announcements", "id="+w.announced[of.owner], "", "", "")
		add("POST", "prices/draft", "", form("_do", "add", "revision", "1", "mcc", "255", "mnc", "07", "state", "price", "price", "0.07", "from", "2099-01-01T00:00"), formMedia, "")
		add("POST", "prices/draft", "", form("_do", "undo", "revision", "1", "announcement", w.announced[of.owner]), formMedia, "")
		add("POST", "prices/draft", "", form("_do", "drop", "revision", "7"), formMedia, "")
		add("POST", "prices/draft", "", multipart, formFile, "")
		add("POST", "prices/announce", "", form("revision", "7"), formMedia, "")
		add("POST", "prices/announce", "", form("revision", "1", "reason", "r"), formMedia, "")
		add("GET", "api/prices", "mcc=255", "", "", "")
		add("GET", "api/prices/draft", "", "", "", "")
		add("GET", "api/prices/draft/preview", "", "", "", "")
		add("PUT", "api/prices/draft", "", `{"rows":[{"mcc":"255","mnc":"08","from":"2099-01-01T00:00:00Z","price":"0.08"}]}`, jsonMedia, "1")
		add("POST", "api/prices/draft/import", "separator=comma", csvFile, "text/csv", "1")
		add("DELETE", "api/prices/draft", "", "", "", "7")
		add("POST", "api/prices/announcements", "", `{"reason":"r"}`, jsonMedia, "1")
		add("GET", "api/prices/announcements", "limit=1", "", "", "")
		add("GET", "api/prices/announcements/{announcement}", "", "", "", "")
	}
}

// tariffAsks are the questions what a message costs, and what was used.
func (w *world) tariffAsks(at asking, query func(route, query string), by string) {
	query("GET api/clients/{id}/price", "mcc=255&mnc=01")
	query("GET api/clients/{id}/price", "mcc=255&at=2026-12-01T00:00:00Z")
	at("GET api/clients/{id}/usage", "", "")
	query("GET api/clients/{id}/usage", "first=2026-11-20&last=2026-11-24")
	query("GET clients/{id}/money", "days=90")
	query("GET clients/{id}/decide", "channel="+by+"&sender=ACME&destination=380501112233&parts=1&price=&mcc=255&mnc=01")
	at("POST api/clients/{id}/decide", `{"channel":"`+by+`","sender":"ACME","destination":"380501112233","parts":1,"mcc":"255","mnc":"01"}`, "")
}
