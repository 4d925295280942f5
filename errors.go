package clientaccount

import (
	"errors"
	"fmt"
	"time"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/internal/committer"
	"github.com/clientaccount/clientaccount/internal/nostore"
	"github.com/clientaccount/clientaccount/store"
)

// Failures of the Service, beside those of package account. Each verb says which it has;
// compare with errors.Is.
var (
	// ErrNoStore: the Service was not made by [New], or New was given no store.
	ErrNoStore = nostore.ErrNoStore
	// ErrStopped: the Service was closed.
	ErrStopped = committer.ErrStopped
	// ErrUnknown: nobody can tell yet whether the movement, or the delivery, was written.
	ErrUnknown = errors.New("clientaccount: outcome unknown")
	// ErrNested: a verb that writes was called from within a function that the Service runs as a
	// part of another one (Edit.Apply, Edit.Guard, Options.Price), or within a function that the
	// host gave to Update of the same store. Call it before or after; within a transaction of the
	// host's own, through [Service.On].
	ErrNested = store.ErrNested
	// ErrInUse: a manager or product cannot be removed while clients point at it, nor may the
	// currency of such a product change, or that of one with a price list.
	ErrInUse = store.ErrInUse
	// ErrCredentials: wrong login or password. It never tells whether the login exists.
	ErrCredentials = errors.New("clientaccount: wrong login or password")
	// ErrChannel: the channel is not open to the client, or to an account above, as who has
	// the right password learns.
	ErrChannel = errors.New("clientaccount: this channel is not open to the client")
	// ErrInactive: the client, or an account above, is not active, as who has the right
	// password learns.
	ErrInactive = errors.New("clientaccount: the client may not send")
	// ErrNoOutbox: the store keeps no webhook deliveries, as it is no [store.Outbox].
	ErrNoOutbox = store.ErrNoOutbox
	// ErrNoMessages: the store keeps no messages, as it is no [store.Messages].
	ErrNoMessages = store.ErrNoMessages
	// ErrNoEventFeed: the store cannot hand out the events of all accounts: it is no
	// [store.EventFeed], as one that is bound to a transaction is not.
	ErrNoEventFeed = errors.New("clientaccount: the store has no feed of events")
	// ErrNoHandler: Subscribe was given no function to call.
	ErrNoHandler = errors.New("clientaccount: Subscribe was given no function")
	// ErrSubscriptionName: a subscription's name is too long, or not all printable.
	ErrSubscriptionName = errors.New("clientaccount: a subscription's name has at most 64 bytes, all printable")
	// ErrManySubscriptions: there are MaxSubscriptions already. Remove one by Unsubscribe.
	ErrManySubscriptions = store.ErrManySubscriptions
)

// InactiveError says which status keeps a client out. It is ErrInactive.
type InactiveError struct{ Status account.Status }

// Error names the status.
func (e *InactiveError) Error() string { return "clientaccount: the client is " + string(e.Status) }

// Unwrap is ErrInactive.
func (e *InactiveError) Unwrap() error { return ErrInactive }

// ThrottledError says that a login failed too often from one place.
type ThrottledError struct{ RetryAfter time.Duration }

// Error says how long to wait.
func (e *ThrottledError) Error() string {
	return fmt.Sprintf("clientaccount: too many failed logins, try again in %s", e.RetryAfter.Round(time.Second))
}

// UnknownError says that a movement, or what is to be told of a message, may have been
// written, or may be yet. Ask again for the same: that gives the first result, or writes it
// now, and never moves money, nor tells anything, twice. It is ErrUnknown.
type UnknownError struct {
	Reference string // of the movement, or the message's id; of a report that came early, the network's
	Err       error  // what came between
}

// Error names the reference.
func (e *UnknownError) Error() string {
	return "clientaccount: outcome unknown, ask again with the reference " + e.Reference + ": " + e.Err.Error()
}

// Unwrap is ErrUnknown and what came between.
func (e *UnknownError) Unwrap() []error { return []error{ErrUnknown, e.Err} }
