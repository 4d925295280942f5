// Package store is the contract that a backend fulfils, and what those who write one
// need beside package account. A backend stores, and says what kind of failure it met.
// Every rule about what may be stored lives in the Service and in account. The promises
// of each method are tested by the suite in store/storetest, which every backend passes.
package store

import (
	"context"
	"errors"
	"fmt"

	"github.com/clientaccount/clientaccount/account"
)

// Failures that a backend tells apart, beside three of package account; anything else is
// passed on as it is. The comments of this package call those three by their names alone:
//
//   - [account.ErrNotFound]: there is no such row.
//   - [account.ErrStale]: the row's revision is not the one named.
//   - [account.ErrConflict]: the transaction lost a race and changed nothing; the same call
//     may succeed when it is tried again.
var (
	// ErrInUse: the row is pointed at by others and cannot be removed.
	ErrInUse = errors.New("store: in use")
	// ErrNoOutbox: the store keeps no webhook deliveries: it is no [Outbox].
	ErrNoOutbox = errors.New("store: it keeps no webhook deliveries")
	// ErrRunning: a dispatcher was told to run while it runs.
	ErrRunning = errors.New("store: the dispatcher runs already")
	// ErrUndrained: a dispatcher ended before it could note what came of its last tries. They are
	// made again.
	ErrUndrained = errors.New("store: what came of the last tries could not be noted")
	// ErrNoMessages: the store keeps no messages: it is no [Messages].
	ErrNoMessages = errors.New("store: it keeps no messages")
)

// TakenError says that a value which must be unique belongs to another account.
type TakenError struct {
	Path string // of the field, as a Key
}

// Error names the field, never the value.
func (e *TakenError) Error() string { return fmt.Sprintf("store: %s is taken", e.Path) }

// Reader is what can be asked. Values returned are the caller's own: changing
// them changes nothing stored. Text comes back byte for byte as it was given. Only
// within a transaction can a read be what loses a race: outside, the store asks again.
type Reader interface {
	LedgerReader

	// Account returns the account of an id, or ErrNotFound.
	Account(ctx context.Context, id account.ID) (account.Account, error)
	// AccountsByID returns the accounts of ids, each given once, in no order; unknown ones are left
	// out.
	AccountsByID(ctx context.Context, ids ...account.ID) ([]account.Account, error)
	// AccountBy returns the account whose key has a value, byte for byte, or ErrNotFound: a
	// folded login, or a contract number, of which the empty one belongs to nobody.
	AccountBy(ctx context.Context, key Key, value string) (account.Account, error)
	// Accounts returns a page of the Clients list.
	Accounts(ctx context.Context, q account.Query) ([]account.Summary, error)
	// CountAccounts returns how many accounts each query finds, whatever its page, at most most: all
	// as they are at one time. There are at most account.MaxPage queries.
	CountAccounts(ctx context.Context, most int, queries ...account.Query) ([]int, error)
	// OpenSubaccounts counts the accounts directly beneath parent that are not closed.
	OpenSubaccounts(ctx context.Context, parent account.ID) (int, error)
	// Changes returns a page of an account's history, the newest first.
	Changes(ctx context.Context, q account.ChangeQuery) ([]account.Record, error)
	// Credential returns the hash kept for an account, or ErrNotFound.
	Credential(ctx context.Context, id account.ID, kind CredentialKind) (string, error)

	// Item returns the item of a list and an id, or ErrNotFound. See [ItemOf].
	Item(ctx context.Context, list List, id account.ID) (Item, error)
	// Items returns all items of a list by name, whatever its case. See [ItemsOf].
	Items(ctx context.Context, list List) ([]Item, error)
	// ItemChanges is Changes for an item of a list, also of one that was removed.
	ItemChanges(ctx context.Context, list List, q account.ChangeQuery) ([]account.Record, error)
}

// Tx is one transaction: it reads its own writes, and what it wrote is there for
// others only when Update's function returned nil. It is for one goroutine, and
// of no use after that function returned.
//
// Tx's Account, AccountBy and AccountsByID lock the accounts they return until the
// transaction ends: no other transaction replaces one, or reads it through its own
// Tx, before. So what was decided from it stays true while it is acted on. Locks
// taken in opposite orders may end one of the two with ErrConflict; AccountsByID takes
// them in the order of ids.
//
// Tx's Item keeps a product that it returns from being changed until the transaction
// ends, while others may read it in the same way.
type Tx interface {
	Reader
	LedgerTx

	// PutAccount inserts an account (was 0) or replaces the one at revision was: ErrStale
	// when that moved on, ErrNotFound when there is none, ErrConflict for an id that is there
	// already. A *TakenError names the login or contract that belongs to another account,
	// closed ones included. A manager, product or parent that is gone by now is ErrConflict.
	PutAccount(ctx context.Context, a account.Account, was int64) error
	// AddChange appends to the history. A second record of the same account and
	// revision is ErrConflict.
	AddChange(ctx context.Context, r account.Record) error
	// SetCredential keeps a hash for an account in place of any before. Whoever changes a
	// password puts the account at its next revision in the same transaction.
	SetCredential(ctx context.Context, id account.ID, kind CredentialKind, hash string) error

	// PutItem is PutAccount for an item of a list. What is no [Item] is an error.
	PutItem(ctx context.Context, item Item, was int64) error
	// DeleteItem removes an item: ErrNotFound, or ErrInUse while accounts point at it. Its history
	// stays.
	DeleteItem(ctx context.Context, list List, id account.ID) error
	// AddItemChange is AddChange for an item of a list, which may be gone. What is no [List] is an
	// error.
	AddItemChange(ctx context.Context, list List, r account.Record) error
}

// Key names what an account can be looked up by beside its id: a field whose value no two
// accounts share. It is the field's path, as in [TakenError].
type Key string

// The keys of accounts.
const (
	KeyLogin    Key = "login"
	KeyContract Key = "contact.contract"
)

// CredentialKind tells an account's two hashes apart.
type CredentialKind string

// The web password and the generated one for gateways.
const (
	WebPassword     CredentialKind = "password"
	GatewayPassword CredentialKind = "gateway"
)

// Store keeps accounts, their history and their money. All methods are safe for
// concurrent use. A canceled context ends a call with the context's error.
type Store interface {
	Transactor
	Appender
}

// Transactor is a store as far as a transaction of the host's can be one: everything
// but Append, which has transactions of its own.
type Transactor interface {
	Reader

	// Update runs fn in one transaction, once, and commits when fn returns nil;
	// otherwise nothing is changed and fn's error is returned as it is. A lost
	// race is ErrConflict, from a method of Tx or from Update itself. A panic in
	// fn rolls back and goes on. An account read in fn and replaced with the
	// revision read is never overwritten by another transaction in between.
	// Update of the same store inside fn, with fn's context, is ErrNested at once.
	Update(ctx context.Context, fn func(ctx context.Context, tx Tx) error) error
}

// Reviser is the ability of a store to tell at once whether what was read of many accounts is
// still so. A store has it where that costs less than to read them.
type Reviser interface {
	// Revisions are the present ones of accounts and items of lists, by their ids. What is
	// not there has none.
	Revisions(ctx context.Context, ids []account.ID) (map[account.ID]int64, error)
}
