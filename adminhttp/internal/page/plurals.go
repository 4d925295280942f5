package page

import (
	"encoding/json"

	"github.com/clientaccount/clientaccount/adminhttp/internal/words"
	"github.com/clientaccount/clientaccount/internal/language"
)

// Plurals is a noun, written as the forms of a number with it: JSON by the plural categories of
// CLDR, for the script, which counts while one types. See words.Plural.
type Plurals words.Text

// SayIn returns the forms in a language.
func (p Plurals) SayIn(l *language.Language) any {
	forms := l.Forms(string("%s " + p + "s"))
	if forms == nil {
		forms = language.Forms{"one": string("%s " + p), "other": string("%s " + p + "s")}
	}
	written, err := json.Marshal(forms)
	if err != nil {
		return err // of strings: there is none
	}
	return string(written)
}
