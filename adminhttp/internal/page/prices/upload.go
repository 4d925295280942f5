package prices

import (
	"bytes"
	"errors"
	"io"
	"net/http"
	"net/url"
	"strings"

	"github.com/clientaccount/clientaccount/account/price"
	"github.com/clientaccount/clientaccount/adminhttp/internal/ask"
	"github.com/clientaccount/clientaccount/adminhttp/internal/page"
	"github.com/clientaccount/clientaccount/adminhttp/internal/words"
)

// Bounds of a form with a file.
const (
	maxParts = 20
	maxText  = 1 << 10
)

// importNames are the inputs of the form beside the file.
var importNames = map[string]string{ // as the reading of files calls them
	"separator": "separator", "decimal": "decimal", "charset": "charset", "zone": "zone", "since": "from", "extra": "extra",
}

// importRows adds the rows of a file to the draft, all or none.
func importRows(w http.ResponseWriter, r *ask.Request) error {
	r.Large(w, price.DefaultMaxBytes+maxParts*2*maxText)
	values, file, err := readUpload(r)
	_, large := errors.AsType[*http.MaxBytesError](err)
	if err != nil && !large {
		return err
	}
	d, err := newDesk(r)
	if err != nil {
		return err
	}
	t := newTyped(values)
	if large {
		t.refuse("file", words.Text(price.FaultOf("file.size").Text))
		return d.renderDraft(w, http.StatusRequestEntityTooLarge, t)
	}
	names := map[string]bool{page.NameRevision: true}
	for name := range importNames {
		names[name] = true
	}
	for _, fault := range page.CheckNames(values, names) {
		t.refuse(fault.Path, words.Coded(fault.Code, fault.Text))
	}
	draft, err := d.imported(t, file)
	if err != nil {
		return err
	}
	return d.save(w, t, draft, "imported")
}

// imported returns the draft with the rows of a file, unless something is wrong with that.
func (d *desk) imported(t *typed, file []byte) (price.Draft, error) {
	text := func(name string) string {
		for input, called := range importNames {
			if called == name {
				return strings.TrimSpace(t.values.Get(input))
			}
		}
		return ""
	}
	options, faults := d.list.ImportOptions(text, d.now)
	for _, f := range faults {
		t.refuse(map[string]string{"from": "since"}[f.Path]+strings.TrimPrefix(f.Path, "from"), words.Coded(f.Code, f.Text))
	}
	if len(t.faults) > 0 {
		return price.Draft{}, nil
	}
	rows, err := d.r.ReadPrices(bytes.NewReader(file), options)
	if bad, is := price.AsFaults(err); is {
		t.bad = bad
		t.refuse("file", "The file was not taken: see what is wrong, line by line.")
		return price.Draft{}, nil
	}
	return ask.AddPrices(d.draft.Draft, rows...), err
}

// readUpload reads a form with a file, of which no more is kept than a list may be long.
func readUpload(r *ask.Request) (url.Values, []byte, error) {
	parts, err := r.MultipartReader()
	if err != nil {
		return nil, nil, ask.StatusError(http.StatusUnsupportedMediaType)
	}
	values, file := url.Values{}, []byte(nil)
	for range maxParts {
		part, err := parts.NextPart()
		if errors.Is(err, io.EOF) {
			return values, file, nil
		}
		if err != nil {
			return values, nil, unreadable(err)
		}
		limit := int64(maxText)
		if part.FormName() == "file" {
			limit = price.DefaultMaxBytes + 1
		}
		content, err := io.ReadAll(io.LimitReader(part, limit))
		if err != nil {
			return values, nil, unreadable(err)
		}
		if part.FormName() == "file" {
			file = content
			continue
		}
		values.Add(part.FormName(), string(content))
	}
	return values, nil, ask.StatusError(http.StatusBadRequest)
}

// unreadable keeps that a body is too large, and is else of a form that cannot be read.
func unreadable(err error) error {
	if _, large := errors.AsType[*http.MaxBytesError](err); large {
		return err
	}
	return ask.StatusError(http.StatusBadRequest)
}

// fileFault is what is wrong at a place of a file.
type fileFault struct {
	Line, Column int // 0: none
	Field        words.Text
	Text         words.Text
}

// fileFaults returns the first faults of a file, and how many more there are.
func (d *desk) fileFaults(all price.Faults) (shown []fileFault, more int) {
	for _, f := range all[:min(len(all), maxFileFaults)] {
		shown = append(shown, fileFault{f.Line, f.Column, fieldNames[f.Path], words.Coded(f.Code, f.Text)})
	}
	return shown, len(all) - len(shown)
}

// maxFileFaults is how many faults of a file the page shows.
const maxFileFaults = 200

// fieldNames are what the parts of a file are called.
var fieldNames = map[string]words.Text{
	"mcc": "MCC", "mnc": "MNC", "mccmnc": "MCCMNC", "price": "Price", "from": "From", "currency": "Currency", "row": "Line", "header": "Header", "file": "File",
}
