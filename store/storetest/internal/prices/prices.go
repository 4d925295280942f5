// Package prices is the suite of stores that keep price lists.
package prices

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/account/accounttest"
	"github.com/clientaccount/clientaccount/account/price"
	"github.com/clientaccount/clientaccount/store"
	"github.com/clientaccount/clientaccount/store/storetest/internal/support"
)

// Store is a store that keeps price lists.
type Store interface {
	store.Store
	store.Prices
}

// Groups returns all promises.
func Groups() []support.Group[Store] {
	return []support.Group[Store]{
		{Name: "values", Promises: opened(valuePromises)},
		{Name: "lists", Promises: opened(listPromises)},
		{Name: "drafts", Promises: opened(draftPromises)},
		{Name: "announcements", Promises: opened(announcementPromises)},
		{Name: "transactions", Promises: opened(transactionPromises)},
	}
}

type promise = support.Promise[rig]

// rig is a store with two products and two clients, one of each with the same id.
type rig struct {
	Store
	now                      time.Time
	product, other           store.PriceOwner
	client, clientOfSameName store.PriceOwner
}

// opened has each promise begin with a rig.
func opened(ps []promise) (all []support.Promise[Store]) {
	for _, p := range ps {
		all = append(all, support.Promise[Store]{Name: p.Name, Test: func(t *testing.T, s Store) { p.Test(t, newRig(t, s)) }})
	}
	return all
}

func newRig(t *testing.T, s Store) rig {
	t.Helper()
	one, two := accounttest.Product(1), accounttest.Product(2)
	a, b := accounttest.Valid("priced"), accounttest.Valid("same.id")
	b.ID = one.ID
	support.Update(t, s, func(ctx context.Context, tx store.Tx) error {
		return errors.Join(tx.PutItem(ctx, one, 0), tx.PutItem(ctx, two, 0), support.Inserting(a, b)(ctx, tx))
	})
	return rig{
		Store: s, now: accounttest.Now().Truncate(time.Microsecond),
		product: store.PriceOwner{Product: one.ID}, other: store.PriceOwner{Product: two.ID},
		client: store.PriceOwner{Account: a.ID}, clientOfSameName: store.PriceOwner{Account: b.ID},
	}
}

func (r rig) owners() []store.PriceOwner {
	return []store.PriceOwner{r.product, r.other, r.client, r.clientOfSameName}
}

// strangers are owners that are not there.
func (r rig) strangers() map[string]store.PriceOwner {
	return map[string]store.PriceOwner{
		"nobody": {}, "both": {Product: r.product.Product, Account: r.client.Account},
		"no product": {Product: accounttest.ID(99)}, "no account": {Account: accounttest.ID(99)},
		"a client's id as a product's": {Product: r.client.Account}, "a product's id as a client's": {Account: r.other.Product},
	}
}

// row is the price of a network from so many minutes on.
func (r rig) row(mcc, mnc, amount string, minutes int) price.Row {
	return price.Row{
		Network: price.Network{MCC: mcc, MNC: mnc}, Price: decimal.RequireFromString(amount),
		From: r.now.Add(time.Duration(minutes) * time.Minute),
	}
}

func starts(rows ...price.Row) (all []price.Start) {
	for _, row := range rows {
		all = append(all, row.Start())
	}
	return all
}

// write is a function of a transaction that can keep prices.
type write func(ctx context.Context, tx store.PricesTx) error

func (w write) in(ctx context.Context, tx store.Tx) error {
	to, ok := tx.(store.PricesTx)
	if !ok {
		return errors.New("the transaction is no store.PricesTx")
	}
	return w(ctx, to)
}

func changing(of store.PriceOwner, remove []price.Start, add ...price.Row) write {
	return func(ctx context.Context, tx store.PricesTx) error { return tx.ChangePrices(ctx, of, remove, add) }
}

func drafting(d store.PriceDraft, was int64) write {
	return func(ctx context.Context, tx store.PricesTx) error { return tx.PutPriceDraft(ctx, d, was) }
}

func dropping(of store.PriceOwner, was int64) write {
	return func(ctx context.Context, tx store.PricesTx) error { return tx.DropPriceDraft(ctx, of, was) }
}

func announcing(as ...store.Announcement) write {
	return func(ctx context.Context, tx store.PricesTx) (err error) {
		for _, a := range as {
			err = errors.Join(err, tx.PutAnnouncement(ctx, a))
		}
		return err
	}
}

// must writes what must be kept.
func (r rig) must(t support.TB, w write) {
	t.Helper()
	support.Update(t, r, w.in)
}

// refused writes what must be refused.
func (r rig) refused(t support.TB, want error, w write, what ...any) {
	t.Helper()
	require.ErrorIs(t, r.Update(t.Context(), w.in), want, what...)
}

// rows are a short list.
func (r rig) rows() []price.Row { return []price.Row{r.row("255", "01", "1", 0)} }

func (r rig) add(t support.TB, of store.PriceOwner, rows ...price.Row) {
	t.Helper()
	r.must(t, changing(of, nil, rows...))
}

func requireRows(t support.TB, from store.PricesReader, of store.PriceOwner, want ...price.Row) {
	t.Helper()
	got, err := from.PriceRows(t.Context(), of)
	require.NoError(t, err)
	support.RequireFacts(t, want, got, "the rows of a list")
}

// requireDraft reads a draft.
func requireDraft(t support.TB, from store.PricesReader, want store.PriceDraft) {
	t.Helper()
	got, err := from.PriceDraft(t.Context(), want.Owner)
	require.NoError(t, err)
	support.RequireFacts(t, []store.PriceDraft{want}, []store.PriceDraft{got}, "the draft")
	require.Len(t, got.Draft.Rows, len(want.Draft.Rows))
	require.Len(t, got.Draft.Undo, len(want.Draft.Undo))
}

// requireAnnounced reads announcements one by one.
func requireAnnounced(t support.TB, from store.PricesReader, want ...store.Announcement) {
	t.Helper()
	for _, a := range want {
		got, err := from.Announcement(t.Context(), a.ID)
		require.NoError(t, err)
		support.RequireFacts(t, []store.Announcement{a}, []store.Announcement{got}, "an announcement")
		require.Len(t, got.Added, len(a.Added))
		require.Len(t, got.Undone, len(a.Undone))
	}
}

func (r rig) draft(of store.PriceOwner, revision int64, rows ...price.Row) store.PriceDraft {
	return store.PriceDraft{Owner: of, Revision: revision, Draft: price.Draft{Rows: rows}, Actor: account.Actor{ID: "o", Name: "Olena"}, At: r.now}
}

// announcement is the nth of an owner, as ids go.
func (r rig) announcement(of store.PriceOwner, n int) store.Announcement {
	return store.Announcement{
		ID: accounttest.ID(500 + n), Owner: of, At: r.now.Add(time.Duration(n) * time.Second),
		Actor: account.Actor{ID: "o", Name: "Olena"}, Reason: "dearer", Added: []price.Row{r.row("255", "01", "0.03", n)},
	}
}
