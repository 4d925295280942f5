package adminhttp

import (
	"net/http"
	"slices"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/adminhttp/internal/access"
	"github.com/clientaccount/clientaccount/adminhttp/internal/api"
	"github.com/clientaccount/clientaccount/adminhttp/internal/ask"
	"github.com/clientaccount/clientaccount/adminhttp/internal/page"
	"github.com/clientaccount/clientaccount/adminhttp/internal/page/catalog"
	"github.com/clientaccount/clientaccount/adminhttp/internal/page/client"
	"github.com/clientaccount/clientaccount/adminhttp/internal/page/clients"
	"github.com/clientaccount/clientaccount/adminhttp/internal/page/documents"
	"github.com/clientaccount/clientaccount/adminhttp/internal/page/files"
	"github.com/clientaccount/clientaccount/adminhttp/internal/page/hooks"
	"github.com/clientaccount/clientaccount/adminhttp/internal/page/many"
	"github.com/clientaccount/clientaccount/adminhttp/internal/page/messages"
	"github.com/clientaccount/clientaccount/adminhttp/internal/page/money"
	"github.com/clientaccount/clientaccount/adminhttp/internal/page/prices"
	"github.com/clientaccount/clientaccount/adminhttp/internal/page/tasks"
)

// pageRoutes returns all pages.
func pageRoutes() []page.Route {
	home := page.Get("{$}", access.Anybody, func(w http.ResponseWriter, r *ask.Request) error { page.Redirect(w, "clients"); return nil })
	return slices.Concat([]page.Route{home}, clients.Routes(), many.Routes(), files.Routes(), client.Routes(), money.Routes(), messages.Routes(), documents.Routes(), prices.Routes(), hooks.Routes(), tasks.Routes(), catalog.Routes())
}

// Routes returns all ways to reach something, pages and the API, and what each asks of an
// actor. Embedded files and paths that lead to nothing are none.
func (h *handler) Routes() (all []access.Route) {
	for _, rt := range pageRoutes() {
		all = append(all, access.Route{Method: rt.Method, Path: rt.Path, Need: rt.Need})
	}
	return append(all, api.Routes()...)
}

func (h *handler) routePages() {
	h.mux.HandleFunc("GET /assets/{name}", page.Asset(h.Site))
	for _, rt := range pageRoutes() {
		h.mux.HandleFunc(rt.Method+" /"+rt.Path, h.Identified(ask.Declared(rt.Need, page.KeepPlace(rt.Do)), page.Fail))
	}
	h.mux.HandleFunc("/", h.Identified(func(http.ResponseWriter, *ask.Request) error { return account.ErrNotFound }, page.Fail))
}
