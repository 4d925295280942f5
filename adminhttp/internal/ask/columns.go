package ask

import (
	"iter"
	"slices"
	"strings"

	"github.com/clientaccount/clientaccount"
	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/adminhttp/internal/access"
)

// column is one of a file of clients.
type column struct {
	name, title string
	seen        func(access.Judge) bool
	cell        func(*exported) any
	whole       bool // more of the client is needed than its row of the list
}

// exported is a client of which cells are made. What is hidden is none of its columns.
type exported struct {
	r *Request
	account.Summary
	whole    account.Account
	standing *clientaccount.Standing // nil where the actor does not see money
	sums     access.Sums
	managers map[account.ID]string // their names
	products map[account.ID]string
}

// DefaultColumns are those of a file of clients that names none.
var DefaultColumns = []string{
	"id", "login", "contact.company", "contact.first_name", "contact.last_name", "contact.country", "manager", "notes.product", "status",
	"currency", "balance", "available", "moved", "activity", "created",
}

// ColumnName returns the name of a column of the list, or of a file of clients, by a name that a URL
// may have for it.
func ColumnName(name string) string {
	switch name {
	case "company", "country":
		return "contact." + name
	case "product":
		return "notes.product"
	default:
		return name
	}
}

// ownColumns are those that are no field of a client alone.
func ownColumns() []column {
	anybody := func(access.Judge) bool { return true }
	money := func(j access.Judge) bool { return j.May(access.Money) }
	return []column{
		{name: "id", title: "Id", seen: anybody, cell: func(e *exported) any { return e.ID.String() }},
		{name: "status", title: "Status", seen: shows("status"), cell: func(e *exported) any { return string(e.StatusAt(e.r.Service.Now())) }},
		{name: "manager", title: "Manager", seen: shows("manager"), cell: func(e *exported) any { return e.managers[e.Manager] }},
		{name: "notes.product", title: "Product", seen: shows("notes.product"), cell: func(e *exported) any { return e.products[e.Product] }},
		{name: "balance", title: "Balance", seen: money, cell: func(e *exported) any {
			if e.standing == nil || !e.sums.Balance {
				return nil
			}
			return e.standing.Amount
		}},
		{name: "available", title: "Available", seen: money, cell: func(e *exported) any {
			if e.standing == nil || !e.sums.Available {
				return nil
			}
			return e.standing.Available
		}},
		{name: "moved", title: "Last movement", seen: money, cell: func(e *exported) any { return instantOrNil(e.Moved) }},
		{name: "activity", title: "Last edit", seen: anybody, cell: func(e *exported) any { return e.UpdatedAt.UTC() }},
		{name: "created", title: "Created", seen: anybody, cell: func(e *exported) any { return e.CreatedAt.UTC() }},
	}
}

func shows(path string) func(access.Judge) bool {
	return func(j access.Judge) bool { return j.Shows(path) }
}

// rowColumns are the fields that a row of the list has.
var rowColumns = map[string]func(*exported) any{
	"login":              func(e *exported) any { return e.Login },
	"contact.company":    func(e *exported) any { return e.Company },
	"contact.first_name": func(e *exported) any { return e.FirstName },
	"contact.last_name":  func(e *exported) any { return e.LastName },
	"contact.country":    func(e *exported) any { return string(e.Country) },
	"currency":           func(e *exported) any { return string(e.Currency) },
}

// columnOf returns the column of a name: one of its own, or a field that is no secret.
func columnOf(name string) (column, bool) {
	name = ColumnName(name)
	own := ownColumns()
	if i := slices.IndexFunc(own, func(c column) bool { return c.name == name }); i >= 0 {
		return own[i], true
	}
	f, known := account.FieldAt(name)
	if !known || f.Secret() {
		return column{}, false
	}
	c := column{name: f.Path, title: f.Label, seen: shows(f.Path), cell: rowColumns[f.Path]}
	if c.cell == nil {
		c.whole, c.cell = true, func(e *exported) any { return cellOf(f, f.Text(e.whole)) }
	}
	return c, true
}

// cellOf is a field's text as a file has it: an amount as a number, an URL without its tokens.
func cellOf(f account.Field, text string) any {
	if f.Kind == account.FieldAmount && text != "" {
		if amount, err := account.ParseAmount(text); err == nil {
			return amount
		}
	}
	return f.Shown(text)
}

// ExportClients returns the clients that a filter finds as a file, with the columns of these names, or
// [DefaultColumns]; of those that the actor does not see there is nothing. Programs have the columns
// under their names, people under their titles. Errors: column.unknown.
func (r *Request) ExportClients(f ClientFilter, names []string, forPeople bool) (Download, error) {
	if len(names) == 0 {
		names = DefaultColumns
	}
	var columns []column
	var faults account.Faults
	d := Download{Name: "clients"}
	for _, name := range names {
		c, known := columnOf(name)
		switch {
		case !known:
			faults = append(faults, account.NewFault("columns", "column.unknown", strings.ToValidUTF8(name[:min(len(name), 40)], "")))
		case c.seen(r.Judge):
			columns = append(columns, c)
			d.Header = append(d.Header, map[bool]string{true: c.title, false: c.name}[forPeople])
		}
	}
	query, possible := f.Query(r.Judge)
	if d.Rows = func(func([]any, error) bool) {}; possible {
		d.Rows = r.clientRows(query, columns)
	}
	return d, faults.Err()
}

// clientRows reads the list page by page.
func (r *Request) clientRows(q account.Query, columns []column) iter.Seq2[[]any, error] {
	q.Limit = account.MaxPage
	return func(yield func([]any, error) bool) {
		names, err := r.exportedNames()
		for cursor, more := "", err == nil; more; more = cursor != "" {
			var page clientaccount.Page
			if page, err = r.Service.ListSeen(r.Context(), q, cursor, r.Judge.ShowsField); err != nil {
				break
			}
			if err = r.clientPage(page.Rows, names, columns, yield); err != nil {
				break
			}
			cursor = page.Next
		}
		if err != nil && err != errEnough {
			yield(nil, err)
		}
	}
}

// errEnough ends rows that nobody takes any more.
const errEnough = StatusError(0)

// exportedNames knows managers and products by their names.
func (r *Request) exportedNames() (exported, error) {
	e := exported{r: r, managers: map[account.ID]string{}, products: map[account.ID]string{}}
	managers, err := r.Managers()
	if err != nil {
		return e, err
	}
	for _, m := range managers {
		e.managers[m.ID] = m.Name
	}
	products, err := r.Service.Products(r.Context())
	for _, p := range products {
		e.products[p.ID] = p.Name
	}
	return e, err
}

// clientPage makes the rows of a page of the list.
func (r *Request) clientPage(rows []account.Summary, e exported, columns []column, yield func([]any, error) bool) error {
	r.Judge.Forget()
	ids := make([]account.ID, len(rows))
	for i, row := range rows {
		ids[i] = row.ID
	}
	named := func(names ...string) bool {
		return slices.ContainsFunc(columns, func(c column) bool { return slices.Contains(names, c.name) })
	}
	money := named("balance", "available")
	if money {
		if err := r.ReadStandings(ids); err != nil {
			return err
		}
	}
	var whole map[account.ID]account.Account
	if slices.ContainsFunc(columns, func(c column) bool { return c.whole }) {
		var err error
		if whole, err = r.Service.GetMany(r.Context(), ids...); err != nil {
			return err
		}
	}
	for _, row := range rows {
		err := error(nil)
		if e.Summary = row; money {
			e.standing, e.sums, err = r.MoneyOf(row.ID)
		}
		if err != nil {
			return err
		}
		e.whole = whole[row.ID]
		if !yield(e.cells(columns), nil) {
			return errEnough
		}
	}
	return nil
}

func (e *exported) cells(columns []column) []any {
	cells := make([]any, len(columns))
	for i, c := range columns {
		cells[i] = c.cell(e)
	}
	return cells
}
