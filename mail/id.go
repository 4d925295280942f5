package mail

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"strings"

	"github.com/clientaccount/clientaccount/account"
)

// ErrMessageID is returned for text that is no [MessageID].
var ErrMessageID = errors.New("mail: not a message id of the form <left@example.com>")

// MessageID is the Message-ID of a mail (RFC 5322, 3.6.4). Make it with [NewMessageID], or
// read one with [ParseMessageID]. The zero MessageID is none. Message ids are comparable.
type MessageID struct{ text string }

// NewMessageID returns the Message-ID of the mail to an address about a thing, such as a
// document: always the same for the same. The domain is one of the platform's own, and
// never changes either; it need not exist. The recipient's name and the case of their
// domain do not count. Errors: ErrMessageID for a zero id or a domain that is none,
// ErrAddress for a zero address.
func NewMessageID(about account.ID, to Address, domain string) (MessageID, error) {
	switch {
	case to.IsZero():
		return MessageID{}, ErrAddress
	case about.IsZero() || !isHostName(domain):
		return MessageID{}, ErrMessageID
	}
	local, _, _ := cutSpec(to.spec)
	recipient := sha256.Sum256([]byte(local + "@" + to.Domain()))
	return MessageID{"<" + about.String() + "." + hex.EncodeToString(recipient[:8]) + "@" + domain + ">"}, nil
}

// ParseMessageID reads a Message-ID with its angle brackets: two dot-atoms around an @, as
// RFC 5322 wants them to be made. Empty text is the zero MessageID. The error is
// ErrMessageID.
func ParseMessageID(s string) (MessageID, error) {
	if s == "" {
		return MessageID{}, nil
	}
	inner, closed := strings.CutSuffix(s, ">")
	inner, opened := strings.CutPrefix(inner, "<")
	left, right, found := cutSpec(inner)
	if !opened || !closed || !found || len(s) > maxLine || !localPart.MatchString(left) || !localPart.MatchString(right) {
		return MessageID{}, ErrMessageID
	}
	return MessageID{s}, nil
}

// IsZero reports whether there is no id.
func (id MessageID) IsZero() bool { return id == MessageID{} }

// String returns the id with its angle brackets.
func (id MessageID) String() string { return id.text }

// MarshalText is String as bytes; it never fails.
func (id MessageID) MarshalText() ([]byte, error) { return []byte(id.text), nil }

// UnmarshalText is [ParseMessageID] into id; on an error id is left as it was.
func (id *MessageID) UnmarshalText(text []byte) error { return set(id, ParseMessageID, text) }
