package clientaccount

import (
	"context"
	"errors"
	"sync/atomic"

	"github.com/clientaccount/clientaccount/account"
)

// Failures of movements, beside the refusals in package account.
var (
	// ErrUnknown: nobody can tell yet whether the movement was written.
	ErrUnknown = errors.New("clientaccount: outcome unknown")
	// ErrStopped: the Service was closed.
	ErrStopped = errors.New("clientaccount: the service is closed")
)

// UnknownError says that a movement may have been written, or may be yet. Ask again
// with the same reference: that gives the first result, or writes it now, and never
// moves money twice. It is ErrUnknown.
type UnknownError struct {
	Reference string
	Err       error // what came between
}

// Error names the reference.
func (e *UnknownError) Error() string {
	return "clientaccount: outcome unknown, ask again with the reference " + e.Reference + ": " + e.Err.Error()
}

// Unwrap is ErrUnknown and what came between.
func (e *UnknownError) Unwrap() []error { return []error{ErrUnknown, e.Err} }

// Receipt is a movement that was written.
type Receipt struct {
	account.Entry      // in the ledger of the account that ordered it
	Repeated      bool `json:"repeated"` // the reference was used before, with the same content: nothing new was written
	// Ended says how the hold of a repeated [Service.Hold] ended since: by account.Capture,
	// account.Release or account.Expire. It is empty while the hold stands.
	Ended account.MovementKind `json:"ended"`
}

// order is a movement on its way to the store, and back to its caller.
type order struct {
	m       account.Movement
	print   account.Fingerprint
	stage   atomic.Int32
	done    chan struct{} // closed when receipt and err are set; nil where nobody waits
	receipt Receipt
	err     error
	tries   int  // of a store that failed
	maybe   bool // a failed try may have written it
}

// The stages of an order. It is left by its caller or taken by a committer, never both.
const (
	orderWaiting int32 = iota
	orderTaken
	orderLeft
)

func newOrder(m account.Movement) *order {
	return &order{m: m, print: m.Fingerprint(), done: make(chan struct{})}
}

// take claims an order whose caller still waits.
func (o *order) take() bool { return o.stage.CompareAndSwap(orderWaiting, orderTaken) }

// answer ends the order. Nothing of it may be touched afterwards.
func (o *order) answer(e *account.Entry, repeated bool) {
	o.receipt.Entry, o.receipt.Repeated = *e, repeated
	o.end()
}

func (o *order) refuse(err error) {
	o.err = err
	o.end()
}

func (o *order) end() {
	if o.done != nil {
		close(o.done)
	}
}

// answerUsed answers an order whose reference was used before.
func (o *order) answerUsed(e account.Entry, c account.Currency) {
	if err := o.repeats(e.Fingerprint, c); err != nil {
		o.refuse(err)
		return
	}
	o.answer(&e, true)
}

// repeats is nil when the order is the one of this fingerprint again, for an account of
// a currency. Another currency is another content, which fingerprints do not tell.
func (o *order) repeats(print account.Fingerprint, c account.Currency) error {
	switch {
	case print != o.print:
		return account.ErrReused
	case o.m.Currency != "" && o.m.Currency != c:
		return account.Faults{account.NewFault("currency", "amount.currency", string(c))}
	default:
		return nil
	}
}

// wait is for the answer. A caller that leaves before the order was taken leaves no
// trace; afterwards the outcome is unknown to it.
func (o *order) wait(ctx context.Context) (Receipt, error) {
	select {
	case <-o.done:
		return o.receipt, o.err
	case <-ctx.Done():
	}
	if o.stage.CompareAndSwap(orderWaiting, orderLeft) {
		return Receipt{}, ctx.Err()
	}
	select {
	case <-o.done: // both were ready
		return o.receipt, o.err
	default:
		return Receipt{}, &UnknownError{Reference: o.m.Reference, Err: ctx.Err()}
	}
}
