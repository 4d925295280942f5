package page

import (
	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/adminhttp/internal/ask"
	"github.com/clientaccount/clientaccount/adminhttp/internal/kind"
	"github.com/clientaccount/clientaccount/adminhttp/internal/words"
)

// ReadDirectory returns the managers that the actor may see, and the products.
func ReadDirectory(r *ask.Request) (kind.Directory, error) {
	managers, err := r.Managers()
	if err != nil {
		return kind.Directory{}, err
	}
	products, err := r.Service.Products(r.Context())
	return kind.Directory{Managers: managers, Products: products}, err
}

// WordingOf returns that of a client's fields.
func WordingOf(d kind.Directory, a account.Account) kind.Wording {
	return kind.Wording{Directory: d, Currency: a.Core.Currency, Zone: words.Zone(a)}
}
