package clients

import (
	"slices"
	"strconv"

	"github.com/clientaccount/clientaccount/adminhttp/internal/markup"
	"github.com/clientaccount/clientaccount/adminhttp/internal/page"
	"github.com/clientaccount/clientaccount/adminhttp/internal/words"
	"github.com/clientaccount/clientaccount/internal/say"
)

// clientRow is a client in the list, written before the next one is made in its place.
type clientRow struct {
	rowID, id string
	name      string // by which the row is known to who cannot see it
	edit      string
	cells     []cell
	chosen    bool // can be, for a change of many
}

// selfSaying are the columns whose cells say what they are.
var selfSaying = []string{"login", "contact.company", "status", "manager"}

// fill makes it the row of another client.
func (row *clientRow) fill(o *rowOf, columns []column, chosen bool) {
	*row = clientRow{rowID: page.RowID(o.ID), id: o.ID.String(), name: o.account.Core.Login, edit: o.edit, cells: row.cells[:0], chosen: chosen}
	if row.name == "" {
		row.name = o.account.Name()
	}
	for _, c := range columns {
		made := c.cell(o)
		made.class = c.Class
		if !slices.Contains(selfSaying, c.name) {
			made.title = c.Title
		}
		if made.balance != nil && made.balance.Negative {
			made.class += " neg"
		}
		row.cells = append(row.cells, made)
	}
}

// Mark writes it.
func (row *clientRow) Mark(w *markup.Writer) {
	w.Tag(`<tr`).Attribute("id", row.rowID).Tag(`>`)
	if row.chosen {
		w.Tag(`<td class="pick"><label><input type="checkbox" name="client"`).Attribute("value", row.id)
		w.Tag(` form="many" autocomplete="off"><span class="vh">`).Say(say.Textf("Choose %s", row.name)).Tag(`</span></label></td>`)
	}
	for i := range row.cells {
		row.cells[i].mark(w)
	}
	w.Tag(`<td class="end"><a class="icon"`).Attribute("href", row.edit).Told("aria-label", say.Textf("Edit %s", row.name)).Told("title", "Edit")
	w.Tag(`><svg viewBox="0 0 24 24" aria-hidden="true"><path d="M4 20h4L19.5 8.5l-4-4L4 16z"/><path d="m13 7 4 4"/></svg></a></td></tr>`)
}

// cell is what a column says of a client.
type cell struct {
	class string
	title say.Text // of the column, where a card needs it
	text  say.Text
	none  say.Text // said where there is nothing, or beside the text
	small say.Text
	href  string
	pill  *page.Pill
	about say.Text // of the pill
	when  *words.Moment
	// balance and available are the money of which the cell tells one.
	balance, available *rowMoney
}

func (c *cell) mark(w *markup.Writer) {
	w.Tag(`<td`).Attribute("class", c.class).Tag(`>`)
	if c.title != "" {
		w.Tag(`<span class="cell" aria-hidden="true">`).Say(c.title).Tag(`</span>`)
	}
	c.markContent(w)
	w.Tag("</td>")
}

func (c *cell) markContent(w *markup.Writer) {
	switch {
	case c.pill != nil:
		pill := *c.pill
		if c.none != "" {
			pill.Word = c.none
		}
		pill.MarkAbout(w, c.about)
	case c.when != nil:
		w.Put(c.when)
	case c.balance != nil:
		c.balance.markBalance(w)
	case c.available != nil:
		c.available.markAvailable(w)
	case c.href != "":
		w.Tag(`<a`).Attribute("href", c.href).Tag(`>`).Say(c.text).Tag(`</a>`)
	case c.text != "":
		w.Tag(`<span>`).Say(c.text)
		markSmall(w, c.small)
		w.Tag(`</span>`)
	case c.none != "":
		markNone(w, c.none)
	case c.small != "":
		w.Tag(`<span>`)
		markSmall(w, c.small)
		w.Tag(`</span>`)
	}
}

func markSmall(w *markup.Writer, text say.Text) {
	if text != "" {
		w.Tag(`<small>`).Say(text).Tag(`</small>`)
	}
}

// markNone writes what stands in the place of a value.
func markNone(w *markup.Writer, text say.Text) {
	w.Tag(`<span class="k">`).Say(text).Tag(`</span>`)
}

func (m *rowMoney) markBalance(w *markup.Writer) {
	w.Tag(`<span>`)
	if m.Shared {
		markNone(w, "the parent's")
	} else {
		w.Say(m.Balance)
	}
	w.Tag(`</span>`)
}

func (m *rowMoney) markAvailable(w *markup.Writer) {
	w.Tag(`<span>`)
	if m.Available == "" {
		markNone(w, "not yours to see")
	} else {
		w.Say(m.Available)
		if m.Low {
			w.Tag(`<small class="low">`).Say("near its limit").Tag(`</small>`)
		}
		w.Tag(`<svg class="mini" viewBox="0 0 100 6" preserveAspectRatio="none" aria-hidden="true"><rect class="bg" width="100" height="6"/><rect`)
		w.Attribute("class", "on "+m.Tone).Attribute("width", strconv.FormatInt(m.Left, 10)).Tag(` height="6"/></svg>`)
	}
	w.Tag(`</span>`)
}
