package account

import (
	"slices"
	"strings"
)

// Senders is the approved list of senders, in the order given, without doubles.
type Senders []string

// Has reports whether a sender is on the list, letter for letter: phones show ACME and
// Acme as two senders. The plus before a number is part of neither.
func (s Senders) Has(sender string) bool {
	sender = canonicalSender(sender)
	return slices.ContainsFunc(s, func(approved string) bool { return canonicalSender(approved) == sender })
}

// String returns the canonical text, separated by commas.
func (s Senders) String() string { return strings.Join(s, ",") }

// MarshalText returns String as bytes; it never fails.
func (s Senders) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// UnmarshalText reads senders separated by commas or line breaks; blanks around
// them, a plus before a number and doubles are dropped, and any blank inside is a space. It
// never fails: whether each is a valid sender is checked by validation.
func (s *Senders) UnmarshalText(text []byte) error {
	var senders Senders
	seen := map[string]bool{}
	separated := strings.NewReplacer("\r", ",", "\n", ",").Replace(string(text))
	for sender := range strings.SplitSeq(separated, ",") {
		sender = canonicalSender(strings.Map(spaced, trim(sender)))
		if sender != "" && !seen[sender] {
			seen[sender] = true
			senders = append(senders, sender)
		}
	}
	*s = senders
	return nil
}

// canonicalSender returns the one form of the ways to write a sender: a number's plus is no
// part of it.
func canonicalSender(s string) string {
	if digits, plus := strings.CutPrefix(s, "+"); plus && allDigits(digits) {
		return digits
	}
	return s
}

// ValidSender reports whether a message may come from s: 3 to 15 digits, with or without a
// plus, or 1 to 11 characters of ASCII letters, digits and, inside, space . - _ &, with at
// least one letter. Operators break on other signs.
func ValidSender(s string) bool {
	if s = canonicalSender(s); allDigits(s) {
		return len(s) >= 3 && len(s) <= 15
	}
	letters := 0
	for _, c := range []byte(s) {
		switch {
		case c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z':
			letters++
		case c >= '0' && c <= '9' || strings.IndexByte(senderSigns, c) >= 0:
		default:
			return false
		}
	}
	return letters > 0 && len(s) <= 11 && strings.Trim(s, senderSigns) == s
}

// senderSigns are what a sender may have inside: the signs that GSM 03.38 and ASCII have
// at one place, but for those that operators do not pass on.
const senderSigns = " .-_&"

// validDestination reports whether a message may go to s: a number as E.164 has it, with
// or without the plus, of 7 to 15 digits. The shortest in use are 7 with their
// country code; no country code begins with 0.
func validDestination(s string) bool {
	digits := strings.TrimPrefix(s, "+")
	return allDigits(digits) && len(digits) >= 7 && len(digits) <= 15 && digits[0] != '0'
}
