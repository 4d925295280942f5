package page

import (
	"net/http"
	"net/url"
	"strings"

	"github.com/clientaccount/clientaccount/account/document"
	"github.com/clientaccount/clientaccount/adminhttp/internal/access"
	"github.com/clientaccount/clientaccount/adminhttp/internal/ask"
	"github.com/clientaccount/clientaccount/adminhttp/internal/words"
)

// NameAs is the name under which a URL says in which format a file is wanted.
const NameAs = "as"

// Export answers with a list as a file, in the format that the URL says.
func Export(w http.ResponseWriter, r *ask.Request, d ask.Download) error {
	format := document.Format(r.URL.Query().Get(NameAs))
	if format == "" {
		format = document.FormatCSV
	}
	return d.Send(w, r, format)
}

// ExportLinks are where a list in a state is to be had as a file; none for who may not.
func ExportLinks(r *ask.Request, need access.Need, to string, state url.Values) (links []Link) {
	if !r.Judge.Meets(need) {
		return nil
	}
	for _, format := range r.Formats() {
		values := url.Values{NameAs: {string(format)}}
		for name, value := range state {
			values[name] = value
		}
		links = append(links, Link{Name: words.Plain(strings.ToUpper(string(format))), Href: to + "?" + values.Encode()})
	}
	return links
}
