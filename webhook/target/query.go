package target

import (
	"fmt"
	"net/url"
	"strings"
)

// reservedParams are the query parameters that calls of the [API] family
// append, for states and for incoming messages together: one URL may serve
// both.
var reservedParams = newSet(
	"msgid ref from to stat err sub dlvrd submit_date done_date parts mccmnc price currency seq ts",
	"msgid from to text coding hex parts mccmnc received ts",
)

func newSet(lists ...string) map[string]bool {
	set := map[string]bool{}
	for _, list := range lists {
		for _, name := range strings.Fields(list) {
			set[name] = true
		}
	}
	return set
}

// Reserved reports whether calls of the [API] family append a parameter of this
// name, so that a client's own query may not hold it. Case matters.
func Reserved(name string) bool { return reservedParams[name] }

// checkQuery checks a raw query: its percent-encoding, which net/url leaves
// unread, and, for the API family, its parameter names as a receiver would
// decode them. Some receivers also split at semicolons.
func checkQuery(query string, family Family) error {
	if _, err := url.QueryUnescape(query); err != nil {
		return refuse(codeSyntax)
	}
	if family != API {
		return nil
	}
	for _, param := range strings.FieldsFunc(query, func(r rune) bool { return r == '&' || r == ';' }) {
		raw, _, _ := strings.Cut(param, "=")
		name, err := url.QueryUnescape(raw)
		if err == nil && Reserved(name) {
			return &Error{Code: codeReservedParam, Text: fmt.Sprintf(texts[codeReservedParam], name)}
		}
	}
	return nil
}
