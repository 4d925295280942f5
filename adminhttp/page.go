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

func (h *handler) routePages() {
	pageTemplates()
	page := func(pattern string, do endpoint) {
		h.mux.HandleFunc(pattern, h.identified(do, h.failPage))
	}
	h.mux.HandleFunc("GET /assets/{name}", h.serveAsset)
	page("GET /{$}", func(w http.ResponseWriter, r *request) error { redirect(w, "clients"); return nil })
	page("GET /clients", h.listClients)
	page("GET /clients/new", h.newClient)
	page("POST /clients/new", h.createClient)
	page("GET /clients/{id}/edit", h.editClient)
	page("POST /clients/{id}/edit", h.saveClient)
	page("POST /clients/{id}/gateway-password", h.newGatewayPassword)
	page("GET /clients/{id}/money", h.showMoney)
	page("POST /clients/{id}/money", h.moveMoney)
	page("GET /clients/{id}/decide", h.showDecide)
	page("GET /clients/{id}/webhooks", h.showHooks)
	page("POST /clients/{id}/webhooks", h.doHook)
	page("GET /clients/{id}/subaccounts", h.showSubaccounts)
	page("GET /clients/{id}/history", h.showHistory)
	page("POST /clients/{id}/history/{revision}/undo", h.undoChange)
	for _, list := range []reference{managerReference{h}, productReference{h}} {
		name := "/" + list.texts().Name
		page("GET "+name, h.listReferences(list))
		page("GET "+name+"/new", h.newReference(list))
		page("POST "+name+"/new", h.saveReference(list))
		page("GET "+name+"/{id}/edit", h.editReference(list))
		page("POST "+name+"/{id}/edit", h.saveReference(list))
		page("POST "+name+"/{id}/delete", h.deleteReference(list))
	}
	page("/", func(http.ResponseWriter, *request) error { return errNoPage })
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
func (h *handler) lists(r *request, current string) []pageLink {
	links := []pageLink{{"Clients", r.root + "clients", current == "clients"}}
	if r.policy.may(ActionManagers) {
		links = append(links, pageLink{"Managers", r.root + "managers", current == "managers"})
	}
	if r.policy.may(ActionProducts) {
		links = append(links, pageLink{"Products", r.root + "products", current == "products"})
	}
	return links
}

// show answers with a page. It is made in full before the first byte goes out.
func (h *handler) show(w http.ResponseWriter, r *request, status int, name, title string, body any) error {
	current, _, _ := strings.Cut(strings.TrimPrefix(r.inner, "/"), "/")
	var out bytes.Buffer
	out.Grow(96 << 10) // an Edit page, most of it the time zones
	err := pageTemplates()[name].ExecuteTemplate(&out, "layout.html", pageView{
		Root: r.root, Site: h.cfg.Title, Title: title, Who: r.actor.Name,
		Current: current, Lists: h.lists(r, current), Body: body,
	})
	if err != nil {
		return err
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.WriteHeader(status)
	if _, err := w.Write(out.Bytes()); err != nil {
		h.cfg.Logger.DebugContext(r.Context(), "answer not delivered", slog.Any("error", err))
	}
	return nil
}
