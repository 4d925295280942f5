package committer

import (
	"context"
	"errors"
	"slices"
	"time"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/internal/again"
	"github.com/clientaccount/clientaccount/internal/ledger"
	"github.com/clientaccount/clientaccount/store"
)

// races is how often a transaction is run that loses them.
var races = again.Policy{Tries: 10, Pause: 10 * time.Millisecond}

// maxLocked bounds the accounts that one transaction locks.
const maxLocked = 4 * maxBatch * account.MaxDepth

// writeAlone writes movements, of one account, in one transaction that waits for all their
// locks, again while races are lost. It ends so many holds that are due beside.
func (c *Committer) writeAlone(ctx context.Context, movements []*pending) {
	c.writeBatch(ctx, movements, func(movements []*pending) *lockedBatch {
		return c.newLockedBatch(c.clock(), movements, c.accountsOf(movements...))
	})
}

// writeQueued writes movements of a queue in one transaction. What waited too often for
// what others had locked goes alone.
func (c *Committer) writeQueued(ctx context.Context, q *lockQueue, movements []*pending) {
	var together, alone []*pending // parted before any of them goes on
	for _, p := range movements {
		if p.handed < mostHanded {
			together = append(together, p)
		} else {
			alone = append(alone, p)
		}
	}
	if len(together) > 0 {
		c.writeBatch(ctx, together, func(movements []*pending) *lockedBatch { return c.newQueuedBatch(q, movements) })
	}
	for _, p := range alone {
		c.writeAlone(ctx, []*pending{p})
	}
}

// writeBatch writes movements in one transaction. Those that fail together are tried by
// halves, so that only the guilty one fails.
func (c *Committer) writeBatch(ctx context.Context, movements []*pending, batch func([]*pending) *lockedBatch) {
	movements, err := c.writeTogether(ctx, batch(movements))
	switch n := len(movements); {
	case err == nil:
	case n > 1:
		c.writeBatch(ctx, movements[:n/2], batch)
		c.writeBatch(ctx, movements[n/2:], batch)
	case movements[0].uncertain:
		movements[0].refuse(&UncertainError{err})
	default:
		movements[0].refuse(err)
	}
}

// writeTogether runs the transaction of a batch to its end and answers the movements, or
// returns those that it could not write, and why.
func (c *Committer) writeTogether(ctx context.Context, l *lockedBatch) ([]*pending, error) {
	err := races.Do(ctx, func(try int) (bool, error) {
		err := c.attempt(ctx, l, try == 1 && !c.hosted && !l.isMixed())
		return !c.hosted && l.mayRunAgain(err), err
	})
	if err != nil {
		return l.given, err
	}
	c.handOver(ctx, l)
	return nil, nil
}

// attempt runs the transaction of a batch, and at once again where it was no race that
// ended it: accounts were not locked, holds are still due, or a reference had been assumed
// to be unused.
func (c *Committer) attempt(ctx context.Context, l *lockedBatch, assume bool) error {
	for {
		l.assuming, l.complete, l.accounts, l.done = assume, false, nil, nil
		err := c.store.Update(ctx, l.run)
		missing, needs := errors.AsType[needsAccounts](err)
		switch {
		case err == nil:
			c.finish(l)
			if len(l.given) > 0 || !l.unsettled {
				return nil // the next movements, or Settle, end what is still due
			}
			l.ids = slices.Clone(l.first) // each run ended due holds, so there is an end
		case needs:
			l.ids = store.Ascending(append(l.ids, missing...))
			if len(l.ids) > maxLocked {
				return err
			}
		case l.assuming && l.mayRunAgain(err):
			assume = false
		default:
			return err
		}
	}
}

// Settle ends the holds of an account that are due at an instant, and records the
// events that time brought.
func (c *Committer) Settle(ctx context.Context, now time.Time, id account.ID) error {
	_, err := c.writeTogether(ctx, c.newLockedBatch(now, nil, []account.ID{id}))
	return err
}

// mayRunAgain reports whether a transaction that failed may be run once more: if it lost a
// race, or if nobody knows how its commit ended, which the movements then note.
func (l *lockedBatch) mayRunAgain(err error) bool {
	if err == nil {
		return false
	}
	lost := errors.Is(err, account.ErrConflict)
	if l.complete && !lost {
		for _, p := range l.movements {
			p.uncertain = true
		}
	}
	return lost || l.complete
}

// needsAccounts ends a transaction that has to lock more accounts than it did.
type needsAccounts []account.ID

func (needsAccounts) Error() string { return "clientaccount: more accounts have to be locked" }

// accountsOf are the accounts that movements concern, as far as is known, ascending.
func (c *Committer) accountsOf(movements ...*pending) (all []account.ID) {
	for _, p := range movements {
		all = append(append(all, p.m.Account), p.also...)
		if !p.m.Other.IsZero() {
			all = append(all, p.m.Other)
		}
		id := p.m.Account
		for range account.MaxDepth {
			s, seen := c.snapshots.Get(id)
			if !seen || s.balance.Terms.Shares.IsZero() {
				break
			}
			id = s.balance.Terms.Shares
			all = append(all, id)
		}
	}
	return store.Ascending(all)
}

// handOver lets those movements of a batch go on that were left out: to the queue of the
// account that was locked, or for more accounts.
func (c *Committer) handOver(ctx context.Context, l *lockedBatch) {
	for _, out := range l.leftOut {
		out.pending.handed++
		if out.busy.IsZero() {
			out.pending.also = store.Ascending(append(out.pending.also, out.needs...))
			c.together(ctx, out.pending)
		} else {
			c.underLock(ctx, out.busy, out.pending)
		}
	}
}

// finish answers what a transaction decided, now that it is committed, and keeps
// what it learned.
func (c *Committer) finish(l *lockedBatch) {
	for id, s := range l.accounts {
		if s.balance.Version == 0 {
			continue
		}
		learned := snapshot{balance: s.balance, at: l.now}
		if was, _ := c.snapshots.Get(id); was.contested > 0 {
			learned.contested = was.contested - 1
			if was.balance.Version != s.posting.From {
				learned.contested = quietRounds
			}
		}
		if c.snapshots.put(learned); ledger.Due(s.balance, l.now) {
			c.snapshots.sawOverdue(s.balance, overdue{s.overdue, l.now})
		}
	}
	for _, w := range l.done {
		switch {
		case w.refusal != nil:
			w.pending.refuse(w.refusal)
		case w.pending.call != nil:
			w.pending.end()
		default:
			w.pending.answer(&w.written, w.repeated)
		}
	}
}
