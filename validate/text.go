package validate

import (
	"regexp"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// loginChars is what a login is made of, after folding.
var loginChars = regexp.MustCompile(`^[a-z0-9._-]*$`)

// telegramName is 5 to 32 letters, digits and underscores, a letter first, as
// Telegram has it for public names.
var telegramName = regexp.MustCompile(`^@[A-Za-z][A-Za-z0-9_]{4,31}$`)

// skypeName is a classic name, one that Microsoft made (live:...), or the e-mail
// address that served as one.
var skypeName = regexp.MustCompile(`^(live:)?[A-Za-z0-9.][A-Za-z0-9.,_@+-]*$`)

func isSkype(s string) bool { return len(s) <= 64 && skypeName.MatchString(s) }

// Text returns the form in which text is kept and compared, Unicode's NFC: of the ways to
// write one text, which look alike and are not the same bytes, the composed one.
func Text(s string) string { return norm.NFC.String(s) }

// PasswordText returns the form in which a password is hashed and compared, as RFC 8265 has
// it for passwords: any blank is a space, then as [Text].
func PasswordText(s string) string { return Text(spaced(s)) }

// spaced has a space for any blank, as one that does not break.
func spaced(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.Is(unicode.Zs, r) {
			return ' '
		}
		return r
	}, s)
}
