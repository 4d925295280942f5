package money

import (
	"time"

	"github.com/shopspring/decimal"

	"github.com/clientaccount/clientaccount"
	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/adminhttp/internal/access"
	"github.com/clientaccount/clientaccount/adminhttp/internal/ask"
	"github.com/clientaccount/clientaccount/adminhttp/internal/page"
	"github.com/clientaccount/clientaccount/adminhttp/internal/words"
	"github.com/clientaccount/clientaccount/internal/say"
)

// Funds are what a client has and may spend, in words and as a bar.
type Funds struct {
	Available, Balance, Held words.Text // without the currency
	Own                      bool       // it has a balance of its own
	Currency                 account.Currency
	Tone                     string     // of what is available
	Messages                 words.Text // how many it pays for
	Near                     words.Text // that little is left
	Ends                     words.Text // when the first hold ends by itself
	Payer                    *page.NameLink
	Bar                      []words.BarPart
	BarWords                 words.Text
	Legend                   []legendPart
}

// legendPart says in words what a colour of the bar is.
type legendPart struct {
	Class string
	Text  words.Text
}

// NewFunds draws a standing; nil for none.
func NewFunds(r *ask.Request, seen account.Account, s *clientaccount.Standing, sums access.Sums) (*Funds, error) {
	if s == nil {
		return nil, nil
	}
	if seen.Status == account.StatusClosed { // it spends nothing any more
		sums.Available, sums.Limit = false, false
	}
	now, c := r.Service.Now(), seen.Core.Currency
	f := Funds{
		Balance: words.Amount(s.Amount, c), Held: words.Amount(s.Held, c), Currency: c,
	}
	if sums.Available {
		f.Available, f.Tone, f.Messages = words.Amount(s.Available, c), Tone(s, sums), messagesWords(s, sums)
	}
	f.Own = s.Terms.Shares.IsZero() || !sums.Shared || !s.Amount.IsZero() || !s.Held.IsZero()
	if s.Low && sums.Limit {
		f.Near = "At or below its notification limit."
	}
	if now.Before(s.Expires) {
		f.Ends = words.Textf("The first hold ends %s.", words.Relative(s.Expires, now))
	}
	switch {
	case s.Terms.Shares.IsZero():
		f.drawOwn(seen, s, sums, now)
		return &f, nil
	case !sums.Shared:
		return &f, nil
	}
	f.drawShared(s, sums, now)
	payer, err := page.NameOf(r, s.Payer)
	f.Payer = &payer
	return &f, err
}

// Tone returns the colour of what is available; the words say the same.
func Tone(s *clientaccount.Standing, sums access.Sums) string {
	switch {
	case !s.Available.IsPositive():
		return "bad"
	case s.Low && sums.Limit:
		return "warn"
	default:
		return ""
	}
}

// messagesWords says how many messages are left; empty where nobody can tell.
func messagesWords(s *clientaccount.Standing, sums access.Sums) words.Text {
	left, known := s.Messages()
	price, _ := s.Terms.Price.Get()
	if !known || !sums.Messages {
		return ""
	}
	return words.Textf("≈ %s messages at %s", words.Grouped(left.String()), say.Digits(price.String()))
}

// drawOwn is the bar of money of one's own: what is spent and held at the left, then
// what is left of balance, credit and overdraw, in the order in which it is spent.
func (f *Funds) drawOwn(seen account.Account, s *clientaccount.Standing, sums access.Sums, now time.Time) {
	t := s.Terms
	overdraw := t.OverdrawAt(now)
	usedCredit, usedOverdraw := s.Used()
	f.Legend = append(f.Legend, legendPart{"bal", words.Textf("Balance %s", f.Balance)})
	if sums.Credit && t.Credit.IsPositive() {
		f.Legend = append(f.Legend, legendPart{"cr", words.Textf("Credit %s%s", words.Amount(t.Credit, f.Currency), usedWords(usedCredit, f.Currency))})
	}
	if sums.Overdraw && t.Overdraw.IsPositive() {
		f.Legend = append(f.Legend, overdrawLegend(seen, t, now, usedWords(usedOverdraw, f.Currency), f.Currency))
	}
	if s.Held.IsPositive() {
		f.Legend = append(f.Legend, legendPart{"held", words.Textf("Held %s", f.Held)})
	}
	if !sums.Available {
		return
	}
	debt := decimal.Max(s.Amount.Neg(), decimal.Zero)
	f.Bar = words.Bar(debt, s.Held, []words.Layer{
		{Class: "bal", Amount: decimal.Max(s.Amount, decimal.Zero)}, {Class: "cr", Amount: t.Credit}, {Class: "od", Amount: overdraw},
	})
	f.sayBar()
}

func usedWords(used decimal.Decimal, c account.Currency) words.Text {
	if used.IsZero() {
		return ""
	}
	return words.Textf(", used %s", words.Amount(used, c))
}

func overdrawLegend(seen account.Account, t account.Terms, now time.Time, used words.Text, c account.Currency) legendPart {
	ends := say.Instant{At: t.OverdrawEnds.In(words.Zone(seen)), Layout: words.ShortLayout}
	if now.Before(t.OverdrawEnds) {
		return legendPart{"od", words.Textf("Overdraw %s until %s%s", words.Amount(t.Overdraw, c), ends, used)}
	}
	return legendPart{"od", words.Textf("Overdraw %s ended %s%s", words.Amount(t.Overdraw, c), ends, used)}
}

// drawShared is the bar of the month's cap.
func (f *Funds) drawShared(s *clientaccount.Standing, sums access.Sums, now time.Time) {
	f.Legend = append(f.Legend, legendPart{"spent", words.Textf("Spent this month %s", words.Amount(s.SpentAt(now), f.Currency))})
	limit, capped := s.Terms.Cap.Get()
	switch {
	case !sums.Cap:
		return
	case !capped:
		f.Legend = append(f.Legend, legendPart{"none", "No monthly cap"})
		return
	}
	left, _ := s.CapLeft(now)
	f.Legend = append(f.Legend, legendPart{"bal", words.Textf("Left of the monthly cap of %s: %s", words.Amount(limit, f.Currency), words.Amount(left, f.Currency))})
	f.Bar = words.Bar(s.SpentAt(now), decimal.Zero, []words.Layer{{Class: "bal", Amount: limit}})
	f.sayBar()
}

// sayBar puts the bar into words.
func (f *Funds) sayBar() {
	var parts []words.Text
	for _, part := range f.Legend {
		parts = append(parts, part.Text)
	}
	f.BarWords = words.Join(parts, ", ")
}

// Spendable returns what could be spent if nothing were spent or held yet: what a bar is
// the part of.
func Spendable(s *clientaccount.Standing, now time.Time) decimal.Decimal {
	if limit, capped := s.Terms.Cap.Get(); capped && !s.Terms.Shares.IsZero() {
		return limit
	}
	if !s.Terms.Shares.IsZero() {
		return s.Available
	}
	return decimal.Max(s.Amount, decimal.Zero).Add(s.Terms.Credit).Add(s.Terms.OverdrawAt(now))
}
