package bunstore

import (
	"errors"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/shopspring/decimal"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/internal/bounds"
	"github.com/clientaccount/clientaccount/store"
)

// Values that no store takes. A database would round the first in silence, and
// refuse or misread the others.
var (
	errAmount = errors.New("an amount has at most 15 digits and 6 decimals")
	errText   = errors.New("text must be UTF-8 without NUL")
)

// isBadValue says whether a value was refused before it was sent.
func isBadValue(err error) bool {
	_, rule := errors.AsType[account.Rule](err)
	return rule || errors.Is(err, errAmount) || errors.Is(err, errText) || errors.Is(err, store.ErrKind)
}

// idText is the text of any id; the zero one is before all others.
func idText(id account.ID) string {
	if id.IsZero() {
		return "00000000-0000-0000-0000-000000000000"
	}
	return id.String()
}

// idValue is an id, NULL for none.
func idValue(id account.ID) any { return orNull(id.String()) }

func orNull(text string) any {
	if text == "" {
		return nil
	}
	return text
}

// instantText is an instant to the microsecond, of a width that sorts as time does:
// SQLite keeps it as it is, PostgreSQL reads it.
func instantText(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05.000000Z") }

// boundText is the first instant that a database keeps and that is not before t: what
// is stored is at or after the one when it is at or after the other.
func boundText(t time.Time) string {
	cut := t.Truncate(time.Microsecond)
	if cut.Before(t) {
		cut = cut.Add(time.Microsecond)
	}
	return instantText(kept(cut))
}

// The first and last instants that the text of an instant has the width for.
var (
	firstInstant = time.Date(1, 1, 1, 0, 0, 0, 0, time.UTC)
	lastInstant  = time.Date(9999, 12, 31, 23, 59, 59, 999_999_000, time.UTC)
)

// kept is the instant nearest to t that a database keeps. A bound may be any instant.
func kept(t time.Time) time.Time {
	switch {
	case t.Before(firstInstant):
		return firstInstant
	case t.After(lastInstant):
		return lastInstant
	default:
		return t
	}
}

func numberValue(n account.Optional[int]) any {
	if v, ok := n.Get(); ok {
		return v
	}
	return nil
}

func amountValue(amount account.Optional[decimal.Decimal]) (any, error) {
	d, ok := amount.Get()
	switch {
	case !ok:
		return nil, nil // NULL is a value
	case !bounds.Amount(d):
		return nil, errAmount
	default:
		return d.String(), nil
	}
}

// storable says whether databases take the texts. What they would not take is in
// no row, so it need not be looked for.
func storable(texts ...string) bool {
	for _, s := range texts {
		if !utf8.ValidString(s) || strings.Contains(s, "\x00") {
			return false
		}
	}
	return true
}
