package bunstore

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
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

func FuzzTextInEveryForm(f *testing.F) {
	for _, seed := range []string{"", "NULL", "null", "{}", `"`, `\`, `\"`, `a,b`, "{a,\"b\"}", " ", "\t\n\r\x01\x1f\x7f", "Zoë — 🙂", "'; --", "$1", "?"} {
		f.Add(seed, seed)
	}
	f.Fuzz(func(t *testing.T, one, two string) {
		if !storable(one, two) {
			t.Skip("no database takes it")
		}
		in := newArrays(2)
		js := &lists{width: 2}
		alone := &textSingles{singles{width: 2}}
		for _, form := range []form{in, js, alone} {
			form.text(one)
			form.null()
		}
		for _, form := range []form{in, js} {
			form.text(two)
			form.integer(17)
		}
		seventeen := "17"
		args := in.all()
		require.Len(t, args, 2)
		assert.Equal(t, []*string{&one, &two}, parseArray(t, args[0].(string)))
		assert.Equal(t, []*string{nil, &seventeen}, parseArray(t, args[1].(string)))
		var rows [][]any
		require.NoError(t, json.Unmarshal([]byte(js.all()[0].(string)), &rows))
		assert.Equal(t, [][]any{{one, nil}, {two, 17.0}}, rows)
		alone.integer(17)
		alone.flag(true)
		assert.Equal(t, [][]any{{one, nil}, {"17", "true"}}, alone.calls())
	})
}

func TestNoRowsAreEmptyParameters(t *testing.T) {
	assert.Equal(t, []any{"{}", "{}"}, newArrays(2).all())
	assert.Equal(t, []any{"[]"}, (&lists{width: 2}).all())
	for _, form := range []form{newArrays(2), &lists{width: 2}, &singles{width: 2}} {
		assert.Empty(t, form.calls(), "nothing to do")
	}
}

func TestSheetRefusesWhatNoDatabaseTakes(t *testing.T) {
	for _, text := range []string{"a\x00b", "\xff", "\xed\xa0\x80"} {
		s := postgres{}.writing(columns{ofAccount})
		s.text(text)
		_, err := argsOf(s)
		require.ErrorIs(t, err, errText)
	}
}
