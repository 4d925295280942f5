package memstore

import (
	"iter"
	"math/rand/v2"
	"time"
)

// tree is what is found in order. Its nodes are never changed, so that a transaction, and
// whoever reads meanwhile, each keep their own by its root. Where a value stands in the tree
// follows from the order alone, how high from chance (a treap), so it stays flat. The zero
// value is empty.
type tree[V value[V]] struct{ root *node[V] }

// value is what a tree is of. Two that compare as equal are one.
type value[V any] interface {
	compare(other V) int
	due() time.Time // what [tree.dueBehind] asks for
}

// node is one value, and those before and behind it.
type node[V value[V]] struct {
	value         V
	height        uint64
	first         time.Time // the earliest due of all of these
	before, after *node[V]
}

// put adds a value that is not there.
func (t *tree[V]) put(v V) { t.root = t.root.with(&node[V]{value: v, height: rand.Uint64()}) }

// delete takes out a value, if it is there.
func (t *tree[V]) delete(v V) { t.root = t.root.without(v) }

// get returns the value that compares as equal.
func (t *tree[V]) get(v V) (found V, ok bool) {
	for n := t.root; n != nil; {
		switch c := n.value.compare(v); {
		case c == 0:
			return n.value, true
		case c > 0:
			n = n.before
		default:
			n = n.after
		}
	}
	return found, false
}

// between is a copy of the node with others beside it.
func (n *node[V]) between(before, after *node[V]) *node[V] {
	made := &node[V]{value: n.value, height: n.height, first: n.value.due(), before: before, after: after}
	for _, beside := range [...]*node[V]{before, after} {
		if beside != nil && beside.first.Before(made.first) {
			made.first = beside.first
		}
	}
	return made
}

func (n *node[V]) with(added *node[V]) *node[V] {
	switch {
	case n == nil || added.height > n.height:
		return added.between(n.split(added.value))
	case n.value.compare(added.value) > 0:
		return n.between(n.before.with(added), n.after)
	default:
		return n.between(n.before, n.after.with(added))
	}
}

// split parts what is before a place from what is not.
func (n *node[V]) split(at V) (before, after *node[V]) {
	if n == nil {
		return nil, nil
	}
	if n.value.compare(at) < 0 {
		before, after = n.after.split(at)
		return n.between(n.before, before), after
	}
	before, after = n.before.split(at)
	return before, n.between(after, n.after)
}

func (n *node[V]) without(v V) *node[V] {
	if n == nil {
		return nil
	}
	switch c := n.value.compare(v); {
	case c == 0:
		return join(n.before, n.after)
	case c > 0:
		return n.between(n.before.without(v), n.after)
	default:
		return n.between(n.before, n.after.without(v))
	}
}

// join is both, all of the one before all of the other.
func join[V value[V]](before, after *node[V]) *node[V] {
	switch {
	case before == nil:
		return after
	case after == nil:
		return before
	case before.height > after.height:
		return before.between(before.before, join(before.after, after))
	default:
		return after.between(join(before, after.before), after.after)
	}
}

// behind returns the values behind a place, in order.
func (t *tree[V]) behind(place V) iter.Seq[V] {
	return func(yield func(V) bool) { t.root.walk(place, nil, yield) }
}

// dueBehind returns those values behind a place that are due by an instant, in order. Others
// cost nothing.
func (t *tree[V]) dueBehind(place V, now time.Time) iter.Seq[V] {
	return func(yield func(V) bool) { t.root.walk(place, &now, yield) }
}

// walk reports whether to go on.
func (n *node[V]) walk(behind V, now *time.Time, yield func(V) bool) bool {
	if n == nil || now != nil && n.first.After(*now) {
		return true
	}
	if n.value.compare(behind) <= 0 {
		return n.after.walk(behind, now, yield)
	}
	return n.before.walk(behind, now, yield) &&
		(now != nil && n.value.due().After(*now) || yield(n.value)) &&
		n.after.walk(behind, now, yield)
}
