package memstore

import "iter"

// rows is a table: its own rows on top of those of a base that it leaves alone
// until it is merged into it. The zero value is an empty table without a base.
type rows[K comparable, V any] struct {
	base *rows[K, V]
	own  map[K]V
	gone map[K]bool // keys of the base that were deleted here
}

// over returns an empty table on top of a base.
func over[K comparable, V any](base *rows[K, V]) rows[K, V] { return rows[K, V]{base: base} }

func (r *rows[K, V]) get(key K) (V, bool) {
	if v, ok := r.own[key]; ok || r.base == nil || r.gone[key] {
		return v, ok
	}
	return r.base.get(key)
}

func (r *rows[K, V]) has(key K) bool {
	_, ok := r.get(key)
	return ok
}

func (r *rows[K, V]) put(key K, v V) {
	if r.own == nil {
		r.own = map[K]V{}
	}
	r.own[key] = v
	delete(r.gone, key)
}

func (r *rows[K, V]) delete(key K) {
	delete(r.own, key)
	if r.base == nil {
		return
	}
	if r.gone == nil {
		r.gone = map[K]bool{}
	}
	r.gone[key] = true
}

// all returns the values in no order.
func (r *rows[K, V]) all() iter.Seq[V] {
	return func(yield func(V) bool) {
		for _, v := range r.pairs() {
			if !yield(v) {
				return
			}
		}
	}
}

// pairs returns the keys and their values in no order.
func (r *rows[K, V]) pairs() iter.Seq2[K, V] {
	return func(yield func(K, V) bool) {
		for key, v := range r.own {
			if !yield(key, v) {
				return
			}
		}
		if r.base == nil {
			return
		}
		for key, v := range r.base.own {
			if _, replaced := r.own[key]; !replaced && !r.gone[key] && !yield(key, v) {
				return
			}
		}
	}
}

func (r *rows[K, V]) mergeInto(base *rows[K, V]) {
	for key := range r.gone {
		base.delete(key)
	}
	for key, v := range r.own {
		base.put(key, v)
	}
}
