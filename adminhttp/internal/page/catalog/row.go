package catalog

import (
	"cmp"
	"errors"
	"maps"
	"net/http"
	"net/url"
	"slices"

	"github.com/clientaccount/clientaccount"
	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/adminhttp/internal/access"
	"github.com/clientaccount/clientaccount/adminhttp/internal/ask"
	"github.com/clientaccount/clientaccount/adminhttp/internal/kind"
	"github.com/clientaccount/clientaccount/adminhttp/internal/page"
	"github.com/clientaccount/clientaccount/adminhttp/internal/words"
)

// rowForm is the page of one of a list.
type rowForm struct {
	ask.ListTexts
	Root     string
	ID       string // empty while it is created
	Heading  string // what it is called now
	Tabs     []page.Link
	Action   string
	Faults   []page.FaultLink
	Controls []kind.Control
	Revision int64
	Reason   string      // why it is changed
	ReasonOK bool        // it is not too long
	Effect   *effectView // that is looked at before it is saved
	Hand     *handForm   // nil for who may not do that
	Final    *page.Step  // before it is removed
}

// handForm leads to the change of all clients that one of a list has, so that another gets them.
type handForm struct {
	Action, List string
	Says         words.Text
}

var handTexts = map[string]words.Text{
	"manager": "Give their clients to another manager", "product": "Put its clients on another product",
}

// handOver returns that of one of a list; nil for who may not change many clients so.
func handOver(r *ask.Request, l ask.List, id account.ID) *handForm {
	filter := l.Texts().Filter
	sets := func(f account.Field) bool { return f.Path == filter || f.Path == "notes."+filter }
	if !r.Judge.Meets(access.ChangeMany) || !slices.ContainsFunc(r.ManyFields(), sets) {
		return nil
	}
	list := url.Values{filter: {id.String()}}
	return &handForm{Action: r.Root + "clients/many", List: list.Encode(), Says: handTexts[filter]}
}

func newRow(l ask.List) ask.Endpoint {
	return func(w http.ResponseWriter, r *ask.Request) error {
		return showRow(w, r, http.StatusOK, l, ask.ListRow{})
	}
}

func editRow(l ask.List) ask.Endpoint {
	return func(w http.ResponseWriter, r *ask.Request) error { return showStored(w, r, http.StatusOK, l) }
}

// showStored shows the form as it is stored, and what was wrong with something else.
func showStored(w http.ResponseWriter, r *ask.Request, status int, l ask.List, faults ...account.Fault) error {
	row, err := storedRow(r, l)
	if err != nil {
		return err
	}
	return showRow(w, r, status, l, row, faults...)
}

// storedRow is the path's row, with the texts that the form begins with.
func storedRow(r *ask.Request, l ask.List) (ask.ListRow, error) {
	row, err := l.Row(r, r.ID)
	if err == nil {
		row.Texts = shownTexts(l, row)
	}
	return row, err
}

// shownTexts are the texts that the controls of a stored row give back when nobody touches
// them.
func shownTexts(l ask.List, row ask.ListRow) map[string]string {
	texts := map[string]string{}
	for _, f := range l.Fields() {
		texts[f.Path] = kind.Of(f).Shown(wordingOf(row), f, row.Texts[f.Path])
	}
	return texts
}

func saveRow(l ask.List) ask.Endpoint {
	return func(w http.ResponseWriter, r *ask.Request) error {
		values, err := page.ReadValues(r)
		if err != nil {
			return err
		}
		row, versioned, faults := typedRow(values, l)
		row.ID = r.ID // zero for a new one
		asked, err := askedOf(r, l, row)
		if err != nil {
			return err
		}
		switch {
		case len(faults) > 0:
			return showRow(w, r, http.StatusUnprocessableEntity, l, row, faults...)
		case !versioned && !row.ID.IsZero():
			return showRow(w, r, http.StatusPreconditionRequired, l, row, ask.VersionRequired)
		}
		if len(asked) == 0 {
			effect, err := l.Effect(r, row)
			if err != nil {
				return err
			}
			if effect != nil && values.Get(nameWarned) != seenEffect(effect) {
				return showEffect(w, r, l, row, effect)
			}
		}
		return savedRow(w, r, l, row, save(r, l, row, page.ReasonOf(values), asked))
	}
}

// currencyInUse says why a product's currency stays.
var currencyInUse = account.Fault{Path: "currency", Code: "currency.in_use", Text: "Clients have this product, so its currency must stay."}

// savedRow answers after saving: the list, or the form again with why not.
func savedRow(w http.ResponseWriter, r *ask.Request, l ask.List, row ask.ListRow, err error) error {
	faults, bad := account.AsFaults(err)
	switch {
	case bad:
		return showRow(w, r, http.StatusUnprocessableEntity, l, row, faults...)
	case errors.Is(err, clientaccount.ErrInUse):
		return showRow(w, r, http.StatusConflict, l, row, currencyInUse)
	case errors.Is(err, account.ErrStale):
		newest, err := l.Row(r, row.ID)
		if err != nil {
			return err
		}
		row.Revision = newest.Revision
		return showRow(w, r, http.StatusConflict, l, row, account.Fault{
			Code: "version.conflict", Text: "This was changed by somebody else meanwhile. What stands now is told under each field; save again to put yours in its place.",
		})
	case err != nil:
		return err
	default:
		page.Redirect(w, r.Root+l.Texts().Name+"?saved=1")
		return nil
	}
}

// typedRow reads a form; versioned tells that it says which revision it was made from.
func typedRow(values url.Values, l ask.List) (row ask.ListRow, versioned bool, faults account.Faults) {
	row.Texts, faults = page.ReadFields(values, l.Fields(), page.NameRevision, page.NameReason, nameWarned)
	row.Revision, versioned = page.RevisionOf(values, page.NameRevision)
	return row, versioned, faults
}

// save stores a row. One that asks which of two readings is meant is refused for that, and for
// all else that is wrong with it.
func save(r *ask.Request, l ask.List, row ask.ListRow, reason string, asked account.Faults) error {
	row.Texts = maps.Clone(row.Texts)
	for _, fault := range asked {
		row.Texts[fault.Path] = "?"
	}
	_, err := l.Save(r, row, reason)
	faults, bad := account.AsFaults(err)
	if !bad || len(asked) == 0 {
		return err
	}
	others := slices.DeleteFunc(slices.Clone(faults), func(f account.Fault) bool { return asked.On(f.Path) })
	return append(others, asked...)
}

// askedOf are the faults of what can be read in two ways.
func askedOf(r *ask.Request, l ask.List, row ask.ListRow) (account.Faults, error) {
	var stored ask.ListRow
	if !row.ID.IsZero() {
		var err error
		if stored, err = l.Row(r, row.ID); err != nil {
			return nil, err
		}
	}
	shown := shownTexts(l, stored)
	return page.Asked(row.Texts, l.Fields(), func(f account.Field) string { return shown[f.Path] }), nil
}

// showRow shows the form with what was typed, and what is wrong with it.
func showRow(w http.ResponseWriter, r *ask.Request, status int, l ask.List, typed ask.ListRow, faults ...account.Fault) error {
	view, err := newRowForm(r, l, typed, faults)
	if err != nil {
		return err
	}
	return pages.Show(w, r, status, "row", titleOf(view.Heading, view.Title), view)
}

// newRowForm is the form with what was typed.
func newRowForm(r *ask.Request, l ask.List, typed ask.ListRow, faults account.Faults) (rowForm, error) {
	texts, stored := l.Texts(), ask.ListRow{}
	view := rowForm{ListTexts: texts, Root: r.Root, Revision: typed.Revision, Action: r.Root + texts.Name + "/new"}
	view.Reason, view.ReasonOK = page.ReasonOf(r.PostForm), !faults.On(page.NameReason)
	if !typed.ID.IsZero() {
		var err error
		if stored, err = l.Row(r, typed.ID); err != nil {
			return view, err
		}
		stored.Texts = shownTexts(l, stored)
		view.ID, view.Heading = typed.ID.String(), stored.Texts["name"]
		view.Tabs, view.Hand = page.ListHead(r, l, typed.ID, "", "edit").Tabs, handOver(r, l, typed.ID)
		view.Action = r.Root + texts.Name + "/" + view.ID + "/edit"
	}
	for _, f := range l.Fields() {
		view.Controls = append(view.Controls, rowControl(f, typed, stored, faults))
	}
	view.Faults = rowSummary(l, "", faults)
	return view, nil
}

// titleOf is that of a page of a row, or of a new one.
func titleOf(heading string, otherwise words.Text) words.Text {
	if heading == "" {
		return otherwise
	}
	return words.Plain(heading)
}

func rowControl(f account.Field, typed, stored ask.ListRow, faults account.Faults) kind.Control {
	text, was := typed.Texts[f.Path], stored.Texts[f.Path]
	c := kind.NewControl(f, text, was)
	c.Refused(page.TextsOn(faults, f.Path))
	if text != was && !typed.ID.IsZero() {
		c.Change(cmp.Or(noteWords(f, stored), "empty"))
	}
	if f.Kind == account.FieldAmount {
		c.Said = noteWords(f, stored)
	}
	kind.Of(f).Fill(&c, f, kind.Page{None: "Not given", Currency: account.Currency(typed.Texts["currency"])})
	c.Unit = "" // that may be chosen beside it
	return c
}

// rowSummary tells what was refused, each with a link to its input on a page: empty for this one.
func rowSummary(l ask.List, on string, faults account.Faults) []page.FaultLink {
	return page.FaultLinks(faults, func(path string) (label words.Text, href string) {
		if path == page.NameReason {
			return "Why", on + "#" + page.NameReason
		}
		for _, f := range l.Fields() {
			if f.Path == path {
				return words.Text(f.Label), on + "#" + kind.ControlID(path)
			}
		}
		return "", ""
	})
}

// deleteRow removes one that no client has; else it says how to get there.
func deleteRow(l ask.List) ask.Endpoint {
	return func(w http.ResponseWriter, r *ask.Request) error {
		values, err := page.ReadValues(r)
		if err != nil {
			return err
		}
		faults := page.CheckNames(values, map[string]bool{page.NameReason: true, nameWarned: true})
		if step := removeStep(r, l, values); len(faults) == 0 && !step.IsSeen(values) {
			return showRemoval(w, r, l, step)
		}
		if len(faults) == 0 {
			err = l.Remove(r, r.ID, page.ReasonOf(values))
		}
		if bad, refused := account.AsFaults(err); refused {
			faults = bad
		}
		if len(faults) > 0 {
			return showStored(w, r, http.StatusUnprocessableEntity, l, faults...)
		}
		if errors.Is(err, clientaccount.ErrInUse) {
			return showStored(w, r, http.StatusConflict, l, account.NewFault("", "reference.in_use"))
		}
		if err != nil {
			return err
		}
		page.Redirect(w, r.Root+l.Texts().Name+"?deleted=1")
		return nil
	}
}

// removeStep is what removing one comes to.
func removeStep(r *ask.Request, l ask.List, values url.Values) *page.Step {
	row := r.Root + l.Texts().Name + "/" + r.ID.String()
	step := &page.Step{
		Title: "Before this is deleted", Texts: []words.Text{"It cannot be brought back: a new one of the same name is another one. Its history stays."},
		Action: row + "/delete", Inputs: page.SentAgain(values), Warned: "deleted", Button: "Delete it for good", Back: row + "/edit",
	}
	if l.Texts().Priced {
		step.Texts = append(step.Texts, "Its price list goes with it.")
	}
	return step
}

// showRemoval shows the form as it is stored, with the step before it is removed.
func showRemoval(w http.ResponseWriter, r *ask.Request, l ask.List, step *page.Step) error {
	row, err := storedRow(r, l)
	if err != nil {
		return err
	}
	view, err := newRowForm(r, l, row, nil)
	if err != nil {
		return err
	}
	view.Final = step
	return pages.Show(w, r, http.StatusOK, "row", titleOf(view.Heading, view.Title), view)
}
