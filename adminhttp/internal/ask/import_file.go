package ask

import (
	"bufio"
	"encoding/csv"
	"errors"
	"io"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	utf "golang.org/x/text/encoding/unicode"
	"golang.org/x/text/transform"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/internal/say"
	"github.com/clientaccount/clientaccount/internal/textform"
	"github.com/clientaccount/clientaccount/store"
)

// importLines are the lines of a CSV.
type importLines struct{ *csv.Reader }

// newImportLines finds out how a file is written, by its first bytes.
func newImportLines(content io.Reader) (importLines, error) {
	text := bufio.NewReaderSize(transform.NewReader(content, utf.BOMOverride(encoding.UTF8Validator)), 64<<10)
	head, err := text.Peek(32 << 10)
	switch {
	case errors.Is(err, encoding.ErrInvalidUTF8):
		return importLines{}, fileFault("import.encoding")
	case err != nil && !errors.Is(err, io.EOF) && !errors.Is(err, bufio.ErrBufferFull):
		return importLines{}, err
	case strings.HasPrefix(string(head), "PK\x03\x04"):
		return importLines{}, fileFault("import.workbook")
	}
	lines := csv.NewReader(text)
	lines.Comma, lines.FieldsPerRecord, lines.ReuseRecord = separatorIn(string(head)), -1, true
	return importLines{lines}, nil
}

// separatorIn returns what parts the cells of the first line: what it has most of.
func separatorIn(head string) rune {
	first, _, _ := strings.Cut(strings.TrimLeft(head, "\r\n"), "\n")
	best, most := ',', 0
	for _, c := range []rune{',', ';', '\t'} {
		if n := strings.Count(first, string(c)); n > most {
			best, most = c, n
		}
	}
	return best
}

// next returns the next line's cells, and its number.
func (l importLines) next() ([]string, int64, error) {
	cells, err := l.Read()
	if bad, is := errors.AsType[*csv.ParseError](err); is {
		return nil, 0, fileFault("import.syntax", bad.Line)
	}
	if errors.Is(err, encoding.ErrInvalidUTF8) {
		return nil, 0, fileFault("import.encoding")
	}
	if err != nil {
		return nil, 0, err
	}
	line, _ := l.FieldPos(0)
	if len(cells) > maxImportColumns {
		return nil, 0, fileFault("import.columns", maxImportColumns)
	}
	for i, cell := range cells {
		if len(cell) > maxImportCell {
			return nil, 0, fileFault("import.cell", line, maxImportCell)
		}
		cells[i] = uninert(strings.TrimSpace(cell))
	}
	return cells, int64(line), nil
}

// uninert takes back the apostrophe that keeps spreadsheets from computing what a cell begins with.
func uninert(cell string) string {
	rest, quoted := strings.CutPrefix(cell, "'")
	if first, _ := utf8.DecodeRuneInString(rest); quoted && strings.ContainsRune("=+-@＝＋－＠", first) {
		return rest
	}
	return cell
}

// importColumn is what a column is: a field, or the client's id, or nothing that is taken.
type importColumn struct {
	field account.Field
	id    bool
}

// importAliases are further names of fields.
var importAliases = map[string]string{
	"company": "contact.company", "country": "contact.country", "product": "notes.product", "email": "mail.email", "phone": "contact.phone",
	"credit": "credit.limit", "creditlimit": "credit.limit", "timezone": "time_zone", "firstname": "contact.first_name", "lastname": "contact.last_name",
}

// notTaken are columns of files of ours that are no settings.
var notTaken = []string{"balance", "available", "moved", "activity", "created", "Last movement", "Last edit", "line", "faults", "effective_status"}

// bare is a header as it is compared: its letters and digits, whatever their case and their marks.
func bare(header string) string {
	return strings.Map(func(c rune) rune {
		if unicode.IsLetter(c) || unicode.IsDigit(c) {
			return c
		}
		return -1
	}, textform.ForSearch(header))
}

// importNames are the names of fields, and how many fields have each.
func (r *Request) importNames() map[string][]account.Field {
	names := map[string][]account.Field{}
	add := func(name string, f account.Field) {
		if name = bare(name); name != "" && !slices.ContainsFunc(names[name], func(other account.Field) bool { return other.Path == f.Path }) {
			names[name] = append(names[name], f)
		}
	}
	for _, f := range account.Fields() {
		add(f.Path, f)
		add(f.Label, f)
		if r.Language != nil {
			add(r.Language.Say(say.Text(f.Label)), f)
		}
	}
	for alias, path := range importAliases {
		if f, known := account.FieldAt(path); known && len(names[alias]) == 0 {
			add(alias, f)
		}
	}
	return names
}

// importColumns finds out what each column is. Where that is not plain, and nothing was chosen, it is a
// *HeaderError.
func (r *Request) importColumns(header []string, match map[string]string) (columns []importColumn, err error) {
	names, may, taken := r.importNames(), r.ImportPaths(), map[string]bool{}
	var faults account.Faults
	var unknown []string
	for _, text := range header {
		c, plain := importColumn{}, false
		found := names[bare(text)]
		chosen, was := match[text]
		f, known := account.FieldAt(chosen)
		switch {
		case was && chosen == LeftOut:
			plain = true
		case was && known:
			c.field, plain = f, true
		case len(found) == 1:
			c.field, plain = found[0], true
		case bare(text) == "id":
			c.id, plain = true, true
		case slices.ContainsFunc(notTaken, func(name string) bool { return bare(name) == bare(text) }):
			plain = true
		}
		key := c.field.Path
		if c.id {
			key = "id"
		}
		switch {
		case !plain:
			unknown = append(unknown, text)
		case c.field.Secret():
			faults = append(faults, account.NewFault("file", "import.secret", text))
		case key != "" && taken[key]:
			faults = append(faults, account.NewFault("file", "import.twice", text))
		case c.field.Path != "" && !slices.ContainsFunc(may, func(f account.Field) bool { return f.Path == c.field.Path }):
			if c.field.Path != "login" || !r.Judge.Shows("login") {
				unknown = append(unknown, text) // to be left out, by a person who knows
			}
		}
		taken[key] = true
		columns = append(columns, c)
	}
	switch {
	case len(faults) > 0:
		return nil, faults
	case len(unknown) > 0:
		return nil, &HeaderError{unknown}
	case !taken["id"] && !taken["login"]:
		return nil, fileFault("import.key")
	default:
		return columns, nil
	}
}

// FaultFile returns the lines of the path's batch, an import, that are refused, with what is wrong
// with each: as a file that can be mended and sent again. URLs are without what may be secret.
func (r *Request) FaultFile() (Download, error) {
	b, err := r.Batch()
	if err == nil && b.Kind != store.BatchImport {
		err = account.ErrNotFound
	}
	names, more := r.exportedNames()
	if err = errors.Join(err, more); err != nil {
		return Download{}, err
	}
	d := Download{Name: "faults", Header: []string{"line", "id"}}
	fields := make([]account.Field, len(b.Paths))
	for i, path := range b.Paths {
		fields[i], _ = account.FieldAt(path)
		d.Header = append(d.Header, path)
	}
	d.Header = append(d.Header, "faults")
	q := store.TaskQuery{Batch: account.Some(b.ID), States: []store.TaskState{store.TaskFaulty, store.TaskRefused}, Limit: account.MaxPage}
	d.Rows = func(yield func([]any, error) bool) {
		for {
			found, err := r.Service.Tasks(r.Context(), q)
			if err != nil {
				yield(nil, err)
				return
			}
			if err := r.lookUp(found); err != nil {
				yield(nil, err)
				return
			}
			for _, t := range found {
				cells, err := r.faultCells(t, fields, names)
				if !yield(cells, err) || err != nil {
					return
				}
				q.After = &store.TaskPosition{Line: t.Line}
			}
			if len(found) < account.MaxPage {
				return
			}
		}
	}
	return d, nil
}

// faultCells are a line of that file.
func (r *Request) faultCells(t store.Task, fields []account.Field, names exported) ([]any, error) {
	told, err := r.toldTask(t)
	cells := []any{t.Line, ""}
	switch {
	case told.Client != nil:
		cells[1] = t.Account.String()
	case slices.ContainsFunc(t.Faults, func(f account.Fault) bool { return f.Code == "import.id" }):
		cells[1] = t.Label // the id of nobody, as it was sent: without it the line would make a client
	}
	outside := !t.Account.IsZero() && told.Client == nil
	for _, f := range fields {
		text := strings.TrimPrefix(t.Set[f.Path], "?")
		if id, err := account.ParseID(text); err == nil {
			switch f.Kind {
			case account.FieldManager:
				text = names.managers[id]
			case account.FieldProduct:
				text = names.products[id]
			}
		}
		if outside {
			text = ""
		}
		cells = append(cells, f.Shown(text))
	}
	var said []string
	for _, f := range told.Faults {
		text := f.Text
		if field, known := account.FieldAt(f.Path); known {
			text = field.Label + ": " + text
		}
		said = append(said, text)
	}
	return append(cells, strings.Join(said, " ")), err
}
