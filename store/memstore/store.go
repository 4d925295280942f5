// Package memstore keeps accounts in memory: for tests, and for small hosts that
// need nothing kept. It makes every promise of package store, one writing
// transaction at a time, and can lose races on demand as a database does.
package memstore

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/store"
)

// Misuse that would hang or corrupt if it were let through.
var (
	// ErrEnded: a Tx was used after its function had returned.
	ErrEnded = errors.New("memstore: the transaction has ended")
	// ErrPosting: a posting's entries and events do not lead to its balance.
	ErrPosting = errors.New("memstore: the posting contradicts itself")
	// ErrZero: the Store was not made by [New].
	ErrZero = errors.New("memstore: make a Store by New")
)

var _ store.Store = (*Store)(nil)

// Store is a [store.Store] in memory. Make one with [New]. Readers see what was
// committed last and never wait for a transaction's function; functions of Update
// run one after another. It is safe for concurrent use.
type Store struct {
	reader
	writer chan struct{} // holds one token while an Update runs

	mu        sync.RWMutex // guards committed, held only while it is read or written
	committed *state
	updating  bool // an Update reads committed without mu, so that nobody may write to it

	races   atomic.Int64
	running store.Running
}

// New returns an empty Store.
func New() *Store {
	s := &Store{writer: make(chan struct{}, 1), committed: &state{}}
	done := s.mu.RUnlock
	s.open = func() (*state, func(), error) {
		s.mu.RLock()
		return s.committed, done, nil
	}
	return s
}

// LoseRaces makes the next n writes lose, as if another process had won: the commit
// of an Update ends with [account.ErrConflict], and an Append answers OutcomeMoved with
// the present balance for every account that has one. Neither changes anything. Less
// than 1 makes none lose.
func (s *Store) LoseRaces(n int) { s.races.Store(int64(n)) }

func (s *Store) loses() bool { return s.races.Add(-1) >= 0 }

// Update is [store.Store]'s. A nested call on the same store is [store.ErrNested].
func (s *Store) Update(ctx context.Context, fn func(context.Context, store.Tx) error) error {
	if store.IsInside(ctx, s) {
		return store.ErrNested
	}
	if err := s.enter(ctx); err != nil {
		return err
	}
	defer s.leave()
	s.setUpdating(true)
	defer s.setUpdating(false)
	t := s.begin()
	defer t.ended.Store(true)
	if err := s.running.Run(func() error { return fn(store.Inside(ctx, s), t) }); err != nil {
		return err
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	return s.commit(t)
}

// Nested is [store.Nester]'s.
func (s *Store) Nested() bool { return s.running.Nested() }

// enter waits until no Update runs, and keeps others from running until leave is called.
func (s *Store) enter(ctx context.Context) error {
	if s.writer == nil {
		return ErrZero
	}
	select {
	case s.writer <- struct{}{}:
	case <-ctx.Done():
		return ctx.Err()
	}
	if err := ctx.Err(); err != nil { // both cases were ready
		s.leave()
		return err
	}
	return nil
}

func (s *Store) leave() { <-s.writer }

func (s *Store) setUpdating(is bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.updating = is
}

func (s *Store) commit(t *tx) error {
	if s.loses() {
		return account.ErrConflict
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	t.state.mergeInto(s.committed)
	return nil
}

var _ store.Checker = (*Store)(nil)

// Check is [store.Checker]'s. Memory is always there, and has no clock of its own; only
// a context that has ended is a problem.
func (s *Store) Check(ctx context.Context) store.Report {
	if ctx.Err() != nil {
		return store.Report{Problems: store.Problems{{Code: "store.unreachable", Text: "The context ended before the store answered."}}}
	}
	return store.Report{}
}
