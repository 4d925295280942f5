// Package clients is the pages that list clients: all within the scope, and those beneath one.
package clients

import (
	"cmp"
	"embed"
	"html/template"
	"maps"
	"net/http"
	"slices"

	"github.com/clientaccount/clientaccount"
	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/adminhttp/internal/access"
	"github.com/clientaccount/clientaccount/adminhttp/internal/ask"
	"github.com/clientaccount/clientaccount/adminhttp/internal/kind"
	"github.com/clientaccount/clientaccount/adminhttp/internal/markup"
	"github.com/clientaccount/clientaccount/adminhttp/internal/page"
	"github.com/clientaccount/clientaccount/adminhttp/internal/words"
	"github.com/clientaccount/clientaccount/internal/say"
)

//go:embed templates/*.html
var files embed.FS

var pages = page.Parse(files)

// Routes returns the list, and the accounts beneath one.
func Routes() []page.Route {
	pages() // parsed now, and not by the first request
	return []page.Route{
		page.Get("clients", access.Anybody, listClients),
		page.Get("clients/export", access.ExportClients, exportClients),
		page.Get("clients/{id}/subaccounts", access.SeeClient, showSubaccounts),
	}
}

// clientsView is the Clients list.
type clientsView struct {
	State     page.ListState
	Statuses  kind.Chosen
	Managers  kind.Chosen
	Products  kind.Chosen
	Countries kind.Chosen
	Orders    kind.Chosen
	Views     []page.Link
	Counts    []countLink
	Found     []foundRow
	Columns   []column
	Choices   []columnChoice
	Rows      []template.HTML
	Many      *manyBar // nil for who may change nothing of many at once
	Next      string   // URLs; empty where there is nothing
	First     string
	New       string
	Import    string
	Filters   say.Text // what narrows the list but the search
	Clear     string
	Shows     map[string]bool // fields the actor may see
	Fault     say.Text
	Files     []page.Link // the list as files
}

// Order is the order as the URL has it; empty for the first.
func (v clientsView) Order() string { return v.State.Values().Get("sort") }

// Filtered reports whether anything narrows the list.
func (v clientsView) Filtered() bool {
	return v.State.Narrowing() != ask.ClientFilter{}
}

// columnChoice is a column that can be chosen.
type columnChoice struct {
	Name   string
	Title  say.Text
	Chosen bool
}

// listClients reads the rows while managers and products are read, and while clients are counted.
func listClients(w http.ResponseWriter, r *ask.Request) error {
	s := page.ReadListState(r.URL.Query(), r.Judge)
	directory := ask.Beside(func() (kind.Directory, error) { return page.ReadDirectory(r) })
	view := newClientsView(r, s)
	counts := view.count(r, directory)
	defer func() { _, _ = counts.counted() }() // nothing goes on behind the answer
	status, shown := http.StatusOK, clientaccount.Page{}
	query, possible := s.Query(r.Judge)
	var err error
	if possible {
		shown, err = r.Service.ListSeen(r.Context(), query, s.Cursor, r.Judge.ShowsField)
	}
	if faults, bad := account.AsFaults(err); bad {
		view.Fault, status, err = words.Fault(faults[0]), http.StatusUnprocessableEntity, nil
	}
	d, unread := directory()
	if err = cmp.Or(err, unread); err != nil {
		return err
	}
	if err := view.tell(r, d, shown, query, counts); err != nil {
		return err
	}
	title, err := page.ListTitle(r, s, d)
	if err != nil {
		return err
	}
	return pages.Show(w, r, status, "list", title, view)
}

// tell adds what was read to a page.
func (v *clientsView) tell(r *ask.Request, d kind.Directory, shown clientaccount.Page, q account.Query, counts counting) (err error) {
	v.addFilters(r, d)
	if v.Filters, err = v.State.Filters(r, d); err != nil {
		return err
	}
	if err := v.addRows(r, shown.Rows, q, d); err != nil {
		return err
	}
	if v.Fault == "" {
		if err := v.addCounts(r, counts, shown); err != nil {
			return err
		}
	}
	if v.State.Cursor == "" {
		v.Found, err = findByKey(r, v.State.Search)
	}
	if shown.Next != "" {
		v.Next = v.State.URL(r.Root, shown.Next)
	}
	return err
}

func newClientsView(r *ask.Request, s page.ListState) clientsView {
	all := allColumns(r.Judge)
	view := clientsView{State: s, Clear: r.Root + "clients", Columns: linked(columnsOf(s, all), r, s), Countries: kind.CountryFilter().Selected(s.Country), Shows: map[string]bool{}}
	for name, path := range map[string]string{"status": "status", "manager": "manager", "product": "notes.product", "country": "contact.country"} {
		view.Shows[name] = r.Judge.Shows(path)
	}
	if r.Judge.May(access.Create) {
		view.New = r.Root + "clients/new"
	}
	if r.Judge.Meets(access.ImportClients) && r.Service.KeepsTasks() {
		view.Import = r.Root + "clients/import"
	}
	state := s
	state.Cursor = ""
	view.Files = page.ExportLinks(r, access.ExportClients, r.Root+"clients/export", state.Values())
	if s.Cursor != "" {
		view.First = s.URL(r.Root, "")
	}
	for _, c := range all {
		chosen := slices.ContainsFunc(view.Columns, func(shown column) bool { return shown.name == c.name })
		view.Choices = append(view.Choices, columnChoice{c.name, c.Title, chosen})
	}
	if r.Judge.Meets(access.ChangeMany) && len(r.ManyFields()) > 0 {
		view.Many = newManyBar(r, s)
	}
	view.Views, view.Orders = viewsOf(r, s), kind.NewOptions(ordersOf(r)).Selected(view.Order())
	return view
}

// addFilters are the choices of the filters.
func (v *clientsView) addFilters(r *ask.Request, d kind.Directory) {
	statuses := []kind.Option{{Label: "Any status"}}
	for _, status := range append(account.Statuses(), account.StatusExpired) {
		statuses = append(statuses, kind.Option{Value: string(status), Label: page.PillOf(status).Word})
	}
	managers := []kind.Option{{Label: "Any manager"}}
	for _, m := range d.Managers {
		managers = append(managers, kind.Option{Value: m.ID.String(), Label: say.Plain(m.Name)})
	}
	if r.Judge.All() {
		managers = append(managers, kind.Option{Value: ask.Nobody, Label: "No manager"})
	}
	products := []kind.Option{{Label: "Any product"}}
	for _, p := range d.Products {
		products = append(products, kind.Option{Value: p.ID.String(), Label: say.Plain(p.Name)})
	}
	products = append(products, kind.Option{Value: ask.Nobody, Label: "No product"})
	v.Statuses = kind.NewOptions(statuses).Selected(v.State.Status)
	v.Managers = kind.NewOptions(managers).Selected(v.State.Manager)
	v.Products = kind.NewOptions(products).Selected(v.State.Product)
}

// workPages are those that tell why clients need work, where that is not the one on which they are
// edited. Who is told of the reason may see them.
var workPages = map[account.Attention]string{
	account.AttentionExhausted: "money", account.AttentionNearLimit: "money", account.AttentionWebhookFailing: "webhooks",
	account.AttentionMailFailing: "documents?mailed=failed",
}

// addRows reads what the columns need, each for all rows at once.
func (v *clientsView) addRows(r *ask.Request, rows []account.Summary, q account.Query, d kind.Directory) error {
	ids := make([]account.ID, len(rows))
	for i, row := range rows {
		ids[i] = row.ID
	}
	has := func(names ...string) bool {
		return slices.ContainsFunc(v.Columns, func(c column) bool { return slices.Contains(names, c.name) })
	}
	money := has("balance", "available", "moved")
	if money {
		if err := r.ReadStandings(ids); err != nil {
			return err
		}
	}
	v.Rows = make([]template.HTML, 0, len(rows))
	whole := map[account.ID]account.Account{}
	if slices.ContainsFunc(v.Columns, func(c column) bool { return c.whole }) {
		found, err := r.Service.GetMany(r.Context(), ids...)
		if err != nil {
			return err
		}
		maps.Copy(whole, found)
	}
	now, country, urlOf := r.Service.Now(), !has("contact.country"), v.State.ClientURLs(r.Root)
	var o rowOf // one for all rows, since they are large
	var made clientRow
	for _, row := range rows {
		a, there := whole[row.ID]
		if !there {
			a = ask.PartOf(row)
		}
		at := r.Service.CursorOf(row, q)
		o = rowOf{r: r, Summary: row, account: r.Judge.Visible(a), now: now, country: country, edit: urlOf(row.ID, "edit", at)}
		o.words, o.work = page.WordingOf(d, o.account), o.edit
		if work, other := workPages[q.Attention]; other {
			o.work = urlOf(row.ID, work, at)
		}
		if money {
			if err := o.readMoney(); err != nil {
				return err
			}
		}
		made.fill(&o, v.Columns, v.Many != nil)
		v.Rows = append(v.Rows, markup.HTML(r.Language, &made))
	}
	return nil
}

// readMoney reads a row's money as it stands now.
func (o *rowOf) readMoney() error {
	o.moved = o.Moved
	at, sums, err := o.r.MoneyOf(o.ID)
	if err != nil || at == nil {
		return err
	}
	if at.At.After(o.moved) {
		o.moved = at.At
	}
	o.money = newRowMoney(o.r, o.Summary, at, sums)
	return nil
}
