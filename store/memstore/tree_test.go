package memstore

import (
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"pgregory.net/rapid"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/store"
)

// A tree is what a sorted list is, and a copy of it stays as it was.
func TestTree(t *testing.T) { rapid.Check(t, checkTree) }

func checkTree(t *rapid.T) {
	var tr, before tree[waiting]
	var list, was []waiting
	draw := rapid.Custom(func(t *rapid.T) waiting {
		key := store.MessageKey{Account: account.ID{1}, ID: string(rune('a' + rapid.IntRange(0, 25).Draw(t, "id")))}
		return waiting{key, time.Unix(rapid.Int64Range(1, 20).Draw(t, "due"), 0)}
	})
	for range rapid.IntRange(0, 60).Draw(t, "steps") {
		w := draw.Draw(t, "value")
		before, was = tr, slices.Clone(list)
		at, there := slices.BinarySearchFunc(list, w, waiting.compare)
		found, ok := tr.get(w)
		assert.Equal(t, there, ok)
		if there {
			assert.Equal(t, list[at], found)
			list = slices.Delete(list, at, at+1)
			tr.delete(w)
		} else {
			list = slices.Insert(list, at, w)
			tr.put(w)
		}
	}
	place, now := draw.Draw(t, "place"), time.Unix(rapid.Int64Range(0, 20).Draw(t, "now"), 0)
	for _, c := range []struct {
		tree tree[waiting]
		list []waiting
	}{{tr, list}, {before, was}} {
		behind := slices.DeleteFunc(slices.Clone(c.list), func(w waiting) bool { return w.compare(place) <= 0 })
		assert.ElementsMatch(t, behind, slices.Collect(c.tree.behind(place)))
		assert.True(t, slices.IsSortedFunc(slices.Collect(c.tree.behind(place)), waiting.compare))
		due := slices.DeleteFunc(behind, func(w waiting) bool { return w.until.After(now) })
		assert.Equal(t, len(due), len(slices.Collect(c.tree.dueBehind(place, now))))
	}
}
