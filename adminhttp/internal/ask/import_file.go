package ask

import (
	"cmp"
	"errors"
	"maps"
	"slices"
	"strings"
	"time"
	"unicode"

	"github.com/clientaccount/clientaccount"
	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/account/sheet"
	"github.com/clientaccount/clientaccount/adminhttp/internal/sent"
	"github.com/clientaccount/clientaccount/adminhttp/internal/words"
	"github.com/clientaccount/clientaccount/internal/say"
	"github.com/clientaccount/clientaccount/internal/textform"
	"github.com/clientaccount/clientaccount/store"
)

// importColumn is what a column is: a field, or the client's id, or nothing that is taken.
type importColumn struct {
	field  account.Field
	id     bool
	faults bool // that of a file of faults, which has each URL without what may be secret
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
			c.faults, plain = bare(text) == "faults", true
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
		return nil, sent.FileFault("import.key")
	default:
		return columns, nil
	}
}

// FaultFile returns the lines of the path's batch, an import, that are refused, with what is wrong
// with each, in the language of the page: as a file that can be mended and sent again. URLs are
// without what may be secret, and are refused from such a file as long as they are.
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
		text, set := t.Set[f.Path]
		if !set {
			text = t.Was[f.Path] // as it is already
		}
		text = cellText(f, text)
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
	var said []say.Text
	for _, f := range told.Faults {
		text := words.Fault(f)
		if field, known := account.FieldAt(f.Path); known {
			text = say.Textf("%s: %s", say.Text(field.Label), text)
		}
		said = append(said, text)
	}
	return append(cells, r.say(say.Join(said, " "))), err
}

// say is a text in the language of the page.
func (r *Request) say(text say.Text) string {
	if r.Language == nil {
		return text.String()
	}
	return r.Language.Say(text)
}

// recordOf returns what a line has, by its columns. Empty cells say nothing. An amount that is a number
// to a workbook has the decimal sign that was said, like those that are typed.
func recordOf(columns []importColumn, line sheet.Line, comma bool) Record {
	record := Record{Line: int64(line.Number)}
	mended := slices.ContainsFunc(columns, func(c importColumn) bool { return c.faults })
	for i, cell := range line.Cells {
		switch {
		case cell == "":
		case i >= len(columns):
			record.Faults = sent.FileFault("import.more", line.Number)
		case columns[i].id:
			record.ID = cell
		case columns[i].field.Path == "":
		case mended && columns[i].field.Kind == account.FieldURL && strings.Contains(cell, "…"):
			record.Faults = append(record.Faults, columns[i].field.Fault("hidden"))
			record.Set = record.Set.Set(columns[i].field.Path, cell)
		case slices.Contains(sheetErrors, cell):
			record.Faults = append(record.Faults, account.NewFault(columns[i].field.Path, "import.error", cell))
		default:
			if comma && line.IsNumber(i) && isAmount(columns[i].field) {
				cell = strings.Replace(cell, ".", ",", 1)
			}
			record.Set = record.Set.Set(columns[i].field.Path, cell)
		}
	}
	return record
}

// isAmount reports whether a field has an amount, or a limit, which may be one.
func isAmount(f account.Field) bool {
	return f.Kind == account.FieldAmount || f.Kind == account.FieldLimit
}

// sheetErrors are what a spreadsheet shows where it could not compute.
var sheetErrors = []string{"#N/A", "#REF!", "#VALUE!", "#NAME?", "#DIV/0!", "#NULL!", "#NUM!", "#SPILL!", "#CALC!"}

// The units of a limit stand behind its number.
const (
	moneyUnit    = " " + string(account.UnitMoney)
	messagesUnit = " " + string(account.UnitMessages)
)

// digitsOf is a cell without what marks digits as a text, as people type them into spreadsheets.
func digitsOf(f account.Field, cell string) string {
	switch f.Kind {
	case account.FieldAmount, account.FieldLimit, account.FieldNumber, account.FieldPhone:
		return strings.TrimPrefix(cell, "'")
	default:
		return cell
	}
}

// amount returns an amount as people write it in plain digits. What could be read in two ways is read
// by the decimal sign that was said, if it has that sign; else it stays as it is: a comma is refused
// then, and so is a point, see unclear.
func (in *importing) amount(cell string) string {
	sign := map[bool]string{true: ",", false: "."}[in.comma]
	switch readings := words.ReadAmount(cell); {
	case len(readings) == 1:
		return readings[0]
	case len(readings) > 1 && strings.Contains(cell, sign):
		return readings[1]
	default:
		return cell
	}
}

// unclear returns the code of a cell of which it cannot be told what it says, empty where it can: with
// a decimal comma, 1.500 is 1500 to who typed it, and 1.5 to the rules of amounts; and a name may be
// that of several.
func (in *importing) unclear(f account.Field, cell string) string {
	names := map[account.FieldKind]byName{account.FieldManager: in.managers, account.FieldProduct: in.products}[f.Kind]
	if id, known := names.find(cell); known && id.IsZero() {
		return "import.several"
	}
	number, money := strings.CutSuffix(digitsOf(f, cell), moneyUnit)
	if in.comma && (money || f.Kind == account.FieldAmount) && len(words.ReadAmount(number)) > 1 && !strings.Contains(number, ",") {
		return "import.amount"
	}
	return ""
}

// alsoWrong adds what else is wrong with a line that is never judged, since some of it cannot be read: so
// all of it can be mended at once. What the actor may not write is said as such. Beyond account.MaxPage such
// lines that is left out.
func (in *importing) alsoWrong(before account.Account, set store.Texts, faults account.Faults) error {
	if in.looked++; in.looked > account.MaxPage {
		return faults
	}
	var change account.Change
	for _, path := range slices.Sorted(maps.Keys(set)) {
		change = change.Set(path, set[path])
	}
	edit := clientaccount.Edit{Actor: in.Actor, Apply: change.Apply, NoPassword: true}
	err := in.guard(before, set)
	switch {
	case err != nil:
	case before.ID.IsZero():
		_, err = in.Service.PreviewCreate(in.Context(), edit)
	default:
		_, err = in.Service.Preview(in.Context(), before.ID, before.Revision, edit)
	}
	all := slices.Clone(faults)
	more, unsound := account.AsFaults(err)
	if err != nil && !unsound && !errors.Is(err, account.ErrConflict) {
		return err
	}
	for _, fault := range more {
		if !faults.On(fault.Path) {
			all = append(all, fault)
		}
	}
	return all
}

// idOf is the id of a name, or an id that may be chosen; else what no rule takes.
func idOf(names byName, cell string, may func(account.ID) bool) string {
	id, known := names.find(cell)
	if !known {
		id, _ = account.ParseID(cell)
	}
	if id.IsZero() || !may(id) {
		return "?" + cell
	}
	return id.String()
}

// says reports whether a cell is a text, in English or in the language of the page.
func (in *importing) says(cell string, texts ...say.Text) bool {
	return slices.ContainsFunc(texts, func(text say.Text) bool {
		return strings.EqualFold(cell, text.String()) || strings.EqualFold(cell, in.say(text))
	})
}

// flag is whether a cell is for yes or for no; itself where it is for neither.
func (in *importing) flag(cell string) string {
	switch {
	case cell == "1" || in.says(cell, "true", "yes", "on"):
		return "true"
	case cell == "0" || in.says(cell, "false", "no", "off"):
		return "false"
	default:
		return cell
	}
}

// instantOf is an instant as its field takes it, of one as spreadsheets write it: a day alone begins
// at midnight. 31/12/2026 is none, since the day comes first here and the month there.
func instantOf(cell string) string {
	for _, layout := range []string{time.DateOnly, time.DateTime, "2.1.2006", "2.1.2006 15:04", "2.1.2006 15:04:05"} {
		if t, err := time.Parse(layout, cell); err == nil && t.Second() == 0 {
			return t.Format("2006-01-02 15:04")
		}
	}
	return cell
}

// country is the code of a country that a cell names, or has the code of; else the cell itself.
func (in *importing) country(cell string) string {
	if c, known := account.ParseCountry(strings.ToUpper(cell)); known {
		return string(c)
	}
	return cmp.Or(in.countries[strings.ToLower(cell)], cell)
}
