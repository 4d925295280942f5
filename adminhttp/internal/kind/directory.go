package kind

import (
	"time"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/adminhttp/internal/words"
)

// Directory is what must be known to call things by their names: the managers the actor
// may see, and the products.
type Directory struct {
	Managers []account.Manager
	Products []account.Product
}

// ManagerName returns the name of a manager; of one that is gone, or that the actor
// does not see, it says no more than that.
func (d Directory) ManagerName(id account.ID) words.Text {
	for _, m := range d.Managers {
		if m.ID == id {
			return words.Plain(m.Name)
		}
	}
	return nameless(id, "another manager")
}

// ProductName returns the name of a product; of one that is gone it says no more than that.
func (d Directory) ProductName(id account.ID) words.Text {
	for _, p := range d.Products {
		if p.ID == id {
			return words.Plain(p.Name)
		}
	}
	return nameless(id, "a product no longer there")
}

func nameless(id account.ID, otherwise words.Text) words.Text {
	if id.IsZero() {
		return ""
	}
	return otherwise
}

// Wording is what the words and the typed form of one client's fields depend on, or those
// of one of a list.
type Wording struct {
	Directory
	Currency account.Currency
	Zone     *time.Location
}
