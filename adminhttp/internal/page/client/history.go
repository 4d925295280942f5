package client

import (
	"net/http"
	"net/url"
	"strconv"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/adminhttp/internal/access"
	"github.com/clientaccount/clientaccount/adminhttp/internal/ask"
	"github.com/clientaccount/clientaccount/adminhttp/internal/kind"
	"github.com/clientaccount/clientaccount/adminhttp/internal/page"
	"github.com/clientaccount/clientaccount/adminhttp/internal/words"
	"github.com/clientaccount/clientaccount/store"
)

// historyView is a page of a client's changes, the newest first.
type historyView struct {
	Head     page.Head
	Records  []recordView
	Fields   []fieldOption
	Files    []page.Link // the changes as files
	Filtered bool
	Clear    string // URLs
	Older    string
	Revision int64
	Faults   []page.FaultLink
	Notice   words.Text
	Tasks    []page.Task // what was proposed and scheduled
}

type fieldOption struct {
	Path  string
	Label words.Text
	On    bool
}

// recordView is one change.
type recordView struct {
	Revision int64
	Title    words.Text
	Created  bool
	Who      words.Text
	When     words.Moment
	Reason   string
	Changes  []page.Change
	Undo     string // URLs; empty where it cannot be taken back,
	Batch    string // and where it was made by itself
	Second   string // who confirmed it
}

// historyPage is how many changes a page shows.
const historyPage = 25

func showHistory(w http.ResponseWriter, r *ask.Request) error {
	return renderHistory(w, r, http.StatusOK, r.Client, nil, "")
}

// renderHistory shows the history, with what stood against taking a change back.
func renderHistory(w http.ResponseWriter, r *ask.Request, status int, a account.Account, faults account.Faults, notice words.Text) error {
	d, err := page.ReadDirectory(r)
	if err != nil {
		return err
	}
	head, err := page.NewHead(r, a, d, "history")
	if err != nil {
		return err
	}
	view := historyView{Head: head, Revision: a.Revision, Faults: page.Summary(r, faults), Notice: notice, Clear: head.URL("history")}
	for i := range view.Faults {
		view.Faults[i].Href = "" // the fields are on another page
	}
	query := historyQuery(r, a)
	view.Filtered = query.Path != ""
	view.Fields = fieldOptions(r, query.Path)
	view.Files = page.ExportLinks(r, access.ExportHistory, head.URL("history/export"), page.StateValues(0, map[string]string{"field": query.Path}))
	records, err := r.Service.Changes(r.Context(), query)
	if err != nil {
		return err
	}
	records, more := ask.Cut(records, historyPage)
	if more {
		view.Older = olderURL(head, query.Path, records[historyPage-1].Revision)
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
		view.Records = append(view.Records, newRecordView(r, seen, told, undoes, page.WordingOf(d, seen), head))
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
	query := account.ChangeQuery{Of: a.ID, Limit: historyPage + 1}
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

func olderURL(head page.Head, path string, before int64) string {
	values := url.Values{"before": {strconv.FormatInt(before, 10)}}
	if path != "" {
		values.Set("field", path)
	}
	return head.URL("history") + "?" + values.Encode()
}

func fieldOptions(r *ask.Request, chosen string) []fieldOption {
	var options []fieldOption
	for _, f := range account.Fields() {
		if r.Judge.Shows(f.Path) && f.Path != "password_retype" {
			options = append(options, fieldOption{f.Path, words.Text(f.Label), f.Path == chosen})
		}
	}
	return options
}

func newRecordView(r *ask.Request, a account.Account, record account.Record, undoes bool, w kind.Wording, head page.Head) recordView {
	view := recordView{
		Revision: record.Revision, Who: words.Plain(record.Actor.Name), Second: record.Second.Name, Reason: record.Reason,
		When: words.MomentOf(record.At, r.Service.Now(), words.Zone(a)), Changes: page.Changes(r, record.Change, w),
	}
	if view.Who == "" {
		view.Who = "Somebody"
	}
	if view.Second == "" && record.Second.ID != "" {
		view.Second = "somebody"
	}
	switch record.Kind {
	case account.RecordCreated:
		view.Title, view.Created = "created the client", true
	case account.RecordUndone:
		view.Title = words.Textf("took back change %s", strconv.FormatInt(record.Undoes, 10))
	default:
		view.Title = words.Textf("changed %s", words.Plural(len(view.Changes), "setting"))
	}
	if !record.Batch.IsZero() && r.SeesBatches() {
		view.Batch = r.Root + "batches/" + record.Batch.String()
	}
	if undoes {
		view.Undo = head.URL("history/" + strconv.FormatInt(record.Revision, 10) + "/undo")
	}
	return view
}

// canUndo reports whether there is something to take back, all of it the actor's to write, as it
// was left, and nothing that a second person must confirm. Of a closed client there is nothing.
func canUndo(r *ask.Request, a account.Account, record account.Record) (bool, error) {
	back, _ := record.Inverse()
	closed := a.Status == account.StatusClosed
	if closed || record.Kind == account.RecordCreated || len(back) == 0 || !r.Judge.May(access.Edit) {
		return false, nil
	}
	for _, fc := range back {
		if f, known := account.FieldAt(fc.Path); !known || f.Text(a) != fc.Old || !r.Judge.Writes(fc.Path) {
			return false, nil
		}
	}
	undone := a.Clone()
	if err := back.Apply(&undone); err != nil {
		return false, nil
	}
	second, err := r.NeedsSecond(a, undone)
	return !second, err
}

func undoChange(w http.ResponseWriter, r *ask.Request) error {
	a := r.Client
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
		return renderHistory(w, r, http.StatusPreconditionRequired, a, account.Faults{ask.VersionRequired}, "")
	}
	if faults := page.CheckNames(values, map[string]bool{page.NameRevision: true, page.NameReason: true}); len(faults) > 0 {
		return renderHistory(w, r, http.StatusUnprocessableEntity, a, faults, "")
	}
	return undoRecord(w, r, a, seen, record, page.ReasonOf(values))
}

func undoRecord(w http.ResponseWriter, r *ask.Request, a account.Account, seen, record int64, reason string) error {
	edit, err := r.Edit(reason, nil)
	if err != nil {
		return err
	}
	result, err := r.Service.Undo(r.Context(), a.ID, seen, record, edit)
	if faults, bad := account.AsFaults(err); bad {
		return renderHistory(w, r, http.StatusUnprocessableEntity, a, faults, "")
	}
	stale, ok := ask.AsStale(err)
	if ok && !r.Judge.Sees(stale.Theirs) { // it left the scope meanwhile
		return account.ErrNotFound
	}
	if ok {
		return renderHistory(w, r, http.StatusConflict, stale.Theirs, nil,
			"The client was changed since you opened this page, so nothing was taken back. Look at the newest changes, then decide again.")
	}
	if err != nil {
		return err
	}
	page.Redirect(w, r.Root+"clients/"+a.ID.String()+"/edit?applied="+appliedRevision(result))
	return nil
}
