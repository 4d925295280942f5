package client

import (
	"net/http"
	"slices"

	"github.com/clientaccount/clientaccount"
	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/adminhttp/internal/ask"
)

// merge takes an edit that was made from an older revision. It is written over the newest where
// nothing in it meets what was changed since; where something does, the actor is asked.
func merge(w http.ResponseWriter, r *ask.Request, a account.Account, f form, revision int64) error {
	stale, err := sides(r, a.ID, revision)
	if err != nil {
		return err
	}
	if !r.Judge.Sees(stale.Theirs) { // it left the scope meanwhile
		return account.ErrNotFound
	}
	if over, can := f.over(r, stale, revision); can {
		r.Client = stale.Theirs
		return apply(w, r, stale.Theirs, over, stale.Theirs.Revision)
	}
	return showConflict(w, r, stale, f, revision, nil)
}

// over returns what was typed and is no part of the newest revision yet; false where both sides
// changed a field, or somebody else had to do with money or a permission, or met a change of
// these. What one changed oneself a moment ago is nothing to be asked about.
func (f form) over(r *ask.Request, stale *clientaccount.StaleError, revision int64) (form, bool) {
	own := isOwn(r, stale)
	if !own && touchesGuarded(r, stale) || f.movesClock(stale) {
		return f, false
	}
	f = f.withoutShown(stale)
	mine := stale.Was.Clone()
	typed := f.change(stale.Was)
	unread, _ := account.AsFaults(typed.Apply(&mine))
	over := f
	over.texts, over.since = map[string]string{}, revision
	for _, fc := range typed {
		field, _ := account.FieldAt(fc.Path)
		_, theirs := stale.By(fc.Path)
		switch {
		case theirs && !unread.On(fc.Path) && !field.Secret() && field.Text(mine) == field.Text(stale.Theirs):
		case theirs, field.Guard != account.GuardNone && !own:
			return f, false
		default:
			over.texts[fc.Path] = f.texts[fc.Path]
		}
	}
	return over, true
}

// isOwn reports whether all changes since were the actor's own.
func isOwn(r *ask.Request, stale *clientaccount.StaleError) bool {
	return !slices.ContainsFunc(stale.Since, func(record account.Record) bool { return !r.Own(record.Actor) })
}

// touchesGuarded reports whether a change since was of money or a permission that the actor sees.
func touchesGuarded(r *ask.Request, stale *clientaccount.StaleError) bool {
	for _, record := range stale.Since {
		for _, fc := range r.Judge.Change(record.Change) {
			if field, known := account.FieldAt(fc.Path); known && field.Guard != account.GuardNone {
				return true
			}
		}
	}
	return false
}

// movesClock reports whether a time was typed by another clock than the client now has.
func (f form) movesClock(stale *clientaccount.StaleError) bool {
	return stale.Was.Core.TimeZone != stale.Theirs.Core.TimeZone && slices.ContainsFunc(f.change(stale.Was), func(fc account.FieldChange) bool {
		field, _ := account.FieldAt(fc.Path)
		return field.Kind == account.FieldTime
	})
}
