package ask

import (
	"github.com/clientaccount/clientaccount"
	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/adminhttp/internal/access"
	"github.com/clientaccount/clientaccount/validate"
)

// products is the list of products.
var products = table[account.Product]{
	texts: ListTexts{
		Name: "products", Title: "Products", One: "product", Many: "products", Filter: "product",
		About: "Tariffs: the defaults that their clients inherit, and the reference price of a message part. A product that clients have cannot be removed.",
	},
	needs:  ListNeeds{access.ListProducts, access.KeepProducts, access.KeepProducts, access.SeeProduct, access.EditProduct},
	fields: account.ProductTable(),
	head:   func(p *account.Product) (*account.ID, *int64) { return &p.ID, &p.Revision },
	rules:  (*validate.Validator).Product,
	all:    (*clientaccount.Service).Products,
	one:    (*clientaccount.Service).Product,
	save:   (*clientaccount.Service).SaveProduct,
	remove: (*clientaccount.Service).DeleteProduct,
	alone:  (*Request).productAlone,
}
