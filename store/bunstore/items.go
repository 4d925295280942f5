package bunstore

import (
	"context"
	"fmt"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/store"
	"github.com/clientaccount/clientaccount/store/bunstore/internal/rows"
	"github.com/clientaccount/clientaccount/store/bunstore/internal/session"
)

// byName orders without regard to case; name_key is the folded name.
const byName = "name_key, id"

// item returns the item of an id, locked or not. Nothing is asked for the zero id.
func (s reader) item(ctx context.Context, of store.List, id account.ID, lock bool) (store.Item, error) {
	table, ok := rows.ItemTables[of]
	if !ok || id.IsZero() {
		return nil, session.NotFound(ctx)
	}
	q := s.From(table.Name).Where("id = ?", rows.IDText(id))
	if lock && table.Locks {
		q = s.Dialect.Share(q)
	}
	return session.Only(session.Listed(ctx, s.Session, q, table.Columns, table.Read))
}

func (s reader) Item(ctx context.Context, of store.List, id account.ID) (store.Item, error) {
	return s.item(ctx, of, id, false)
}

func (t *tx) Item(ctx context.Context, of store.List, id account.ID) (store.Item, error) {
	return t.item(ctx, of, id, true)
}

func (s reader) Items(ctx context.Context, of store.List) ([]store.Item, error) {
	table, ok := rows.ItemTables[of]
	if !ok {
		return nil, ctx.Err()
	}
	return session.Listed(ctx, s.Session, s.From(table.Name).OrderExpr(byName), table.Columns, table.Read)
}

func (t *tx) PutItem(ctx context.Context, item store.Item, was int64) error {
	head := store.HeadOf(item)
	table, ok := rows.ItemTables[head.List]
	if !ok {
		return fmt.Errorf("bunstore: %T is no item of a list", item)
	}
	v, err := table.Named(item)
	if err != nil {
		return err
	}
	if err := t.put(ctx, table.Name, head.ID, was, v); err != nil || was == 0 || !table.Tells {
		return err
	}
	return t.changed(ctx, head.ID)
}

// DeleteItem removes the prices of a product, too.
func (t *tx) DeleteItem(ctx context.Context, of store.List, id account.ID) error {
	table, ok := rows.ItemTables[of]
	if !ok {
		return session.NotFound(ctx)
	}
	if err := t.remove(ctx, table.Name, id); err != nil || of != store.ListProducts {
		return err
	}
	return t.Forget(ctx, store.PriceOwner{Product: id})
}

func (s reader) ItemChanges(ctx context.Context, of store.List, q account.ChangeQuery) ([]account.Record, error) {
	table, ok := rows.ItemTables[of]
	if !ok {
		return nil, ctx.Err()
	}
	return s.records(ctx, table.History, q)
}

func (t *tx) AddItemChange(ctx context.Context, of store.List, r account.Record) error {
	table, ok := rows.ItemTables[of]
	if !ok {
		return fmt.Errorf("bunstore: %q is no list", of)
	}
	return t.addRecord(ctx, table.History, r)
}
