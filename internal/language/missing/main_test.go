package main

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/clientaccount/clientaccount/internal/language"
	"github.com/clientaccount/clientaccount/internal/language/uk"
)

// Ukrainian says all that pages say, and nothing else.
func TestUkrainianIsComplete(t *testing.T) {
	lacks, more, err := compare("../../..", uk.Catalog())
	require.NoError(t, err)
	assert.Empty(t, lacks, "go run ./internal/language/missing lists them; uk.json lacks them")
	assert.Empty(t, more, "no longer said")
	_, err = language.New(uk.Catalog())
	assert.NoError(t, err)
}
