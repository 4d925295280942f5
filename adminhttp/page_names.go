package adminhttp

import (
	"strings"
	"time"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/adminhttp/internal/ask"
	"github.com/clientaccount/clientaccount/adminhttp/internal/words"
)

// directory is what a page must know to call things by their names: the managers
// the actor may see, and the products.
type directory struct {
	managers []account.Manager
	products []account.Product
}

func readDirectory(r *ask.Request) (directory, error) {
	all, err := r.Service.Managers(r.Context())
	if err != nil {
		return directory{}, err
	}
	var d directory
	for _, m := range all {
		if r.Judge.Manager(m.ID) {
			d.managers = append(d.managers, m)
		}
	}
	d.products, err = r.Service.Products(r.Context())
	return d, err
}

// managerName is the name of a manager; of one that is gone, or that the actor
// does not see, it says no more than that.
func (d directory) managerName(id account.ID) string {
	for _, m := range d.managers {
		if m.ID == id {
			return m.Name
		}
	}
	return nameless(id, "another manager")
}

func (d directory) productName(id account.ID) string {
	for _, p := range d.products {
		if p.ID == id {
			return p.Name
		}
	}
	return nameless(id, "a product no longer there")
}

func nameless(id account.ID, otherwise string) string {
	if id.IsZero() {
		return ""
	}
	return otherwise
}

// wording puts the canonical texts of one client's fields into words.
type wording struct {
	directory
	currency account.Currency
	zone     *time.Location
}

func (d directory) wording(a account.Account) wording {
	return wording{d, a.Core.Currency, words.Zone(a)}
}

// words are a field's text as people read it; of an unset field, what that means.
func (w wording) words(f account.Field, text string) string {
	if text == "" {
		return unsetWords(f)
	}
	switch f.Kind {
	case account.FieldFlag:
		return map[string]string{"true": "on", "false": "off"}[text]
	case account.FieldAmount:
		return words.MoneyText(text, w.currency)
	case account.FieldTime:
		return w.timeWords(text)
	case account.FieldChoice:
		return choiceLabel(f, text)
	case account.FieldCountry:
		return account.Country(text).Name()
	case account.FieldManager, account.FieldProduct:
		return w.referenceWords(f, text)
	case account.FieldDispatch, account.FieldLimit, account.FieldList, account.FieldDays:
		return w.structuredWords(f, text)
	default:
		return f.Shown(text)
	}
}

func unsetWords(f account.Field) string {
	switch {
	case f.Inherits:
		return "inherited"
	case f.Kind == account.FieldLimit:
		return "off"
	case f.Path == "expires_at":
		return "never"
	case f.Kind == account.FieldAmount:
		return "0"
	default:
		return "empty"
	}
}

func (w wording) timeWords(text string) string {
	t, err := time.Parse(time.RFC3339Nano, text)
	if err != nil {
		return text
	}
	if t.Second() != 0 || t.Nanosecond() != 0 {
		return t.In(w.zone).Format("2 Jan 2006 15:04:05")
	}
	return t.In(w.zone).Format(words.ShortLayout)
}

func choiceLabel(f account.Field, value string) string {
	for _, c := range f.Choices {
		if c.Value == value {
			return c.Label
		}
	}
	return value
}

func (w wording) referenceWords(f account.Field, text string) string {
	id, err := account.ParseID(text)
	switch {
	case err != nil:
		return text
	case f.Kind == account.FieldManager:
		return w.managerName(id)
	default:
		return w.productName(id)
	}
}

func (w wording) structuredWords(f account.Field, text string) string {
	switch f.Kind {
	case account.FieldDispatch:
		var d account.Dispatch
		if d.UnmarshalText([]byte(text)) == nil {
			return words.Dispatch(d)
		}
	case account.FieldLimit:
		number, unit, _ := strings.Cut(text, " ")
		if unit == string(account.UnitMoney) {
			return words.MoneyText(number, w.currency)
		}
		return words.Grouped(number) + " " + unit
	default:
		return strings.ReplaceAll(text, ",", ", ")
	}
	return text
}
