package templates

import (
	"fmt"
	"html"
	"regexp"
	"strconv"
	"strings"
	"unicode"
)

type kind int

const (
	text    kind = iota
	action       // prints a value
	control      // chooses, calls another template, or sets a variable
	open         // an inline tag
	shut         // its end
)

// item is a piece of a run.
type item struct {
	kind   kind
	source string
	pipe   string // of an action
	name   string // of a tag
}

// say returns a run in the language. What a sentence does not need stands around its message: blanks,
// what chooses, and tags around all of it. Where no word stands beside its elements, each of them
// is said by itself.
func (t *translation) say(run []item) string {
	first, last := 0, len(run)
	for first < last && around(run, first, last, true) {
		first++
	}
	for last > first && around(run, first, last, false) {
		last--
	}
	before, inner, after := sources(run[:first]), run[first:last], sources(run[last:])
	if len(inner) == 0 {
		return before + after
	}
	if inner[0].kind == open && partner(inner, 0) == len(inner)-1 {
		return before + inner[0].source + t.say(inner[1:len(inner)-1]) + inner[len(inner)-1].source + after
	}
	if !wordsBeside(inner) {
		return before + t.each(inner) + after
	}
	return before + t.message(inner) + after
}

// around reports whether the first or the last item of a run stands around its message.
func around(run []item, first, last int, atFirst bool) bool {
	i := last - 1
	if atFirst {
		i = first
	}
	switch run[i].kind {
	case text:
		return strings.TrimSpace(run[i].source) == ""
	case control:
		return true
	case open, shut:
		p := partner(run, i)
		return p < first || p >= last
	default:
		return false
	}
}

// partner returns the tag that belongs to one; -1 where it is not in the run.
func partner(run []item, at int) int {
	step := 1
	if run[at].kind == shut {
		step = -1
	}
	depth := 0
	for i := at; i >= 0 && i < len(run); i += step {
		switch {
		case run[i].name != run[at].name:
		case run[i].kind == run[at].kind:
			depth++
		default:
			depth--
		}
		if depth == 0 {
			return i
		}
	}
	return -1
}

// wordsBeside reports whether a run has words outside its elements.
func wordsBeside(run []item) bool {
	for i := 0; i < len(run); i++ {
		switch {
		case run[i].kind == text && hasLetters(html.UnescapeString(run[i].source)):
			return true
		case run[i].kind == open && partner(run, i) > 0:
			i = partner(run, i)
		}
	}
	return false
}

func hasLetters(s string) bool { return strings.IndexFunc(s, unicode.IsLetter) >= 0 }

// each says the elements of a run that has no words beside them.
func (t *translation) each(run []item) string {
	var b strings.Builder
	for i := 0; i < len(run); i++ {
		if end := partner(run, i); run[i].kind == open && end > 0 {
			b.WriteString(run[i].source + t.say(run[i+1:end]) + run[end].source)
			i = end
			continue
		}
		b.WriteString(run[i].source)
	}
	return b.String()
}

func sources(run []item) string {
	var b strings.Builder
	for _, i := range run {
		b.WriteString(i.source)
	}
	return b.String()
}

// message says a sentence: in English where the language has no words for it.
func (t *translation) message(run []item) string {
	m := newMessage(run)
	forms := t.forms(m.text)
	if forms == nil {
		return sources(run)
	}
	var b strings.Builder
	b.WriteString(m.before)
	chosen := "{{if "
	for category, form := range forms {
		if category == "other" || len(m.pipes) == 0 {
			continue
		}
		b.WriteString(chosen + fmt.Sprintf("saying %q", category) + m.pipes + "}}" + m.put(form))
		chosen = "{{else if "
	}
	if chosen != "{{if " {
		b.WriteString("{{else}}" + m.put(forms["other"]) + "{{end}}")
	} else {
		b.WriteString(m.put(forms["other"]))
	}
	return b.String() + m.after
}

// message is a sentence, as it is looked up.
type message struct {
	text          string
	before, after string // blanks around it
	args          []string
	pipes         string            // what it prints, as arguments of a function
	tags          map[string]string // by how they stand in the text
}

var blanks = regexp.MustCompile(`[ \t\n]+`)

func newMessage(run []item) message {
	m := message{tags: map[string]string{}}
	var b strings.Builder
	names, opened := map[string]int{}, map[string][]string{}
	for _, i := range run {
		switch i.kind {
		case text:
			b.WriteString(strings.ReplaceAll(html.UnescapeString(i.source), "%", "%%"))
		case action, control:
			b.WriteString("%s")
			m.args = append(m.args, i.source)
			if i.kind == action {
				m.pipes += " (" + i.pipe + ")"
			}
		case open:
			names[i.name]++
			label := i.name
			if n := names[i.name]; n > 1 {
				label += strconv.Itoa(n)
			}
			opened[i.name] = append(opened[i.name], label)
			m.tags["<"+label+">"] = i.source
			b.WriteString("<" + label + ">")
		case shut:
			label := i.name
			if n := len(opened[i.name]); n > 0 {
				label, opened[i.name] = opened[i.name][n-1], opened[i.name][:n-1]
			}
			m.tags["</"+label+">"] = i.source
			b.WriteString("</" + label + ">")
		}
	}
	whole := blanks.ReplaceAllString(b.String(), " ")
	m.text = strings.Trim(whole, " ")
	m.before = whole[:len(whole)-len(strings.TrimLeft(whole, " "))]
	m.after = whole[len(strings.TrimRight(whole, " ")):]
	return m
}

// part is what a form has beside words: a place of an argument, or a tag.
var part = regexp.MustCompile(`%(?:\[(\d+)\])?s|%%|</?[a-z]+\d*>`)

// put returns the source of a form, with the arguments and tags of the message.
func (m message) put(form string) string {
	var b strings.Builder
	from, next := 0, 1
	for _, at := range part.FindAllStringSubmatchIndex(form, -1) {
		b.WriteString(literal(form[from:at[0]]))
		switch found := form[at[0]:at[1]]; {
		case found == "%%":
			b.WriteString("%")
		case found[0] == '<':
			if tag, known := m.tags[found]; known {
				b.WriteString(tag)
			} else {
				b.WriteString(literal(found))
			}
		default:
			if at[2] >= 0 {
				next, _ = strconv.Atoi(form[at[2]:at[3]])
			}
			if next >= 1 && next <= len(m.args) {
				b.WriteString(m.args[next-1])
			}
			next++
		}
		from = at[1]
	}
	b.WriteString(literal(form[from:]))
	return b.String()
}

// literal returns words as the source of a template.
func literal(words string) string {
	return strings.ReplaceAll(html.EscapeString(words), "{{", `{{"{{"}}`)
}
