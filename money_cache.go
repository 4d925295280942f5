package clientaccount

import (
	"sync"

	"github.com/clientaccount/clientaccount/account"
)

// sheet is what is known of an account's money: its balance at one version, and
// some of the holds that stand at that version. It is not changed once it is kept.
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
	conflicts int // in a row
}

// quietTurns are how many turns without a rival make an account private again.
const quietTurns = 3

// maxKnownHolds bounds the holds that are remembered of one account.
const maxKnownHolds = 4096

// sheets are the accounts seen last: at most size, and half of them at least. Safe
// for concurrent use.
type sheets struct {
	mu         sync.Mutex
	size       int
	young, old map[account.ID]*sheet
}

func newSheets(size int) *sheets { return &sheets{size: size, young: map[account.ID]*sheet{}} }

// get is what is known of an account, nil for nothing.
func (c *sheets) get(id account.ID) *sheet {
	c.mu.Lock()
	defer c.mu.Unlock()
	if s := c.young[id]; s != nil {
		return s
	}
	s := c.old[id]
	if s != nil {
		c.keep(id, s)
	}
	return s
}

// put keeps what was learned, unless more is known by now.
func (c *sheets) put(s *sheet) {
	c.mu.Lock()
	defer c.mu.Unlock()
	id := s.balance.Account
	known := c.young[id]
	if known == nil {
		known = c.old[id]
	}
	if known == nil || known.balance.Version <= s.balance.Version {
		c.keep(id, s)
	}
}

// drop forgets an account.
func (c *sheets) drop(id account.ID) {
	c.mu.Lock()
	defer c.mu.Unlock()
	delete(c.young, id)
	delete(c.old, id)
}

// keep puts a sheet among the young; when they are half of all, they become the old
// ones, and those that nobody asked for since are forgotten.
func (c *sheets) keep(id account.ID, s *sheet) {
	if c.young[id] == nil && len(c.young) >= max(1, c.size/2) {
		c.old, c.young = c.young, make(map[account.ID]*sheet, c.size/2)
	}
	c.young[id] = s
}
