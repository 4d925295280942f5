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
			at: e.At, Title: words.Text(e.Kind.Traits().Title), Notes: []words.Text{p.moved(e)},
			Link: page.Link{Name: words.Textf("Entry %s", number(e.Number)), Href: p.head.EntryURL(e.Number)},
		})
	}
	return steps
}

// moved says what an entry did with the price.
func (p *messagesPage) moved(e account.Entry) words.Text {
	amount, traits := e.Moved().Abs(), e.Kind.Traits()
	if amount.IsZero() {
		amount = decimal.Max(e.Held.Abs(), e.Spent.Abs())
	}
	switch of := p.money(amount); {
	case amount.IsZero():
		return "Nothing, as it is free."
	case traits.Makes:
		return words.Textf("%s set aside.", of)
	case traits.Refunds:
		return words.Textf("%s given back.", of)
	case traits.Balance < 0:
		return words.Textf("%s taken.", of)
	default:
		return words.Textf("%s no longer set aside.", of)
	}
}

// told are the deliveries of a message.
func (p *messagesPage) told(deliveries []ask.Told) (steps []step) {
	for _, d := range deliveries {
		pill := page.DeliveryPill(d.State)
		s := step{at: d.CreatedAt, Title: "Told to the client", Pill: &pill}
		if state, known := d.Of.Get(); known {
			s.Title = words.Textf("The client is told %s", state.String())
		}
		fared := words.Textf("%s, %s", words.HookName(d.Hook.Kind), words.Tries(d.Tries))
		switch {
		case d.State == clientaccount.DeliveryDone:
			fared = words.Textf("%s, %s", fared, p.moment(d.EndedAt).Exact())
		case d.Last.Code != "":
			fared = words.Textf("%s: %s", fared, words.HookCode(d.Last.Code))
		}
		s.Notes = []words.Text{words.Textf("%s.", fared)}
		steps = append(steps, s)
	}
	return steps
}
