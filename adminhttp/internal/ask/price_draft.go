package ask

import (
	"bytes"
	"fmt"
	"io"
	"iter"
	"slices"
	"strings"
	"time"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/account/price"
	"github.com/clientaccount/clientaccount/adminhttp/internal/words"
)

// AddPrices returns a draft with more rows. One takes the place of a row of the same network and
// instant.
func AddPrices(d price.Draft, rows ...price.Row) price.Draft {
	added := starts(rows)
	d.Rows = slices.DeleteFunc(slices.Clone(d.Rows), func(r price.Row) bool { return added[startOfRow(r.Start())] })
	d.Rows = append(d.Rows, rows...)
	return d
}

// TakeBack returns a draft by which rows of the list, that have not begun, are taken back too.
func TakeBack(d price.Draft, these ...price.Start) price.Draft {
	known := undone(d)
	d.Undo = slices.Clone(d.Undo)
	for _, s := range these {
		if !known[startOfRow(s)] {
			d.Undo = append(d.Undo, s)
		}
	}
	return d
}

// undone are the rows that a draft takes back.
func undone(d price.Draft) map[start]bool {
	all := make(map[start]bool, len(d.Undo))
	for _, s := range d.Undo {
		all[startOfRow(s)] = true
	}
	return all
}

// Without returns a draft without what it says of a network and an instant: the row that it
// adds, or that it takes back.
func Without(d price.Draft, s price.Start, undo bool) price.Draft {
	if undo {
		d.Undo = slices.DeleteFunc(slices.Clone(d.Undo), func(u price.Start) bool { return startOfRow(u) == startOfRow(s) })
		return d
	}
	d.Rows = slices.DeleteFunc(slices.Clone(d.Rows), func(r price.Row) bool { return startOfRow(r.Start()) == startOfRow(s) })
	return d
}

// Inverse returns a draft that takes an announcement back, as far as that has not begun: rows
// that it added and the list still has, and rows that it took back.
func Inverse(d price.Draft, a Announcement, l *price.List, now time.Time) price.Draft {
	var back []price.Start
	for _, row := range a.Added {
		if row.From.After(now) && l.Has(row.Start()) {
			back = append(back, row.Start())
		}
	}
	d = TakeBack(d, back...)
	taken := undone(d)
	var again []price.Row
	for _, row := range a.Undone {
		if row.From.After(now) && (!l.Has(row.Start()) || taken[startOfRow(row.Start())]) {
			again = append(again, row)
		}
	}
	return AddPrices(d, again...)
}

// start is a price.Start that can be compared.
type start struct {
	price.Network
	micros int64
}

func startOfRow(s price.Start) start { return start{s.Network, s.From.UnixMicro()} }

func starts(rows []price.Row) map[start]bool {
	all := make(map[start]bool, len(rows))
	for _, r := range rows {
		all[startOfRow(r.Start())] = true
	}
	return all
}

// TypedPrice is a row as it is typed, an instant by the clock of a zone.
type TypedPrice struct{ MCC, MNC, Price, From string }

// Row reads it. The error is [price.Faults], without places.
func (t TypedPrice) Row(zone *time.Location, now time.Time) (price.Row, error) {
	cells := []string{t.MCC, t.MNC, t.Price, t.From}
	if strings.TrimSpace(strings.Join(cells, "")) == "" {
		return price.Row{}, price.Faults{price.FaultOf("mcc.format"), price.FaultOf("price.required"), price.FaultOf("from.required")}
	}
	rows, err := price.ReadCells(lines([]string{"mcc", "mnc", "price", "from"}, cells), price.ReadOptions{Zone: zone, NotBefore: now})
	faults, bad := price.AsFaults(err)
	for i := range faults {
		faults[i].Line, faults[i].Column = 0, 0
	}
	switch {
	case bad:
		return price.Row{}, faults
	case err != nil:
		return price.Row{}, err
	default:
		return rows[0], nil
	}
}

func lines(all ...[]string) iter.Seq2[int, []string] {
	return func(yield func(int, []string) bool) {
		for i, cells := range all {
			if !yield(i+1, cells) {
				return
			}
		}
	}
}

// ImportNames are those that say how a file of prices is written.
var ImportNames = []string{"separator", "decimal", "charset", "zone", "from", "extra"}

// Separators are those of cells, by what they are called.
var Separators = []struct {
	Name  string
	Label words.Text
	Sign  rune
}{{"comma", "Comma", ','}, {"semicolon", "Semicolon", ';'}, {"tab", "Tab", '\t'}}

// SeparatorOf returns the sign of a name; 0 for none.
func SeparatorOf(name string) rune {
	for _, s := range Separators {
		if s.Name == name {
			return s.Sign
		}
	}
	return 0
}

// ImportOptions reads how a file is written, by the texts of [ImportNames]. What it does not say is
// found out, or usual.
func (p Prices) ImportOptions(text func(name string) string, now time.Time) (price.ReadOptions, account.Faults) {
	o := price.ReadOptions{Zone: p.Zone, NotBefore: now, Currency: p.Currency, Separator: SeparatorOf(text("separator"))}
	var faults account.Faults
	choose := func(name, code string, words ...string) {
		if !slices.Contains(append(words, ""), text(name)) {
			faults = append(faults, account.NewFault(name, code))
		}
	}
	choose("separator", "separator.choice", "comma", "semicolon", "tab")
	choose("decimal", "decimal.choice", "point", "comma")
	choose("charset", "charset.choice", Charsets()...)
	choose("extra", "extra.choice", "true", "false")
	o.DecimalComma, o.Charset, o.Extra = text("decimal") == "comma", price.Charset(text("charset")), text("extra") == "true"
	if name := text("zone"); name != "" {
		zone, err := account.LoadZone(name)
		if err != nil {
			return o, append(faults, account.NewFault("zone", "time_zone.unknown"))
		}
		o.Zone = zone
	}
	if from := text("from"); from != "" {
		row, err := TypedPrice{"001", "", "0", from}.Row(o.Zone, now)
		if bad, ok := price.AsFaults(err); ok {
			return o, append(faults, bad[0].Fault)
		}
		o.From = row.From
	}
	return o, faults
}

// Charsets are those that files are read in.
func Charsets() []string {
	return []string{string(price.CharsetUTF8), string(price.CharsetUTF16LE), string(price.CharsetUTF16BE), string(price.CharsetWindows1251)}
}

// workbook is how a workbook begins: it is a zip file.
var workbook = []byte("PK\x03\x04")

// ReadPrices reads a file of prices: a workbook where it is one and the host reads them, else CSV.
// Errors: [price.Faults]; what reading failed with.
func (r *Request) ReadPrices(file io.Reader, o price.ReadOptions) ([]price.Row, error) {
	content, err := io.ReadAll(io.LimitReader(file, price.DefaultMaxBytes+1))
	if err != nil {
		return nil, err
	}
	if bytes.HasPrefix(content, workbook) && r.ReadWorkbook != nil {
		return r.ReadWorkbook(bytes.NewReader(content), o)
	}
	return price.ReadCSV(bytes.NewReader(content), o)
}

// RowFaults returns faults of a draft as those of its rows in JSON, "rows.3.price".
func RowFaults(faults price.Faults) (all account.Faults) {
	for _, f := range faults {
		switch {
		case f.Row > 0 && f.Path == "undo":
			f.Path = fmt.Sprintf("undo.%d", f.Row-1)
		case f.Row > 0:
			f.Path = fmt.Sprintf("rows.%d.%s", f.Row-1, f.Path)
		}
		all = append(all, f.Fault)
	}
	return all
}
