// Package ahead keeps what edits that are made together need to know: it is read at once for all of
// them, and not for each.
package ahead

import (
	"context"
	"errors"
	"sync"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/store"
)

// Known is what was read. A nil *Known knows nothing: everything is read when it is asked for. It is
// safe for concurrent use.
type Known struct {
	accounts map[account.ID]account.Account
	balances map[account.ID]account.Balance

	mu    sync.Mutex
	items map[item]answer
}

type item struct {
	list store.List
	id   account.ID
}

type answer struct {
	item store.Item
	err  error
}

// New returns what is known of accounts, all that there are of some ids, and of their balances.
func New(accounts []account.Account, balances map[account.ID]account.Balance) *Known {
	k := &Known{accounts: make(map[account.ID]account.Account, len(accounts)), balances: balances, items: map[item]answer{}}
	for _, a := range accounts {
		k.accounts[a.ID] = a
	}
	return k
}

// Account returns an account, or account.ErrNotFound. What is known of others than those of the
// ids is that they are not there.
func (k *Known) Account(ctx context.Context, r store.Reader, id account.ID) (account.Account, error) {
	if k == nil {
		return r.Account(ctx, id)
	}
	if a, there := k.accounts[id]; there {
		return a.Clone(), nil
	}
	return account.Account{}, account.ErrNotFound
}

// Balance returns the balance of an account, and whether it is known.
func (k *Known) Balance(id account.ID) (account.Balance, bool) {
	if k == nil {
		return account.Balance{}, false
	}
	b, known := k.balances[id]
	return b, known
}

// Reader returns r, which asks for each item once.
func (k *Known) Reader(r store.Reader) store.Reader {
	if k == nil {
		return r
	}
	return once{r, k}
}

type once struct {
	store.Reader
	known *Known
}

// Item asks for an item that is not known. That there is none is known as well.
func (o once) Item(ctx context.Context, list store.List, id account.ID) (store.Item, error) {
	o.known.mu.Lock()
	defer o.known.mu.Unlock()
	of := item{list, id}
	if known, asked := o.known.items[of]; asked {
		return known.item, known.err
	}
	found, err := o.Reader.Item(ctx, list, id)
	if err == nil || errors.Is(err, account.ErrNotFound) {
		o.known.items[of] = answer{found, err}
	}
	return found, err
}
