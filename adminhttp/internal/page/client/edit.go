package client

import (
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/clientaccount/clientaccount"
	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/adminhttp/internal/access"
	"github.com/clientaccount/clientaccount/adminhttp/internal/ask"
	"github.com/clientaccount/clientaccount/adminhttp/internal/page"
	"github.com/clientaccount/clientaccount/adminhttp/internal/page/money"
	"github.com/clientaccount/clientaccount/adminhttp/internal/words"
)

// editView is the Edit page, and the page that creates.
type editView struct {
	Head     page.Head
	Facts    *facts
	Funds    *money.Funds
	Done     *doneNotice
	Preview  *previewNotice
	Faults   []page.FaultLink
	Warnings []page.FaultLink
	Sections []formSection
	Revision int64
	Reason   string
	ReasonOK bool
	Action   string // URLs
	Discard  string
	Gateway  bool // may a gateway password be made
	Writable bool
	Creates  bool
	Parent   string // id of the account above one that is created
	Above    *page.NameLink
	Warned   string // of what was warned before it is applied
}

// Changes is how many fields have something else typed in than is stored.
func (v editView) Changes() (n int) {
	for _, s := range v.Sections {
		n += s.Changes()
	}
	return n
}

// Counted is the state of the form in words, for the bar.
func (v editView) Counted() string {
	switch changes := v.Changes(); {
	case len(v.Faults) > 0:
		return words.Plural(len(v.Faults), "error") + " to mend"
	case changes > 0:
		return words.Plural(changes, "change")
	default:
		return "No changes"
	}
}

// doneNotice says what was just written, or that nothing was.
type doneNotice struct {
	Text    string
	Changes []page.Change
}

// previewNotice says what applying would write.
type previewNotice struct{ Changes []page.Change }

func editClient(w http.ResponseWriter, r *ask.Request) error {
	e, err := newEditor(r, r.Client, form{}, nil)
	if err != nil {
		return err
	}
	view, err := newEditView(e)
	if err != nil {
		return err
	}
	if view.Done, err = doneOf(e); err != nil {
		return err
	}
	return pages.Show(w, r, http.StatusOK, "edit", view.Head.Name, view)
}

// newEditView fills the page of an existing account.
func newEditView(e editor) (editView, error) {
	r, a := e.r, e.account
	head, err := page.NewHead(r, a, e.directory, "edit")
	if err != nil {
		return editView{}, err
	}
	facts, err := newFacts(e, head)
	if err != nil {
		return editView{}, err
	}
	funds, err := money.NewFunds(r, e.seen, e.standing, e.sums)
	if err != nil {
		return editView{}, err
	}
	return editView{
		Head: head, Facts: &facts, Funds: funds, Faults: page.Summary(r, e.faults), Warnings: page.Summary(r, r.Judge.Warnings(warningsNow(e))),
		Sections: e.sections(), Revision: a.Revision, Reason: e.form.reason(), ReasonOK: !e.hasFault(page.NameReason),
		Action: head.URL("edit"), Discard: head.URL("edit") + "?discarded=1",
		Gateway: r.Judge.MakesGatewayPassword(), Writable: r.Judge.May(access.Edit),
	}, nil
}

func (e editor) hasFault(path string) bool { return e.faults.On(path) }

// warningsNow are those of the account as it stands. That it breaks a newer rule is
// not told here: only changing it would.
func warningsNow(e editor) []account.Fault {
	if e.creates {
		return nil
	}
	result, err := e.r.Service.Preview(e.r.Context(), e.account.ID, e.account.Revision, clientaccount.Edit{
		Apply: func(*account.Account) error { return nil },
	})
	if err != nil {
		return nil
	}
	return result.Warnings
}

// doneOf tells what led here: ?applied=<revision>, or ?discarded.
func doneOf(e editor) (*doneNotice, error) {
	query := e.r.URL.Query()
	switch applied := query.Get("applied"); {
	case query.Has("discarded"):
		return &doneNotice{Text: "Discarded. Nothing was written."}, nil
	case applied == "0":
		return &doneNotice{Text: "Nothing differed from what is stored, so nothing was written."}, nil
	case applied == "":
		return nil, nil
	default:
		return appliedNotice(e, applied)
	}
}

// appliedNotice tells of a change, to the one who made it or who may see the history.
func appliedNotice(e editor, text string) (*doneNotice, error) {
	revision, err := strconv.ParseInt(text, 10, 64)
	if err != nil || revision < 1 || revision > e.account.Revision {
		return nil, nil
	}
	record, err := readRecord(e.r, e.account.ID, revision)
	if err != nil {
		return nil, err
	}
	if record.Actor != e.r.Actor && !e.r.Judge.May(access.History) {
		return nil, nil
	}
	said := "Applied."
	if record.Kind == account.RecordCreated {
		return &doneNotice{Text: "The client was created."}, nil
	}
	if record.Kind == account.RecordUndone {
		said = "Taken back."
	}
	return &doneNotice{Text: said, Changes: page.Changes(e.r, record.Change, e.wording)}, nil
}

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

// biting are the warnings that are shown before anything is applied, not only
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
