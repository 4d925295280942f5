// Package many is the pages on which many clients are changed at once, and those of what came of it.
package many

import (
	"embed"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/adminhttp/internal/access"
	"github.com/clientaccount/clientaccount/adminhttp/internal/ask"
	"github.com/clientaccount/clientaccount/adminhttp/internal/kind"
	"github.com/clientaccount/clientaccount/adminhttp/internal/page"
	"github.com/clientaccount/clientaccount/adminhttp/internal/words"
	"github.com/clientaccount/clientaccount/internal/say"
)

//go:embed templates/*.html
var files embed.FS

var pages = page.Parse(files)

// Routes returns the form, all batches, and one of them with what is done about it.
func Routes() []page.Route {
	pages() // parsed now, and not by the first request
	return []page.Route{
		page.Post("clients/many", access.ChangeMany, changeMany),
		page.Get("batches", access.SeeBatches, listBatches),
		page.Get("batches/{id}", access.SeeBatch, showBatch),
		page.Post("batches/{id}", access.SeeBatch, moveBatch),
	}
}

// Names of the form that are no fields.
const (
	nameClient = "client" // once for each
	nameAll    = "all"    // 1: all that the list finds
	nameList   = "list"   // the list's filter, as its URL has it; all of it
	doLook     = "look"
)

// nobody is the choice of no manager, or product.
const nobody = ask.Nobody

// formView is the form.
type formView struct {
	Action   string
	Back     string
	Clients  []string // ids
	List     string   // the list's filter
	All      bool
	Count    say.Text
	Faults   []page.FaultLink
	Controls []kind.Control
	Reason   string
}

// changeMany shows the form for clients that were chosen, or begins what it says.
func changeMany(w http.ResponseWriter, r *ask.Request) error {
	values, err := page.ReadValues(r)
	if err != nil {
		return err
	}
	chosen := ask.Many{Reason: page.ReasonOf(values), Set: map[string]string{}}
	list, err := listOf(values)
	if err != nil {
		return err
	}
	if values.Get(nameAll) == "1" {
		chosen.All = &list
	}
	for _, text := range values[nameClient] {
		if id, err := account.ParseID(text); err == nil && chosen.All == nil {
			chosen.Clients = append(chosen.Clients, id)
		}
	}
	if values.Get(page.NameDo) != doLook {
		return showForm(w, r, http.StatusOK, chosen, list, url.Values{}, nil)
	}
	faults := readSet(r, values, &chosen)
	if len(faults) == 0 {
		b, err := r.BeginMany(chosen)
		if err == nil {
			page.Redirect(w, r.Root+"batches/"+b.ID.String())
			return nil
		}
		var bad bool
		if faults, bad = account.AsFaults(err); !bad {
			return err
		}
	}
	return showForm(w, r, http.StatusUnprocessableEntity, chosen, list, values, faults)
}

// listOf is the list's filter. One that cannot be read is refused: it would narrow nothing.
func listOf(values url.Values) (ask.ClientFilter, error) {
	sent, err := url.ParseQuery(values.Get(nameList))
	if err != nil || len(values[nameList]) > 1 {
		return ask.ClientFilter{}, ask.StatusError(http.StatusBadRequest)
	}
	list, err := ask.ReadFilter(sent)
	if err != nil {
		return list, ask.StatusError(http.StatusBadRequest)
	}
	return list.Narrowing(), nil
}

// readSet reads what is to be set: what was left empty is to stay. What the actor may no longer change
// was on the page when they opened it: BeginMany refuses it.
func readSet(r *ask.Request, values url.Values, chosen *ask.Many) account.Faults {
	known := map[string]bool{page.NameDo: true, nameAll: true, nameList: true, page.NameReason: true}
	var asked account.Faults
	for _, path := range ask.ManyPaths {
		f, _ := account.FieldAt(path)
		known[path], known[kind.NameMeant+path] = true, true
		text := strings.TrimSpace(values.Get(path))
		if f.Kind == account.FieldAmount && r.Judge.Writes(path) {
			text, _ = kind.Of(f).Read(values, f.Path)
			if kind.Of(f).Readings(text) != nil {
				asked = append(asked, account.NewFault(f.Path, "amount.ambiguous"))
			}
		}
		switch text {
		case "":
		case nobody:
			chosen.Set[f.Path] = ""
		default:
			chosen.Set[f.Path] = text
		}
	}
	sent := url.Values{}
	for name, texts := range values {
		if name != nameClient {
			sent[name] = texts
		}
	}
	return append(page.CheckNames(sent, known), asked...)
}

func showForm(w http.ResponseWriter, r *ask.Request, status int, chosen ask.Many, list ask.ClientFilter, typed url.Values, faults account.Faults) error {
	d, err := page.ReadDirectory(r)
	if err != nil {
		return err
	}
	v := formView{
		Action: r.Root + "clients/many", Back: page.ListState{ClientFilter: list}.URL(r.Root, ""), All: chosen.All != nil, List: list.Values().Encode(), Reason: chosen.Reason,
		Faults: page.Summary(r, faults),
	}
	if v.Count, err = chosenWords(r, d, chosen); err != nil {
		return err
	}
	for _, id := range chosen.Clients {
		v.Clients = append(v.Clients, id.String())
	}
	for _, f := range r.ManyFields() {
		value := typed.Get(f.Path)
		if f.Kind == account.FieldAmount {
			value, _ = kind.Of(f).Read(typed, f.Path)
		}
		c := manyControl(r, f, d, value)
		c.Refused(page.TextsOn(r.Judge.Faults(faults), f.Path))
		if f.Kind == account.FieldAmount && len(c.Faults) > 0 {
			c.Meant = kind.MeantOf(f.Path, kind.Of(f).Readings(value), value, "")
		}
		v.Controls = append(v.Controls, c)
	}
	return pages.Show(w, r, status, "form", "Change many", v)
}

// chosenWords say which clients are chosen, and how many.
func chosenWords(r *ask.Request, d kind.Directory, chosen ask.Many) (say.Text, error) {
	switch n := len(chosen.Clients); {
	case chosen.All != nil:
		shown, err := page.ListTitle(r, page.ListState{ClientFilter: *chosen.All}, d)
		if err != nil {
			return "", err
		}
		all, err := page.CountOf(r, *chosen.All)
		switch {
		case all == "" || err != nil:
			return say.Textf("All that the list finds are chosen, those of its other pages too. %s.", shown), err
		case *chosen.All == (ask.ClientFilter{}):
			return say.Textf("All clients are chosen, those of the list's other pages too: %s.", all), nil
		default:
			return say.Textf("All %s that the list finds are chosen, those of its other pages too. %s.", all, shown), nil
		}
	case n == 0:
		return "No client is chosen: tick some in the list first.", nil
	case n == 1:
		return "One client is chosen.", nil
	default:
		return say.Textf("%d clients are chosen.", n), nil
	}
}

// asItIs is what is chosen of a field that is not to be changed.
const asItIs = "as it is"

// manyControl is a field of the form: nothing chosen leaves it as it is.
func manyControl(r *ask.Request, f account.Field, d kind.Directory, typed string) kind.Control {
	c := kind.NewControl(f, typed, "")
	c.Effect, c.Empty = words.Text(f.Effect), asItIs
	options := []kind.Option{{Label: "as it is"}}
	switch f.Kind {
	case account.FieldAmount:
		c.Now = "In the currency of each client."
		return c
	case account.FieldFlag:
		options = append(options, kind.Option{Value: "true", Label: "On"}, kind.Option{Value: "false", Label: "Off"})
	case account.FieldManager:
		if r.Judge.All() {
			options = append(options, kind.Option{Value: nobody, Label: "No manager"})
		}
		for _, m := range d.Managers {
			options = append(options, kind.Option{Value: m.ID.String(), Label: words.Plain(m.Name)})
		}
	case account.FieldProduct:
		options = append(options, kind.Option{Value: nobody, Label: "No product"})
		for _, p := range d.Products {
			options = append(options, kind.Option{Value: p.ID.String(), Label: words.Plain(p.Name)})
		}
	default:
		for _, choice := range f.Choices {
			options = append(options, kind.Option{Value: choice.Value, Label: words.Text(choice.Label)})
		}
	}
	c.Widget, c.Width, c.Options = "select", "third", kind.NewOptions(options).Selected(typed)
	return c
}

// batchRow is a batch in the list of them.
type batchRow struct {
	Href, Title string
	Kind        say.Text
	Fields      []say.Text
	State       page.Pill
	By          string
	Made        words.Moment
	Tasks       say.Text
}

type batchesView struct {
	Rows   []batchRow
	Next   string
	Import string // URLs; empty where the actor may not
}

const batchesPage = 50

func listBatches(w http.ResponseWriter, r *ask.Request) error {
	before, _ := account.ParseID(r.URL.Query().Get("before"))
	found, next, err := r.Batches(before, batchesPage)
	if err != nil {
		return err
	}
	v := batchesView{}
	if r.Judge.Meets(access.ImportClients) {
		v.Import = r.Root + "clients/import"
	}
	for _, b := range found {
		row := batchRow{Href: r.Root + "batches/" + b.ID.String(), Title: b.Title, Kind: kindWords[b.Kind], State: pillOf(r, b), By: b.Actor.Name, Tasks: words.Count(int(b.Tasks))}
		row.Made, row.Fields = momentOf(r, b.MadeAt), labels(b.Paths)
		v.Rows = append(v.Rows, row)
	}
	if !next.IsZero() {
		v.Next = r.Root + "batches?before=" + next.String()
	}
	return pages.Show(w, r, http.StatusOK, "batches", "Changes of many", v)
}

// labels are those of fields.
func labels(paths []string) (labels []say.Text) {
	for _, path := range paths {
		if f, known := access.Field(path); known {
			labels = append(labels, say.Text(f.Label))
		}
	}
	return labels
}

// lineOf reads the line after which a page of tasks begins.
func lineOf(r *ask.Request) int64 {
	after, err := strconv.ParseInt(r.URL.Query().Get("after"), 10, 64)
	if err != nil || after < 0 {
		return 0
	}
	return after
}

// momentOf is an instant on the server's clock, since a batch has no client's.
func momentOf(r *ask.Request, t time.Time) words.Moment {
	now := r.Service.Now()
	return words.MomentOf(t, now, now.Location())
}
