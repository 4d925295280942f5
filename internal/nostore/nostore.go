// Package nostore is the store of a Service that has none.
package nostore

import (
	"context"
	"errors"
	"time"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/store"
)

// ErrNoStore: there is no store.
var ErrNoStore = errors.New("clientaccount: the Service has no store: make it by New, over one")

// Store is the store of a Service that was given none: whatever is asked is ErrNoStore.
type Store struct{}

var _ store.Store = Store{}

// Account is ErrNoStore.
func (Store) Account(context.Context, account.ID) (a account.Account, _ error) {
	return a, ErrNoStore
}

// AccountsByID is ErrNoStore.
func (Store) AccountsByID(context.Context, ...account.ID) ([]account.Account, error) {
	return nil, ErrNoStore
}

// AccountBy is ErrNoStore.
func (Store) AccountBy(context.Context, store.Key, string) (a account.Account, _ error) {
	return a, ErrNoStore
}

// Accounts is ErrNoStore.
func (Store) Accounts(context.Context, account.Query) ([]account.Summary, error) {
	return nil, ErrNoStore
}

// CountAccounts is ErrNoStore.
func (Store) CountAccounts(context.Context, int, ...account.Query) ([]int, error) {
	return nil, ErrNoStore
}

// OpenSubaccounts is ErrNoStore.
func (Store) OpenSubaccounts(context.Context, account.ID) (int, error) { return 0, ErrNoStore }

// Changes is ErrNoStore.
func (Store) Changes(context.Context, account.ChangeQuery) ([]account.Record, error) {
	return nil, ErrNoStore
}

// Credential is ErrNoStore.
func (Store) Credential(context.Context, account.ID, store.CredentialKind) (string, error) {
	return "", ErrNoStore
}

// Item is ErrNoStore.
func (Store) Item(context.Context, store.List, account.ID) (store.Item, error) {
	return nil, ErrNoStore
}

// Items is ErrNoStore.
func (Store) Items(context.Context, store.List) ([]store.Item, error) { return nil, ErrNoStore }

// ItemChanges is ErrNoStore.
func (Store) ItemChanges(context.Context, store.List, account.ChangeQuery) ([]account.Record, error) {
	return nil, ErrNoStore
}

// Ledger is ErrNoStore.
func (Store) Ledger(context.Context, []store.Lookup) ([]store.Found, error) {
	return nil, ErrNoStore
}

// Entries is ErrNoStore.
func (Store) Entries(context.Context, account.EntryQuery) ([]account.Entry, error) {
	return nil, ErrNoStore
}

// Holds is ErrNoStore.
func (Store) Holds(context.Context, account.HoldQuery) ([]account.Hold, error) {
	return nil, ErrNoStore
}

// Events is ErrNoStore.
func (Store) Events(context.Context, account.EventQuery) ([]account.Event, error) {
	return nil, ErrNoStore
}

// Due is ErrNoStore.
func (Store) Due(context.Context, time.Time, account.ID, int) ([]account.ID, error) {
	return nil, ErrNoStore
}

// Append is ErrNoStore.
func (Store) Append(context.Context, []store.Posting) ([]store.Outcome, error) {
	return nil, errors.Join(store.ErrNothing, ErrNoStore)
}

// Update is ErrNoStore.
func (Store) Update(context.Context, func(context.Context, store.Tx) error) error {
	return ErrNoStore
}
