package clients

import (
	"net/http"
	"strings"

	"github.com/clientaccount/clientaccount/adminhttp/internal/ask"
	"github.com/clientaccount/clientaccount/adminhttp/internal/page"
)

// exportClients answers with the clients that the list's filters find as a file.
func exportClients(w http.ResponseWriter, r *ask.Request) error {
	s := page.ReadListState(r.URL.Query(), r.Judge)
	filter := r.URL.Query()
	for _, other := range []string{"columns", page.NameAs} {
		filter.Del(other)
	}
	if _, err := ask.ReadFilter(filter); err != nil {
		return ask.StatusError(http.StatusBadRequest)
	}
	names := strings.FieldsFunc(s.Columns, func(c rune) bool { return c == ',' })
	d, err := r.ExportClients(s.ClientFilter, names, true)
	if err != nil {
		return ask.StatusError(http.StatusBadRequest)
	}
	return page.Export(w, r, d)
}
