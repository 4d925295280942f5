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

// Failures a backend tells apart; anything else is passed on as it is.
var (
	// ErrNotFound: no such row.
	ErrNotFound = account.ErrNotFound
	// ErrStale: the row's revision is not the one named.
	ErrStale = account.ErrStale
	// ErrConflict: the transaction lost a race and changed nothing; the same call
	// may succeed when tried again.
	ErrConflict = account.ErrConflict
	// ErrInUse: the row is pointed at by others and cannot be removed.
	ErrInUse = errors.New("store: in use")
	// ErrNoOutbox: the store keeps no webhook deliveries: it is no [Outbox].
	ErrNoOutbox = errors.New("store: it keeps no webhook deliveries")
)

// TakenError says that a value which must be unique belongs to another account.
type TakenError struct {
	Path string // of the field: "login" or "contact.contract"
}

// Error names the field, never the value.
func (e *TakenError) Error() string { return fmt.Sprintf("store: %s is taken", e.Path) }

// Reader is what can be asked. Values returned are the caller's own: changing
// them changes nothing stored. Text comes back byte for byte as it was given. Only
// within a transaction can a read be what loses a race: outside, the store asks again.
type Reader interface {
	LedgerReader

	// Account is the account of an id, or ErrNotFound.
	Account(ctx context.Context, id account.ID) (account.Account, error)
	// AccountByLogin is the account of a folded login, or ErrNotFound.
	AccountByLogin(ctx context.Context, login string) (account.Account, error)
	// AccountByContract is the account of a contract number, or ErrNotFound; an
	// empty number belongs to nobody.
	AccountByContract(ctx context.Context, contract string) (account.Account, error)
	// Accounts is a page of the Clients list.
	Accounts(ctx context.Context, q account.Query) ([]account.Summary, error)
	// OpenSubaccounts counts the accounts directly beneath parent that are not closed.
	OpenSubaccounts(ctx context.Context, parent account.ID) (int, error)
	// Changes is a page of an account's history, the newest first.
	Changes(ctx context.Context, q account.ChangeQuery) ([]account.Record, error)
	// Credential is the hash kept for an account, or ErrNotFound.
	Credential(ctx context.Context, id account.ID, kind CredentialKind) (string, error)

	// Manager is the manager of an id, or ErrNotFound.
	Manager(ctx context.Context, id account.ID) (account.Manager, error)
	// Managers are all managers by name.
	Managers(ctx context.Context) ([]account.Manager, error)
	// Product is the product of an id, or ErrNotFound.
	Product(ctx context.Context, id account.ID) (account.Product, error)
	// Products are all products by name.
	Products(ctx context.Context) ([]account.Product, error)
}

// Tx is one transaction: it reads its own writes, and what it wrote is there for
// others only when Update's function returned nil. It is for one goroutine, and
// of no use after that function returned.
//
// Tx's Account and AccountByLogin lock the account they return until the
// transaction ends: no other transaction replaces it, or reads it through its own
// Tx, before. So what was decided from it stays true while it is acted on. Locks
// taken in opposite orders may end one of the two with ErrConflict.
//
// Tx's Product keeps the product it returns from being changed until the transaction
// ends, while others may read it in the same way.
type Tx interface {
	Reader
	LedgerTx

	// InsertAccount stores a new account at its revision. A *TakenError names the
	// login or contract that belongs to another account, closed ones included. A
	// manager, product or parent that is gone by now is ErrConflict.
	InsertAccount(ctx context.Context, a account.Account) error
	// ReplaceAccount stores a in place of the account of its id, if that is still
	// at revision was: else ErrStale, ErrNotFound, or as InsertAccount.
	ReplaceAccount(ctx context.Context, a account.Account, was int64) error
	// AddChange appends to the history. A second record of the same account and
	// revision is ErrConflict.
	AddChange(ctx context.Context, r account.Record) error
	// SetCredential keeps a hash for an account in place of any before.
	SetCredential(ctx context.Context, id account.ID, kind CredentialKind, hash string) error

	// PutManager inserts a manager (was 0) or replaces the one at revision was:
	// ErrStale when that moved on, ErrNotFound when it is gone.
	PutManager(ctx context.Context, m account.Manager, was int64) error
	// DeleteManager removes a manager: ErrNotFound, or ErrInUse while clients have them.
	DeleteManager(ctx context.Context, id account.ID) error
	// PutProduct is PutManager for products.
	PutProduct(ctx context.Context, p account.Product, was int64) error
	// DeleteProduct is DeleteManager for products.
	DeleteProduct(ctx context.Context, id account.ID) error
}

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
