// Package dialect is what differs between databases: the contract of a dialect, and what
// dialects share. Each database is a package of its own beneath, with all SQL that is its
// alone, and its migrations; what is written once for all of them is in bunstore.
package dialect

import (
	"context"
	"io/fs"

	"github.com/uptrace/bun"
	"github.com/uptrace/bun/schema"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/store"
	"github.com/clientaccount/clientaccount/store/bunstore/internal/prepared"
	"github.com/clientaccount/clientaccount/store/bunstore/internal/rows"
)

// Dialect is a database. One is made for each store, and is safe for concurrent use.
type Dialect interface {
	Schema
	Errors
	Clauses
	Outbox
	Money
	Parts
	Feed
	List

	// Acquire waits until a transaction that writes may begin; release says that it ended.
	Acquire(ctx context.Context) (release func(), err error)
}

// Feed is how events are noted for subscriptions, and told.
type Feed interface {
	// EndTold removes what is untold of accounts whose leases end, r in the form of
	// rows.LeaseEnds, if nothing is left of it.
	EndTold() string
	// NoteEvents notes for every subscription that at most limit events, which none has
	// noted yet, are to be told and due at an instant, if the feed is still at a version.
	// It waits for nobody else who notes.
	NoteEvents(ctx context.Context, pool *prepared.Pool, version int64, due string, limit int) error
}

// Schema is how the tables are made and looked at.
type Schema interface {
	// Migrations are the SQL files, in the form of bun/migrate.
	Migrations() (fs.FS, error)
	// Migrate runs fn in a transaction that no two starters are in at once. It refuses
	// connections that could not work.
	Migrate(ctx context.Context, pool *prepared.Pool, db *bun.DB, fn func(context.Context, bun.Tx) error) error
	// AlreadyThere reports whether a statement of a migration failed because it was run before.
	AlreadyThere(err error) bool
	// NoTable reports whether a statement failed because its table is not there.
	NoTable(err error) bool
	// Check looks at how the database and its connections are set up.
	Check(ctx context.Context, pool *prepared.Pool, r *Report)
}

// Errors is what a database's errors say.
type Errors interface {
	// Classify returns the kind of an error: account.ErrConflict, a *store.TakenError,
	// ErrReference, an error of the dialect's own, or nil for all others.
	Classify(err error) error
	// Blames reports whether an error came from a row that was to be written.
	Blames(err error) bool
	// Certain reports whether, after an error, it is certain that nothing was written.
	Certain(err error) bool
}

// Clauses are the parts of statements in which databases differ.
type Clauses interface {
	// Native rewrites a statement's parameters, $1 and so on.
	Native(statement string) string
	// Unseen is a parameter of a type, as PostgreSQL names it, that no plan is made for the value of: a
	// prepared statement is then planned once.
	Unseen(parameter, kind string) string
	// Lock keeps the rows that q reads from other transactions' locks and writes.
	Lock(q *bun.SelectQuery) *bun.SelectQuery
	// Share keeps the rows that q reads from other transactions' writes.
	Share(q *bun.SelectQuery) *bun.SelectQuery
	// Contains is the condition that a column has a text of a [store.SearchTerm].
	Contains(column schema.QueryAppender, text string) (condition string, args []any)
	// Unpack selects the columns out of a parameter in the form of rows.NewObjects.
	Unpack(parameter string, cs rows.Columns) string
	// Elements are the texts of a parameter that is a JSON array of ids, in brackets.
	Elements(parameter string) string
	// Delete removes the rows of a table whose keys are in r, of which there may be many.
	Delete(table string, keys rows.Columns) string
	// LockRows ends a query whose rows of a table are locked; SkipLocked one that passes
	// over those that are locked already.
	LockRows(table string) string
	SkipLocked(table string) string
	// Impatient is a condition, always true, of a query whose statement, and what follows
	// in its transaction, is to wait but a moment for others' locks.
	Impatient() string
	// Hint is a statement for the planner, for the rest of a transaction; empty for none.
	Hint() string
	// Notify is the statement that tells whoever listens that settings of the id $1 were
	// changed; empty for none.
	Notify() string
}

// List is how it is found which accounts moved, and which were written.
type List interface {
	// MovedSince is the condition that the last entry of a balance, b, may have come since all
	// that moved was found last, as of the instant $1.
	MovedSince() string
	// WrittenSince is the condition that an account, a, may have been written since then.
	WrittenSince() string
	// SeenMoved is the statement that notes that all that moved was found, at the instant $1.
	SeenMoved() string
}

// Outbox are the statements that find webhook deliveries.
type Outbox interface {
	// DueHooks is the statement that finds at most $2 hooks which were free and had
	// something due at $1, those longest without a lease first.
	DueHooks() string
	// DueOf is the statement for at most $3 deliveries each of hooks, $1 in the form of
	// rows.HeldHooks, that the owner $4 holds, due at $2. It gives rows.DueDeliveries.
	DueOf() string
}

// Money is how money is moved and looked up.
type Money interface {
	// Queries are the statements.
	Queries() *Queries
	// Asking and Writing gather the rows of parameters for these statements.
	Asking(cs rows.Columns) *rows.Params
	Writing(cs rows.Columns) *rows.Params
	// Append writes the postings that can be, each over its version, and notes which they
	// were; it waits for no other transaction. When it fails, nothing is written, unless
	// nobody knows.
	Append(ctx context.Context, pool *prepared.Pool, ps []store.Posting, outcomes []store.Outcome) error
	// SideBySide reports whether two Appends work at once, instead of one after the other.
	SideBySide() bool
	// Post writes postings, each over its version, in a transaction that has their accounts
	// locked, or fails.
	Post(ctx context.Context, conn prepared.Conn, ps []store.Posting) error
	// LockBalances locks the balances of ids, which ascend, and gives them. TryLockBalances
	// passes over those that are locked already.
	LockBalances(ctx context.Context, conn prepared.Conn, ids []account.ID) ([]account.Balance, error)
	TryLockBalances(ctx context.Context, conn prepared.Conn, ids []account.ID) ([]account.Balance, error)
}
