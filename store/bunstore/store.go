package bunstore

import (
	"context"
	"errors"

	"github.com/uptrace/bun"

	"github.com/clientaccount/clientaccount/store"
)

var _ store.Store = (*Store)(nil)

// Store is a [store.Store] in a database that bun speaks to. Make one with [New].
// It is safe for concurrent use. It keeps the pool it was given, and there some prepared
// statements, which live as long as the pool: make one Store, not one for each call.
type Store struct {
	session
	running store.Running
}

// errZero: the Store was not made by New.
var errZero = errors.New("bunstore: make a Store by New")

// New is the store in the database of db, by its dialect: PostgreSQL or SQLite,
// any other is an error. It does no I/O; the tables are made by [Store.Migrate].
// The pool stays the host's to close.
func New(db *bun.DB, options ...Option) (*Store, error) {
	if db == nil {
		return nil, errors.New("bunstore: no database")
	}
	e, err := engineOf(db.Dialect().Name())
	if err != nil {
		return nil, err
	}
	s := &Store{session: session{db: db, conn: db.DB, engine: e, statements: newStatements(db.DB)}}
	for _, option := range options {
		option(s)
	}
	return s, nil
}

// Update is [store.Store]'s, at the isolation level that the connection defaults to.
// It begins, and ends, a transaction of its own: within a host's transaction use
// [Store.OnTx]. A nested call is [store.ErrNested].
func (s *Store) Update(ctx context.Context, fn func(context.Context, store.Tx) error) error {
	if s.db == nil {
		return errZero
	}
	if store.IsInside(ctx, s.db.DB) {
		return store.ErrNested
	}
	defer s.statements.catchUp(ctx)
	done, err := s.engine.turn(ctx)
	if err != nil {
		return err
	}
	defer done()
	var refused error
	err = s.db.RunInTx(store.Inside(ctx, s.db.DB), nil, func(ctx context.Context, t bun.Tx) error {
		refused = s.running.Run(func() error { return fn(ctx, &tx{s.on(t)}) })
		return refused
	})
	if refused != nil {
		return refused
	}
	return s.failed(ctx, err)
}

// Nested is [store.Nester]'s.
func (s *Store) Nested() bool { return s.running.Nested() }
