package kind

import (
	"net/url"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/internal/language"
)

// TestEveryZoneOfTheListIsAccepted, and offered once.
func TestEveryZoneOfTheListIsAccepted(t *testing.T) {
	for _, name := range zoneNames {
		_, err := account.LoadZone(name)
		assert.NoError(t, err, name)
		_, offered := zoneOptions().rest.in(language.English()).at[name]
		assert.True(t, offered, name)
	}
	assert.Greater(t, len(zoneNames), 500)
	for _, name := range []string{"UTC", "Europe/Kyiv", "America/Argentina/Buenos_Aires", "Asia/Kolkata"} {
		assert.Contains(t, zoneNames, name)
	}
}

// TestEveryKindHasALook: a new kind of field cannot be forgotten on the page.
func TestEveryKindHasALook(t *testing.T) {
	for _, f := range account.Fields() {
		assert.NotEmpty(t, Of(f).Look().Widget, f.Path)
	}
}

// A field that is nothing but a row has a control, a form, a value and a schema.
func TestRowIsAllThatAPageTakes(t *testing.T) {
	f := account.Field{Path: "contact.pigeon", Label: "Pigeon", Kind: account.FieldText, Noun: "pigeon", Max: 64, Values: "up to 64 characters", Effect: "Search."}
	c := NewControl(f, "a", "b")
	assert.Equal(t, []string{"contact.pigeon", "Pigeon", "a", "b"}, []string{c.Path, c.Label.String(), c.Value, c.Base})
	typed, sent := Of(f).Read(url.Values{"contact.pigeon": {"acme"}}, f.Path)
	assert.True(t, sent)
	assert.Equal(t, "acme", typed)
	assert.Equal(t, "acme", Value(f, "acme"))
	assert.Nil(t, Value(f, ""))
	assert.Equal(t, 64, SchemaOf(f, true)["maxLength"])
	assert.Equal(t, "acme", Words(Wording{}, f, "acme").String())
}
