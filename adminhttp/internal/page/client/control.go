package client

import (
	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/adminhttp/internal/access"
	"github.com/clientaccount/clientaccount/adminhttp/internal/ask"
	"github.com/clientaccount/clientaccount/adminhttp/internal/kind"
	"github.com/clientaccount/clientaccount/adminhttp/internal/page"
	"github.com/clientaccount/clientaccount/adminhttp/internal/words"
)

// control makes the control of a field.
func (e editor) control(f account.Field) kind.Control {
	text, typed := e.form.texts[f.Path]
	stored := kind.Of(f).Shown(e.measure(), f, f.Text(e.account))
	if !typed {
		text = stored
	}
	c := kind.NewControl(f, text, stored)
	c.Words, c.ReadOnly, c.Now = kind.Words(e.wording, f, f.Text(e.account)), e.access(f) != access.Write, e.consequence(f.Path)
	if f.Kind == account.FieldAmount && stored != "" {
		c.Said = c.Words
	}
	c.Refused(page.TextsOn(e.r.Judge.Faults(e.faults), f.Path))
	if f.Path == "password" && e.form.hasSecret() && len(c.Faults) == 0 && !c.ReadOnly {
		c.Refused([]words.Text{words.Fault(secretAgain(e.account))})
	}
	if typed && text != stored && !f.Secret() {
		c.Change(c.Words)
	}
	if s, ok := e.effective.Text(f.Path); ok && !e.creates {
		c.Badge = badge(e.r, s.Origin)
	}
	e.fill(&c, f)
	return c
}

func badge(r *ask.Request, o account.Origin) words.Text {
	if !r.Judge.ShowsOrigin(o) {
		return ""
	}
	return map[account.Origin]words.Text{
		account.OriginOwn: "own", account.OriginProduct: "from product", account.OriginDefault: "default",
	}[o]
}

// measure is the clock and the currency that the actor sees.
func (e editor) measure() kind.Wording {
	return measureOf(e.account, !e.r.Judge.Shows("time_zone"), !e.r.Judge.Shows("currency"))
}

// fill adds what only some kinds have.
func (e editor) fill(c *kind.Control, f account.Field) {
	if f.Inherits {
		c.Empty = e.inheritedWords(f)
	}
	kind.Of(f).Fill(c, f, kind.Page{
		Directory: e.directory, Currency: e.seen.Core.Currency, None: e.none(f), AllClients: e.r.Judge.All(),
	})
}

// none is what an empty choice of a field is called; empty where something must be chosen.
func (e editor) none(f account.Field) words.Text {
	switch {
	case f.Inherits:
		return e.inherits(f, "From product: %s", "Default: %s")
	case f.Path == "mail.price_format":
		return "None"
	case f.Path == "currency" && e.parent != nil:
		return words.Textf("The parent's, %s", string(e.parent.Core.Currency))
	case f.Path == "currency" && e.creates:
		return words.Textf("The product's, else %s", string(account.DefaultCurrency))
	default:
		return ""
	}
}

// inheritedWords says what the field is worth when it is left empty.
func (e editor) inheritedWords(f account.Field) words.Text {
	return e.inherits(f, "from product: %s", "default: %s")
}

// inherits says so by where the value comes from.
func (e editor) inherits(f account.Field, product, otherwise words.Text) words.Text {
	s, _ := e.inherited.Text(f.Path)
	worth := kind.Words(e.wording, f, s.Value)
	switch {
	case !e.r.Judge.ShowsOrigin(s.Origin):
		return worth
	case s.Origin == account.OriginProduct:
		return words.Textf(product, worth)
	}
	return words.Textf(otherwise, worth)
}
