// Package cache keeps what was seen of the keys asked for last, as of accounts. It is an LRU
// cache of two generations, which costs one map look-up more than a map.
package cache

import "sync"

// Cache keeps a value for each of the keys asked for last: at most size of them,
// and at least half of that. Safe for concurrent use.
type Cache[K comparable, V any] struct {
	mu         sync.Mutex
	size       int
	young, old map[K]*V
	clears     int // how often everything was forgotten
}

// New returns an empty cache for values of so many keys.
func New[K comparable, V any](size int) *Cache[K, V] {
	return &Cache[K, V]{size: size, young: map[K]*V{}}
}

// Get returns a copy of the value of a key, and whether there is one.
func (c *Cache[K, V]) Get(key K) (value V, known bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if kept := c.find(key); kept != nil {
		return *kept, true
	}
	return value, false
}

// Update changes the value of a key in place; of a new one, the zero value.
func (c *Cache[K, V]) Update(key K, change func(*V)) {
	c.mu.Lock()
	defer c.mu.Unlock()
	kept := c.find(key)
	if kept == nil {
		kept = new(V)
		c.keep(key, kept)
	}
	change(kept)
}

// Drop forgets a key.
func (c *Cache[K, V]) Drop(key K) {
	c.mu.Lock()
	defer c.mu.Unlock()
	delete(c.young, key)
	delete(c.old, key)
}

// Clear forgets everything.
func (c *Cache[K, V]) Clear() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.young, c.old = map[K]*V{}, nil
	c.clears++
}

// Since returns a put for a value that is yet to be read: what is forgotten in between is not
// remembered afterwards.
func (c *Cache[K, V]) Since() (put func(key K, value V)) {
	c.mu.Lock()
	defer c.mu.Unlock()
	clears := c.clears
	return func(key K, value V) {
		c.mu.Lock()
		defer c.mu.Unlock()
		if c.clears == clears {
			c.keep(key, &value)
		}
	}
}

// find is the value of a key, which counts as asked for; nil for none.
func (c *Cache[K, V]) find(key K) *V {
	if kept := c.young[key]; kept != nil {
		return kept
	}
	kept := c.old[key]
	if kept != nil {
		c.keep(key, kept)
	}
	return kept
}

// keep puts a value among the young; when they are half of all, they become the old
// ones, and those that nobody asked for since are forgotten.
func (c *Cache[K, V]) keep(key K, value *V) {
	if c.young[key] == nil && len(c.young) >= max(1, c.size/2) {
		c.old, c.young = c.young, make(map[K]*V, c.size/2)
	}
	c.young[key] = value
}
