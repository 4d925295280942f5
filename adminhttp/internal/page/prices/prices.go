// Package prices is the pages of price lists, those of products and of clients: the list as it
// holds, its draft, the step in which that is looked at and announced, and what was announced.
package prices

import (
	"embed"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/shopspring/decimal"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/account/price"
	"github.com/clientaccount/clientaccount/adminhttp/internal/access"
	"github.com/clientaccount/clientaccount/adminhttp/internal/ask"
	"github.com/clientaccount/clientaccount/adminhttp/internal/page"
	"github.com/clientaccount/clientaccount/adminhttp/internal/words"
)

//go:embed templates/*.html
var files embed.FS

var pages = page.Parse(files)

// Routes returns the pages of price lists.
func Routes() (routes []page.Route) {
	pages() // parsed now, and not by the first request
	for _, of := range []struct {
		path  string
		needs access.PriceNeeds
	}{{"products/{id}/prices", access.ProductPrices}, {"clients/{id}/prices", access.ClientPrices}} {
		routes = append(routes,
			page.Get(of.path, of.needs.See, showList),
			page.Get(of.path+"/export", of.needs.See, exportList),
			page.Get(of.path+"/draft", of.needs.See, showDraft),
			page.Post(of.path+"/draft", of.needs.Draft, changeDraft),
			page.Get(of.path+"/announce", of.needs.Look, showStep),
			page.Post(of.path+"/announce", of.needs.Announce, announce),
			page.Get(of.path+"/announcements", of.needs.See, showHistory),
		)
	}
	return routes
}

// desk is what every page is made from: who asks, the list, and its draft.
type desk struct {
	r     *ask.Request
	head  page.Head
	needs access.PriceNeeds
	list  ask.Prices
	draft ask.PriceDraft
	now   time.Time
	// places are the decimals of the column of prices that is made.
	places int
}

func newDesk(r *ask.Request) (*desk, error) {
	d := &desk{r: r, now: r.Service.Now(), needs: access.ClientPrices}
	var err error
	if d.list, err = r.Prices(); err != nil {
		return nil, err
	}
	if d.draft, err = r.PriceDraft(); err != nil {
		return nil, err
	}
	if d.isProduct() {
		d.needs = access.ProductPrices
		d.head = page.ProductHead(r, r.ID, d.list.Name, "prices")
		return d, nil
	}
	d.head, err = page.ReadHead(r, r.Client, "prices")
	return d, err
}

// isProduct reports whether the list is a product's.
func (d *desk) isProduct() bool { return d.list.Of.Account.IsZero() }

// URL returns a page of the list: "" is the list itself.
func (d *desk) URL(name string, query ...string) string {
	to := d.head.URL("prices")
	if name != "" {
		to += "/" + name
	}
	values := url.Values{}
	for i := 0; i+1 < len(query); i += 2 {
		if query[i+1] != "" {
			values.Set(query[i], query[i+1])
		}
	}
	if len(values) > 0 {
		to += "?" + values.Encode()
	}
	return to
}

// moment returns an instant by the list's clock.
func (d *desk) moment(t time.Time) words.Moment { return words.MomentOf(t, d.now, d.list.Zone) }

// clock says by which one instants are typed.
func (d *desk) clock() words.Text { return words.Textf("By the clock of %s.", d.list.Zone.String()) }

// frame is what stands on every page of a list.
type frame struct {
	Head  page.Head
	Title words.Text // of the page
	Parts []page.Link
	Done  words.Text // what was done just now
	// Faults are all that was wrong with what was sent.
	Faults []page.FaultLink
}

// newFrame returns that of a page, which is called by its name in URLs.
func (d *desk) newFrame(current string, title words.Text) frame {
	f := frame{Head: d.head, Title: title}
	draft := words.Text("Draft")
	if n := d.drafted(); n > 0 {
		draft = words.Textf("Draft, %s", words.Plural(n, "row"))
	}
	for _, part := range []struct {
		name  string
		label words.Text
	}{{"", "As it holds"}, {"draft", draft}, {"announcements", "Announced"}} {
		f.Parts = append(f.Parts, page.Link{Name: part.label, Href: d.URL(part.name), Current: part.name == current})
	}
	return f
}

// title is that of a page in the window.
func (f frame) title() words.Text {
	said := words.Textf("%s · %s", f.Title, f.Head.Name)
	if len(f.Faults) > 0 {
		said = words.Textf("Errors · %s", said)
	}
	return said
}

// drafted is how many rows the draft adds and takes back.
func (d *desk) drafted() int { return len(d.draft.Draft.Rows) + len(d.draft.Draft.Undo) }

// networkView is a network as people know it.
type networkView struct {
	Country words.Text // may be empty
	Name    words.Text // what the host calls it, or that it is all of the country
	MCC     string
	MNC     words.Text // "all" of a country
	Code    string     // the MNC; empty of a country
}

func (d *desk) network(n price.Network) networkView {
	v := networkView{Country: words.Text(d.list.Country(n)), Name: words.Plain(d.list.Network(n)), MCC: n.MCC, MNC: words.Plain(n.MNC), Code: n.MNC}
	if d.list.Network(n) == "" {
		v.Name = ""
	}
	if n.MNC == "" {
		v.Name, v.MNC = "all networks", "all"
	}
	if v.Country == "" {
		v.Country = "No country"
	}
	return v
}

// words returns a network in a line: "Ukraine, Kyivstar (255 03)".
func (v networkView) words() words.Text {
	said := v.Country
	if v.Name != "" {
		said = words.Textf("%s, %s", said, v.Name)
	}
	return words.Textf("%s (%s)", said, strings.TrimSpace(v.MCC+" "+v.Code))
}

// money is a price in a sentence.
func (d *desk) money(p decimal.Decimal) words.Text { return words.Money(p, d.list.Currency) }

// priced is a price in a column; unset is what is not sold.
func (d *desk) priced(p account.Optional[decimal.Decimal]) words.Text {
	if of, sold := p.Get(); sold {
		return words.Aligned(of, d.list.Currency, d.places)
	}
	return "not sold"
}

// fit makes the column of prices wide enough.
func (d *desk) fit(prices ...account.Optional[decimal.Decimal]) {
	for _, p := range prices {
		of, _ := p.Get()
		d.places = max(d.places, words.Places(d.list.Currency, of))
	}
}

// rowWords are what a row says.
func (d *desk) rowWords(r price.Row) words.Text {
	switch r.State {
	case price.StatePriced:
		return words.Aligned(r.Price, d.list.Currency, d.places)
	case price.StateClosed:
		return "closed"
	default:
		return "withdrawn"
	}
}

// Rows of a page.
const pageRows = 100

// pager says which rows of how many a page shows, and where others are.
type pager struct {
	Said                      words.Text
	First, Before, Next, Last string // URLs; empty where there are none
}

// pageOf returns the rows of the page that the query asks for, and how to get to others; all says how
// many there are.
func pageOf[T any](d *desk, rows []T, all words.Text, name string, query ...string) ([]T, pager) {
	last := max(0, (len(rows)-1)/pageRows)
	n, err := strconv.Atoi(d.r.URL.Query().Get("page"))
	if err != nil || n < 1 {
		n = 1
	}
	n = min(n-1, last)
	from, to := n*pageRows, min(len(rows), (n+1)*pageRows)
	at := func(n int) string { return d.URL(name, append(query, "page", strconv.Itoa(n+1))...) + "#rows" }
	p := pager{Said: all}
	if last > 0 {
		p.Said = words.Textf("%s–%s of %s", words.Count(from+1), words.Count(to), p.Said)
	}
	if n > 0 {
		p.First, p.Before = at(0), at(n-1)
	}
	if n < last {
		p.Next, p.Last = at(n+1), at(last)
	}
	return rows[from:to], p
}
