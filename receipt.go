package clientaccount

import (
	"errors"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/internal/committer"
)

// Failures of movements, beside the refusals in package account.
var (
	// ErrUnknown: nobody can tell yet whether the movement was written.
	ErrUnknown = errors.New("clientaccount: outcome unknown")
	// ErrStopped: the Service was closed.
	ErrStopped = committer.ErrStopped
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
	account.Entry      // in the ledger of the account that it was asked of
	Repeated      bool `json:"repeated"` // the reference was used before, with the same content: nothing new was written
	// Ended says how the hold of a repeated [Service.Hold] ended since: by account.KindCapture,
	// account.KindRelease or account.KindExpire. It is empty while the hold stands.
	Ended account.MovementKind `json:"ended"`
}

// receipt returns what the committer made of a movement in the words of this package.
func receipt(reference string, w *committer.Written, err error) (Receipt, error) {
	if err == nil {
		return Receipt{Entry: w.Entry, Repeated: w.Repeated}, nil
	}
	if uncertain, ok := errors.AsType[*committer.UncertainError](err); ok {
		err = &UnknownError{Reference: reference, Err: uncertain.Err}
	}
	return Receipt{}, err
}
