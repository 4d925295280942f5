package committer

import (
	"context"
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
	posting  store.Posting
	holds    batchHolds
	done     []placed
	now      time.Time // of the last entry
	locks    bool      // has to be written under a lock
	messages messages
	later    []*pending // calls that wait for what others of the round come to
	wants    []int64    // numbers of entries that were not read, and of which calls give back
}

// placed is a movement that was worked out: into an entry of the posting, or a refusal. A call
// may be neither.
type placed struct {
	pending  *pending
	entry    int // index in the posting's entries; -1 for none
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
			g.work(now, c.claims)
		}
	}
	again = c.read(ctx, groups, now)
	again = append(again, c.readWanted(ctx, groups, now)...)
	return append(again, c.write(ctx, groups)...)
}

// sort gathers the movements of each account. Those of two accounts go their way.
func (c *Committer) sort(ctx context.Context, batch []*pending) []*group {
	c.taken = 0
	clear(c.byID)
	clear(c.claims)
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
	g.messages.took(nil)
	g.begin()
	return g
}

// begin empties what is worked out, and keeps the space.
func (g *group) begin() {
	was := &g.posting
	g.posting = store.Posting{
		From: g.snapshot.balance.Version, Balance: g.snapshot.balance, Entries: was.Entries[:0], Lookups: was.Lookups[:0],
		Holds: was.Holds[:0], Ended: was.Ended[:0], Events: was.Events[:0], Messages: was.Messages[:0],
	}
	g.holds = batchHolds{kept: g.snapshot.holds}
	g.done, g.later, g.wants, g.locks = g.done[:0], g.later[:0], g.wants[:0], false
	g.messages.begin()
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
		if p.m.Of > 0 || p.call != nil && p.call.reads() {
			return false
		}
		if _, known := g.snapshot.holds[p.m.Hold]; p.m.Hold != "" && !known {
			return false
		}
	}
	return true
}

// work applies the money rule to the movements, one after the other. It may be run again.
func (g *group) work(now time.Time, cs claims) {
	g.begin()
	g.now = now
	for _, p := range g.movements {
		switch {
		case p.call != nil:
			g.workCall(p, cs)
		case !g.answerEarlier(p):
			g.workMovement(p)
		}
		if g.locks {
			return
		}
	}
	if len(g.posting.Messages) > 0 && g.posting.Balance.Version == g.posting.From {
		g.posting.Balance.Version++
	}
}

func (g *group) workMovement(p *pending) {
	on := ledger.Against{Hold: g.holds.get(p.m.Hold), Checked: true}
	if p.m.Of > 0 {
		on = refundOf(p.m.Of, g.found, &g.posting)
	}
	placed := placed{pending: p, entry: -1}
	if g.locks, placed.refusal = g.move(&p.m, on); g.locks {
		return
	}
	if placed.refusal != nil {
		g.posting.Lookups = append(g.posting.Lookups, p.m.Reference)
	} else {
		placed.entry = len(g.posting.Entries) - 1
	}
	g.done = append(g.done, placed)
}

// move applies a movement to what the batch has come to so far. Nothing has changed where it
// is refused, or needs locks.
func (g *group) move(m *account.Movement, on ledger.Against) (locks bool, refusal error) {
	b := &g.posting.Balance
	if involvesOthers(*b, *m, on, g.now) {
		return true, nil
	}
	step, err := ledger.Apply(*b, *m, on, g.now)
	if err != nil {
		return false, err
	}
	*b = step.Balance
	g.holds.note(step)
	step.AddTo(&g.posting)
	return false, nil
}

// answerEarlier notes a movement whose reference an earlier one of the batch has.
func (g *group) answerEarlier(p *pending) bool {
	if len(g.done) == 0 {
		return false
	}
	for _, w := range g.done {
		if w.entry < 0 || g.posting.Entries[w.entry].Reference != p.m.Reference {
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
		case g.writesNothing():
			again = append(again, g.confirm()...)
			c.learn(g)
		default:
			postings, written = append(postings, g.posting), append(written, g)
		}
	}
	if len(postings) == 0 {
		return again
	}
	outcomes, err := c.fast.Append(ctx, postings)
	if err != nil {
		for _, g := range written {
			c.snapshots.Drop(g.id)
		}
		return append(again, c.retry(ctx, giveBack(written), err)...)
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

// confirm answers everything of a group that was written, or had nothing to write. What waits
// for others has to be tried again.
func (g *group) confirm() (again []*pending) {
	for _, w := range g.done {
		switch {
		case w.refusal != nil:
			w.pending.refuse(w.refusal)
		case w.pending.call != nil:
			w.pending.end()
		default:
			w.pending.answer(&g.posting.Entries[w.entry], w.repeated)
		}
	}
	return g.later
}

// answerBy answers a group by its outcome. What it returns has to be tried again.
func (c *Committer) answerBy(ctx context.Context, g *group, outcome store.Outcome) (again []*pending) {
	switch outcome.Kind {
	case store.OutcomeWritten:
		c.snapshots.put(g.after())
		return g.confirm()
	case store.OutcomeUsed:
		return answerUsed(g.movements, outcome.Used, g.snapshot.balance.Terms.Currency)
	case store.OutcomeMissing:
		c.snapshots.Drop(g.id)
		g.refuseAll(account.ErrNotFound)
		return nil
	case store.OutcomeMoved:
		c.sawMoved(g, *outcome.Balance)
		return g.movements
	default: // OutcomeBusy: who holds the account is waited for, without holding up others
		c.busy(ctx, g.id, g.movements)
		return nil
	}
}

// sawMoved notes that somebody else moved the account on while the group was worked out. Where that
// goes on, it is written under a lock.
func (c *Committer) sawMoved(g *group, now account.Balance) {
	moved := snapshot{balance: now, conflicts: g.snapshot.conflicts + 1, readFirst: quietRounds, fresh: true}
	if moved.conflicts >= 2 {
		moved.contested = quietRounds
	}
	c.snapshots.put(moved)
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
