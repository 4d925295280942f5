// Package client is the pages of one client that are about its settings: Edit with its
// conflicts and its history, a new client, and trying a message.
package client

import (
	"embed"

	"github.com/clientaccount/clientaccount/adminhttp/internal/access"
	"github.com/clientaccount/clientaccount/adminhttp/internal/page"
)

//go:embed templates/*.html
var files embed.FS

var pages = page.Parse(files)

// Routes returns the pages of one client that are about its settings.
func Routes() []page.Route {
	pages() // parsed now, and not by the first request
	return []page.Route{
		page.Get("clients/new", access.CreateClient, newClient),
		page.Post("clients/new", access.CreateClient, createClient),
		page.Get("clients/{id}/edit", access.SeeClient, editClient),
		page.Post("clients/{id}/edit", access.EditClient, saveClient),
		page.Post("clients/{id}/gateway-password", access.GatewaySecret, newGatewayPassword),
		page.Get("clients/{id}/decide", access.TryMessage, showDecide),
		page.Post("clients/{id}/decide", access.TryMessage, tryTyped),
		page.Get("clients/{id}/history", access.SeeHistory, showHistory),
		page.Get("clients/{id}/history/export", access.ExportHistory, exportHistory),
		page.Post("clients/{id}/history/{revision}/undo", access.UndoChange, undoChange),
	}
}
