package committer

import (
	"context"
	"maps"
	"time"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/internal/ledger"
	"github.com/clientaccount/clientaccount/store"
)

// group is the movements of one account in a batch, and what they amount to.
type group struct {
	id        account.ID
	movements []*pending
	snapshot  snapshot
	seen      bool         // there is one
	found     *store.Found // when it was read for this batch
	// What work makes of the snapshot:
	posting store.Posting
	done    []placed
	now     time.Time // of the last entry
	locks   bool      // has to be written under a lock
}

// placed is a movement that was worked out: into an entry of the posting, or a refusal.
type placed struct {
	pending  *pending
	entry    int // index in the posting's entries; -1 when refused
	refusal  error
	repeated bool
}

// round works out a batch over the balances last seen, writes it, and answers. What
// it returns has to be tried again.
func (c *Committer) round(ctx context.Context, batch []*pending) (again []*pending) {
	now := c.clock()
	groups := c.sort(ctx, batch)
	for _, g := range groups {
		if g.trusted() {
			g.work(now)
		}
	}
	again = c.read(ctx, groups, now)
	return append(again, c.write(ctx, groups)...)
}

// sort gathers the movements of each account. Those of two accounts go their way.
func (c *Committer) sort(ctx context.Context, batch []*pending) []*group {
	c.taken = 0
	clear(c.byID)
	for _, p := range batch {
		if p.m.Kind.Traits().Transfers {
			c.together(ctx, p)
			continue
		}
		g := c.byID[p.m.Account]
		if g == nil {
			g = c.newGroup(p.m.Account)
			c.byID[g.id] = g
		}
		g.movements = append(g.movements, p)
	}
	c.going = append(c.going[:0], c.groups[:c.taken]...)
	return c.locking(ctx, c.going)
}

// newGroup is one of the round's own groups, which serve again in the next round.
func (c *Committer) newGroup(id account.ID) *group {
	if c.taken == len(c.groups) {
		c.groups = append(c.groups, &group{})
	}
	g := c.groups[c.taken]
	c.taken++
	g.id, g.movements, g.found, g.locks = id, g.movements[:0], nil, false
	g.snapshot, g.seen = c.snapshots.Get(id)
	g.begin()
	return g
}

// begin empties what is worked out, and keeps the space.
func (g *group) begin() {
	was := &g.posting
	g.posting = store.Posting{
		From: g.snapshot.balance.Version, Entries: was.Entries[:0], Lookups: was.Lookups[:0],
		Holds: was.Holds[:0], Ended: was.Ended[:0], Events: was.Events[:0],
	}
	g.done, g.locks = g.done[:0], false
}

// locking hands over the groups whose account is contested.
func (c *Committer) locking(ctx context.Context, groups []*group) []*group {
	left := groups[:0]
	for _, g := range groups {
		if g.snapshot.contested > 0 {
			c.underLock(ctx, g.id, g.movements...)
			continue
		}
		left = append(left, g)
	}
	return left
}

// trusted reports whether what is known of the account will do to work from. Earlier
// entries are never known: what refers to one is worked out over what is read.
func (g *group) trusted() bool {
	if !g.seen || g.snapshot.readFirst > 0 && !g.snapshot.fresh {
		return false
	}
	for _, p := range g.movements {
		if p.m.Of > 0 {
			return false
		}
		if _, known := g.snapshot.holds[p.m.Hold]; p.m.Hold != "" && !known {
			return false
		}
	}
	return true
}

// work applies the money rule to the movements, one after the other. It may be run again.
func (g *group) work(now time.Time) {
	g.begin()
	g.now = now
	b := g.snapshot.balance
	holds := batchHolds{kept: g.snapshot.holds}
	for _, p := range g.movements {
		if g.answerEarlier(p) {
			continue
		}
		m := p.m
		on := ledger.Against{Hold: holds.get(m.Hold), Checked: true}
		if m.Of > 0 {
			on = refundOf(m.Of, g.found, &g.posting)
		}
		if involvesOthers(b, m, on, now) {
			g.locks = true
			return
		}
		step, err := ledger.Apply(b, m, on, now)
		if err != nil {
			g.done = append(g.done, placed{pending: p, entry: -1, refusal: err})
			g.posting.Lookups = append(g.posting.Lookups, m.Reference)
			continue
		}
		b = step.Balance
		holds.note(step)
		step.AddTo(&g.posting)
		g.done = append(g.done, placed{pending: p, entry: len(g.posting.Entries) - 1})
	}
	g.posting.Balance = b
}

// answerEarlier notes a movement whose reference an earlier one of the batch has.
func (g *group) answerEarlier(p *pending) bool {
	if len(g.done) == 0 {
		return false
	}
	for _, w := range g.done {
		if w.entry < 0 || w.pending.m.Reference != p.m.Reference {
			continue
		}
		if err := p.repeats(g.posting.Entries[w.entry].Fingerprint, g.snapshot.balance.Terms.Currency); err != nil {
			g.done = append(g.done, placed{pending: p, entry: -1, refusal: err})
		} else {
			g.done = append(g.done, placed{pending: p, entry: w.entry, repeated: true})
		}
		return true
	}
	return false
}

// involvesOthers reports whether other accounts or due holds have a part in the movement.
func involvesOthers(b account.Balance, m account.Movement, on ledger.Against, now time.Time) bool {
	if on.Hold != nil {
		return len(on.Hold.Chain) > 0 || ledger.Due(b, now)
	}
	return ledger.Due(b, now) || paidByOthers(on.Entry, m.Account) || !b.Terms.Shares.IsZero() && m.Kind.Traits().Shared == account.SharingPays
}

// refusedOnly reports whether nothing is to be written, and the refusals were worked
// out over a balance that may be an old one.
func (g *group) refusedOnly() bool { return !g.locks && len(g.posting.Entries) == 0 && g.found == nil }

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
	found, err := c.store.Ledger(ctx, lookups)
	if err != nil {
		return c.retry(ctx, giveBack(asked), certain(err))
	}
	for i, g := range asked {
		g.take(&found[i], now)
		if len(g.movements) > 0 {
			g.work(now)
		}
	}
	return nil
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
	l := store.Lookup{Account: g.id, References: make([]string, len(g.movements))}
	for i, p := range g.movements {
		l.References[i] = p.m.Reference
		askNamed(&l, &p.m)
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
		if e, was := byReference[p.m.Reference]; was {
			p.answerUsed(e, c)
		} else {
			left = append(left, p)
		}
	}
	return left
}

// write appends what was worked out, and answers.
func (c *Committer) write(ctx context.Context, groups []*group) (again []*pending) {
	postings, written := c.postings[:0], c.written[:0]
	defer func() { c.postings, c.written = postings, written }()
	for _, g := range groups {
		switch {
		case g.locks && ledger.Due(g.snapshot.balance, g.now):
			c.underLock(ctx, g.id, g.movements...)
		case g.locks:
			c.learn(g)
			c.together(ctx, g.movements...)
		case len(g.posting.Entries) == 0:
			g.confirm()
			c.learn(g)
		default:
			postings, written = append(postings, g.posting), append(written, g)
		}
	}
	if len(postings) == 0 {
		return nil
	}
	outcomes, err := c.fast.Append(ctx, postings)
	if err != nil {
		for _, g := range written {
			c.snapshots.Drop(g.id)
		}
		return c.retry(ctx, giveBack(written), err)
	}
	for i, g := range written {
		again = append(again, c.answerBy(ctx, g, outcomes[i])...)
	}
	return again
}

// learn keeps what was read of an account that exists.
func (c *Committer) learn(g *group) {
	if g.found != nil && g.found.Balance.Version > 0 {
		c.snapshots.put(g.snapshot)
	}
}

// confirm answers everything of a group that was written, or had nothing to write.
func (g *group) confirm() {
	for _, w := range g.done {
		if w.entry < 0 {
			w.pending.refuse(w.refusal)
		} else {
			w.pending.answer(&g.posting.Entries[w.entry], w.repeated)
		}
	}
}

// answerBy answers a group by its outcome. What it returns has to be tried again.
func (c *Committer) answerBy(ctx context.Context, g *group, outcome store.Outcome) (again []*pending) {
	switch outcome.Kind {
	case store.OutcomeWritten:
		c.snapshots.put(g.after())
		g.confirm()
		return nil
	case store.OutcomeUsed:
		return answerUsed(g.movements, outcome.Used, g.snapshot.balance.Terms.Currency)
	case store.OutcomeMissing:
		c.snapshots.Drop(g.id)
		g.refuseAll(account.ErrNotFound)
		return nil
	case store.OutcomeMoved:
		moved := snapshot{balance: *outcome.Balance, conflicts: g.snapshot.conflicts + 1, readFirst: quietRounds, fresh: true}
		if moved.conflicts >= 2 {
			moved.contested = quietRounds
		}
		c.snapshots.put(moved)
		return g.movements
	default: // OutcomeBusy: who holds the account is waited for, without holding up others
		c.busy(ctx, g.id, g.movements)
		return nil
	}
}

// after is what is known of the account once the group is written.
func (g *group) after() snapshot {
	holds := g.snapshot.holds // nobody else reads the map: snapshots of one account follow each other
	for _, reference := range g.posting.Ended {
		delete(holds, reference)
	}
	if len(g.posting.Holds) > 0 && (holds == nil || len(holds) > maxCachedHolds) {
		holds = make(map[string]account.Hold, len(g.posting.Holds))
	}
	for _, hold := range g.posting.Holds {
		holds[hold.Reference] = hold
	}
	return snapshot{balance: g.posting.Balance, holds: holds, readFirst: g.snapshot.readFirst, at: g.now}
}
