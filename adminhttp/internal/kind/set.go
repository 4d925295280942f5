package kind

import (
	"net/url"
	"slices"
	"strings"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/adminhttp/internal/sent"
	"github.com/clientaccount/clientaccount/adminhttp/internal/words"
)

// partChosen is what the ticked boxes of a set come under.
const partChosen = ".chosen"

// set is some of a few, each with a box of its own.
type set struct{ line }

func (set) Parts() []string { return []string{partChosen} }

func (s set) Read(form url.Values, path string) (string, bool) {
	if !slices.Contains(form[NameFlag], path) || form.Has(path) {
		return s.line.Read(form, path)
	}
	return strings.Join(form[path+partChosen], ","), true
}

func (set) Fill(c *Control, f account.Field, _ Page) {
	on, was := items(c.Value), items(c.Base)
	for _, choice := range f.Choices {
		c.Boxes = append(c.Boxes, box{choice.Value, "", words.Text(choice.Label), slices.Contains(on, choice.Value), slices.Contains(was, choice.Value)})
	}
}

// items are the values of a set's text.
func items(text string) []string {
	return strings.FieldsFunc(text, func(r rune) bool { return r == ',' })
}

func (set) words(_ Wording, f account.Field, text string) words.Text {
	var names []words.Text
	for _, item := range items(text) {
		names = append(names, choice{}.words(Wording{}, f, item))
	}
	return words.Join(names, ", ")
}

func (set) unset(account.Field) words.Text { return "none" }

func (set) value(_ account.Field, text string) any { return append([]string{}, items(text)...) }

func (s set) text(f account.Field, v sent.Value) (string, account.Faults) {
	if v.Kind != sent.KindArray {
		return s.line.text(f, v)
	}
	return joined(f, v, sent.KindString)
}

func (set) schema(f account.Field, write bool) Schema {
	choices := make([]string, len(f.Choices))
	for i, c := range f.Choices {
		choices[i] = c.Value
	}
	return orText(write, Schema{"type": "array", "uniqueItems": true, "items": Schema{"enum": choices}})
}
