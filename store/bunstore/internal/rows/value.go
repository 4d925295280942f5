package rows

import (
	"errors"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/store"
)

// Values that no store takes. A database would round the first in silence, and
// refuse or misread the others.
var (
	ErrAmount = errors.New("an amount has at most 15 digits and 6 decimals")
	ErrText   = errors.New("text must be UTF-8 without NUL")
)

// Refused reports whether a value was refused before it was sent.
func Refused(err error) bool {
	_, rule := errors.AsType[account.Rule](err)
	return rule || errors.Is(err, ErrAmount) || errors.Is(err, ErrText) || errors.Is(err, store.ErrKind)
}

// IDText returns the text of any id; the zero one is before all others.
func IDText(id account.ID) string {
	if id.IsZero() {
		return "00000000-0000-0000-0000-000000000000"
	}
	return id.String()
}

// InstantText returns an instant to the microsecond, of a width that sorts as time does:
// SQLite keeps it as it is, PostgreSQL reads it.
func InstantText(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05.000000Z") }

// Instant returns an instant as a database keeps it, to the microsecond.
func Instant(t time.Time) time.Time { return t.UTC().Truncate(time.Microsecond) }

// BoundText returns the first instant that a database keeps and that is not before t: what
// is stored is at or after the one when it is at or after the other.
func BoundText(t time.Time) string {
	cut := t.Truncate(time.Microsecond)
	if cut.Before(t) {
		cut = cut.Add(time.Microsecond)
	}
	return InstantText(Kept(cut))
}

// The first and last instants that the text of an instant has the width for.
var (
	firstInstant = time.Date(1, 1, 1, 0, 0, 0, 0, time.UTC)
	lastInstant  = time.Date(9999, 12, 31, 23, 59, 59, 999_999_000, time.UTC)
)

// Kept returns the instant nearest to t that a database keeps. A bound may be any instant.
func Kept(t time.Time) time.Time {
	switch {
	case t.Before(firstInstant):
		return firstInstant
	case t.After(lastInstant):
		return lastInstant
	default:
		return t
	}
}

// Storable reports whether databases take the texts. What they would not take is in
// no row, so it need not be looked for.
func Storable(texts ...string) bool {
	for _, s := range texts {
		if !utf8.ValidString(s) || strings.Contains(s, "\x00") {
			return false
		}
	}
	return true
}
