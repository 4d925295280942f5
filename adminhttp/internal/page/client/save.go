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
	"github.com/clientaccount/clientaccount/adminhttp/internal/words"
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
	if faults := f.unscheduled(); faults != nil {
		return showForm(w, r, http.StatusUnprocessableEntity, a, f, faults)
	}
	if f.values.Has(nameSeen) {
		return resolve(w, r, a, f, revision)
	}
	return apply(w, r, a, f, revision)
}

// apply writes what was typed, or only looks at it.
func apply(w http.ResponseWriter, r *ask.Request, a account.Account, f form, revision int64) error {
	if revision != a.Revision {
		return merge(w, r, a, f, revision)
	}
	edit, err := f.looked(r, a)
	if err != nil {
		return err
	}
	result, second, err := r.Look(a, revision, edit)
	looks, query := f.checks() || !f.seen(r, a, result), ""
	if err == nil && !looks {
		query, err = f.write(r, a, revision, second)
	}
	if faults, ok := account.AsFaults(err); ok {
		return showForm(w, r, http.StatusUnprocessableEntity, a, f, faults)
	}
	if stale, ok := ask.AsStale(err); ok {
		return raced(w, r, f, stale, revision)
	}
	switch {
	case err != nil:
		return err
	case looks:
		return showPreview(w, r, a, f, result)
	default:
		page.Redirect(w, r.Root+"clients/"+a.ID.String()+"/edit?"+query)
		return nil
	}
}

// raced is apply of what was overtaken in the very moment: merged once, and then asked about.
func raced(w http.ResponseWriter, r *ask.Request, f form, stale *clientaccount.StaleError, revision int64) error {
	if f.since == 0 {
		return merge(w, r, stale.Theirs, f, revision)
	}
	return showConflict(w, r, stale, f, revision, nil)
}

// sinceQuery says in a URL what an edit was merged with.
func (f form) sinceQuery() string {
	if f.since == 0 {
		return ""
	}
	return "&since=" + strconv.FormatInt(f.since, 10)
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
	return pages.Show(w, r, status, "edit", words.Textf("Errors · %s", view.Head.Name), view)
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
	view.Warnings, view.Warned = page.Summary(r, r.Judge.Warnings(result.Warnings)), stepsText(r, result)
	view.Goes = f.goes(view.Head.Name, result)
	view.Steps = page.Summary(r, r.Judge.Warnings(result.Steps))
	if closes(result) {
		view.Closes = r.Judge.Visible(a).Core.Login
		view.Login = f.values.Get(nameLogin)
		view.Typed = !f.values.Has(nameLogin) || f.namesLogin(r, a)
	}
	view.Preview = &previewNotice{Changes: page.Changes(r, result.Change, page.WordingOf(e.directory, r.Judge.Visible(result.Account)))}
	if view.Preview.Left, err = e.leftAfter(result); err != nil {
		return err
	}
	if f.since > 0 {
		if view.Preview.Meanwhile, err = e.changedSince(f.since, a.Revision+1); err != nil {
			return err
		}
	}
	return pages.Show(w, r, http.StatusOK, "edit", view.Head.Name, view)
}

// seen reports whether what an edit comes to needs no look before it is written, or was looked
// at: the same was shown, and the login typed of a client that is closed for good.
func (f form) seen(r *ask.Request, a account.Account, result clientaccount.Result) bool {
	steps := stepsText(r, result)
	return steps == "" || steps == f.values.Get(nameWarned) && (!closes(result) || f.namesLogin(r, a))
}

// goes is the button below the steps of an edit to a client: it says what is done then.
func (f form) goes(client words.Text, result clientaccount.Result) button {
	switch {
	case f.isLater():
		return button{"later", "Schedule it"}
	case slices.ContainsFunc(result.Steps, func(step account.Fault) bool { return step.Code == "step.second" }):
		return button{"apply", "Propose it"}
	case closes(result):
		return button{"apply", words.Textf("Close %s for good", client)}
	default:
		return button{"apply", "Write it"}
	}
}

// stepsText are the steps of an edit as one text.
func stepsText(r *ask.Request, result clientaccount.Result) string {
	return page.StepsText(r.Judge.Warnings(result.Steps))
}

// closes reports whether an edit closes the client.
func closes(result clientaccount.Result) bool {
	return slices.ContainsFunc(result.Steps, func(step account.Fault) bool { return step.Code == "step.closes" })
}

// namesLogin reports whether the client's login was typed, by who sees it.
func (f form) namesLogin(r *ask.Request, a account.Account) bool {
	login := r.Judge.Visible(a).Core.Login
	return login == "" || strings.EqualFold(strings.TrimSpace(f.values.Get(nameLogin)), login)
}
