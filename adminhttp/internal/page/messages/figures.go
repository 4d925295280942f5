package messages

import (
	"slices"

	"github.com/shopspring/decimal"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/account/message"
	"github.com/clientaccount/clientaccount/adminhttp/internal/words"
)

// figuresDays is how many days the figures show, today included.
const figuresDays = 30

// figuresView is what the client's messages of the last days come to.
type figuresView struct {
	Words  words.Text
	Chart  *words.Bars
	Legend []legendPart
	Days   []dayRow
	Total  dayRow
	Money  bool
}

type legendPart struct {
	Class string
	Text  words.Text
}

// dayRow is a day of the figures.
type dayRow struct {
	Day              words.Text
	URL              string
	Messages         words.Text
	Delivered, OnWay words.Text
	Failed           words.Text
	States           words.Text // what the failed came to
	Parts            words.Text
	Taken, GivenBack words.Text
}

// tally is what messages come to, by how they ended.
type tally struct {
	message.Figures
	delivered, failed, onWay int64
	states                   map[account.MessageState]int64 // of the failed
}

func (t *tally) add(r message.FiguresRow) {
	t.Figures = t.Figures.Plus(r.Figures)
	switch state, ended := r.Key.State.Get(); {
	case !ended:
		t.onWay += r.Figures.Messages
	case state == account.StateDelivered:
		t.delivered += r.Figures.Messages
	default:
		t.failed += r.Figures.Messages
		if t.states == nil {
			t.states = map[account.MessageState]int64{}
		}
		t.states[state] += r.Figures.Messages
	}
}

// newFigures returns those of the last days; nil for who does not see by which clock they are,
// and while there are none.
func newFigures(p *messagesPage) (*figuresView, error) {
	if !p.parts.Day {
		return nil, nil
	}
	days := lastDays(account.DateOf(p.now, p.zone))
	rows, err := p.r.Service.Figures(p.r.Context(), message.FiguresQuery{Account: p.r.ID, From: days[0], To: days[len(days)-1]})
	if err != nil || len(rows) == 0 {
		return nil, err
	}
	byDay, total := tallies(rows)
	column := []decimal.Decimal{total.Taken, total.GivenBack}
	for _, t := range byDay {
		column = append(column, t.Taken, t.GivenBack)
	}
	p.places = words.Places(p.seen.Core.Currency, column...)
	v := &figuresView{Money: p.parts.Money, Total: p.dayRow(total), Words: p.figuresWords(total), Legend: legend(total)}
	var bars []words.DayBar
	for _, day := range days {
		t := byDay[day]
		bars = append(bars, words.DayBar{Day: day, Parts: []int64{t.delivered, t.failed, t.onWay}})
		if t.Messages > 0 {
			row := p.dayRow(t)
			row.Day, row.URL = words.LongDay(day), p.listURL(listState{Day: day.String()})
			v.Days = append(v.Days, row)
		}
	}
	slices.Reverse(v.Days) // the newest first, as the messages are
	v.Chart = words.BarsOf(bars, "done", "failed", "way")
	return v, nil
}

// tallies returns what figures come to by day, and in all.
func tallies(rows []message.FiguresRow) (byDay map[account.Date]tally, total tally) {
	byDay = map[account.Date]tally{}
	for _, r := range rows {
		t := byDay[r.Key.Day]
		t.add(r)
		byDay[r.Key.Day] = t
		total.add(r)
	}
	return byDay, total
}

// lastDays returns the days of the figures, up to one.
func lastDays(last account.Date) []account.Date {
	days := []account.Date{words.DaysBefore(last, figuresDays-1)}
	for days[len(days)-1] != last {
		days = append(days, days[len(days)-1].Next())
	}
	return days
}

func (p *messagesPage) dayRow(t tally) dayRow {
	row := dayRow{
		Messages: number(t.Messages), Delivered: number(t.delivered), Failed: number(t.failed), OnWay: number(t.onWay), Parts: number(t.Figures.Parts),
	}
	var states []words.Text
	for _, s := range account.MessageStates() {
		if n := t.states[s]; n > 0 {
			states = append(states, words.Textf("%s %s", number(n), words.MessageState(s)))
		}
	}
	row.States = words.Join(states, ", ")
	if p.parts.Money {
		row.Taken, row.GivenBack = p.aligned(t.Taken), p.aligned(t.GivenBack)
	}
	return row
}

func (p *messagesPage) money(d decimal.Decimal) words.Text {
	return words.Money(d, p.seen.Core.Currency)
}

// aligned is money in a column of amounts.
func (p *messagesPage) aligned(d decimal.Decimal) words.Text {
	return words.Aligned(d, p.seen.Core.Currency, p.places)
}

func number(n int64) words.Text { return words.Grouped(words.Num(n)) }

// figuresWords are the essential.
func (p *messagesPage) figuresWords(t tally) words.Text {
	said := words.Textf("%s in the last %s", words.Messages(t.Messages), words.Plural(figuresDays, "day"))
	switch ended := t.delivered + t.failed; {
	case ended > 0 && t.delivered == 1:
		said = words.Textf("%s: of %s that ended, 1 was delivered (%s).", said, number(ended), words.Percent(t.delivered, ended))
	case ended > 0:
		said = words.Textf("%s: of %s that ended, %s were delivered (%s).", said, number(ended), number(t.delivered), words.Percent(t.delivered, ended))
	default:
		said = words.Textf("%s.", said)
	}
	switch {
	case !p.parts.Money:
		return said
	case t.GivenBack.IsZero():
		return words.Textf("%s Paid: %s.", said, p.money(t.Taken))
	default:
		return words.Textf("%s Paid: %s, of which %s was given back.", said, p.money(t.Taken), p.money(t.GivenBack))
	}
}

func legend(t tally) []legendPart {
	return []legendPart{
		{"done", words.Textf("Delivered %s", number(t.delivered))}, {"failed", words.Textf("Not delivered %s", number(t.failed))}, {"way", words.Textf("On the way %s", number(t.onWay))},
	}
}
