package adminhttp

import (
	"cmp"
	"errors"
	"html/template"
	"net/http"
	"net/url"
	"strconv"

	"github.com/clientaccount/clientaccount"
	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/adminhttp/internal/access"
)

// reference is one of the lists that clients point at: managers, products.
type reference interface {
	texts() referenceTexts
	needs() referenceNeeds
	// rows are all of the list that the actor sees.
	rows(r *request) ([]referenceRow, error)
	// typed are the fields of one of them as text, and its revision.
	typed(r *request, id account.ID) (map[string]string, int64, error)
	// fields are what the form asks for, in order.
	fields() []account.Field
	// save stores what was typed, and tells the id; its Faults go beside the fields.
	save(r *request, id account.ID, revision int64, typed map[string]string) (account.ID, error)
	remove(r *request, id account.ID) error
}

type referenceTexts struct {
	Name   string // in URLs
	Title  string
	One    string
	About  string
	Filter string // of the Clients list
}

// referenceNeeds are what the routes of a list ask for.
type referenceNeeds struct{ list, keep, add, see, edit access.Need }

type referenceRow struct {
	ID    account.ID
	Name  string
	Notes []string // one under each of the list's other columns
}

// referenceList is the page of a list.
type referenceList struct {
	referenceTexts
	Root    string
	Columns []string
	Rows    []referenceRow
	Notice  string
	Adds    bool
}

// referenceForm is the page of one of them.
type referenceForm struct {
	referenceTexts
	Root     string
	ID       string // empty while it is created
	Heading  string // what it is called now
	Action   string
	Faults   []told
	Controls []control
	Revision int64
}

func listReferences(list reference) endpoint {
	return func(w http.ResponseWriter, r *request) error {
		texts := list.texts()
		rows, err := list.rows(r)
		if err != nil {
			return err
		}
		view := referenceList{referenceTexts: texts, Root: r.root, Rows: rows, Adds: r.judge.Meets(list.needs().add)}
		for _, f := range list.fields()[1:] {
			view.Columns = append(view.Columns, f.Label)
		}
		switch done := r.URL.Query(); {
		case done.Has("saved"):
			view.Notice = "Saved."
		case done.Has("deleted"):
			view.Notice = "Deleted."
		}
		return show(w, r, http.StatusOK, "references", texts.Title, view)
	}
}

func addReference(list reference) endpoint {
	return func(w http.ResponseWriter, r *request) error {
		return showReference(w, r, http.StatusOK, list, account.ID{}, 0, map[string]string{}, nil)
	}
}

func editReference(list reference) endpoint {
	return func(w http.ResponseWriter, r *request) error {
		typed, revision, err := list.typed(r, r.id)
		if err != nil {
			return err
		}
		return showReference(w, r, http.StatusOK, list, r.id, revision, typed, nil)
	}
}

func saveReference(list reference) endpoint {
	return func(w http.ResponseWriter, r *request) error {
		id := r.id // zero for a new one
		values, err := readValues(r)
		if err != nil {
			return err
		}
		revision, ok := revisionOf(values, nameRevision)
		typed, faults := readReference(values, list)
		switch {
		case len(faults) > 0:
			return showReference(w, r, http.StatusUnprocessableEntity, list, id, revision, typed, faults)
		case !ok && !id.IsZero():
			return showReference(w, r, http.StatusPreconditionRequired, list, id, revision, typed, account.Faults{versionRequired})
		}
		_, err = list.save(r, id, revision, typed)
		return savedReference(w, r, list, id, revision, typed, err)
	}
}

// savedReference answers after saving: the list, or the form again with why not.
func savedReference(w http.ResponseWriter, r *request, list reference, id account.ID, revision int64, typed map[string]string, err error) error {
	faults, bad := account.AsFaults(err)
	switch {
	case bad:
		return showReference(w, r, http.StatusUnprocessableEntity, list, id, revision, typed, faults)
	case errors.Is(err, clientaccount.ErrInUse):
		return showReference(w, r, http.StatusConflict, list, id, revision, typed, account.Faults{{
			Path: "currency", Code: "currency.in_use", Text: "Clients have this product, so its currency must stay.",
		}})
	case errors.Is(err, account.ErrStale):
		_, newest, err := list.typed(r, id)
		if err != nil {
			return err
		}
		return showReference(w, r, http.StatusConflict, list, id, newest, typed, account.Faults{{
			Code: "version.conflict", Text: "This was changed by somebody else meanwhile. What stands now is told under each field; save again to put yours in its place.",
		}})
	case err != nil:
		return err
	default:
		redirect(w, r.root+list.texts().Name+"?saved=1")
		return nil
	}
}

func readReference(values url.Values, list reference) (map[string]string, account.Faults) {
	f := form{values: values}
	known := map[string]bool{nameRevision: true}
	typed := map[string]string{}
	for _, field := range list.fields() {
		known[field.Path] = true
		typed[field.Path] = values.Get(field.Path)
	}
	f.checkNames(known)
	return typed, f.faults
}

func showReference(w http.ResponseWriter, r *request, status int, list reference, id account.ID, revision int64, typed map[string]string, faults account.Faults) error {
	texts := list.texts()
	view := referenceForm{referenceTexts: texts, Root: r.root, Revision: revision, Action: r.root + texts.Name + "/new"}
	stored := map[string]string{}
	if !id.IsZero() {
		var err error
		if stored, _, err = list.typed(r, id); err != nil {
			return err
		}
		view.ID, view.Heading = id.String(), stored["name"]
		view.Action = r.root + texts.Name + "/" + view.ID + "/edit"
	}
	for _, f := range list.fields() {
		view.Controls = append(view.Controls, referenceControl(f, typed[f.Path], stored[f.Path], faults, id.IsZero()))
	}
	view.Faults = referenceSummary(list, faults)
	title := texts.Title
	if view.Heading != "" {
		title = view.Heading
	}
	return show(w, r, status, "reference", title, view)
}

func referenceControl(f account.Field, typed, stored string, faults account.Faults, isNew bool) control {
	c := newControl(f, typed, stored)
	c.refused(editor{faults: faults}.textsOn(f.Path))
	if typed != stored && !isNew {
		c.changed(cmp.Or(stored, "empty"))
	}
	c.Options = referenceOptions(f, typed)
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

func referenceSummary(list reference, faults account.Faults) []told {
	var all []told
	for _, fault := range faults {
		said := told{Text: fault.Text}
		for _, f := range list.fields() {
			if f.Path == fault.Path {
				said.Label, said.Href = f.Label, "#"+controlID(f.Path)
			}
		}
		all = append(all, said)
	}
	return all
}

// deleteReference removes one that no client has; else it says how to get there.
func deleteReference(list reference) endpoint {
	return func(w http.ResponseWriter, r *request) error {
		id, texts := r.id, list.texts()
		if _, err := readValues(r); err != nil {
			return err
		}
		err := list.remove(r, id)
		if errors.Is(err, clientaccount.ErrInUse) {
			typed, revision, err := list.typed(r, id)
			if err != nil {
				return err
			}
			return showReference(w, r, http.StatusConflict, list, id, revision, typed, account.Faults{{
				Code: "reference.in_use", Text: "Clients still have this " + texts.One + ", so it stays. Give them another one first; the link below lists them.",
			}})
		}
		if err != nil {
			return err
		}
		redirect(w, r.root+texts.Name+"?deleted=1")
		return nil
	}
}

// optionalInt reads a whole number that may be left out.
func optionalInt(text string) (account.Optional[int], bool) {
	if text == "" {
		return account.Optional[int]{}, true
	}
	n, err := strconv.Atoi(text)
	return account.Some(n), err == nil
}
