package kind

import (
	"net/url"
	"strings"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/adminhttp/internal/sent"
	"github.com/clientaccount/clientaccount/adminhttp/internal/words"
)

const partUnit = ".unit"

// limit is a notification limit: a number and its unit.
type limit struct{ line }

func (limit) Parts() []string { return []string{partUnit} }

func (l limit) Read(form url.Values, path string) (string, bool) {
	if !form.Has(path) || !form.Has(path+partUnit) {
		return l.line.Read(form, path)
	}
	number := strings.TrimSpace(form.Get(path))
	if number == "" {
		return "", true
	}
	unit := form.Get(path + partUnit)
	if unit == string(account.UnitMoney) {
		amount, _ := AmountIn(form, path, number, account.Currency(form.Get("currency")))
		return amount + " " + unit, true
	}
	return words.ReadCount(number) + " " + unit, true
}

func (limit) Readings(text string) []string {
	if number, ok := strings.CutSuffix(text, " "+string(account.UnitMoney)); ok {
		return amount{}.Readings(number)
	}
	return nil
}

func (l limit) Fill(c *Control, _ account.Field, p Page) {
	number, unit, found := strings.Cut(c.Value, " ")
	c.ask(l.Readings(c.Value), number, p.Currency)
	if !found {
		unit = string(account.UnitMessages)
	}
	c.Value = number
	c.Base, _, _ = strings.Cut(c.Base, " ")
	money := words.Plain(string(p.Currency))
	if p.Currency == "" {
		money = "money"
	}
	c.Units = NewOptions([]Option{
		{Value: string(account.UnitMessages), Label: "messages"}, {Value: string(account.UnitMoney), Label: money},
	}).Selected(unit)
}

func (limit) words(w Wording, _ account.Field, text string) words.Text {
	number, unit, _ := strings.Cut(text, " ")
	if unit == string(account.UnitMoney) {
		return words.MoneyText(number, w.Currency)
	}
	return words.Textf("%s messages", words.Grouped(number))
}

func (limit) unset(account.Field) words.Text { return "off" }

// limitJSON is a notification limit in JSON.
type limitJSON struct {
	Value string            `json:"value"`
	Unit  account.LimitUnit `json:"unit"`
}

func (limit) value(_ account.Field, text string) any {
	if text == "" {
		return nil
	}
	value, unit, _ := strings.Cut(text, " ")
	return limitJSON{value, account.LimitUnit(unit)}
}

// text takes {"value", "unit"}, the unit left out being messages, or the text.
func (limit) text(f account.Field, v sent.Value) (string, account.Faults) {
	if v.Kind != sent.KindObject {
		return numberText(f, v)
	}
	of, faults := parts(f, v, "value", "unit")
	value, unit := of["value"], of["unit"]
	if value.Kind != sent.KindNull && !value.IsText() {
		faults = append(faults, sent.TypeFaults(f.Path+".value", false)...)
	}
	if unit.Kind != sent.KindNull && unit.Kind != sent.KindString {
		faults = append(faults, sent.TypeFaults(f.Path+".unit", false)...)
	}
	if len(faults) == 0 && strings.TrimSpace(value.Text) == "" {
		faults = account.Faults{account.NewFault(f.Path, f.Noun+".range")}
	}
	return strings.TrimSpace(value.Text + " " + unit.Text), faults
}

func (limit) schema(_ account.Field, write bool) Schema {
	forms := []Schema{ref("Limit")}
	if write {
		forms = append(forms, Schema{"type": []string{"string", "number"}})
	}
	return Schema{"anyOf": append(forms, Schema{"type": "null"})}
}
