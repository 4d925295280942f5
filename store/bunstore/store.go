package bunstore

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"maps"
	"slices"

	"github.com/uptrace/bun"
	bundialect "github.com/uptrace/bun/dialect"
	"github.com/uptrace/bun/dialect/pgdialect"
	"github.com/uptrace/bun/dialect/sqlitedialect"
	"github.com/uptrace/bun/schema"

	"github.com/clientaccount/clientaccount/store"
	"github.com/clientaccount/clientaccount/store/bunstore/internal/dialect"
	"github.com/clientaccount/clientaccount/store/bunstore/internal/dialect/postgres"
	"github.com/clientaccount/clientaccount/store/bunstore/internal/dialect/sqlite"
	"github.com/clientaccount/clientaccount/store/bunstore/internal/due"
	"github.com/clientaccount/clientaccount/store/bunstore/internal/prepared"
	"github.com/clientaccount/clientaccount/store/bunstore/internal/session"
)

// dialects are the databases that there are, by bun's names.
var dialects = map[bundialect.Name]func() dialect.Dialect{
	bundialect.PG:     postgres.New,
	bundialect.SQLite: sqlite.New,
}

func dialectOf(name bundialect.Name) (dialect.Dialect, error) {
	if made, ok := dialects[name]; ok {
		return made(), nil
	}
	return nil, fmt.Errorf("bunstore: %s is not supported: use one of %v", name, slices.Sorted(maps.Keys(dialects)))
}

var _ store.Store = (*Store)(nil)

// Store is a [store.Store] in a database that bun speaks to. Make one with [Postgres],
// [SQLite] or [New]. It is safe for concurrent use. It keeps the pool it was given, and
// there some prepared statements, which live as long as the pool: make one Store, not one
// for each call.
type Store struct {
	reader
	pool    *prepared.Pool
	running store.Running
	left    due.Left
}

// errNone: there is nothing to make one of.
var errNone = errors.New("bunstore: no database")

// Option changes how a [Store] works.
type Option func(*Store)

// Postgres returns the store in the PostgreSQL database of a pool. It does no I/O; the tables
// are made by [Store.Migrate]. The pool stays the host's to close, and its driver the
// host's to choose. The error is for no pool.
func Postgres(pool *sql.DB, options ...Option) (*Store, error) {
	return open(pool, pgdialect.New(), options)
}

// SQLite is [Postgres] for the SQLite database of a pool, which is opened with the data
// source name that [SQLiteDSN] returns.
func SQLite(pool *sql.DB, options ...Option) (*Store, error) {
	return open(pool, sqlitedialect.New(), options)
}

func open(pool *sql.DB, d schema.Dialect, options []Option) (*Store, error) {
	if pool == nil {
		return nil, errNone
	}
	return New(bun.NewDB(pool, d), options...)
}

// New returns the store in the database of a host that has bun itself, by its dialect:
// PostgreSQL or SQLite, any other is an error. The query hooks of db see the statements,
// but those that move money.
func New(db *bun.DB, options ...Option) (*Store, error) {
	if db == nil {
		return nil, errNone
	}
	d, err := dialectOf(db.Dialect().Name())
	if err != nil {
		return nil, err
	}
	pool := prepared.NewPool(db.DB)
	s := &Store{reader: newReader(session.Session{DB: db, Conn: pool.Conn(), Dialect: d}), pool: pool}
	for _, option := range options {
		option(s)
	}
	return s, nil
}

// Update is [store.Store]'s, at the isolation level that the connection defaults to.
// It begins, and ends, a transaction of its own: within a host's transaction use
// [Store.OnTx]. A nested call is [store.ErrNested].
func (s *Store) Update(ctx context.Context, fn func(context.Context, store.Tx) error) error {
	if s.DB == nil {
		return session.ErrUnmade
	}
	if store.IsInside(ctx, s.DB.DB) {
		return store.ErrNested
	}
	defer s.pool.CatchUp(ctx)
	release, err := s.Dialect.Acquire(ctx)
	if err != nil {
		return err
	}
	defer release()
	var refused error
	err = s.DB.RunInTx(store.Inside(ctx, s.DB.DB), nil, func(ctx context.Context, t bun.Tx) error {
		refused = s.running.Run(func() error { return fn(ctx, newTx(s.On(s.pool.On(t)))) })
		return refused
	})
	if refused != nil {
		return refused
	}
	return s.Failed(ctx, err)
}

// Nested is [store.Nester]'s.
func (s *Store) Nested() bool { return s.running.Nested() }
