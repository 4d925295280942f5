package prices

import (
	"cmp"
	"log/slog"
	"mime"
	"net/http"
	"slices"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/account/price"
	"github.com/clientaccount/clientaccount/account/sheet"
	"github.com/clientaccount/clientaccount/adminhttp/internal/ask"
	"github.com/clientaccount/clientaccount/adminhttp/internal/kind"
	"github.com/clientaccount/clientaccount/adminhttp/internal/words"
)

// exportView is the form that asks for a list as a file.
type exportView struct {
	Action   string
	Controls []kind.Control
}

// Choices of what a file has in it, and how.
var (
	exportWhat = []kind.Option{{Value: "rows", Label: "All rows, as an import reads them"}, {Value: "update", Label: "What is paid, as a price update tells it"}}
	exportAs   = []kind.Option{{Value: "csv", Label: "CSV"}, {Value: "xlsx", Label: "Workbook (XLSX)"}}
	exportSign = []kind.Option{{Value: "point", Label: "Point, 0.05"}, {Value: "comma", Label: "Comma, 0,05"}}
)

// export is the form.
func (d *desk) export() *exportView {
	choice := func(path string, label, effect words.Text, options []kind.Option) kind.Control {
		id := kind.ControlID("export." + path)
		return kind.Control{Path: path, ID: id, Described: id + "-hint", Label: label, Effect: effect, Widget: "select", Options: kind.NewOptions(options).Selected(options[0].Value), Plain: true}
	}
	separators := []kind.Option{}
	for _, s := range ask.Separators {
		separators = append(separators, kind.Option{Value: s.Name, Label: s.Label})
	}
	as := exportAs
	if d.r.Files.Workbook == nil {
		as = exportAs[:1]
	}
	return &exportView{d.URL("export"), []kind.Control{
		choice("what", "What", "", exportWhat), choice("as", "File", "", as),
		choice("separator", "Cells are separated by", "In a CSV file.", separators), choice("decimal", "Decimal sign", "In a CSV file.", exportSign),
	}}
}

// exportList answers with the list as a file.
func exportList(w http.ResponseWriter, r *ask.Request) error {
	query := r.URL.Query()
	get := func(name string, options []kind.Option) (string, bool) {
		text := query.Get(name)
		return text, text == "" || slices.ContainsFunc(options, func(o kind.Option) bool { return o.Value == text })
	}
	what, okWhat := get("what", exportWhat)
	as, okAs := get("as", exportAs)
	_, okSign := get("decimal", exportSign)
	if !okWhat || !okAs || !okSign || query.Get("separator") != "" && ask.SeparatorOf(query.Get("separator")) == 0 {
		return ask.StatusError(http.StatusBadRequest)
	}
	d, err := newDesk(r)
	if err != nil {
		return err
	}
	of, err := d.sheet(what)
	if err != nil {
		return err
	}
	if as == "xlsx" {
		return d.writeWorkbook(w, of)
	}
	d.attach(w, "text/csv; charset=utf-8", "csv")
	err = of.WriteCSV(w, sheet.Options{Separator: ask.SeparatorOf(query.Get("separator")), DecimalComma: query.Get("decimal") == "comma", ByteOrderMark: true})
	d.written(err)
	return nil
}

// sheet is the list as a table.
func (d *desk) sheet(what string) (sheet.Sheet, error) {
	if what != "update" {
		return price.RowSheet(d.list.List().Rows(), d.list.Zone), nil
	}
	return price.Update{Currency: d.list.Currency, Zone: d.list.Zone, Names: d.list.Names}.Sheet(account.PriceCSV, d.list.Schedule(d.now))
}

func (d *desk) writeWorkbook(w http.ResponseWriter, of sheet.Sheet) error {
	if d.r.Files.Workbook == nil {
		return ask.StatusError(http.StatusNotImplemented)
	}
	d.attach(w, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "xlsx")
	d.written(d.r.Files.Workbook(w, "Prices", of))
	return nil
}

// attach has the answer kept as a file.
func (d *desk) attach(w http.ResponseWriter, media, extension string) {
	name := "prices " + cmp.Or(d.head.Login, d.head.Name.String())
	w.Header().Set("Content-Type", media)
	w.Header().Set("Content-Disposition", mime.FormatMediaType("attachment", map[string]string{"filename": name + "." + extension}))
}

// written notes that a file was not written to its end: nothing else can be said any more.
func (d *desk) written(err error) {
	if err != nil {
		d.r.Logger.DebugContext(d.r.Context(), "file not delivered", slog.Any("error", err))
	}
}
