package adminhttp

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/shopspring/decimal"

	"github.com/clientaccount/clientaccount"
	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/adminhttp/internal/access"
)

// Bounds of the picture of a balance.
const (
	chartEntries = 500
	chartDays    = 90
	chartSize    = 1000 // units of the drawing, either way
)

// chart is an amount over time, drawn in steps. Lines are paths of SVG in a square
// of chartSize that the page stretches; labels are placed in percent beside it.
type chart struct {
	Title string
	Words string // the essential, for who does not see it
	Line  string
	Area  string
	Limit string // how far it may go; empty where there is no limit
	Zero  int64  // where zero is drawn, from the top
	Marks []chartMark
	Dates [3]string
}

// chartMark is a label at the side.
type chartMark struct {
	Text  string
	Class string
	Y     int64 // percent from the top
}

// chartPoint is what an entry left.
type chartPoint struct {
	at           time.Time
	value, limit decimal.Decimal
}

// chart draws what the money of an account did: the entries of the last days, or the
// newest of them where they are many. Money that is shared is drawn as it was spent.
func newChart(r *request, a account.Account, s *clientaccount.Standing, sums access.Sums) (*chart, error) {
	if s == nil || !sums.Shared && !s.Terms.Shares.IsZero() {
		return nil, nil
	}
	now, shared := r.svc.Now(), !s.Terms.Shares.IsZero()
	points, err := chartPoints(r, a.ID, now, shared)
	if err != nil || len(points) < 2 {
		return nil, err
	}
	present := chartPoint{now, s.Amount, s.Terms.Credit.Add(s.Terms.OverdrawAt(now)).Neg()}
	if shared {
		present.value = s.SpentAt(now)
	}
	c := chartOf(append(points, present), a, sums.Credit && sums.Overdraw)
	if shared {
		c.Title = "Spent of the parent's money, month by month"
	}
	return c, nil
}

// chartPoints are those of the entries, the oldest first.
func chartPoints(r *request, id account.ID, now time.Time, shared bool) ([]chartPoint, error) {
	q := account.EntryQuery{Account: id, From: now.AddDate(0, 0, -chartDays)}
	var points []chartPoint
	for e, err := range r.svc.AllEntries(r.Context(), q) {
		if err != nil {
			return nil, err
		}
		point := chartPoint{e.At, e.After, e.Limit.Neg()}
		if shared {
			point.value = e.SpentAfter
		}
		points = append(points, point)
		if len(points) == chartEntries {
			break
		}
	}
	slices.Reverse(points)
	return points, nil
}

// chartOf draws points, the last of which is now. The limits are drawn for who may
// see them.
func chartOf(points []chartPoint, a account.Account, limits bool) *chart {
	now := points[len(points)-1].at
	d := newDrawing(points, now, limits)
	c := &chart{Title: "Balance over time", Line: d.path(value), Zero: d.y(decimal.Zero)}
	c.Area = c.Line + "V" + num(c.Zero) + "H0Z"
	if limits && d.lowest.IsNegative() {
		c.Limit = d.path(limit)
	}
	c.Marks = d.marks(a.Core.Currency, c.Limit != "")
	middle := d.from.Add(now.Sub(d.from) / 2)
	layout := "2 Jan"
	if now.Sub(d.from) < 48*time.Hour {
		layout = "2 Jan 15:04"
	}
	c.Dates = [3]string{d.from.In(zoneOf(a)).Format(layout), middle.In(zoneOf(a)).Format(layout), "now"}
	c.Words = chartWords(points, a, c.Limit != "")
	return c
}

func value(p chartPoint) decimal.Decimal { return p.value }
func limit(p chartPoint) decimal.Decimal { return p.limit }

// drawing maps instants and amounts to units.
type drawing struct {
	points          []chartPoint
	from            time.Time
	span            time.Duration
	lowest, highest decimal.Decimal
}

func newDrawing(points []chartPoint, now time.Time, limits bool) drawing {
	d := drawing{points: points, from: points[0].at}
	if d.span = now.Sub(d.from); d.span <= 0 {
		d.span = 1
	}
	for _, p := range points {
		d.lowest, d.highest = decimal.Min(d.lowest, p.value), decimal.Max(d.highest, p.value)
		if limits {
			d.lowest = decimal.Min(d.lowest, p.limit)
		}
	}
	if d.lowest.Equal(d.highest) {
		d.highest = d.lowest.Add(decimal.NewFromInt(1))
	}
	return d
}

func (d drawing) x(at time.Time) int64 {
	ms := decimal.NewFromInt(at.Sub(d.from).Milliseconds())
	return share(ms, decimal.NewFromInt(max(1, d.span.Milliseconds())), chartSize)
}

// y leaves a little room above and below, for the line's own thickness.
func (d drawing) y(v decimal.Decimal) int64 {
	const room = 30
	return room + share(d.highest.Sub(v), d.highest.Sub(d.lowest), chartSize-2*room)
}

// path goes right to each point and then up or down to it.
func (d drawing) path(of func(chartPoint) decimal.Decimal) string {
	var b strings.Builder
	lastX, lastY := int64(-1), int64(-1)
	for _, p := range d.points {
		x, y := d.x(p.at), d.y(of(p))
		switch {
		case lastX < 0:
			b.WriteString("M" + num(x) + " " + num(y))
		case x == lastX && y == lastY:
			continue
		default:
			b.WriteString("H" + num(x) + "V" + num(y))
		}
		lastX, lastY = x, y
	}
	return b.String()
}

func num(n int64) string { return strconv.FormatInt(n, 10) }

// marks are the words of the vertical axis: the highest, zero, and the limit; of two
// that would overlap the earlier one is kept.
func (d drawing) marks(c account.Currency, limited bool) []chartMark {
	all := []chartMark{{plainAmount(d.highest, c), "", d.y(d.highest) / 10}}
	add := func(m chartMark) {
		for _, there := range all {
			if gap := there.Y - m.Y; gap > -9 && gap < 9 {
				return
			}
		}
		all = append(all, m)
	}
	if limited {
		now := d.points[len(d.points)-1].limit
		add(chartMark{"limit " + plainAmount(now, c), "lim", d.y(now) / 10})
	}
	add(chartMark{"0", "", d.y(decimal.Zero) / 10})
	add(chartMark{plainAmount(d.lowest, c), "", d.y(d.lowest) / 10})
	return all
}

// chartWords tell from what to what it went, the highest, the lowest and the limit.
func chartWords(points []chartPoint, a account.Account, limited bool) string {
	first, last := points[0], points[len(points)-1]
	low, high := first, first
	for _, p := range points {
		if p.value.LessThan(low.value) {
			low = p
		}
		if p.value.GreaterThan(high.value) {
			high = p
		}
	}
	c := a.Core.Currency
	day := func(t time.Time) string { return t.In(zoneOf(a)).Format("2 Jan") }
	words := "From " + moneyWords(first.value, c) + " on " + day(first.at) + " to " + moneyWords(last.value, c) + " now; highest " +
		moneyWords(high.value, c) + " on " + day(high.at) + ", lowest " + moneyWords(low.value, c) + " on " + day(low.at) + "."
	if limited {
		words += " It may go down to " + moneyWords(last.limit, c) + "."
	}
	return words
}
