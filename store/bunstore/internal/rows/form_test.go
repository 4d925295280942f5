package rows

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

var twoColumns = Columns{{"one", "text"}, {"two", "text"}}

func FuzzTextInObjects(f *testing.F) {
	for _, seed := range []string{"", "null", "{}", `"`, `\`, `\"`, `a,b`, " ", "\t\n\r\x01\x1f\x7f", "Zoë — 🙂", "'; --", "?"} {
		f.Add(seed, seed)
	}
	f.Fuzz(func(t *testing.T, one, two string) {
		if !Storable(one, two) {
			t.Skip("no database takes it")
		}
		objects, named := NewObjects(twoColumns), newNamed(twoColumns)
		for _, form := range []Form{objects, named} {
			form.Text(one)
			form.Null()
			form.Text(two)
			form.Flag(true)
		}
		want := []map[string]any{{"one": one, "two": nil}, {"one": two, "two": true}}
		var got []map[string]any
		require.NoError(t, json.Unmarshal([]byte(objects.All()[0].(string)), &got))
		assert.Equal(t, want, got)
		assert.Equal(t, want, named.rows)
	})
}

func TestNoRowsAreEmptyParameters(t *testing.T) {
	assert.Equal(t, []any{"[]"}, NewObjects(twoColumns).All())
	for _, form := range []Form{NewObjects(twoColumns), newNamed(twoColumns), NewSingles(2)} {
		assert.Empty(t, form.Calls(), "nothing to do")
	}
}

func TestParamsRefuseWhatNoDatabaseTakes(t *testing.T) {
	for _, text := range []string{"a\x00b", "\xff", "\xed\xa0\x80"} {
		p := NewParams(NewSingles(1))
		p.Text(text)
		_, err := Args(p)
		require.ErrorIs(t, err, ErrText)
		_, err = p.Calls()
		require.ErrorIs(t, err, ErrText)
	}
}

// Every codec reads as many columns as it writes.
func TestColumnsAreWrittenAndReadOnce(t *testing.T) {
	requireColumns(t, Balances)
	requireColumns(t, Entries)
	requireColumns(t, Holds)
	requireColumns(t, Events)
	requireColumns(t, AccountsWritten)
	requireColumns(t, Changes.Records)
	requireColumns(t, Changes.Fields)
	requireColumns(t, managers)
	requireColumns(t, products)
	requireColumns(t, DueDeliveries)
	requireColumns(t, PlacedDeliveries)
	requireColumns(t, Verdicts)
	requireColumns(t, HookUpdates)
	requireColumns(t, ClientSecrets)
}

func requireColumns[T any](t *testing.T, c Codec[T]) {
	t.Helper()
	seen := map[string]bool{}
	for _, f := range c {
		require.NotEmpty(t, f.Name)
		require.False(t, seen[f.Name], "%s twice", f.Name)
		seen[f.Name] = true
		form := NewSingles(1)
		var v T
		f.write(NewParams(form), &v)
		require.Len(t, form.values, 1, "%s is written once", f.Name)
		r := NewRow(1)
		f.read(r, &v)
		require.Equal(t, 1, r.next, "%s is read once", f.Name)
	}
}
