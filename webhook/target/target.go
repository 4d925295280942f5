// Package target says what a client's webhook URL may be, and which addresses
// may be dialled for it.
//
// The same URL is checked twice. [Check] checks the text when it is saved: it
// asks no DNS and touches no network. [CheckAddr] checks the concrete address
// at every dial, because a name that was public when it was saved may answer
// with a private address a moment later. Neither replaces the other.
//
// Everything here is a pure function, safe for concurrent use.
package target

import (
	"net/url"
	"strings"
	"unicode"
	"unicode/utf8"
)

// MaxLength is the longest URL that may be saved, in bytes.
const MaxLength = 2048

// Family is the way a webhook is called. Any value but [API], the zero value
// included, is checked like [REST].
type Family string

// The two families of webhooks.
const (
	API  Family = "api"  // GET, our fields appended to the client's own query
	REST Family = "rest" // POST with a JSON body
)

// Check reports whether raw may be saved as a webhook URL of the family: nil,
// or an [*Error] with the first rule that raw breaks. The error never repeats
// raw, which may carry a token. The empty string is refused; a caller for
// whom it means "no webhook" asks before.
//
// A URL that passes parses with net/url into http or https and a host that is
// either an IP address [CheckAddr] allows, or a name that can be public. It
// carries no userinfo and no fragment. Its name still has to be checked by
// CheckAddr at every dial.
func Check(raw string, family Family) error {
	u, err := parse(raw)
	if err != nil {
		return err
	}
	if err := checkHost(u); err != nil {
		return err
	}
	if err := checkPort(u); err != nil {
		return err
	}
	return checkQuery(u.RawQuery, family)
}

// parse checks the text as a whole before net/url reads it, because net/url
// forgives or renames some of what is refused here: it drops an empty
// fragment and an empty userinfo, and calls a stray byte a parse error.
func parse(raw string) (*url.URL, error) {
	scheme, authority, rest := split(raw)
	switch {
	case len(raw) > MaxLength:
		return nil, refuse(codeLength)
	case !utf8.ValidString(raw) || strings.ContainsFunc(raw, isTreacherous):
		return nil, refuse(codeChars)
	case scheme != "http" && scheme != "https":
		return nil, refuse(codeScheme)
	case strings.Contains(authority, "@"):
		return nil, refuse(codeUserinfo)
	case strings.Contains(rest, "#"):
		return nil, refuse(codeFragment)
	case strings.ContainsFunc(rest, isOutsideURL):
		return nil, refuse(codeChars)
	}
	u, err := url.Parse(raw)
	if err != nil { // not wrapped: it quotes the URL
		return nil, refuse(codeSyntax)
	}
	return u, nil
}

// split cuts raw into its lower-case scheme, its authority, and what follows
// the authority (RFC 3986, section 3). Each is empty when raw has none.
func split(raw string) (scheme, authority, rest string) {
	scheme, rest, found := strings.Cut(raw, ":")
	if !found {
		return "", "", raw
	}
	scheme = strings.ToLower(scheme)
	after, found := strings.CutPrefix(rest, "//")
	if !found {
		return scheme, "", rest
	}
	end := strings.IndexAny(after, "/?#")
	if end < 0 {
		return scheme, after, ""
	}
	return scheme, after[:end], after[end:]
}

// isTreacherous tells the characters that two readers of one URL may treat
// differently: blanks and control characters, which some strip; what cannot
// be seen, such as a zero-width space; and the backslash, which browsers read
// as a slash.
func isTreacherous(r rune) bool {
	return r == ' ' || r == '\\' || !unicode.IsPrint(r)
}

// isOutsideURL tells the characters that RFC 3986 leaves no place for behind
// the host. They would go out as they are, in the request line.
func isOutsideURL(r rune) bool {
	return r > unicode.MaxASCII || strings.ContainsRune("\"<>\\^`{|}", r)
}
