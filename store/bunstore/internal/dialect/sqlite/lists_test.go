package sqlite

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/clientaccount/clientaccount/store/bunstore/internal/rows"
)

func FuzzTextInLists(f *testing.F) {
	for _, seed := range []string{"", "null", "[]", `"`, `\`, `\"`, `a,b`, " ", "\t\n\r\x01\x1f\x7f", "Zoë — 🙂", "'; --", "?"} {
		f.Add(seed, seed)
	}
	f.Fuzz(func(t *testing.T, one, two string) {
		if !rows.Storable(one, two) {
			t.Skip("no database takes it")
		}
		js := &lists{width: 2}
		js.Text(one)
		js.Null()
		js.Text(two)
		js.Integer(17)
		var got [][]any
		require.NoError(t, json.Unmarshal([]byte(js.All()[0].(string)), &got))
		assert.Equal(t, [][]any{{one, nil}, {two, 17.0}}, got)
	})
}

func TestNoRowsAreAnEmptyList(t *testing.T) {
	assert.Equal(t, []any{"[]"}, (&lists{width: 2}).All())
	assert.Empty(t, (&lists{width: 2}).Calls(), "nothing to do")
}
