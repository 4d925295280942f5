package ask

import (
	"errors"
	"slices"

	"github.com/clientaccount/clientaccount"
	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/adminhttp/internal/access"
)

// Edit returns what the actor does to the client of the path, and why. It is refused where a second
// person must confirm it: that is for [Request.Proposal].
func (r *Request) Edit(reason string, apply func(*account.Account) error) (clientaccount.Edit, error) {
	edit, err := r.editBelow(r.Client.Parent, reason, apply)
	edit.Managers = r.Judge.Managers()
	return edit, err
}

// Proposal is Edit of what is only looked at, or waits for a second person.
func (r *Request) Proposal(reason string, apply func(*account.Account) error) (clientaccount.Edit, error) {
	guard, err := r.Judge.Guard(r.Context(), r.Client.Parent)
	return clientaccount.Edit{Actor: r.Actor, Reason: reason, Apply: apply, Guard: guard, Managers: r.Judge.Managers()}, err
}

// editBelow returns what the actor does to a client that has a parent, or will have.
func (r *Request) editBelow(parent account.ID, reason string, apply func(*account.Account) error) (clientaccount.Edit, error) {
	guard, err := r.Judge.Guard(r.Context(), parent)
	return clientaccount.Edit{Actor: r.Actor, Reason: reason, Apply: apply, Guard: r.guarding(guard)}, err
}

// Creating returns the edit that makes a client, from a page or from JSON: what the page for a
// new client begins with, and then what was typed. Only what was typed needs the right to
// write it; who may not set passwords makes a client that has none yet.
func (r *Request) Creating(parent *account.Account, reason string, typed func(*account.Account) error) (clientaccount.Edit, error) {
	start := r.Blank(parent)
	e, err := r.editBelow(start.Parent, reason, func(a *account.Account) error {
		a.Parent, a.Core.Manager, a.Core.TimeZone = start.Parent, start.Core.Manager, start.Core.TimeZone
		begun := a.Clone()
		err := typed(a)
		faults, bad := account.AsFaults(err)
		if err != nil && !bad {
			return err
		}
		for _, fault := range r.Judge.Forbidden(begun, *a) {
			if !faults.On(fault.Path) {
				faults = append(faults, fault)
			}
		}
		return faults.Err()
	})
	e.NoPassword = !r.Judge.Writes("password")
	return e, err
}

// AsStale finds the two sides of an edit that came too late.
func AsStale(err error) (*clientaccount.StaleError, bool) {
	return errors.AsType[*clientaccount.StaleError](err)
}

// MaxReason bounds what is kept as the reason of a change, in characters.
const MaxReason = 200

// Stood returns the text of a field as it was shown at the edit's revision. Lost means
// that the history keeps only that of it, so that Was has the present value.
func Stood(stale *clientaccount.StaleError, f account.Field) (text string, lost bool) {
	text = f.Shown(f.Text(stale.Was))
	for _, record := range stale.Since { // the oldest is the last
		if fc, ok := record.Change.At(f.Path); ok {
			text, lost = fc.Old, lost || fc.Secret
		}
	}
	return text, lost
}

// Own reports whether what somebody did was done by the actor, whom an id tells from others: what nobody
// is named for is nobody's own.
func (r *Request) Own(by account.Actor) bool { return by.ID != "" && by.ID == r.Actor.ID }

// SeesRecord reports whether the actor may be told of a change: who made it, when, and what stood
// before. It is for who made it, and for who sees the history.
func (r *Request) SeesRecord(record account.Record) bool {
	return r.Own(record.Actor) || r.Judge.May(access.History)
}

// SeesWas reports whether the actor may be told what a field was at the edit's revision: where others
// changed it since, only the history tells.
func (r *Request) SeesWas(stale *clientaccount.StaleError, path string) bool {
	return !slices.ContainsFunc(stale.Since, func(record account.Record) bool {
		_, changed := record.Change.At(path)
		return changed && !r.SeesRecord(record)
	})
}

// VersionRequired is the fault of an edit that does not say what it was made from.
var VersionRequired = account.NewFault("", "version.required")

// Blank returns what the page for a new client begins with. Its currency is left open,
// so that the parent or the product can give it.
func (r *Request) Blank(parent *account.Account) account.Account {
	a := account.New()
	a.Core.Currency = ""
	a.Core.Manager = r.Judge.OnlyManager()
	if parent != nil {
		a.Parent, a.Core.Manager, a.Core.TimeZone = parent.ID, parent.Core.Manager, parent.Core.TimeZone
	}
	return a
}

// ParentOf returns the account that a new one is to be beneath, nil for none. One that
// the actor does not see is not there.
func (r *Request) ParentOf(text string) (*account.Account, error) {
	if text == "" {
		return nil, nil
	}
	id, err := account.ParseID(text)
	if err != nil || id.IsZero() {
		return nil, account.ErrNotFound
	}
	parent, err := r.Seen(id)
	if err == nil && parent == nil {
		err = account.ErrNotFound
	}
	return parent, err
}
