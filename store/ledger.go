package store

import (
	"context"
	"errors"
	"slices"
	"time"

	"github.com/clientaccount/clientaccount/account"
)

// ErrNothing is part of every error of Append after which it is certain that
// nothing was written, and never will be. Without it the outcome is unknown: the
// connection may have gone after the commit.
var ErrNothing = errors.New("store: nothing was written")

// LedgerReader is what can be asked about money. Amounts and instants come back as
// they were given; instants to the microsecond.
type LedgerReader interface {
	// Ledger answers lookups, each as of one instant and all as of the same, in their
	// order: balances and what the lookups name. An account without a balance has a
	// Found whose Balance has version 0. Looking up nothing is allowed.
	Ledger(ctx context.Context, ls []Lookup) ([]Found, error)
	// Entries returns a page of an account's entries.
	Entries(ctx context.Context, q account.EntryQuery) ([]account.Entry, error)
	// Holds returns a page of an account's holds that no entry ended.
	Holds(ctx context.Context, q account.HoldQuery) ([]account.Hold, error)
	// Events returns a page of an account's events.
	Events(ctx context.Context, q account.EventQuery) ([]account.Event, error)
	// Due are accounts above after, ascending, at most limit: those that have a hold
	// which timed out by now, or an overdraw that ended by now and OverdrawOver unset.
	Due(ctx context.Context, now time.Time, after account.ID, limit int) ([]account.ID, error)
}

// Appender writes money without a transaction that spans calls.
type Appender interface {
	// Append writes each posting whose account is still at the version From, leaves
	// alone the others, and says of each what became of it, in their order. An
	// account has at most one posting. A posting is written whole or not at all, and
	// not at all if one of its references, Lookups included, was used before; postings
	// are independent of each other. Append never waits for another transaction: an
	// account that one has locked is OutcomeBusy. So is a posting that the store cannot
	// keep as it is: who then locks the account and posts it learns why.
	//
	// A store keeps nothing of the slices it is given: they serve again.
	//
	// An entry of a kind that there is not is ErrKind, here and in Post.
	//
	// Postings at From 0, and such that change the terms, are for Post of a [Tx].
	//
	// With the context of a function that Update of the same store runs it is ErrNested,
	// also without any postings: so it can be asked whether a context is such a one.
	//
	// The error is for all postings: with ErrNothing in its chain none was written,
	// else the outcome is unknown.
	Append(ctx context.Context, ps []Posting) ([]Outcome, error)
}

// LedgerTx writes money within a transaction, under a lock.
type LedgerTx interface {
	// Lock keeps the balances of accounts from other transactions, and from Append,
	// until the transaction ends, and returns them as they are from then on. It locks in
	// ascending order of ids, whatever the order of the arguments, and returns each
	// balance once, in that order. Accounts without a balance are passed over. It
	// waits for a bounded time, then fails with ErrConflict.
	Lock(ctx context.Context, ids ...account.ID) ([]account.Balance, error)
	// TryLock is Lock, but waits for nobody: accounts that another transaction has locked
	// are passed over, too.
	TryLock(ctx context.Context, ids ...account.ID) ([]account.Balance, error)
	// Post writes postings, one of an account at most: with From 0 a new account's balance,
	// else entries, holds, events, terms and all else of the balance. ErrConflict when an
	// account is at another version or a reference was used before; of several postings some
	// may be written then, and the transaction is to be given up. Lookups are not looked at.
	Post(ctx context.Context, ps ...Posting) error
}

// Ascending are ids in the order in which [LedgerTx].Lock locks: each once, in a slice of
// their own.
func Ascending(ids []account.ID) []account.ID {
	ids = slices.Clone(ids)
	slices.SortFunc(ids, account.ID.Compare)
	return slices.Compact(ids)
}

// Immediate is for stores whose Append and Update wait for no disk and no network.
// The Service then lets every caller write for itself, instead of for many.
type Immediate interface {
	// Immediate does nothing.
	Immediate()
}
