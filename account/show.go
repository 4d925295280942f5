package account

import (
	"fmt"
	"log/slog"
	"regexp"
	"strings"
)

// What is printed of values that hold secrets, whatever the verb, and wherever they lie
// in what is printed: package fmt and slog's text ask the parts.

// masked returns the URLs as people get them, in a type of their own without methods.
func (w Webhooks) masked() plainWebhooks {
	return plainWebhooks{MaskURL(w.APIState), MaskURL(w.APIIncoming), MaskURL(w.RESTState), MaskURL(w.RESTIncoming)}
}

type plainWebhooks Webhooks

// String returns the URLs without what may be tokens.
func (w Webhooks) String() string { return fmt.Sprintf("%+v", w.masked()) }

// Format prints the URLs without what may be tokens, by every verb of fmt.
func (w Webhooks) Format(f fmt.State, verb rune) {
	_, _ = fmt.Fprintf(f, fmt.FormatString(f, verb), w.masked())
}

// LogValue returns the URLs without what may be tokens, for slog.
func (w Webhooks) LogValue() slog.Value { return slog.AnyValue(w.masked()) }

// LogValue reports which account it is: a log is no place for all of it.
func (a Account) LogValue() slog.Value {
	return slog.GroupValue(slog.String("id", a.ID.String()), slog.String("login", a.Core.Login),
		slog.Int64("revision", a.Revision), slog.String("status", string(a.Status)))
}

// LogValue says who sends, and what may be spent, for slog.
func (c Client) LogValue() slog.Value {
	return slog.GroupValue(slog.Any("account", c.Account), slog.Any("available", c.Available))
}

// LogValue returns the record with its change as that is logged, for slog.
func (r Record) LogValue() slog.Value {
	return slog.GroupValue(slog.String("of", r.Of.String()), slog.Int64("revision", r.Revision), slog.Time("at", r.At),
		slog.String("kind", string(r.Kind)), slog.String("actor", r.Actor.ID), slog.Any("change", r.Change))
}

type plainFieldChange FieldChange

// masked returns the change without a password or what may be a token.
func (fc FieldChange) masked() plainFieldChange {
	f, known := FieldAt(fc.Path)
	switch {
	case !known || f.Secret():
		fc.Old, fc.New = redactedUnlessEmpty(fc.Old), redactedUnlessEmpty(fc.New)
	default:
		fc.Old, fc.New = f.Shown(fc.Old), f.Shown(fc.New)
	}
	return plainFieldChange(fc)
}

func redactedUnlessEmpty(text string) string {
	if text == "" {
		return ""
	}
	return redacted
}

// Format prints the change without a password or what may be a token in a URL, by every
// verb of fmt.
func (fc FieldChange) Format(f fmt.State, verb rune) {
	_, _ = fmt.Fprintf(f, fmt.FormatString(f, verb), fc.masked())
}

// LogValue returns the change without a password or what may be a token in a URL, for slog.
func (fc FieldChange) LogValue() slog.Value { return slog.AnyValue(fc.masked()) }

// LogValue returns the changes without secrets, for slog.
func (c Change) LogValue() slog.Value {
	shown := make([]plainFieldChange, len(c))
	for i, fc := range c {
		shown[i] = fc.masked()
	}
	return slog.AnyValue(shown)
}

// hidden stands where a value is kept from view. No URL may contain it, so what is
// shown is never taken for a new value.
const hidden = "…"

// isMasked reports whether a value of a URL's query is what stands for a hidden one, as this module
// or another page writes it: it was copied from where it is shown.
func isMasked(url string) bool {
	_, query, _ := strings.Cut(url, "?")
	for part := range strings.FieldsFuncSeq(query, func(r rune) bool { return r == '&' || r == ';' }) {
		_, value, _ := strings.Cut(part, "=")
		if value == "..." || value == hidden || strings.EqualFold(value, "%E2%80%A6") || value != "" && strings.Trim(value, "*•") == "" {
			return true
		}
	}
	return false
}

// MaskURL returns a webhook URL as people and records get it: the values of its query,
// which may be tokens, are hidden; a query without names is hidden whole. So are a name and a
// password before its host, which no field accepts. Scheme, host and path stay, so that one URL
// can be told from another.
func MaskURL(url string) string {
	address, query, found := strings.Cut(maskUser(url), "?")
	if !found {
		return address
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

// maskUser hides all before the last @ unless that is surely a host and what follows it: a password that
// was pasted as it is may itself have what ends a host, and begin as a port does.
func maskUser(url string) string {
	scheme, rest, found := strings.Cut(url, "://")
	if scheme += "://"; !found || !strings.EqualFold(scheme, "https://") && !strings.EqualFold(scheme, "http://") {
		scheme, rest = "", url
	}
	at := strings.LastIndex(rest, "@")
	if at < 0 || scheme != "" && sureHost.MatchString(rest[:at]) {
		return url
	}
	return scheme + hidden + rest[at:]
}

// sureHost matches a host of several labels before a path or a query, up to an @ there. Behind a colon
// there may be a password, whatever else it has: no host with a port is sure.
var sureHost = regexp.MustCompile(`(?s)^[0-9A-Za-z-]+(\.[0-9A-Za-z-]+)+(/[^:?]*(\?.*)?|\?.*)$`)
