package page

import (
	"net/url"
	"strconv"
	"time"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/adminhttp/internal/ask"
	"github.com/clientaccount/clientaccount/adminhttp/internal/words"
)

// History is a page of a history, as its templates show it.
type History struct {
	Records  []Record
	Fields   []FieldOption // that it can be narrowed to
	Filtered bool
	Clear    string // URLs
	Older    string
}

// FieldOption is a field that a history can be narrowed to.
type FieldOption struct {
	Path  string
	Label words.Text
	On    bool
}

// HistoryPage is how many changes a page shows.
const HistoryPage = 25

// OlderURL returns the page of a history before a revision.
func OlderURL(history, path string, before int64) string {
	values := url.Values{"before": {strconv.FormatInt(before, 10)}}
	if path != "" {
		values.Set("field", path)
	}
	return history + "?" + values.Encode()
}

// Record is one change in a history, in words: of a client, or of a manager or product.
type Record struct {
	Revision int64
	Title    words.Text
	Created  bool // what was is not told,
	Removed  bool // or what is
	Who      words.Text
	When     words.Moment
	Reason   string
	Changes  []Change
	Undo     *Undo  // nil where it cannot be taken back,
	Batch    string // URL; empty where it was made by itself
	Second   string // who confirmed it
}

// Undo is the form that takes a change back.
type Undo struct {
	Href     string
	Revision int64 // that it is made from
}

// NewRecord returns a record that the actor may be told of, with its changes in words.
func NewRecord(r *ask.Request, record account.Record, zone *time.Location, created, removed words.Text, changes []Change) Record {
	view := Record{
		Revision: record.Revision, Who: words.Plain(record.Actor.Name), Second: record.Second.Name, Reason: record.Reason,
		When: words.MomentOf(record.At, r.Service.Now(), zone), Changes: changes,
	}
	if view.Who == "" {
		view.Who = "Somebody"
	}
	if view.Second == "" && record.Second.ID != "" {
		view.Second = "somebody"
	}
	switch record.Kind {
	case account.RecordCreated:
		view.Title, view.Created = created, true
	case account.RecordRemoved:
		view.Title, view.Removed = removed, true
	case account.RecordUndone:
		view.Title = words.Textf("took back change %s", strconv.FormatInt(record.Undoes, 10))
	default:
		view.Title = words.Textf("changed %s", words.Plural(len(view.Changes), "setting"))
	}
	if !record.Batch.IsZero() && r.SeesBatches() {
		view.Batch = r.Root + "batches/" + record.Batch.String()
	}
	return view
}
