package client

import (
	"slices"
	"strings"

	"github.com/shopspring/decimal"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/adminhttp/internal/ask"
	"github.com/clientaccount/clientaccount/adminhttp/internal/kind"
	"github.com/clientaccount/clientaccount/adminhttp/internal/page"
	"github.com/clientaccount/clientaccount/adminhttp/internal/words"
)

// messageText is what the page calls an input, and how it is typed.
type messageText struct {
	name         string
	label, hint  words.Text
	widget, mode string
}

// messageTexts are the inputs of a message, in the order of the page.
var messageTexts = []messageText{
	{"channel", "Channel", "By which the client hands the message over.", "select", ""},
	{"sender", "Sender", "The name or number it comes from.", "input", ""},
	{"destination", "Destination", "The number it goes to, with its country code.", "input", "tel"},
	{"mcc", "MCC", "The country code of its network, three digits; may stay empty.", "input", "numeric"},
	{"mnc", "MNC", "The network's code, two or three digits; may stay empty.", "input", "numeric"},
	{"parts", "Parts", "How many parts the text takes, 1 to 255.", "input", "numeric"},
	{"price", "Price", "Of one part; left empty, that of the price lists by MCC and MNC.", "amount", "decimal"},
	{"round", "Round the cost", "To 6 decimals; otherwise a cost with more is refused.", "flag", ""},
	{"priority", "SMS priority", "The client's own is also the highest that counts.", "select", ""},
	{"validUntil", "Valid until", "The last moment at which it may go; may stay empty.", "time", ""},
	{"at", "Judged as of", "When it would be sent; left empty, now.", "time", ""},
}

// flagTexts are those of what the platform would know of the message.
var flagTexts = []messageText{
	{"flagged", "Flagged", "The content check wants a person to look.", "flag", ""},
	{"reviewed", "Reviewed", "A person has looked, and lets it pass.", "flag", ""},
	{"blacklisted", "Blacklisted", "The destination is on the platform's blacklist.", "flag", ""},
	{"optedOut", "Opted out", "The recipient wants nothing from this sender.", "flag", ""},
	{"barred", "Barred", "A legal list forbids it.", "flag", ""},
}

func messageLabel(name string) (words.Text, bool) {
	all := slices.Concat(messageTexts, flagTexts)
	i := slices.IndexFunc(all, func(t messageText) bool { return t.name == name })
	if i < 0 {
		return "", false
	}
	return all[i].label, true
}

// price returns the reference price of the client's messages, as far as the actor may
// know it.
func (p *messagePage) price() account.Optional[decimal.Decimal] {
	switch {
	case !p.r.Judge.Shows("notes.product"):
		return account.Optional[decimal.Decimal]{}
	case p.standing != nil:
		return p.standing.Terms.Price
	}
	for _, product := range p.directory.Products {
		if product.ID == p.account.Notes.Product {
			return product.Price
		}
	}
	return account.Optional[decimal.Decimal]{}
}

// controls are inputs with what stands in them and what is wrong with it.
func (p *messagePage) controls(texts []messageText) []kind.Control {
	var all []kind.Control
	for _, t := range texts {
		if !slices.ContainsFunc(p.r.MessageFields(), func(f ask.MessageField) bool { return f.Name == t.name }) {
			continue
		}
		id := kind.ControlID(t.name)
		c := kind.Control{
			Path: t.name, ID: id, Described: id + "-hint", Label: t.label, Effect: t.hint, Widget: t.widget, Mode: t.mode,
			Width: "third", Value: p.texts[t.name], Plain: true,
		}
		switch t.name {
		case "channel":
			c.Options = channelOptions().Selected(c.Value)
		case "priority":
			c.Options = priorityOptions().Selected(c.Value)
		case "price":
			c.Unit = string(p.seen.Core.Currency)
			if !p.r.SeesPrices() {
				c.Effect = "Of one part."
			}
		case "validUntil", "at":
			c.Now = words.Textf("By the clock of %s.", words.Zone(p.seen).String())
			c.Value = p.typedTime(t.name)
		}
		c.On = t.widget == "flag" && c.Value == "true"
		c.Refused(page.TextsOn(p.faults, t.name))
		all = append(all, c)
	}
	return all
}

// typedTime returns an instant of the message as its input takes it: on the client's clock.
func (p *messagePage) typedTime(name string) string {
	at := *p.instants()[name]
	if at.IsZero() {
		return p.texts[name]
	}
	return at.In(words.Zone(p.seen)).Format(kind.LocalLayout)
}

// summary tells what cannot be read, each with a link to its input.
func (p *messagePage) summary() []page.FaultLink {
	return page.FaultLinks(p.faults, func(path string) (label words.Text, href string) {
		label, known := messageLabel(path)
		if !known {
			return "", ""
		}
		return label, "#" + kind.ControlID(path)
	})
}

func channelOptions() kind.Options {
	var options []kind.Option
	for _, channel := range channelFields {
		options = append(options, kind.Option{Value: strings.TrimPrefix(channel.path, "sending."), Label: channel.name})
	}
	return kind.NewOptions(options)
}

func priorityOptions() kind.Options {
	field, _ := account.FieldAt("routing.priority")
	return kind.ChoiceOptions(field.Choices).After(kind.Option{Label: "The client's own"})
}
