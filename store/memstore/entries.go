package memstore

import (
	"context"
	"slices"
	"sort"
	"strings"
	"time"

	"github.com/clientaccount/clientaccount/account"
)

func (r reader) Entries(ctx context.Context, q account.EntryQuery) ([]account.Entry, error) {
	return read(ctx, r, func(s *state) ([]account.Entry, error) {
		p, ok := s.ledgers.get(q.Account)
		if !ok {
			return nil, nil
		}
		return p.page(&q), nil
	})
}

// span are the numbers from first to last.
type span struct{ first, last int64 }

// page goes through the entries from one end of what is asked for until the page is full.
func (l *ledger) page(q *account.EntryQuery) (page []account.Entry) {
	in := l.span(q)
	if in.first > in.last {
		return nil
	}
	switch {
	case q.Hold != "":
		ends, _ := l.ends.get(q.Hold)
		if begins(q) {
			ends = both(ends, l.beginning(q.Reference))
		}
		return l.pageOf(q, in, ends)
	case begins(q):
		return l.pageOf(q, in, l.beginning(q.Reference))
	}
	runs := int((in.last - 1) / runRows)
	for run := int((in.first - 1) / runRows); run <= runs && len(page) < q.PageSize(); run++ {
		of := run
		if !q.Oldest {
			of = int((in.first-1)/runRows) + runs - run
		}
		if l.kinds[of].hasAny(q.Kinds) {
			first := int64(of)*runRows + 1
			page = l.appendRun(page, q, span{max(in.first, first), min(in.last, first+runRows-1)})
		}
	}
	return page
}

// span returns the numbers that a query may be about. A long ledger is not searched for
// instants from end to end: entries ascend in time.
func (l *ledger) span(q *account.EntryQuery) span {
	in := span{max(1, q.After+1), int64(l.entries.len())}
	if q.Before != 0 {
		in.last = min(in.last, q.Before-1)
	}
	if q.Reference != "" && !q.Prefix {
		number, _ := l.used.get(q.Reference)
		in.first, in.last = max(in.first, number), min(in.last, number)
	}
	if l.entries.len() <= shortLedger {
		return in
	}
	if !q.From.IsZero() {
		in.first = max(in.first, l.numberAt(q.From))
	}
	if !q.To.IsZero() {
		in.last = min(in.last, l.numberAt(q.To)-1)
	}
	return in
}

// shortLedger is how many entries are simply read through.
const shortLedger = 1000

// numberAt returns the first number at or after an instant.
func (l *ledger) numberAt(at time.Time) int64 {
	return int64(sort.Search(l.entries.len(), func(i int) bool { return !l.entries.at(i).At.Before(at) })) + 1
}

// appendRun appends the entries of a span that are asked for, while the page is not full.
func (l *ledger) appendRun(page []account.Entry, q *account.EntryQuery, in span) []account.Entry {
	for n := in.first; n <= in.last && len(page) < q.PageSize(); n++ {
		number := n
		if !q.Oldest {
			number = in.first + in.last - n
		}
		if listed(l.entries.at(int(number-1)), q) {
			e, _ := l.entry(number)
			page = append(page, e)
		}
	}
	return page
}

// begins reports whether entries are asked for by the beginning of their reference.
func begins(q *account.EntryQuery) bool { return q.Prefix && q.Reference != "" }

// beginning returns the numbers, ascending, of the first entries whose reference begins so. It goes
// through all references.
func (l *ledger) beginning(prefix string) (numbers []int64) {
	var found []string
	for reference := range l.used.pairs() {
		if strings.HasPrefix(reference, prefix) {
			found = append(found, reference)
		}
	}
	slices.Sort(found)
	for _, reference := range found[:min(len(found), account.MaxPage)] {
		number, _ := l.used.get(reference)
		numbers = append(numbers, number)
	}
	slices.Sort(numbers)
	return numbers
}

// both returns the numbers that are in both.
func both(a, b []int64) []int64 {
	return slices.DeleteFunc(slices.Clone(a), func(n int64) bool { _, in := slices.BinarySearch(b, n); return !in })
}

// pageOf returns a page of few entries, whose numbers ascend.
func (l *ledger) pageOf(q *account.EntryQuery, in span, numbers []int64) (page []account.Entry) {
	numbers = slices.Clone(numbers)
	if !q.Oldest {
		slices.Reverse(numbers)
	}
	for _, n := range numbers {
		if n >= in.first && n <= in.last {
			page = l.appendRun(page, q, span{n, n})
		}
	}
	return page
}

func listed(e *account.Entry, q *account.EntryQuery) bool {
	return (len(q.Kinds) == 0 || slices.Contains(q.Kinds, e.Kind)) &&
		(q.Hold == "" || e.Hold == q.Hold) &&
		(q.From.IsZero() || !e.At.Before(q.From)) && (q.To.IsZero() || e.At.Before(q.To))
}

// kindSet says which kinds there are among the entries of a run. It is what it costs to
// pass over a ledger of millions when its one adjustment is asked for.
type kindSet uint32

// runRows is how many entries a run has.
const runRows = 1024

// kindBit returns the bit of a kind; kinds that nobody knows share one.
func kindBit(kind account.MovementKind) kindSet { return 1 << (1 + slices.Index(knownKinds, kind)) }

var knownKinds = account.MovementKinds()

// hasAny reports whether the run may have entries of one of the kinds; none are all.
func (k kindSet) hasAny(kinds []account.MovementKind) bool {
	if len(kinds) == 0 {
		return true
	}
	for _, kind := range kinds {
		if k&kindBit(kind) != 0 {
			return true
		}
	}
	return false
}

// noteKind notes the kind of the entry that was added last.
func (l *ledger) noteKind(e *account.Entry) {
	run := (l.entries.len() - 1) / runRows
	if run == len(l.kinds) {
		l.kinds = append(l.kinds, 0)
	}
	l.kinds[run] |= kindBit(e.Kind)
}
