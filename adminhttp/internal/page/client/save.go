package client

import (
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/clientaccount/clientaccount"
	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/adminhttp/internal/ask"
	"github.com/clientaccount/clientaccount/adminhttp/internal/page"
)

func saveClient(w http.ResponseWriter, r *ask.Request) error {
	a := r.Client
	f, err := readForm(r)
	if err != nil {
		return err
	}
	revision, ok := f.revision()
	if !ok {
		return showForm(w, r, http.StatusPreconditionRequired, a, f, account.Faults{ask.VersionRequired})
	}
	if f.values.Has(nameSeen) {
		return resolve(w, r, a, f, revision)
	}
	return apply(w, r, a, f, revision)
}

// apply writes what was typed, or only looks at it.
func apply(w http.ResponseWriter, r *ask.Request, a account.Account, f form, revision int64) error {
	if revision != a.Revision {
		return showConflict(w, r, a, f, revision, nil)
	}
	edit, err := r.Edit(f.reason(), f.apply(a))
	if err != nil {
		return err
	}
	looks := f.checks()
	var result clientaccount.Result
	if looks || f.touchesMoney(a) {
		result, err = r.Service.Preview(r.Context(), a.ID, revision, edit)
		warned := biting(r, result.Warnings)
		looks = looks || warned != "" && warned != f.values.Get(nameWarned)
	}
	if err == nil && !looks {
		result, err = r.Service.Update(r.Context(), a.ID, revision, edit)
	}
	if faults, ok := account.AsFaults(err); ok {
		return showForm(w, r, http.StatusUnprocessableEntity, a, f, faults)
	}
	if _, ok := ask.AsStale(err); ok {
		return showConflict(w, r, a, f, revision, nil)
	}
	switch {
	case err != nil:
		return err
	case looks:
		return showPreview(w, r, a, f, result)
	default:
		page.Redirect(w, r.Root+"clients/"+a.ID.String()+"/edit?applied="+appliedRevision(result))
		return nil
	}
}

func appliedRevision(result clientaccount.Result) string {
	if len(result.Change) == 0 {
		return "0"
	}
	return strconv.FormatInt(result.Account.Revision, 10)
}

// showForm shows the page again with what was typed and what is wrong with it.
func showForm(w http.ResponseWriter, r *ask.Request, status int, a account.Account, f form, faults account.Faults) error {
	e, err := newEditor(r, a, f, faults)
	if err != nil {
		return err
	}
	view, err := newEditView(e)
	if err != nil {
		return err
	}
	return pages.Show(w, r, status, "edit", "Errors · "+view.Head.Name, view)
}

// showPreview shows what applying would write.
func showPreview(w http.ResponseWriter, r *ask.Request, a account.Account, f form, result clientaccount.Result) error {
	e, err := newEditor(r, a, f, nil)
	if err != nil {
		return err
	}
	view, err := newEditView(e)
	if err != nil {
		return err
	}
	view.Warnings, view.Warned = page.Summary(r, r.Judge.Warnings(result.Warnings)), biting(r, result.Warnings)
	view.Preview = &previewNotice{page.Changes(r, result.Change, page.WordingOf(e.directory, r.Judge.Visible(result.Account)))}
	return pages.Show(w, r, http.StatusOK, "edit", view.Head.Name, view)
}

// biting returns the warnings that are shown before anything is applied, not only
// afterwards: that the client can no longer pay for what it sends.
func biting(r *ask.Request, warnings []account.Fault) string {
	for _, warning := range r.Judge.Warnings(warnings) {
		if warning.Code == "credit.below_used" {
			return warning.Text
		}
	}
	return ""
}

// touchesMoney reports whether what was typed changes what the client may spend.
func (f form) touchesMoney(a account.Account) bool {
	return slices.ContainsFunc(f.change(a), func(fc account.FieldChange) bool {
		return strings.HasPrefix(fc.Path, "credit.") || fc.Path == "notes.product"
	})
}
