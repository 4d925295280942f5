package kind

import (
	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/adminhttp/internal/words"
)

// zone is a time zone.
type zone struct{ line }

func (zone) Fill(c *Control, _ account.Field, _ Page) { c.Options = zoneOptions().Selected(c.Value) }

// currency is one of ISO 4217.
type currency struct{ line }

func (currency) Fill(c *Control, _ account.Field, p Page) {
	options := currencyOptions()
	if p.None != "" {
		options = options.After(Option{Label: p.None})
	}
	c.Options = options.Selected(c.Value)
}

// country is one of ISO 3166.
type country struct{ line }

func (country) Fill(c *Control, _ account.Field, _ Page) {
	c.Options = countryOptions().Selected(c.Value)
}

func (country) words(_ Wording, _ account.Field, text string) words.Text {
	return words.Text(account.Country(text).Name())
}

// row is one of a list, by its id.
type row struct{ line }

func (r row) schema(f account.Field, write bool) Schema {
	s := r.line.schema(f, write)
	s["format"] = "uuid"
	return s
}

// named returns the name of the row of an id, or the text where it is none.
func named(text string, name func(account.ID) words.Text) words.Text {
	id, err := account.ParseID(text)
	if err != nil {
		return words.Plain(text)
	}
	return name(id)
}

// manager is one of the managers.
type manager struct{ row }

// Fill offers those that the actor may choose; nobody, only to who sees all.
func (manager) Fill(c *Control, _ account.Field, p Page) {
	var options []Option
	if p.AllClients || c.Value == "" {
		options = append(options, Option{Label: "None"})
	}
	for _, m := range p.Managers {
		options = append(options, Option{Value: m.ID.String(), Label: words.Plain(m.Name)})
	}
	c.Options = NewOptions(options).Selected(c.Value)
}

func (manager) words(w Wording, _ account.Field, text string) words.Text {
	return named(text, w.ManagerName)
}

// product is one of the products.
type product struct{ row }

func (product) Fill(c *Control, _ account.Field, p Page) {
	options := []Option{{Label: "None"}}
	for _, p := range p.Products {
		label := words.Plain(p.Name)
		if p.Currency != "" {
			label = words.Textf("%s (%s)", p.Name, string(p.Currency))
		}
		options = append(options, Option{Value: p.ID.String(), Label: label})
	}
	c.Options = NewOptions(options).Selected(c.Value)
}

func (product) words(w Wording, _ account.Field, text string) words.Text {
	return named(text, w.ProductName)
}
