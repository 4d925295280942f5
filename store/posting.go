package store

import (
	"errors"
	"time"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/account/message"
)

// Posting is what is to be written to one account at once: the balance as it will
// be, and what led to it. It is written only if the account's version is still
// From, the one it was computed from; that is all the locking that the money rule
// needs.
type Posting struct {
	From    int64           `json:"from"` // version; 0 for an account without a balance yet
	Balance account.Balance `json:"balance"`
	Entries []account.Entry `json:"entries"` // consecutive, the last one numbered Balance.Entries
	Holds   []account.Hold  `json:"holds"`   // new ones
	Ended   []string        `json:"ended"`   // references of holds that stand no longer
	Events  []account.Event `json:"events"`  // consecutive, the last one numbered Balance.Events
	// Lookups are references that were refused: a store only looks whether they were
	// used before.
	Lookups []string `json:"lookups"`
	// Messages are written with the entries, where the store is a [Messages]; a posting may
	// have these alone, and moves the account's version on all the same. Each is there once.
	Messages []KeptMessage `json:"messages"`
}

// OutcomeKind is what became of a posting.
type OutcomeKind int

// What may become of a posting. Only OutcomeWritten changed anything.
const (
	// OutcomeWritten: entries, balance, holds, events and messages are stored.
	OutcomeWritten OutcomeKind = iota + 1
	// OutcomeMoved: the account has another version by now, and Balance is it.
	OutcomeMoved
	// OutcomeBusy: another transaction is writing to the account, or the posting can
	// only be written under a lock, if at all.
	OutcomeBusy
	// OutcomeUsed: references of the posting were used before, and Used are their entries.
	OutcomeUsed
	// OutcomeMissing: there is no such account.
	OutcomeMissing
)

// Outcome is what became of one posting.
type Outcome struct {
	Kind    OutcomeKind      `json:"kind"`
	Balance *account.Balance `json:"balance"` // OutcomeMoved; else nil
	Used    []account.Entry  `json:"used"`    // OutcomeUsed; else nil
}

// Lookup asks about the money of one account, see [Found].
type Lookup struct {
	Account    account.ID `json:"account"`
	References []string   `json:"references"` // entries under these
	Holds      []string   `json:"holds"`      // holds under these
	Numbers    []int64    `json:"numbers"`    // entries of these numbers, and their refunds
	Due        time.Time  `json:"due"`        // holds that timed out by then; zero for none
	Sum        bool       `json:"sum"`        // with Due: also what these come to that timed out after Since
	Since      time.Time  `json:"since"`      // not after Due
	// Of a store that is a Messages:
	Messages   []string     `json:"messages"`    // messages of these ids
	NetworkIDs []NetworkKey `json:"network_ids"` // who has these, and early reports of them
}

// Found answers a [Lookup], all of it as of one instant.
type Found struct {
	Balance account.Balance `json:"balance"`
	Used    []account.Entry `json:"used"`    // under the references asked for, in no order
	Holds   []account.Hold  `json:"holds"`   // standing or timed out, but ended by no entry, in no order
	Entries []account.Entry `json:"entries"` // of the numbers asked for
	Refunds []account.Entry `json:"refunds"` // of the numbers asked for
	Due     []account.Hold  `json:"due"`     // the first MaxDue that timed out, by time-out
	// Expires is the earliest time-out among the holds that are not among Due; zero
	// without any. It counts only where due holds were asked for.
	Expires time.Time `json:"expires"`
	Overdue Overdue   `json:"overdue"` // of all holds that are due, where their sum was asked for
	// Of what Lookup asked of messages: in no order, but the reports of an id in that in
	// which they came.
	Messages []message.Message `json:"messages"`
	Owned    []Owned           `json:"owned"`
	Early    []message.Early   `json:"early"`
}

// ErrKind is a posting with an entry of a kind that there is not. Stores refuse it.
var ErrKind = errors.New("store: an entry is of no known kind")

// Err is ErrKind where an entry is of a kind that there is not, else nil.
func (p *Posting) Err() error {
	for i := range p.Entries {
		if !p.Entries[i].Kind.IsKnown() {
			return ErrKind
		}
	}
	return nil
}
