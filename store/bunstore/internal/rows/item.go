package rows

import (
	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/internal/textform"
	"github.com/clientaccount/clientaccount/store"
)

// ItemTable keeps the items of a list.
type ItemTable struct {
	Name    string
	History History
	Columns []string // as Read reads them
	Read    func(*Row) store.Item
	Named   func(store.Item) (map[string]any, error) // as bun writes them
	Locks   bool                                     // an item that a transaction reads is kept from being changed
	Tells   bool                                     // accounts go by it, so that others are told when it changes
}

// ItemTables has a row for each list.
var ItemTables = map[store.List]ItemTable{
	store.ListManagers: itemTable("manager", managers, account.ManagerTable(), false),
	store.ListProducts: itemTable("product", products, account.ProductTable(), true),
}

var (
	managers = itemColumns(account.ManagerTable(), func(m *account.Manager) (*account.ID, *int64) { return &m.ID, &m.Revision })
	products = itemColumns(account.ProductTable(), func(p *account.Product) (*account.ID, *int64) { return &p.ID, &p.Revision })
)

// itemColumns are the columns of the items of a list: what all have, and one for each of
// their fields.
func itemColumns[T any](fields account.Table[T], head func(*T) (*account.ID, *int64)) Codec[T] {
	all := Codec[T]{
		key("id", func(v *T) *account.ID { id, _ := head(v); return id }),
		bigint("revision", func(v *T) *int64 { _, revision := head(v); return revision }),
	}
	return all.And(columnsOf(fields, func(f account.Field) account.FieldKind { return itemKind(fields, f) }))
}

// itemTable is the table of a codec and a column for the folded name, with its history, all called
// after what an item is; settings says that the items have settings of accounts.
func itemTable[T store.Listed](one string, c Codec[T], fields account.Table[T], settings bool) ItemTable {
	written := c.And(Codec[T]{derived("name_key", func(v *T) string { return textform.ForSort(fields.Text(*v, "name")) })})
	return ItemTable{
		Name:    "clientaccount_" + one + "s",
		History: history(one+"_id", "clientaccount_"+one+"_changes", "clientaccount_"+one+"_change_fields"),
		Columns: c.Names(),
		Read:    func(r *Row) store.Item { return c.Read(r) },
		Named: func(item store.Item) (map[string]any, error) {
			v := item.(T)
			return written.Named(&v)
		},
		Locks: settings, Tells: settings,
	}
}

// itemKind is the kind of column that keeps a field of an item: a choice among numbers is
// kept as a number.
func itemKind[T any](t account.Table[T], f account.Field) account.FieldKind {
	if _, number := t.Value(new(T), f.Path).(account.Optional[int]); number {
		return account.FieldNumber
	}
	return f.Kind
}
