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
	"github.com/clientaccount/clientaccount/account/sheet"
	"github.com/clientaccount/clientaccount/adminhttp/internal/access"
	"github.com/clientaccount/clientaccount/adminhttp/internal/sent"
	"github.com/clientaccount/clientaccount/adminhttp/internal/words"
	"github.com/clientaccount/clientaccount/internal/say"
	"github.com/clientaccount/clientaccount/internal/textform"
	"github.com/clientaccount/clientaccount/store"
)

// LeftOut is what is chosen of a column that is not taken.
const LeftOut = "-"

// Import is a file of clients on its way in.
type Import struct {
	Name    string            // of the file
	Content io.Reader         // CSV in UTF-8, or in UTF-16 with a byte order mark
	Match   map[string]string // what columns are, by their headers, where it is not plain: a path, or LeftOut
	Comma   bool              // numbers that are texts are written 0,05
	Exact   bool              // texts mean what they say, as in a patch: they are read as nobody's typing
	Reason  string
}

// HeaderError says of which columns of a file it is not plain what they are.
type HeaderError struct{ Unknown []string }

func (e *HeaderError) Error() string { return "adminhttp: columns that match no field" }

// Faults tell of the columns to who cannot be asked what they are.
func (e *HeaderError) Faults() (faults account.Faults) {
	for _, column := range e.Unknown {
		faults = append(faults, account.NewFault("file", "import.column", sent.Within("", column)))
	}
	return faults
}

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
	next, stop := iter.Pull2(sent.Lines(of.Content, r.ReadSheet))
	defer stop()
	header, err, more := next()
	for more && err == nil && len(strings.Join(header.Cells, "")) == 0 {
		header, err, more = next()
	}
	if !more {
		return store.Batch{}, sent.FileFault("import.empty")
	}
	if err != nil {
		return store.Batch{}, err
	}
	columns, err := r.importColumns(slices.Clone(header.Cells), of.Match)
	if err != nil {
		return store.Batch{}, err
	}
	var paths []string
	for _, c := range columns {
		if c.field.Path != "" && !slices.Contains(paths, c.field.Path) {
			paths = append(paths, c.field.Path)
		}
	}
	return r.ImportRecords(of, paths, func(yield func(Record, error) bool) {
		for line, err, more := next(); more; line, err, more = next() {
			if err == nil && len(strings.Join(line.Cells, "")) == 0 {
				continue
			}
			if !yield(recordOf(columns, line, of.Comma), err) || err != nil {
				return
			}
		}
	})
}

// Record is what a file has of one client.
type Record struct {
	Line   int64          // where that is
	ID     string         // of the client; empty: the login says which it is, or that it is a new one
	Set    account.Change // texts of fields; what is not there stays as it is
	Faults account.Faults // of what cannot be read
}

// ImportRecords is Import of what was read already: records that may set the fields of these paths.
func (r *Request) ImportRecords(of Import, paths []string, records iter.Seq2[Record, error]) (store.Batch, error) {
	if len([]rune(of.Reason)) > MaxReason {
		return store.Batch{}, account.Faults{account.NewFault("reason", "reason.length")}
	}
	in, err := r.newImporting(of)
	if err != nil {
		return store.Batch{}, err
	}
	b, n, err := r.gather(clientaccount.Bulk{
		Kind: store.BatchImport, Title: titleOf(of.Name), Paths: paths, Actor: r.Actor, Reason: of.Reason, Managers: r.Judge.Managers(),
	}, in.items(records))
	if err == nil && n == 0 {
		err = errors.Join(sent.FileFault("import.empty"), r.drop(b))
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

// importing makes items of records.
type importing struct {
	*Request
	comma, exact       bool
	managers, products byName
	countries          map[string]string // codes by names, in small letters
	names              exported          // by id
	looked             int               // lines that were looked at by alsoWrong
}

func (r *Request) newImporting(of Import) (*importing, error) {
	names, err := r.exportedNames()
	in := &importing{Request: r, comma: of.Comma, exact: of.Exact, managers: newByName(), products: newByName(), countries: map[string]string{}, names: names}
	for id, name := range names.managers {
		if r.Judge.Manager(id) {
			in.managers.add(name, id)
		}
	}
	for id, name := range names.products {
		in.products.add(name, id)
	}
	for _, c := range account.Countries() {
		for _, name := range []string{c.Name(), r.say(say.Text(c.Name()))} {
			in.countries[strings.ToLower(name)] = string(c)
		}
	}
	return in, err
}

// byName finds ids by names: as they are written, else small and capital letters alike. It has the zero
// ID where several have a name.
type byName struct{ exact, folded map[string]account.ID }

func newByName() byName { return byName{map[string]account.ID{}, map[string]account.ID{}} }

func (n byName) add(name string, id account.ID) {
	once := func(ids map[string]account.ID, name string) {
		_, twice := ids[name]
		if ids[name] = id; twice {
			ids[name] = account.ID{}
		}
	}
	once(n.exact, name)
	once(n.folded, strings.ToLower(name))
}

func (n byName) find(name string) (id account.ID, known bool) {
	if id, known = n.exact[name]; !known {
		id, known = n.folded[strings.ToLower(name)]
	}
	return id, known
}

// items are the records of a file as what is to be done.
func (in *importing) items(records iter.Seq2[Record, error]) iter.Seq2[clientaccount.BulkItem, error] {
	return func(yield func(clientaccount.BulkItem, error) bool) {
		n := 0
		for record, err := range records {
			if n++; n%account.MaxPage == 0 {
				in.Judge.Forget()
			}
			var item clientaccount.BulkItem
			if err == nil {
				item, err = in.item(record)
			}
			if !yield(item, err) || err != nil {
				return
			}
		}
	}
}

// maxSame is how long a text is, in bytes, that is kept of a cell that changes nothing.
const maxSame = 512

// item returns what a record has to be done, with what is wrong with it where it cannot be.
func (in *importing) item(of Record) (clientaccount.BulkItem, error) {
	item := clientaccount.BulkItem{Line: of.Line, Set: map[string]string{}, Was: map[string]string{}}
	before, err := in.client(of)
	for _, fc := range of.Set {
		f, known := account.FieldAt(fc.Path)
		if text, given := in.text(before, f, fc.New); known && given {
			item.Set[fc.Path] = text
			if code := in.unclear(f, fc.New); code != "" && !in.exact {
				of.Faults = append(slices.Clone(of.Faults), account.NewFault(fc.Path, code))
			}
		} else if text := f.Text(before); known && f.Shown(text) == text && len(text) <= maxSame {
			item.Was[fc.Path] = text
		}
	}
	item.Account = before.ID
	if _, given := item.Set["manager"]; before.ID.IsZero() && !given && !in.Judge.OnlyManager().IsZero() {
		item.Set["manager"] = in.Judge.OnlyManager().String()
	}
	switch {
	case err != nil:
		item.Label = titleOf(of.ID)
	case before.ID.IsZero() && !in.Judge.May(access.Create):
		err = sent.FileFault("import.create", of.Line)
	case len(of.Faults) > 0:
		err = in.alsoWrong(before, item.Set, of.Faults)
	default:
		err = in.guard(before, item.Set)
	}
	faults, bad := account.AsFaults(err)
	if item.Faults = faults; bad {
		err = nil
	}
	return item, err
}

// client returns the client that a record is about: the zero Account for a new one. An id of no client
// within the scope is a fault.
func (in *importing) client(of Record) (account.Account, error) {
	if of.ID != "" {
		none := sent.FileFault("import.id", of.Line)
		id, err := account.ParseID(of.ID)
		if err != nil || id.IsZero() {
			return account.Account{}, none
		}
		return in.seen(none)(in.Service.Get(in.Context(), id))
	}
	i := slices.IndexFunc(of.Set, func(fc account.FieldChange) bool { return fc.Path == "login" })
	if i < 0 || !in.Judge.Shows("login") {
		return account.Account{}, nil
	}
	return in.seen(nil)(in.Service.ByLogin(in.Context(), of.Set[i].New))
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
	if in.exact {
		return cell, before.Revision == 0 || cell != f.Text(before)
	}
	if before.Revision > 0 && in.holds(before, f, cell) {
		return "", false
	}
	if cell == "" {
		return "", true // to be unset: files of texts do not say so
	}
	switch cell = digitsOf(f, cell); f.Kind {
	case account.FieldManager:
		return idOf(in.managers, cell, in.Judge.Manager), true
	case account.FieldProduct:
		return idOf(in.products, cell, func(account.ID) bool { return true }), true
	case account.FieldFlag:
		return in.flag(cell), true
	case account.FieldTime:
		return instantOf(cell), true
	case account.FieldCountry:
		return in.country(cell), true
	case account.FieldAmount:
		return in.amount(cell), true
	case account.FieldLimit:
		if number, money := strings.CutSuffix(cell, moneyUnit); money {
			return in.amount(number) + moneyUnit, true
		}
		return words.ReadCount(strings.TrimSuffix(cell, messagesUnit)), true
	case account.FieldNumber:
		return words.ReadCount(cell), true
	case account.FieldChoice, account.FieldSet:
		if status := in.effective(before); f.Path == "status" && status != "" && strings.EqualFold(cell, string(status)) {
			return "", false // as the list says it, of accounts above too
		}
		for _, choice := range f.Choices {
			if strings.EqualFold(cell, choice.Value) || in.says(cell, say.Text(choice.Label)) {
				return choice.Value, true
			}
		}
	}
	return cell, true
}

// holds reports whether a cell has what is so already, as files of ours have it: in one line, without
// what may be secret, managers and products by their names.
func (in *importing) holds(before account.Account, f account.Field, cell string) bool {
	text := f.Shown(f.Text(before))
	line := strings.TrimSpace(sheet.Flat(text))
	if cell == text || cell == line || cell == sheet.Bare(line) {
		return true
	}
	switch f.Kind {
	case account.FieldManager:
		return cell != "" && cell == in.names.managers[before.Core.Manager]
	case account.FieldProduct:
		return cell != "" && cell == in.names.products[before.Notes.Product]
	default:
		return false
	}
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
