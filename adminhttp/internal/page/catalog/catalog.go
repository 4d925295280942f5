// Package catalog is the pages of the lists that clients point at: managers and products.
package catalog

import (
	"embed"
	"net/http"
	"slices"
	"time"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/adminhttp/internal/ask"
	"github.com/clientaccount/clientaccount/adminhttp/internal/kind"
	"github.com/clientaccount/clientaccount/adminhttp/internal/page"
	"github.com/clientaccount/clientaccount/adminhttp/internal/words"
)

// listView is the page of a list.
type listView struct {
	ask.ListTexts
	Root    string
	Columns []words.Text
	Rows    []listViewRow
	Notice  words.Text
	Adds    bool
}

// listViewRow is one of a list, with a note under each of its other columns.
type listViewRow struct {
	ID    account.ID
	Name  string
	Notes []words.Text
	Tabs  []page.Link // its other pages
}

//go:embed templates/*.html
var files embed.FS

var pages = page.Parse(files)

// Routes are those of all lists.
func Routes() (routes []page.Route) {
	pages() // parsed now, and not by the first request
	for _, l := range ask.Lists() {
		routes = append(routes, listRoutes(l)...)
	}
	return routes
}

// listRoutes are the pages of a list.
func listRoutes(l ask.List) []page.Route {
	name, needs := l.Texts().Name, l.Needs()
	return []page.Route{
		page.Get(name, needs.Keep, showList(l)),
		page.Get(name+"/new", needs.Add, newRow(l)),
		page.Post(name+"/new", needs.Add, saveRow(l)),
		page.Get(name+"/{id}/edit", needs.Edit, editRow(l)),
		page.Post(name+"/{id}/edit", needs.Edit, saveRow(l)),
		page.Post(name+"/{id}/delete", needs.Edit, deleteRow(l)),
		page.Get(name+"/{id}/history", needs.History, rowHistory(l)),
		page.Post(name+"/{id}/history/{revision}/undo", needs.Undo, undoRow(l)),
	}
}

func showList(l ask.List) ask.Endpoint {
	return func(w http.ResponseWriter, r *ask.Request) error {
		rows, err := l.Rows(r)
		if err != nil {
			return err
		}
		columns := l.Fields()[1:]
		view := listView{ListTexts: l.Texts(), Root: r.Root, Adds: r.Judge.Meets(l.Needs().Add)}
		for _, f := range columns {
			view.Columns = append(view.Columns, words.Text(f.Label))
		}
		for _, row := range rows {
			shown := listViewRow{ID: row.ID, Name: row.Texts["name"], Tabs: others(page.ListHead(r, l, row.ID, "", "edit").Tabs)}
			for _, f := range columns {
				shown.Notes = append(shown.Notes, noteWords(f, row))
			}
			view.Rows = append(view.Rows, shown)
		}
		switch done := r.URL.Query(); {
		case done.Has("saved"):
			view.Notice = "Saved."
		case done.Has("deleted"):
			view.Notice = "Deleted."
		}
		return pages.Show(w, r, http.StatusOK, "list", view.Title, view)
	}
}

// others are the tabs but the one of the page itself, and the history, which that leads to.
func others(tabs []page.Link) []page.Link {
	return slices.DeleteFunc(tabs, func(l page.Link) bool { return l.Current || l.Name == "History" })
}

// wordingOf is that of the fields of a row. Lists have no clock but that of UTC.
func wordingOf(row ask.ListRow) kind.Wording {
	return kind.Wording{Currency: row.Currency, Zone: time.UTC}
}

// noteWords are what stands under a column; empty where nothing is given.
func noteWords(f account.Field, row ask.ListRow) words.Text {
	text := row.Texts[f.Path]
	if text == "" {
		return ""
	}
	return kind.Words(wordingOf(row), f, text)
}
