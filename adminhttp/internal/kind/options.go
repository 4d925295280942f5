package kind

import (
	"html/template"
	"slices"
	"strings"
	"sync"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/adminhttp/internal/words"
	"github.com/clientaccount/clientaccount/internal/language"
)

//go:generate go run ../zones

// Option is one choice of a select; its group may be empty.
type Option struct {
	Value string
	Label words.Text
	Group words.Text
}

// Options are a select's options.
type Options struct {
	first []Option
	rest  *optionList
}

// optionList are options as HTML in each language, which are made once where they are kept, since the
// long lists would otherwise take most of the time of a page.
type optionList struct {
	options []Option
	kept    bool
}

// NewOptions are these, in their order.
func NewOptions(options []Option) Options { return Options{rest: &optionList{options: options}} }

// keptOptions are those of a list that is the same for every page.
func keptOptions(options []Option) Options { return Options{rest: &optionList{options, true}} }

// Selected returns the options with one chosen. A value that is none of them, typed or
// stored by another door, is put first, so that it is never lost in silence.
func (o Options) Selected(value string) Chosen { return Chosen{o, value} }

// After returns the list with options before its own.
func (o Options) After(first ...Option) Options {
	return Options{append(first, o.first...), o.rest}
}

// Chosen are options of which one is chosen, as HTML in the language of the page.
type Chosen struct {
	options Options
	value   string
}

// SayIn returns the HTML in a language.
func (c Chosen) SayIn(l *language.Language) any {
	first, rest := optionsIn(l, c.options.first), c.options.rest.in(l)
	switch {
	case first.has(c.value):
		return template.HTML(first.selected(c.value) + rest.html)
	case rest.has(c.value):
		return template.HTML(first.html + rest.selected(c.value))
	default:
		stray := template.HTMLEscapeString(c.value)
		return template.HTML(`<option value="` + stray + `" selected>` + stray + `</option>` + first.html + rest.html)
	}
}

// written are options as HTML.
type written struct {
	html string
	at   map[string]int // where " selected" goes in, by value
}

func (w written) has(value string) bool { _, ok := w.at[value]; return ok }

func (w written) selected(value string) string {
	at := w.at[value]
	return w.html[:at] + " selected" + w.html[at:]
}

func (list *optionList) in(l *language.Language) written {
	if list == nil {
		return written{}
	}
	if !list.kept {
		return optionsIn(l, list.options)
	}
	kept, there := l.Kept.Load(list)
	if !there {
		kept, _ = l.Kept.LoadOrStore(list, optionsIn(l, list.options))
	}
	return kept.(written)
}

func optionsIn(l *language.Language, options []Option) written {
	var b strings.Builder
	w := written{at: make(map[string]int, len(options))}
	group := words.Text("")
	for _, o := range options {
		if o.Group != group {
			closeGroup(&b, group)
			b.WriteString(`<optgroup label="` + template.HTMLEscapeString(l.Say(o.Group)) + `">`)
			group = o.Group
		}
		b.WriteString(`<option value="` + template.HTMLEscapeString(o.Value) + `"`)
		w.at[o.Value] = b.Len()
		b.WriteString(`>` + template.HTMLEscapeString(l.Say(o.Label)) + `</option>`)
	}
	closeGroup(&b, group)
	w.html = b.String()
	return w
}

func closeGroup(b *strings.Builder, group words.Text) {
	if group != "" {
		b.WriteString(`</optgroup>`)
	}
}

var zoneOptions = sync.OnceValue(func() Options {
	options := make([]Option, 0, len(zoneNames))
	for _, name := range zoneNames {
		options = append(options, Option{name, words.Plain(strings.ReplaceAll(name, "_", " ")), zoneRegion(name)})
	}
	slices.SortStableFunc(options, func(a, b Option) int {
		return strings.Compare(groupOrder(string(a.Group)), groupOrder(string(b.Group)))
	})
	return keptOptions(options)
})

// otherZones are the names of no region: UTC, fixed offsets and old names.
const otherZones = "Other names"

// zoneRegion returns the part of a zone's name before the slash, where it is a
// continent or an ocean.
func zoneRegion(name string) words.Text {
	region, _, _ := strings.Cut(name, "/")
	switch region {
	case "Africa", "America", "Antarctica", "Arctic", "Asia", "Atlantic", "Australia", "Europe", "Indian", "Pacific":
		return words.Text(region)
	default:
		if name == "UTC" {
			return "UTC"
		}
		return otherZones
	}
}

// groupOrder puts UTC first and the other names last.
func groupOrder(group string) string {
	return map[string]string{"UTC": "0", otherZones: "~"}[group] + group
}

var currencyOptions = sync.OnceValue(func() Options {
	var options []Option
	for _, c := range account.Currencies() {
		options = append(options, Option{Value: string(c), Label: words.Textf("%s, %s", string(c), words.Text(c.Name()))})
	}
	return keptOptions(options)
})

// CountryFilter returns all countries, as a filter of a list.
func CountryFilter() Options { return countryFilter() }

var (
	countryFilter  = countriesAfter("Any country")
	countryOptions = countriesAfter("Not given")
)

// countriesAfter returns all countries after an option for none of them, made at the first use.
func countriesAfter(none words.Text) func() Options {
	return sync.OnceValue(func() Options {
		options := []Option{{Label: none}}
		for _, c := range account.Countries() {
			options = append(options, Option{Value: string(c), Label: words.Text(c.Name())})
		}
		return keptOptions(options)
	})
}

// ChoiceOptions returns the choices of a field.
func ChoiceOptions(choices []account.Choice) Options {
	var options []Option
	for _, c := range choices {
		options = append(options, Option{Value: c.Value, Label: words.Text(c.Label)})
	}
	return NewOptions(options)
}
