// Package say holds texts that people are told, in English, until it is known in which language.
package say

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

// A Text is what people are told, in English: an untyped constant is one. A formatted Text, see
// [Textf], keeps its format and its arguments apart, so that another language can put them
// elsewhere. The zero Text says nothing. What people typed is no Text, and is never translated.
type Text string

// Digits are a number as English writes it, "1,234.50", or an amount with its sign. They are an
// argument that each language writes with its own separators.
type Digits string

// Instant is an argument that each language writes by its own layout, with its own names of months
// and weekdays. Layout is one of package time, and a text to be translated as others are.
type Instant struct {
	At     time.Time
	Layout Text
}

// String returns the instant in English.
func (i Instant) String() string { return i.At.Format(string(i.Layout)) }

// mark stands before each argument of a formatted text: its kind, its length and itself follow.
// No text that is stored has it.
const mark = '\x1f'

// The kinds of arguments.
const (
	kindText    = 't'
	kindPlain   = 's'
	kindNumber  = 'n'
	kindDigits  = 'd'
	kindInstant = 'i'
)

// Textf returns a formatted text. Arguments are texts, strings, whole numbers, digits, instants,
// or values with a String method.
func Textf(format Text, args ...any) Text {
	var room [256]byte // which most texts are shorter than
	packed := append(room[:0], format...)
	for _, arg := range args {
		kind, content := argument(arg)
		packed = append(packed, mark, kind)
		packed = strconv.AppendInt(packed, int64(len(content)), 10)
		packed = append(append(packed, ':'), content...)
	}
	return Text(packed)
}

func argument(arg any) (kind byte, content string) {
	switch v := arg.(type) {
	case Text:
		return kindText, string(v)
	case string:
		return kindPlain, v
	case int:
		return kindNumber, strconv.Itoa(v)
	case int64:
		return kindNumber, strconv.FormatInt(v, 10)
	case Digits:
		return kindDigits, string(v)
	case Instant:
		return kindInstant, v.At.Format(time.RFC3339Nano) + " " + v.At.Format("MST") + " " + string(v.Layout)
	default:
		return kindPlain, fmt.Sprint(v)
	}
}

// Number returns a number that each language writes with its own separators.
func Number(d Digits) Text { return Textf("%s", d) }

// Time returns an instant that each language writes by its own layout.
func Time(at time.Time, layout Text) Text { return Textf("%s", Instant{at, layout}) }

// Of returns a text that was written in English elsewhere, as a fault's.
func Of(text string) Text {
	if strings.IndexByte(text, mark) >= 0 {
		return Plain(text)
	}
	return Text(text)
}

// Plain returns what is the same in every language, as a name.
func Plain(text string) Text {
	if text == "" {
		return ""
	}
	return Text(plainMark + strconv.Itoa(len(text)) + ":" + text)
}

// Typed returns what [Plain] made the text of; false where it is another.
func (t Text) Typed() (string, bool) {
	rest, is := strings.CutPrefix(string(t), plainMark)
	if !is {
		return "", false
	}
	length, content, _ := strings.Cut(rest, ":")
	n, err := strconv.Atoi(length)
	return content, err == nil && n == len(content)
}

// plainMark is what a text of one string begins with.
const plainMark = "%s" + string(rune(mark)) + string(rune(kindPlain))

// Join returns texts with a separator between them.
func Join(texts []Text, separator string) Text {
	switch len(texts) {
	case 0:
		return ""
	case 1:
		return texts[0]
	}
	args := make([]any, len(texts))
	for i, text := range texts {
		args[i] = text
	}
	separator = strings.ReplaceAll(separator, "%", "%%")
	return Textf(Text(strings.Repeat("%s"+separator, len(texts)-1)+"%s"), args...)
}

// Split returns the format of a text, and its arguments: each a Text, a string, an int64, Digits
// or an Instant.
func (t Text) Split() (format Text, args []any) {
	at := strings.IndexByte(string(t), mark)
	if at < 0 {
		return t, nil
	}
	format, rest := t[:at], string(t[at:])
	for rest != "" {
		length, after, _ := strings.Cut(rest[2:], ":")
		n, _ := strconv.Atoi(length)
		args = append(args, value(rest[1], after[:n]))
		rest = after[n:]
	}
	return format, args
}

func value(kind byte, content string) any {
	switch kind {
	case kindText:
		return Text(content)
	case kindNumber:
		n, _ := strconv.ParseInt(content, 10, 64)
		return n
	case kindDigits:
		return Digits(content)
	case kindInstant:
		at, rest, _ := strings.Cut(content, " ")
		zone, layout, _ := strings.Cut(rest, " ")
		t, _ := time.Parse(time.RFC3339Nano, at)
		_, offset := t.Zone()
		return Instant{t.In(time.FixedZone(zone, offset)), Text(layout)}
	default:
		return content
	}
}

// String returns the text in English.
func (t Text) String() string {
	format, args := t.Split()
	if args == nil {
		return string(format)
	}
	return fmt.Sprintf(string(format), args...)
}
