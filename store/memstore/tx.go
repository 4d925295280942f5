package memstore

import (
	"cmp"
	"context"
	"slices"
	"sync/atomic"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/store"
)

// tx is the one writing transaction: a state on top of the committed one. Nobody
// else writes meanwhile, which is all the locking that its promises need.
type tx struct {
	reader
	state *state
	ended atomic.Bool
}

func (s *Store) begin() *tx {
	t := &tx{state: s.committed.over()}
	t.open = func() (*state, func(), error) {
		if t.ended.Load() {
			return nil, nil, ErrEnded
		}
		return t.state, func() {}, nil
	}
	return t
}

// write is read for what answers only with an error.
func (t *tx) write(ctx context.Context, do func(*state) error) error {
	_, err := read(ctx, t.reader, func(s *state) (struct{}, error) { return struct{}{}, do(s) })
	return err
}

func (t *tx) PutAccount(ctx context.Context, a account.Account, was int64) error {
	return t.write(ctx, func(s *state) error {
		before, exists := s.accounts.get(a.ID)
		var revision int64
		if exists {
			revision = before.account.Revision
		}
		if err := replaceable(exists, revision, was); err != nil {
			return err
		}
		return s.store(a)
	})
}

// replaceable is why a row, at a revision where it exists, is not to be inserted (was 0) or
// replaced.
func replaceable(exists bool, revision, was int64) error {
	switch {
	case was == 0 && exists:
		return account.ErrConflict
	case was != 0 && !exists:
		return account.ErrNotFound
	case revision != was:
		return account.ErrStale
	default:
		return nil
	}
}

// store puts an account whose unique values are free and whose references exist.
func (s *state) store(a account.Account) error {
	switch {
	case belongsToOther(&s.logins, a.Core.Login, a.ID):
		return &store.TakenError{Path: "login"}
	case belongsToOther(&s.contracts, a.Contact.Contract, a.ID):
		return &store.TakenError{Path: "contact.contract"}
	case missing(&s.accounts, a.Parent) || s.dangling(&a):
		return account.ErrConflict
	}
	s.put(a)
	return nil
}

func belongsToOther(index *rows[string, account.ID], key string, id account.ID) bool {
	owner, ok := index.get(key)
	return ok && owner != id
}

func missing[V any](table *rows[account.ID, V], id account.ID) bool {
	return !id.IsZero() && !table.has(id)
}

func (t *tx) AddChange(ctx context.Context, r account.Record) error {
	return t.write(ctx, func(s *state) error {
		if missing(&s.accounts, r.Of) {
			return account.ErrConflict
		}
		return addRecord(&s.histories, r.Of, r)
	})
}

// addRecord keeps a history in the order of revisions. What readers may still see is not
// touched: a record goes behind it, or into a copy.
func addRecord[K comparable](histories *rows[K, []account.Record], key K, r account.Record) error {
	history, _ := histories.get(key)
	at, found := slices.BinarySearchFunc(history, r.Revision, func(r account.Record, revision int64) int {
		return cmp.Compare(r.Revision, revision)
	})
	if found {
		return account.ErrConflict
	}
	if at < len(history) {
		history = slices.Clone(history)
	}
	histories.put(key, slices.Insert(history, at, cloneRecord(r)))
	return nil
}

func (t *tx) SetCredential(ctx context.Context, id account.ID, kind store.CredentialKind, hash string) error {
	return t.write(ctx, func(s *state) error {
		if missing(&s.accounts, id) {
			return account.ErrConflict
		}
		s.credentials.put(credentialKey{id, kind}, hash)
		return nil
	})
}
