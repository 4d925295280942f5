package ask

import (
	"github.com/clientaccount/clientaccount"
	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/adminhttp/internal/access"
	"github.com/clientaccount/clientaccount/adminhttp/internal/words"
	"github.com/clientaccount/clientaccount/validate"
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
	// Effect is what saving a row would come to for clients; nil where that is nothing.
	Effect(r *Request, row ListRow) (*ListEffect, error)
	// Save stores a row, a new one at revision 0, and returns its id. Its Faults go beside
	// the fields.
	Save(r *Request, row ListRow, reason string) (account.ID, error)
	// Remove removes one that no client has, or returns clientaccount.ErrInUse.
	Remove(r *Request, id account.ID, reason string) error
	// RecordField is the field that a record of a row names as the actor may be told of it; false
	// where they may not.
	RecordField(r *Request, path string) (account.Field, bool)
	// History is a page of what was done to a row, or account.ErrNotFound where none ever was.
	History(r *Request, q account.ChangeQuery) (ListHistory, error)
	// Undone is a row, at the revision that was seen, with the change taken back that led to the
	// revision record. Its Faults say why it cannot be.
	Undone(r *Request, id account.ID, revision, record int64) (ListRow, error)
	// Undo takes that change back.
	Undo(r *Request, id account.ID, revision, record int64, reason string) error
}

// ProductList is that of products.
func ProductList() List { return products }

// Lists are all of them.
func Lists() []List { return []List{managers, products} }

// ListTexts are what a list is called.
type ListTexts struct {
	Name   string // in URLs
	Title  words.Text
	One    words.Text
	Many   words.Text
	About  words.Text
	Filter string // of the Clients list
	Priced bool   // each has a price list
	// What was done by who made one, and who removed one.
	Created, Removed words.Text
}

// ListNeeds are what the routes of a list ask for.
type ListNeeds struct{ List, Keep, Add, See, Edit, History, Undo access.Need }

// ListEffect is what saving a row would come to for the clients that have it.
type ListEffect struct {
	clientaccount.ProductPreview
	// Hidden: the actor does not see all that it would tell, so it tells only that there is something.
	Hidden bool
	// Others: what it tells is of the clients within the scope; whether there are others is not told.
	Others bool
}

// ListRow is one of a list, its fields as text by their paths.
type ListRow struct {
	ID       account.ID
	Revision int64
	Texts    map[string]string // amounts with the digits of their currency
	Currency account.Currency  // of its amounts; empty: unknown
}

// managers is the list of managers.
var managers = table[account.Manager]{
	texts: ListTexts{
		Name: "managers", Title: "Managers", One: "manager", Many: "managers", Filter: "manager",
		About:   "People who look after clients. A manager with clients cannot be removed before they are given to another.",
		Created: "created the manager", Removed: "removed the manager",
	},
	needs: ListNeeds{
		access.ListManagers, access.KeepManagers, access.AddManager, access.SeeManager, access.EditManager, access.ManagerHistory, access.UndoManager,
	},
	fields: account.ManagerTable(),
	head:   func(m *account.Manager) (*account.ID, *int64) { return &m.ID, &m.Revision },
	shows:  access.Judge.Manager,
	rules:  (*validate.Validator).Manager,
	all:    (*clientaccount.Service).Managers,
	one:    (*clientaccount.Service).Manager,
	save:   (*clientaccount.Service).SaveManager,
	remove: (*clientaccount.Service).DeleteManager,
	// its history
	changes: (*clientaccount.Service).ManagerChanges,
	undone:  (*clientaccount.Service).UndoneManager,
	undo:    (*clientaccount.Service).UndoManager,
}

// Managers are those that the actor sees, by name.
func (r *Request) Managers() ([]account.Manager, error) { return managers.seen(r) }

// products is the list of products.
var products = table[account.Product]{
	texts: ListTexts{
		Name: "products", Title: "Products", One: "product", Many: "products", Filter: "product", Priced: true,
		About:   "Tariffs: the defaults that their clients inherit, and the reference price of a message part. A product that clients have cannot be removed.",
		Created: "created the product", Removed: "removed the product",
	},
	needs: ListNeeds{
		access.ListProducts, access.KeepProducts, access.KeepProducts, access.SeeProduct, access.EditProduct, access.ProductHistory, access.UndoProduct,
	},
	fields: account.ProductTable(),
	head:   func(p *account.Product) (*account.ID, *int64) { return &p.ID, &p.Revision },
	rules:  (*validate.Validator).Product,
	all:    (*clientaccount.Service).Products,
	one:    (*clientaccount.Service).Product,
	save:   (*clientaccount.Service).SaveProduct,
	remove: (*clientaccount.Service).DeleteProduct,
	// its history
	changes: (*clientaccount.Service).ProductChanges,
	undone:  (*clientaccount.Service).UndoneProduct,
	undo:    (*clientaccount.Service).UndoProduct,
	others: func(j access.Judge, path string) bool {
		return path == account.PathPrices && j.Shows(path) && j.Meets(access.ProductPrices.See)
	},
	effect: (*Request).productEffect,
	alone:  (*Request).productAlone,
}

// givenPaths are the fields of clients that tell of what a product's field gives, beside which
// product they have.
var givenPaths = map[string]string{
	"credit_limit": "credit.limit", "priority": "routing.priority", "dlr_days": "sending.dlr_days", "moderation": "moderation",
}

// productEffect is what a product's other values would come to for its clients.
func (r *Request) productEffect(p account.Product) (*ListEffect, error) {
	before, err := r.Service.Product(r.Context(), p.ID)
	if err != nil {
		return nil, err
	}
	if p.Currency != before.Currency { // which stays where clients have the product: saving says so
		return nil, nil
	}
	changed, sees := false, r.Judge.Shows("notes.product", "login", "contact.company", "status")
	for _, fc := range account.ProductTable().Diff(before, p) {
		changed = changed || fc.Path != "name"
		sees = sees && (givenPaths[fc.Path] == "" || r.Judge.Shows(givenPaths[fc.Path]))
	}
	if !changed || !sees {
		return hiddenEffect(changed), nil
	}
	preview, err := r.Service.PreviewProduct(r.Context(), p, r.Judge.Managers())
	_, faulty := account.AsFaults(err)
	nobody := preview.Touched+preview.Unread == 0
	switch all := r.Judge.All(); {
	case faulty, err == nil && nobody && all:
		return nil, nil // saving says what is wrong
	case err == nil && nobody:
		return hiddenEffect(true), nil
	default:
		return &ListEffect{ProductPreview: preview, Others: !all}, err
	}
}

// hiddenEffect tells only that there is something.
func hiddenEffect(changed bool) *ListEffect {
	if !changed {
		return nil
	}
	return &ListEffect{Hidden: true}
}
