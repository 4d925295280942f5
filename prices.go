package clientaccount

import (
	"context"
	"errors"
	"slices"
	"time"

	"github.com/shopspring/decimal"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/account/price"
	"github.com/clientaccount/clientaccount/internal/cache"
	"github.com/clientaccount/clientaccount/store"
)

// ErrNoPrices: the Service's store keeps no price lists.
var ErrNoPrices = store.ErrNoPrices

// MaxPriceRows is the most rows of a price list, and of a draft of one. Of a list that is full,
// rows that others have long followed make room; announcements still have them.
const MaxPriceRows = price.DefaultMaxRows

// PriceList returns the rows of the list of a product or client, by network, then instant;
// none for one that has no list.
//
// Errors: [account.ErrNotFound], [ErrNoPrices].
func (s *Service) PriceList(ctx context.Context, of store.PriceOwner) (*price.List, error) {
	kept, err := s.pricesFor(ctx, of)
	if err != nil {
		return nil, err
	}
	return listOf(ctx, kept, of)
}

// PricesOf returns what a client pays by: rows of their own, and their product's.
//
// Errors: [account.ErrNotFound], [ErrNoPrices].
func (s *Service) PricesOf(ctx context.Context, id account.ID) (price.Prices, error) {
	kept, err := s.prices()
	if err != nil {
		return price.Prices{}, err
	}
	a, err := s.stored().Account(ctx, id)
	if err != nil {
		return price.Prices{}, err
	}
	return s.pricesOf(ctx, kept, a)
}

// PriceAt returns what holds for a client's message to a network at an instant, and whether that
// has a price: see [price.Prices.Find].
//
// Errors: [account.ErrNotFound], [ErrNoPrices].
func (s *Service) PriceAt(ctx context.Context, id account.ID, n price.Network, at time.Time) (price.Found, bool, error) {
	prices, err := s.PricesOf(ctx, id)
	if err != nil {
		return price.Found{}, false, err
	}
	found, sold := prices.Find(n, at)
	return found, sold, nil
}

// PriceDraft returns the draft of a list; one at revision 0, that changes nothing, where there is
// none.
//
// Errors: [account.ErrNotFound], [ErrNoPrices].
func (s *Service) PriceDraft(ctx context.Context, of store.PriceOwner) (store.PriceDraft, error) {
	kept, err := s.pricesFor(ctx, of)
	if err != nil {
		return store.PriceDraft{}, err
	}
	draft, err := found(kept.PriceDraft(ctx, of))
	if err != nil || draft == nil {
		return store.PriceDraft{Owner: of}, err
	}
	return *draft, nil
}

// SavePriceDraft keeps a draft: a new one at revision 0, else the one that the editor saw at its
// revision. It returns the draft as kept, with rows in order. What could not be announced now is
// not kept. It is account.ErrStale where somebody else saved one, or announced it.
//
// Errors: [price.Faults], [account.Faults], [account.ErrNotFound], [account.ErrStale],
// [account.ErrConflict], [ErrNoPrices], [ErrNested].
func (s *Service) SavePriceDraft(ctx context.Context, d store.PriceDraft) (store.PriceDraft, error) {
	if _, err := s.pricesFor(ctx, d.Owner); err != nil {
		return store.PriceDraft{}, err
	}
	d.Actor = actorText(d.Actor)
	if err := d.Actor.Faults().Err(); err != nil {
		return store.PriceDraft{}, err
	}
	was := d.Revision
	d.Revision = was + 1
	err := s.changePrices(ctx, func(ctx context.Context, tx pricesTx) (err error) {
		d.At = s.now()
		before, err := found(tx.PriceDraft(ctx, d.Owner))
		switch {
		case err != nil:
			return err
		case before == nil && was != 0, before != nil && before.Revision != was:
			return account.ErrStale
		}
		if d.Draft, err = announceable(ctx, tx, d.Owner, d.Draft, d.At); err != nil {
			return err
		}
		return tx.PutPriceDraft(ctx, d, was)
	})
	if err != nil {
		return store.PriceDraft{}, err
	}
	return d, nil
}

// DropPriceDraft forgets the draft of a list at a revision.
//
// Errors: [account.ErrStale], [account.ErrNotFound], [account.ErrConflict], [ErrNoPrices],
// [ErrNested].
func (s *Service) DropPriceDraft(ctx context.Context, of store.PriceOwner, revision int64) error {
	if _, err := s.prices(); err != nil {
		return err
	}
	return s.changePrices(ctx, func(ctx context.Context, tx pricesTx) error {
		return tx.DropPriceDraft(ctx, of, revision)
	})
}

// prices is where price lists can be asked for.
func (s *Service) prices() (store.PricesReader, error) {
	if err := s.made(); err != nil {
		return nil, err
	}
	kept, can := s.stored().(store.PricesReader)
	if !can {
		return nil, ErrNoPrices
	}
	return kept, nil
}

// pricesFor is prices where there is such a product or client.
func (s *Service) pricesFor(ctx context.Context, of store.PriceOwner) (store.PricesReader, error) {
	kept, err := s.prices()
	switch {
	case err != nil:
		return nil, err
	case of.Account.IsZero() == of.Product.IsZero():
		return nil, account.ErrNotFound
	case of.Account.IsZero():
		_, err = store.ItemOf[account.Product](ctx, s.stored(), of.Product)
	default:
		_, err = s.stored().Account(ctx, of.Account)
	}
	return kept, err
}

// pricesTx is a transaction of a store that keeps price lists.
type pricesTx interface {
	store.Tx
	store.PricesTx
}

// changePrices runs fn in a transaction.
func (s *Service) changePrices(ctx context.Context, fn func(context.Context, pricesTx) error) error {
	return s.transact(ctx, func(ctx context.Context, tx store.Tx) error {
		kept, can := tx.(pricesTx)
		if !can {
			return ErrNoPrices
		}
		return fn(ctx, kept)
	})
}

// listOf returns an owner's list, nil for one without rows.
func listOf(ctx context.Context, r store.PricesReader, of store.PriceOwner) (*price.List, error) {
	rows, err := r.PriceRows(ctx, of)
	if err != nil || len(rows) == 0 {
		return nil, err
	}
	return price.NewList(rows)
}

// hasPrices reports whether an owner has a list, or is about to.
func hasPrices(ctx context.Context, r store.Reader, of store.PriceOwner) (bool, error) {
	kept, can := r.(store.PricesReader)
	if !can {
		return false, nil
	}
	rows, err := kept.PriceRows(ctx, of)
	if err != nil || len(rows) > 0 {
		return len(rows) > 0, err
	}
	draft, err := found(kept.PriceDraft(ctx, of))
	return draft != nil, err
}

// announceable returns a draft in its one form: with rows in order, as they would be announced now.
func announceable(ctx context.Context, tx pricesTx, of store.PriceOwner, d price.Draft, now time.Time) (price.Draft, error) {
	if len(d.Undo)+len(d.Rows) > MaxPriceRows {
		return d, price.Faults{price.FaultOf("draft.rows")}
	}
	if err := inCurrency(ctx, tx, of); err != nil {
		return d, err
	}
	list, err := listOf(ctx, tx, of)
	if err != nil {
		return d, err
	}
	if _, _, err := applied(list, d, now); err != nil {
		return d, err
	}
	rows, err := price.NewList(d.Rows)
	d.Rows, d.Undo = rows.Rows(), slices.Clone(d.Undo)
	for i := range d.Undo {
		d.Undo[i].From = d.Undo[i].From.UTC().Round(0)
	}
	return d, err
}

// inCurrency refuses prices of a product that has no currency. It is locked.
func inCurrency(ctx context.Context, tx store.Tx, of store.PriceOwner) error {
	if of.Product.IsZero() {
		return nil
	}
	p, err := store.ItemOf[account.Product](ctx, tx, of.Product)
	if err == nil && p.Currency == "" {
		return price.Faults{price.FaultOf("currency.required")}
	}
	return err
}

// productLists are the lists of the products that were asked for last: each is read once for
// all clients, at each revision of its product.
type productLists struct {
	lists *cache.Cache[account.ID, *productList]
}

// maxProductLists is how many products' lists are kept, at some 150 bytes a row.
const maxProductLists = 1000

func newProductLists() *productLists {
	return &productLists{cache.New[account.ID, *productList](maxProductLists)}
}

// productList is the list of one product. Who reads it, or looks at it, has the turn.
type productList struct {
	turn     chan struct{}
	revision int64 // of the product; 0: nothing was read
	list     *price.List
}

func (p *productLists) forget() { p.lists.Clear() }

// of returns the place of a product's list.
func (p *productLists) of(id account.ID) (l *productList) {
	p.lists.Update(id, func(kept **productList) {
		if *kept == nil {
			*kept = &productList{turn: make(chan struct{}, 1)}
		}
		l = *kept
	})
	return l
}

// read returns the list as it was at a revision of the product, or later.
func (l *productList) read(ctx context.Context, revision int64, read func() (*price.List, error)) (*price.List, error) {
	select {
	case l.turn <- struct{}{}:
	case <-ctx.Done():
		return nil, context.Cause(ctx)
	}
	defer func() { <-l.turn }()
	if l.revision >= revision {
		return l.list, nil
	}
	list, err := read()
	if err == nil {
		l.list, l.revision = list, revision
	}
	return list, err
}

// seen returns the list as it was at this very revision, if that is known without waiting.
func (l *productList) seen(revision int64) (list *price.List, is bool) {
	select {
	case l.turn <- struct{}{}:
		defer func() { <-l.turn }()
		return l.list, l.revision == revision
	default:
		return nil, false
	}
}

// productList returns the list of a product at a revision; nil for none. What is read within a
// host's transaction is not kept: it may never be committed.
func (s *Service) productList(ctx context.Context, r store.PricesReader, of revision) (*price.List, error) {
	if of.id.IsZero() {
		return nil, nil
	}
	read := func() (*price.List, error) { return listOf(ctx, r, store.PriceOwner{Product: of.id}) }
	place := s.lists.of(of.id)
	if !s.hosted {
		return place.read(ctx, of.is, read)
	}
	if list, is := place.seen(of.is); is {
		return list, nil
	}
	return read()
}

// pricesOf returns what an account pays by.
func (s *Service) pricesOf(ctx context.Context, r store.PricesReader, a account.Account) (price.Prices, error) {
	product, err := productOf(ctx, s.stored(), a.Notes.Product)
	if err != nil {
		return price.Prices{}, err
	}
	of := revision{}
	if product != nil {
		of = revision{product.ID, product.Revision}
	}
	return s.pricesAt(ctx, r, a.ID, of)
}

// pricesAt returns what an account pays by, whose product is at a revision. The lists are read
// after the revisions, so they are never older.
func (s *Service) pricesAt(ctx context.Context, r store.PricesReader, id account.ID, product revision) (price.Prices, error) {
	own, ownErr := listOf(ctx, r, store.PriceOwner{Account: id})
	list, err := s.productList(ctx, r, product)
	return price.Prices{Own: own, Product: list}, errors.Join(ownErr, err)
}

// price has a client find prices.
func (s *Service) price(ctx context.Context, c *cachedClient) error {
	kept, can := s.stored().(store.PricesReader)
	if c.priced = true; !can {
		return nil
	}
	prices, err := s.pricesAt(ctx, kept, c.client.Account.ID, c.product)
	c.client.PriceAt = func(mcc, mnc string, at time.Time) account.Optional[decimal.Decimal] {
		return prices.Price(price.Network{MCC: mcc, MNC: mnc}, at)
	}
	return err
}

// KeepsPrices reports whether the store keeps price lists, see [store.Prices]: where it does not,
// what is asked of them is ErrNoPrices.
func (s *Service) KeepsPrices() bool {
	if s.made() != nil {
		return false
	}
	_, can := s.stored().(store.Prices)
	return can
}

// Network returns what the host calls a network, by [DocumentOptions].Network; empty for one
// without a name.
func (s *Service) Network(mcc, mnc string) string {
	if s.opts.Documents.Network == nil {
		return ""
	}
	return s.opts.Documents.Network(mcc, mnc)
}
