package mail

import (
	"errors"
	"net/mail"
	"regexp"
	"strings"
	"unicode/utf8"
)

// Lengths: of the parts of an address and of all of it in bytes (RFC 5321, 4.5.3.1), and of the
// name in characters. All names that a client can have are shorter.
const (
	maxLocalPart = 64
	maxDomain    = 253
	maxSpec      = 254
	maxName      = 250
)

// ErrAddress is returned for text that is no [Address].
var ErrAddress = errors.New("mail: not an address of the form name@example.com")

var (
	localPart = regexp.MustCompile("^[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+([.][A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*$")
	hostName  = regexp.MustCompile(`^[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?([.][A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?)*$`)
)

// Address is one mailbox: an addr-spec of RFC 5322 and a name, which may be empty. The
// addr-spec is a dot-atom at a host name, all ASCII: no quoted local part, no IP literal;
// an international domain is in its xn-- form. So it is safe in a header and in a command
// of SMTP. Make it with [NewAddress] or [ParseAddress]. The zero Address is none. Addresses
// are comparable.
type Address struct{ name, spec string }

// NewAddress returns the address with a name to show, which may be empty. Runs of spaces in
// the name are one. The error is ErrAddress, or [ErrLine] for the name.
func NewAddress(name, spec string) (Address, error) {
	if _, err := NewLine(name); err != nil || utf8.RuneCountInString(name) > maxName {
		return Address{}, ErrLine
	}
	local, domain, _ := cutSpec(spec)
	if len(spec) > maxSpec || len(local) > maxLocalPart || !localPart.MatchString(local) || !isHostName(domain) {
		return Address{}, ErrAddress
	}
	return Address{strings.Join(strings.Fields(name), " "), spec}, nil
}

// ParseAddress reads an address as people write it, "Jane Doe <jane@example.com>" or the
// addr-spec alone. Empty text is the zero Address. Errors: as [NewAddress].
func ParseAddress(s string) (Address, error) {
	if s == "" {
		return Address{}, nil
	}
	parsed, err := mail.ParseAddress(s)
	if err != nil { // it may quote what it read
		return Address{}, ErrAddress
	}
	return NewAddress(parsed.Name, parsed.Address)
}

// IsZero reports whether there is no address.
func (a Address) IsZero() bool { return a == Address{} }

// Name returns the name to show; it may be empty.
func (a Address) Name() string { return a.name }

// Spec returns the addr-spec, name@example.com, as it was given.
func (a Address) Spec() string { return a.spec }

// Domain returns what is behind the @, in lower case.
func (a Address) Domain() string {
	_, domain, _ := cutSpec(a.spec)
	return strings.ToLower(domain)
}

// String returns the address as a header has it, all ASCII; [ParseAddress] reads it. The
// zero Address is empty.
func (a Address) String() string {
	switch {
	case a.IsZero():
		return ""
	case a.name == "":
		return a.spec
	default:
		return (&mail.Address{Name: a.name, Address: a.spec}).String()
	}
}

// MarshalText is String as bytes; it never fails.
func (a Address) MarshalText() ([]byte, error) { return []byte(a.String()), nil }

// UnmarshalText is [ParseAddress] into a; on an error a is left as it was.
func (a *Address) UnmarshalText(text []byte) error { return set(a, ParseAddress, text) }

// cutSpec parts an addr-spec at its last @.
func cutSpec(spec string) (local, domain string, found bool) {
	at := strings.LastIndexByte(spec, '@')
	if at < 0 {
		return spec, "", false
	}
	return spec[:at], spec[at+1:], true
}

func isHostName(s string) bool { return len(s) <= maxDomain && hostName.MatchString(s) }
