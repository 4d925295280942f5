package webhook

import (
	"net/url"
	"strings"
	"unicode/utf8"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/webhook/target"
)

const (
	// maxHidden is the longest text that has to be found in an answer.
	maxHidden = target.MaxLength
	// minValue and minSegment are the shortest values and pieces of a path that are
	// taken for tokens: shorter ones would blot out ordinary words.
	minValue   = 4
	minSegment = 8
	ellipsis   = '…'
)

// hidden returns the texts that must not be kept of an answer: far ends that fail like to
// repeat what they were asked, tokens of the URL included.
func hidden(raw string, secrets []account.HookSecret) []string {
	needles := []string{raw}
	for _, s := range secrets {
		needles = append(needles, s.Reveal(), strings.TrimPrefix(s.Reveal(), account.HookSecretPrefix))
	}
	u, err := url.Parse(raw)
	if err != nil {
		return needles
	}
	for _, segment := range strings.Split(u.EscapedPath(), "/") {
		needles = appendToken(needles, segment, minSegment, url.PathUnescape)
	}
	for _, part := range strings.FieldsFunc(u.RawQuery, func(r rune) bool { return r == '&' || r == ';' }) {
		name, value, named := strings.Cut(part, "=")
		if !named {
			value = name
		}
		needles = appendToken(needles, value, minValue, url.QueryUnescape)
	}
	return needles
}

// appendToken adds a token as it was written and as it is read.
func appendToken(needles []string, written string, least int, unescape func(string) (string, error)) []string {
	if len(written) < least {
		return needles
	}
	needles = append(needles, written)
	if read, err := unescape(written); err == nil && read != written {
		needles = append(needles, read)
	}
	return needles
}

// scrub returns the beginning of an answer, fit to be kept: at most maxReply bytes, without
// the needles, in UTF-8 without control characters. text may be longer by maxHidden,
// so that a needle across the cut is found.
func scrub(text string, needles []string) string {
	var kept strings.Builder
	for i := 0; i < min(len(text), maxReply); {
		r, size := utf8.DecodeRuneInString(text[i:])
		switch n := needleAt(text[i:], needles); {
		case n > 0:
			r, size = ellipsis, n
		case r == utf8.RuneError && size == 1 || r < ' ' && r != '\n' && r != '\t':
			r = '?'
		}
		if kept.Len()+utf8.RuneLen(r) > maxReply {
			break
		}
		kept.WriteRune(r)
		i += size
	}
	return kept.String()
}

// needleAt returns the length of the longest needle that text begins with.
func needleAt(text string, needles []string) (longest int) {
	for _, needle := range needles {
		if len(needle) > longest && strings.HasPrefix(text, needle) {
			longest = len(needle)
		}
	}
	return longest
}
