package client

import (
	"net/http"
	"net/url"
	"strconv"

	"github.com/clientaccount/clientaccount"
	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/adminhttp/internal/access"
	"github.com/clientaccount/clientaccount/adminhttp/internal/ask"
	"github.com/clientaccount/clientaccount/adminhttp/internal/page"
	"github.com/clientaccount/clientaccount/adminhttp/internal/words"
	"github.com/clientaccount/clientaccount/store"
)

// historyView is a page of a client's changes, the newest first.
type historyView struct {
	page.History
	Head   page.Head
	Files  []page.Link // the changes as files
	Faults []page.FaultLink
	Notice words.Text
	Tasks  []page.Task // what was proposed and scheduled
	Final  *page.Step  // that is looked at before a change is taken back
}

func showHistory(w http.ResponseWriter, r *ask.Request) error {
	return renderHistory(w, r, http.StatusOK, r.Client, historyView{})
}

// refuseUndo shows the history, with what stood against taking a change back.
func refuseUndo(w http.ResponseWriter, r *ask.Request, status int, faults ...account.Fault) error {
	view := historyView{Faults: page.Summary(r, faults)}
	for i := range view.Faults {
		view.Faults[i].Href = "" // the fields are on another page
	}
	return renderHistory(w, r, status, r.Client, view)
}

// renderHistory shows the history, with what view says of a change that was to be taken back.
func renderHistory(w http.ResponseWriter, r *ask.Request, status int, a account.Account, view historyView) error {
	d, err := page.ReadDirectory(r)
	if err != nil {
		return err
	}
	head, err := page.NewHead(r, a, d, "history")
	if err != nil {
		return err
	}
	view.Head = head
	query := historyQuery(r, a)
	view.History = page.History{Filtered: query.Path != "", Fields: fieldOptions(r, query.Path), Clear: head.URL("history")}
	view.Files = page.ExportLinks(r, access.ExportHistory, head.URL("history/export"), page.StateValues(0, map[string]string{"field": query.Path}))
	records, err := r.Service.Changes(r.Context(), query)
	if err != nil {
		return err
	}
	records, more := ask.Cut(records, page.HistoryPage)
	if more {
		view.Older = page.OlderURL(view.Clear, query.Path, records[page.HistoryPage-1].Revision)
	}
	seen := r.Judge.Visible(a)
	for _, record := range records {
		told, any := r.Judge.Record(record)
		if !any {
			continue
		}
		undoes, err := canUndo(r, a, record)
		if err != nil {
			return err
		}
		row := page.NewRecord(r, told, words.Zone(seen), "created the client", "", page.Changes(r, told.Change, page.WordingOf(d, seen)))
		if undoes {
			row.Undo = &page.Undo{Href: head.URL("history/" + strconv.FormatInt(told.Revision, 10) + "/undo"), Revision: a.Revision}
		}
		view.Records = append(view.Records, row)
	}
	if query.Before == 0 && query.Path == "" {
		if view.Tasks, err = page.ClientTasks(r, d, store.TaskQuery{}); err != nil {
			return err
		}
	}
	return pages.Show(w, r, status, "history", words.Textf("History · %s", head.Name), view)
}

// historyQuery reads the URL's state; what it does not understand counts as not there.
func historyQuery(r *ask.Request, a account.Account) account.ChangeQuery {
	query := account.ChangeQuery{Of: a.ID, Limit: page.HistoryPage + 1}
	values := r.URL.Query()
	if before, ok := page.RevisionOf(values, "before"); ok {
		query.Before = before
	}
	path := values.Get("field")
	if path != "" && r.Judge.Shows(path) {
		query.Path = path
	}
	return query
}

// exportHistory answers with the changes that the page's filter finds as a file.
func exportHistory(w http.ResponseWriter, r *ask.Request) error {
	query := historyQuery(r, r.Client)
	query.Before = 0
	return page.Export(w, r, r.ExportChanges(query))
}

func fieldOptions(r *ask.Request, chosen string) []page.FieldOption {
	var options []page.FieldOption
	for _, f := range account.Fields() {
		if r.Judge.Shows(f.Path) && f.Path != "password_retype" {
			options = append(options, page.FieldOption{Path: f.Path, Label: words.Text(f.Label), On: f.Path == chosen})
		}
	}
	return options
}

// canUndo reports whether there is something to take back, all of it the actor's to write, as it
// was left, and nothing that a second person must confirm. Of a closed client there is nothing.
func canUndo(r *ask.Request, a account.Account, record account.Record) (bool, error) {
	back, _ := record.Inverse()
	if a.Status == account.StatusClosed || !r.Judge.May(access.Edit) {
		return false, nil
	}
	for _, fc := range back {
		if !r.Judge.Writes(fc.Path) {
			return false, nil
		}
	}
	undone := a.Clone()
	if err := record.TakeBack(&undone); err != nil {
		return false, nil
	}
	second, err := r.NeedsSecond(a, undone)
	return !second, err
}

func undoChange(w http.ResponseWriter, r *ask.Request) error {
	values, err := page.ReadValues(r)
	if err != nil {
		return err
	}
	record, err := strconv.ParseInt(r.PathValue("revision"), 10, 64)
	if err != nil || record < 1 {
		return account.ErrNotFound
	}
	seen, ok := page.RevisionOf(values, page.NameRevision)
	if !ok {
		return refuseUndo(w, r, http.StatusPreconditionRequired, ask.VersionRequired)
	}
	if faults := page.CheckNames(values, map[string]bool{page.NameRevision: true, page.NameReason: true, nameWarned: true}); len(faults) > 0 {
		return refuseUndo(w, r, http.StatusUnprocessableEntity, faults...)
	}
	return undoRecord(w, r, seen, record, values)
}

// undoRecord takes a change back, after what that comes to was looked at.
func undoRecord(w http.ResponseWriter, r *ask.Request, seen, record int64, values url.Values) error {
	a := r.Client
	edit, err := r.Edit(page.ReasonOf(values), nil)
	if err != nil {
		return err
	}
	result, err := r.Service.PreviewUndo(r.Context(), a.ID, seen, record, edit)
	if step := undoStep(r, record, values, result); err == nil && !step.IsSeen(values) {
		return renderHistory(w, r, http.StatusOK, a, historyView{Final: step})
	}
	if err == nil {
		result, err = r.Service.Undo(r.Context(), a.ID, seen, record, edit)
	}
	if faults, bad := account.AsFaults(err); bad {
		return refuseUndo(w, r, http.StatusUnprocessableEntity, faults...)
	}
	stale, ok := ask.AsStale(err)
	if ok && !r.Judge.Sees(stale.Theirs) { // it left the scope meanwhile
		return account.ErrNotFound
	}
	if ok {
		return renderHistory(w, r, http.StatusConflict, stale.Theirs, historyView{
			Notice: "The client was changed since you opened this page, so nothing was taken back. Look at the newest changes, then decide again.",
		})
	}
	if err != nil {
		return err
	}
	page.Redirect(w, r.Root+"clients/"+a.ID.String()+"/edit?applied="+appliedRevision(result))
	return nil
}

// undoStep is what taking a change back comes to that cannot be taken back itself, or bites at once;
// it tells nothing, which was seen, where there is no such thing.
func undoStep(r *ask.Request, record int64, values url.Values, result clientaccount.Result) *page.Step {
	client, change := r.Root+"clients/"+r.Client.ID.String(), strconv.FormatInt(record, 10)
	step := &page.Step{
		Title: words.Textf("Before change %s is taken back", change), Action: client + "/history/" + change + "/undo",
		Inputs: page.SentAgain(values), Warned: stepsText(r, result), Button: "Take it back", Back: client + "/history",
	}
	for _, told := range page.Summary(r, r.Judge.Warnings(result.Steps)) {
		text := told.Text
		if told.Label != "" {
			text = words.Textf("%s: %s", told.Label, text)
		}
		step.Texts = append(step.Texts, text)
	}
	return step
}
