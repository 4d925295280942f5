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

// writeLocked writes movements in one transaction that locks all their accounts, again
// while races are lost. It ends so many holds that are due beside. Movements that
// fail together are tried one by one, so that only the guilty one fails. Not nil, more
// gives further movements for the same locks, as many as there is room for.
func (c *Committer) writeLocked(ctx context.Context, movements []*pending, more func(room int) []*pending) {
	batch := c.newLockedBatch(c.clock(), movements, c.accountsOf(movements))
	batch.more = more
	movements, err := c.writeTogether(ctx, batch)
	switch {
	case err == nil:
	case len(movements) > 1:
		for _, p := range movements {
			c.writeLocked(ctx, []*pending{p}, nil)
		}
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
		err := c.attempt(ctx, l, try == 1 && !c.hosted)
		return !c.hosted && l.mayRunAgain(err), err
	})
	if err != nil {
		return l.movements, err
	}
	return nil, nil
}

// attempt runs the transaction of a batch, and at once again where it was no race that
// ended it: accounts were not locked, holds are still due, or a reference had been assumed
// to be unused.
func (c *Committer) attempt(ctx context.Context, l *lockedBatch, assume bool) error {
	for {
		l.assuming, l.complete = assume, false
		err := c.store.Update(ctx, l.run)
		missing, needs := errors.AsType[needsAccounts](err)
		switch {
		case err == nil:
			c.finish(l)
			if len(l.movements) > 0 || !l.unsettled {
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
func (c *Committer) accountsOf(movements []*pending) (all []account.ID) {
	for _, p := range movements {
		all = append(all, p.m.Account)
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
		default:
			w.pending.answer(&w.written, w.repeated)
		}
	}
}
