package account

import (
	"slices"
	"time"
)

// What a store can be asked for. Databases differ in which instants they hold and which
// texts they look for; what lies beyond these bounds is refused for all of them alike.

// FitsInstant reports whether an instant is one that every store holds: in the years 1 to
// 9999 in UTC, as RFC 3339 has them. The zero instant is.
func FitsInstant(t time.Time) bool {
	year := t.UTC().Year()
	return year >= 1 && year <= 9999
}

// LimitFaults are those of a page of so many rows: more than MaxPage, or less than none.
func LimitFaults(limit int) Faults {
	if limit < 0 || limit > MaxPage {
		return Faults{NewFault("limit", "limit.range", MaxPage)}
	}
	return nil
}

// InstantFaults are those of an instant at a path.
func InstantFaults(path string, t time.Time) Faults {
	if FitsInstant(t) {
		return nil
	}
	return Faults{NewFault(path, "instant.range")}
}

// Faults is everything wrong with the query by itself, nil for nothing.
func (q Query) Faults() Faults {
	faults := LimitFaults(q.Limit)
	if q.Sort != "" && !q.Sort.IsKnown() {
		faults = append(faults, NewFault("sort", "sort.unknown"))
	}
	return faults
}

// Faults is everything wrong with the query by itself, nil for nothing.
func (q ChangeQuery) Faults() Faults { return LimitFaults(q.Limit) }

// Faults is everything wrong with the query by itself, nil for nothing.
func (q EventQuery) Faults() Faults { return LimitFaults(q.Limit) }

// Faults is everything wrong with the query by itself, nil for nothing.
func (q EntryQuery) Faults() Faults {
	faults := append(LimitFaults(q.Limit), InstantFaults("from", q.From)...)
	if slices.ContainsFunc(q.Kinds, func(k MovementKind) bool { return !k.IsKnown() }) {
		faults = append(faults, NewFault("kind", "kind.unknown"))
	}
	return append(faults, InstantFaults("to", q.To)...)
}

// Faults is everything wrong with the query by itself, nil for nothing.
func (q HoldQuery) Faults() Faults {
	faults := append(LimitFaults(q.Limit), InstantFaults("due", q.Due)...)
	if q.After != nil {
		faults = append(faults, InstantFaults("after", q.After.Until)...)
		if !IsLine(q.After.Reference) {
			faults = append(faults, NewFault("after", "text.chars"))
		}
	}
	return faults
}
