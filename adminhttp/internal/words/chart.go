package words

import (
	"strconv"
	"strings"
	"time"

	"github.com/shopspring/decimal"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/internal/say"
)

// chartSize is the side of the drawing, in units.
const chartSize = 1000

// Chart is an amount over time, drawn in steps. Lines are paths of SVG in a square
// of chartSize that the page stretches; labels are placed in percent beside it.
type Chart struct {
	Title Text
	Words Text // the essential, for who does not see it
	Line  string
	Area  string
	Limit string // how far it may go; empty where there is no limit
	Zero  int64  // where zero is drawn, from the top
	Marks []chartMark
	Dates [3]Text
}

// chartMark is a label at the side.
type chartMark struct {
	Text  Text
	Class string
	Y     int64 // percent from the top
}

// ChartPoint is what an entry left.
type ChartPoint struct {
	At           time.Time
	Value, Limit decimal.Decimal
}

// ChartOf draws points, the last of which is now. The limits are drawn for who may
// see them.
func ChartOf(points []ChartPoint, a account.Account, limits bool) *Chart {
	now := points[len(points)-1].At
	d := newDrawing(points, now, limits)
	c := &Chart{Title: "Balance over time", Line: d.path(value), Zero: d.y(decimal.Zero)}
	c.Area = c.Line + "V" + Num(c.Zero) + "H0Z"
	if limits && d.lowest.IsNegative() {
		c.Limit = d.path(limit)
	}
	c.Marks = d.marks(a.Core.Currency, c.Limit != "")
	middle := d.from.Add(now.Sub(d.from) / 2)
	layout := Text("2 Jan")
	if now.Sub(d.from) < 48*time.Hour {
		layout = "2 Jan 15:04"
	}
	c.Dates = [3]Text{say.Time(d.from.In(Zone(a)), layout), say.Time(middle.In(Zone(a)), layout), "now"}
	c.Words = chartWords(points, a, c.Limit != "")
	return c
}

func value(p ChartPoint) decimal.Decimal { return p.Value }

func limit(p ChartPoint) decimal.Decimal { return p.Limit }

// drawing maps instants and amounts to units.
type drawing struct {
	points          []ChartPoint
	from            time.Time
	span            time.Duration
	lowest, highest decimal.Decimal
}

func newDrawing(points []ChartPoint, now time.Time, limits bool) drawing {
	d := drawing{points: points, from: points[0].At}
	if d.span = now.Sub(d.from); d.span <= 0 {
		d.span = 1
	}
	for _, p := range points {
		d.lowest, d.highest = decimal.Min(d.lowest, p.Value), decimal.Max(d.highest, p.Value)
		if limits {
			d.lowest = decimal.Min(d.lowest, p.Limit)
		}
	}
	if d.lowest.Equal(d.highest) {
		d.highest = d.lowest.Add(decimal.NewFromInt(1))
	}
	return d
}

func (d drawing) x(at time.Time) int64 {
	ms := decimal.NewFromInt(at.Sub(d.from).Milliseconds())
	return Share(ms, decimal.NewFromInt(max(1, d.span.Milliseconds())), chartSize)
}

// y leaves a little room above and below, for the line's own thickness.
func (d drawing) y(v decimal.Decimal) int64 {
	const room = 30
	return room + Share(d.highest.Sub(v), d.highest.Sub(d.lowest), chartSize-2*room)
}

// path goes right to each point and then up or down to it.
func (d drawing) path(of func(ChartPoint) decimal.Decimal) string {
	var b strings.Builder
	lastX, lastY := int64(-1), int64(-1)
	for _, p := range d.points {
		x, y := d.x(p.At), d.y(of(p))
		switch {
		case lastX < 0:
			b.WriteString("M" + Num(x) + " " + Num(y))
		case x == lastX && y == lastY:
			continue
		default:
			b.WriteString("H" + Num(x) + "V" + Num(y))
		}
		lastX, lastY = x, y
	}
	return b.String()
}

// Num returns a whole number in digits.
func Num(n int64) string { return strconv.FormatInt(n, 10) }

// marks returns the words of the vertical axis: the highest, zero, and the limit; of two
// that would overlap the earlier one is kept.
func (d drawing) marks(c account.Currency, limited bool) []chartMark {
	all := []chartMark{{Amount(d.highest, c), "", d.y(d.highest) / 10}}
	add := func(m chartMark) {
		for _, there := range all {
			if gap := there.Y - m.Y; gap > -9 && gap < 9 {
				return
			}
		}
		all = append(all, m)
	}
	if limited {
		now := d.points[len(d.points)-1].Limit
		add(chartMark{Textf("limit %s", Amount(now, c)), "lim", d.y(now) / 10})
	}
	add(chartMark{"0", "", d.y(decimal.Zero) / 10})
	add(chartMark{Amount(d.lowest, c), "", d.y(d.lowest) / 10})
	return all
}

// chartWords tell from what to what it went, the highest, the lowest and the limit.
func chartWords(points []ChartPoint, a account.Account, limited bool) Text {
	first, last := points[0], points[len(points)-1]
	low, high := first, first
	for _, p := range points {
		if p.Value.LessThan(low.Value) {
			low = p
		}
		if p.Value.GreaterThan(high.Value) {
			high = p
		}
	}
	c := a.Core.Currency
	day := func(t time.Time) Text { return say.Time(t.In(Zone(a)), "2 Jan") }
	words := Textf("From %s on %s to %s now; highest %s on %s, lowest %s on %s.", Money(first.Value, c), day(first.At), Money(last.Value, c),
		Money(high.Value, c), day(high.At), Money(low.Value, c), day(low.At))
	if limited {
		words = Textf("%s It may go down to %s.", words, Money(last.Limit, c))
	}
	return words
}
