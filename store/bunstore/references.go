package bunstore

import (
	"context"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/internal/textform"
)

const (
	managersTable = "clientaccount_managers"
	productsTable = "clientaccount_products"
)

// byName orders without regard to case; name_key is the folded name.
const byName = "name_key, id"

var managerColumns = []string{"id", "revision", "name", "email", "phone"}

func managerRow(r *row) account.Manager {
	return account.Manager{ID: r.id(), Revision: r.integer(), Name: r.text(), Email: r.text(), Phone: r.text()}
}

func (s session) Manager(ctx context.Context, id account.ID) (account.Manager, error) {
	return one(ctx, s, s.from(managersTable).Where("id = ?", idValue(id)), managerColumns, managerRow)
}

func (s session) Managers(ctx context.Context) ([]account.Manager, error) {
	return list(ctx, s, s.from(managersTable).OrderExpr(byName), managerColumns, managerRow)
}

func (t *tx) PutManager(ctx context.Context, m account.Manager, was int64) error {
	if !storable(m.Name, m.Email, m.Phone) {
		return errText
	}
	return t.put(ctx, managersTable, m.ID, was, values{
		"id": idText(m.ID), "revision": m.Revision, "name": m.Name, "name_key": textform.ForSort(m.Name),
		"email": m.Email, "phone": m.Phone,
	})
}

func (t *tx) DeleteManager(ctx context.Context, id account.ID) error {
	return t.remove(ctx, managersTable, id)
}

var productColumns = []string{
	"id", "revision", "name", "currency", "price", "credit_limit", "priority", "dlr_days", "moderation",
}

func productRow(r *row) account.Product {
	return account.Product{
		ID: r.id(), Revision: r.integer(), Name: r.text(), Currency: account.Currency(r.text()),
		Price: r.amount(), CreditLimit: r.amount(), Priority: r.number(), DLRDays: r.number(),
		Moderation: account.Moderation(r.text()),
	}
}

func (s session) Product(ctx context.Context, id account.ID) (account.Product, error) {
	return one(ctx, s, s.from(productsTable).Where("id = ?", idValue(id)), productColumns, productRow)
}

func (t *tx) Product(ctx context.Context, id account.ID) (account.Product, error) {
	return one(ctx, t.session, t.engine.share(t.from(productsTable).Where("id = ?", idValue(id))), productColumns, productRow)
}

func (s session) Products(ctx context.Context) ([]account.Product, error) {
	return list(ctx, s, s.from(productsTable).OrderExpr(byName), productColumns, productRow)
}

func (t *tx) PutProduct(ctx context.Context, p account.Product, was int64) error {
	if !storable(p.Name, string(p.Currency), string(p.Moderation)) {
		return errText
	}
	price, err := amountValue(p.Price)
	if err != nil {
		return err
	}
	limit, err := amountValue(p.CreditLimit)
	if err != nil {
		return err
	}
	err = t.put(ctx, productsTable, p.ID, was, values{
		"id": idText(p.ID), "revision": p.Revision, "name": p.Name, "name_key": textform.ForSort(p.Name),
		"currency": string(p.Currency), "price": price, "credit_limit": limit,
		"priority": numberValue(p.Priority), "dlr_days": numberValue(p.DLRDays), "moderation": string(p.Moderation),
	})
	if err != nil || was == 0 {
		return err
	}
	return t.changed(ctx, p.ID)
}

func (t *tx) DeleteProduct(ctx context.Context, id account.ID) error {
	return t.remove(ctx, productsTable, id)
}

// put inserts (was 0) or replaces a row.
func (t *tx) put(ctx context.Context, table string, id account.ID, was int64, v values) error {
	if was == 0 {
		return t.insert(ctx, table, v)
	}
	return t.replace(ctx, table, id, was, v)
}
