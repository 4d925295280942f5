package client

import (
	"net/url"
	"slices"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/adminhttp/internal/ask"
	"github.com/clientaccount/clientaccount/adminhttp/internal/kind"
	"github.com/clientaccount/clientaccount/adminhttp/internal/page"
)

// Names of the Edit page's form that are neither fields nor those of every form.
const (
	nameSeen   = "_seen"   // on a conflict page: the revision first edited
	nameParent = "_parent" // on the page that creates: the account above the new one
	nameWarned = "_warned" // the warnings that were shown before applying
	keepPrefix = "_keep."  // on a conflict page: mine or theirs, by path
)

// form is what somebody typed: the text of each field that was on the page. The
// zero form is a page nobody typed in yet.
type form struct {
	values url.Values
	texts  map[string]string // canonical or as typed, by path
	utc    bool              // times are of UTC, for who does not see the client's clock
	plain  bool              // amounts have the decimals they need, for who does not see the currency
	faults account.Faults    // of names, not of values
}

// readForm reads an Edit page. Fields hidden from the actor are as unknown as any
// other name.
func readForm(r *ask.Request) (form, error) {
	values, err := page.ReadValues(r)
	if err != nil {
		return form{}, err
	}
	f := form{values: values, texts: map[string]string{}, utc: !r.Judge.Shows("time_zone"), plain: !r.Judge.Shows("currency")}
	known := map[string]bool{page.NameRevision: true, page.NameReason: true, page.NameDo: true, kind.NameFlag: true, nameSeen: true, nameParent: true, nameWarned: true}
	for _, field := range account.Fields() {
		if !r.Judge.Shows(field.Path) {
			continue
		}
		if text, posted := kind.Of(field).Read(f.values, field.Path); posted {
			f.texts[field.Path] = text
		}
		for _, name := range namesOf(field) {
			known[name] = true
		}
	}
	f.faults = page.CheckNames(values, known)
	return f, nil
}

// namesOf are the form names a field may come under.
func namesOf(f account.Field) []string {
	names := []string{f.Path, keepPrefix + f.Path}
	for _, part := range kind.Of(f).Parts() {
		names = append(names, f.Path+part)
	}
	return names
}

func (f form) reason() string { return page.ReasonOf(f.values) }

// checks reports whether changes are only to be looked at, not applied.
func (f form) checks() bool { return f.values.Get(page.NameDo) == "check" }

// revision is the one the form was made from; false when it does not say.
func (f form) revision() (int64, bool) { return page.RevisionOf(f.values, page.NameRevision) }

// change is what was typed that differs from what the page showed of base. What
// was left as shown is not set: it may stand for more than it shows, as a time
// with its seconds does.
func (f form) change(base account.Account) account.Change {
	var c account.Change
	base = withoutUnits(base, f.utc, f.plain)
	for _, field := range account.Fields() {
		text, posted := f.texts[field.Path]
		if !posted || text == kind.Of(field).Shown(field, base) {
			continue
		}
		if f.utc {
			text = kind.Of(field).UTC(text)
		}
		c = c.Set(field.Path, text)
	}
	return c
}

// withoutUnits is an account whose times are shown as those of UTC, and whose amounts with
// the decimals they need.
func withoutUnits(a account.Account, utc, plain bool) account.Account {
	if utc {
		a.Core.TimeZone = ""
	}
	if plain {
		a.Core.Currency = ""
	}
	return a
}

// apply is the change as an edit, the faults of the form's names among its own.
func (f form) apply(base account.Account) func(*account.Account) error {
	change := f.change(base)
	return func(a *account.Account) error {
		found, _ := account.AsFaults(change.Apply(a))
		return append(slices.Clone(f.faults), found...).Err()
	}
}
