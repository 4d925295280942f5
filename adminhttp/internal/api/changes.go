package api

import (
	"encoding/binary"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/adminhttp/internal/access"
	"github.com/clientaccount/clientaccount/adminhttp/internal/ask"
	"github.com/clientaccount/clientaccount/adminhttp/internal/kind"
	"github.com/clientaccount/clientaccount/adminhttp/internal/sent"
)

// changeParams are those of a client's history.
var changeParams = []param{
	{
		name: "field", about: "Only changes of the field at this path.",
		schema: object{"type": "string"}, valid: validHistoryField,
	},
	cursorParam, limitParam,
}

// listChangeParams are those of the history of a manager or product, which checks the field itself.
var listChangeParams = []param{{name: "field", about: changeParams[0].about, schema: changeParams[0].schema}, cursorParam, limitParam}

func validHistoryField(value string, p access.Judge) *account.Fault {
	return sent.Unless(p.Shows(value), account.NewFault("field", "field.unknown", sent.Within("", value)))
}

// ChangeList is a page of a history.
type ChangeList struct {
	Changes []Record `json:"changes"`
	Next    *string  `json:"next" about:"The cursor of the next page."`
}

// Record is a change that was applied.
type Record struct {
	Revision int64              `json:"revision" limits:"minimum=1"`
	At       time.Time          `json:"at"`
	Kind     account.RecordKind `json:"kind"`
	Actor    account.Actor      `json:"actor"`
	Second   *account.Actor     `json:"second" about:"Who confirmed it, where a second person had to."`
	Reason   *string            `json:"reason"`
	Undoes   *int64             `json:"undoes"`
	Fields   []FieldChange      `json:"fields"`
}

// recordOf is a record that the actor may be told of, with its changed fields.
func recordOf(record account.Record, fields []FieldChange) Record {
	return Record{
		Revision: record.Revision, At: record.At.UTC(), Kind: record.Kind, Actor: record.Actor, Second: orNull(record.Second),
		Reason: orNull(record.Reason), Undoes: orNull(record.Undoes), Fields: fields,
	}
}

// changeQuery is the query of checked parameters.
func changeQuery(id account.ID, values url.Values) account.ChangeQuery {
	return account.ChangeQuery{Of: id, Path: values.Get("field")}
}

func listChanges(w http.ResponseWriter, r *ask.Request) error {
	a, size := r.Client, pageSize(r)
	q := changeQuery(a.ID, r.URL.Query())
	q.Limit = size + 1
	over := "changes " + a.ID.String() + q.Path
	var err error
	if q.Before, err = openMark(r, r.URL.Query().Get("cursor"), over); err != nil {
		return err
	}
	records, err := r.Service.Changes(r.Context(), q)
	if err != nil {
		return err
	}
	next, more := "", false
	if records, more = ask.Cut(records, size); more {
		next = sealMark(r, records[size-1].Revision, over)
	}
	page := []Record{}
	for _, record := range records {
		if told, any := r.Judge.Record(record); any {
			page = append(page, recordOf(told, changesOf(r.Judge, told.Change)))
		}
	}
	return answer(w, r, http.StatusOK, ChangeList{page, orNull(next)})
}

// changes are the history of an item of a list.
func (l catalog) changes(w http.ResponseWriter, r *ask.Request) error {
	q := changeQuery(r.ID, r.URL.Query())
	q.Limit = pageSize(r)
	if q.Path != "" {
		if _, shown := l.RecordField(r, q.Path); !shown {
			return account.Faults{account.NewFault("field", "field.unknown", sent.Within("", q.Path))}
		}
	}
	over := "changes " + l.Texts().Name + " " + r.ID.String() + q.Path
	var err error
	if q.Before, err = openMark(r, r.URL.Query().Get("cursor"), over); err != nil {
		return err
	}
	h, err := l.History(r, q)
	if err != nil {
		return err
	}
	page, next := []Record{}, ""
	for _, record := range h.Records {
		page = append(page, recordOf(record.Record, l.changesOf(r, record.Change)))
	}
	if h.Older > 0 {
		next = sealMark(r, h.Older, over)
	}
	return answer(w, r, http.StatusOK, ChangeList{page, orNull(next)})
}

// changesOf are the changed fields of a record of the list that the actor was told of.
func (l catalog) changesOf(r *ask.Request, c account.Change) []FieldChange {
	all := []FieldChange{}
	for _, fc := range c {
		f, _ := l.RecordField(r, fc.Path)
		all = append(all, FieldChange{Field: fc.Path, Old: kind.Value(f, fc.Old), New: kind.Value(f, fc.New), Secret: fc.Secret})
	}
	return all
}

// undo takes a change of an item back; with preview, it answers what that comes to for clients.
func (l catalog) undo(w http.ResponseWriter, r *ask.Request) error {
	present, err := l.Row(r, r.ID)
	if err != nil {
		return err
	}
	revision, err := version(r, present.Revision)
	if err != nil {
		return err
	}
	if err := readNothing(r); err != nil {
		return err
	}
	record, err := strconv.ParseInt(r.PathValue("revision"), 10, 64)
	if err != nil || record < 1 || record > present.Revision {
		return account.ErrNotFound
	}
	if previews(r) {
		row, err := l.Undone(r, r.ID, revision, record)
		if err != nil {
			return l.orConflict(r, err, present.Texts, revision)
		}
		return l.answerEffect(w, r, row)
	}
	if err := l.Undo(r, r.ID, revision, record, reasonOf(r)); err != nil {
		return l.orConflict(r, err, present.Texts, revision)
	}
	return l.show(w, r, http.StatusOK, r.ID)
}

// A cursor of numbered rows holds the number a page ended at, and belongs to the client
// and the filters.

func sealMark(r *ask.Request, number int64, over string) string {
	return r.Service.SealCursor(binary.BigEndian.AppendUint64(nil, uint64(number)), over)
}

func openMark(r *ask.Request, cursor, over string) (int64, error) {
	if cursor == "" {
		return 0, nil
	}
	mark, err := r.Service.OpenCursor(cursor, over)
	if err != nil {
		return 0, err
	}
	if len(mark) != 8 || int64(binary.BigEndian.Uint64(mark)) <= 0 {
		return 0, errCursor()
	}
	return int64(binary.BigEndian.Uint64(mark)), nil
}

func errCursor() error { return account.Faults{account.NewFault("cursor", "cursor.invalid")} }
