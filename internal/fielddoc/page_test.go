package main

import (
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/clientaccount/clientaccount/account"
)

func TestDocumentIsCurrent(t *testing.T) {
	kept, err := os.ReadFile("../../docs/fields.md")
	require.NoError(t, err)
	assert.Equal(t, page(), string(kept), "run: go generate ./internal/fielddoc")
}

func TestEveryFieldHasOneCompleteRow(t *testing.T) {
	document := page()
	for _, f := range account.Fields() {
		assert.Equal(t, 1, strings.Count(document, "| `"+f.Path+"` |"), "rows of %s", f.Path)
		for name, cell := range map[string]string{"values": f.Values, "effect": f.Effect, "since": f.Since} {
			assert.NotEmpty(t, cell, "%s of %s", name, f.Path)
		}
	}
}
