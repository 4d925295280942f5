package adminhttp

import (
	"maps"
	"mime"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/adminhttp/internal/ask"
	"github.com/clientaccount/clientaccount/adminhttp/internal/kind"
	"github.com/clientaccount/clientaccount/adminhttp/internal/sent"
)

// Names in a form that are no fields.
const (
	nameRevision = "revision" // that the form was made from
	nameReason   = "reason"   // why, for the history
	nameDo       = "_do"      // the button: apply, or check
	nameSeen     = "_seen"    // on a conflict page: the revision first edited
	nameParent   = "_parent"  // on the page that creates: the account above the new one
	nameWarned   = "_warned"  // the warnings that were shown before applying
	keepPrefix   = "_keep."   // on a conflict page: mine or theirs, by path
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

// readValues reads a posted form; nothing of the query counts.
func readValues(r *ask.Request) (url.Values, error) {
	media, _, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if err != nil || media != "application/x-www-form-urlencoded" {
		return nil, ask.StatusError(http.StatusUnsupportedMediaType)
	}
	if err := r.ParseForm(); err != nil {
		if status := pageStatus(err); status == http.StatusRequestEntityTooLarge {
			return nil, ask.StatusError(status)
		}
		return nil, ask.StatusError(http.StatusBadRequest)
	}
	return r.PostForm, nil
}

// readForm reads an Edit page. Fields hidden from the actor are as unknown as any
// other name.
func readForm(r *ask.Request) (form, error) {
	values, err := readValues(r)
	if err != nil {
		return form{}, err
	}
	f := form{values: values, texts: map[string]string{}, utc: !r.Judge.Shows("time_zone"), plain: !r.Judge.Shows("currency")}
	known := map[string]bool{nameRevision: true, nameReason: true, nameDo: true, kind.NameFlag: true, nameSeen: true, nameParent: true, nameWarned: true}
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
	f.checkNames(known)
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

// checkNames finds names that mean nothing, and those given twice.
func (f *form) checkNames(known map[string]bool) {
	for _, name := range slices.Sorted(maps.Keys(f.values)) {
		switch several := kind.Several(name); {
		case len(f.faults) == sent.MaxFaults:
			return
		case !known[name]:
			f.faults = append(f.faults, account.NewFault("", "field.unknown", sent.Within("", name)))
		case len(f.values[name]) > 1 && !several:
			f.faults = append(f.faults, account.Fault{Path: name, Code: "field.duplicate", Text: "This was sent twice."})
		}
	}
	for _, path := range f.values[kind.NameFlag] {
		if field, ok := account.FieldAt(path); !known[path] || !ok || field.Kind != account.FieldFlag {
			f.faults = append(f.faults, account.NewFault("", "field.unknown", sent.Within("", path)))
			return
		}
	}
	if len([]rune(f.reason())) > ask.MaxReason {
		f.faults = append(f.faults, account.NewFault(nameReason, "reason.length"))
	}
}

func (f form) reason() string { return strings.TrimSpace(f.values.Get(nameReason)) }

// checks says whether changes are only to be looked at, not applied.
func (f form) checks() bool { return f.values.Get(nameDo) == "check" }

// revision is the one the form was made from; false when it does not say.
func (f form) revision() (int64, bool) { return revisionOf(f.values, nameRevision) }

func revisionOf(values url.Values, name string) (int64, bool) {
	n, err := strconv.ParseInt(values.Get(name), 10, 64)
	return n, err == nil && n > 0
}

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
