package committer

import (
	"context"
	"time"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/internal/ledger"
	"github.com/clientaccount/clientaccount/store"
)

// What the holds of an account come to that have timed out, and were not ended yet, is
// added up once and then kept beside its balance: as long as nobody else writes to the
// account, only what timed out since has to be added.

// overdue is such a sum at an instant, which is zero for one that is not known. Nobody
// changes the sum.
type overdue struct {
	sum store.Overdue
	at  time.Time
}

// overdueOf is what is known of an account at a version, to ask for the rest at now.
func (c *snapshots) overdueOf(id account.ID, version int64, now time.Time) overdue {
	kept, _ := c.Get(id)
	if kept.balance.Version != version || now.Before(kept.overdue.at) {
		return overdue{}
	}
	return kept.overdue
}

// sawOverdue notes what the holds of a balance come to that are due at an instant.
func (c *snapshots) sawOverdue(b account.Balance, o overdue) {
	if !ledger.Due(b, o.at) {
		return
	}
	c.saw(b, o.at)
	c.Update(b.Account, func(kept *snapshot) {
		if kept.balance.Version == b.Version {
			kept.overdue = o
		}
	})
}

// Balances reads balances, in the order of ids, as they will be once their due holds are
// ended; unknown ones are of version 0.
func (c *Committer) Balances(ctx context.Context, r store.Reader, ids []account.ID, now time.Time) ([]account.Balance, error) {
	snapshots := c.snapshots
	if _, within := r.(store.Tx); within { // what is read there may never come to be
		snapshots = newSnapshots(len(ids))
	}
	kept := make([]overdue, len(ids))
	versions := make([]int64, len(ids))
	for i, id := range ids {
		if known, ok := snapshots.Get(id); ok {
			versions[i] = known.balance.Version
			kept[i] = snapshots.overdueOf(id, versions[i], now)
		}
	}
	found, err := ledgerSince(ctx, r, ids, kept, now)
	for i := range found {
		if found[i].Balance.Version != versions[i] && !kept[i].at.IsZero() { // another process writes
			clear(kept)
			found, err = ledgerSince(ctx, r, ids, kept, now)
			break
		}
	}
	balances := make([]account.Balance, len(found))
	for i, f := range found {
		sum := kept[i].sum.Plus(f.Overdue)
		snapshots.sawOverdue(f.Balance, overdue{sum, now})
		balances[i] = ledger.Without(f.Balance, sum, now)
	}
	return balances, err
}

// ledgerSince looks up balances, and what came due since a sum was known.
func ledgerSince(ctx context.Context, r store.Reader, ids []account.ID, kept []overdue, now time.Time) ([]store.Found, error) {
	lookups := make([]store.Lookup, len(ids))
	for i, id := range ids {
		lookups[i] = store.Lookup{Account: id, Due: now, Sum: true, Since: kept[i].at}
	}
	return r.Ledger(ctx, lookups)
}
