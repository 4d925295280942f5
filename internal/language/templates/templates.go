// Package templates puts templates of HTML into a language. Templates are written in English; the
// text between tags, and what attributes say, is looked up by it. A sentence is one message, also
// where values or tags stand in it: "Showing %s of %s clients.", "Search again, or <a>show all</a>."
package templates

import (
	"fmt"
	"regexp"
	"strings"
	"text/template/parse"

	"github.com/clientaccount/clientaccount/internal/language"
)

// Funcs returns the functions that translated templates call.
func Funcs(l *language.Language) map[string]any {
	return map[string]any{
		"say":    l.Value,
		"saying": func(category string, args ...any) bool { return l.Category(args...) == category },
	}
}

// Translate returns the text of a template in a language. What it prints goes through "say".
func Translate(name, text string, l *language.Language) (string, error) {
	t := translation{forms: l.Forms}
	return t.file(name, text)
}

// Messages returns all that a template says.
func Messages(name, text string) (all []string, err error) {
	t := translation{forms: func(message string) language.Forms {
		all = append(all, message)
		return nil
	}}
	_, err = t.file(name, text)
	return all, err
}

// How templates are laid out is for who reads them: lines that begin or end with tags or actions
// are sent as one, others are parted by a space.
var (
	betweenTags = regexp.MustCompile(`([>}])\n\t+([<{])`)
	indentation = regexp.MustCompile(`\n\t+`)
)

// Joined returns the text of a template without its layout.
func Joined(text string) string {
	return indentation.ReplaceAllString(betweenTags.ReplaceAllString(text, "$1$2"), " ")
}

// translation is that of one file.
type translation struct {
	forms func(message string) language.Forms
	err   error
}

func (t *translation) file(name, text string) (string, error) {
	root := parse.New(name)
	root.Mode = parse.SkipFuncCheck
	trees := map[string]*parse.Tree{}
	if _, err := root.Parse(text, "", "", trees); err != nil {
		return "", err
	}
	var b strings.Builder
	for tree, parsed := range trees {
		if tree == name {
			continue
		}
		b.WriteString(fmt.Sprintf("{{define %q}}", tree) + t.list(parsed.Root) + "{{end}}")
	}
	if own := trees[name]; own != nil {
		b.WriteString(t.list(own.Root))
	}
	return b.String(), t.err
}

// list returns a list of nodes that begins and ends between tags.
func (t *translation) list(nodes *parse.ListNode) string {
	s := scanner{translation: t}
	s.list(nodes)
	s.flush()
	if s.where != between {
		t.fail("a tag is not closed where it is opened: %.80s", nodes)
	}
	return s.out.String()
}

func (t *translation) fail(format string, args ...any) {
	if t.err == nil {
		t.err = fmt.Errorf("templates: "+format, args...)
	}
}

// branches returns a node that chooses, with its lists as inner gives them.
func branches(node parse.Node, inner func(*parse.ListNode) string) (string, bool) {
	var b *parse.BranchNode
	word := ""
	switch n := node.(type) {
	case *parse.IfNode:
		b, word = &n.BranchNode, "if"
	case *parse.RangeNode:
		b, word = &n.BranchNode, "range"
	case *parse.WithNode:
		b, word = &n.BranchNode, "with"
	default:
		return "", false
	}
	text := "{{" + word + " " + b.Pipe.String() + "}}" + inner(b.List)
	if b.ElseList != nil {
		text += "{{else}}" + inner(b.ElseList)
	}
	return text + "{{end}}", true
}
