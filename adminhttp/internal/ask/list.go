package ask

import (
	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/adminhttp/internal/access"
	"github.com/clientaccount/clientaccount/adminhttp/internal/words"
)

// List is one of the lists that clients point at: managers, products.
type List interface {
	Texts() ListTexts
	Needs() ListNeeds
	// Fields are what the form asks for, in order, the name first.
	Fields() []account.Field
	// Rows are all of the list that the actor sees, by name.
	Rows(r *Request) ([]ListRow, error)
	// Row is the row of an id, or account.ErrNotFound.
	Row(r *Request, id account.ID) (ListRow, error)
	// Save stores a row, a new one at revision 0, and returns its id. Its Faults go beside
	// the fields.
	Save(r *Request, row ListRow) (account.ID, error)
	// Remove removes one that no client has, or returns clientaccount.ErrInUse.
	Remove(r *Request, id account.ID) error
}

// Lists are all of them.
func Lists() []List { return []List{managers, products} }

// ListTexts are what a list is called.
type ListTexts struct {
	Name   string // in URLs
	Title  words.Text
	One    string
	About  words.Text
	Filter string // of the Clients list
}

// ListNeeds are what the routes of a list ask for.
type ListNeeds struct{ List, Keep, Add, See, Edit access.Need }

// ListRow is one of a list, its fields as text by their paths.
type ListRow struct {
	ID       account.ID
	Revision int64
	Texts    map[string]string // amounts with the digits of their currency
	Currency account.Currency  // of its amounts; empty: unknown
}
