package target

import "maps"

// Error is a refused URL. It holds nothing of the URL itself, so it may be
// logged, stored, and shown to the client.
type Error struct {
	Code string // stable, for programs: "url." and the rule that was broken
	Text string // one English sentence for the person who typed the URL
}

// Error returns the sentence.
func (e *Error) Error() string { return e.Text }

const (
	codeAddressPrivate = "url.address_private"
	codeChars          = "url.chars"
	codeFragment       = "url.fragment"
	codeHost           = "url.host"
	codeHostASCII      = "url.host_ascii"
	codeHostNumeric    = "url.host_numeric"
	codeHostPublic     = "url.host_public"
	codeLength         = "url.length"
	codePort           = "url.port"
	codeReservedParam  = "url.reserved_param"
	codeScheme         = "url.scheme"
	codeSyntax         = "url.syntax"
	codeUserinfo       = "url.userinfo"
)

// Texts returns the text of every code, with %s for what is filled in.
func Texts() map[string]string { return maps.Clone(texts) }

var texts = map[string]string{
	codeAddressPrivate: "This address is private or reserved and cannot receive callbacks.",
	codeChars:          "Use only characters that a URL may hold; percent-encode spaces and all others.",
	codeFragment:       "Leave out the # and what follows it; it would never be sent.",
	codeHost:           "The host name is missing or not well formed.",
	codeHostASCII:      "Write the host name in ASCII; an international name in its xn-- form.",
	codeHostNumeric:    "Write an IPv4 address as four decimal numbers without leading zeros, or use a host name.",
	codeHostPublic:     "This host name is not public; use one that the whole internet can look up.",
	codeLength:         "At most 2,048 characters.",
	codePort:           "Use port 80, 443, or one from 1024 to 65535 that is not known for another service.",
	codeReservedParam:  "The parameter %s is added by us; rename yours.",
	codeScheme:         "Start with https:// or http://.",
	codeSyntax:         "This is not a well-formed URL.",
	codeUserinfo:       "Leave out the user name and password.",
}

func refuse(code string) error {
	return &Error{Code: code, Text: texts[code]}
}
