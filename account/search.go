package account

import (
	"slices"
	"strings"

	"github.com/clientaccount/clientaccount/internal/textform"
)

// searchPaths are the fields that Query.Search is looked for in.
var searchPaths = []string{
	"login", "contact.company", "contact.first_name", "contact.last_name", "mail.email", "contact.phone",
	"contact.contract", "contact.credential", "contact.telegram", "contact.skype",
}

// SearchText is what the terms of store.ParseSearch are looked for in: the account's fields in
// the same folded form, a field a line.
func (a Account) SearchText() string { return a.SearchTextOf(func(string) bool { return true }) }

// SearchTextOf is the part of SearchText that is of fields which somebody sees.
func (a Account) SearchTextOf(sees func(path string) bool) string {
	lines := make([]string, 0, len(searchPaths))
	for _, path := range searchPaths {
		if f, ok := FieldAt(path); ok && sees(path) {
			lines = append(lines, textform.ForSearch(f.Text(a)))
		}
	}
	return strings.Join(lines, "\n")
}

// Searched says whether Query.Search is looked for in a field.
func Searched(path string) bool { return slices.Contains(searchPaths, path) }
