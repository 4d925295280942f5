// Package clients is the pages that list clients: all within the scope, and those beneath one.
package clients

import (
	"embed"
	"net/http"
	"strings"

	"github.com/clientaccount/clientaccount"
	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/adminhttp/internal/access"
	"github.com/clientaccount/clientaccount/adminhttp/internal/ask"
	"github.com/clientaccount/clientaccount/adminhttp/internal/kind"
	"github.com/clientaccount/clientaccount/adminhttp/internal/page"
	"github.com/clientaccount/clientaccount/adminhttp/internal/words"
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
	State     listState
	Statuses  []kind.Option
	Managers  []kind.Option
	Products  []kind.Option
	Columns   []column
	Rows      []clientRow
	Next      string // URLs; empty where there is nothing
	First     string
	New       string
	Clear     string
	Countries kind.Options
	Shows     map[string]bool // fields the actor may see
	Fault     string
	Files     []page.Link // the list as files
}

// Selected returns the country options with the chosen one marked.
func (v clientsView) Selected() kind.Chosen { return v.Countries.Selected(v.State.Country) }

// Filtered reports whether anything narrows the list.
func (v clientsView) Filtered() bool {
	s := v.State
	return s.Search+s.Status+s.Manager+s.Product+s.Country != ""
}

type clientRow struct {
	Login, Company, Country string
	Manager                 words.Text
	Status                  page.Pill
	Active                  words.Moment
	Edit                    string
	Money                   *rowMoney
}

func listClients(w http.ResponseWriter, r *ask.Request) error {
	state := readListState(r)
	d, err := page.ReadDirectory(r)
	if err != nil {
		return err
	}
	view := newClientsView(r, state, d)
	status := http.StatusOK
	shown := clientaccount.Page{}
	if query, possible := state.filter().Query(r.Judge); possible {
		shown, err = r.Service.ListSeen(r.Context(), query, state.Cursor, r.Judge.ShowsField)
	}
	if faults, bad := account.AsFaults(err); bad {
		view.Fault, status, err = faults[0].Text, http.StatusUnprocessableEntity, nil
	}
	if err != nil {
		return err
	}
	ids := make([]account.ID, len(shown.Rows))
	for i, row := range shown.Rows {
		ids[i] = row.ID
	}
	if err := r.ReadStandings(ids); err != nil {
		return err
	}
	for _, row := range shown.Rows {
		shown := newClientRow(r, row, d)
		if shown.Money, err = newRowMoney(r, row); err != nil {
			return err
		}
		view.Rows = append(view.Rows, shown)
	}
	if shown.Next != "" {
		view.Next = state.URL(r.Root, shown.Next)
	}
	return pages.Show(w, r, status, "list", "Clients", view)
}

func newClientsView(r *ask.Request, s listState, d kind.Directory) clientsView {
	view := clientsView{State: s, Clear: r.Root + "clients", Columns: s.columns(r), Countries: kind.CountryFilter(), Shows: map[string]bool{}}
	for _, path := range []string{"login", "contact.company", "contact.country", "manager", "status", "notes.product"} {
		view.Shows[strings.ReplaceAll(path, ".", "_")] = r.Judge.Shows(path)
	}
	view.Shows["money"] = r.Judge.May(access.Money)
	if r.Judge.May(access.Create) {
		view.New = r.Root + "clients/new"
	}
	view.Files = page.ExportLinks(r, access.ExportClients, r.Root+"clients/export", s.values(""))
	if s.Cursor != "" {
		view.First = s.URL(r.Root, "")
	}
	for _, status := range append(account.Statuses(), account.StatusExpired) {
		view.Statuses = append(view.Statuses, kind.Option{Value: string(status), Label: page.PillOf(status).Word})
	}
	for _, m := range d.Managers {
		view.Managers = append(view.Managers, kind.Option{Value: m.ID.String(), Label: words.Plain(m.Name)})
	}
	if r.Judge.All() {
		view.Managers = append(view.Managers, kind.Option{Value: ask.Nobody, Label: "No manager"})
	}
	for _, p := range d.Products {
		view.Products = append(view.Products, kind.Option{Value: p.ID.String(), Label: words.Plain(p.Name)})
	}
	view.Products = append(view.Products, kind.Option{Value: ask.Nobody, Label: "No product"})
	return view
}

func newClientRow(r *ask.Request, s account.Summary, d kind.Directory) clientRow {
	now := r.Service.Now()
	row := clientRow{
		Manager: d.ManagerName(s.Manager), Status: page.PillOf(account.StatusAt(s.Status, s.Expires, now)),
		Company: s.Company, Country: s.Country.Name(), Login: s.Login,
		Active: words.MomentOf(s.UpdatedAt, now, now.Location()), Edit: r.Root + "clients/" + s.ID.String() + "/edit",
	}
	if row.Company == "" && r.Judge.Shows("contact.first_name", "contact.last_name") {
		row.Company = strings.TrimSpace(s.FirstName + " " + s.LastName)
	}
	return row
}
