package page

import (
	"cmp"
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
	NameRevision = "revision" // that the form was made from
	NameReason   = "reason"   // why, for the history
	NameDo       = "_do"      // the button: apply, or check; or which of a page's forms it is
	NameAgain    = "_again"   // the button that was pressed before, where a reading is chosen now
)

// Act is the button that a form was sent with; where that only chose a reading, the one that led to
// the question.
func Act(values url.Values) string { return cmp.Or(values.Get(NameDo), values.Get(NameAgain)) }

// ReadValues reads a posted form; nothing of the query counts.
func ReadValues(r *ask.Request) (url.Values, error) {
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

// ReadFields reads the inputs of fields: the texts of those that were on the page, by path.
// It finds what [CheckNames] finds, where others are the names of further inputs.
func ReadFields(values url.Values, fields []account.Field, others ...string) (map[string]string, account.Faults) {
	texts, known, marked := map[string]string{}, map[string]bool{}, map[string]bool{}
	for _, f := range fields {
		if text, posted := kind.Of(f).Read(values, f.Path); posted {
			texts[f.Path] = text
		}
		known[kind.NameMeant+f.Path] = true
		for _, part := range append(kind.Of(f).Parts(), "") {
			known[f.Path+part] = true
		}
		if kind.Marked(f) {
			known[kind.NameFlag], marked[f.Path] = true, true
		}
	}
	for _, name := range others {
		known[name] = true
	}
	faults := CheckNames(values, known)
	for _, path := range values[kind.NameFlag] {
		if !marked[path] {
			return texts, append(faults, account.NewFault("", "field.unknown", sent.Within("", path)))
		}
	}
	return texts, faults
}

// Asked are the faults of texts that can be read in two ways, and were not left as they
// were shown.
func Asked(texts map[string]string, fields []account.Field, shown func(account.Field) string) (faults account.Faults) {
	for _, f := range fields {
		text := texts[f.Path]
		if kind.Of(f).Readings(text) != nil && text != shown(f) {
			faults = append(faults, account.NewFault(f.Path, "amount.ambiguous"))
		}
	}
	return faults
}

// CheckNames finds names that mean nothing, and those given twice.
func CheckNames(values url.Values, known map[string]bool) (faults account.Faults) {
	for _, name := range slices.Sorted(maps.Keys(values)) {
		switch several := kind.Several(name); {
		case len(faults) == sent.MaxFaults:
			return faults
		case !known[name]:
			faults = append(faults, account.NewFault("", "field.unknown", sent.Within("", name)))
		case len(values[name]) > 1 && !several:
			faults = append(faults, account.Fault{Path: name, Code: "field.duplicate", Text: "This was sent twice."})
		}
	}
	if len([]rune(ReasonOf(values))) > ask.MaxReason {
		faults = append(faults, account.NewFault(NameReason, "reason.length"))
	}
	return faults
}

// ReasonOf is why, as it was typed.
func ReasonOf(values url.Values) string { return strings.TrimSpace(values.Get(NameReason)) }

// RevisionOf returns the positive number of a name, false where there is none.
func RevisionOf(values url.Values, name string) (int64, bool) {
	n, err := strconv.ParseInt(values.Get(name), 10, 64)
	return n, err == nil && n > 0
}
