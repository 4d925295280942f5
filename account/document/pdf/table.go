package pdf

import (
	"github.com/clientaccount/clientaccount/account/document"
)

// table is one as it is drawn.
type table struct {
	*paper
	document.Table
	widths []float64
}

const (
	between = 4.0 // columns
	padding = 1.0 // above and below a row
)

func (p *paper) table(content document.Table) {
	t := table{paper: p, Table: content}
	t.measureColumns()
	t.room(4 * (t.height() + 2*padding)) // a head is not left alone
	t.head()
	for _, row := range t.Rows {
		t.row(row, false)
	}
	if t.Last != nil {
		t.row(t.Last, true)
	}
	p.y += 5
}

// measureColumns gives numbers the width that they need, and texts what is left: first what they
// need, and the rest to the last of them.
func (t *table) measureColumns() {
	t.widths = make([]float64, len(t.Columns))
	texts, last := 0, 0
	rest := width - between*float64(len(t.Columns)-1)
	for i, column := range t.Columns {
		t.widths[i] = t.natural(i)
		rest -= t.widths[i]
		if !column.Number {
			texts, last = texts+1, i
		}
	}
	if rest >= 0 || texts == 0 {
		t.widths[last] += rest
		return
	}
	for i, column := range t.Columns { // they are broken into lines
		if !column.Number {
			t.widths[i] = max(15, t.widths[i]+rest/float64(texts))
		}
	}
}

// natural returns the width of the widest cell of a column.
func (t *table) natural(column int) float64 {
	t.font(smallSize, true)
	widest := t.measure(t.Columns[column].Title)
	if t.Last != nil {
		widest = max(widest, t.measure(t.Last[column]))
	}
	t.font(smallSize, false)
	for _, row := range t.Rows {
		widest = max(widest, t.measure(row[column]))
	}
	if t.Columns[column].Number {
		widest = max(widest, 22) // narrower ones are hard to tell apart
	}
	return widest
}

func (t *table) head() {
	titles := make([]string, len(t.Columns))
	for i, column := range t.Columns {
		titles[i] = column.Title
	}
	t.font(smallSize, true)
	t.cells(titles)
	t.rule(left, 0.4)
}

// row draws one, with the head again on a new page.
func (t *table) row(cells []string, last bool) {
	t.font(smallSize, last)
	if t.room(t.rowHeight(cells)) {
		t.head()
		t.font(smallSize, last)
	}
	if last {
		t.rule(left, 0.3)
	}
	t.cells(cells)
	if !last {
		t.file.SetDrawColor(200, 200, 200)
		t.rule(left, 0.1)
		t.file.SetDrawColor(0, 0, 0)
	}
}

func (t *table) rowHeight(cells []string) float64 {
	lines := 1
	for i, cell := range cells {
		if !t.Columns[i].Number {
			lines = max(lines, len(t.wrap(cell, t.widths[i])))
		}
	}
	return float64(lines)*t.height() + 2*padding
}

// cells draws the cells of a row.
func (t *table) cells(cells []string) {
	begin := t.y + padding
	end := begin + t.height()
	x := left
	for i, cell := range cells {
		t.y = begin
		if t.Columns[i].Number {
			t.put(x+t.widths[i]-t.measure(cell), cell)
		} else {
			for _, line := range t.wrap(cell, t.widths[i]) {
				t.line(x, line)
			}
			end = max(end, t.y)
		}
		x += t.widths[i] + between
	}
	t.y = end + padding
}
