package kind

import (
	"net/url"
	"slices"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/adminhttp/internal/sent"
	"github.com/clientaccount/clientaccount/adminhttp/internal/words"
)

// NameFlag is a form's name for the path of a field whose checkboxes were on the page, ticked
// or not: unticked ones are simply absent.
const NameFlag = "_flag"

// Marked reports whether the control of a field comes with its path under NameFlag.
func Marked(f account.Field) bool {
	switch Of(f).(type) {
	case flag, set:
		return true
	default:
		return false
	}
}

// flag is on or off.
type flag struct{ line }

func (flag) Read(form url.Values, path string) (string, bool) {
	if slices.Contains(form[NameFlag], path) && !form.Has(path) {
		return "false", true
	}
	return form.Get(path), form.Has(path)
}

func (flag) Fill(c *Control, _ account.Field, _ Page) { c.On = c.Value == "true" }

func (flag) words(_ Wording, _ account.Field, text string) words.Text {
	return map[string]words.Text{"true": "on", "false": "off"}[text]
}

func (flag) value(_ account.Field, text string) any { return text == "true" }

func (flag) text(f account.Field, v sent.Value) (string, account.Faults) {
	return v.Text, sent.TypeFaults(f.Path, v.Kind == sent.KindBool)
}

func (flag) schema(_ account.Field, write bool) Schema {
	if write {
		return Schema{"type": []string{"boolean", "null"}}
	}
	return Schema{"type": "boolean"}
}
