package clients

import (
	"net/http"
	"strings"

	"github.com/clientaccount/clientaccount/adminhttp/internal/ask"
	"github.com/clientaccount/clientaccount/adminhttp/internal/page"
)

// exportClients answers with the clients that the list's filters find as a file.
func exportClients(w http.ResponseWriter, r *ask.Request) error {
	names := strings.FieldsFunc(r.URL.Query().Get("columns"), func(c rune) bool { return c == ',' })
	d, err := r.ExportClients(readListState(r).filter(), names, true)
	if err != nil {
		return ask.StatusError(http.StatusBadRequest)
	}
	return page.Export(w, r, d)
}
