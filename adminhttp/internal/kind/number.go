package kind

import (
	"cmp"
	"encoding/json"
	"net/url"
	"strings"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/adminhttp/internal/sent"
	"github.com/clientaccount/clientaccount/adminhttp/internal/words"
)

// number is a whole number.
type number struct{ line }

func (n number) Read(form url.Values, path string) (string, bool) {
	text, posted := n.line.Read(form, path)
	return words.ReadCount(text), posted
}

func (number) value(_ account.Field, text string) any { return numberValue(text) }

func numberValue(text string) any {
	if text == "" {
		return nil
	}
	return json.Number(text)
}

func (number) text(f account.Field, v sent.Value) (string, account.Faults) { return numberText(f, v) }

// numberText takes a number, or its digits as text.
func numberText(f account.Field, v sent.Value) (string, account.Faults) {
	return v.Text, sent.TypeFaults(f.Path, v.IsText())
}

func (number) schema(_ account.Field, write bool) Schema {
	if write {
		return Schema{"type": []string{"integer", "string", "null"}}
	}
	return Schema{"type": []string{"integer", "null"}}
}

// amount is of money, in the client's currency.
type amount struct{ line }

// NameMeant, followed by a name, names the button that says which of two readings of its text is
// meant: [Meaning] is its value.
const NameMeant = "_meant."

// Meaning says that a text is meant in one of its readings, and counts for no other text.
func Meaning(reading, text string) string { return reading + " " + text }

// AmountIn returns an amount of a form as it is to be read, and false where that can be in two ways,
// and no button said which. One that cannot be read stays as it was typed.
func AmountIn(form url.Values, name, text string, c account.Currency) (amount string, clear bool) {
	typed := text
	text = words.WithoutCurrency(text, c)
	readings := words.ReadAmount(text)
	switch len(readings) {
	case 0:
		return typed, true
	case 1:
		return readings[0], true
	}
	for _, reading := range readings {
		if form.Get(NameMeant+name) == Meaning(reading, text) {
			return reading, true
		}
	}
	return text, false
}

// Read takes an amount as people type it; one that can be read in two ways, or in none, stays
// as it was typed.
func (a amount) Read(form url.Values, path string) (string, bool) {
	text, posted := a.line.Read(form, path)
	currency := account.Currency(form.Get("currency")) // of the account or product that the form is of
	amount, _ := AmountIn(form, path, text, currency)
	return amount, posted
}

func (amount) Readings(text string) []string {
	if readings := words.ReadAmount(text); len(readings) > 1 {
		return readings
	}
	return nil
}

func (amount) Shown(w Wording, _ account.Field, text string) string {
	if amount, err := account.ParseAmount(text); err == nil {
		return w.Currency.FormatPlain(amount)
	}
	return text
}

func (a amount) Fill(c *Control, _ account.Field, p Page) {
	c.Unit = string(p.Currency)
	c.ask(a.Readings(c.Value), c.Value, p.Currency)
}

func (amount) words(w Wording, _ account.Field, text string) words.Text {
	return words.MoneyText(text, w.Currency)
}

func (amount) unset(account.Field) words.Text { return "0" }

func (amount) text(f account.Field, v sent.Value) (string, account.Faults) { return numberText(f, v) }

func (a amount) schema(f account.Field, write bool) Schema {
	if write {
		return Schema{"type": []string{"string", "number", "null"}}
	}
	return a.line.schema(f, write)
}

// choice is one of a few.
type choice struct{ line }

func (choice) Fill(c *Control, f account.Field, p Page) {
	options := ChoiceOptions(f.Choices)
	if p.None != "" && f.Default == "" {
		options = options.After(Option{Label: p.None})
	}
	c.Options = options.Selected(cmp.Or(c.Value, f.Default))
}

func (choice) words(_ Wording, f account.Field, text string) words.Text {
	for _, c := range f.Choices {
		if c.Value == text {
			return words.Text(c.Label)
		}
	}
	return words.Plain(text)
}

// amongNumbers reports whether the choices are numbers: then they are so in JSON.
func amongNumbers(f account.Field) bool {
	for _, c := range f.Choices {
		if strings.Trim(c.Value, "0123456789") != "" {
			return false
		}
	}
	return len(f.Choices) > 0
}

func (ch choice) value(f account.Field, text string) any {
	if amongNumbers(f) {
		return numberValue(text)
	}
	return ch.line.value(f, text)
}

func (ch choice) text(f account.Field, v sent.Value) (string, account.Faults) {
	if amongNumbers(f) {
		return numberText(f, v)
	}
	return ch.line.text(f, v)
}

func (ch choice) schema(f account.Field, write bool) Schema {
	choices := []any{nil}
	for _, c := range f.Choices {
		choices = append(choices, ch.value(f, c.Value))
		if write && amongNumbers(f) {
			choices = append(choices, c.Value)
		}
	}
	return Schema{"enum": choices}
}
