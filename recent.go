package clientaccount

import (
	"sync"

	"github.com/clientaccount/clientaccount/account"
)

// recent keeps a value for each of the accounts asked for last: at most size of them,
// and at least half of that. Safe for concurrent use.
type recent[V any] struct {
	mu         sync.Mutex
	size       int
	young, old map[account.ID]*V
	clears     int // how often everything was forgotten
}

func newRecent[V any](size int) *recent[V] {
	return &recent[V]{size: size, young: map[account.ID]*V{}}
}

// get is a copy of the value of an account, and whether there is one.
func (c *recent[V]) get(id account.ID) (value V, known bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if kept := c.find(id); kept != nil {
		return *kept, true
	}
	return value, false
}

// update changes the value of an account in place; of a new one, the zero value.
func (c *recent[V]) update(id account.ID, change func(*V)) {
	c.mu.Lock()
	defer c.mu.Unlock()
	kept := c.find(id)
	if kept == nil {
		kept = new(V)
		c.keep(id, kept)
	}
	change(kept)
}

// drop forgets an account.
func (c *recent[V]) drop(id account.ID) {
	c.mu.Lock()
	defer c.mu.Unlock()
	delete(c.young, id)
	delete(c.old, id)
}

// clear forgets everything.
func (c *recent[V]) clear() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.young, c.old = map[account.ID]*V{}, nil
	c.clears++
}

// since is put for a value that is yet to be read: what is forgotten in between is not
// remembered afterwards.
func (c *recent[V]) since() (put func(id account.ID, value V)) {
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
func (c *recent[V]) find(id account.ID) *V {
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
func (c *recent[V]) keep(id account.ID, value *V) {
	if c.young[id] == nil && len(c.young) >= max(1, c.size/2) {
		c.old, c.young = c.young, make(map[account.ID]*V, c.size/2)
	}
	c.young[id] = value
}
