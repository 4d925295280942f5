package rows

import (
	"github.com/shopspring/decimal"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/internal/textform"
	"github.com/clientaccount/clientaccount/store"
)

// ItemTable keeps the items of a list.
type ItemTable struct {
	Name    string
	Columns []string // as Read reads them
	Read    func(*Row) store.Item
	Named   func(store.Item) (map[string]any, error) // as bun writes them
	Locks   bool                                     // an item that a transaction reads is kept from being changed
	Tells   bool                                     // accounts go by it, so that others are told when it changes
}

// ItemTables has a row for each list.
var ItemTables = map[store.List]ItemTable{
	store.ListManagers: itemTable("clientaccount_managers", managers, func(m *account.Manager) string { return m.Name }, false),
	store.ListProducts: itemTable("clientaccount_products", products, func(p *account.Product) string { return p.Name }, true),
}

// itemTable is the table of a codec and a column for the folded name; settings says that
// the items have settings of accounts.
func itemTable[T store.Listed](name string, c Codec[T], named func(*T) string, settings bool) ItemTable {
	written := c.And(Codec[T]{derived("name_key", func(v *T) string { return textform.ForSort(named(v)) })})
	return ItemTable{
		Name:    name,
		Columns: c.Names(),
		Read:    func(r *Row) store.Item { return c.Read(r) },
		Named: func(item store.Item) (map[string]any, error) {
			v := item.(T)
			return written.Named(&v)
		},
		Locks: settings, Tells: settings,
	}
}

var managers = Codec[account.Manager]{
	key("id", func(m *account.Manager) *account.ID { return &m.ID }),
	bigint("revision", func(m *account.Manager) *int64 { return &m.Revision }),
	text("name", func(m *account.Manager) *string { return &m.Name }),
	text("email", func(m *account.Manager) *string { return &m.Email }),
	text("phone", func(m *account.Manager) *string { return &m.Phone }),
}

var products = Codec[account.Product]{
	key("id", func(p *account.Product) *account.ID { return &p.ID }),
	bigint("revision", func(p *account.Product) *int64 { return &p.Revision }),
	text("name", func(p *account.Product) *string { return &p.Name }),
	text("currency", func(p *account.Product) *account.Currency { return &p.Currency }),
	optionalAmount("price", func(p *account.Product) *account.Optional[decimal.Decimal] { return &p.Price }),
	optionalAmount("credit_limit", func(p *account.Product) *account.Optional[decimal.Decimal] { return &p.CreditLimit }),
	optionalInteger("priority", func(p *account.Product) *account.Optional[int] { return &p.Priority }),
	optionalInteger("dlr_days", func(p *account.Product) *account.Optional[int] { return &p.DLRDays }),
	text("moderation", func(p *account.Product) *account.Moderation { return &p.Moderation }),
}
