package main

import (
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/store"
)

func TestDocumentsAreCurrent(t *testing.T) {
	for name, text := range documents() {
		kept, err := os.ReadFile("../../docs/" + name)
		require.NoError(t, err)
		assert.True(t, text == string(kept), "docs/%s is old: run go generate ./internal/fielddoc", name)
	}
}

func TestEveryFieldHasOneCompleteRow(t *testing.T) {
	fields := slices.Concat(account.Fields(), account.ManagerTable().Fields(), account.ProductTable().Fields())
	rows := map[string]int{}
	for _, f := range fields {
		rows[row(f)]++
	}
	document := fieldPage(account.Fields())
	for _, f := range fields {
		assert.Equal(t, rows[row(f)], strings.Count(document, row(f)), "rows of %s", f.Path)
		for name, cell := range map[string]string{"values": f.Values, "effect": f.Effect, "since": f.Since} {
			assert.NotEmpty(t, cell, "%s of %s", name, f.Path)
		}
	}
}

// A field that is only a row is in the document.
func TestDocumentHasWhatTheTableHas(t *testing.T) {
	made := account.Field{
		Path: "contact.pigeon", Label: "Pigeon", Section: "contact", Values: "up to 64 characters",
		Effect: "Search and contact.", Since: "1.0.0", Searched: true,
	}
	document := fieldPage(append(account.Fields(), made))
	assert.Contains(t, document, "| Pigeon | `contact.pigeon` | up to 64 characters | Search and contact. | searched | 1.0.0 |\n")
}

func TestEveryCodeHasOneRow(t *testing.T) {
	document := codePage()
	for _, codes := range [][]account.Code{account.FaultCodes(), account.FindingCodes(), account.EventCodes(), store.ProblemCodes()} {
		for _, c := range codes {
			assert.Contains(t, document, "| `"+c.Code+"` |")
			assert.NotEmpty(t, c.About, c.Code)
		}
	}
	assert.NotContains(t, document, "%", "a verb that nothing is filled into")
}
