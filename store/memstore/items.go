package memstore

import (
	"bytes"
	"cmp"
	"context"
	"fmt"
	"slices"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/internal/textform"
	"github.com/clientaccount/clientaccount/store"
)

// itemKey is what an item is found by.
type itemKey struct {
	list store.List
	id   account.ID
}

func (r reader) Item(ctx context.Context, list store.List, id account.ID) (store.Item, error) {
	return read(ctx, r, func(s *state) (store.Item, error) { return find(&s.items, itemKey{list, id}) })
}

func (r reader) Items(ctx context.Context, list store.List) ([]store.Item, error) {
	return read(ctx, r, func(s *state) (items []store.Item, _ error) {
		for item := range s.items.all() {
			if store.HeadOf(item).List == list {
				items = append(items, item)
			}
		}
		slices.SortFunc(items, byName)
		return items, nil
	})
}

func (r reader) ItemChanges(ctx context.Context, list store.List, q account.ChangeQuery) ([]account.Record, error) {
	return read(ctx, r, func(s *state) ([]account.Record, error) {
		history, _ := s.itemChanges.get(itemKey{list, q.Of})
		return pageOf(history, q), nil
	})
}

func (t *tx) AddItemChange(ctx context.Context, list store.List, r account.Record) error {
	if !slices.Contains(store.Lists(), list) {
		return fmt.Errorf("memstore: %q is no list", list)
	}
	return t.write(ctx, func(s *state) error { return addRecord(&s.itemChanges, itemKey{list, r.Of}, r) })
}

// byName orders names without regard to case, equal ones by id.
func byName(one, other store.Item) int {
	a, b := store.HeadOf(one), store.HeadOf(other)
	return cmp.Or(cmp.Compare(textform.ForSort(a.Name), textform.ForSort(b.Name)), bytes.Compare(a.ID[:], b.ID[:]))
}

func (t *tx) PutItem(ctx context.Context, item store.Item, was int64) error {
	head := store.HeadOf(item)
	if head.List == "" {
		return fmt.Errorf("memstore: %T is no item of a list", item)
	}
	key := itemKey{head.List, head.ID}
	return t.write(ctx, func(s *state) error {
		before, exists := s.items.get(key)
		if err := replaceable(exists, store.HeadOf(before).Revision, was); err != nil {
			return err
		}
		s.items.put(key, item)
		return nil
	})
}

// DeleteItem removes an item that no account points at, closed ones included, with the prices of
// a product.
func (t *tx) DeleteItem(ctx context.Context, list store.List, id account.ID) error {
	return t.write(ctx, func(s *state) error {
		if !s.items.has(itemKey{list, id}) {
			return account.ErrNotFound
		}
		for r := range s.accounts.all() {
			if list.Of(&r.account) == id {
				return store.ErrInUse
			}
		}
		s.items.delete(itemKey{list, id})
		if list == store.ListProducts {
			s.dropPrices(store.PriceOwner{Product: id})
		}
		return nil
	})
}

// dangling reports whether an account points at an item that is not there.
func (s *state) dangling(a *account.Account) bool {
	for _, list := range store.Lists() {
		if id := list.Of(a); !id.IsZero() && !s.items.has(itemKey{list, id}) {
			return true
		}
	}
	return false
}
