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
	w := optionWriter{language: l, value: c.value, wanted: true}
	if !c.options.has(c.value) {
		w.stray()
	}
	w.list(c.options.first)
	if rest := c.options.rest; rest != nil && rest.kept {
		w.copy(rest.in(l))
	} else if rest != nil {
		w.list(rest.options)
	}
	return template.HTML(w.html.String())
}

func (o Options) has(value string) bool {
	is := func(o Option) bool { return o.Value == value }
	return slices.ContainsFunc(o.first, is) || o.rest != nil && slices.ContainsFunc(o.rest.options, is)
}

// optionWriter writes options as HTML, the first of a value as the one that is chosen.
type optionWriter struct {
	language *language.Language
	html     strings.Builder
	value    string
	wanted   bool           // it was not written yet
	at       map[string]int // where " selected" goes in, by value; nil where nobody asks
}

func (w *optionWriter) stray() {
	stray := template.HTMLEscapeString(w.value)
	w.html.WriteString(`<option value="` + stray + `" selected>` + stray + `</option>`)
	w.wanted = false
}

func (w *optionWriter) list(options []Option) {
	w.html.Grow(60 * len(options)) // what most are shorter than
	group := words.Text("")
	for _, o := range options {
		if o.Group != group {
			w.closeGroup(group)
			w.html.WriteString(`<optgroup label="` + template.HTMLEscapeString(w.language.Say(o.Group)) + `">`)
			group = o.Group
		}
		w.html.WriteString(`<option value="`)
		w.html.WriteString(template.HTMLEscapeString(o.Value))
		w.html.WriteString(`"`)
		if w.at != nil {
			w.at[o.Value] = w.html.Len()
		}
		w.selected(o.Value)
		w.html.WriteString(`>`)
		w.html.WriteString(template.HTMLEscapeString(w.language.Say(o.Label)))
		w.html.WriteString(`</option>`)
	}
	w.closeGroup(group)
}

func (w *optionWriter) selected(value string) {
	if w.wanted && value == w.value {
		w.html.WriteString(" selected")
		w.wanted = false
	}
}

func (w *optionWriter) closeGroup(group words.Text) {
	if group != "" {
		w.html.WriteString(`</optgroup>`)
	}
}

// copy writes options that are written already.
func (w *optionWriter) copy(from written) {
	w.html.Grow(len(from.html) + len(" selected"))
	at := from.at[w.value] // the beginning, where there is none: then none is wanted
	w.html.WriteString(from.html[:at])
	w.selected(w.value)
	w.html.WriteString(from.html[at:])
}

// written are options as HTML, of which none is chosen.
type written struct {
	html string
	at   map[string]int // where " selected" goes in, by value
}

// in returns a kept list in a language.
func (list *optionList) in(l *language.Language) written {
	return language.Keep(l, list, func() written {
		w := optionWriter{language: l, at: make(map[string]int, len(list.options))}
		w.list(list.options)
		return written{w.html.String(), w.at}
	})
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
