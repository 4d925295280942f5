package prices

import (
	"errors"
	"mime"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/account/price"
	"github.com/clientaccount/clientaccount/adminhttp/internal/ask"
	"github.com/clientaccount/clientaccount/adminhttp/internal/page"
	"github.com/clientaccount/clientaccount/adminhttp/internal/words"
)

// draftAction is what one of the buttons does to a draft.
type draftAction struct {
	names []string // of its inputs
	done  string   // what the page says then
	// edit returns the draft as it is to be, unless it refuses what was typed.
	edit func(*desk, *typed) (price.Draft, error)
}

// draftActions returns all of them but to drop it, by the name that a form sends.
func draftActions() map[string]draftAction {
	row := []string{"mcc", "mnc", "from"}
	return map[string]draftAction{
		"add":    {append(row, "state", "price"), "added", addRow},
		"remove": {append(row, "undo"), "removed", removeRow},
		"back":   {row, "back", takeBack},
		"undo":   {[]string{"announcement"}, "back", undoAnnouncement},
		"drop":   {nil, "dropped", nil},
	}
}

// changeDraft does what one of the page's buttons asks for, or takes a file.
func changeDraft(w http.ResponseWriter, r *ask.Request) error {
	if media, _, _ := mime.ParseMediaType(r.Header.Get("Content-Type")); media == "multipart/form-data" {
		return importRows(w, r)
	}
	values, err := page.ReadValues(r)
	if err != nil {
		return err
	}
	action, known := draftActions()[values.Get(page.NameDo)]
	if !known {
		return ask.StatusError(http.StatusBadRequest)
	}
	d, err := newDesk(r)
	if err != nil {
		return err
	}
	t := newTyped(values)
	names := map[string]bool{page.NameDo: true, page.NameRevision: true, page.NameWarned: action.edit == nil}
	for _, name := range action.names {
		names[name] = true
	}
	for _, fault := range page.CheckNames(values, names) {
		t.refuse(fault.Path, words.Coded(fault.Code, fault.Text))
	}
	if len(t.faults) > 0 {
		return d.renderDraft(w, http.StatusUnprocessableEntity, t)
	}
	if action.edit == nil {
		return d.drop(w, t)
	}
	draft, err := action.edit(d, t)
	if err != nil {
		return err
	}
	return d.save(w, t, draft, action.done)
}

// revision is that of the draft which the form was made from; false where it does not say.
func (t *typed) revision() (int64, bool) {
	n, err := strconv.ParseInt(t.values.Get(page.NameRevision), 10, 64)
	return n, err == nil && n >= 0
}

// save keeps a draft, and leads to its page; or shows why it was not kept.
func (d *desk) save(w http.ResponseWriter, t *typed, draft price.Draft, done string) error {
	revision, given := t.revision()
	switch {
	case len(t.faults) > 0:
		return d.renderDraft(w, http.StatusUnprocessableEntity, t)
	case !given:
		t.refuse("", words.Fault(ask.VersionRequired))
		return d.renderDraft(w, http.StatusPreconditionRequired, t)
	}
	_, err := d.r.SavePriceDraft(revision, draft)
	if faults, bad := price.AsFaults(err); bad {
		d.refuseRows(t, draft, faults)
		return d.renderDraft(w, http.StatusUnprocessableEntity, t)
	}
	return d.changed(w, t, err, done)
}

// changed answers to a change of the draft: its page, or that somebody else was faster.
func (d *desk) changed(w http.ResponseWriter, t *typed, err error, done string) error {
	revision, _ := t.revision()
	lost := errors.Is(err, account.ErrStale) || revision == 0 && errors.Is(err, account.ErrConflict) || revision > 0 && errors.Is(err, account.ErrNotFound)
	switch {
	case lost:
		var again error
		if d.draft, again = d.r.PriceDraft(); again != nil {
			return again
		}
		t.refuse("", "The draft was changed by somebody else meanwhile, and is shown as it is now. What you typed is still here: send it again.")
		return d.renderDraft(w, http.StatusConflict, t)
	case err != nil:
		return err
	default:
		page.Redirect(w, d.URL("draft", "done", done))
		return nil
	}
}

// drop forgets the draft.
func (d *desk) drop(w http.ResponseWriter, t *typed) error {
	revision, given := t.revision()
	if !given {
		t.refuse("", words.Fault(ask.VersionRequired))
		return d.renderDraft(w, http.StatusPreconditionRequired, t)
	}
	if t.final = d.dropStep(t); !t.final.IsSeen(t.values) {
		return d.renderDraft(w, http.StatusOK, t)
	}
	t.final = nil
	return d.changed(w, t, d.r.DropPriceDraft(revision), "dropped")
}

// dropStep is what dropping the draft comes to.
func (d *desk) dropStep(t *typed) *page.Step {
	return &page.Step{
		Title: "Before the draft is dropped", Texts: []words.Text{"All that it says is gone then, and cannot be brought back."},
		Action: d.URL("draft"), Inputs: page.SentAgain(t.values), Warned: "dropped", Button: "Drop it for good", Back: d.URL("draft"),
	}
}

// refuseRows tells what is wrong with rows of a draft: beside the inputs where a row was added,
// else by the row's network and instant.
func (d *desk) refuseRows(t *typed, draft price.Draft, faults price.Faults) {
	last := len(draft.Rows)
	for i, f := range faults {
		switch {
		case i == maxShown:
			t.refuse("", words.Textf("And %d more.", len(faults)-i))
			return
		case f.Path == "undo" && f.Row > 0:
			t.refuse("", words.Textf("%s: %s", d.startWords(draft.Undo[f.Row-1]), words.Coded(f.Code, f.Text)))
		case f.Row == last && t.values.Get(page.NameDo) == "add":
			t.refuse(f.Path, words.Coded(f.Code, f.Text))
		case f.Row > 0:
			t.refuse("", words.Textf("%s: %s", d.startWords(draft.Rows[f.Row-1].Start()), words.Coded(f.Code, f.Text)))
		default:
			t.refuse(f.Path, words.Coded(f.Code, f.Text))
		}
	}
}

// maxShown is how many faults a page shows.
const maxShown = 50

func (d *desk) startWords(s price.Start) words.Text {
	return words.Textf("%s from %s", d.network(s.Network).words(), d.moment(s.From).Exact())
}

// addRow adds what was typed.
func addRow(d *desk, t *typed) (price.Draft, error) {
	get := func(name string) string { return strings.TrimSpace(t.values.Get(name)) }
	row := ask.TypedPrice{MCC: get("mcc"), MNC: get("mnc"), Price: words.OneAmount(get("price"), d.list.Currency), From: get("from")}
	if len(words.ReadAmount(row.Price)) > 1 {
		t.refuse("price", "This can be read in two ways: leave out what stands between thousands.")
		return price.Draft{}, nil
	}
	switch state := get("state"); state {
	case statePrice:
	case stateClosed, stateWithdrawn:
		if row.Price != "" {
			t.refuse("price", words.Text(price.FaultOf("price.closed").Text))
		}
		row.Price = state
	default:
		t.refuse("state", words.Text(price.FaultOf("state.unknown").Text))
	}
	added, err := row.Row(d.list.Zone, d.now)
	faults, bad := price.AsFaults(err)
	for _, f := range faults {
		t.refuse(f.Path, words.Coded(f.Code, f.Text))
	}
	if err != nil && !bad {
		return price.Draft{}, err
	}
	return ask.AddPrices(d.draft.Draft, added), nil
}

// sentStart reads which row a button is about.
func sentStart(t *typed) (price.Start, error) {
	from, err := time.Parse(time.RFC3339Nano, t.values.Get("from"))
	if err != nil {
		return price.Start{}, ask.StatusError(http.StatusBadRequest)
	}
	return price.Start{Network: price.Network{MCC: t.values.Get("mcc"), MNC: t.values.Get("mnc")}, From: from}, nil
}

func removeRow(d *desk, t *typed) (price.Draft, error) {
	start, err := sentStart(t)
	return ask.Without(d.draft.Draft, start, t.values.Get("undo") == "true"), err
}

func takeBack(d *desk, t *typed) (price.Draft, error) {
	start, err := sentStart(t)
	return ask.TakeBack(d.draft.Draft, start), err
}

func undoAnnouncement(d *desk, t *typed) (price.Draft, error) {
	id, err := account.ParseID(t.values.Get("announcement"))
	if err != nil {
		return price.Draft{}, account.ErrNotFound
	}
	a, err := d.r.AnnouncementOf(id)
	return ask.Inverse(d.draft.Draft, a, d.list.List(), d.now), err
}
