package adminhttp

import (
	"cmp"
	"errors"
	"html/template"
	"net/http"
	"net/url"

	"github.com/clientaccount/clientaccount"
	"github.com/clientaccount/clientaccount/account"
)

// listView is the page of a list.
type listView struct {
	listTexts
	Root    string
	Columns []string
	Rows    []listViewRow
	Notice  string
	Adds    bool
}

// listViewRow is one of a list, with a note under each of its other columns.
type listViewRow struct {
	ID    account.ID
	Name  string
	Notes []string
}

// rowForm is the page of one of a list.
type rowForm struct {
	listTexts
	Root     string
	ID       string // empty while it is created
	Heading  string // what it is called now
	Action   string
	Faults   []told
	Controls []control
	Revision int64
}

// listRoutes are the pages of a list.
func listRoutes(l list) []pageRoute {
	get, post, name, needs := http.MethodGet, http.MethodPost, l.texts().Name, l.needs()
	return []pageRoute{
		{get, name, needs.keep, showList(l)},
		{get, name + "/new", needs.add, newRow(l)},
		{post, name + "/new", needs.add, saveRow(l)},
		{get, name + "/{id}/edit", needs.edit, editRow(l)},
		{post, name + "/{id}/edit", needs.edit, saveRow(l)},
		{post, name + "/{id}/delete", needs.edit, deleteRow(l)},
	}
}

func showList(l list) endpoint {
	return func(w http.ResponseWriter, r *request) error {
		rows, err := l.rows(r)
		if err != nil {
			return err
		}
		others := l.fields()[1:]
		view := listView{listTexts: l.texts(), Root: r.root, Adds: r.judge.Meets(l.needs().add)}
		for _, f := range others {
			view.Columns = append(view.Columns, f.Label)
		}
		for _, row := range rows {
			shown := listViewRow{ID: row.id, Name: row.texts["name"]}
			for _, f := range others {
				shown.Notes = append(shown.Notes, noteWords(f, row))
			}
			view.Rows = append(view.Rows, shown)
		}
		switch done := r.URL.Query(); {
		case done.Has("saved"):
			view.Notice = "Saved."
		case done.Has("deleted"):
			view.Notice = "Deleted."
		}
		return show(w, r, http.StatusOK, "references", view.Title, view)
	}
}

// noteWords are what stands under a column; empty where nothing is given.
func noteWords(f account.Field, row listRow) string {
	text := row.texts[f.Path]
	if text == "" {
		return ""
	}
	return wording{currency: account.Currency(row.texts["currency"])}.words(f, text)
}

func newRow(l list) endpoint {
	return func(w http.ResponseWriter, r *request) error {
		return showRow(w, r, http.StatusOK, l, listRow{})
	}
}

func editRow(l list) endpoint {
	return func(w http.ResponseWriter, r *request) error {
		row, err := l.row(r, r.id)
		if err != nil {
			return err
		}
		return showRow(w, r, http.StatusOK, l, row)
	}
}

func saveRow(l list) endpoint {
	return func(w http.ResponseWriter, r *request) error {
		values, err := readValues(r)
		if err != nil {
			return err
		}
		row, versioned, faults := typedRow(values, l)
		row.id = r.id // zero for a new one
		switch {
		case len(faults) > 0:
			return showRow(w, r, http.StatusUnprocessableEntity, l, row, faults...)
		case !versioned && !row.id.IsZero():
			return showRow(w, r, http.StatusPreconditionRequired, l, row, versionRequired)
		}
		_, err = l.save(r, row)
		return savedRow(w, r, l, row, err)
	}
}

// savedRow answers after saving: the list, or the form again with why not.
func savedRow(w http.ResponseWriter, r *request, l list, row listRow, err error) error {
	faults, bad := account.AsFaults(err)
	switch {
	case bad:
		return showRow(w, r, http.StatusUnprocessableEntity, l, row, faults...)
	case errors.Is(err, clientaccount.ErrInUse):
		return showRow(w, r, http.StatusConflict, l, row, account.Fault{
			Path: "currency", Code: "currency.in_use", Text: "Clients have this product, so its currency must stay.",
		})
	case errors.Is(err, account.ErrStale):
		newest, err := l.row(r, row.id)
		if err != nil {
			return err
		}
		row.revision = newest.revision
		return showRow(w, r, http.StatusConflict, l, row, account.Fault{
			Code: "version.conflict", Text: "This was changed by somebody else meanwhile. What stands now is told under each field; save again to put yours in its place.",
		})
	case err != nil:
		return err
	default:
		redirect(w, r.root+l.texts().Name+"?saved=1")
		return nil
	}
}

// typedRow reads a form; versioned tells that it says which revision it was made from.
func typedRow(values url.Values, l list) (row listRow, versioned bool, faults account.Faults) {
	known := map[string]bool{nameRevision: true}
	row.texts = map[string]string{}
	for _, f := range l.fields() {
		known[f.Path] = true
		row.texts[f.Path] = values.Get(f.Path)
	}
	row.revision, versioned = revisionOf(values, nameRevision)
	f := form{values: values}
	f.checkNames(known)
	return row, versioned, f.faults
}

// showRow shows the form with what was typed, and what is wrong with it.
func showRow(w http.ResponseWriter, r *request, status int, l list, typed listRow, faults ...account.Fault) error {
	texts, stored := l.texts(), listRow{}
	view := rowForm{listTexts: texts, Root: r.root, Revision: typed.revision, Action: r.root + texts.Name + "/new"}
	if !typed.id.IsZero() {
		var err error
		if stored, err = l.row(r, typed.id); err != nil {
			return err
		}
		view.ID, view.Heading = typed.id.String(), stored.texts["name"]
		view.Action = r.root + texts.Name + "/" + view.ID + "/edit"
	}
	for _, f := range l.fields() {
		view.Controls = append(view.Controls, rowControl(f, typed, stored, faults))
	}
	view.Faults = rowSummary(l, faults)
	return show(w, r, status, "reference", cmp.Or(view.Heading, texts.Title), view)
}

func rowControl(f account.Field, typed, stored listRow, faults account.Faults) control {
	text, was := typed.texts[f.Path], stored.texts[f.Path]
	c := newControl(f, text, was)
	c.refused(editor{faults: faults}.textsOn(f.Path))
	if text != was && !typed.id.IsZero() {
		c.changed(cmp.Or(was, "empty"))
	}
	c.Options = referenceOptions(f, text)
	return c
}

func referenceOptions(f account.Field, value string) template.HTML {
	none := option{Label: "Not given"}
	switch f.Kind {
	case account.FieldCurrency:
		return currencyOptions().after(none).selected(value)
	case account.FieldChoice:
		return choiceOptions(f.Choices).after(none).selected(value)
	default:
		return ""
	}
}

// rowSummary tells what was refused, each with a link to its input.
func rowSummary(l list, faults account.Faults) (all []told) {
	for _, fault := range faults {
		said := told{Text: fault.Text}
		for _, f := range l.fields() {
			if f.Path == fault.Path {
				said.Label, said.Href = f.Label, "#"+controlID(f.Path)
			}
		}
		all = append(all, said)
	}
	return all
}

// deleteRow removes one that no client has; else it says how to get there.
func deleteRow(l list) endpoint {
	return func(w http.ResponseWriter, r *request) error {
		if _, err := readValues(r); err != nil {
			return err
		}
		err := l.remove(r, r.id)
		if errors.Is(err, clientaccount.ErrInUse) {
			row, err := l.row(r, r.id)
			if err != nil {
				return err
			}
			return showRow(w, r, http.StatusConflict, l, row, account.Fault{
				Code: "reference.in_use", Text: "Clients still have this " + l.texts().One + ", so it stays. Give them another one first; the link below lists them.",
			})
		}
		if err != nil {
			return err
		}
		redirect(w, r.root+l.texts().Name+"?deleted=1")
		return nil
	}
}
