package ask

import (
	"strings"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/adminhttp/internal/access"
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
func Lists() []List { return []List{managers{}, products{}} }

// ListTexts are what a list is called.
type ListTexts struct {
	Name   string // in URLs
	Title  string
	One    string
	About  string
	Filter string // of the Clients list
}

// ListNeeds are what the routes of a list ask for.
type ListNeeds struct{ List, Keep, Add, See, Edit access.Need }

// ListRow is one of a list, its fields as text by their paths.
type ListRow struct {
	ID       account.ID
	Revision int64
	Texts    map[string]string
}

// textsOf are the fields of a T as text, by their paths; amounts with the digits of their
// currency.
func textsOf[T any](t account.Table[T], of T, c account.Currency) map[string]string {
	texts := map[string]string{}
	for f := range t.All() {
		text := t.Text(of, f.Path)
		if amount, err := account.ParseAmount(text); f.Kind == account.FieldAmount && err == nil {
			text = c.FormatPlain(amount)
		}
		texts[f.Path] = text
	}
	return texts
}

// set puts texts into all fields of a T, and returns the faults of what cannot be read. What
// is left out is unset.
func set[T any](t account.Table[T], of *T, texts map[string]string) account.Faults {
	var change account.Change
	for f := range t.All() {
		change = change.Set(f.Path, strings.TrimSpace(texts[f.Path]))
	}
	faults, _ := account.AsFaults(t.Apply(of, change))
	return faults
}
