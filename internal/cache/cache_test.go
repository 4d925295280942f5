package cache_test

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/internal/cache"
)

func id(n byte) account.ID { return account.ID{15: n} }

func TestCacheKeepsTheAccountsAskedForLast(t *testing.T) {
	const size = 10
	c := cache.New[account.ID, int](size)
	for n := range byte(100) {
		c.Update(id(n), func(v *int) { *v = int(n) })
		c.Get(id(0)) // is asked for all the time
	}
	kept := 0
	for n := range byte(100) {
		if v, ok := c.Get(id(n)); ok {
			kept++
			assert.Equal(t, int(n), v)
			assert.True(t, n == 0 || n >= 100-size, "%d is older than what fits", n)
		}
	}
	assert.GreaterOrEqual(t, kept, size/2)
	assert.LessOrEqual(t, kept, size)
	_, ok := c.Get(id(0))
	assert.True(t, ok)
}

func TestCacheForgets(t *testing.T) {
	c := cache.New[account.ID, int](10)
	for n := range byte(8) {
		c.Update(id(n), func(v *int) { *v += 7 })
	}
	c.Drop(id(1)) // among the old ones
	c.Drop(id(7))
	for n, want := range map[byte]bool{0: true, 1: false, 6: true, 7: false} {
		_, ok := c.Get(id(n))
		assert.Equal(t, want, ok, n)
	}
	c.Clear()
	_, ok := c.Get(id(0))
	assert.False(t, ok)
}

// What is read while everything is forgotten may be what it was before.
func TestCacheDoesNotPutWhatWasReadBeforeAClear(t *testing.T) {
	c := cache.New[account.ID, int](10)
	put := c.Since()
	c.Clear()
	put(id(1), 1)
	_, ok := c.Get(id(1))
	assert.False(t, ok)
	c.Since()(id(1), 2)
	v, ok := c.Get(id(1))
	assert.True(t, ok)
	assert.Equal(t, 2, v)
}
