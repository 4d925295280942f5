package api

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/adminhttp/internal/access"
	"github.com/clientaccount/clientaccount/adminhttp/internal/ask"
	"github.com/clientaccount/clientaccount/adminhttp/internal/sent"
	"github.com/clientaccount/clientaccount/internal/textform"
)

// maxPage is the most rows of one page.
const maxPage = 100

// param is a query parameter: what it may be, in words and as a schema.
type param struct {
	name   string
	about  string
	schema object
	valid  func(value string, p access.Judge) *account.Fault
	// path is the field it is about: hidden with it.
	path string
}

// checkQuery refuses unknown and doubled parameters, and values that mean
// nothing, all at once. An empty value is as good as none.
func checkQuery(r *ask.Request, params []param) error {
	values, err := url.ParseQuery(r.URL.RawQuery)
	if err != nil {
		return newProblem(http.StatusBadRequest, "query", "query.syntax", "The query cannot be read.")
	}
	var faults account.Faults
	for name, given := range values {
		i := slices.IndexFunc(params, func(p param) bool {
			return p.name == name && (p.path == "" || r.Judge.Shows(p.path))
		})
		switch {
		case i < 0:
			faults = sent.AddFault(faults, account.NewFault(sent.Within("", name), "query.unknown", sent.Within("", name)))
		case len(given) > 1:
			faults = sent.AddFault(faults, account.NewFault(name, "query.duplicate", name))
		case given[0] != "" && params[i].valid != nil:
			if fault := params[i].valid(given[0], r.Judge); fault != nil {
				faults = sent.AddFault(faults, *fault)
			}
		}
	}
	slices.SortFunc(faults, func(a, b account.Fault) int { return strings.Compare(a.Path, b.Path) })
	return faults.Err()
}

// oneOf accepts a few words.
func oneOf(fault account.Fault, words ...string) func(string, access.Judge) *account.Fault {
	return func(value string, _ access.Judge) *account.Fault {
		return sent.Unless(slices.Contains(words, value), fault)
	}
}

// lineUpTo accepts a line of text that fits.
func lineUpTo(runes int, path, code string) func(string, access.Judge) *account.Fault {
	return textUpTo(runes, textform.IsLine, path, code)
}

// isPasted accepts what people paste into a search, which reads past what it does not
// look for.
func isPasted(s string) bool { return utf8.ValidString(s) && !strings.Contains(s, "\x00") }

func textUpTo(runes int, is func(string) bool, path, code string) func(string, access.Judge) *account.Fault {
	return func(value string, _ access.Judge) *account.Fault {
		if !is(value) {
			fault := account.NewFault(path, "text.chars")
			return &fault
		}
		return sent.Unless(utf8.RuneCountInString(value) <= runes, account.NewFault(path, code))
	}
}

var (
	previewParam = param{
		name: "preview", about: "true: answer what would change and the warnings, and write nothing.",
		schema: object{"type": "boolean"},
		valid:  oneOf(account.NewFault("preview", "preview.flag"), "true", "false"),
	}
	reasonParam = param{
		name: "reason", about: "Why, for the history.", schema: object{"type": "string", "maxLength": ask.MaxReason},
		valid: lineUpTo(ask.MaxReason, "reason", "reason.length"),
	}
	atParam = param{
		name: "at", about: "From when on the change is made: it waits, and is judged again then.", schema: instantSchema(), valid: validInstant("at"),
	}
	cursorParam = param{
		name: "cursor", about: "next of the page before; the other parameters stay the same.",
		schema: object{"type": "string"},
	}
	limitParam = param{
		name: "limit", about: "Rows of a page.",
		schema: object{"type": "integer", "minimum": 1, "maximum": maxPage, "default": 50}, valid: validLimit,
	}
)

func validLimit(value string, _ access.Judge) *account.Fault {
	n, err := strconv.Atoi(value)
	return sent.Unless(err == nil && n >= 1 && n <= maxPage, account.Fault{Path: "limit", Code: "limit.range", Text: "Choose 1 to 100."})
}
