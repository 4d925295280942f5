package adminhttp

import (
	"html/template"
	"net/http"
	"net/url"
	"strings"
	"sync"

	"github.com/clientaccount/clientaccount"
	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/adminhttp/internal/access"
	"github.com/clientaccount/clientaccount/adminhttp/internal/words"
)

// clientsView is the Clients list.
type clientsView struct {
	State     listState
	Statuses  []option
	Managers  []option
	Products  []option
	Columns   []column
	Rows      []clientRow
	Next      string // URLs; empty where there is nothing
	First     string
	New       string
	Clear     string
	Countries optionList
	Shows     map[string]bool // fields the actor may see
	Fault     string
}

// Selected are the country options with the chosen one marked.
func (v clientsView) Selected() template.HTML { return v.Countries.selected(v.State.Country) }

// Filtered says whether anything narrows the list.
func (v clientsView) Filtered() bool {
	s := v.State
	return s.Search+s.Status+s.Manager+s.Product+s.Country != ""
}

// listState is what the URL says: all of the list's state.
type listState struct {
	Search, Status, Manager, Product, Country string
	Sort                                      account.Sort
	Desc                                      bool
	Cursor                                    string
}

type column struct {
	Title, Href, Sorted string // Sorted: ascending, descending or empty
}

type clientRow struct {
	Login, Company, Country, Manager string
	Status                           pill
	Active                           words.Moment
	Edit                             string
	Money                            *rowMoney
}

// nobody stands in the URL for clients without a manager or product.
const nobody = "none"

func (r *request) readListState() listState {
	q := r.URL.Query()
	s := listState{
		Search: q.Get("q"), Status: q.Get("status"), Manager: q.Get("manager"),
		Product: q.Get("product"), Country: q.Get("country"), Cursor: q.Get("cursor"),
	}
	key, desc := strings.CutPrefix(q.Get("sort"), "-")
	s.Sort, s.Desc = account.Sort(key), desc
	if validSort(string(s.Sort), r.judge) != nil {
		s.Sort, s.Desc = r.judge.FirstSort(), false
	}
	return s
}

// URL is the list in this state, from its first page or after a cursor.
func (s listState) URL(root, cursor string) string {
	values := url.Values{}
	sort := string(s.Sort)
	if s.Desc {
		sort = "-" + sort
	}
	if sort == string(account.SortLogin) {
		sort = ""
	}
	for name, value := range map[string]string{
		"q": s.Search, "status": s.Status, "manager": s.Manager, "product": s.Product,
		"country": s.Country, "sort": sort, "cursor": cursor,
	} {
		if value != "" {
			values.Set(name, value)
		}
	}
	if len(values) == 0 {
		return root + "clients"
	}
	return root + "clients?" + values.Encode()
}

// SortParam is the order as the URL has it.
func (s listState) SortParam() string {
	if s.Desc {
		return "-" + string(s.Sort)
	}
	return string(s.Sort)
}

// query is the state as the Service is asked. What it does not understand, and
// filters by what the actor may not see, find nothing.
func (s listState) query(p access.Judge) (account.Query, bool) {
	q := account.Query{Search: s.Search, Status: account.Status(s.Status), Country: account.Country(s.Country), Sort: s.Sort, Desc: s.Desc}
	for _, filter := range []struct {
		value, path string
		into        *account.Optional[account.ID]
	}{{s.Manager, "manager", &q.Manager}, {s.Product, "notes.product", &q.Product}} {
		if filter.value == "" {
			continue
		}
		id, err := account.ParseID(strings.TrimPrefix(filter.value, nobody))
		if err != nil {
			return q, false
		}
		*filter.into = account.Some(id)
	}
	for path, value := range map[string]string{"status": s.Status, "manager": s.Manager, "notes.product": s.Product, "contact.country": s.Country} {
		if f, _ := account.FieldAt(path); value != "" && !p.Shows(f.Path) {
			return q, false
		}
	}
	return p.Narrow(q), true
}

func listClients(w http.ResponseWriter, r *request) error {
	state := r.readListState()
	d, err := readDirectory(r)
	if err != nil {
		return err
	}
	view := newClientsView(r, state, d)
	status := http.StatusOK
	page := clientaccount.Page{}
	if query, possible := state.query(r.judge); possible {
		page, err = r.service.ListSeen(r.Context(), query, state.Cursor, r.judge.ShowsField)
	}
	if faults, bad := account.AsFaults(err); bad {
		view.Fault, status, err = faults[0].Text, http.StatusUnprocessableEntity, nil
	}
	if err != nil {
		return err
	}
	ids := make([]account.ID, len(page.Rows))
	for i, row := range page.Rows {
		ids[i] = row.ID
	}
	if err := r.readStandings(ids); err != nil {
		return err
	}
	for _, row := range page.Rows {
		shown := newClientRow(r, row, d)
		if shown.Money, err = newRowMoney(r, row); err != nil {
			return err
		}
		view.Rows = append(view.Rows, shown)
	}
	if page.Next != "" {
		view.Next = state.URL(r.root, page.Next)
	}
	return show(w, r, status, "list", "Clients", view)
}

func newClientsView(r *request, s listState, d directory) clientsView {
	view := clientsView{State: s, Clear: r.root + "clients", Columns: s.columns(r), Countries: countryFilter(), Shows: map[string]bool{}}
	for _, path := range []string{"login", "contact.company", "contact.country", "manager", "status", "notes.product"} {
		view.Shows[strings.ReplaceAll(path, ".", "_")] = r.judge.Shows(path)
	}
	view.Shows["money"] = r.judge.May(ActionMoney)
	if r.judge.May(ActionCreate) {
		view.New = r.root + "clients/new"
	}
	if s.Cursor != "" {
		view.First = s.URL(r.root, "")
	}
	for _, status := range append(account.Statuses(), account.StatusExpired) {
		view.Statuses = append(view.Statuses, option{Value: string(status), Label: pillOf(status).Word})
	}
	for _, m := range d.managers {
		view.Managers = append(view.Managers, option{Value: m.ID.String(), Label: m.Name})
	}
	if r.judge.All() {
		view.Managers = append(view.Managers, option{Value: nobody, Label: "No manager"})
	}
	for _, p := range d.products {
		view.Products = append(view.Products, option{Value: p.ID.String(), Label: p.Name})
	}
	view.Products = append(view.Products, option{Value: nobody, Label: "No product"})
	return view
}

// columns are the sortable ones with where their titles lead.
func (s listState) columns(r *request) []column {
	var columns []column
	for _, c := range []struct {
		title string
		sort  account.Sort
	}{{"Login", account.SortLogin}, {"Company", account.SortCompany}, {"Last activity", account.SortActivity}} {
		to := s
		to.Sort, to.Desc = c.sort, c.sort == account.SortActivity // the newest first
		sorted := ""
		if s.Sort == c.sort {
			to.Desc = !s.Desc
			sorted = "ascending"
			if s.Desc {
				sorted = "descending"
			}
		}
		columns = append(columns, column{c.title, to.URL(r.root, ""), sorted})
	}
	return columns
}

func newClientRow(r *request, s account.Summary, d directory) clientRow {
	now := r.service.Now()
	row := clientRow{
		Manager: d.managerName(s.Manager), Status: pillOf(account.StatusAt(s.Status, s.Expires, now)),
		Company: s.Company, Country: s.Country.Name(), Login: s.Login,
		Active: words.MomentOf(s.UpdatedAt, now, now.Location()), Edit: r.root + "clients/" + s.ID.String() + "/edit",
	}
	if row.Company == "" && r.judge.Shows("contact.first_name", "contact.last_name") {
		row.Company = strings.TrimSpace(s.FirstName + " " + s.LastName)
	}
	return row
}

// countryFilter are all countries, as a filter of the list.
var countryFilter = sync.OnceValue(func() optionList {
	options := []option{{Label: "Any country"}}
	for _, c := range account.Countries() {
		options = append(options, option{Value: string(c), Label: c.Name()})
	}
	return newOptionList(options)
})
