package clients

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/clientaccount/clientaccount/store"
)

// An index of texts is asked for what few rows have, which the whole of what is looked for ends in.
func TestEndThatFewRowsHave(t *testing.T) {
	for typed, want := range map[string]string{
		"client-777777": "-777777", "c/2026-00017": "-00017", "a.b_12345": "_12345",
		"client777777": "", "client-7777": "", "client-": "", "client-77777x": "", "llc": "", "a": "",
		"+380 50 1777777": "1777777", "050 177": "",
	} {
		terms := store.ParseSearch(typed)
		got := ""
		if assert.NotEmpty(t, terms, typed) {
			got = rareEnd(terms[0])
		}
		assert.Equal(t, want, got, typed)
	}
}
