package client

import (
	"maps"
	"net/url"
	"slices"
	"time"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/adminhttp/internal/ask"
	"github.com/clientaccount/clientaccount/adminhttp/internal/kind"
	"github.com/clientaccount/clientaccount/adminhttp/internal/page"
)

// Names of the Edit page's form that are neither fields nor those of every form.
const (
	nameSeen   = "_seen"   // on a conflict page: the revision first edited
	nameParent = "_parent" // on the page that creates: the account above the new one
	nameWarned = "_warned" // the steps that were shown before applying
	nameLogin  = "_login"  // the login, typed by who closes the client
	keepPrefix = "_keep."  // on a conflict page: mine or theirs, by path
)

// form is what somebody typed: the text of each field that was on the page. The
// zero form is a page nobody typed in yet.
type form struct {
	values url.Values
	texts  map[string]string // canonical or as typed, by path
	utc    bool              // times are of UTC, for who does not see the client's clock
	plain  bool              // amounts have the decimals they need, for who does not see the currency
	since  int64             // the revision first edited, where newer ones are merged with it; else 0
	faults account.Faults    // of names, not of values
}

// readForm reads an Edit page. Of fields that the actor does not see any more nothing is read.
func readForm(r *ask.Request) (form, error) {
	values, err := page.ReadValues(r)
	if err != nil {
		return form{}, err
	}
	f := form{values: values, utc: !r.Judge.Shows("time_zone"), plain: !r.Judge.Shows("currency")}
	fields, others := r.Judge.Fields(), []string{page.NameRevision, page.NameReason, page.NameDo, page.NameAgain, page.NameSecret, nameSeen, nameParent, nameWarned, nameLogin, nameAt}
	for _, field := range fields {
		others = append(others, keepPrefix+field.Path)
	}
	var lost account.Faults
	f.values, lost = withoutHidden(r, values)
	f.texts, f.faults = page.ReadFields(f.values, fields, others...)
	f.faults = append(lost, f.faults...)
	return f, nil
}

// withoutHidden returns a form without the fields that the actor does not see, and the faults of
// those: they were taken away while the page was open.
func withoutHidden(r *ask.Request, values url.Values) (url.Values, account.Faults) {
	values = maps.Clone(values)
	var lost account.Faults
	for _, f := range account.Fields() {
		if r.Judge.Shows(f.Path) {
			continue
		}
		found := false
		for _, part := range append(kind.Of(f).Parts(), "") {
			found = found || values.Has(f.Path+part)
			delete(values, f.Path+part)
		}
		flags := slices.DeleteFunc(slices.Clone(values[kind.NameFlag]), func(path string) bool { return path == f.Path })
		found = found || len(flags) < len(values[kind.NameFlag])
		values[kind.NameFlag] = flags
		for _, name := range []string{keepPrefix + f.Path, kind.NameMeant + f.Path} {
			delete(values, name)
		}
		if found {
			lost = append(lost, account.NewFault(f.Path, "field.forbidden", f.Path))
		}
	}
	return values, lost
}

// act is the button that was pressed; empty on a page that nobody sent yet.
func (f form) act() string { return page.Act(f.values) }

func (f form) reason() string { return page.ReasonOf(f.values) }

// hasSecret reports whether a password was typed, which no page gives back.
func (f form) hasSecret() bool { return f.texts["password"] != "" || f.texts["password_retype"] != "" }

// lacksSecret reports whether a password was typed before, and was not typed again since.
func (f form) lacksSecret() bool { return f.values.Has(page.NameSecret) && !f.hasSecret() }

// secretAgain is the fault of a password that was typed for an account and is not kept. A new account
// has no other.
func secretAgain(base account.Account) account.Fault {
	field, _ := account.FieldAt("password")
	if base.Revision == 0 {
		return field.Fault("again_new")
	}
	return field.Fault("again")
}

// checks reports whether changes are only to be looked at, not applied.
func (f form) checks() bool { return f.act() == "check" }

// revision is the one the form was made from; false when it does not say.
func (f form) revision() (int64, bool) { return page.RevisionOf(f.values, page.NameRevision) }

// change is what was typed that differs from what the page showed of base. What
// was left as shown is not set: it may stand for more than it shows, as a time
// with its seconds does.
func (f form) change(base account.Account) account.Change {
	var c account.Change
	measure := measureOf(base, f.utc, f.plain)
	for _, field := range account.Fields() {
		text, posted := f.texts[field.Path]
		if !posted || text == kind.Of(field).Shown(measure, field, field.Text(base)) {
			continue
		}
		if f.utc {
			text = kind.Of(field).UTC(text)
		}
		c = c.Set(field.Path, text)
	}
	return c
}

// asked are the faults of what can be read in two ways.
func (f form) asked(base account.Account) account.Faults {
	measure := measureOf(base, f.utc, f.plain)
	return page.Asked(f.texts, account.Fields(), func(field account.Field) string {
		return kind.Of(field).Shown(measure, field, field.Text(base))
	})
}

// measureOf is the clock and the currency that an account's times and amounts are typed in:
// those of UTC, and the decimals they need, where these are not seen.
func measureOf(a account.Account, utc, plain bool) kind.Wording {
	w := page.WordingOf(kind.Directory{}, a)
	if utc {
		w.Zone = time.UTC
	}
	if plain {
		w.Currency = ""
	}
	return w
}

// apply is the change as an edit, the faults of the form's names among its own.
func (f form) apply(base account.Account) func(*account.Account) error {
	change, asked := f.change(base), f.asked(base)
	if f.lacksSecret() {
		asked = append(asked, secretAgain(base))
	}
	return func(a *account.Account) error {
		found, _ := account.AsFaults(change.Apply(a))
		found = slices.DeleteFunc(slices.Clone(found), func(f account.Fault) bool { return asked.On(f.Path) })
		return slices.Concat(f.faults, asked, found).Err()
	}
}
