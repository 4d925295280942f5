package sent_test

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/adminhttp/internal/sent"
)

// word reads itself.
type word string

func (w *word) Read(path string, v sent.Value) *account.Fault {
	if v.Kind != sent.KindString || strings.Contains(v.Text, " ") {
		return sent.Fault(path, "field.type")
	}
	*w = word(v.Text)
	return nil
}

type body struct {
	Text   *string           `json:"text"`
	Kind   *account.HookKind `json:"kind"`
	Number *json.Number      `json:"number,omitempty"`
	Flag   *bool             `json:"flag"`
	Word   word              `json:"word"`
	Hidden *string
}

func TestDecode(t *testing.T) {
	for text, want := range map[string]string{
		`{}`: "", `{"text":null,"number":null,"flag":null,"word":null}`: "",
		`{"text":"","kind":"k","number":1.50e99,"flag":false,"word":"w"}`: "",
		`{"text":1,"kind":{},"number":"1","flag":"true","word":"a b"}`:    "flag field.type, kind field.type, number field.type, text field.type, word field.type",
		`{"Text":"x","Hidden":"x","":"x","text":"x"}`:                     " field.unknown, Hidden field.unknown, Text field.unknown",
		`{"text":"x","text":"y","more":{"a":1,"a":2}}`:                    "more field.unknown, more.a field.duplicate, text field.duplicate",
	} {
		d, err := sent.ParseObject([]byte(text))
		require.NoError(t, err)
		var b body
		var faults []string
		for _, fault := range sent.Decode(d, &b) {
			faults = append(faults, fault.Path+" "+fault.Code)
		}
		slices.Sort(faults)
		assert.Equal(t, want, strings.Join(faults, ", "), text)
	}
}

func TestDecodedTexts(t *testing.T) {
	d, err := sent.ParseObject([]byte(`{"text":"","kind":"k","number":1.50e99,"flag":false,"hidden":"x"}`))
	require.NoError(t, err)
	var b struct {
		Text   *string           `json:"text"`
		Kind   *account.HookKind `json:"kind"`
		Number *json.Number      `json:"number"`
		Flag   *bool             `json:"flag"`
		Other  *bool             `json:"other"`
		Hidden *string           `json:"hidden"`
	}
	faults := sent.Decode(d, &b, "text", "kind", "number", "flag", "other")
	assert.Equal(t, account.Faults{account.NewFault("hidden", "field.unknown", "hidden")}, faults)
	assert.Equal(t, map[string]string{"text": "", "kind": "k", "number": "1.50e99", "flag": "false"}, maps.Collect(sent.Texts(b)))
}
