package api

import (
	"encoding/binary"
	"net/http"
	"net/url"
	"time"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/adminhttp/internal/access"
	"github.com/clientaccount/clientaccount/adminhttp/internal/ask"
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

func validHistoryField(value string, p access.Judge) *account.Fault {
	return sent.Unless(p.Shows(value), account.NewFault("field", "field.unknown", sent.Within("", value)))
}

// ChangeList is a page of a client's history.
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
	Reason   *string            `json:"reason"`
	Undoes   *int64             `json:"undoes"`
	Fields   []FieldChange      `json:"fields"`
}

// recordOf is a record as the judge lets it be told.
func recordOf(judge access.Judge, record account.Record) Record {
	return Record{
		Revision: record.Revision, At: record.At.UTC(), Kind: record.Kind, Actor: record.Actor,
		Reason: orNull(record.Reason), Undoes: orNull(record.Undoes), Fields: changesOf(judge, record.Change),
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
			page = append(page, recordOf(r.Judge, told))
		}
	}
	return answer(w, r, http.StatusOK, ChangeList{page, orNull(next)})
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
