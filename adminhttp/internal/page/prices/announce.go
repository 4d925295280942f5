package prices

import (
	"errors"
	"net/http"
	"slices"

	"github.com/clientaccount/clientaccount"
	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/account/price"
	"github.com/clientaccount/clientaccount/adminhttp/internal/ask"
	"github.com/clientaccount/clientaccount/adminhttp/internal/kind"
	"github.com/clientaccount/clientaccount/adminhttp/internal/page"
	"github.com/clientaccount/clientaccount/adminhttp/internal/words"
)

// stepView is what a draft comes to, before it is announced.
type stepView struct {
	frame
	Action   string // URL that the form is sent to; empty: who asks may not announce
	Back     string // URL of the draft
	Revision int64
	Counts   []page.Link // changes by their kind
	Clients  words.Text  // whom it concerns
	Affected []effectRow
	Others   words.Text // how many more there are
	Told     bool       // whether they are told may be told
	Rows     []changeRow
	Pager    pager
	Why      kind.Control
	Button   words.Text
	Empty    words.Text // why nothing can be announced
}

// changeRow is what a network costs before and after.
type changeRow struct {
	networkView
	Before, After words.Text
	Pill          page.Pill
	By            words.Text
	When          words.Moment
}

// effectRow is what it comes to for a client.
type effectRow struct {
	Client  page.NameLink
	Company string
	Words   words.Text
	Told    page.Pill
}

func showStep(w http.ResponseWriter, r *ask.Request) error {
	d, err := newDesk(r)
	if err != nil {
		return err
	}
	return d.renderStep(w, http.StatusOK, newTyped(nil))
}

func (d *desk) renderStep(w http.ResponseWriter, status int, t *typed) error {
	v := stepView{frame: d.newFrame("draft", "Announce prices"), Back: d.URL("draft"), Revision: d.draft.Revision, Told: d.r.Judge.SeesTold()}
	preview, err := d.r.PreviewPrices()
	faults, bad := price.AsFaults(err)
	switch {
	case errors.Is(err, account.ErrNotFound):
		v.Empty = "There is no draft, so nothing is to be announced."
	case bad:
		d.refuseRows(t, d.draft.Draft, faults)
		status, v.Empty = http.StatusUnprocessableEntity, "The draft can no longer be announced as it is."
	case err != nil:
		return err
	default:
		d.addPreview(&v, preview, t)
	}
	v.Faults = t.faults
	return pages.Show(w, d.r, status, "announce", v.title(), v)
}

// addPreview puts what the draft comes to into words.
func (d *desk) addPreview(v *stepView, p clientaccount.PricePreview, t *typed) {
	v.Revision = p.Draft.Revision
	d.addChanges(v, p.Changes)
	d.addAffected(v, p)
	rows := words.Plural(len(p.Draft.Draft.Rows)+len(p.Draft.Draft.Undo), "row")
	v.Button = words.Textf("Announce %s", rows)
	if d.r.Judge.Meets(d.needs.Announce) {
		v.Action = d.URL("announce")
		v.Why = d.control(t, kind.Control{Path: page.NameReason, Widget: "input", Effect: "For whoever looks at what was announced; may stay empty."})
	}
}

// kindOrder is that in which changes are counted.
var kindOrder = []price.ChangeKind{price.ChangeUp, price.ChangeDown, price.ChangeNew, price.ChangeClosed, price.ChangeNone}

// addChanges counts changes, and adds those of a kind, a page of them.
func (d *desk) addChanges(v *stepView, changes []price.Change) {
	sought, counts := d.r.URL.Query().Get("kind"), map[price.ChangeKind]int{}
	for _, c := range changes {
		counts[c.Kind()]++
	}
	for _, k := range kindOrder {
		name := kindName(k)
		if counts[k] > 0 {
			v.Counts = append(v.Counts, page.Link{Name: words.Textf("%s %s", words.Count(counts[k]), kindWords[k]), Href: d.URL("announce", "kind", name), Current: sought == name})
		}
	}
	if !slices.ContainsFunc(v.Counts, func(l page.Link) bool { return l.Current }) {
		sought = ""
	}
	if sought != "" {
		changes = slices.DeleteFunc(slices.Clone(changes), func(c price.Change) bool { return kindName(c.Kind()) != sought })
	}
	shown, pager := pageOf(d, changes, words.Plural(len(changes), "change"), "announce", "kind", sought)
	v.Pager = pager
	for _, c := range shown {
		d.fit(c.Before, c.After)
	}
	for _, c := range shown {
		v.Rows = append(v.Rows, changeRow{d.network(c.Network), d.priced(c.Before), d.priced(c.After), changePills[c.Kind()], d.by(c), d.moment(c.From)})
	}
}

// kindWords are what kinds of change are called in counts.
var kindWords = map[price.ChangeKind]words.Text{
	price.ChangeUp: "up", price.ChangeDown: "down", price.ChangeNew: "new", price.ChangeClosed: "closed", price.ChangeNone: "as before",
}

// kindName is what a kind of change is called in URLs.
func kindName(k price.ChangeKind) string {
	if k == price.ChangeNone {
		return "as before"
	}
	return string(k)
}

// addAffected tells whom the draft concerns.
func (d *desk) addAffected(v *stepView, p clientaccount.PricePreview) {
	for _, e := range p.Affected {
		row := effectRow{Client: page.NameLink{Name: words.Plain(e.Login), Href: d.r.Root + "clients/" + e.Account.String() + "/prices"}, Company: e.Company, Words: effectWords(e), Told: page.Pill{Word: "Not told", Tone: "off"}}
		if e.Login == "" {
			row.Client.Name = "a client"
		}
		if e.Told {
			row.Told = page.Pill{Word: "Gets a price update", Tone: "good"}
		}
		v.Affected = append(v.Affected, row)
	}
	v.Clients = d.clientWords(p)
	if len(p.Affected) >= account.MaxPage {
		v.Others = words.Textf("The first %d are shown; there may be more.", len(p.Affected))
	}
}

// clientWords say whom a draft concerns, and how many of them are told.
func (d *desk) clientWords(p clientaccount.PricePreview) words.Text {
	said := words.Text("Prices change for this client")
	switch {
	case d.isProduct() && p.Clients == 0:
		return "No client pays by this list."
	case d.isProduct():
		said = words.Textf("%s clients pay by this list", words.Count(p.Clients))
		if p.Clients == 1 {
			said = "1 client pays by this list"
		}
	case len(p.Affected) == 0:
		said = "Nothing changes for this client"
	}
	if d.r.Judge.SeesTold() {
		return words.Textf("%s; %s will be mailed.", said, words.Plural(p.Told, "price update"))
	}
	return words.Textf("%s.", said)
}

// effectWords are what a client's prices do: "12 up, 3 down".
func effectWords(e clientaccount.PriceEffect) words.Text {
	var said []words.Text
	for _, part := range []struct {
		n    int
		name words.Text
	}{{e.Up, "up"}, {e.Down, "down"}, {e.New, "new"}, {e.Closed, "closed"}} {
		if part.n > 0 {
			said = append(said, words.Textf("%s %s", words.Count(part.n), part.name))
		}
	}
	return words.Join(said, ", ")
}

// announce has the draft hold.
func announce(w http.ResponseWriter, r *ask.Request) error {
	values, err := page.ReadValues(r)
	if err != nil {
		return err
	}
	d, err := newDesk(r)
	if err != nil {
		return err
	}
	t := newTyped(values)
	for _, fault := range page.CheckNames(values, map[string]bool{page.NameRevision: true, page.NameReason: true}) {
		t.refuse(fault.Path, words.Coded(fault.Code, fault.Text))
	}
	revision, given := t.revision()
	switch {
	case len(t.faults) > 0:
		return d.renderStep(w, http.StatusUnprocessableEntity, t)
	case !given:
		t.refuse("", words.Fault(ask.VersionRequired))
		return d.renderStep(w, http.StatusPreconditionRequired, t)
	}
	_, err = r.Service.AnnouncePrices(r.Context(), r.PriceOwner(), revision, r.Actor, page.ReasonOf(values))
	return d.announced(w, t, err)
}

// announced answers to an announcement: what was announced, or why nothing was.
func (d *desk) announced(w http.ResponseWriter, t *typed, err error) error {
	faults, bad := account.AsFaults(err)
	_, badRows := price.AsFaults(err)
	switch {
	case bad:
		for _, f := range faults {
			t.refuse(f.Path, words.Coded(f.Code, f.Text))
		}
		return d.renderStep(w, http.StatusUnprocessableEntity, t)
	case badRows: // the step finds them again
		return d.renderStep(w, http.StatusUnprocessableEntity, t)
	case errors.Is(err, account.ErrStale), errors.Is(err, account.ErrNotFound):
		if d.draft, err = d.r.PriceDraft(); err != nil {
			return err
		}
		t.refuse("", "The draft was changed by somebody else meanwhile. Nothing was announced: look at what it comes to now.")
		return d.renderStep(w, http.StatusConflict, t)
	case err != nil:
		return err
	default:
		page.Redirect(w, d.URL("announcements", "done", "announced"))
		return nil
	}
}
