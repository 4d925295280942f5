// Package prices keeps the price lists of products and clients.
package prices

import (
	"context"
	"slices"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/account/price"
	"github.com/clientaccount/clientaccount/store"
	"github.com/clientaccount/clientaccount/store/bunstore/internal/rows"
	"github.com/clientaccount/clientaccount/store/bunstore/internal/session"
)

// Reader is a [store.PricesReader].
type Reader struct{ s session.Session }

// Tx is what a [store.PricesTx] has beside a [Reader].
type Tx struct{ s session.Session }

var _ store.PricesReader = Reader{}

// NewReader returns the reader of a session.
func NewReader(s session.Session) Reader { return Reader{s} }

// NewTx returns the writer of a session within a transaction.
func NewTx(s session.Session) Tx { return Tx{s} }

const ofOwner = `account_id = $1 AND product = $2`

func ownerArgs(of store.PriceOwner, more ...any) []any {
	return append([]any{rows.IDText(of.Account), rows.IDText(of.Product)}, more...)
}

var selectRows = `SELECT ` + rows.Prices.Columns().List("") + ` FROM clientaccount_prices WHERE ` + ofOwner + ` ORDER BY mcc, mnc, from_at`

// PriceRows is [store.PricesReader]'s.
func (r Reader) PriceRows(ctx context.Context, of store.PriceOwner) ([]price.Row, error) {
	return session.Asked(ctx, r.s, selectRows, rows.Prices, ownerArgs(of)...)
}

// atOnce is how many rows are written by one statement.
const atOnce = 10_000

// ChangePrices is [store.PricesTx]'s.
func (t Tx) ChangePrices(ctx context.Context, of store.PriceOwner, remove []price.Start, add []price.Row) error {
	if err := t.keepOwner(ctx, of); err != nil {
		return err
	}
	err := change(ctx, t.s, of, rows.PriceStarts, remove, t.s.Dialect.Delete("clientaccount_prices", ownedBy(rows.PriceStarts)))
	if err != nil {
		return err
	}
	owned := ownedBy(rows.Prices)
	return change(ctx, t.s, of, rows.Prices, add, `INSERT INTO clientaccount_prices (`+owned.List("")+`)
		SELECT `+owned.List("r.")+` FROM r WHERE TRUE ON CONFLICT DO NOTHING`)
}

// ownedBy returns columns behind those of an owner.
func ownedBy[T any](c rows.Codec[T]) rows.Columns {
	return rows.PriceOwners.Columns().And(c.Columns()...)
}

// change runs a statement over rows of an owner, r, which must change as many.
func change[T any](ctx context.Context, s session.Session, of store.PriceOwner, c rows.Codec[T], all []T, statement string) error {
	owner, next := s.Dialect.Rows(1, rows.PriceOwners.Columns())
	given, _ := s.Dialect.Rows(next, c.Columns())
	statement = `WITH o AS MATERIALIZED (SELECT * FROM ` + owner + `), g AS MATERIALIZED (SELECT * FROM ` + given + `),
		r AS MATERIALIZED (SELECT o.account_id, o.product, ` + c.Columns().List("g.") + ` FROM o CROSS JOIN g) ` + statement
	for some := range slices.Chunk(all, atOnce) {
		whose, those := s.Dialect.Asking(rows.PriceOwners.Columns()), s.Dialect.Asking(c.Columns())
		rows.PriceOwners.Write(whose, &of)
		for i := range some {
			c.Write(those, &some[i])
		}
		args, err := rows.Args(whose, those)
		if err != nil {
			return err
		}
		n, err := s.Change(ctx, statement, args...)
		if err != nil {
			return err
		}
		if n != len(some) {
			return account.ErrConflict
		}
	}
	return nil
}

// keepOwner keeps an owner from being removed until the transaction ends, or is ErrConflict.
func (t Tx) keepOwner(ctx context.Context, of store.PriceOwner) error {
	table := "clientaccount_products"
	switch {
	case of.Product.IsZero():
		table = "clientaccount_accounts"
	case !of.Account.IsZero():
		return account.ErrConflict
	}
	owner := t.s.Dialect.Share(t.s.From(table).Where("id = ?", rows.IDText(of.ID())))
	found, err := session.Listed(ctx, t.s, owner, []string{"id"}, (*rows.Row).ID)
	if err == nil && len(found) == 0 {
		err = account.ErrConflict
	}
	return err
}

// Forget removes all that is kept of an owner who was removed.
func (t Tx) Forget(ctx context.Context, of store.PriceOwner) error {
	for _, table := range []string{"clientaccount_prices", "clientaccount_price_drafts", "clientaccount_price_announcements"} {
		if _, err := t.s.Execute(ctx, `DELETE FROM `+table+` WHERE `+ofOwner, ownerArgs(of)...); err != nil {
			return err
		}
	}
	return nil
}
