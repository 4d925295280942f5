package clientaccount

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"math/rand/v2"
	"time"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/store"
	"github.com/clientaccount/clientaccount/validate"
)

// Service is the one door to the accounts of a store. All methods are safe for
// concurrent use, from any number of processes on one database. Failures without
// a field are account.ErrNotFound, account.ErrStale (as *StaleError),
// account.ErrConflict (a race lost again and again) and the context's errors;
// bad input is account.Faults.
type Service struct {
	store    store.Transactor
	opts     Options
	rules    *validate.Validator
	hasher   *hasher
	throttle *throttle
	till     *till
	clients  *recent[knownClient]
	cursors  cursors
	calls    *hostCalls
	attempts int // of a transaction that loses races
}

// New is a Service over a store; over none, nil, every verb is ErrNoStore. Nil options
// mean defaults. It does no I/O and
// starts no goroutine; the first movement of money starts one, which ends when no
// movement is left to write.
func New(st store.Store, opts *Options) *Service {
	if missing(st) {
		st = noStore{}
	}
	o := opts.withDefaults()
	till, cursors := newTill(st, o), newCursors(o.CursorKey)
	o.CursorKey = nil // a Service that is printed does not show it
	return &Service{
		store:    st,
		opts:     o,
		rules:    validate.New(),
		hasher:   newHasher(o.Hash, o.Hashes),
		throttle: newThrottle(),
		till:     till,
		clients:  newRecent[knownClient](o.Balances),
		cursors:  cursors,
		calls:    till.calls,
		attempts: 10,
	}
}

// On is the same Service over another store, usually one bound to a host's own
// transaction (bunstore's OnTx): what it does is committed, or not, by the host.
// A lost race is not tried again there, since only the host can repeat its whole
// transaction: the error is account.ErrConflict.
func (s *Service) On(st store.Transactor) *Service {
	if s.made() != nil {
		return New(nil, nil)
	}
	if missing(st) {
		st = noStore{}
	}
	bound := *s
	bound.store, bound.attempts, bound.till = st, 1, s.till.within(st)
	bound.clients = newRecent[knownClient](account.MaxDepth) // what it sees may never be committed
	return &bound
}

// now is the present instant as stores keep it.
func (s *Service) now() time.Time {
	if s.made() != nil {
		return time.Time{}
	}
	return s.opts.Clock().UTC().Truncate(time.Microsecond)
}

// newID makes the id of something made now.
func (s *Service) newID() (account.ID, error) {
	if err := s.made(); err != nil {
		return account.ID{}, err
	}
	var random [10]byte
	if _, err := io.ReadFull(s.opts.Random, random[:]); err != nil {
		return account.ID{}, fmt.Errorf("clientaccount: no randomness for an id: %w", err)
	}
	return account.NewID(s.now(), random), nil
}

// transact runs fn in a transaction, again while the race for it is lost.
func (s *Service) transact(ctx context.Context, fn func(context.Context, store.Tx) error) error {
	return s.again(ctx, func() error { return s.stored().Update(ctx, fn) })
}

// again runs do while it loses races, with a short random pause before each new try.
func (s *Service) again(ctx context.Context, do func() error) error {
	if err := s.made(); err != nil {
		return err
	}
	if err := s.calls.refuse(s.store); err != nil {
		return err
	}
	for try := 1; ; try++ {
		err := do()
		if !errors.Is(err, account.ErrConflict) || try >= s.attempts {
			return err
		}
		s.opts.Logger.DebugContext(ctx, "lost a race, trying again", slog.Int("try", try))
		if err := pause(ctx, rand.N(time.Duration(try)*5*time.Millisecond)); err != nil {
			return err
		}
	}
}

// pause waits, or ends early with the context's error.
func pause(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return context.Cause(ctx)
	case <-timer.C:
		return nil
	}
}
