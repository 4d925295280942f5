package memstore

import (
	"cmp"
	"hash/maphash"
	"iter"
	"strings"
	"time"

	"github.com/clientaccount/clientaccount/account"
)

// timeouts are the holds of a ledger by time-out and then reference: a tree whose nodes
// are never changed, so that a transaction, and whoever reads meanwhile, each keep their
// own by its root. Where a hold stands in the tree follows from the order alone, how high
// from chance (a treap), so it stays flat. The zero value is empty.
type timeouts struct{ root *timeout }

// timeout is one hold, and those before and behind it.
type timeout struct {
	until         time.Time
	reference     string
	height        uint64
	before, after *timeout
}

var heights = maphash.MakeSeed()

func (t *timeout) compare(until time.Time, reference string) int {
	return cmp.Or(t.until.Compare(until), strings.Compare(t.reference, reference))
}

// put adds a hold that is not there.
func (s *timeouts) put(h *account.Hold) {
	s.root = s.root.with(&timeout{until: h.Until, reference: h.Reference, height: maphash.String(heights, h.Reference)})
}

// delete takes out a hold.
func (s *timeouts) delete(h *account.Hold) { s.root = s.root.without(h.Until, h.Reference) }

func (t *timeout) with(added *timeout) *timeout {
	if t == nil || added.height > t.height {
		added.before, added.after = t.split(added.until, added.reference)
		return added
	}
	n := *t
	if n.compare(added.until, added.reference) > 0 {
		n.before = n.before.with(added)
	} else {
		n.after = n.after.with(added)
	}
	return &n
}

// split parts what is before a place from what is not.
func (t *timeout) split(until time.Time, reference string) (before, after *timeout) {
	if t == nil {
		return nil, nil
	}
	n := *t
	if n.compare(until, reference) < 0 {
		n.after, after = n.after.split(until, reference)
		return &n, after
	}
	before, n.before = n.before.split(until, reference)
	return before, &n
}

func (t *timeout) without(until time.Time, reference string) *timeout {
	if t == nil {
		return nil
	}
	c := t.compare(until, reference)
	if c == 0 {
		return join(t.before, t.after)
	}
	n := *t
	if c > 0 {
		n.before = n.before.without(until, reference)
	} else {
		n.after = n.after.without(until, reference)
	}
	return &n
}

// join is both, all of the one before all of the other.
func join(before, after *timeout) *timeout {
	switch {
	case before == nil:
		return after
	case after == nil:
		return before
	case before.height > after.height:
		n := *before
		n.after = join(n.after, after)
		return &n
	default:
		n := *after
		n.before = join(before, n.before)
		return &n
	}
}

// behind returns the references of holds behind a place, in order.
func (s *timeouts) behind(until time.Time, reference string) iter.Seq2[time.Time, string] {
	return func(yield func(time.Time, string) bool) { s.root.walk(until, reference, yield) }
}

// walk reports whether to go on.
func (t *timeout) walk(until time.Time, reference string, yield func(time.Time, string) bool) bool {
	if t == nil {
		return true
	}
	if t.compare(until, reference) <= 0 {
		return t.after.walk(until, reference, yield)
	}
	return t.before.walk(until, reference, yield) && yield(t.until, t.reference) && t.after.walk(until, reference, yield)
}
