package store

import (
	"context"
	"errors"
	"time"

	"github.com/clientaccount/clientaccount/account"
)

// EventFeed is the ability of a store to hand out the events of all accounts to
// subscriptions, each of which has a name and is told of every event. The promises are
// tested by storetest.RunEventFeed.
//
// An event is untold from the transaction that wrote it on, to each subscription that
// there is, or is the first to come. None is passed over that was committed late. Events
// of an account are told in their order; so how far a subscription was told of an account
// is one number, and whoever leases the account's next events has the account, as far as
// this subscription goes. A lease that ran out is anybody's.
//
// Instants are the caller's: hosts that share a database need clocks that agree to well
// within a lease. They are kept to the microsecond.
type EventFeed interface {
	// Subscribe makes a subscription, if there is none of its name: then it is told of the
	// events that happened at its Since and later, those before it was made included.
	// ErrManySubscriptions: there are MaxSubscriptions others.
	Subscribe(ctx context.Context, s Subscription) error
	// Subscriptions are all there are, by name.
	Subscriptions(ctx context.Context) ([]Subscription, error)
	// Unsubscribe removes a subscription, with what it was yet to be told, or is
	// ErrNotFound.
	Unsubscribe(ctx context.Context, name string) error

	// ClaimEvents leases the next events of accounts that have any untold, those that are
	// due longest first, but for those that are leased or put off. It does not wait for
	// others' locks, and an account that another claim is about to lease may be passed
	// over. ErrNotFound: there is no such subscription.
	ClaimEvents(ctx context.Context, c EventClaim) ([]EventLease, error)
	// MarkTold notes that the events of leases were told, and ends these; an account that
	// has more may be claimed again from the Until of its lease on. It returns the accounts
	// of leases that did not stand any more, of which nothing was noted.
	MarkTold(ctx context.Context, ls []EventLease) (lost []account.ID, err error)
	// PutOff ends leases whose events were not told: they may be claimed again from the
	// Until of each on, and are then given with its Failures. It returns as MarkTold.
	PutOff(ctx context.Context, ls []EventLease) (lost []account.ID, err error)
}

// MaxSubscriptions is how many there may be: each is noted in the store for every account
// that has news.
const MaxSubscriptions = 16

// ErrManySubscriptions: there are as many subscriptions as there may be. Remove one that
// nobody needs any more.
var ErrManySubscriptions = errors.New("store: too many subscriptions")

// Subscription is one who is told of every event.
type Subscription struct {
	Name  string    `json:"name"`  // unique; may be empty
	Since time.Time `json:"since"` // events that happened before are not told; zero for all
}

// EventClaim says who leases events, and for how long.
type EventClaim struct {
	Subscription string     `json:"subscription"`
	Owner        account.ID `json:"owner"` // of the leases, not zero
	Now          time.Time  `json:"now"`
	Until        time.Time  `json:"until"`    // the leases end
	Accounts     int        `json:"accounts"` // at most, 1 to MaxPage as in account.EventQuery
	Events       int        `json:"events"`   // of each account at most, 1 to MaxPage
}

// EventLease are events of one account that are to be told to a subscription now.
type EventLease struct {
	Subscription string          `json:"subscription"`
	Owner        account.ID      `json:"owner"`
	Until        time.Time       `json:"until"`    // it ends; of one that is ended, see EventFeed
	Events       []account.Event `json:"events"`   // the first untold one and those behind it; never none
	Failures     int             `json:"failures"` // how often in a row they were put off as a failure
}

// Account is whose events they are.
func (l *EventLease) Account() account.ID { return l.Events[0].Account }

// Told is the number of the last event that was told before.
func (l *EventLease) Told() int64 { return l.Events[0].Number - 1 }

// Last is the number of the last event of the lease.
func (l *EventLease) Last() int64 { return l.Events[len(l.Events)-1].Number }
