package money

import (
	"errors"
	"slices"

	"github.com/shopspring/decimal"

	"github.com/clientaccount/clientaccount"
	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/account/document"
	"github.com/clientaccount/clientaccount/adminhttp/internal/access"
	"github.com/clientaccount/clientaccount/adminhttp/internal/ask"
	"github.com/clientaccount/clientaccount/adminhttp/internal/page"
	"github.com/clientaccount/clientaccount/adminhttp/internal/words"
)

// usageView is what a client used on the last days.
type usageView struct {
	Words  words.Text
	Ranges []page.Link // of how many days
	Charts []usageChart
	Days   []usageDay
	Total  usageDay
}

// usageChart is numbers per day, in words too.
type usageChart struct {
	Title words.Text
	Words words.Text
	Chart *words.Bars
}

// usageDay is a day of it.
type usageDay struct{ Day, Messages, Used, GivenBack words.Text }

// usageDays are of how many days the page tells: the first unless the query says another.
var usageDays = []string{"30", "90"}

// usageOf returns what an account used; nil where nothing is known of it, or not the actor's to
// see.
func usageOf(r *ask.Request, id account.ID, first, last account.Date) (*clientaccount.Usage, error) {
	if !r.Judge.Meets(access.SeeUsage) {
		return nil, nil
	}
	used, err := r.Service.Usage(r.Context(), id, first, last)
	switch {
	case errors.Is(err, clientaccount.ErrNoBilling), errors.Is(err, account.ErrNotFound), errors.Is(err, account.ErrZone):
		return nil, nil
	case err != nil:
		return nil, err
	default:
		return &used, nil
	}
}

// addUsage adds what was used on the last days, if anything was.
func addUsage(p *moneyPage, v *moneyView) error {
	days := usageDays[0]
	if asked := p.r.URL.Query().Get("days"); slices.Contains(usageDays, asked) {
		days = asked
	}
	lengths := map[string]int{"30": 30, "90": 90}
	n := lengths[days]
	last := account.DateOf(p.r.Service.Now(), words.Zone(p.seen))
	first := words.DaysBefore(last, n-1)
	used, err := usageOf(p.r, p.account.ID, first, last)
	if err != nil || used == nil || len(used.Days) == 0 && used.PerDay.IsZero() {
		return err
	}
	v.Usage = p.usage(used, first, n)
	for _, choice := range usageDays {
		v.Usage.Ranges = append(v.Usage.Ranges, page.Link{Name: words.Plural(lengths[choice], "day"), Href: v.Head.URL("money") + "?days=" + choice + "#usage", Current: choice == days})
	}
	return nil
}

// usage puts it into words and pictures.
func (p *moneyPage) usage(used *clientaccount.Usage, first account.Date, n int) *usageView {
	byDay, total := map[account.Date]document.UsageByDay{}, document.UsageByDay{}
	var column []decimal.Decimal
	for _, day := range used.Days {
		byDay[day.Day] = day
		total.Messages, total.Used, total.GivenBack = total.Messages+day.Messages, total.Used.Add(day.Used), total.GivenBack.Add(day.GivenBack)
		column = append(column, day.Used, day.GivenBack)
	}
	p.places = words.Places(p.seen.Core.Currency, append(column, total.Used, total.GivenBack)...)
	v := &usageView{Words: p.usageWords(used), Total: p.usageDay(total)}
	for day := first; len(v.Days) < n; day = day.Next() {
		of := byDay[day]
		of.Day = day
		v.Days = append(v.Days, p.usageDay(of))
	}
	v.Charts = p.usageCharts(byDay, total, first, n)
	v.Days = slices.DeleteFunc(v.Days, func(d usageDay) bool { return d.Day == "" })
	slices.Reverse(v.Days) // the newest first, as the entries are
	return v
}

// usageDay is a line of the table; one of a day on which nothing was used has no name.
func (p *moneyPage) usageDay(d document.UsageByDay) usageDay {
	line := usageDay{Messages: words.Grouped(words.Num(d.Messages)), Used: words.Aligned(d.Used, p.seen.Core.Currency, p.places), GivenBack: words.Aligned(d.GivenBack, p.seen.Core.Currency, p.places)}
	if d.Messages != 0 || !d.Used.IsZero() || !d.GivenBack.IsZero() {
		line.Day = words.LongDay(d.Day)
	}
	return line
}

// scale is how finely amounts are drawn.
const scale = 1_000_000

// usageCharts draw messages and money.
func (p *moneyPage) usageCharts(byDay map[account.Date]document.UsageByDay, total document.UsageByDay, first account.Date, n int) []usageChart {
	var messages, money []words.DayBar
	var most, dearest document.UsageByDay
	for _, d := range byDay {
		if d.Messages > most.Messages || d.Messages == most.Messages && d.Messages > 0 && later(d.Day, most.Day) {
			most = d
		}
		if d.Used.GreaterThan(dearest.Used) || d.Used.Equal(dearest.Used) && d.Used.IsPositive() && later(d.Day, dearest.Day) {
			dearest = d
		}
	}
	for day := first; len(money) < n; day = day.Next() {
		messages = append(messages, words.DayBar{Day: day, Parts: []int64{byDay[day].Messages}})
		drawn := int64(0)
		if dearest.Used.IsPositive() {
			drawn = words.Share(byDay[day].Used, dearest.Used, scale)
		}
		money = append(money, words.DayBar{Day: day, Parts: []int64{drawn}})
	}
	c := p.seen.Core.Currency
	charts := []usageChart{
		{"Message parts per day", "None.", words.BarsOf(messages, "done")}, {"Used per day", "Nothing.", words.BarsOf(money, "done")},
	}
	if most.Messages > 0 {
		charts[0].Words = words.Textf("%s in all; most on %s, %s.", words.Grouped(words.Num(total.Messages)), words.LongDay(most.Day), words.Grouped(words.Num(most.Messages)))
	}
	charts[1].Chart.Top = words.Money(dearest.Used, c)
	if dearest.Used.IsPositive() {
		charts[1].Words = words.Textf("%s in all, of which %s was given back; most on %s, %s.", words.Money(total.Used, c), words.Money(total.GivenBack, c), words.LongDay(dearest.Day), words.Money(dearest.Used, c))
	}
	return charts
}

func later(a, b account.Date) bool { return words.DaysBetween(b, a) > 0 }

// usageWords tell the present rate: for how long what there is lasts is above, on all pages.
func (p *moneyPage) usageWords(used *clientaccount.Usage) words.Text {
	said := words.Text("Nothing was used on the last seven whole days.")
	if used.PerDay.IsPositive() {
		said = words.Textf("%s a day over the last seven whole days.", words.Money(used.PerDay, p.seen.Core.Currency))
	}
	if !used.Complete {
		said = words.Textf("%s The newest entries are not counted yet.", said)
	}
	return said
}
