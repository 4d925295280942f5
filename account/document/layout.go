package document

import (
	"cmp"
	"strings"

	"github.com/shopspring/decimal"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/internal/bounds"
)

// Layout is what a document shows, in one language and all of it text: the page of [WriteHTML],
// and PDFs, are this and nothing else.
type Layout struct {
	Language string
	Title    string
	Name     string // title and number, or the day: for windows and files
	From, To Party
	Facts    []Fact
	Text     []string // paragraphs, above all that follows
	Before   []Sum    // above the tables
	Tables   []Table
	Sums     []Sum    // beneath them
	Notes    []string // at the foot
	Page     func(page, of int) string
}

// Party is who a document is from, or for.
type Party struct {
	Title string // "From"
	Name  string
	Lines []string
}

// Fact is a line at the head of a document.
type Fact struct{ Label, Text string }

// Sum is an amount beside what it is.
type Sum struct {
	Label, Text string
	Strong      bool // it is what the document is about
}

// Table has rows of as many cells as there are columns.
type Table struct {
	Columns []Column
	Rows    [][]string
	Last    []string // the row of sums; nil: none
}

// Column is one of a table. Numbers stand at the right, with as many decimal places each, so
// that their points are beneath each other.
type Column struct {
	Title  string
	Number bool
}

// NewLayout returns what a document shows.
func NewLayout(d Document, w Words) Layout {
	w = w.complete()
	head := d.About()
	l := layout{words: w, head: head, Layout: Layout{Language: w.Language, Title: w.Titles[d.Kind()], Page: w.Page}}
	l.From, l.To = head.Issuer.party(w), head.Customer.party(w)
	l.fact(w.Facts.Number, head.Number.Text)
	l.fact(w.Facts.Issued, w.day(head.Issued))
	d = d.tidy() // itself, and no pointer to it
	switch d := d.(type) {
	case Daily:
		l.daily(d)
	case Statement:
		l.statement(d)
	case Invoice:
		l.invoice(d)
	case CreditNote:
		l.creditNote(d)
	case PriceUpdate:
		l.priceUpdate(d)
	case Notice:
		l.notice(d)
	}
	l.Name = strings.TrimSpace(l.Title + " " + head.Number.Text)
	if head.Number.IsZero() {
		l.Name = strings.TrimSpace(l.Name + " " + dayOf(d).String())
	}
	l.fact(w.Facts.Currency, string(head.Currency))
	l.fact(w.Facts.Contract, head.Customer.Contract)
	return l.Layout
}

// dayOf returns the day that a document without a number is called by: of daily statistics that
// which they are of, else that on which it was issued.
func dayOf(d Document) account.Date {
	if daily, ok := d.(Daily); ok {
		return daily.Day
	}
	return d.About().Issued
}

// layout is one that is being made.
type layout struct {
	Layout
	words Words
	head  Head
}

// fact adds one, unless there is nothing to say.
func (l *layout) fact(label, text string) {
	if label != "" && text != "" {
		l.Facts = append(l.Facts, Fact{label, text})
	}
}

func (l *layout) period(p Period) {
	l.fact(l.words.Facts.Period, l.words.day(p.First)+" – "+l.words.day(p.Last))
}

// sum returns an amount with the currency's places, or more where it needs them.
func (l *layout) sum(label string, d decimal.Decimal) Sum {
	return Sum{Label: label, Text: l.words.Amount(d, int(l.head.places()))}
}

func strong(s Sum) Sum {
	s.Strong = true
	return s
}

// column is a column of amounts before they are written.
type column []decimal.Decimal

// places is how many decimal places the amounts need that need the most, or the currency has.
func (l *layout) places(amounts column) int {
	places := int(l.head.places())
	for _, d := range amounts {
		places = max(places, bounds.Scale(d))
	}
	return places
}

// party returns who a document is from.
func (i Issuer) party(w Words) Party {
	return party(w.Facts.From, i.Name, i.Address, w.Country(i.Country), labelled(w.Facts.Credential, i.Credential), i.Email, i.Phone)
}

// party returns who a document is for.
func (c Customer) party(w Words) Party {
	name := cmp.Or(c.Name, c.Login)
	return party(
		w.Facts.To, name, append([]string{c.Contact}, c.Address...), w.Country(c.Country), labelled(w.Facts.Credential, c.Credential),
		labelled(w.Facts.Login, c.Login),
	)
}

func party(title, name string, first []string, more ...string) Party {
	p := Party{Title: title, Name: name}
	for _, line := range append(append([]string{}, first...), more...) {
		if line != "" {
			p.Lines = append(p.Lines, line)
		}
	}
	return p
}

func labelled(label, text string) string {
	if text == "" || label == "" {
		return text
	}
	return label + ": " + text
}

// totals adds what stands beneath the lines of an invoice. Rounding is left out where there is
// none.
func (l *layout) totals(t Totals) {
	w := l.words.Totals
	if !t.Rounding.IsZero() {
		l.Sums = append(l.Sums, l.sum(w.Subtotal, t.Subtotal), l.sum(w.Rounding, t.Rounding))
	}
	if !t.Rounding.IsZero() || len(t.Taxes) > 0 {
		l.Sums = append(l.Sums, l.sum(w.Net, t.Net))
	}
	for _, tax := range t.Taxes {
		label := []string{tax.Name, l.words.Amount(tax.Rate, 0) + "%", w.Of, l.words.Amount(tax.Base, int(l.head.places()))}
		l.Sums = append(l.Sums, l.sum(strings.Join(label, " "), tax.Amount))
	}
	label := w.Total
	if t.Total.IsNegative() && w.InFavour != "" {
		label = w.InFavour
	}
	total := l.sum(label, t.Total)
	total.Text += " " + string(l.head.Currency)
	l.Sums = append(l.Sums, strong(total))
}

// title returns what a line of an invoice is.
func (w LineWords) title(l Line) string {
	switch l.Refund {
	case RefundPeriod:
		return w.RefundPeriod
	case RefundEarlier:
		return w.RefundEarlier
	case RefundSubaccount:
		return w.RefundSubaccount
	case RefundNone:
	}
	switch {
	case l.Price.IsVarious():
		return w.Various
	case l.Price.IsNone():
		return w.Other
	default:
		return w.Messages
	}
}

// lines returns the table of an invoice's lines.
func (l *layout) lines(lines []Line) Table {
	t := l.words.Table
	table := Table{Columns: []Column{{t.Description, false}, {t.Messages, true}, {t.Price, true}, {t.Amount, true}}}
	var amounts, prices column
	for _, line := range lines {
		price, _ := line.Price.Get()
		amounts, prices = append(amounts, line.Amount), append(prices, price)
	}
	places, pricePlaces := l.places(amounts), l.places(prices)
	for n, line := range lines {
		row := []string{l.words.Lines.title(line), "", "", l.words.Amount(line.Amount, places)}
		if line.Messages > 0 {
			row[1] = l.words.count(line.Messages)
		}
		if _, one := line.Price.Get(); one {
			row[2] = l.words.Amount(prices[n], pricePlaces)
		}
		table.Rows = append(table.Rows, row)
	}
	return table
}

func (l *layout) invoice(i Invoice) {
	l.period(i.Period)
	l.Tables = []Table{l.lines(i.Lines)}
	l.totals(i.Totals)
	l.Notes = i.Issuer.Notes
}

func (l *layout) creditNote(n CreditNote) {
	of := n.Invoice.Number.Text
	if issued := l.words.day(n.Invoice.Issued); issued != "" {
		of += ", " + issued
	}
	l.fact(l.words.Facts.OfInvoice, of)
	l.fact(l.words.Facts.Reason, n.Reason)
	l.Tables = []Table{l.lines(n.lines())}
	l.totals(n.Totals)
	l.Notes = n.Issuer.Notes
}
