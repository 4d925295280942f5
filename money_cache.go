package clientaccount

import (
	"time"

	"github.com/clientaccount/clientaccount/account"
)

// sheet is what is known of an account's money: its balance at one version, and
// some of the holds that stand at that version. It is a value, but for the map of
// holds, which belongs to the committer.
type sheet struct {
	balance account.Balance
	holds   map[string]account.Hold
	// readFirst is how often the balance is to be read before it is trusted, because
	// other processes write to the account.
	readFirst int
	fresh     bool // the balance was read a moment ago: the next turn may trust it
	// contested is how many quiet turns the account is still to be locked for, because
	// others were faster twice.
	contested int
	conflicts int       // in a row
	at        time.Time // when the balance was known to be the present one
	overdue   overdue   // what its due holds come to
}

// quietTurns are how many turns without a rival make an account private again.
const quietTurns = 3

// maxKnownHolds bounds the holds that are remembered of one account.
const maxKnownHolds = 4096

// sheets are those of the accounts seen last.
type sheets struct{ *recent[sheet] }

func newSheets(size int) *sheets { return &sheets{newRecent[sheet](size)} }

// put keeps what was learned, unless more is known by now.
func (c *sheets) put(s sheet) {
	c.update(s.balance.Account, func(kept *sheet) {
		if kept.balance.Version <= s.balance.Version {
			*kept = s
		}
	})
}

// saw notes a balance that was read, beside what is known of the same version.
func (c *sheets) saw(b account.Balance, at time.Time) {
	c.update(b.Account, func(kept *sheet) {
		if kept.balance.Version < b.Version {
			*kept = sheet{balance: b, contested: kept.contested}
		}
		if kept.balance.Version == b.Version {
			kept.at = at
		}
	})
}
