// Package files is the page on which clients are taken from a file.
package files

import (
	"embed"
	"errors"
	"io"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/account/document"
	"github.com/clientaccount/clientaccount/adminhttp/internal/access"
	"github.com/clientaccount/clientaccount/adminhttp/internal/ask"
	"github.com/clientaccount/clientaccount/adminhttp/internal/page"
	"github.com/clientaccount/clientaccount/adminhttp/internal/sent"
	"github.com/clientaccount/clientaccount/adminhttp/internal/words"
)

//go:embed templates/*.html
var embedded embed.FS

var pages = page.Parse(embedded)

// Routes returns the form, and the lines of a file that are to be mended.
func Routes() []page.Route {
	pages() // parsed now, and not by the first request
	return []page.Route{
		page.Get("clients/import", access.ImportClients, showImport),
		page.Post("clients/import", access.ImportClients, importFile),
		page.Get("batches/{id}/faults", access.SeeBatch, sendFaults),
	}
}

// importView is the form.
type importView struct {
	Action  string
	Back    string
	Faults  []page.FaultLink
	Columns []columnRow // to be matched by hand
	Comma   bool
	Reason  string
	LeftOut string
	Fields  []fieldOption // that a file may have
	Books   bool          // workbooks are read, too
}

// columnRow is a column of which it is not plain what it is.
type columnRow struct {
	Number int
	Header string
	Chosen string
}

type fieldOption struct {
	Path  string
	Label words.Text
}

func showImport(w http.ResponseWriter, r *ask.Request) error {
	decimal, _ := r.Language.Separators()
	return renderImport(w, r, http.StatusOK, sentForm{comma: decimal == ","}, nil, nil)
}

func renderImport(w http.ResponseWriter, r *ask.Request, status int, f sentForm, unknown []string, faults account.Faults) error {
	v := importView{Action: r.Root + "clients/import", Back: r.Root + "clients", Comma: f.comma, Reason: f.reason, LeftOut: ask.LeftOut, Books: r.ReadSheet != nil}
	v.Faults = page.FaultLinks(r.Judge.Faults(faults), func(path string) (label words.Text, href string) {
		if path == page.NameReason {
			return "Why", "#" + page.NameReason
		}
		return "File", "#file"
	})
	for _, field := range r.ImportPaths() {
		v.Fields = append(v.Fields, fieldOption{field.Path, words.Text(field.Label)})
	}
	headers := slices.Clone(unknown)
	for _, header := range f.headers {
		if !slices.Contains(headers, header) {
			headers = append(headers, header)
		}
	}
	for i, header := range headers {
		v.Columns = append(v.Columns, columnRow{i, header, f.match[header]})
	}
	return pages.Show(w, r, status, "import", "Import", v)
}

// sentForm is what was sent beside the file.
type sentForm struct {
	headers []string
	match   map[string]string
	comma   bool
	reason  string
}

// Bounds of the form beside the file.
const (
	maxParts = 500
	maxText  = 12 << 10
)

// importFile reads the form: what is said of the columns stands before the file, of which no more is
// kept than a part.
func importFile(w http.ResponseWriter, r *ask.Request) error {
	r.Large(w, sent.MaxFile+maxParts*1<<10)
	parts, err := r.MultipartReader()
	if err != nil {
		return ask.StatusError(http.StatusUnsupportedMediaType)
	}
	form, headers, matches := sentForm{match: map[string]string{}}, map[string]string{}, map[string]string{}
	for range maxParts {
		part, err := parts.NextPart()
		if errors.Is(err, io.EOF) {
			return renderImport(w, r, http.StatusUnprocessableEntity, form, nil, account.Faults{account.NewFault("file", "import.missing")})
		}
		if err != nil {
			return ask.StatusError(http.StatusBadRequest)
		}
		if name := part.FormName(); name != "file" {
			text, err := io.ReadAll(io.LimitReader(part, maxText))
			if err != nil {
				return ask.StatusError(http.StatusBadRequest)
			}
			form.read(name, string(text), headers, matches)
			continue
		}
		if part.FileName() == "" {
			return renderImport(w, r, http.StatusUnprocessableEntity, form, nil, account.Faults{account.NewFault("file", "import.missing")})
		}
		form.join(headers, matches)
		b, err := r.Import(ask.Import{Name: part.FileName(), Content: part, Match: form.match, Comma: form.comma, Reason: form.reason})
		return imported(w, r, form, b.ID, err)
	}
	return ask.StatusError(http.StatusBadRequest)
}

// read keeps an input.
func (f *sentForm) read(name, text string, headers, matches map[string]string) {
	if number, is := strings.CutPrefix(name, "header."); is {
		headers[number] = text
		return
	}
	if number, is := strings.CutPrefix(name, "match."); is {
		matches[number] = text
		return
	}
	switch name {
	case "decimal":
		f.comma = text == "comma"
	case page.NameReason:
		f.reason = strings.TrimSpace(text)
	}
}

// join puts what was chosen beside the headers that it was chosen for.
func (f *sentForm) join(headers, matches map[string]string) {
	for number, header := range headers {
		if chosen := matches[number]; chosen != "" {
			f.match[header] = chosen
		}
		f.headers = append(f.headers, header)
	}
	slices.Sort(f.headers)
}

// imported answers to a file: with what it would come to, or why that cannot be told.
func imported(w http.ResponseWriter, r *ask.Request, form sentForm, id account.ID, err error) error {
	_, large := errors.AsType[*http.MaxBytesError](err)
	header, unknown := errors.AsType[*ask.HeaderError](err)
	faults, bad := account.AsFaults(err)
	switch {
	case large:
		return renderImport(w, r, http.StatusRequestEntityTooLarge, form, nil, account.Faults{account.NewFault("file", "import.size")})
	case unknown:
		return renderImport(w, r, http.StatusUnprocessableEntity, form, header.Unknown, nil)
	case bad:
		return renderImport(w, r, http.StatusUnprocessableEntity, form, nil, faults)
	case err != nil:
		return err
	default:
		page.Redirect(w, r.Root+"batches/"+id.String())
		return nil
	}
}

// sendFaults answers with the lines that are refused.
func sendFaults(w http.ResponseWriter, r *ask.Request) error {
	d, err := r.FaultFile()
	if err != nil {
		return err
	}
	return d.Send(w, r, document.FormatCSV)
}

// ID returns the number of a column in names of inputs.
func (c columnRow) ID() string { return strconv.Itoa(c.Number) }
