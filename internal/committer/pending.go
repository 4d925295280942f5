package committer

import (
	"context"
	"errors"
	"sync/atomic"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/internal/ledger"
)

// ErrStopped: the Committer was closed.
var ErrStopped = errors.New("clientaccount: the service is closed")

// UncertainError says that a movement may have been written, or may be yet.
type UncertainError struct{ Err error }

// Error says so.
func (e *UncertainError) Error() string { return "clientaccount: outcome unknown: " + e.Err.Error() }

// Unwrap returns what came between.
func (e *UncertainError) Unwrap() error { return e.Err }

// Written is a movement that was written.
type Written struct {
	Entry    account.Entry // in the ledger of the account that it was asked of
	Repeated bool          // it was written before, under the same reference
}

// Result is what became of one of many movements.
type Result struct {
	Written Written
	Err     error
}

// Checked is a movement that is sound by itself. [Check] alone makes one.
type Checked struct{ m account.Movement }

// Check returns a movement to be written, or its account.Faults.
func Check(m account.Movement) (Checked, error) {
	if err := m.Faults().Err(); err != nil {
		return Checked{}, err
	}
	return Checked{m}, nil
}

// Movement returns the movement that was checked.
func (c Checked) Movement() account.Movement { return c.m }

// pending is a movement on its way to the store, and back to its caller. It was checked.
type pending struct {
	m         account.Movement // of a call only its Account
	call      *call            // about a message, nil for a movement alone
	stage     atomic.Int32
	done      chan struct{} // closed when written and err are set; nil where nobody waits
	written   Written
	err       error
	tries     int  // of a store that failed
	uncertain bool // a failed try may have written it
	// Under locks: accounts that it concerns beside those that are seen from outside, and how
	// often it was left out of a batch.
	also   []account.ID
	handed int
}

// The stages of a movement. It is left by its caller or taken for a batch, never both.
const (
	stageWaiting int32 = iota
	stageTaken
	stageLeft
)

func newPending(c Checked) *pending { return &pending{m: c.m, done: make(chan struct{})} }

// take claims a movement whose caller still waits.
func (p *pending) take() bool { return p.stage.CompareAndSwap(stageWaiting, stageTaken) }

// answer ends the movement. Nothing of it may be touched afterwards.
func (p *pending) answer(e *account.Entry, repeated bool) {
	p.written.Entry, p.written.Repeated = *e, repeated
	p.end()
}

func (p *pending) refuse(err error) {
	p.err = err
	p.end()
}

func (p *pending) end() {
	if p.done != nil {
		close(p.done)
	}
}

// answerUsed answers a movement whose reference was used before.
func (p *pending) answerUsed(e account.Entry, c account.Currency) {
	if err := p.repeats(e.Fingerprint, c); err != nil {
		p.refuse(err)
		return
	}
	p.answer(&e, true)
}

func (p *pending) repeats(print account.Fingerprint, c account.Currency) error {
	return Repeats(p.m, print, c)
}

// Repeats returns nil when a movement is the one of this fingerprint again, for an account of a
// currency. Another currency is another content, which fingerprints do not tell.
func Repeats(m account.Movement, print account.Fingerprint, c account.Currency) error {
	switch {
	case print != ledger.Fingerprint(m):
		return account.ErrReused
	case m.Currency != "" && m.Currency != c:
		return account.Faults{account.NewFault("currency", "amount.currency", string(c))}
	default:
		return nil
	}
}

// wait is for the answer. A caller that leaves before the movement was taken leaves no
// trace; afterwards the outcome is unknown to it.
func (p *pending) wait(ctx context.Context) (Written, error) {
	select {
	case <-p.done:
		return p.written, p.err
	case <-ctx.Done():
	}
	if p.stage.CompareAndSwap(stageWaiting, stageLeft) {
		return Written{}, ctx.Err()
	}
	select {
	case <-p.done: // both were ready
		return p.written, p.err
	default:
		return Written{}, &UncertainError{ctx.Err()}
	}
}
