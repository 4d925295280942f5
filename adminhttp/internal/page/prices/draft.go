package prices

import (
	"net/http"
	"net/url"
	"slices"
	"time"

	"github.com/clientaccount/clientaccount/account/price"
	"github.com/clientaccount/clientaccount/adminhttp/internal/ask"
	"github.com/clientaccount/clientaccount/adminhttp/internal/kind"
	"github.com/clientaccount/clientaccount/adminhttp/internal/page"
	"github.com/clientaccount/clientaccount/adminhttp/internal/words"
)

// draftView is the draft of a price list, and what changes it.
type draftView struct {
	frame
	Action   string // URL that forms are sent to
	Announce string // URL of the step; empty: who asks may not look
	Revision int64
	Changed  words.Text // who put it last, and when
	Rows     []draftRow
	Pager    pager
	Add      []kind.Control
	File     []kind.Control
	FileID   string
	FileErr  []words.Text
	Workbook bool        // they are read, too
	Bad      []fileFault // of the file that was sent
	More     int         // faults than are shown
	Change   bool        // who asks may change it
	Final    *page.Step  // before it is dropped
}

// draftRow is what the draft says of a network.
type draftRow struct {
	networkView
	Price words.Text
	Pill  page.Pill
	By    words.Text
	When  words.Moment
	Undo  bool
	From  string     // the instant, as a form sends it
	Told  words.Text // which row it is
}

// typed is what was sent to change a draft and refused.
type typed struct {
	values url.Values
	faults []page.FaultLink
	texts  map[string][]words.Text // of faults, by the input
	bad    price.Faults            // of a file
	final  *page.Step              // it was not refused: it is looked at before the draft is dropped
}

// refuse notes what is wrong with an input, or with all of it.
func (t *typed) refuse(name string, text words.Text) {
	link := page.FaultLink{Text: text}
	if label := inputLabels[name]; label != "" {
		link.Label, link.Href = label, "#"+kind.ControlID(name)
		t.texts[name] = append(t.texts[name], text)
	}
	t.faults = append(t.faults, link)
}

// inputLabels are what inputs are called, by their names.
var inputLabels = map[string]words.Text{
	"mcc": "MCC", "mnc": "MNC", "state": "What", "price": "Price", "from": "From",
	"file": "File", "separator": "Cells are separated by", "decimal": "Decimal sign", "charset": "Characters", "zone": "Clock", "since": "From", "extra": "Pass over other columns",
	"reason": "Why",
}

func newTyped(values url.Values) *typed {
	return &typed{values: values, texts: map[string][]words.Text{}}
}

func showDraft(w http.ResponseWriter, r *ask.Request) error {
	d, err := newDesk(r)
	if err != nil {
		return err
	}
	return d.renderDraft(w, http.StatusOK, newTyped(nil))
}

func (d *desk) renderDraft(w http.ResponseWriter, status int, t *typed) error {
	v := draftView{
		frame: d.newFrame("draft", "Draft of prices"), Action: d.URL("draft"), Revision: d.draft.Revision,
		Change: d.r.Judge.Meets(d.needs.Draft), Workbook: d.r.ReadWorkbook != nil,
	}
	v.Final = t.final
	v.Faults, v.Done = t.faults, doneWords[d.r.URL.Query().Get("done")]
	if d.r.Judge.Meets(d.needs.Look) && d.drafted() > 0 {
		v.Announce = d.URL("announce")
	}
	if !d.draft.At.IsZero() {
		v.Changed = words.Textf("Changed %s.", words.Relative(d.draft.At, d.now))
		if d.draft.Actor.Name != "" {
			v.Changed = words.Textf("Changed %s by %s.", words.Relative(d.draft.At, d.now), d.draft.Actor.Name)
		}
	}
	d.addDraftRows(&v)
	if v.Change {
		v.Add, v.File = d.addForm(t), d.fileForm(t)
		v.FileID, v.FileErr = kind.ControlID("file"), t.texts["file"]
		v.Bad, v.More = d.fileFaults(t.bad)
	}
	return pages.Show(w, d.r, status, "draft", v.title(), v)
}

// doneWords say what was done before the page was asked for.
var doneWords = map[string]words.Text{
	"added": "The draft has the row now.", "imported": "The draft has the rows of the file now.", "removed": "The draft says nothing of it any more.",
	"back": "The draft takes it back.", "dropped": "The draft was dropped.",
}

// addDraftRows adds what the draft says, a page of it: rows taken back first.
func (d *desk) addDraftRows(v *draftView) {
	undo := slices.SortedFunc(slices.Values(d.draft.Draft.Undo), compareStarts)
	rows := slices.SortedFunc(slices.Values(d.draft.Draft.Rows), func(a, b price.Row) int { return compareStarts(a.Start(), b.Start()) })
	places := make([]int, len(undo)+len(rows)) // of rows, by their index; only which are shown counts
	for i := range places {
		places[i] = i
	}
	shown, pager := pageOf(d, places, words.Plural(len(places), "row"), "draft")
	v.Pager = pager
	after, err := d.draft.Draft.Apply(d.list.List(), d.now)
	if err != nil { // some of it can no longer be announced: the step says what
		after = d.list.List()
	}
	for _, i := range shown {
		if i >= len(undo) {
			d.fit(d.with(after).Price(rows[i-len(undo)].Network, rows[i-len(undo)].From))
		}
	}
	for _, i := range shown {
		if i < len(undo) {
			v.Rows = append(v.Rows, d.undoRow(undo[i]))
			continue
		}
		v.Rows = append(v.Rows, d.addedRow(rows[i-len(undo)], after))
	}
}

func compareStarts(a, b price.Start) int {
	if c := a.Network.Compare(b.Network); c != 0 {
		return c
	}
	return a.From.Compare(b.From)
}

func (d *desk) undoRow(s price.Start) draftRow {
	v := d.network(s.Network)
	return draftRow{networkView: v, Pill: page.Pill{Word: "Taken back", Tone: "off"}, When: d.moment(s.From), Undo: true, From: instantText(s.From), Told: v.words()}
}

// addedRow is a row that the draft adds, beside what stands before it.
func (d *desk) addedRow(r price.Row, after *price.List) draftRow {
	v := d.network(r.Network)
	c := price.Change{Network: r.Network, From: r.From, Before: d.list.Price(r.Network, r.From.Add(-time.Microsecond)), After: d.with(after).Price(r.Network, r.From)}
	pill := changePills[c.Kind()]
	if r.State == price.StateWithdrawn {
		pill = page.Pill{Word: "Withdrawn", Tone: "off"}
	}
	return draftRow{networkView: v, Price: d.rowWords(r), Pill: pill, By: d.by(c), When: d.moment(r.From), From: instantText(r.From), Told: v.words()}
}

// with returns what is paid when the owner's list is another.
func (d *desk) with(l *price.List) price.Prices {
	p := d.list.Prices
	if d.isProduct() {
		p.Product = l
	} else {
		p.Own = l
	}
	return p
}

func instantText(t time.Time) string { return t.UTC().Format(time.RFC3339Nano) }

// control is an input of a form, with what was typed into it and what is wrong with that.
func (d *desk) control(t *typed, c kind.Control) kind.Control {
	c.ID, c.Label = kind.ControlID(c.Path), inputLabels[c.Path]
	c.Described, c.Plain = c.ID+"-hint", true
	if t.values.Has(c.Path) {
		c.Value = t.values.Get(c.Path)
	}
	c.On = c.Widget == "flag" && c.Value == "true"
	c.Refused(t.texts[c.Path])
	return c
}

// choice is an input of a few words.
func (d *desk) choice(t *typed, c kind.Control, options ...kind.Option) kind.Control {
	c.Widget = "select"
	c = d.control(t, c)
	c.Options = kind.NewOptions(options).Selected(c.Value)
	return c
}

// What a row that is added says.
const (
	statePrice     = "price"
	stateClosed    = string(price.StateClosed)
	stateWithdrawn = string(price.StateWithdrawn)
)

// addForm is the form that adds a row.
func (d *desk) addForm(t *typed) []kind.Control {
	withdraw := words.Text("Withdraw: the list says nothing of it any more")
	if !d.isProduct() {
		withdraw = "Withdraw: the product's price holds again"
	}
	return []kind.Control{
		d.control(t, kind.Control{Path: "mcc", Widget: "input", Mode: "numeric", Effect: "Mobile country code, three digits."}),
		d.control(t, kind.Control{Path: "mnc", Widget: "input", Mode: "numeric", Effect: "Of the network, two or three digits; empty: all of the country."}),
		d.choice(t, kind.Control{Path: "state", Value: statePrice, Effect: "What the row says from its instant on."},
			kind.Option{Value: statePrice, Label: "A price"}, kind.Option{Value: stateClosed, Label: "Close: nothing is sent there"}, kind.Option{Value: stateWithdrawn, Label: withdraw}),
		d.control(t, kind.Control{Path: "price", Widget: "amount", Unit: string(d.list.Currency), Effect: "Of one part, at most 6 decimals; empty where it is no price."}),
		d.control(t, kind.Control{Path: "from", Widget: "time", Effect: "From when it holds, not before now.", Now: d.clock()}),
	}
}

// fileForm says how a file is written.
func (d *desk) fileForm(t *typed) []kind.Control {
	separators := []kind.Option{{Label: "As the first line shows"}}
	for _, s := range ask.Separators {
		separators = append(separators, kind.Option{Value: s.Name, Label: s.Label})
	}
	return []kind.Control{
		d.choice(t, kind.Control{Path: "separator", Effect: "Of a CSV file."}, separators...),
		d.choice(t, kind.Control{Path: "decimal", Effect: "Of a CSV file."}, kind.Option{Label: "Point, 0.05"}, kind.Option{Value: "comma", Label: "Comma, 0,05"}),
		d.choice(t, kind.Control{Path: "charset", Effect: "Of a CSV file without a byte order mark."},
			kind.Option{Label: "UTF-8"}, kind.Option{Value: string(price.CharsetWindows1251), Label: "Windows-1251"},
			kind.Option{Value: string(price.CharsetUTF16LE), Label: "UTF-16 LE"}, kind.Option{Value: string(price.CharsetUTF16BE), Label: "UTF-16 BE"}),
		d.control(t, kind.Control{Path: "zone", Widget: "input", Value: d.list.Zone.String(), Effect: "Time zone of instants without an offset."}),
		d.control(t, kind.Control{Path: "since", Widget: "time", Effect: "Of rows that say none, by that clock; may stay empty."}),
		d.control(t, kind.Control{Path: "extra", Widget: "flag", Effect: "Otherwise a column that is not known is a fault."}),
	}
}
