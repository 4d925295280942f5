package document_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/clientaccount/clientaccount/account/document"
)

// What was kept once is read for ever, and is the same bytes again: these files are never
// written anew. A format that changes gets files of its own beside them.
func TestWhatWasKeptIsReadForEver(t *testing.T) {
	files, err := filepath.Glob("testdata/format1/*.json")
	require.NoError(t, err)
	require.Len(t, files, len(document.Kinds()))
	for _, file := range files {
		text, err := os.ReadFile(file)
		require.NoError(t, err)
		d, err := document.Decode(text)
		require.NoError(t, err, file)
		assert.Equal(t, string(d.Kind())+".json", filepath.Base(file))
		same, err := document.Encode(d)
		require.NoError(t, err)
		assert.Equal(t, string(text), string(same), file)
	}
}
