package committer

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"time"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/store"
)

// refusedOnly reports whether nothing is to be written, and the refusals were worked
// out over a balance that may be an old one.
func (g *group) refusedOnly() bool { return !g.locks && g.writesNothing() && g.found == nil }

func (g *group) writesNothing() bool { return len(g.posting.Entries)+len(g.posting.Messages) == 0 }

// read looks up what is not known, and what was only refused, and works it out over
// what it finds. Movements whose reference was used before are answered.
func (c *Committer) read(ctx context.Context, groups []*group, now time.Time) (again []*pending) {
	var asked []*group
	var lookups []store.Lookup
	for _, g := range groups {
		if !g.seen || len(g.done) == 0 && !g.locks || g.refusedOnly() {
			asked = append(asked, g)
			lookups = append(lookups, g.lookup())
		}
	}
	if len(asked) == 0 {
		return nil
	}
	found, err := c.look(ctx, lookups)
	if err != nil {
		return c.retry(ctx, giveBack(asked), certain(err))
	}
	for i, g := range asked {
		g.take(&found[i], now)
		if len(g.movements) > 0 {
			g.work(now, c.claims)
		}
	}
	return nil
}

// fewestParted is how many lookups are worth two questions.
const fewestParted = 64

// look asks the store. Of many messages it asks by halves, both at once: groups do not depend on
// what others find, and reading a message takes as long as writing a charge.
func (c *Committer) look(ctx context.Context, lookups []store.Lookup) ([]store.Found, error) {
	ofMessages := func(l store.Lookup) bool { return len(l.Messages) > 0 }
	if len(lookups) < fewestParted || !slices.ContainsFunc(lookups, ofMessages) {
		return c.store.Ledger(ctx, lookups)
	}
	half := len(lookups) / 2
	var behind []store.Found
	var errBehind error
	done := make(chan struct{})
	go func() {
		defer close(done)
		behind, errBehind = c.store.Ledger(ctx, lookups[half:])
	}()
	found, err := c.store.Ledger(ctx, lookups[:half])
	<-done
	return append(found, behind...), cmp.Or(err, errBehind)
}

// giveBack takes the movements out of groups that come to nothing.
func giveBack(groups []*group) (movements []*pending) {
	for _, g := range groups {
		movements = append(movements, g.movements...)
		g.drop()
	}
	return movements
}

// lookup asks for the account's balance and all that its movements name.
func (g *group) lookup() store.Lookup {
	l := store.Lookup{Account: g.id, References: make([]string, 0, len(g.movements))}
	for _, p := range g.movements {
		p.askFor(&l, false)
	}
	return l
}

// take makes what was read the snapshot to work from, and answers what was done before.
func (g *group) take(found *store.Found, now time.Time) {
	g.found = found
	g.begin()
	was := g.snapshot
	read := snapshot{
		balance: found.Balance, holds: make(map[string]account.Hold, len(found.Holds)),
		conflicts: was.conflicts, readFirst: was.readFirst, at: now,
	}
	switch {
	case was.balance.Version == found.Balance.Version:
		read.readFirst = max(0, was.readFirst-1)
		maps.Copy(read.holds, was.holds)
	case was.readFirst > 0:
		read.readFirst = quietRounds
	}
	for _, hold := range found.Holds {
		read.holds[hold.Reference] = hold
	}
	g.snapshot, g.seen = read, true
	g.messages.took(found)
	if found.Balance.Version == 0 {
		g.refuseAll(account.ErrNotFound)
		return
	}
	g.movements = answerUsed(g.movements, found.Used, found.Balance.Terms.Currency)
}

func (g *group) refuseAll(err error) {
	for _, p := range g.movements {
		p.refuse(err)
	}
	g.drop()
}

// drop leaves the group with nothing to do.
func (g *group) drop() {
	g.movements = g.movements[:0]
	g.begin()
}

// answerUsed answers the movements whose references were used; the others are left.
func answerUsed(movements []*pending, used []account.Entry, c account.Currency) []*pending {
	if len(used) == 0 {
		return movements
	}
	byReference := make(map[string]account.Entry, len(used))
	for _, e := range used {
		byReference[e.Reference] = e
	}
	left := make([]*pending, 0, len(movements))
	for _, p := range movements {
		if p.call != nil {
			p.call.lookAt(used)
		} else if e, was := byReference[p.m.Reference]; was {
			p.answerUsed(e, c)
			continue
		}
		left = append(left, p)
	}
	return left
}
