package validate

import (
	"net/mail"
	"regexp"
	"strings"
)

// Lengths of the parts of an address (RFC 5321, 4.5.3.1).
const (
	maxLocalPart = 64
	maxDomain    = 255
)

// hostLabel is one label of a host name (RFC 1123, 2.1).
var hostLabel = regexp.MustCompile(`^[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?$`)

// isAddress takes one plain address (the addr-spec of RFC 5322), of the shape
// that mail on the public internet reaches: a dot-atom at a host name of two
// labels or more. Not a display name, a comment, a quoted local part or an IP
// literal. All is ASCII; an international domain is written in its xn-- form,
// since not every mail server takes another.
func isAddress(s string) bool {
	parsed, err := mail.ParseAddress(s)
	if err != nil || parsed.Address != s || parsed.Name != "" || strings.ContainsRune(s, '"') || !isASCII(s) {
		return false
	}
	at := strings.LastIndexByte(s, '@')
	return at <= maxLocalPart && isMailHost(s[at+1:])
}

func isMailHost(domain string) bool {
	labels := strings.Split(domain, ".")
	for _, label := range labels {
		if !hostLabel.MatchString(label) {
			return false
		}
	}
	top := labels[len(labels)-1]
	return len(labels) > 1 && len(domain) <= maxDomain && strings.Trim(top, "0123456789") != ""
}

func isASCII(s string) bool {
	return !strings.ContainsFunc(s, func(r rune) bool { return r > 0x7e || r < 0x20 })
}
