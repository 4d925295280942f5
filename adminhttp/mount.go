package adminhttp

import (
	"net/http"
	"net/url"
	"path"
	"regexp"
	"strings"
	"sync"
)

// innerPath returns the part of a request's path that belongs to the admin, escaped as
// it was sent (a hold's reference may have a slash in it), with a leading slash;
// found out from the request itself, so that no prefix needs to be configured. A
// host may have taken the mount's prefix off already (StripPrefix, a proxy) or not
// (a pattern with wildcards); r.Pattern says what a ServeMux matched, and
// RequestURI whether the path was rewritten since.
func innerPath(r *http.Request) string {
	whole := "/" + strings.TrimPrefix(r.URL.EscapedPath(), "/")
	below, matches := belowPattern(r.Pattern, whole)
	if !matches || stripped(r, whole) {
		return whole
	}
	first, second := below, whole
	if rewritten(r) {
		first, second = whole, below
	}
	if !ours(first) && ours(second) {
		return second
	}
	return first
}

// stripped reports whether what was taken off the path is what the pattern matched: then
// the same once more is no prefix, but a path that the admin does not have.
func stripped(r *http.Request, whole string) bool {
	asked, _, _ := strings.Cut(r.RequestURI, "?")
	prefix, found := strings.CutSuffix(asked, whole)
	for found && prefix != "" {
		if rest, matches := belowPattern(r.Pattern, prefix+"/"); matches && rest == "/" {
			return true
		}
		_, prefix, found = strings.Cut(strings.TrimPrefix(prefix, "/"), "/")
		prefix = "/" + prefix
	}
	return false
}

// restPattern ends the pattern of a subtree where that is not a slash alone: {rest...} in
// a ServeMux, * in chi.
var restPattern = regexp.MustCompile(`/(\{[^/{}]*\.\.\.\}|\*)$`)

// belowPattern takes the segments of a pattern ("GET host/t/{x}/admin/") off the front of
// a path. chi sets the pattern as a ServeMux does.
func belowPattern(pattern, whole string) (string, bool) {
	_, pattern, found := strings.Cut(pattern, "/")
	pattern = strings.TrimSuffix(pattern, "{$}")
	pattern = restPattern.ReplaceAllString(pattern, "/")
	if !found || pattern != "" && !strings.HasSuffix(pattern, "/") {
		return "", false
	}
	rest := strings.TrimPrefix(whole, "/")
	for segment := range strings.SplitSeq(strings.TrimSuffix(pattern, "/"), "/") {
		if segment == "" {
			break
		}
		head, tail, more := strings.Cut(rest, "/")
		if !more || unescaped(head) != unescaped(segment) && !strings.HasPrefix(segment, "{") {
			return "", false
		}
		rest = tail
	}
	return "/" + rest, true
}

// unescaped returns a path, or a part of one, as people read it.
func unescaped(escaped string) string {
	plain, err := url.PathUnescape(escaped)
	if err != nil {
		return escaped
	}
	return plain
}

// innerURL returns the URL of a path within the admin.
func innerURL(inner, query string) *url.URL {
	return &url.URL{Path: unescaped(inner), RawPath: inner, RawQuery: query}
}

// rewritten reports whether the path is another than the one asked for.
func rewritten(r *http.Request) bool {
	asked, _, _ := strings.Cut(r.RequestURI, "?")
	return asked != "" && asked != r.URL.EscapedPath()
}

// ours reports whether a path begins like one of the admin's routes.
func ours(inner string) bool {
	head, _, _ := strings.Cut(strings.TrimPrefix(inner, "/"), "/")
	return heads()[head]
}

// heads are what the paths of the admin's routes begin with.
var heads = sync.OnceValue(func() map[string]bool {
	all := map[string]bool{"": true, "api": true, "assets": true}
	for _, rt := range pageRoutes() {
		head, _, _ := strings.Cut(rt.Path, "/")
		all[head] = true
	}
	return all
})

// withSlash returns the relative URL of the admin's root with its slash, where it was asked for
// without: relative URLs would be taken from one level too high, and come back for ever.
func withSlash(r *http.Request, inner string) (string, bool) {
	asked, err := url.ParseRequestURI(r.RequestURI)
	if inner != "/" || err != nil || strings.HasSuffix(asked.EscapedPath(), "/") || asked.Path == "" {
		return "", false
	}
	whole := asked.EscapedPath()
	to := "./" + whole[strings.LastIndex(whole, "/")+1:] + "/" // the dot keeps a colon from being a scheme's
	if asked.RawQuery != "" {
		to += "?" + asked.RawQuery
	}
	return to, true
}

// clean reports whether a path has no empty and no dot segments, which a ServeMux
// would answer with an absolute redirect that loses the mount's prefix.
func clean(inner string) bool {
	return path.Clean(inner) == inner || inner == "/"
}
