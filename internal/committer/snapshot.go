package committer

import (
	"time"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/internal/cache"
)

// snapshot is what was last seen of an account's money: its balance at one version, and
// some of the holds that stand at that version. It is a value, but for the map of
// holds, which belongs to whoever writes batches.
type snapshot struct {
	balance account.Balance
	holds   map[string]account.Hold
	// readFirst is how often the balance is to be read before it is trusted, because
	// other processes write to the account.
	readFirst int
	fresh     bool // the balance was read a moment ago: the next round may trust it
	// contested is how many quiet rounds the account is still to be locked for, because
	// others were faster twice.
	contested int
	conflicts int       // in a row
	at        time.Time // when the balance was known to be the present one
	overdue   overdue   // what its due holds come to
}

// quietRounds are how many rounds without a rival make an account private again.
const quietRounds = 3

// maxCachedHolds bounds the holds that are cached of one account.
const maxCachedHolds = 4096

// snapshots are a cache of those of the accounts seen last.
type snapshots struct {
	*cache.Cache[account.ID, snapshot]
}

func newSnapshots(size int) *snapshots { return &snapshots{cache.New[account.ID, snapshot](size)} }

// put keeps what was learned, unless more is known by now.
func (c *snapshots) put(s snapshot) {
	c.Update(s.balance.Account, func(kept *snapshot) {
		if kept.balance.Version <= s.balance.Version {
			*kept = s
		}
	})
}

// saw notes a balance that was read, beside what is known of the same version.
func (c *snapshots) saw(b account.Balance, at time.Time) {
	c.Update(b.Account, func(kept *snapshot) {
		if kept.balance.Version < b.Version {
			*kept = snapshot{balance: b, contested: kept.contested}
		}
		if kept.balance.Version == b.Version {
			kept.at = at
		}
	})
}

// LastSeen returns the balance of an account that was seen last, and when it was known to
// be the present one; false where none is cached.
func (c *Committer) LastSeen(id account.ID) (b account.Balance, at time.Time, ok bool) {
	s, ok := c.snapshots.Get(id)
	return s.balance, s.at, ok
}

// Saw caches a balance that was read.
func (c *Committer) Saw(b account.Balance, at time.Time) { c.snapshots.saw(b, at) }

// Forget drops what is cached of accounts.
func (c *Committer) Forget(ids ...account.ID) {
	for _, id := range ids {
		c.snapshots.Drop(id)
	}
}

// ForgetAll drops what is cached of all accounts.
func (c *Committer) ForgetAll() { c.snapshots.Clear() }
