package page

import (
	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/adminhttp/internal/ask"
	"github.com/clientaccount/clientaccount/adminhttp/internal/kind"
	"github.com/clientaccount/clientaccount/adminhttp/internal/words"
)

// ReadDirectory are the managers that the actor may see, and the products.
func ReadDirectory(r *ask.Request) (kind.Directory, error) {
	all, err := r.Service.Managers(r.Context())
	if err != nil {
		return kind.Directory{}, err
	}
	var d kind.Directory
	for _, m := range all {
		if r.Judge.Manager(m.ID) {
			d.Managers = append(d.Managers, m)
		}
	}
	d.Products, err = r.Service.Products(r.Context())
	return d, err
}

// WordingOf is that of a client's fields.
func WordingOf(d kind.Directory, a account.Account) kind.Wording {
	return kind.Wording{Directory: d, Currency: a.Core.Currency, Zone: words.Zone(a)}
}
