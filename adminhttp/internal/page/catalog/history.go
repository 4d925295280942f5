package catalog

import (
	"errors"
	"net/http"
	"strconv"
	"time"

	"github.com/clientaccount/clientaccount"
	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/adminhttp/internal/ask"
	"github.com/clientaccount/clientaccount/adminhttp/internal/kind"
	"github.com/clientaccount/clientaccount/adminhttp/internal/page"
	"github.com/clientaccount/clientaccount/adminhttp/internal/words"
)

// historyView is a page of what was done to one of a list, the newest first.
type historyView struct {
	page.History
	Head   page.Head
	Done   words.Text // what was done just now
	Faults []page.FaultLink
	Notice words.Text
	Step   *undoStep // that is looked at before a change is taken back
}

// undoStep is what taking a change back comes to for clients, and the form that does it then.
type undoStep struct {
	*effectView
	Undo   page.Undo
	Reason string
}

func rowHistory(l ask.List) ask.Endpoint {
	return func(w http.ResponseWriter, r *ask.Request) error {
		return showHistory(w, r, http.StatusOK, l, historyView{})
	}
}

// showHistory shows the history, with what view says of a change that was to be taken back.
func showHistory(w http.ResponseWriter, r *ask.Request, status int, l ask.List, view historyView) error {
	q := historyQuery(r, l)
	h, err := l.History(r, q)
	if err != nil {
		return err
	}
	view.Head = page.ListHead(r, l, r.ID, h.Row.Texts["name"], "history")
	if h.Row.Revision == 0 {
		view.Notice, view.Head.Tabs = "This was removed. What was done to it stays here.", nil
	}
	if r.URL.Query().Has("undone") {
		view.Done = "The change was taken back."
	}
	view.History = page.History{Filtered: q.Path != "", Fields: fieldOptions(r, l, q.Path), Clear: view.Head.URL("history")}
	if h.Older > 0 {
		view.Older = page.OlderURL(view.Clear, q.Path, h.Older)
	}
	for _, record := range h.Records {
		row := page.NewRecord(r, record.Record, time.UTC, l.Texts().Created, l.Texts().Removed, recordChanges(r, l, h.Row, record.Change))
		if record.Undoes {
			row.Undo = &page.Undo{Href: view.Head.URL("history/" + strconv.FormatInt(record.Revision, 10) + "/undo"), Revision: h.Row.Revision}
		}
		view.Records = append(view.Records, row)
	}
	return pages.Show(w, r, status, "history", words.Textf("History · %s", view.Head.Name), view)
}

// historyQuery reads the URL's state; what it does not understand counts as not there.
func historyQuery(r *ask.Request, l ask.List) account.ChangeQuery {
	values := r.URL.Query()
	q := account.ChangeQuery{Of: r.ID, Limit: page.HistoryPage}
	q.Before, _ = page.RevisionOf(values, "before")
	if path := values.Get("field"); path != "" {
		if _, shown := l.RecordField(r, path); shown {
			q.Path = path
		}
	}
	return q
}

func fieldOptions(r *ask.Request, l ask.List, chosen string) (options []page.FieldOption) {
	for _, f := range l.Fields() {
		options = append(options, page.FieldOption{Path: f.Path, Label: words.Text(f.Label), On: f.Path == chosen})
	}
	if f, shown := l.RecordField(r, account.PathPrices); shown {
		options = append(options, page.FieldOption{Path: f.Path, Label: words.Text(f.Label), On: f.Path == chosen})
	}
	return options
}

// recordChanges are the changed fields of a record in words.
func recordChanges(r *ask.Request, l ask.List, row ask.ListRow, c account.Change) (views []page.Change) {
	for _, fc := range c {
		f, _ := l.RecordField(r, fc.Path)
		said := func(text string) words.Text { return kind.Words(wordingOf(row), f, text) }
		views = append(views, page.Change{Path: fc.Path, Label: words.Text(f.Label), Secret: fc.Secret, Old: said(fc.Old), New: said(fc.New)})
	}
	return views
}

// undoRow takes a change back, after who else that touches was looked at.
func undoRow(l ask.List) ask.Endpoint {
	return func(w http.ResponseWriter, r *ask.Request) error {
		values, err := page.ReadValues(r)
		if err != nil {
			return err
		}
		record, err := strconv.ParseInt(r.PathValue("revision"), 10, 64)
		if err != nil || record < 1 {
			return account.ErrNotFound
		}
		known := map[string]bool{page.NameRevision: true, page.NameReason: true, nameWarned: true}
		seen, versioned := page.RevisionOf(values, page.NameRevision)
		if faults := page.CheckNames(values, known); len(faults) > 0 {
			return refuseUndo(w, r, http.StatusUnprocessableEntity, l, faults)
		}
		if !versioned {
			return refuseUndo(w, r, http.StatusPreconditionRequired, l, account.Faults{ask.VersionRequired})
		}
		undo := page.Undo{Href: strconv.FormatInt(record, 10), Revision: seen}
		step, err := stepOf(r, l, record, undo, page.ReasonOf(values))
		if err == nil && step != nil && step.Warned != values.Get(nameWarned) {
			return showHistory(w, r, http.StatusOK, l, historyView{Step: step})
		}
		if err == nil {
			err = l.Undo(r, r.ID, seen, record, page.ReasonOf(values))
		}
		return undone(w, r, l, err)
	}
}

// stepOf is what there is to be looked at before a change is taken back; nil where that is nothing.
func stepOf(r *ask.Request, l ask.List, record int64, undo page.Undo, reason string) (*undoStep, error) {
	row, err := l.Undone(r, r.ID, undo.Revision, record)
	if err != nil {
		return nil, err
	}
	effect, err := l.Effect(r, row)
	if err != nil || effect == nil {
		return nil, err
	}
	undo.Href = r.Root + l.Texts().Name + "/" + r.ID.String() + "/history/" + undo.Href + "/undo"
	return &undoStep{newEffect(r, l, row, effect), undo, reason}, nil
}

// undone answers after a change was taken back, or was not.
func undone(w http.ResponseWriter, r *ask.Request, l ask.List, err error) error {
	faults, bad := account.AsFaults(err)
	switch {
	case bad:
		return refuseUndo(w, r, http.StatusUnprocessableEntity, l, faults)
	case errors.Is(err, clientaccount.ErrInUse):
		return refuseUndo(w, r, http.StatusConflict, l, account.Faults{currencyInUse})
	case errors.Is(err, account.ErrStale):
		return showHistory(w, r, http.StatusConflict, l, historyView{
			Notice: "This was changed since you opened this page, so nothing was taken back. Look at the newest changes, then decide again.",
		})
	case err != nil:
		return err
	default:
		page.Redirect(w, r.Root+l.Texts().Name+"/"+r.ID.String()+"/history?undone=1")
		return nil
	}
}

func refuseUndo(w http.ResponseWriter, r *ask.Request, status int, l ask.List, faults account.Faults) error {
	edit := r.Root + l.Texts().Name + "/" + r.ID.String() + "/edit"
	return showHistory(w, r, status, l, historyView{Faults: rowSummary(l, edit, faults)})
}
