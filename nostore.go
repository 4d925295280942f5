package clientaccount

import (
	"context"
	"errors"
	"reflect"
	"time"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/store"
)

// stored returns the Service's store.
func (s *Service) stored() store.Transactor {
	if s == nil || s.store == nil {
		return noStore{}
	}
	return s.store
}

// made is ErrNoStore for a Service that New did not make.
func (s *Service) made() error {
	if s == nil || s.committer == nil {
		return ErrNoStore
	}
	return nil
}

// missing reports whether there is no store: nil, or a nil pointer.
func missing(st store.Transactor) bool {
	v := reflect.ValueOf(st)
	return !v.IsValid() || v.Kind() == reflect.Pointer && v.IsNil()
}

// noStore is the store of a Service that was given none.
type noStore struct{}

var _ store.Store = noStore{}

func (noStore) Account(context.Context, account.ID) (a account.Account, _ error) {
	return a, ErrNoStore
}

func (noStore) AccountBy(context.Context, store.Key, string) (a account.Account, _ error) {
	return a, ErrNoStore
}

func (noStore) Accounts(context.Context, account.Query) ([]account.Summary, error) {
	return nil, ErrNoStore
}

func (noStore) OpenSubaccounts(context.Context, account.ID) (int, error) { return 0, ErrNoStore }

func (noStore) Changes(context.Context, account.ChangeQuery) ([]account.Record, error) {
	return nil, ErrNoStore
}

func (noStore) Credential(context.Context, account.ID, store.CredentialKind) (string, error) {
	return "", ErrNoStore
}

func (noStore) Item(context.Context, store.List, account.ID) (store.Item, error) {
	return nil, ErrNoStore
}

func (noStore) Items(context.Context, store.List) ([]store.Item, error) { return nil, ErrNoStore }

func (noStore) Ledger(context.Context, []store.Lookup) ([]store.Found, error) {
	return nil, ErrNoStore
}

func (noStore) Entries(context.Context, account.EntryQuery) ([]account.Entry, error) {
	return nil, ErrNoStore
}

func (noStore) Holds(context.Context, account.HoldQuery) ([]account.Hold, error) {
	return nil, ErrNoStore
}

func (noStore) Events(context.Context, account.EventQuery) ([]account.Event, error) {
	return nil, ErrNoStore
}

func (noStore) Due(context.Context, time.Time, account.ID, int) ([]account.ID, error) {
	return nil, ErrNoStore
}

func (noStore) Append(context.Context, []store.Posting) ([]store.Outcome, error) {
	return nil, errors.Join(store.ErrNothing, ErrNoStore)
}

func (noStore) Update(context.Context, func(context.Context, store.Tx) error) error {
	return ErrNoStore
}
