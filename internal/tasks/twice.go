package tasks

import (
	"context"
	"hash/maphash"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/store"
)

// Key is something that no two tasks of a batch may have in common: what a field is to be, or, for
// the empty path, whom it is done to.
type Key struct{ Path, Value string }

// claims are the lines of a batch that have a key first, by its hash: so what a batch of many lines
// costs in memory is small, and known.
type claims struct {
	seed  maphash.Seed
	first map[uint64]int64
}

func (c claims) hash(k Key) uint64 { return maphash.Comparable(c.seed, k) }

// faults returns those of keys that an earlier line has, too.
func (c claims) faults(t store.Task, keys []Key) (faults account.Faults) {
	for _, k := range keys {
		if line := c.first[c.hash(k)]; line < t.Line {
			faults = append(faults, account.NewFault(k.Path, "batch.twice", line))
		}
	}
	return faults
}

// claims returns those of all tasks of a batch. They are read once while it is being judged.
func (e *Engine) claims(ctx context.Context, b store.Batch) (claims, error) {
	if known, ok := e.Work.known(b.ID); ok {
		return known, nil
	}
	c := claims{seed: maphash.MakeSeed(), first: make(map[uint64]int64, b.Tasks)}
	after := int64(0)
	for {
		ts, err := e.page(ctx, b, after, account.MaxPage)
		if err != nil {
			return claims{}, err
		}
		for _, t := range ts {
			for _, k := range e.Keys(t) {
				if h := c.hash(k); c.first[h] == 0 {
					c.first[h] = t.Line
				}
			}
			after = t.Line
		}
		if len(ts) < account.MaxPage {
			e.Work.keep(b.ID, c)
			return c, nil
		}
	}
}
