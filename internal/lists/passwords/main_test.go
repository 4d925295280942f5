package main

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestPickFoldsSortsAndDropsTheShort(t *testing.T) {
	assert.Equal(t, []string{"password", "word", "zürich12", "йцукенг", "йцукенгш"},
		pick([]string{"zürich12", "abc", "Word", "sh0rt", "PassWord", "password", "two\nlines", "йцукенгш", "йцукенг"}))
}

func TestRunRefusesAListTooShort(t *testing.T) {
	in, out := filepath.Join(t.TempDir(), "in.json"), filepath.Join(t.TempDir(), "out.txt")
	require.NoError(t, os.WriteFile(in, []byte(`["password"]`), 0o600))

	require.ErrorContains(t, run(in, out), "only 1 passwords")
	require.NoFileExists(t, out)
}
