package templates

import (
	"strings"
	"text/template/parse"
)

// place is where in HTML something stands.
type place int

const (
	between place = iota // tags
	within               // a tag
	quoted               // the value of an attribute
)

// scanner goes through nodes and knows where in HTML it is.
type scanner struct {
	*translation
	where place
	run   []item          // between block tags
	value []item          // of the attribute that is read
	tag   strings.Builder // as far as it was read
	name  strings.Builder // of the attribute that is read
	quote byte
	out   strings.Builder
}

// told are the attributes whose values people are told. Those of texts for the script begin with
// data-text.
var told = map[string]bool{"title": true, "aria-label": true, "placeholder": true, "alt": true, "label": true}

func isTold(name string) bool { return told[name] || strings.HasPrefix(name, "data-text") }

// unsaid are the attributes whose values are for programs.
var unsaid = map[string]bool{
	"href": true, "action": true, "class": true, "id": true, "for": true, "name": true, "type": true, "x": true, "y": true, "d": true,
	"width": true, "height": true, "datetime": true, "aria-describedby": true, "aria-labelledby": true, "lang": true, "dir": true,
}

func (s *scanner) list(nodes *parse.ListNode) {
	for _, node := range nodes.Nodes {
		switch n := node.(type) {
		case *parse.TextNode:
			s.text(string(n.Text))
		case *parse.ActionNode:
			s.action(n)
		case *parse.TemplateNode, *parse.BreakNode, *parse.ContinueNode:
			s.control(n.String())
		case *parse.CommentNode:
		default:
			s.branch(node)
		}
	}
}

func (s *scanner) action(n *parse.ActionNode) {
	switch pipe := n.Pipe.String(); {
	case len(n.Pipe.Decl) > 0:
		s.control("{{" + pipe + "}}")
	case s.where != between && unsaid[s.attribute()]:
		s.control("{{" + pipe + "}}")
	default:
		s.add(item{kind: action, source: "{{" + pipe + " | say}}", pipe: pipe})
	}
}

func (s *scanner) control(source string) { s.add(item{kind: control, source: source}) }

// add puts an item where the scanner is.
func (s *scanner) add(i item) {
	switch {
	case s.where == between:
		s.run = append(s.run, i)
	case s.where == quoted && isTold(s.attribute()):
		s.value = append(s.value, i)
	default:
		s.tag.WriteString(i.source)
	}
}

// branch reads each list of a node that chooses from the same place. Between tags each is a run of
// its own.
func (s *scanner) branch(node parse.Node) {
	source, known := branches(node, func(inner *parse.ListNode) string {
		if s.where == between {
			return s.translation.list(inner)
		}
		in := scanner{translation: s.translation, where: s.where, quote: s.quote}
		in.name.WriteString(s.name.String())
		in.list(inner)
		if in.where != s.where {
			s.fail("a branch ends elsewhere than it begins: %.80s", inner)
		}
		return in.rest()
	})
	if !known {
		s.fail("a node of no known kind: %.80s", node)
	}
	s.control(source)
}

// rest returns what was read of a part of a tag.
func (s *scanner) rest() string {
	s.endValue()
	return s.tag.String()
}

func (s *scanner) attribute() string { return strings.ToLower(strings.TrimSpace(s.name.String())) }

// text reads HTML.
func (s *scanner) text(html string) {
	for html != "" {
		switch s.where {
		case between:
			html = s.words(html)
		case within:
			html = s.inTag(html)
		default:
			html = s.inValue(html)
		}
	}
}

// words reads up to the next tag.
func (s *scanner) words(html string) (rest string) {
	at := strings.IndexByte(html, '<')
	if at < 0 {
		at = len(html)
	}
	if at > 0 {
		s.run = append(s.run, item{kind: text, source: html[:at]})
	}
	if at < len(html) {
		s.where = within
		s.tag.WriteByte('<')
		return html[at+1:]
	}
	return ""
}

// inTag reads up to a value, or the end of the tag.
func (s *scanner) inTag(html string) (rest string) {
	c := html[0]
	s.tag.WriteByte(c)
	switch {
	case c == '>':
		s.where = between
		s.name.Reset()
		s.endTag()
	case c == '"' || c == '\'':
		s.where, s.quote = quoted, c
	case c == '=':
	case c == ' ' || c == '\n' || c == '\t' || c == '/':
		s.name.Reset()
	default:
		s.name.WriteByte(c)
	}
	return html[1:]
}

// inValue reads up to the quote that ends the value.
func (s *scanner) inValue(html string) (rest string) {
	at := strings.IndexByte(html, s.quote)
	if at < 0 {
		s.add(item{kind: text, source: html})
		return ""
	}
	if at > 0 {
		s.add(item{kind: text, source: html[:at]})
	}
	s.endValue()
	s.tag.WriteByte(s.quote)
	s.where = within
	s.name.Reset()
	return html[at+1:]
}

// endValue says the value of an attribute.
func (s *scanner) endValue() {
	if s.where == quoted {
		s.tag.WriteString(s.say(s.value))
		s.value = nil
	}
}

// inline are the tags that stand within a sentence.
var inline = map[string]bool{
	"a": true, "abbr": true, "b": true, "bdi": true, "code": true, "del": true, "em": true, "i": true, "ins": true, "kbd": true, "mark": true,
	"q": true, "s": true, "small": true, "span": true, "strong": true, "sub": true, "sup": true, "time": true, "u": true,
}

// endTag puts a tag into the run, or ends the run before it.
func (s *scanner) endTag() {
	source := s.tag.String()
	s.tag.Reset()
	name := strings.TrimPrefix(source[1:], "/")
	name = strings.ToLower(name[:len(name)-len(strings.TrimLeft(name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"))])
	switch {
	case !inline[name]:
		s.flush()
		s.out.WriteString(source)
	case strings.HasPrefix(source, "</"):
		s.run = append(s.run, item{kind: shut, source: source, name: name})
	default:
		s.run = append(s.run, item{kind: open, source: source, name: name})
	}
}

// flush says the run.
func (s *scanner) flush() {
	s.out.WriteString(s.say(s.run))
	s.run = nil
}
