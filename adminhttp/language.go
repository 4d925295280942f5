package adminhttp

import (
	"net/http"

	"github.com/clientaccount/clientaccount/internal/language"
	"github.com/clientaccount/clientaccount/internal/language/uk"
)

// Language is one that pages are said in. English is complete by itself; any other is as complete
// as its Texts, and what they lack is said in English. Codes and JSON are English always.
//
// Texts are looked up by the English text: a label, a sentence, a format of package fmt, or a
// layout of package time with the names of months and weekdays in it. A text may be put as the
// other language needs it: arguments in another order ("%[2]s"), and the tags that stand in a
// sentence ("<a>", "</a>") elsewhere. It has each of them once.
//
// A Language can be read from JSON, with tag, rightToLeft, decimal, group and texts.
type Language struct {
	// Tag is the language's name by BCP 47: "uk", "pt-BR".
	Tag         string `json:"tag"`
	RightToLeft bool   `json:"rightToLeft,omitempty"`
	// Decimal stands before the decimals of numbers, and Group between digits in threes. Where
	// Decimal is empty both are those of English.
	Decimal string           `json:"decimal,omitempty"`
	Group   string           `json:"group,omitempty"`
	Texts   map[string]Forms `json:"texts,omitempty"`
}

// Forms are a text in a language, by the plural categories of CLDR ("one", "few", "many", ...) of
// the first number in it. "other" is required, and is the only one of most texts; in JSON those are
// strings.
type Forms = language.Forms

// Ukrainian returns a language that is complete.
func Ukrainian() Language { return Language(uk.Catalog()) }

// languages returns those of the configuration.
func (c Config) languages() (*language.Set, error) {
	catalogs := make([]language.Catalog, len(c.Languages))
	for i, l := range c.Languages {
		catalogs[i] = language.Catalog(l)
	}
	return language.NewSet(catalogs)
}

func acceptLanguage(r *http.Request) string { return r.Header.Get("Accept-Language") }
