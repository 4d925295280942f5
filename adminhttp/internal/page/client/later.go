package client

import (
	"strconv"
	"time"

	"github.com/clientaccount/clientaccount"
	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/adminhttp/internal/ask"
	"github.com/clientaccount/clientaccount/adminhttp/internal/kind"
	"github.com/clientaccount/clientaccount/adminhttp/internal/page"
	"github.com/clientaccount/clientaccount/adminhttp/internal/words"
)

// nameAt is the instant from which on a change is made, by the client's clock.
const nameAt = "at"

// isLater reports whether a change is made later, at an instant that was typed.
func (f form) isLater() bool { return f.act() == "later" }

// unscheduled is the fault of an instant that was typed by who applies the change at once.
func (f form) unscheduled() account.Faults {
	if f.values.Get(nameAt) == "" || f.isLater() || f.checks() {
		return nil
	}
	return account.Faults{account.NewFault(nameAt, "time.unused")}
}

// at is that instant; a fault where it cannot be read.
func (f form) at(a account.Account) (time.Time, error) {
	zone := words.Zone(a)
	if f.utc {
		zone = time.UTC
	}
	at, ok := kind.Local(f.values.Get(nameAt), zone)
	if !ok {
		return at, account.Faults{{Path: nameAt, Code: "time.format", Text: kind.LocalFault}}
	}
	return at, nil
}

// looked is the change as it is looked at before it is made. What a second person must confirm cannot
// be made later: that is said before anything else is asked.
func (f form) looked(r *ask.Request, a account.Account) (clientaccount.Edit, error) {
	if f.isLater() {
		return r.Edit(f.reason(), f.apply(a))
	}
	return r.Proposal(f.reason(), f.apply(a))
}

// write makes a change that was looked at: now, from an instant on, or as a proposal to a second
// person. It returns the query of the page that says so.
func (f form) write(r *ask.Request, a account.Account, revision int64, second bool) (query string, err error) {
	if second {
		edit, err := r.Proposal(f.reason(), f.apply(a))
		if err != nil {
			return "", err
		}
		task, err := r.Propose(revision, edit)
		return page.NameTask + "=" + task.ID.String(), err
	}
	edit, err := r.Edit(f.reason(), f.apply(a))
	if err != nil {
		return "", err
	}
	if f.isLater() {
		at, err := f.at(a)
		if err != nil {
			return "", err
		}
		task, err := r.Schedule(revision, at, edit)
		return page.NameTask + "=" + task.ID.String(), err
	}
	result, err := r.Service.Update(r.Context(), a.ID, revision, edit)
	switch {
	case err != nil:
		return "", err
	case len(result.Change) == 0:
		return "applied=0" + f.sinceQuery(), nil
	default:
		return "applied=" + strconv.FormatInt(result.Account.Revision, 10) + f.sinceQuery(), nil
	}
}

// later is what the page asks for to make a change later.
type later struct {
	Typed  string
	Zone   string // whose clock
	Faults []words.Text
	Open   bool
}

// newLater returns that; nil where nothing can be made later.
func newLater(e editor) *later {
	if e.creates || !e.r.Service.KeepsTasks() {
		return nil
	}
	zone := words.Zone(e.seen)
	if e.form.utc {
		zone = time.UTC
	}
	l := &later{Typed: e.form.values.Get(nameAt), Zone: zone.String(), Faults: page.TextsOn(e.faults, nameAt)}
	l.Open = l.Typed != "" || len(l.Faults) > 0
	return l
}
