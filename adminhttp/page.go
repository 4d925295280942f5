package adminhttp

import (
	"bytes"
	"embed"
	"html/template"
	"log/slog"
	"net/http"
	"path"
	"strings"
	"sync"

	"github.com/clientaccount/clientaccount/adminhttp/internal/access"
	"github.com/clientaccount/clientaccount/adminhttp/internal/api"
	"github.com/clientaccount/clientaccount/adminhttp/internal/ask"
)

//go:embed templates/*.html
var templateFiles embed.FS

// layouts are the templates every page shares; each other file is one page.
var layouts = []string{"layout.html", "controls.html", "form.html", "client.html"}

// pageTemplates are parsed at the first use: one set per page.
var pageTemplates = sync.OnceValue(func() map[string]*template.Template {
	shared := template.New("layout.html")
	for _, name := range layouts {
		template.Must(shared.ParseFS(templateFiles, "templates/"+name))
	}
	all := map[string]*template.Template{}
	files, _ := templateFiles.ReadDir("templates") // embedded: it is there
	for _, file := range files {
		if shared.Lookup(file.Name()) != nil {
			continue
		}
		own := template.Must(template.Must(shared.Clone()).ParseFS(templateFiles, "templates/"+file.Name()))
		all[strings.TrimSuffix(file.Name(), path.Ext(file.Name()))] = own
	}
	return all
})

// pageRoute is one page, or what its form is sent to.
type pageRoute struct {
	method, path string
	need         access.Need
	do           ask.Endpoint
}

// pageRoutes are all pages.
func pageRoutes() []pageRoute {
	get, post := http.MethodGet, http.MethodPost
	routes := []pageRoute{
		{get, "{$}", access.Anybody, func(w http.ResponseWriter, r *ask.Request) error { redirect(w, "clients"); return nil }},
		{get, "clients", access.Anybody, listClients},
		{get, "clients/new", access.CreateClient, newClient},
		{post, "clients/new", access.CreateClient, createClient},
		{get, "clients/{id}/edit", access.SeeClient, editClient},
		{post, "clients/{id}/edit", access.EditClient, saveClient},
		{post, "clients/{id}/gateway-password", access.GatewaySecret, newGatewayPassword},
		{get, "clients/{id}/money", access.SeeMoney, showMoney},
		{post, "clients/{id}/money", access.SeeMoney, moveMoney},
		{get, "clients/{id}/decide", access.TryMessage, showDecide},
		{get, "clients/{id}/webhooks", access.SeeHooks, showHooks},
		{post, "clients/{id}/webhooks", access.SeeHooks, doHook},
		{get, "clients/{id}/subaccounts", access.SeeClient, showSubaccounts},
		{get, "clients/{id}/history", access.SeeHistory, showHistory},
		{post, "clients/{id}/history/{revision}/undo", access.UndoChange, undoChange},
	}
	for _, l := range ask.Lists() {
		routes = append(routes, listRoutes(l)...)
	}
	return routes
}

// Routes are all ways to reach something, pages and the API, and what each asks of an
// actor. Embedded files and paths that lead to nothing are none.
func (h *handler) Routes() (all []access.Route) {
	for _, rt := range pageRoutes() {
		all = append(all, access.Route{Method: rt.method, Path: rt.path, Need: rt.need})
	}
	return append(all, api.Routes()...)
}

func (h *handler) routePages() {
	pageTemplates()
	h.mux.HandleFunc("GET /assets/{name}", h.serveAsset)
	for _, rt := range pageRoutes() {
		h.mux.HandleFunc(rt.method+" /"+rt.path, h.Identified(ask.Declared(rt.need, rt.do), failPage))
	}
	h.mux.HandleFunc("/", h.Identified(func(http.ResponseWriter, *ask.Request) error { return errNoPage }, failPage))
}

// pageView is what every template is given: the frame, and the page's own Body.
type pageView struct {
	Root    string // relative URL of the admin's root
	Site    string
	Title   string
	Who     string
	Current string // the list this page belongs to
	Lists   []pageLink
	Body    any
}

// pageLink is a link of a navigation.
type pageLink struct {
	Name, Href string
	Current    bool
}

// Asset is the URL of an embedded file, which changes with its content.
func (p pageView) Asset(name string) string {
	return p.Root + "assets/" + name + "?v=" + assets()[name].sum
}

// lists are the links of the main navigation, as far as the actor may go.
func mainLinks(r *ask.Request, current string) []pageLink {
	links := []pageLink{{"Clients", r.Root + "clients", current == "clients"}}
	if r.Judge.May(access.Managers) {
		links = append(links, pageLink{"Managers", r.Root + "managers", current == "managers"})
	}
	if r.Judge.May(access.Products) {
		links = append(links, pageLink{"Products", r.Root + "products", current == "products"})
	}
	return links
}

// show answers with a page. It is made in full before the first byte goes out.
func show(w http.ResponseWriter, r *ask.Request, status int, name, title string, body any) error {
	current, _, _ := strings.Cut(strings.TrimPrefix(r.Inner, "/"), "/")
	var out bytes.Buffer
	out.Grow(96 << 10) // an Edit page, most of it the time zones
	err := pageTemplates()[name].ExecuteTemplate(&out, "layout.html", pageView{
		Root: r.Root, Site: r.Title, Title: title, Who: r.Actor.Name,
		Current: current, Lists: mainLinks(r, current), Body: body,
	})
	if err != nil {
		return err
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.WriteHeader(status)
	if _, err := w.Write(out.Bytes()); err != nil {
		r.Logger.DebugContext(r.Context(), "answer not delivered", slog.Any("error", err))
	}
	return nil
}
