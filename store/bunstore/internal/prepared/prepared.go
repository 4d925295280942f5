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

// mostKept is how many statements are kept at most: several times as many as a store has. Texts that
// somebody's input made, against the rule, would else fill the memory of the server, too.
const mostKept = 1000

// get returns a statement of the pool; nil for one too many, which runs as it is.
func (p *Pool) get(text string) *prepared {
	p.mu.Lock()
	defer p.mu.Unlock()
	s := p.of[text]
	if s == nil && len(p.of) < mostKept {
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
	mu       sync.Mutex
	now      *version // nil before the first use
}

// version is a statement as it was prepared once. It is closed when it was replaced and the
// last of its users has started it. Nobody waits for these: starting a statement may be
// waiting for a lock.
type version struct {
	stmt  *sql.Stmt
	users int
}

// start runs the statement as it is prepared now; nil before the first use.
func (p *prepared) start(start func(*sql.Stmt) error) error {
	p.mu.Lock()
	v := p.now
	if v != nil {
		v.users++
	}
	p.mu.Unlock()
	if v == nil {
		return start(nil)
	}
	defer func() {
		p.mu.Lock()
		v.users--
		p.closeUnused(v)
		p.mu.Unlock()
	}()
	return start(v.stmt)
}

// replace makes another version the present one.
func (p *prepared) replace(stmt *sql.Stmt) {
	p.mu.Lock()
	defer p.mu.Unlock()
	was := p.now
	if p.now = (&version{stmt: stmt}); was != nil {
		p.closeUnused(was)
	}
}

// closeUnused closes a version that nobody can start any more. What it runs goes on to its
// end. It is closed on each connection, which may have to wait for one that waits for a lock.
func (p *prepared) closeUnused(v *version) {
	if v != p.now && v.users == 0 {
		go func() { _ = v.stmt.Close() }()
	}
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
	return p.start(start)
}

// runWithin is run for a transaction. It never waits for a connection, since the
// transaction may have the only one: start gets nil for a statement that is not
// prepared, and stale says that it should be.
func (p *prepared) runWithin(start func(*sql.Stmt) error) (stale bool, err error) {
	stale = p.uses.Add(1) > p.next.Load()
	return stale, p.start(start)
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
	p.replace(stmt)
	p.next.Store(uses + min(max(uses, firstUses), mostUses))
	return nil
}
