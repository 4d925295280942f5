package store

import (
	"context"

	"github.com/clientaccount/clientaccount/account"
)

// List names a list whose items accounts point at.
type List string

// The lists that there are. A new one is a constant here, its Go type in [Listed] and
// [HeadOf], and the pointer at it in [List.Of].
const (
	ListManagers List = "managers" // of account.Manager
	ListProducts List = "products" // of account.Product
)

// Lists returns all of them.
func Lists() []List { return []List{ListManagers, ListProducts} }

// Of returns the id of the list's item that an account points at, zero for none.
func (l List) Of(a *account.Account) account.ID {
	switch l {
	case ListManagers:
		return a.Core.Manager
	case ListProducts:
		return a.Notes.Product
	default:
		return account.ID{}
	}
}

// Item is an item of a list, by value and of one of the types of [Listed].
type Item any

// Listed are the types of items.
type Listed interface {
	account.Manager | account.Product
}

// Head is what every item has, whatever its type.
type Head struct {
	List     List
	ID       account.ID
	Revision int64
	Name     string // by which a list is ordered
}

// HeadOf returns the head of an item. The head of what is no item names no list.
func HeadOf(item Item) Head {
	switch v := item.(type) {
	case account.Manager:
		return Head{ListManagers, v.ID, v.Revision, v.Name}
	case account.Product:
		return Head{ListProducts, v.ID, v.Revision, v.Name}
	default:
		return Head{}
	}
}

// ItemOf returns the item of a type and id, or ErrNotFound.
func ItemOf[T Listed](ctx context.Context, r Reader, id account.ID) (T, error) {
	var none T
	found, err := r.Item(ctx, HeadOf(none).List, id)
	if err != nil {
		return none, err
	}
	return found.(T), nil
}

// ItemsOf returns all items of a type, by name.
func ItemsOf[T Listed](ctx context.Context, r Reader) ([]T, error) {
	var none T
	found, err := r.Items(ctx, HeadOf(none).List)
	if err != nil {
		return nil, err
	}
	items := make([]T, len(found))
	for i, item := range found {
		items[i] = item.(T)
	}
	return items, nil
}
