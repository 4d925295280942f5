package kind

import (
	"net/url"
	"strings"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/adminhttp/internal/sent"
	"github.com/clientaccount/clientaccount/adminhttp/internal/words"
)

// line is a text that means itself. The other kinds are made of it, and say where they
// differ.
type line struct{ look Look }

func (l line) Look() Look    { return l.look }
func (line) Parts() []string { return nil }

// Read takes the one input. Browsers send every line break as CR LF (HTML,
// "multipart/form-data").
func (line) Read(form url.Values, path string) (string, bool) {
	return strings.ReplaceAll(form.Get(path), "\r\n", "\n"), form.Has(path)
}

func (line) Readings(string) []string { return nil }

func (line) Shown(_ Wording, _ account.Field, text string) string { return text }
func (line) UTC(text string) string                               { return text }
func (line) Fill(*Control, account.Field, Page)                   {}

func (line) words(_ Wording, f account.Field, text string) words.Text {
	return words.Plain(f.Shown(text))
}
func (line) unset(account.Field) words.Text { return "empty" }

func (line) value(f account.Field, text string) any {
	if text == "" {
		return nil
	}
	return f.Shown(text)
}

func (line) text(f account.Field, v sent.Value) (string, account.Faults) {
	return v.Text, sent.TypeFaults(f.Path, v.Kind == sent.KindString)
}

func (line) schema(f account.Field, _ bool) Schema {
	s := Schema{"type": []string{"string", "null"}}
	if f.Max > 0 {
		s["maxLength"] = f.Max
	}
	return s
}

// address is a URL. What may be a token in it is not shown.
type address struct{ line }

func (address) Shown(_ Wording, f account.Field, text string) string { return f.Shown(text) }

// secret is written and never read.
type secret struct{ line }

// Fill takes away what was typed: it is not sent back.
func (secret) Fill(c *Control, _ account.Field, _ Page) { c.Value, c.Base = "", "" }
