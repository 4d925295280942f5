package validate

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"
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

// isLine is text that every store keeps and that stays on one line: valid UTF-8
// without control characters, and without those that turn the direction of what
// follows (Unicode, UAX 9), with which one name can be made to look like another.
// PostgreSQL refuses NUL and broken UTF-8.
func isLine(s string) bool {
	return utf8.ValidString(s) && !strings.ContainsFunc(s, func(r rune) bool {
		return unicode.IsControl(r) || r >= '\u202a' && r <= '\u202e' || r >= '\u2066' && r <= '\u2069'
	})
}

// isLines is isLine with line ends and tabs allowed.
func isLines(s string) bool {
	return isLine(strings.NewReplacer("\r\n", "", "\n", "", "\t", "").Replace(s))
}
