package kind

import (
	"net/url"
	"strings"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/adminhttp/internal/sent"
	"github.com/clientaccount/clientaccount/adminhttp/internal/words"
)

// days are days of the month.
type days struct{ line }

func (days) words(_ Wording, _ account.Field, text string) words.Text {
	return words.Plain(spaced(text))
}

func (days) value(_ account.Field, text string) any {
	var days account.MonthDays
	_ = days.UnmarshalText([]byte(text)) // canonical: it reads
	return append([]int{}, days.Days()...)
}

func (d days) text(f account.Field, v sent.Value) (string, account.Faults) {
	if v.Kind != sent.KindArray {
		return d.line.text(f, v)
	}
	return joined(f, v, sent.KindNumber)
}

func (days) schema(_ account.Field, write bool) Schema {
	return orText(write, Schema{"type": "array", "items": Schema{"type": "integer", "minimum": 1, "maximum": 31}})
}

// list is a list of texts, typed one on each line.
type list struct{ line }

// Read takes the texts as they are understood, each on its line: what is wrong is told by line.
func (l list) Read(form url.Values, path string) (string, bool) {
	text, posted := l.line.Read(form, path)
	var texts account.Senders
	if texts.UnmarshalText([]byte(text)) == nil {
		text = strings.Join(texts, "\n")
	}
	return text, posted
}

func (list) Shown(_ Wording, _ account.Field, text string) string {
	return strings.ReplaceAll(text, ",", "\n")
}

func (list) words(_ Wording, _ account.Field, text string) words.Text {
	return words.Plain(spaced(text))
}

func (list) value(_ account.Field, text string) any {
	var senders account.Senders
	_ = senders.UnmarshalText([]byte(text)) // canonical: it reads
	return append([]string{}, senders...)
}

func (l list) text(f account.Field, v sent.Value) (string, account.Faults) {
	if v.Kind != sent.KindArray {
		return l.line.text(f, v)
	}
	return joined(f, v, sent.KindString)
}

func (list) schema(_ account.Field, write bool) Schema {
	return orText(write, Schema{"type": "array", "items": Schema{"type": "string"}})
}

func spaced(text string) string { return strings.ReplaceAll(text, ",", ", ") }

// joined are the items as one text, each of which must be one: no separators within.
func joined(f account.Field, v sent.Value, kind sent.Kind) (string, account.Faults) {
	texts := make([]string, len(v.Items))
	for i, item := range v.Items {
		if item.Kind != kind {
			return "", sent.TypeFaults(f.Path, false)
		}
		if strings.ContainsAny(item.Text, ",\r\n") || strings.TrimSpace(item.Text) == "" {
			return "", account.Faults{account.NewFault(f.Path, f.Noun+".format")}
		}
		texts[i] = item.Text
	}
	return strings.Join(texts, ","), nil
}
