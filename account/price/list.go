package price

import (
	"fmt"
	"slices"
	"sort"
)

// List is the rows of one owner, a product or a client. It never changes and may be used by
// several goroutines; nil is an empty one.
type List struct {
	rows  []Row   // by network, then instant
	froms []int64 // their instants in microseconds since 1970, which are searched faster
	spans map[key]span
}

// span is where the rows of one network are.
type span struct{ begin, end int }

// NewList makes a list of rows in any order. The error is [Faults], with all that is wrong with
// any row, also two of the same network and instant.
func NewList(rows []Row) (*List, error) {
	if faults := check(rows); len(faults) > 0 {
		return nil, faults
	}
	return newList(rows), nil
}

// newList makes a list of rows without faults.
func newList(rows []Row) *List {
	l := &List{rows: make([]Row, len(rows)), froms: make([]int64, len(rows)), spans: map[key]span{}}
	for i, r := range rows {
		l.rows[i] = r.canonical()
	}
	slices.SortFunc(l.rows, func(a, b Row) int { return a.Start().compare(b.Start()) })
	for i, r := range l.rows {
		l.froms[i] = r.From.UnixMicro()
		network, _, _ := r.key()
		s, seen := l.spans[network]
		if !seen {
			s.begin = i
		}
		s.end = i + 1
		l.spans[network] = s
	}
	return l
}

// check returns all that is wrong with rows, each by its number.
func check(rows []Row) (faults Faults) {
	seen := make(map[start]int, len(rows))
	for i, r := range rows {
		found := r.check(nil)
		if len(found) == 0 {
			at := r.Start().start()
			if earlier, twice := seen[at]; twice {
				found = append(found, repeated("row", earlier))
			} else {
				seen[at] = i + 1
			}
		}
		for _, f := range found {
			f.Row = i + 1
			faults = append(faults, f)
		}
	}
	return faults
}

// repeated returns the fault of a row whose network and instant an earlier one has.
func repeated(place string, earlier int) Fault {
	f := FaultOf("row.repeated")
	f.Text = fmt.Sprintf("This network and this instant are also in %s %d.", place, earlier)
	return f
}

// Rows returns the rows by network, then instant, in a slice that belongs to the caller.
func (l *List) Rows() []Row {
	if l == nil {
		return nil
	}
	return slices.Clone(l.rows)
}

// Len returns the number of rows.
func (l *List) Len() int {
	if l == nil {
		return 0
	}
	return len(l.rows)
}

// Has reports whether the list has a row of the network that begins at that instant.
func (l *List) Has(s Start) bool {
	network, _, ok := s.key()
	if !ok {
		return false
	}
	row := l.at(network, s.From.UnixMicro())
	return row != nil && row.From.Equal(s.From)
}

// at returns the newest row of the network that has begun by then, or nil. Most often it is the last.
func (l *List) at(network key, micros int64) *Row {
	if l == nil {
		return nil
	}
	s := l.spans[network]
	low, high := s.begin, s.end // all rows before low have begun, none from high on
	if low < high && l.froms[high-1] <= micros {
		low = high
	}
	for low < high {
		if middle := (low + high) / 2; l.froms[middle] <= micros {
			low = middle + 1
		} else {
			high = middle
		}
	}
	if low == s.begin {
		return nil
	}
	return &l.rows[low-1]
}

// of returns the rows of one network, by instant.
func (l *List) of(network key) []Row {
	if l == nil {
		return nil
	}
	s := l.spans[network]
	return l.rows[s.begin:s.end]
}

// country returns the rows of all networks of one country, and of the country itself.
func (l *List) country(mcc string) []Row {
	if l == nil {
		return nil
	}
	begin := sort.Search(len(l.rows), func(i int) bool { return l.rows[i].MCC >= mcc })
	end := begin + sort.Search(len(l.rows)-begin, func(i int) bool { return l.rows[begin+i].MCC > mcc })
	return l.rows[begin:end]
}
