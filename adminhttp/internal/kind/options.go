package kind

import (
	"html/template"
	"slices"
	"strings"
	"sync"

	"github.com/clientaccount/clientaccount/account"
)

//go:generate go run ../zones

// Option is one choice of a select; its group may be empty.
type Option struct{ Value, Label, Group string }

// Options are a select's options as HTML, made once, since the long lists would
// otherwise take most of the time of a page.
type Options struct {
	html string
	at   map[string]int // where " selected" goes in, by value
}

// NewOptions are these, in their order.
func NewOptions(options []Option) Options {
	var b strings.Builder
	list := Options{at: map[string]int{}}
	group := ""
	for _, o := range options {
		if o.Group != group {
			closeGroup(&b, group)
			b.WriteString(`<optgroup label="` + template.HTMLEscapeString(o.Group) + `">`)
			group = o.Group
		}
		b.WriteString(`<option value="` + template.HTMLEscapeString(o.Value) + `"`)
		list.at[o.Value] = b.Len()
		b.WriteString(`>` + template.HTMLEscapeString(o.Label) + `</option>`)
	}
	closeGroup(&b, group)
	list.html = b.String()
	return list
}

func closeGroup(b *strings.Builder, group string) {
	if group != "" {
		b.WriteString(`</optgroup>`)
	}
}

// Selected returns the options with one chosen. A value that is none of them, typed or
// stored by another door, is put first, so that it is never lost in silence.
func (l Options) Selected(value string) template.HTML {
	at, ok := l.at[value]
	if !ok {
		stray := template.HTMLEscapeString(value)
		return template.HTML(`<option value="` + stray + `" selected>` + stray + `</option>` + l.html)
	}
	return template.HTML(l.html[:at] + " selected" + l.html[at:])
}

// After returns the list with options before its own.
func (l Options) After(first ...Option) Options {
	head := NewOptions(first)
	at := make(map[string]int, len(l.at)+len(first))
	for value, i := range l.at {
		at[value] = i + len(head.html)
	}
	for value, i := range head.at {
		at[value] = i
	}
	return Options{head.html + l.html, at}
}

var zoneOptions = sync.OnceValue(func() Options {
	options := make([]Option, 0, len(zoneNames))
	for _, name := range zoneNames {
		options = append(options, Option{name, strings.ReplaceAll(name, "_", " "), zoneRegion(name)})
	}
	slices.SortStableFunc(options, func(a, b Option) int { return strings.Compare(groupOrder(a.Group), groupOrder(b.Group)) })
	return NewOptions(options)
})

// otherZones are the names of no region: UTC, fixed offsets and old names.
const otherZones = "Other names"

// zoneRegion returns the part of a zone's name before the slash, where it is a
// continent or an ocean.
func zoneRegion(name string) string {
	region, _, _ := strings.Cut(name, "/")
	switch region {
	case "Africa", "America", "Antarctica", "Arctic", "Asia", "Atlantic", "Australia", "Europe", "Indian", "Pacific":
		return region
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
		options = append(options, Option{Value: string(c), Label: string(c) + ", " + c.Name()})
	}
	return NewOptions(options)
})

// CountryFilter returns all countries, as a filter of a list.
func CountryFilter() Options { return countryFilter() }

var (
	countryFilter  = countriesAfter("Any country")
	countryOptions = countriesAfter("Not given")
)

// countriesAfter returns all countries after an option for none of them, made at the first use.
func countriesAfter(none string) func() Options {
	return sync.OnceValue(func() Options {
		options := []Option{{Label: none}}
		for _, c := range account.Countries() {
			options = append(options, Option{Value: string(c), Label: c.Name()})
		}
		return NewOptions(options)
	})
}

// ChoiceOptions returns the choices of a field.
func ChoiceOptions(choices []account.Choice) Options {
	var options []Option
	for _, c := range choices {
		options = append(options, Option{Value: c.Value, Label: c.Label})
	}
	return NewOptions(options)
}
