package memstore

import (
	"context"
	"slices"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/store"
)

// reader answers from the state that open returns, until the function beside it is
// called. It is the reading half of both Store and tx.
type reader struct {
	open func() (*state, func(), error)
}

func read[T any](ctx context.Context, r reader, ask func(*state) (T, error)) (T, error) {
	var none T
	if err := ctx.Err(); err != nil {
		return none, err
	}
	if r.open == nil {
		return none, ErrZero
	}
	s, done, err := r.open()
	if err != nil {
		return none, err
	}
	defer done()
	return ask(s)
}

// find returns the value of a key, or ErrNotFound.
func find[K comparable, V any](table *rows[K, V], key K) (V, error) {
	v, ok := table.get(key)
	if !ok {
		return v, account.ErrNotFound
	}
	return v, nil
}

func (r reader) Account(ctx context.Context, id account.ID) (account.Account, error) {
	return read(ctx, r, func(s *state) (account.Account, error) { return s.account(id) })
}

func (r reader) AccountsByID(ctx context.Context, ids ...account.ID) ([]account.Account, error) {
	return read(ctx, r, func(s *state) (found []account.Account, _ error) {
		for _, id := range ids {
			if a, err := s.account(id); err == nil {
				found = append(found, a)
			}
		}
		return found, nil
	})
}

func (r reader) AccountBy(ctx context.Context, key store.Key, value string) (account.Account, error) {
	return read(ctx, r, func(s *state) (account.Account, error) {
		switch key {
		case store.KeyLogin:
			return s.accountBy(&s.logins, value)
		case store.KeyContract:
			return s.accountBy(&s.contracts, value)
		default:
			return account.Account{}, account.ErrNotFound
		}
	})
}

func (s *state) account(id account.ID) (account.Account, error) {
	found, err := find(&s.accounts, id)
	if err != nil {
		return account.Account{}, err
	}
	return found.account.Clone(), nil
}

func (s *state) accountBy(index *rows[string, account.ID], key string) (account.Account, error) {
	id, err := find(index, key)
	if err != nil {
		return account.Account{}, err
	}
	return s.account(id)
}

func (r reader) OpenSubaccounts(ctx context.Context, parent account.ID) (int, error) {
	return read(ctx, r, func(s *state) (n int, _ error) {
		for child := range s.accounts.all() {
			if a := &child.account; a.Parent == parent && !parent.IsZero() && a.Status != account.StatusClosed {
				n++
			}
		}
		return n, nil
	})
}

func (r reader) Changes(ctx context.Context, q account.ChangeQuery) ([]account.Record, error) {
	return read(ctx, r, func(s *state) ([]account.Record, error) {
		history, _ := s.histories.get(q.Of)
		return pageOf(history, q), nil
	})
}

// pageOf returns a page of a history.
func pageOf(history []account.Record, q account.ChangeQuery) (page []account.Record) {
	for _, record := range slices.Backward(history) {
		if len(page) < q.PageSize() && wanted(record, q) {
			page = append(page, cloneRecord(record))
		}
	}
	return page
}

func wanted(r account.Record, q account.ChangeQuery) bool {
	_, changed := r.Change.At(q.Path)
	return (q.Path == "" || changed) && (q.Before == 0 || r.Revision < q.Before) && r.Revision > q.Since
}

func (r reader) Credential(ctx context.Context, id account.ID, kind store.CredentialKind) (string, error) {
	return read(ctx, r, func(s *state) (string, error) { return find(&s.credentials, credentialKey{id, kind}) })
}
