package bunstore

import (
	"context"
	"fmt"
	"strings"

	"github.com/uptrace/bun"
	"github.com/uptrace/bun/dialect"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/store"
)

// engine is what differs between the databases; everything else is written once.
type engine interface {
	// folder of the migrations.
	folder() string
	// classify is the kind of a database's error: store.ErrConflict, a
	// *store.TakenError, errReference, ErrPooler, or nil for all others.
	classify(err error) error
	// native rewrites a statement's parameters, $1 and so on.
	native(statement string) string
	// lock keeps the rows that q reads from other transactions' locks and writes.
	lock(q *bun.SelectQuery) *bun.SelectQuery
	// share keeps the rows that q reads from other transactions' writes.
	share(q *bun.SelectQuery) *bun.SelectQuery
	// contains is the condition that a column holds a text within, and its argument
	// behind the column's name.
	contains(text string) (condition, arg string)
	// unpack selects the columns out of a parameter that is a JSON array of objects.
	unpack(parameter string, columns []jsonColumn) string
	// elements are the texts of a parameter that is a JSON array of ids, in brackets.
	elements(parameter string) string
	// dueHooks is the statement that finds at most $2 hooks which were free and had
	// something due at $1, those longest without a lease first.
	dueHooks() string
	// dueOf is the statement for at most $3 deliveries each of hooks, $1, that the owner
	// $4 holds, due at $2.
	dueOf() string
	// hint is a statement for the planner, for the rest of a transaction; empty for none.
	hint() string
	// notify is the statement that tells whoever listens that settings of the id $1 were
	// changed; empty for none.
	notify() string
	// skipLocked ends a query whose rows of a table are locked, but for those that
	// are locked already.
	skipLocked(table string) string
	// turn waits until a transaction may begin; done says that it ended.
	turn(ctx context.Context) (done func(), err error)
	// migrate runs fn in a transaction that no two starters are in at once.
	migrate(ctx context.Context, db *bun.DB, fn func(context.Context, bun.Tx) error) error
	// alreadyThere says whether a statement of a migration failed because it was run before.
	alreadyThere(err error) bool
	// noTable says whether a statement failed because its table is not there.
	noTable(err error) bool
	// refusesPooler is [ErrPooler] where there is one that breaks what s does.
	refusesPooler(ctx context.Context, s *Store) error
	// check looks at how the database and its connections are set up.
	check(ctx context.Context, c *check)

	moneyEngine
}

// moneyEngine is what differs where money is moved.
type moneyEngine interface {
	texts() *texts
	// asking and writing gather the rows of parameters for the statements of texts.
	asking(cs columns) *sheet
	writing(cs columns) *sheet
	// append is [Store.Append] at the first try. When it fails, nothing is written, unless
	// nobody knows.
	append(ctx context.Context, s *Store, ps []store.Posting, outcomes []store.Outcome) error
	// post writes a posting over its version, in a transaction that has it locked, or fails.
	post(ctx context.Context, s session, p store.Posting) error
	// blames says whether an error came from a row that was to be written.
	blames(err error) bool
	// certain says whether, after an error, it is certain that nothing was written.
	certain(err error) bool
	// lockBalances locks the balances of ids, which ascend, and gives them.
	lockBalances(ctx context.Context, t *tx, ids []account.ID) ([]account.Balance, error)
}

func engineOf(name dialect.Name) (engine, error) {
	switch name {
	case dialect.PG:
		return postgres{}, nil
	case dialect.SQLite:
		return sqlite{make(chan struct{}, 1)}, nil
	default:
		return nil, fmt.Errorf("bunstore: %s is not supported: use PostgreSQL or SQLite", name)
	}
}

// taken is the TakenError of a broken unique constraint, or ErrConflict for keys
// that are no field of an account. names maps what an error's text has to paths.
func taken(err error, names map[string]string) error {
	for name, path := range names {
		if strings.Contains(err.Error(), name) {
			return &store.TakenError{Path: path}
		}
	}
	return store.ErrConflict
}
