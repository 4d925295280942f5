package adminhttp

import (
	"html/template"
	"slices"
	"strings"
	"time"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/adminhttp/internal/access"
	"github.com/clientaccount/clientaccount/adminhttp/internal/ask"
	"github.com/clientaccount/clientaccount/adminhttp/internal/words"
)

// control is one field of the Edit page, ready for the template of its kind. It
// is flat: templates find embedded fields and methods a good deal slower.
type control struct {
	Path, Label, Effect string
	Widget, Mode, Width string // see look
	ID                  string
	Described           string // ids of the texts that describe the input
	Changed             bool   // what stands in the input is not what is stored
	Check, Say          string // see check
	Value               string // what stands in the input; of the time of dispatch: its start
	Second              string // the end of the time of dispatch
	Days                []dayBox
	On                  bool // of a flag
	Plain               bool // of a flag: sent only when it is on
	Options             template.HTML
	Unit                string        // the currency after an amount
	Units               template.HTML // of a limit
	Empty               string        // what an empty input stands for
	Words               string        // the value in words
	ReadOnly            bool
	Badge               string // where an inherited value comes from
	Now                 string // what the field amounts to at present
	Was                 string // the stored value in words, when another one was typed
	Base                string // the stored value as its input would show it
	SecondBase          string
	Faults              []string
}

type dayBox struct {
	Short, Name string
	On, Was     bool
}

// controlID is the id of a field's input, and what links to it point at.
func controlID(path string) string {
	return "f-" + strings.NewReplacer(".", "-", "_", "-").Replace(path)
}

// newControl is the control of a field with its value, and nothing else yet.
func newControl(f account.Field, value, stored string) control {
	l, id := looks[f.Kind], controlID(f.Path)
	c := control{
		Path: f.Path, Label: f.Label, Effect: f.Effect, Widget: l.Widget, Mode: l.Mode, Width: l.Width,
		ID: id, Described: id + "-hint", Value: value, Base: stored,
	}
	if check, ok := checks[f.Path]; ok {
		c.Check, c.Say = check.Pattern, account.NewFault(f.Path, check.Code).Text
	}
	return c
}

// refused puts the texts of faults beside the control.
func (c *control) refused(texts []string) {
	if c.Faults = texts; len(texts) > 0 {
		c.Described = c.ID + "-fault " + c.Described
	}
}

// changed says what is stored, where something else was typed.
func (c *control) changed(was string) { c.Was, c.Changed = was, true }

// control makes the control of a field.
func (e editor) control(f account.Field) control {
	text, typed := e.form.texts[f.Path]
	stored := shown(f, e.measured())
	if !typed {
		text = stored
	}
	c := newControl(f, text, stored)
	c.Words, c.ReadOnly, c.Now = e.wording.words(f, f.Text(e.account)), e.access(f) != access.Write, e.consequence(f.Path)
	c.refused(e.textsOn(f.Path))
	if typed && text != stored && !f.Secret() {
		c.changed(c.Words)
	}
	if s, ok := e.effective.Text(f.Path); ok && !e.creates {
		c.Badge = badge(e.r, s.Origin)
	}
	e.fill(&c, f, text)
	return c
}

func badge(r *ask.Request, o account.Origin) string {
	if !r.Judge.ShowsOrigin(o) {
		return ""
	}
	return map[account.Origin]string{
		account.OriginOwn: "own", account.OriginProduct: "from product", account.OriginDefault: "default",
	}[o]
}

// measured is the account with the clock and the currency that the actor sees.
func (e editor) measured() account.Account {
	return withoutUnits(e.account, !e.r.Judge.Shows("time_zone"), !e.r.Judge.Shows("currency"))
}

// fill adds what only some kinds have.
func (e editor) fill(c *control, f account.Field, text string) {
	switch f.Kind {
	case account.FieldSecret:
		c.Value, c.Base = "", "" // what was typed is not sent back
	case account.FieldFlag:
		c.On = text == "true"
	case account.FieldAmount:
		c.Unit = string(e.seen.Core.Currency)
	case account.FieldDispatch:
		e.fillDispatch(c)
	case account.FieldLimit:
		e.fillLimit(c, text)
	}
	if f.Inherits {
		c.Empty = e.inheritedWords(f)
	}
	c.Options = e.options(f, text)
}

// inheritedWords says what the field is worth when it is left empty.
func (e editor) inheritedWords(f account.Field) string {
	s, _ := e.inherited.Text(f.Path)
	words := e.wording.words(f, s.Value)
	switch {
	case !e.r.Judge.ShowsOrigin(s.Origin):
		return words
	case s.Origin == account.OriginProduct:
		return "from product: " + words
	}
	return "default: " + words
}

func (e editor) fillDispatch(c *control) {
	var d account.Dispatch
	_ = d.UnmarshalText([]byte(c.Base)) // stored: it reads
	was := d
	days := d.Days.String()
	c.Value, c.Second = d.From.String(), d.To.String()
	if typed, ok := e.form.texts[c.Path]; ok {
		var hours string
		days, hours, _ = strings.Cut(strings.ReplaceAll(typed, "–", "-"), " ")
		c.Value, c.Second, _ = strings.Cut(hours, "-")
	}
	on, _ := account.ParseWeekdays(days)
	c.Base, c.SecondBase = was.From.String(), was.To.String()
	for _, day := range account.Week() {
		c.Days = append(c.Days, dayBox{day.String()[:3], day.String(), on.Has(day), was.Days.Has(day)})
	}
}

func (e editor) fillLimit(c *control, text string) {
	number, unit, found := strings.Cut(text, " ")
	if !found {
		unit = string(account.UnitMessages)
	}
	c.Value = number
	c.Base, _, _ = strings.Cut(c.Base, " ")
	money := string(e.seen.Core.Currency)
	if money == "" {
		money = "money"
	}
	c.Units = newOptionList([]option{
		{Value: string(account.UnitMessages), Label: "messages"}, {Value: string(account.UnitMoney), Label: money},
	}).selected(unit)
}

// options are those of a select, with the one for an empty value first.
func (e editor) options(f account.Field, value string) template.HTML {
	switch f.Kind {
	case account.FieldZone:
		return zoneOptions().selected(value)
	case account.FieldCountry:
		return countryOptions().selected(value)
	case account.FieldCurrency:
		if e.parent != nil {
			return currencyOptions().after(option{Label: "The parent's, " + string(e.parent.Core.Currency)}).selected(value)
		}
		if e.creates {
			return currencyOptions().after(option{Label: "The product's, else " + string(account.DefaultCurrency)}).selected(value)
		}
		return currencyOptions().selected(value)
	case account.FieldChoice:
		return e.choices(f).selected(value)
	case account.FieldManager:
		return e.managers(value).selected(value)
	case account.FieldProduct:
		return e.products().selected(value)
	default:
		return ""
	}
}

func (e editor) choices(f account.Field) optionList {
	list := choiceOptions(f.Choices)
	switch {
	case f.Inherits:
		return list.after(option{Label: strings.ToUpper(e.inheritedWords(f)[:1]) + e.inheritedWords(f)[1:]})
	case f.Path == "mail.price_format":
		return list.after(option{Label: "None"})
	default:
		return list
	}
}

// managers are those the actor may choose; nobody, only by who sees all.
func (e editor) managers(present string) optionList {
	var options []option
	if e.r.Judge.All() || present == "" {
		options = append(options, option{Label: "None"})
	}
	for _, m := range e.directory.managers {
		options = append(options, option{Value: m.ID.String(), Label: m.Name})
	}
	return newOptionList(options)
}

func (e editor) products() optionList {
	options := []option{{Label: "None"}}
	for _, p := range e.directory.products {
		label := p.Name
		if p.Currency != "" {
			label += " (" + string(p.Currency) + ")"
		}
		options = append(options, option{Value: p.ID.String(), Label: label})
	}
	return newOptionList(options)
}

// textsOn are the texts of the faults of a field, each once.
func (e editor) textsOn(path string) []string {
	var texts []string
	for _, fault := range e.faults {
		if e.r != nil {
			fault = e.r.Judge.Fault(fault)
		}
		if fault.Path == path && !slices.Contains(texts, fault.Text) {
			texts = append(texts, fault.Text)
		}
	}
	return texts
}

// localText is an instant on the client's wall clock, to the minute.
func localText(instant string, a account.Account) string {
	t, err := time.Parse(time.RFC3339Nano, instant)
	if err != nil {
		return ""
	}
	return t.In(words.Zone(a)).Format(localLayout)
}
