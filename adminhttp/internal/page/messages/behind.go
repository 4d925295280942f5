package messages

import (
	"github.com/shopspring/decimal"

	"github.com/clientaccount/clientaccount"
	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/adminhttp/internal/ask"
	"github.com/clientaccount/clientaccount/adminhttp/internal/page"
	"github.com/clientaccount/clientaccount/adminhttp/internal/words"
)

// moneySteps are the entries of a message.
func (p *messagesPage) moneySteps(entries []account.Entry) (steps []step) {
	for _, e := range entries {
		steps = append(steps, step{
			at: e.At, Title: e.Kind.Traits().Title, Notes: []string{p.moved(e)},
			Link: page.Link{Name: "Entry " + number(e.Number), Href: p.head.EntryURL(e.Number)},
		})
	}
	return steps
}

// moved says what an entry did with the price.
func (p *messagesPage) moved(e account.Entry) string {
	amount, traits := e.Moved().Abs(), e.Kind.Traits()
	if amount.IsZero() {
		amount = decimal.Max(e.Held.Abs(), e.Spent.Abs())
	}
	switch of := p.money(amount); {
	case amount.IsZero():
		return "Nothing, as it is free."
	case traits.Makes:
		return of + " set aside."
	case traits.Refunds:
		return of + " given back."
	case traits.Balance < 0:
		return of + " taken."
	default:
		return of + " no longer set aside."
	}
}

// told are the deliveries of a message.
func (p *messagesPage) told(deliveries []ask.Told) (steps []step) {
	for _, d := range deliveries {
		pill := page.DeliveryPill(d.State)
		s := step{at: d.CreatedAt, Title: "Told to the client", Pill: &pill}
		if state, known := d.Of.Get(); known {
			s.Title = "The client is told " + state.String()
		}
		fared := words.HookName(d.Hook.Kind) + ", " + words.Tries(d.Tries)
		switch {
		case d.State == clientaccount.DeliveryDone:
			fared += ", " + p.moment(d.EndedAt).Exact
		case d.Last.Code != "":
			fared += ": " + words.HookCode(d.Last.Code)
		}
		s.Notes = []string{fared + "."}
		steps = append(steps, s)
	}
	return steps
}
