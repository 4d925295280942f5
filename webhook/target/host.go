package target

import (
	"net/netip"
	"net/url"
	"strings"
	"unicode"
)

const (
	maxName  = 253 // RFC 1035, section 2.3.4, without the closing dot
	maxLabel = 63
)

// privateSuffixes are names that no public resolver may answer, or that
// answer differently in every network.
var privateSuffixes = []string{
	"alt",         // RFC 9476
	"arpa",        // RFC 3172: infrastructure; home.arpa (RFC 8375) among it
	"corp",        // RFC 6762, appendix G; never delegated by ICANN
	"example",     // RFC 6761; example.com and its like are ordinary names
	"home",        // as corp
	"internal",    // reserved by ICANN for private use; cloud metadata names
	"intranet",    // RFC 6762, appendix G
	"invalid",     // RFC 6761
	"lan",         // RFC 6762, appendix G
	"local",       // RFC 6762
	"localdomain", // localhost.localdomain in many hosts files
	"localhost",   // RFC 6761
	"mail",        // as corp
	"onion",       // RFC 7686
	"private",     // RFC 6762, appendix G
	"test",        // RFC 6761
}

// checkHost checks the host of a parsed URL: an address by its range, a name
// by whether it can be public.
func checkHost(u *url.URL) error {
	host := u.Hostname()
	name := strings.TrimSuffix(host, ".") // the root; the same name without it
	addr, err := netip.ParseAddr(name)
	switch {
	case strings.ContainsFunc(host, func(r rune) bool { return r > unicode.MaxASCII }):
		return refuse(codeHostASCII)
	case err != nil && strings.HasPrefix(u.Host, "["):
		return refuse(codeHost)
	case err != nil:
		return checkName(strings.ToLower(name))
	case addr.Zone() != "":
		return refuse(codeHost)
	case CheckAddr(addr) != nil:
		return refuse(codeAddressPrivate)
	case host != name: // 192.0.2.1. is an address to some readers, a name to others
		return refuse(codeHostNumeric)
	}
	return nil
}

// checkName checks a lower-case name without its closing dot. Whether it is
// public comes before whether it is well formed.
func checkName(name string) error {
	labels := strings.Split(name, ".")
	switch {
	case name == "" || len(name) > maxName:
		return refuse(codeHost)
	case len(labels) == 1 || hasPrivateSuffix(name):
		return refuse(codeHostPublic)
	case isNumber(labels[len(labels)-1]):
		return refuse(codeHostNumeric)
	}
	for _, label := range labels {
		if !isLabel(label) {
			return refuse(codeHost)
		}
	}
	return nil
}

func hasPrivateSuffix(name string) bool {
	for _, suffix := range privateSuffixes {
		if strings.HasSuffix(name, "."+suffix) {
			return true
		}
	}
	return false
}

// isNumber reports whether a last label makes the whole host an IPv4 address to
// a lenient reader, such as the C library or a browser (WHATWG URL, "ends in a
// number"): 127.1, 0177.0.0.1, 0x7f.1. No top-level domain is a number.
func isNumber(label string) bool {
	digits, set := label, "0123456789"
	if hex, ok := strings.CutPrefix(label, "0x"); ok {
		digits, set = hex, "0123456789abcdef"
	}
	return label != "" && strings.Trim(digits, set) == ""
}

// isLabel reports whether a lower-case label may stand in a host name: letters,
// digits, inner hyphens (RFC 1123, section 2.1), and underscores, which DNS
// allows and hosts in use have.
func isLabel(label string) bool {
	const set = "abcdefghijklmnopqrstuvwxyz0123456789-_"
	return label != "" && len(label) <= maxLabel && label[0] != '-' &&
		label[len(label)-1] != '-' && strings.Trim(label, set) == ""
}
