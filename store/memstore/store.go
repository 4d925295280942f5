// Package memstore keeps accounts in memory: for tests, and for small hosts that
// need nothing kept. It makes every promise of package store, one writing
// transaction at a time, and can lose races on demand as a database does.
package memstore

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"

	"github.com/clientaccount/clientaccount/store"
)

// Misuse that would hang or corrupt if it were let through.
var (
	// ErrNested: Update was called from within a function that Update runs.
	ErrNested = errors.New("memstore: Update inside Update of the same store")
	// ErrEnded: a Tx was used after its function had returned.
	ErrEnded = errors.New("memstore: the transaction has ended")
)

var _ store.Store = (*Store)(nil)

// Store is a [store.Store] in memory. Make one with [New]. Readers see what was
// committed last and never wait for a transaction's function; functions of Update
// run one after another. It is safe for concurrent use.
type Store struct {
	reader
	writer chan struct{} // holds one token while an Update runs

	mu        sync.RWMutex // guards committed, held only while it is read or merged into
	committed *state

	races atomic.Int64
}

// New is an empty Store.
func New() *Store {
	s := &Store{writer: make(chan struct{}, 1), committed: &state{}}
	s.open = func() (*state, func(), error) {
		s.mu.RLock()
		return s.committed, s.mu.RUnlock, nil
	}
	return s
}

// LoseRaces makes the next n commits end with [store.ErrConflict] and change
// nothing, as if another process had won. Less than 1 makes none.
func (s *Store) LoseRaces(n int) { s.races.Store(int64(n)) }

// Update is [store.Store]'s. A nested call on the same store is [ErrNested].
func (s *Store) Update(ctx context.Context, fn func(context.Context, store.Tx) error) error {
	if ctx.Value(inside{s}) != nil {
		return ErrNested
	}
	select {
	case s.writer <- struct{}{}:
		defer func() { <-s.writer }()
	case <-ctx.Done():
		return ctx.Err()
	}
	t := s.begin()
	defer t.ended.Store(true)
	if err := ctx.Err(); err != nil { // both cases were ready
		return err
	}
	if err := fn(context.WithValue(ctx, inside{s}, true), t); err != nil {
		return err
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	return s.commit(t)
}

// inside marks the context of a running Update of one store.
type inside struct{ store *Store }

func (s *Store) commit(t *tx) error {
	if s.races.Add(-1) >= 0 {
		return store.ErrConflict
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	t.state.mergeInto(s.committed)
	return nil
}
