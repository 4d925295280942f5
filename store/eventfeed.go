package store

import (
	"context"
	"time"

	"github.com/clientaccount/clientaccount/account"
)

// EventFeed is the ability of a store to hand out the events of all accounts until the
// host was told of them. The promises are tested by storetest.RunEventFeed.
//
// An event is untold from the transaction that wrote it on. That it was told is noted of
// each by itself, so none is passed over that was committed late. Events of an account
// are told in their order; so its first untold one stands for all behind it, and is what
// is leased. A lease that ran out is anybody's.
//
// Instants are the caller's: hosts that share a database need clocks that agree to well
// within a lease. They are kept to the microsecond.
type EventFeed interface {
	// ClaimEvents leases the events of the first account above c.After that has any
	// untold, unless they are leased or put off. Without one the lease has no events. It
	// does not wait for others' locks, and an account that another claim is about to lease
	// may be passed over.
	ClaimEvents(ctx context.Context, c EventClaim) (EventLease, error)
	// MarkTold notes that the lease's events were told, and ends it. ErrStale: they are
	// not leased to its owner any more, and nothing was noted.
	MarkTold(ctx context.Context, l EventLease) error
	// PutOff ends a lease whose events were not told: they may be claimed again from an
	// instant on, and are then given with the lease's Failures. ErrStale as MarkTold.
	PutOff(ctx context.Context, l EventLease, until time.Time) error
}

// EventClaim says who leases events, and for how long.
type EventClaim struct {
	Owner  account.ID `json:"owner"` // of the lease, not zero
	Now    time.Time  `json:"now"`
	Until  time.Time  `json:"until"`  // the lease ends
	After  account.ID `json:"after"`  // only accounts above; zero for all
	Events int        `json:"events"` // at most, 1 to MaxPage as in account.EventQuery
}

// EventLease are events of one account that are to be told now.
type EventLease struct {
	Owner    account.ID      `json:"owner"`
	Events   []account.Event `json:"events"`   // the first untold one and those behind it
	Failures int             `json:"failures"` // how often in a row they were put off as a failure
}
