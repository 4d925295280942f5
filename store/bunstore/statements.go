package bunstore

import (
	"context"
	"database/sql"
	"fmt"
	"maps"
	"slices"
	"sync"
	"sync/atomic"
)

// statements are prepared in a pool when they are first run there, and kept. They go
// to database/sql with parameters, past bun, which would write values into their text:
// hundreds of them, each time another text.
type statements struct {
	db     *sql.DB
	none   bool        // nothing is prepared: see Unprepared
	probed atomic.Bool // what is prepared in one transaction is known in the next

	mu     sync.Mutex
	of     map[string]*prepared
	wanted map[*prepared]bool // by transactions, which cannot prepare them
}

func newStatements(db *sql.DB) *statements {
	return &statements{db: db, of: map[string]*prepared{}, wanted: map[*prepared]bool{}}
}

func (s *statements) get(text string) *prepared {
	s.mu.Lock()
	defer s.mu.Unlock()
	p := s.of[text]
	if p == nil {
		p = &prepared{db: s.db, text: text}
		s.of[text] = p
	}
	return p
}

// want notes a statement that a transaction had to do without.
func (s *statements) want(p *prepared) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.wanted[p] = true
}

// catchUp prepares for the next transactions what the last ones wanted. It is no matter
// if that fails.
func (s *statements) catchUp(ctx context.Context) {
	s.mu.Lock()
	wanted := slices.Collect(maps.Keys(s.wanted))
	clear(s.wanted)
	s.mu.Unlock()
	for _, p := range wanted {
		_ = p.prepare(ctx)
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

// run starts the statement in the pool. The error is errUnwritten when it was not even
// prepared.
func (p *prepared) run(ctx context.Context, start func(*sql.Stmt) error) error {
	if p.uses.Add(1) > p.next.Load() {
		if err := p.prepare(ctx); err != nil {
			return unwritten(err)
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

// ask runs a statement of texts in the session.
func (s session) ask(ctx context.Context, text string, args []any) (rows *sql.Rows, err error) {
	err = s.start(ctx, text, func(stmt *sql.Stmt) error {
		if stmt == nil {
			rows, err = s.conn.QueryContext(ctx, text, args...)
		} else {
			rows, err = stmt.QueryContext(ctx, args...)
		}
		return err
	})
	return rows, err
}

// change runs a statement of texts in the session, once for each list of parameters,
// and says how many rows it changed.
func (s session) change(ctx context.Context, text string, calls [][]any) (changed int64, err error) {
	if len(calls) == 0 {
		return 0, ctx.Err()
	}
	err = s.start(ctx, text, func(stmt *sql.Stmt) error {
		for _, args := range calls {
			var result sql.Result
			if stmt == nil {
				result, err = s.conn.ExecContext(ctx, text, args...)
			} else {
				result, err = stmt.ExecContext(ctx, args...)
			}
			if err != nil {
				return err
			}
			rows, err := result.RowsAffected()
			if err != nil {
				return err
			}
			changed += rows
		}
		return nil
	})
	return changed, err
}

// start runs a statement: prepared, except in a transaction where it is not yet, or
// where the transaction is the host's, or the store [Unprepared].
func (s session) start(ctx context.Context, text string, run func(*sql.Stmt) error) error {
	if s.statements == nil || s.statements.none {
		return run(nil)
	}
	p := s.statements.get(text)
	tx, within := s.conn.(*sql.Tx)
	if !within {
		return p.run(ctx, run)
	}
	stale, err := p.runWithin(func(stmt *sql.Stmt) error {
		if stmt != nil {
			stmt = tx.StmtContext(ctx, stmt)
		}
		return run(stmt)
	})
	if stale {
		s.statements.want(p)
	}
	return err
}
