package account

import "strings"

// hidden stands where a value is kept from view. No URL may contain it, so what is
// shown is never taken for a new value.
const hidden = "…"

// MaskURL is a webhook URL as people and records get it: the values of its query,
// which may be tokens, are hidden; a query without names is hidden whole. Scheme,
// host and path stay, so that one URL can be told from another.
func MaskURL(url string) string {
	address, query, found := strings.Cut(url, "?")
	if !found || query == "" {
		return url
	}
	parts := strings.FieldsFunc(query, func(r rune) bool { return r == '&' || r == ';' })
	for i, part := range parts {
		name, _, named := strings.Cut(part, "=")
		if parts[i] = hidden; named {
			parts[i] = name + "=" + hidden
		}
	}
	return address + "?" + strings.Join(parts, "&")
}

// urlValue is a webhook URL. Setting the text that is shown of it keeps it.
type urlValue struct{ p *string }

func (v urlValue) String() string { return *v.p }

func (v urlValue) Get() any { return *v.p }

func (v urlValue) Set(s string) error {
	if s != MaskURL(*v.p) {
		*v.p = s
	}
	return nil
}
