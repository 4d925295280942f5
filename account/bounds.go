package account

import (
	"slices"
	"time"

	"github.com/clientaccount/clientaccount/internal/bounds"
	"github.com/clientaccount/clientaccount/internal/textform"
)

// What a store can be asked for. Databases differ in which instants they hold and which
// texts they look for; what lies beyond these bounds is refused for all of them alike.

// limitFaults are those of a page of so many rows: more than MaxPage, or less than none.
func limitFaults(limit int) Faults {
	if limit < 0 || limit > MaxPage {
		return Faults{NewFault("limit", "limit.range", MaxPage)}
	}
	return nil
}

// instantFaults are those of an instant at a path.
func instantFaults(path string, t time.Time) Faults {
	if bounds.Instant(t) {
		return nil
	}
	return Faults{NewFault(path, "instant.range")}
}

// Faults is everything wrong with the query by itself, nil for nothing.
func (q Query) Faults() Faults {
	faults := limitFaults(q.Limit)
	if q.Sort != "" && !q.Sort.IsKnown() {
		faults = append(faults, NewFault("sort", "sort.unknown"))
	}
	return faults
}

// Faults is everything wrong with the query by itself, nil for nothing.
func (q ChangeQuery) Faults() Faults { return limitFaults(q.Limit) }

// Faults is everything wrong with the query by itself, nil for nothing.
func (q EventQuery) Faults() Faults { return limitFaults(q.Limit) }

// Faults is everything wrong with the query by itself, nil for nothing.
func (q EntryQuery) Faults() Faults {
	faults := append(limitFaults(q.Limit), instantFaults("from", q.From)...)
	if slices.ContainsFunc(q.Kinds, func(k MovementKind) bool { return !k.IsKnown() }) {
		faults = append(faults, NewFault("kind", "kind.unknown"))
	}
	return append(faults, instantFaults("to", q.To)...)
}

// Faults is everything wrong with the query by itself, nil for nothing.
func (q HoldQuery) Faults() Faults {
	faults := append(limitFaults(q.Limit), instantFaults("due", q.Due)...)
	if q.After != nil {
		faults = append(faults, instantFaults("after", q.After.Until)...)
		if !textform.IsLine(q.After.Reference) {
			faults = append(faults, NewFault("after", "text.chars"))
		}
	}
	return faults
}
