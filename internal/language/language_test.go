package language_test

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/clientaccount/clientaccount/internal/language"
	"github.com/clientaccount/clientaccount/internal/say"
)

func TestSaying(t *testing.T) {
	t.Parallel()
	var c language.Catalog
	require.NoError(t, json.Unmarshal([]byte(`{"tag": "uk", "decimal": ",", "group": "\u00a0", "texts": {
		"%d days": {"one": "%d день", "few": "%d дні", "many": "%d днів", "other": "%d дня"},
		"%s ago": "%s тому", "%s of %s": "%[2]s: %[1]s", "Clients": "Клієнти",
		"Mon 2 Jan 2006": "Mon, 2 Jan 2006", "Mon": "пн", "Nov": "лист."}}`), &c))
	l, err := language.New(c)
	require.NoError(t, err)
	for n, want := range map[int]string{1: "1 день", 3: "3 дні", 5: "5 днів", 11: "11 днів", 12: "12 днів", 21: "21 день", 10_000_122: "10000122 дні"} {
		assert.Equal(t, want+" тому", l.Say(say.Textf("%s ago", say.Textf("%d days", n))))
	}
	for text, want := range map[say.Text]string{
		say.Textf("%s of %s", say.Digits("−1,234,567.50"), "Clients"):                                             "Clients: −1\u00a0234\u00a0567,50",
		say.Time(time.Date(2026, 11, 23, 8, 0, 0, 0, time.UTC), "Mon 2 Jan 2006"):                                 "пн, 23 лист. 2026",
		say.Textf("Until %s. %s.", say.Time(time.Date(2026, 11, 23, 8, 0, 0, 0, time.UTC), "2 Jan"), "as typed."): "Until 23 лист. as typed..",
		say.Join([]say.Text{"Clients", say.Textf("%d days", 2), say.Plain("Clients")}, ", "):                      "Клієнти, 2 дні, Clients",
		"Unheard of, 100 %": "Unheard of, 100 %",
		"":                  "",
	} {
		assert.Equal(t, want, l.Say(text))
	}
}

func TestCatalogsAreChecked(t *testing.T) {
	t.Parallel()
	for text, forms := range map[string]language.Forms{
		"%s of %d": {"other": "%d %s"}, "%s left": {"other": "nothing left"}, "x": {"few": "y"}, "y": {"other": "y", "fwe": "y"}, "z": {"other": "%s"},
	} {
		_, err := language.New(language.Catalog{Tag: "uk", Texts: map[string]language.Forms{text: forms}})
		assert.ErrorContains(t, err, text)
	}
	_, err := language.NewSet([]language.Catalog{{Tag: "not a tag"}})
	assert.Error(t, err)
}

func TestChoosing(t *testing.T) {
	t.Parallel()
	set, err := language.NewSet([]language.Catalog{{Tag: "uk"}, {Tag: "ar", RightToLeft: true}})
	require.NoError(t, err)
	for wanted, want := range map[string]string{
		"": "uk", "uk-UA": "uk", "ar-EG;q=0.9, fr": "ar", "en-GB,uk;q=0.5": "en", "fr": "uk", ";;;": "uk",
	} {
		assert.Equal(t, want, set.Choose(wanted).Tag(), wanted)
	}
	assert.Equal(t, "rtl", set.Choose("ar").Direction())
	own, err := language.NewSet([]language.Catalog{{Tag: "en-GB"}})
	require.NoError(t, err)
	assert.Equal(t, "en-GB", own.Choose("de").Tag())
}
