package client

import (
	"maps"
	"net/http"
	"slices"

	"github.com/clientaccount/clientaccount"
	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/adminhttp/internal/access"
	"github.com/clientaccount/clientaccount/adminhttp/internal/ask"
	"github.com/clientaccount/clientaccount/adminhttp/internal/kind"
	"github.com/clientaccount/clientaccount/adminhttp/internal/page"
	"github.com/clientaccount/clientaccount/adminhttp/internal/words"
)

// conflictView shows both sides of an edit that came after another one.
type conflictView struct {
	Head     page.Head
	Faults   []page.FaultLink
	Rows     []conflictRow
	Secrets  []kind.Control // to be typed again, when a password was typed
	Own      bool           // the changes since were the actor's own
	Guarded  bool           // a field of money or a permission is to be chosen
	Revision int64          // the newest, which the choices are made over
	Seen     int64          // the one first edited
	Reason   string
	Action   string
	Discard  string
}

// conflictRow is one field that at least one side changed.
type conflictRow struct {
	Path, ID          string
	Label             words.Text
	Was, Theirs, Mine words.Text // in words
	Text              string     // mine, as the form sends it
	By                words.Text // who changed theirs; empty when only I did
	Own               bool       // who changed theirs is who asks
	Only              words.Text // which of the two alone changed it, where that is so
	When              words.Moment
	Keep              string // mine, theirs, or empty: to be chosen
	Guarded           bool   // of money or a permission
	Settled           bool   // both sides say the same, or only theirs may be kept
	Fault             words.Text
}

// showConflict shows the page that asks. Was is the account at the revision the edit
// was made from; theirs is it now; mine is was with what was typed.
func showConflict(w http.ResponseWriter, r *ask.Request, stale *clientaccount.StaleError, f form, revision int64, missing map[string]bool) error {
	if !r.Judge.Sees(stale.Theirs) { // it left the scope meanwhile
		return account.ErrNotFound
	}
	f = f.withoutShown(stale)
	if len(f.change(stale.Was)) == 0 && len(f.faults) == 0 {
		page.Redirect(w, r.Root+"clients/"+stale.Theirs.ID.String()+"/edit?applied=0")
		return nil
	}
	e, err := newEditor(r, stale.Theirs, form{}, nil)
	if err != nil {
		return err
	}
	head, err := page.NewHead(r, stale.Theirs, e.directory, "edit")
	if err != nil {
		return err
	}
	view := conflictView{
		Head: head, Revision: stale.Theirs.Revision, Seen: revision, Reason: f.reason(),
		Own: isOwn(r, stale), Rows: e.conflictRows(stale, f), Action: head.URL("edit"), Discard: head.URL("edit") + "?discarded=1",
	}
	if f.hasSecret() || f.lacksSecret() {
		for _, path := range []string{"password", "password_retype"} {
			field, _ := account.FieldAt(path)
			view.Secrets = append(view.Secrets, e.control(field))
		}
	}
	view.Guarded = slices.ContainsFunc(view.Rows, func(row conflictRow) bool { return row.Guarded && !row.Settled })
	view.mark(missing)
	status := http.StatusConflict
	if len(missing) > 0 {
		status = http.StatusUnprocessableEntity
	}
	return pages.Show(w, r, status, "conflict", words.Textf("Changed meanwhile · %s", head.Name), view)
}

// sides returns the two sides of an edit made from an old revision. Where nothing is
// newer, both are the account as it is.
func sides(r *ask.Request, id account.ID, revision int64) (*clientaccount.StaleError, error) {
	_, err := r.Service.Preview(r.Context(), id, revision, clientaccount.Edit{Apply: func(*account.Account) error { return nil }})
	if stale, ok := ask.AsStale(err); ok {
		return stale, nil
	}
	if _, faulty := account.AsFaults(err); err != nil && !faulty {
		return nil, err
	}
	a, err := r.Service.Get(r.Context(), id)
	return &clientaccount.StaleError{Was: a, Theirs: a}, err
}

func (e editor) conflictRows(stale *clientaccount.StaleError, f form) []conflictRow {
	mine := stale.Was.Clone()
	unread, _ := account.AsFaults(f.change(stale.Was).Apply(&mine))
	looked, _ := f.revision()
	chose := looked == stale.Theirs.Revision // else the choices were between other values
	var rows []conflictRow
	for _, field := range account.Fields() {
		if !e.r.Judge.Shows(field.Path) || field.Secret() {
			continue
		}
		text := field.Text(mine)
		if unread.On(field.Path) {
			text = f.texts[field.Path]
		}
		if row, differs := e.conflictRow(field, stale, text); differs {
			row.Keep = preselect(field, stale, text, isOwn(e.r, stale))
			if keep := f.values.Get(keepPrefix + field.Path); chose && keep != "" {
				row.Keep = keep
			}
			rows = append(rows, row)
		}
	}
	return rows
}

func (e editor) conflictRow(field account.Field, stale *clientaccount.StaleError, mine string) (conflictRow, bool) {
	was, theirs := field.Text(stale.Was), field.Text(stale.Theirs)
	stood, lost := ask.Stood(stale, field)
	if mine == was && theirs == was && !lost {
		return conflictRow{}, false
	}
	row := conflictRow{
		Path: field.Path, Label: words.Text(field.Label), ID: kind.ControlID(field.Path), Text: e.r.Judge.Text(field, mine),
		Was: kind.Words(e.wording, field, stood), Theirs: kind.Words(e.wording, field, theirs), Mine: kind.Words(e.wording, field, mine),
		Guarded: field.Guard != account.GuardNone, Settled: mine == theirs || e.access(field) != access.Write,
	}
	if lost && mine == was {
		row.Mine = "" // left as it stood, and that is not to be had again
	}
	if !e.r.SeesWas(stale, field.Path) {
		row.Was = ""
		if mine == was { // nor is it for the actor to be put back
			row.Mine, row.Settled = "", true
		}
	}
	switch {
	case row.Settled || row.Was == "":
	case mine == was:
		row.Only = "Only they changed this."
	case theirs == was && !lost:
		row.Only = "Only you changed this."
	}
	if record, ok := stale.By(field.Path); ok && e.r.SeesRecord(record) {
		row.Own = e.r.Own(record.Actor)
		row.By, row.When = words.Plain(record.Actor.Name), words.MomentOf(record.At, e.now, words.Zone(e.seen))
		if record.Actor.Name == "" {
			row.By = "somebody"
		}
	}
	return row, true
}

// withoutShown returns the form without the URLs that were left as the page showed them
// then, where Was does not tell.
func (f form) withoutShown(stale *clientaccount.StaleError) form {
	f.texts = maps.Clone(f.texts)
	for _, field := range account.Fields() {
		if stood, lost := ask.Stood(stale, field); lost && !field.Secret() && f.texts[field.Path] == stood {
			delete(f.texts, field.Path)
		}
	}
	return f
}

// preselect returns the side that a field starts with: the one that changed it, where
// only one did and neither money nor a permission is concerned, unless all of it is one's own.
func preselect(field account.Field, stale *clientaccount.StaleError, mine string, own bool) string {
	_, theyChanged := stale.By(field.Path)
	switch {
	case field.Guard != account.GuardNone && !own:
		return ""
	case mine == field.Text(stale.Was):
		return "theirs"
	case !theyChanged:
		return "mine"
	default:
		return ""
	}
}

const chooseSide = "Choose one of the two."

// mark puts the fault beside every field that still lacks a choice.
func (v *conflictView) mark(missing map[string]bool) {
	for i := range v.Rows {
		if row := &v.Rows[i]; missing[row.Path] {
			row.Fault = chooseSide
			v.Faults = append(v.Faults, page.FaultLink{Label: row.Label, Text: chooseSide, Href: "#" + row.ID})
		}
	}
}

// resolve applies what was chosen on the conflict page. A field without a choice
// leads back to it: nothing is lost by leaving it open.
func resolve(w http.ResponseWriter, r *ask.Request, a account.Account, f form, revision int64) error {
	seen, ok := page.RevisionOf(f.values, nameSeen)
	if !ok {
		return ask.StatusError(http.StatusBadRequest)
	}
	kept := form{values: f.values, texts: map[string]string{}, faults: f.faults}
	missing := map[string]bool{}
	for path, text := range f.texts {
		field, _ := account.FieldAt(path)
		switch keep := f.values.Get(keepPrefix + path); {
		case field.Secret() || keep == "mine":
			kept.texts[path] = text
		case keep != "theirs":
			missing[path] = true
		}
	}
	if len(missing) > 0 {
		stale, err := sides(r, a.ID, seen)
		if err != nil {
			return err
		}
		return showConflict(w, r, stale, f, seen, missing)
	}
	return apply(w, r, a, kept, revision)
}
