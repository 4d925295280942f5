package bunstore

import (
	"context"
	"fmt"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/store"
)

// itemTable keeps the items of a list.
type itemTable struct {
	name    string
	columns []string
	decode  func(*row) store.Item
	values  func(store.Item) (values, error)
	locks   bool // an item that a transaction reads is kept from being changed
	tells   bool // accounts go by it, so that others are told when it changes
}

// itemTables has a row for each list.
var itemTables = map[store.List]itemTable{
	store.ListManagers: {name: "clientaccount_managers", columns: managerColumns, decode: managerRow, values: managerValues},
	store.ListProducts: {name: "clientaccount_products", columns: productColumns, decode: productRow, values: productValues, locks: true, tells: true},
}

// byName orders without regard to case; name_key is the folded name.
const byName = "name_key, id"

var managerColumns = []string{"id", "revision", "name", "email", "phone"}

func managerRow(r *row) store.Item {
	return account.Manager{ID: r.id(), Revision: r.integer(), Name: r.text(), Email: r.text(), Phone: r.text()}
}

func managerValues(item store.Item) (values, error) {
	m := item.(account.Manager)
	if !storable(m.Name, m.Email, m.Phone) {
		return nil, errText
	}
	return values{
		"id": idText(m.ID), "revision": m.Revision, "name": m.Name, "name_key": account.Fold(m.Name),
		"email": m.Email, "phone": m.Phone,
	}, nil
}

var productColumns = []string{
	"id", "revision", "name", "currency", "price", "credit_limit", "priority", "dlr_days", "moderation",
}

func productRow(r *row) store.Item {
	return account.Product{
		ID: r.id(), Revision: r.integer(), Name: r.text(), Currency: account.Currency(r.text()),
		Price: r.amount(), CreditLimit: r.amount(), Priority: r.number(), DLRDays: r.number(),
		Moderation: account.Moderation(r.text()),
	}
}

func productValues(item store.Item) (values, error) {
	p := item.(account.Product)
	if !storable(p.Name, string(p.Currency), string(p.Moderation)) {
		return nil, errText
	}
	price, err := amountValue(p.Price)
	if err != nil {
		return nil, err
	}
	limit, err := amountValue(p.CreditLimit)
	if err != nil {
		return nil, err
	}
	return values{
		"id": idText(p.ID), "revision": p.Revision, "name": p.Name, "name_key": account.Fold(p.Name),
		"currency": string(p.Currency), "price": price, "credit_limit": limit,
		"priority": numberValue(p.Priority), "dlr_days": numberValue(p.DLRDays), "moderation": string(p.Moderation),
	}, nil
}

// item is the item of an id, locked or not. Nothing is asked for the zero id.
func (s session) item(ctx context.Context, list store.List, id account.ID, lock bool) (store.Item, error) {
	table, known := itemTables[list]
	if !known || id.IsZero() {
		return nil, notFound(ctx)
	}
	q := s.from(table.name).Where("id = ?", idValue(id))
	if lock && table.locks {
		q = s.engine.share(q)
	}
	return one(ctx, s, q, table.columns, table.decode)
}

func (s session) Item(ctx context.Context, list store.List, id account.ID) (store.Item, error) {
	return s.item(ctx, list, id, false)
}

func (t *tx) Item(ctx context.Context, list store.List, id account.ID) (store.Item, error) {
	return t.item(ctx, list, id, true)
}

func (s session) Items(ctx context.Context, of store.List) ([]store.Item, error) {
	table, known := itemTables[of]
	if !known {
		return nil, ctx.Err()
	}
	return list(ctx, s, s.from(table.name).OrderExpr(byName), table.columns, table.decode)
}

func (t *tx) PutItem(ctx context.Context, item store.Item, was int64) error {
	head := store.HeadOf(item)
	table, known := itemTables[head.List]
	if !known {
		return fmt.Errorf("bunstore: %T is no item of a list", item)
	}
	v, err := table.values(item)
	if err != nil {
		return err
	}
	if err := t.put(ctx, table.name, head.ID, was, v); err != nil || was == 0 || !table.tells {
		return err
	}
	return t.changed(ctx, head.ID)
}

func (t *tx) DeleteItem(ctx context.Context, list store.List, id account.ID) error {
	table, known := itemTables[list]
	if !known {
		return notFound(ctx)
	}
	return t.remove(ctx, table.name, id)
}

// put inserts (was 0) or replaces a row.
func (t *tx) put(ctx context.Context, table string, id account.ID, was int64, v values) error {
	if was == 0 {
		return t.insert(ctx, table, v)
	}
	return t.replace(ctx, table, id, was, v)
}
