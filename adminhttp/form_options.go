package adminhttp

import (
	"html/template"
	"slices"
	"strings"
	"sync"

	"github.com/clientaccount/clientaccount/account"
)

//go:generate go run ./internal/zones

// option is one choice of a select; its group may be empty.
type option struct{ Value, Label, Group string }

// optionList is a select's options as HTML, made once, since the long lists would
// otherwise take most of the time of a page.
type optionList struct {
	html string
	at   map[string]int // where " selected" goes in, by value
}

func newOptionList(options []option) optionList {
	var b strings.Builder
	list := optionList{at: map[string]int{}}
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

// selected is the options with one chosen. A value that is none of them, typed or
// stored by another door, is put first, so that it is never lost in silence.
func (l optionList) selected(value string) template.HTML {
	at, ok := l.at[value]
	if !ok {
		stray := template.HTMLEscapeString(value)
		return template.HTML(`<option value="` + stray + `" selected>` + stray + `</option>` + l.html)
	}
	return template.HTML(l.html[:at] + " selected" + l.html[at:])
}

// after is the list with options before its own.
func (l optionList) after(first ...option) optionList {
	head := newOptionList(first)
	at := make(map[string]int, len(l.at)+len(first))
	for value, i := range l.at {
		at[value] = i + len(head.html)
	}
	for value, i := range head.at {
		at[value] = i
	}
	return optionList{head.html + l.html, at}
}

var zoneOptions = sync.OnceValue(func() optionList {
	options := make([]option, 0, len(zoneNames))
	for _, name := range zoneNames {
		options = append(options, option{name, strings.ReplaceAll(name, "_", " "), zoneRegion(name)})
	}
	slices.SortStableFunc(options, func(a, b option) int { return strings.Compare(groupOrder(a.Group), groupOrder(b.Group)) })
	return newOptionList(options)
})

// otherZones are the names of no region: UTC, fixed offsets and old names.
const otherZones = "Other names"

// zoneRegion is the part of a zone's name before the slash, where it is a
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

var currencyOptions = sync.OnceValue(func() optionList {
	var options []option
	for _, c := range account.Currencies() {
		options = append(options, option{Value: string(c), Label: string(c) + ", " + c.Name()})
	}
	return newOptionList(options)
})

var countryOptions = sync.OnceValue(func() optionList {
	options := []option{{Label: "Not given"}}
	for _, c := range account.Countries() {
		options = append(options, option{Value: string(c), Label: c.Name()})
	}
	return newOptionList(options)
})

func choiceOptions(choices []account.Choice) optionList {
	var options []option
	for _, c := range choices {
		options = append(options, option{Value: c.Value, Label: c.Label})
	}
	return newOptionList(options)
}
