package ask

import (
	"errors"
	"io"
	"iter"
	"slices"
	"strings"
	"unicode"

	"github.com/clientaccount/clientaccount"
	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/adminhttp/internal/access"
	"github.com/clientaccount/clientaccount/internal/textform"
	"github.com/clientaccount/clientaccount/store"
)

// Bounds of a file of clients.
const (
	MaxImport        = 32 << 20 // bytes
	maxImportColumns = 200
	maxImportCell    = 10_000 // bytes
)

// LeftOut is what is chosen of a column that is not taken.
const LeftOut = "-"

// Import is a file of clients on its way in.
type Import struct {
	Name    string            // of the file
	Content io.Reader         // CSV in UTF-8, or in UTF-16 with a byte order mark
	Match   map[string]string // what columns are, by their headers, where it is not plain: a path, or LeftOut
	Comma   bool              // numbers are written 0,05
	Reason  string
}

// HeaderError says of which columns of a file it is not plain what they are.
type HeaderError struct{ Unknown []string }

func (e *HeaderError) Error() string { return "adminhttp: columns that match no field" }

// ImportPaths are the fields that a file may set, as far as the actor may write them: no passwords,
// and, but for who sees all clients, nothing about the money of accounts above.
func (r *Request) ImportPaths() (fields []account.Field) {
	for _, f := range account.Fields() {
		shared := f.Path == "credit.shared" || f.Path == "credit.cap"
		if !f.Secret() && r.Judge.Writes(f.Path) && (!shared || r.Judge.All()) {
			fields = append(fields, f)
		}
	}
	return fields
}

// Import takes clients from a file, and has it looked at what that would come to: lines with an id, or
// the login of a client within the scope, change it, others make one. Nothing is written before the
// batch runs. Errors: account.Faults; a *HeaderError.
func (r *Request) Import(of Import) (store.Batch, error) {
	if len([]rune(of.Reason)) > MaxReason {
		return store.Batch{}, account.Faults{account.NewFault("reason", "reason.length")}
	}
	lines, err := newImportLines(of.Content)
	if err != nil {
		return store.Batch{}, err
	}
	header, _, err := lines.next()
	if errors.Is(err, io.EOF) {
		return store.Batch{}, fileFault("import.empty")
	}
	if err != nil {
		return store.Batch{}, err
	}
	columns, err := r.importColumns(header, of.Match)
	if err != nil {
		return store.Batch{}, err
	}
	var paths []string
	for _, c := range columns {
		if c.field.Path != "" && !slices.Contains(paths, c.field.Path) {
			paths = append(paths, c.field.Path)
		}
	}
	in, err := r.newImporting(columns, of.Comma)
	if err != nil {
		return store.Batch{}, err
	}
	b, n, err := r.gather(clientaccount.Bulk{
		Kind: store.BatchImport, Title: titleOf(of.Name), Paths: paths, Actor: r.Actor, Reason: of.Reason, Managers: r.Judge.Managers(),
	}, in.items(lines))
	if err == nil && n == 0 {
		err = errors.Join(fileFault("import.empty"), r.drop(b))
	}
	return b, err
}

// titleOf is the name of a file as a line of text.
func titleOf(name string) string {
	line := strings.Map(func(c rune) rune {
		if unicode.IsControl(c) {
			return -1
		}
		return c
	}, strings.ToValidUTF8(name, ""))
	runes := []rune(line)
	if line = string(runes[:min(len(runes), 100)]); !textform.IsLine(line) {
		return ""
	}
	return line
}

func fileFault(code string, args ...any) account.Faults {
	return account.Faults{account.NewFault("file", code, args...)}
}

// importing makes items of lines.
type importing struct {
	*Request
	columns            []importColumn
	comma              bool
	managers, products map[string]account.ID // by name; the zero ID where several have it
}

func (r *Request) newImporting(columns []importColumn, comma bool) (*importing, error) {
	in := &importing{Request: r, columns: columns, comma: comma, managers: map[string]account.ID{}, products: map[string]account.ID{}}
	managers, err := r.Managers()
	if err != nil {
		return nil, err
	}
	for _, m := range managers {
		nameOnce(in.managers, m.Name, m.ID)
	}
	products, err := r.Service.Products(r.Context())
	for _, p := range products {
		nameOnce(in.products, p.Name, p.ID)
	}
	return in, err
}

func nameOnce(by map[string]account.ID, name string, id account.ID) {
	if _, twice := by[name]; twice {
		id = account.ID{}
	}
	by[name] = id
}

// items are the lines of a file as what is to be done.
func (in *importing) items(lines importLines) iter.Seq2[clientaccount.BulkItem, error] {
	return func(yield func(clientaccount.BulkItem, error) bool) {
		for n := 0; ; n++ {
			cells, line, err := lines.next()
			if errors.Is(err, io.EOF) {
				return
			}
			if n%account.MaxPage == 0 {
				in.Judge.Forget()
			}
			var item clientaccount.BulkItem
			if err == nil {
				if len(strings.Join(cells, "")) == 0 {
					continue
				}
				item, err = in.item(cells, line)
			}
			item.Line = line
			if !yield(item, err) || err != nil {
				return
			}
		}
	}
}

// cell returns the text of the column that is the id, or a path; empty where there is none.
func (in *importing) cell(cells []string, id bool, path string) string {
	for i, c := range in.columns {
		if i < len(cells) && c.id == id && c.field.Path == path {
			return cells[i]
		}
	}
	return ""
}

// item returns what a line has to be done, with what is wrong with it where it cannot be.
func (in *importing) item(cells []string, line int64) (clientaccount.BulkItem, error) {
	item := clientaccount.BulkItem{Set: map[string]string{}}
	before, err := in.client(cells, line)
	for i, c := range in.columns {
		if i < len(cells) && c.field.Path != "" && cells[i] != "" {
			if text, given := in.text(before, c.field, cells[i]); given {
				item.Set[c.field.Path] = text
			}
		}
	}
	item.Account = before.ID
	if _, given := item.Set["manager"]; before.ID.IsZero() && !given && !in.Judge.OnlyManager().IsZero() {
		item.Set["manager"] = in.Judge.OnlyManager().String()
	}
	switch {
	case err != nil:
		item.Label = titleOf(in.cell(cells, true, ""))
	case before.ID.IsZero() && !in.Judge.May(access.Create):
		err = fileFault("import.create", line)
	default:
		err = in.guard(before, item.Set)
	}
	faults, bad := account.AsFaults(err)
	if item.Faults = faults; bad {
		err = nil
	}
	return item, err
}

// client returns the client that a line is about: the zero Account for a new one. An id of no client
// within the scope is a fault.
func (in *importing) client(cells []string, line int64) (account.Account, error) {
	if text := in.cell(cells, true, ""); text != "" {
		id, err := account.ParseID(text)
		if err != nil || id.IsZero() {
			return account.Account{}, fileFault("import.id", line)
		}
		return in.seen(fileFault("import.id", line))(in.Service.Get(in.Context(), id))
	}
	login := in.cell(cells, false, "login")
	if login == "" || !in.Judge.Shows("login") {
		return account.Account{}, nil
	}
	return in.seen(nil)(in.Service.ByLogin(in.Context(), login))
}

// seen returns what is found where the actor sees it, else nothing, and what is wrong with that.
func (in *importing) seen(otherwise error) func(account.Account, error) (account.Account, error) {
	return func(a account.Account, err error) (account.Account, error) {
		if errors.Is(err, account.ErrNotFound) || err == nil && !in.Judge.Sees(a) {
			return account.Account{}, otherwise
		}
		return a, err
	}
}

// text returns what a cell sets its field to; false where it says what is so already. What cannot be
// read stays as it is, for the rules to refuse.
func (in *importing) text(before account.Account, f account.Field, cell string) (string, bool) {
	if before.Revision > 0 && cell == f.Shown(f.Text(before)) {
		return "", false
	}
	switch f.Kind {
	case account.FieldManager:
		return idOf(in.managers, cell, in.Judge.Manager), true
	case account.FieldProduct:
		return idOf(in.products, cell, func(account.ID) bool { return true }), true
	case account.FieldFlag:
		return flagOf(cell), true
	case account.FieldAmount:
		if in.comma && !strings.Contains(cell, ".") && strings.Count(cell, ",") == 1 {
			return strings.Replace(cell, ",", ".", 1), true
		}
	case account.FieldChoice, account.FieldSet:
		if status := in.effective(before); f.Path == "status" && status != "" && strings.EqualFold(cell, string(status)) {
			return "", false // as the list says it, of accounts above too
		}
		for _, choice := range f.Choices {
			if strings.EqualFold(cell, choice.Label) || strings.EqualFold(cell, choice.Value) {
				return choice.Value, true
			}
		}
	}
	return cell, true
}

// effective is the status that counts of a client that is there.
func (in *importing) effective(before account.Account) account.Status {
	if before.Revision == 0 {
		return ""
	}
	status, err := in.Service.Status(in.Context(), before)
	if err != nil {
		return ""
	}
	return status
}

// idOf is the id of a name, or an id that may be chosen; else what no rule takes.
func idOf(names map[string]account.ID, cell string, may func(account.ID) bool) string {
	id, known := names[cell]
	if !known {
		id, _ = account.ParseID(cell)
	}
	if id.IsZero() || !may(id) {
		return "?" + cell
	}
	return id.String()
}

func flagOf(cell string) string {
	switch strings.ToLower(cell) {
	case "true", "yes", "on", "1":
		return "true"
	case "false", "no", "off", "0":
		return "false"
	default:
		return cell
	}
}

// guard refuses what the actor may not do to a client, new or there, by the rules of an edit of it
// alone.
func (in *importing) guard(before account.Account, set map[string]string) error {
	begun := before
	if before.Revision == 0 {
		begun = account.New()
		begun.Core.Manager = in.Judge.OnlyManager()
	}
	after := begun.Clone()
	for path, text := range set {
		if f, known := account.FieldAt(path); known {
			_ = f.Set(&after, text) // what is no value is refused when it is judged
		}
	}
	if before.Revision > 0 {
		begun = before
	}
	return in.asOneOfMany()(before, after)
}
