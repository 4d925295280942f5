package ask

import (
	"slices"
	"sync"

	"github.com/shopspring/decimal"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/adminhttp/internal/access"
	"github.com/clientaccount/clientaccount/validate"
)

// products is the list of products.
type products struct{}

func (products) Texts() ListTexts {
	return ListTexts{
		Name: "products", Title: "Products", One: "product", Filter: "product",
		About: "Tariffs: the defaults that their clients inherit, and the reference price of a message part. A product that clients have cannot be removed.",
	}
}

func (products) Needs() ListNeeds {
	return ListNeeds{access.ListProducts, access.KeepProducts, access.KeepProducts, access.SeeProduct, access.EditProduct}
}

func (products) Fields() []account.Field { return account.ProductTable().Fields() }

func (products) Rows(r *Request) ([]ListRow, error) {
	all, err := r.Service.Products(r.Context())
	var rows []ListRow
	for _, p := range all {
		rows = append(rows, productRow(p))
	}
	return rows, err
}

func (products) Row(r *Request, id account.ID) (ListRow, error) {
	p, err := r.Service.Product(r.Context(), id)
	return productRow(p), err
}

func productRow(p account.Product) ListRow {
	return ListRow{p.ID, p.Revision, textsOf(account.ProductTable(), p, p.Currency)}
}

func (p products) Save(r *Request, row ListRow) (account.ID, error) {
	given := account.Some(decimal.Zero) // as which an amount counts that cannot be read
	product := account.Product{ID: row.ID, Revision: row.Revision, Price: given, CreditLimit: given}
	if unread := set(account.ProductTable(), &product, row.Texts); len(unread) > 0 {
		return account.ID{}, p.allFaults(product, unread)
	}
	saved, err := r.Service.SaveProduct(r.Context(), product)
	return saved.ID, err
}

var rules = sync.OnceValue(validate.New)

// allFaults are those of what could not be read and of the rest, in the form's order.
func (p products) allFaults(product account.Product, faults account.Faults) error {
	unread := slices.Clone(faults)
	for _, fault := range rules().Product(product) {
		if !unread.On(fault.Path) {
			faults = append(faults, fault)
		}
	}
	order := map[string]int{}
	for i, f := range p.Fields() {
		order[f.Path] = i
	}
	slices.SortStableFunc(faults, func(a, b account.Fault) int { return order[a.Path] - order[b.Path] })
	return faults
}

func (products) Remove(r *Request, id account.ID) error {
	return r.Service.DeleteProduct(r.Context(), id)
}
