// Package prepared runs statements that are prepared in a pool when they are first run
// there, and kept. They go to database/sql with parameters, past bun, which would write
// values into their text: hundreds of them, each time another text.
package prepared

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"maps"
	"slices"
	"sync"
	"sync/atomic"
)

// ErrUnwritten: it ended before anything could be committed.
var ErrUnwritten = errors.New("bunstore: nothing was committed")

// Unwritten says of an error that nothing was committed before it.
func Unwritten(err error) error { return fmt.Errorf("%w: %w", ErrUnwritten, err) }

// Pool is a pool of connections, and the statements prepared there.
type Pool struct {
	DB *sql.DB
	// Unprepared is set where nothing is to be prepared.
	Unprepared bool

	mu     sync.Mutex
	of     map[string]*prepared
	wanted map[*prepared]bool // by transactions, which cannot prepare them
}

// NewPool returns a pool in which nothing is prepared yet.
func NewPool(db *sql.DB) *Pool {
	return &Pool{DB: db, of: map[string]*prepared{}, wanted: map[*prepared]bool{}}
}

func (p *Pool) get(text string) *prepared {
	p.mu.Lock()
	defer p.mu.Unlock()
	s := p.of[text]
	if s == nil {
		s = &prepared{db: p.DB, text: text}
		p.of[text] = s
	}
	return s
}

// want notes a statement that a transaction had to do without.
func (p *Pool) want(s *prepared) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.wanted[s] = true
}

// CatchUp prepares for the next transactions what the last ones wanted. It is no matter
// if that fails.
func (p *Pool) CatchUp(ctx context.Context) {
	p.mu.Lock()
	wanted := slices.Collect(maps.Keys(p.wanted))
	clear(p.wanted)
	p.mu.Unlock()
	for _, s := range wanted {
		_ = s.prepare(ctx)
	}
}

// prepared is a statement that is prepared anew from time to time. PostgreSQL plans a
// prepared statement for good after a few executions, until statistics are gathered:
// a plan made while a table was empty reads all of it when it no longer is.
type prepared struct {
	db   *sql.DB
	text string
	uses atomic.Int64
	next atomic.Int64 // uses at which it is prepared anew

	planning sync.Mutex
	mu       sync.RWMutex // read-locked while stmt is being started
	stmt     *sql.Stmt    // nil before the first use
}

// The uses after which a statement is prepared anew: few at first, when tables may be
// new, then twice as many each time.
const (
	firstUses = 16
	mostUses  = 1024
)

// run starts the statement in the pool. The error is ErrUnwritten when it was not even
// prepared.
func (p *prepared) run(ctx context.Context, start func(*sql.Stmt) error) error {
	if p.uses.Add(1) > p.next.Load() {
		if err := p.prepare(ctx); err != nil {
			return Unwritten(err)
		}
	}
	p.mu.RLock()
	defer p.mu.RUnlock()
	return start(p.stmt)
}

// runWithin is run for a transaction. It never waits for a connection, since the
// transaction may have the only one: start gets nil for a statement that is not
// prepared, and stale says that it should be.
func (p *prepared) runWithin(start func(*sql.Stmt) error) (stale bool, err error) {
	stale = p.uses.Add(1) > p.next.Load()
	if !p.mu.TryRLock() {
		return stale, start(nil)
	}
	defer p.mu.RUnlock()
	return stale, start(p.stmt)
}

// prepare makes the statement anew, if no other caller did or is about to.
func (p *prepared) prepare(ctx context.Context) error {
	if p.next.Load() == 0 {
		p.planning.Lock()
	} else if !p.planning.TryLock() {
		return nil
	}
	defer p.planning.Unlock()
	uses, due := p.uses.Load(), p.next.Load()
	if uses <= due {
		return nil
	}
	// Drivers take the same text for the same statement, so it gets another each time.
	stmt, err := p.db.PrepareContext(ctx, fmt.Sprintf("%s -- %d", p.text, due))
	if err != nil {
		return err
	}
	p.mu.Lock()
	p.stmt, stmt = stmt, p.stmt
	p.mu.Unlock()
	p.next.Store(uses + min(max(uses, firstUses), mostUses))
	if stmt != nil {
		_ = stmt.Close() // what it runs goes on to its end
	}
	return nil
}
