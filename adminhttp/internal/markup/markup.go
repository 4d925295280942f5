// Package markup writes the HTML of what a page has hundreds of: the rows of long lists, and instants and
// statuses, which stand in them. As templates these would take most of the time of a page. All else is a
// template.
package markup

import (
	"html/template"
	"sync"
	"time"

	"github.com/clientaccount/clientaccount/internal/language"
	"github.com/clientaccount/clientaccount/internal/say"
)

// Element is what writes itself.
type Element interface{ Mark(w *Writer) }

// HTML returns an element in a language.
func HTML(l *language.Language, e Element) template.HTML {
	w := writers.Get().(*Writer)
	defer writers.Put(w)
	w.language, w.html = l, w.html[:0]
	e.Mark(w)
	return template.HTML(w.html)
}

// writers keep what they wrote in, which is no more than a row.
var writers = sync.Pool{New: func() any { return new(Writer) }}

// Writer writes HTML in a language. What it is given is escaped, but for constants of the program.
type Writer struct {
	language *language.Language
	html     []byte
}

// constant is what is written as it is: a string that is no constant does not convert to it.
type constant string

// Tag writes HTML of the program's own.
func (w *Writer) Tag(html constant) *Writer {
	w.html = append(w.html, html...)
	return w
}

// Attribute writes an attribute; an empty one is left out. It does not look into URLs, which are to be the
// program's own: one that a person or a host gives belongs into a template.
func (w *Writer) Attribute(name constant, value string) *Writer {
	if value == "" {
		return w
	}
	w.html = append(append(append(w.html, ' '), name...), `="`...)
	w.html = append(append(w.html, template.HTMLEscapeString(value)...), '"')
	return w
}

// Told writes an attribute that people are told; an empty one is left out.
func (w *Writer) Told(name constant, text say.Text) *Writer {
	return w.Attribute(name, w.language.Say(text))
}

// When writes an attribute that is an instant.
func (w *Writer) When(name constant, at time.Time, layout say.Text) *Writer {
	return w.Attribute(name, w.language.Time(at, layout))
}

// Say writes a text.
func (w *Writer) Say(text say.Text) *Writer {
	w.html = append(w.html, template.HTMLEscapeString(w.language.Say(text))...)
	return w
}

// Put writes an element.
func (w *Writer) Put(e Element) *Writer {
	e.Mark(w)
	return w
}
