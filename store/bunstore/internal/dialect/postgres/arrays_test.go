package postgres

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/clientaccount/clientaccount/store/bunstore/internal/rows"
)

// parseArray reads the text of an array as PostgreSQL does (manual, "Array Input and
// Output Syntax"), as far as it is written here; nil is NULL.
func parseArray(t *testing.T, text string) []*string {
	t.Helper()
	require.True(t, strings.HasPrefix(text, "{") && strings.HasSuffix(text, "}"), text)
	var values []*string
	for rest := text[1:]; rest != "}"; {
		var value strings.Builder
		quoted := strings.HasPrefix(rest, `"`)
		var i int
		if quoted {
			for i = 1; rest[i] != '"'; i++ {
				if rest[i] == '\\' {
					i++
				}
				value.WriteByte(rest[i])
			}
			i++
		} else {
			i = strings.IndexAny(rest, ",}")
			require.Positive(t, i, "an empty value must be quoted")
			value.WriteString(rest[:i])
		}
		if s := value.String(); quoted || s != "NULL" {
			values = append(values, &s)
		} else {
			values = append(values, nil)
		}
		rest = strings.TrimPrefix(rest[i:], ",")
	}
	return values
}

func FuzzTextInArrays(f *testing.F) {
	for _, seed := range []string{"", "NULL", "null", "{}", `"`, `\`, `\"`, `a,b`, "{a,\"b\"}", " ", "\t\n\r\x01\x1f\x7f", "Zoë — 🙂", "'; --", "$1", "?"} {
		f.Add(seed, seed)
	}
	f.Fuzz(func(t *testing.T, one, two string) {
		if !rows.Storable(one, two) {
			t.Skip("no database takes it")
		}
		in := newArrays(2)
		alone := &textSingles{rows.NewSingles(2)}
		for _, form := range []rows.Form{in, alone} {
			form.Text(one)
			form.Null()
		}
		in.Text(two)
		in.Integer(17)
		seventeen := "17"
		args := in.All()
		require.Len(t, args, 2)
		assert.Equal(t, []*string{&one, &two}, parseArray(t, args[0].(string)))
		assert.Equal(t, []*string{nil, &seventeen}, parseArray(t, args[1].(string)))
		alone.Integer(17)
		alone.Flag(true)
		assert.Equal(t, [][]any{{one, nil}, {"17", "true"}}, alone.Calls())
	})
}

func TestNoRowsAreEmptyArrays(t *testing.T) {
	assert.Equal(t, []any{"{}", "{}"}, newArrays(2).All())
	assert.Empty(t, newArrays(2).Calls(), "nothing to do")
}
