package account

import (
	"strings"

	"github.com/clientaccount/clientaccount/internal/textform"
)

// SearchText returns what the terms of store.ParseSearch are looked for in: the account's searched
// fields in the same folded form, a field a line.
func (a Account) SearchText() string { return a.SearchTextOf(func(string) bool { return true }) }

// SearchTextOf returns the part of SearchText that is of fields which somebody sees.
func (a Account) SearchTextOf(sees func(path string) bool) string {
	return accounts.searchText(&a, sees)
}

func (t Table[T]) searchText(of *T, sees func(path string) bool) string {
	var lines []string
	for _, r := range t.rows {
		if r.Searched && sees(r.Path) {
			lines = append(lines, textform.ForSearch(r.at(of).String()))
		}
	}
	return strings.Join(lines, "\n")
}
