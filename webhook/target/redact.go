package target

import (
	"net/url"
	"strings"
)

const ellipsis = "…"

// Redact returns what of a webhook URL may stand in logs and records: scheme,
// host and port, then "/…" where there was more than "/". Userinfo, path,
// query and fragment never remain, for any of them may carry a token.
//
// Only "…" remains of a text that is no http or https URL or is longer than
// [MaxLength], and of one with an @ behind the host, for there the host may be
// the first piece of a password with a slash in it. Besides that sign the
// result is printable ASCII.
func Redact(raw string) string {
	scheme, _, rest := split(raw)
	if len(raw) > MaxLength || scheme != "http" && scheme != "https" || strings.Contains(rest, "@") {
		return ellipsis
	}
	u, err := url.Parse(raw)
	if err != nil || u.Host == "" || strings.ContainsFunc(u.Host, notPlain) {
		return ellipsis
	}
	if rest != "" && rest != "/" {
		rest = "/" + ellipsis
	}
	return scheme + "://" + u.Host + rest
}

// notPlain tells what could forge or hide a part of a log line.
func notPlain(r rune) bool { return r <= ' ' || r > '~' }
