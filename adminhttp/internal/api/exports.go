package api

import (
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/clientaccount/clientaccount/account/document"
	"github.com/clientaccount/clientaccount/adminhttp/internal/access"
	"github.com/clientaccount/clientaccount/adminhttp/internal/ask"
)

// exportRoutes are lists as CSV, whole, with the filters of the lists in JSON.
func exportRoutes() []operation {
	return []operation{
		exporting("clients.csv", access.ExportClients, "exportClients", "All clients that a list finds", listParams, func(r *ask.Request, values url.Values) (ask.Download, error) {
			names := strings.FieldsFunc(values.Get(columnsParam.name), func(c rune) bool { return c == ',' })
			return r.ExportClients(ask.FilterOf(values), names, false)
		}, columnsParam),
		exporting("clients/{id}/entries.csv", access.ExportMoney, "exportEntries", "A client's ledger", entryParams, func(r *ask.Request, values url.Values) (ask.Download, error) {
			return r.ExportEntries(entryQuery(r.ID, values)), nil
		}),
		exporting("clients/{id}/messages.csv", access.ExportMessages, "exportMessages", "A client's messages", messageParams, func(r *ask.Request, values url.Values) (ask.Download, error) {
			return r.ExportMessages(messageQuery(r.ID, values)), nil
		}),
		exporting("clients/{id}/changes.csv", access.ExportHistory, "exportChanges", "Who changed what of a client, a row for each field", changeParams, func(r *ask.Request, values url.Values) (ask.Download, error) {
			return r.ExportChanges(changeQuery(r.ID, values)), nil
		}),
	}
}

// columnsParam chooses the columns of a file of clients.
var columnsParam = param{
	name: "columns", about: "Names of columns, separated by commas: " + strings.Join(ask.DefaultColumns, ", ") + ", or paths of fields. Those that one does not see are left out.",
	schema: object{"type": "string", "maxLength": 2000}, valid: lineUpTo(2000, "columns", "q.length"),
}

// exporting is a list as CSV, with the parameters of the list but for those of its pages. It is
// streamed, and broken off where something fails, since its status was told long before.
func exporting(path string, need access.Need, id, summary string, listed []param, make func(*ask.Request, url.Values) (ask.Download, error), more ...param) operation {
	params := slices.DeleteFunc(slices.Clone(listed), func(p param) bool { return p.name == cursorParam.name || p.name == limitParam.name })
	op := operation{
		method: http.MethodGet, path: path, need: need, id: id, summary: summary + ", as CSV", params: append(params, more...), status: http.StatusOK, files: "text/csv",
		refuses: []int{http.StatusForbidden}, do: func(w http.ResponseWriter, r *ask.Request) error {
			d, err := make(r, r.URL.Query())
			if err != nil {
				return err
			}
			d.Plain = true
			return d.Send(w, r, document.FormatCSV)
		},
	}
	if need.Of == access.Client && slices.Contains(need.May, access.Messages) {
		op.refuses = append(op.refuses, http.StatusNotImplemented)
	}
	return op
}
