package committer

import (
	"context"
	"errors"
	"slices"
	"time"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/internal/ledger"
	"github.com/clientaccount/clientaccount/store"
)

// Why a call cannot be worked out in a round. Callers never see them.
var (
	errLocks = errors.New("committer: it has to be written under a lock")
	errWants = errors.New("committer: an entry has to be read first")
)

// reads reports whether a call is decided by what is read.
func (c *call) reads() bool { return !c.New || c.Look || c.clashes }

// lookAt has the call look at entries that are in its way.
func (c *call) lookAt(used []account.Entry) {
	for i := range used {
		c.clashes = c.clashes || c.concerns(used[i].Reference)
	}
}

// askFor asks for all that a movement names, or a call is decided by. locked: under a lock,
// where a reference that was used is not told afterwards.
func (p *pending) askFor(l *store.Lookup, locked bool) {
	if p.call != nil {
		p.call.askFor(l, locked || p.call.clashes)
		return
	}
	l.References = append(l.References, p.m.Reference)
	askNamed(l, &p.m)
}

// workCall works out a call behind what the batch has come to so far, which is noted.
func (g *group) workCall(p *pending, cs claims) {
	c := p.call
	if cs.of(c) != nil {
		g.later = append(g.later, p)
		return
	}
	on := g.messages.caseOf(c, g.found, &g.posting, g.now)
	placed := placed{pending: p, entry: -1}
	writes, err := p.work(on, g)
	switch {
	case errors.Is(err, errLocks):
		g.locks = true
		return
	case errors.Is(err, errWants):
		return
	case err != nil:
		if placed.refusal = err; g.found == nil {
			g.posting.Lookups = append(g.posting.Lookups, c.Message)
		}
	case writes:
		g.messages.keep(&on.Message, &c.kept, &g.posting)
		cs.add(c, &on.Message)
		if c.kept.Step.Movement.Kind != "" {
			placed.entry = len(g.posting.Entries) - 1
		}
	}
	g.done = append(g.done, placed)
}

func (g *group) apply(_ *call, m account.Movement) (*account.Entry, error) {
	if entryUnder(m.Reference, g.found, &g.posting) != nil {
		return nil, account.ErrReused
	}
	on := ledger.Against{Hold: g.holds.get(m.Hold), Checked: true}
	if m.Of > 0 {
		if !g.knows(m.Of) {
			g.wants = append(g.wants, m.Of)
			return nil, errWants
		}
		on = refundOf(m.Of, g.found, &g.posting)
	}
	locks, err := g.move(&m, on)
	switch {
	case locks:
		return nil, errLocks
	case err != nil:
		return nil, err
	}
	return &g.posting.Entries[len(g.posting.Entries)-1], nil
}

// expiry is looked for under a lock, where it may be about to be written.
func (g *group) expiry(*call) (*account.Entry, error) { return nil, errLocks }

// knows reports whether an entry was read, or is about to be written.
func (g *group) knows(number int64) bool {
	return number > g.snapshot.balance.Entries || g.found != nil &&
		slices.ContainsFunc(g.found.Entries, func(e account.Entry) bool { return e.Number == number })
}

// readWanted reads the entries of which calls give back, as only the messages say which, and
// works these groups out again. What moved on meanwhile has to be tried again.
func (c *Committer) readWanted(ctx context.Context, groups []*group, now time.Time) (again []*pending) {
	var asked []*group
	var lookups []store.Lookup
	for _, g := range groups {
		if len(g.wants) > 0 && !g.locks {
			asked = append(asked, g)
			lookups = append(lookups, store.Lookup{Account: g.id, Numbers: slices.Compact(slices.Sorted(slices.Values(g.wants)))})
		}
	}
	if len(asked) == 0 {
		return nil
	}
	found, err := c.store.Ledger(ctx, lookups)
	if err != nil {
		return c.retry(ctx, giveBack(asked), certain(err))
	}
	for i, g := range asked {
		if now := found[i].Balance; now.Version != g.found.Balance.Version {
			c.sawMoved(g, now)
			again = append(again, giveBack(asked[i:i+1])...)
			continue
		}
		g.found.Entries = append(g.found.Entries, found[i].Entries...)
		g.found.Refunds = append(g.found.Refunds, found[i].Refunds...)
		if g.work(now, c.claims); len(g.wants) > 0 { // what it gives back, calls before in the batch decide
			g.locks = true
		}
	}
	return again
}
