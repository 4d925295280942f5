package mail

import (
	"errors"
	"strings"
	"unicode"
	"unicode/utf8"
)

// maxLine is the most bytes of a Line.
const maxLine = 1000

// ErrLine is returned for text that is no [Line].
var ErrLine = errors.New("mail: not one line of at most 1000 bytes of UTF-8 without control characters")

// Line is one line of text, such as a subject or the name of a file: UTF-8 without control
// characters or line breaks, at most 1000 bytes. Make it with [NewLine]. The zero Line is
// empty. Lines are comparable.
type Line struct{ text string }

// NewLine returns the text as a Line. The error is ErrLine.
func NewLine(text string) (Line, error) {
	if len(text) > maxLine || !utf8.ValidString(text) || strings.ContainsFunc(text, breaksLine) {
		return Line{}, ErrLine
	}
	return Line{text}, nil
}

// breaksLine reports whether a character is a control character, or separates lines or
// paragraphs.
func breaksLine(r rune) bool { return unicode.In(r, unicode.Cc, unicode.Zl, unicode.Zp) }

// String returns the text.
func (l Line) String() string { return l.text }

// MarshalText returns the text; it never fails.
func (l Line) MarshalText() ([]byte, error) { return []byte(l.text), nil }

// UnmarshalText is [NewLine] into l; on an error l is left as it was.
func (l *Line) UnmarshalText(text []byte) error { return set(l, NewLine, text) }

// set puts what a constructor makes of a text into a value, unless it fails.
func set[T any](to *T, parse func(string) (T, error), text []byte) error {
	parsed, err := parse(string(text))
	if err == nil {
		*to = parsed
	}
	return err
}
