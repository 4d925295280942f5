package adminhttp

import (
	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/adminhttp/internal/access"
)

// list is one of the lists that clients point at: managers, products.
type list interface {
	texts() listTexts
	needs() listNeeds
	// fields are what the form asks for, in order, the name first.
	fields() []account.Field
	// rows are all of the list that the actor sees, by name.
	rows(r *request) ([]listRow, error)
	row(r *request, id account.ID) (listRow, error)
	// save stores a row, a new one at revision 0, and returns its id. Its Faults go beside
	// the fields.
	save(r *request, row listRow) (account.ID, error)
	// remove removes one that no client has, or returns clientaccount.ErrInUse.
	remove(r *request, id account.ID) error
}

// lists are all of them.
func lists() []list { return []list{managers{}, products{}} }

// listTexts are what a list is called.
type listTexts struct {
	Name   string // in URLs
	Title  string
	One    string
	About  string
	Filter string // of the Clients list
}

// listNeeds are what the routes of a list ask for.
type listNeeds struct{ list, keep, add, see, edit access.Need }

// listRow is one of a list, its fields as text by their paths.
type listRow struct {
	id       account.ID
	revision int64
	texts    map[string]string
}
