// Package cache keeps what was seen of the accounts asked for last. It is an LRU cache of
// two generations, which costs one map look-up more than a map.
package cache

import (
	"sync"

	"github.com/clientaccount/clientaccount/account"
)

// Cache keeps a value for each of the accounts asked for last: at most size of them,
// and at least half of that. Safe for concurrent use.
type Cache[V any] struct {
	mu         sync.Mutex
	size       int
	young, old map[account.ID]*V
	clears     int // how often everything was forgotten
}

// New returns an empty cache for values of so many accounts.
func New[V any](size int) *Cache[V] {
	return &Cache[V]{size: size, young: map[account.ID]*V{}}
}

// Get returns a copy of the value of an account, and whether there is one.
func (c *Cache[V]) Get(id account.ID) (value V, known bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if kept := c.find(id); kept != nil {
		return *kept, true
	}
	return value, false
}

// Update changes the value of an account in place; of a new one, the zero value.
func (c *Cache[V]) Update(id account.ID, change func(*V)) {
	c.mu.Lock()
	defer c.mu.Unlock()
	kept := c.find(id)
	if kept == nil {
		kept = new(V)
		c.keep(id, kept)
	}
	change(kept)
}

// Drop forgets an account.
func (c *Cache[V]) Drop(id account.ID) {
	c.mu.Lock()
	defer c.mu.Unlock()
	delete(c.young, id)
	delete(c.old, id)
}

// Clear forgets everything.
func (c *Cache[V]) Clear() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.young, c.old = map[account.ID]*V{}, nil
	c.clears++
}

// Since returns a put for a value that is yet to be read: what is forgotten in between is not
// remembered afterwards.
func (c *Cache[V]) Since() (put func(id account.ID, value V)) {
	c.mu.Lock()
	defer c.mu.Unlock()
	clears := c.clears
	return func(id account.ID, value V) {
		c.mu.Lock()
		defer c.mu.Unlock()
		if c.clears == clears {
			c.keep(id, &value)
		}
	}
}

// find is the value of an account, which counts as asked for; nil for none.
func (c *Cache[V]) find(id account.ID) *V {
	if kept := c.young[id]; kept != nil {
		return kept
	}
	kept := c.old[id]
	if kept != nil {
		c.keep(id, kept)
	}
	return kept
}

// keep puts a value among the young; when they are half of all, they become the old
// ones, and those that nobody asked for since are forgotten.
func (c *Cache[V]) keep(id account.ID, value *V) {
	if c.young[id] == nil && len(c.young) >= max(1, c.size/2) {
		c.old, c.young = c.young, make(map[account.ID]*V, c.size/2)
	}
	c.young[id] = value
}
