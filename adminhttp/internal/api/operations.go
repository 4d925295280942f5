// Package api is the admin's JSON: its operations, what they read and answer, the problems
// that refuse them, and the OpenAPI document that is made from the same table.
package api

import (
	"net/http"
	"slices"
	"strings"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/adminhttp/internal/access"
	"github.com/clientaccount/clientaccount/adminhttp/internal/ask"
)

// operation is one of the JSON API. One table of them makes the mux and the
// OpenAPI document.
type operation struct {
	method, path string
	need         access.Need
	id, summary  string
	params       []param
	body         schema   // of the request; zero: none
	takes        []string // media types of a request that is a file
	preview      schema   // of the answer with preview; zero: Preview
	status       int      // of success
	answers      schema   // of success; zero: none
	versioned    bool     // If-Match is required
	proposes     bool     // it may wait for a second person, or an instant
	moves        bool     // money, once for each reference
	repeats      bool     // likewise, what is no money
	files        string   // media type of the file that it answers with; empty: with none
	refuses      []int    // statuses of its own, beside those that follow from the rest
	do           ask.Endpoint
}

const prefix = "/api/"

// operations are all operations.
func operations() []operation {
	return slices.Concat(clientRoutes(), editRoutes(), exportRoutes(), moneyRoutes(), decideRoutes(), messageRoutes(), documentRoutes(), priceRoutes(), hookRoutes(), taskRoutes(), batchRoutes(), catalogRoutes(), []operation{{
		method: http.MethodGet, path: "openapi.json", need: access.Anybody, id: "openapi", summary: "This document",
		status: http.StatusOK, answers: schema{"Document", func(schemas) object { return object{"type": "object"} }}, do: getDocument,
	}})
}

func clientRoutes() []operation {
	return []operation{
		{
			method: http.MethodGet, path: "clients", need: access.Anybody, id: "listClients", summary: "A page of the clients within one's scope",
			params: listParams, status: http.StatusOK, answers: of[ClientList](), do: listClients,
		},
		{
			method: http.MethodGet, path: "clients/counts", need: access.Anybody, id: "countClients", summary: "How many clients need work, within one's scope",
			params: countParams, status: http.StatusOK, answers: of[AttentionCounts](), do: countClients,
		},
		{
			method: http.MethodGet, path: "find", need: access.Anybody, id: "findByKey", summary: "Entries, messages and documents by their keys, across the clients within one's scope",
			params: findParams, status: http.StatusOK, answers: of[Sightings](), do: findByKey,
		},
		{
			method: http.MethodPost, path: "clients", need: access.CreateClient, id: "createClient", summary: "A new client; with preview, what it would be",
			params: []param{previewParam, reasonParam}, body: clientCreate(), status: http.StatusCreated, answers: of[Client](), do: createClient,
		},
		{
			method: http.MethodGet, path: "clients/{id}", need: access.SeeClient, id: "getClient", summary: "A client; the ETag is its version",
			status: http.StatusOK, answers: of[Client](), do: getClient,
		},
		{
			method: http.MethodPatch, path: "clients/{id}", need: access.EditClient, id: "editClient",
			summary: "Change the fields given (RFC 7396), all or none; null gives a field its default; dispatch and notification_limit are replaced whole",
			params:  []param{previewParam, reasonParam, atParam}, body: ofFields("ClientWrite", account.Fields()), status: http.StatusOK, answers: of[Client](), versioned: true, proposes: true, do: editClient,
		},
	}
}

func editRoutes() []operation {
	return []operation{
		{
			method: http.MethodPut, path: "clients/{id}/password", need: access.SetPassword, id: "setPassword", summary: "A new password",
			params: []param{reasonParam}, body: ofFields("Password", passwordFields(), "password"), status: http.StatusNoContent, versioned: true, do: setPassword,
		},
		{
			method: http.MethodPost, path: "clients/{id}/gateway-password", need: access.GatewaySecret, id: "newGatewayPassword",
			summary: "A new password for SMPP and API, made here and shown this once",
			body:    sentAs[Nothing](), status: http.StatusOK, answers: of[GatewayPassword](), versioned: true, do: newGatewayPassword,
		},
		{
			method: http.MethodGet, path: "clients/{id}/changes", need: access.SeeHistory, id: "listChanges", summary: "Who changed what, the newest first",
			params: changeParams, status: http.StatusOK, answers: of[ChangeList](), refuses: []int{http.StatusForbidden}, do: listChanges,
		},
		{
			method: http.MethodPost, path: "clients/{id}/changes/{revision}/undo", need: access.UndoChange, id: "undoChange",
			summary: "Take back the change that led to a revision, as a new change",
			params:  []param{previewParam, reasonParam}, body: sentAs[Nothing](), status: http.StatusOK, answers: of[Client](), versioned: true, do: undoChange,
		},
	}
}

func catalogRoutes() (routes []operation) {
	for _, l := range catalogs() {
		routes = append(routes, l.routes()...)
	}
	return routes
}

// routes are the operations on a list.
func (l catalog) routes() []operation {
	name, one := l.Texts().Name, l.Texts().One.String()
	item, schema, needs := name+"/{id}", l.schema(), l.Needs()
	return []operation{
		{
			method: http.MethodGet, path: name, need: needs.List, id: "list" + schema + "s", summary: "All " + name + " that one sees, by name",
			status: http.StatusOK, answers: l.whole(), refuses: []int{http.StatusForbidden}, do: l.all,
		},
		{
			method: http.MethodPost, path: name, need: needs.Add, id: "create" + schema, summary: "A new " + one,
			params: []param{reasonParam}, body: l.written(), status: http.StatusCreated, answers: l.one(), do: l.post,
		},
		{
			method: http.MethodGet, path: item, need: needs.See, id: "get" + schema, summary: "A " + one,
			status: http.StatusOK, answers: l.one(), refuses: []int{http.StatusForbidden}, do: l.get,
		},
		{
			method: http.MethodPut, path: item, need: needs.Edit, id: "replace" + schema, summary: "Replace a " + one + "; what is left out is unset; with preview, what that comes to for clients",
			params: []param{previewParam, reasonParam}, preview: of[ListEffect](), body: l.written(), status: http.StatusOK, answers: l.one(), versioned: true, refuses: []int{http.StatusConflict}, do: l.put,
		},
		{
			method: http.MethodDelete, path: item, need: needs.Edit, id: "delete" + schema, summary: "Remove a " + one + " that no client has",
			params: []param{reasonParam}, status: http.StatusNoContent,
			refuses: []int{http.StatusConflict, http.StatusPreconditionFailed, http.StatusPreconditionRequired}, do: l.delete,
		},
		{
			method: http.MethodGet, path: item + "/changes", need: needs.History, id: "list" + schema + "Changes", summary: "Who changed what of a " + one + ", the newest first; also of one that was removed",
			params: listChangeParams, status: http.StatusOK, answers: of[ChangeList](), refuses: []int{http.StatusForbidden}, do: l.changes,
		},
		{
			method: http.MethodPost, path: item + "/changes/{revision}/undo", need: needs.Undo, id: "undo" + schema + "Change",
			summary: "Take back the change that led to a revision, as a new change; with preview, what that comes to for clients",
			params:  []param{previewParam, reasonParam}, preview: of[ListEffect](), body: sentAs[Nothing](), status: http.StatusOK, answers: l.one(), versioned: true,
			refuses: []int{http.StatusConflict}, do: l.undo,
		},
	}
}

// Register adds every path once, whatever its methods, so that the mux never
// answers by itself.
func Register(mux *http.ServeMux, site ask.Site) {
	byPath := map[string][]operation{}
	for _, rt := range operations() {
		byPath[rt.path] = append(byPath[rt.path], rt)
	}
	for path, routes := range byPath {
		mux.HandleFunc(prefix+path, site.Identified(byMethod(routes), Fail))
	}
	missing := func(http.ResponseWriter, *ask.Request) error { return account.ErrNotFound }
	mux.HandleFunc(prefix, site.Identified(missing, Fail))
	mux.HandleFunc(strings.TrimSuffix(prefix, "/"), site.Identified(missing, Fail))
}

// Routes are all operations, and what each asks of an actor.
func Routes() (all []access.Route) {
	for _, rt := range operations() {
		all = append(all, access.Route{Method: rt.method, Path: strings.TrimPrefix(prefix, "/") + rt.path, Need: rt.need})
	}
	return all
}

// byMethod runs the operation of the request's method, HEAD as GET, after its
// query is checked.
func byMethod(routes []operation) ask.Endpoint {
	var allowed []string
	for _, rt := range routes {
		allowed = append(allowed, rt.method)
		if rt.method == http.MethodGet {
			allowed = append(allowed, http.MethodHead)
		}
	}
	return func(w http.ResponseWriter, r *ask.Request) error {
		for _, rt := range routes {
			if rt.method != r.Method && (rt.method != http.MethodGet || r.Method != http.MethodHead) {
				continue
			}
			if err := checkQuery(r, rt.params); err != nil {
				return err
			}
			return ask.Declared(rt.need, rt.do)(w, r)
		}
		p := newProblem(http.StatusMethodNotAllowed, "method", "method_not_allowed", "Use "+strings.Join(allowed, ", ")+".")
		p.header.Set("Allow", strings.Join(allowed, ", "))
		return p
	}
}
