// Package say holds texts that people are told, in English, until it is known in which language.
package say

import (
	"encoding/json"
	"fmt"
	"strings"
)

// A Text is what people are told, in English: an untyped constant is one. A formatted Text, see
// [Textf], keeps its format and its arguments apart, so that another language can put them
// elsewhere. The zero Text says nothing. What people typed is no Text, and is never translated.
type Text string

// mark stands before each argument of a formatted text. No text that is stored has it.
const mark = "\x1f"

// Textf returns a formatted text. Arguments are texts, strings, whole numbers, or values with
// a String method.
func Textf(format string, args ...any) Text {
	var b strings.Builder
	b.WriteString(format)
	for _, arg := range args {
		encoded, err := json.Marshal(argument(arg))
		if err != nil { // of strings and whole numbers there is none
			continue
		}
		b.WriteString(mark)
		b.Write(encoded)
	}
	return Text(b.String())
}

// packed is an argument as a formatted text keeps it: one of the three.
type packed struct {
	Text   *Text   `json:"t,omitempty"`
	Plain  *string `json:"s,omitempty"`
	Number *int64  `json:"n,omitempty"`
}

func argument(arg any) packed {
	switch v := arg.(type) {
	case Text:
		return packed{Text: &v}
	case string:
		return packed{Plain: &v}
	case int:
		n := int64(v)
		return packed{Number: &n}
	case int64:
		return packed{Number: &v}
	default:
		text := fmt.Sprint(v)
		return packed{Plain: &text}
	}
}

// Split returns the format of a text, and its arguments: each a Text, a string or an int64.
func (t Text) Split() (format string, args []any) {
	format, rest, formatted := strings.Cut(string(t), mark)
	if !formatted {
		return format, nil
	}
	for _, encoded := range strings.Split(rest, mark) {
		var p packed
		switch err := json.Unmarshal([]byte(encoded), &p); {
		case err != nil:
			args = append(args, "")
		case p.Text != nil:
			args = append(args, *p.Text)
		case p.Plain != nil:
			args = append(args, *p.Plain)
		case p.Number != nil:
			args = append(args, *p.Number)
		}
	}
	return format, args
}

// String returns the text in English.
func (t Text) String() string {
	format, args := t.Split()
	if args == nil {
		return format
	}
	return fmt.Sprintf(format, args...)
}
