// Package page is the frame of all pages: their templates, layout, errors and files, what a
// page of a client begins with, and how forms are read and refused. Each kind of page is a
// room beneath it, with its own templates, and returns its routes.
package page

import (
	"bytes"
	"log/slog"
	"net/http"
	"strings"
	"sync"

	"github.com/clientaccount/clientaccount/adminhttp/internal/access"
	"github.com/clientaccount/clientaccount/adminhttp/internal/ask"
	"github.com/clientaccount/clientaccount/adminhttp/internal/words"
)

// Route is one page, or what its form is sent to.
type Route struct {
	Method, Path string
	Need         access.Need
	Do           ask.Endpoint
}

// Get returns a page.
func Get(path string, need access.Need, do ask.Endpoint) Route {
	return Route{http.MethodGet, path, need, do}
}

// Post returns what a form is sent to.
func Post(path string, need access.Need, do ask.Endpoint) Route {
	return Route{http.MethodPost, path, need, do}
}

// view is what every template is given: the frame, and the page's own Body.
type view struct {
	Root    string // relative URL of the admin's root
	Site    string
	Title   words.Text
	Who     string
	Current string // the list this page belongs to
	SignOut string // URL of the host's; empty where there is none
	Lists   []Link
	Body    any
	Asks    bool // it answers a form by itself, so that Back is to lead to what was typed
	// Language and Direction are of the page.
	Language, Direction string
}

// Link is a link of a navigation.
type Link struct {
	Name    words.Text
	Href    string
	Current bool
}

// Asset returns the URL of an embedded file, which changes with its content.
func (p view) Asset(name string) string {
	return p.Root + "assets/" + name + "?v=" + assets()[name].sum
}

// Plurals returns the forms of a number with its noun, for the script.
func (view) Plurals(noun words.Text) Plurals { return Plurals(noun) }

// mainLinks returns the links of the main navigation, as far as the actor may go.
func mainLinks(r *ask.Request, current string) []Link {
	links := []Link{{"Clients", r.Root + "clients", current == "clients"}}
	if r.SeesDocuments() {
		links = append(links, Link{"Documents", r.Root + "documents", current == "documents"})
	}
	if r.SeesBatches() && r.Service.KeepsTasks() {
		links = append(links, Link{"Changes of many", r.Root + "batches", current == "batches"})
	}
	if (r.Judge.May(access.Confirm) || r.Judge.HasSecond()) && r.Service.KeepsTasks() {
		links = append(links, Link{"Confirmations", r.Root + "confirmations", current == "confirmations"})
	}
	for _, l := range ask.Lists() {
		if texts := l.Texts(); r.Judge.Meets(l.Needs().Keep) {
			links = append(links, Link{texts.Title, r.Root + texts.Name, current == texts.Name})
		}
	}
	return links
}

// buffers are what pages are made in, before it is known that they can be.
var buffers = sync.Pool{New: func() any { return new(bytes.Buffer) }}

// putBack keeps a buffer for the next page, unless it grew beyond what pages are.
func putBack(b *bytes.Buffer) {
	if b.Cap() <= 1<<20 {
		b.Reset()
		buffers.Put(b)
	}
}

// Show answers with a page. It is made in full before the first byte goes out.
func (t Templates) Show(w http.ResponseWriter, r *ask.Request, status int, name string, title words.Text, body any) error {
	current, _, _ := strings.Cut(strings.TrimPrefix(r.Inner, "/"), "/")
	out := buffers.Get().(*bytes.Buffer)
	defer putBack(out)
	err := t().in(r.Language)[name].ExecuteTemplate(out, "layout.html", view{
		Root: r.Root, Site: r.Title, Title: title, Who: r.Actor.Name,
		Current: current, Lists: mainLinks(r, current), SignOut: r.SignOut, Body: body, Asks: r.Method == http.MethodPost,
		Language: r.Language.Tag(), Direction: r.Language.Direction(),
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
