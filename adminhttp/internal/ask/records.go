package ask

import (
	"errors"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/adminhttp/internal/access"
)

// ListHistory is a page of what was done to one of a list, the newest first, as the actor may be
// told it.
type ListHistory struct {
	Row     ListRow // as it is; of one that was removed, what it was, at revision 0
	Records []ListRecord
	Older   int64 // the revision that older ones are before; 0: there are none
}

// ListRecord is a record, and whether the actor may take it back.
type ListRecord struct {
	account.Record
	Undoes bool
}

func (t table[T]) RecordField(r *Request, path string) (account.Field, bool) {
	if f, own := t.fields.At(path); own {
		return f, true
	}
	if t.others == nil || !t.others(r.Judge, path) {
		return account.Field{}, false
	}
	return access.Field(path)
}

func (t table[T]) History(r *Request, q account.ChangeQuery) (ListHistory, error) {
	of, err := t.one(r.Service, r.Context(), q.Of)
	gone := errors.Is(err, account.ErrNotFound)
	if gone {
		of, err = t.removed(r, q.Of)
	}
	if err != nil {
		return ListHistory{}, err
	}
	size := q.PageSize()
	q.Limit = size + 1
	found, err := t.changes(r.Service, r.Context(), q)
	if err != nil {
		return ListHistory{}, err
	}
	found, more := Cut(found, size)
	h := ListHistory{Row: t.row(of)}
	if more {
		h.Older = found[size-1].Revision
	}
	for _, record := range found {
		if told, any := access.RecordOf(record, func(path string) bool { _, shown := t.RecordField(r, path); return shown }); any {
			h.Records = append(h.Records, ListRecord{told, !gone && t.undoes(r, of, record)})
		}
	}
	return h, nil
}

// removed returns what an item was that is gone: its last record says so.
func (t table[T]) removed(r *Request, id account.ID) (T, error) {
	var of T
	last, err := t.changes(r.Service, r.Context(), account.ChangeQuery{Of: id, Limit: 1})
	switch {
	case err != nil:
		return of, err
	case len(last) == 0 || last[0].Kind != account.RecordRemoved:
		return of, account.ErrNotFound
	}
	for _, fc := range last[0].Change {
		_ = t.fields.Set(&of, fc.Path, fc.Old) // it was accepted
	}
	own, _ := t.head(&of)
	*own = id
	return of, nil
}

// undoes reports whether the actor may take a record back: all of it is as it was left, and it needs
// no second person.
func (t table[T]) undoes(r *Request, of T, record account.Record) bool {
	return r.Judge.Meets(t.needs.Undo) && t.fields.TakeBack(&of, record) == nil &&
		len(t.rules(rules(), of)) == 0 && t.byOne(r, of) == nil
}

func (t table[T]) Undone(r *Request, id account.ID, revision, record int64) (ListRow, error) {
	of, err := t.undone(r.Service, r.Context(), id, revision, record)
	return t.row(of), err
}

func (t table[T]) Undo(r *Request, id account.ID, revision, record int64, reason string) error {
	of, err := t.undone(r.Service, r.Context(), id, revision, record)
	if err == nil {
		err = t.byOne(r, of)
	}
	if err == nil {
		_, err = t.undo(r.Service, r.Context(), id, revision, record, r.Actor, reason)
	}
	return err
}
