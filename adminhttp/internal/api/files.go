package api

import (
	"errors"
	"io"
	"iter"
	"mime"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/account/document"
	"github.com/clientaccount/clientaccount/adminhttp/internal/access"
	"github.com/clientaccount/clientaccount/adminhttp/internal/ask"
	"github.com/clientaccount/clientaccount/adminhttp/internal/sent"
	"github.com/clientaccount/clientaccount/store"
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

// clientImports are clients as a body of JSON has them: fields as in a merge patch of one.
func clientImports() schema {
	return schema{"ClientImports", func(schemas) object {
		var fields []account.Field
		for _, f := range account.Fields() {
			if !f.Secret() {
				fields = append(fields, f)
			}
		}
		client := fieldsSchema(fields, true)
		client["properties"].(object)["id"] = object{
			"type": []string{"string", "null"}, "format": "uuid", "description": "Which client it is about. Without one its login says so, or that it is a new one.",
		}
		return object{"type": "array", "items": client}
	}}
}

func importClients(w http.ResponseWriter, r *ask.Request) error {
	media, _, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	isBook := media == workbookMedia && r.ReadSheet != nil
	isJSON := hasMediaType(r, []string{jsonMedia, linesMedia})
	if err != nil || !isJSON && !isBook && media != csvMedia {
		return newProblem(http.StatusUnsupportedMediaType, "body", "body.content_type", "Use "+jsonMedia+", "+linesMedia+" or "+csvMedia+".")
	}
	r.Large(w, sent.MaxFile)
	query := r.URL.Query()
	of := ask.Import{Name: query.Get("title"), Content: r.Body, Comma: query.Get("decimal") == "comma", Reason: reasonOf(r)}
	var b store.Batch
	if of.Exact = isJSON; isJSON {
		b, err = importObjects(r, of)
	} else {
		b, err = r.Import(of)
	}
	if _, over := errors.AsType[*http.MaxBytesError](err); over {
		return newProblem(http.StatusRequestEntityTooLarge, "body", "body.too_large", "At most 32 MB.")
	}
	if bad, is := errors.AsType[*ask.HeaderError](err); is {
		return bad.Faults()
	}
	if err != nil {
		return err
	}
	return answer(w, r, http.StatusCreated, batchOf(b, nil))
}

// importObjects takes clients from JSON: once for the fields that they set, once for what they set.
func importObjects(r *ask.Request, of ask.Import) (b store.Batch, err error) {
	body, err := io.ReadAll(of.Content)
	if err != nil {
		return b, err
	}
	var paths []string
	for record, err := range importRecords(r, body) {
		if err != nil {
			return b, err
		}
		for _, fc := range record.Set {
			if !slices.Contains(paths, fc.Path) {
				paths = append(paths, fc.Path)
			}
		}
	}
	return r.ImportRecords(of, paths, importRecords(r, body))
}

// importRecords are the objects of a body.
func importRecords(r *ask.Request, body []byte) iter.Seq2[ask.Record, error] {
	fields := shape{slices.DeleteFunc(r.Judge.Fields(), account.Field.Secret), shapeOf(r.Judge).unset}
	return func(yield func(ask.Record, error) bool) {
		n := int64(0)
		for d, err := range sent.Objects(body) {
			n++
			record := ask.Record{Line: n}
			if err == nil {
				record.ID = takeID(&d)
				record.Set, record.Faults = fields.read(d)
			}
			if !yield(record, err) || err != nil {
				return
			}
		}
	}
}

// takeID takes the id out of an object, as it was sent.
func takeID(d *sent.Document) (id string) {
	d.Members = slices.DeleteFunc(d.Members, func(m sent.Member) bool {
		is := m.Name == "id" && (m.Value.Kind == sent.KindString || m.Value.Kind == sent.KindNull)
		if is {
			id = m.Value.Text
		}
		return is
	})
	return id
}
