package prices

import (
	"net/http"
	"strings"
	"time"

	"github.com/shopspring/decimal"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/account/price"
	"github.com/clientaccount/clientaccount/adminhttp/internal/ask"
	"github.com/clientaccount/clientaccount/adminhttp/internal/kind"
	"github.com/clientaccount/clientaccount/adminhttp/internal/page"
	"github.com/clientaccount/clientaccount/adminhttp/internal/words"
	"github.com/clientaccount/clientaccount/internal/say"
)

// listView is a price list as it holds.
type listView struct {
	frame
	Sought string
	Action string     // URL of the list
	Empty  words.Text // why there are no rows
	Rows   []listRow
	Whose  bool // rows say whose they are
	Pager  pager
	Answer *lookAnswer
	Look   []kind.Control
	Export *exportView
	Takes  string // URL to which rows are taken back; empty: who asks may not
	Draft  int64  // its revision
}

// listRow is what a network costs, and will.
type listRow struct {
	networkView
	Price words.Text
	Since words.Text // of the row
	Own   bool
	Next  *nextView
}

// nextView is the next change of a price.
type nextView struct {
	Price words.Text
	Pill  page.Pill
	By    words.Text
	When  words.Moment
	Back  *backStart // the row can be taken back
}

// backStart is a row that a form takes back, and which one that is.
type backStart struct {
	MCC, MNC, From string
	Words          words.Text
}

// changePills are the kinds of change.
var changePills = map[price.ChangeKind]page.Pill{
	price.ChangeUp: {Word: "Up", Tone: "bad"}, price.ChangeDown: {Word: "Down", Tone: "good"}, price.ChangeNew: {Word: "New", Tone: "warn"},
	price.ChangeClosed: {Word: "Closed", Tone: "off"}, price.ChangeNone: {Word: "As before", Tone: "off"},
}

func showList(w http.ResponseWriter, r *ask.Request) error {
	d, err := newDesk(r)
	if err != nil {
		return err
	}
	query := r.URL.Query()
	v := listView{frame: d.newFrame("", "Prices"), Sought: strings.TrimSpace(query.Get("q")), Action: d.URL(""), Whose: !d.isProduct(), Draft: d.draft.Revision}
	if r.Judge.Meets(d.needs.Draft) {
		v.Takes = d.URL("draft")
	}
	d.addRows(&v)
	d.addLook(&v)
	v.Export = d.export()
	status := http.StatusOK
	if len(v.Faults) > 0 {
		status = http.StatusUnprocessableEntity
	}
	return pages.Show(w, r, status, "prices", v.title(), v)
}

// addRows adds the networks that were sought, a page of them.
func (d *desk) addRows(v *listView) {
	networks := d.list.Matching(v.Sought)
	shown, pager := pageOf(d, networks, words.Plural(len(networks), "network"), "", "q", v.Sought)
	v.Pager = pager
	schedules := d.list.Schedules(shown, d.now)
	for _, n := range shown {
		for _, c := range schedules[n] {
			d.fit(c.After)
		}
	}
	for _, n := range shown {
		v.Rows = append(v.Rows, d.listRow(n, schedules[n]))
	}
	switch {
	case len(networks) == 0 && v.Sought != "":
		v.Empty = "No network matches."
	case len(networks) == 0 && d.isProduct():
		v.Empty = "This product has no prices yet."
	case len(networks) == 0:
		v.Empty = "This client has no prices: no rows of their own, and their product has none."
	}
}

// listRow puts a network's schedule into words.
func (d *desk) listRow(n price.Network, schedule []price.Change) listRow {
	row := listRow{networkView: d.network(n)}
	var now account.Optional[decimal.Decimal]
	for _, c := range schedule {
		if c.From.After(d.now) {
			row.Next = d.next(c)
			break
		}
		now = c.After
	}
	found, sold := d.list.Find(n, d.now)
	row.Price, row.Own = d.priced(now), found.Origin == account.OriginOwn
	switch {
	case sold:
		row.Since = words.Textf("since %s", say.Instant{At: found.From.In(d.list.Zone), Layout: words.ShortLayout})
	case found.State == price.StateClosed:
		row.Since = words.Textf("closed since %s", say.Instant{At: found.From.In(d.list.Zone), Layout: words.ShortLayout})
	}
	return row
}

func (d *desk) next(c price.Change) *nextView {
	v := &nextView{Price: d.priced(c.After), Pill: changePills[c.Kind()], By: d.by(c), When: d.moment(c.From)}
	if start := (price.Start{Network: c.Network, From: c.From}); d.list.List().Has(start) {
		v.Back = &backStart{c.MCC, c.MNC, instantText(c.From), d.network(c.Network).words()}
	}
	return v
}

// by says by how much a price changes: "+0.0021 EUR, +7.2 %".
func (d *desk) by(c price.Change) words.Text {
	by, known := c.By()
	if !known || by.IsZero() {
		return ""
	}
	said := words.Signed(by, d.list.Currency)
	if percent, known := c.Percent(); known {
		sign := ""
		if percent.IsPositive() {
			sign = "+"
		}
		return words.Textf("%s, %s %%", said, say.Digits(sign+strings.Replace(percent.StringFixed(1), "-", "−", 1)))
	}
	return said
}

// lookAnswer is what a message to a network costs at an instant.
type lookAnswer struct {
	Words words.Text
	Note  words.Text
}

// addLook adds the form that asks for the price of a network at an instant, and its answer.
func (d *desk) addLook(v *listView) {
	query := d.r.URL.Query()
	at := query.Get("at")
	if at == "" {
		at = d.now.In(d.list.Zone).Format(kind.LocalLayout)
	}
	typed := ask.TypedPrice{MCC: query.Get("mcc"), MNC: query.Get("mnc"), Price: "0", From: at}
	var faults price.Faults
	if query.Has("mcc") {
		var row price.Row
		row, faults = d.looked(typed)
		if len(faults) == 0 {
			v.Answer = d.answer(row.Network, row.From)
		}
	}
	for _, c := range []kind.Control{
		{Path: "mcc", Label: "MCC", Effect: "Three digits.", Widget: "input", Mode: "numeric", Value: typed.MCC},
		{Path: "mnc", Label: "MNC", Effect: "Two or three; empty: any network.", Widget: "input", Mode: "numeric", Value: typed.MNC},
		{Path: "at", Label: "At", Effect: d.clock(), Widget: "time", Value: at},
	} {
		c.ID = kind.ControlID("look." + c.Path)
		c.Described, c.Plain = c.ID+"-hint", true
		var texts []words.Text
		for _, f := range faults {
			if f.Path == c.Path || f.Path == "from" && c.Path == "at" {
				texts = append(texts, words.Coded(f.Code, f.Text))
				v.Faults = append(v.Faults, page.FaultLink{Label: c.Label, Text: words.Coded(f.Code, f.Text), Href: "#" + c.ID})
			}
		}
		c.Refused(texts)
		v.Look = append(v.Look, c)
	}
}

// looked reads what is looked for.
func (d *desk) looked(typed ask.TypedPrice) (price.Row, price.Faults) {
	row, err := typed.Row(d.list.Zone, time.Time{})
	faults, _ := price.AsFaults(err)
	return row, faults
}

// answer says what a message costs.
func (d *desk) answer(n price.Network, at time.Time) *lookAnswer {
	where := words.Textf("%s on %s", d.network(n).words(), d.moment(at).Exact())
	found, sold := d.list.Find(n, at)
	whose := words.Text("the product's row")
	switch {
	case d.isProduct():
		whose = "the row"
	case found.Origin == account.OriginOwn:
		whose = "the client's own row"
	}
	by := words.Textf("By %s for %s, since %s.", whose, d.network(found.Network).words(), d.moment(found.From).Exact())
	switch {
	case sold:
		return &lookAnswer{words.Textf("%s: %s per part.", where, d.money(found.Price)), by}
	case found.State == price.StateClosed:
		return &lookAnswer{words.Textf("%s: closed, so that nothing is sent there.", where), by}
	default:
		return &lookAnswer{words.Textf("%s: no price.", where), "No row is about it, so that its messages have the price that is said with them, or none."}
	}
}
