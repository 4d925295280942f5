// Package sent reads what somebody sent, without knowing what it is about: JSON strictly,
// name by name, so that every fault of a body can be told at once. What is repeated of it
// in answers is bounded.
package sent

import (
	"bytes"
	"encoding/json"
	"strconv"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/clientaccount/clientaccount/account"
)

// MaxBody bounds what a request may send, in bytes.
const MaxBody = 256 << 10

// Bounds of a JSON body, beside its size.
const (
	// MaxNesting is how deep objects and lists may be in each other.
	MaxNesting = 8
	// MaxFaults bounds an answer: a body has room for tens of thousands of faults.
	MaxFaults = 100
	// MaxName is how much of a name that means nothing is repeated in an answer.
	MaxName = 64
)

// Kind tells the values of JSON apart.
type Kind int

// The kinds of values. The zero Value is null.
const (
	KindNull Kind = iota
	KindBool
	KindNumber
	KindString
	KindArray
	KindObject
)

// Value is a JSON value. Numbers keep their exact text.
type Value struct {
	Kind    Kind
	Text    string   // of a string or number; "true" or "false"
	Items   []Value  // of an array
	Members []Member // of an object, as sent
}

// Member is a name of an object and what stands there.
type Member struct {
	Name  string
	Value Value
}

// IsText reports whether the value is a string or a number, to be taken by its text.
func (n Value) IsText() bool { return n.Kind == KindString || n.Kind == KindNumber }

// Document is a body's top object, and what is wrong with its names.
type Document struct {
	Value
	Faults account.Faults
}

// Unreadable is why a body is no JSON object that could be looked into.
type Unreadable struct{ Code, Text string }

// Error returns the text.
func (u Unreadable) Error() string { return u.Text }

// ErrSyntax is that of a body which is no JSON object.
func ErrSyntax() error {
	return Unreadable{"body.syntax", "The body must be one JSON object in UTF-8."}
}

// ParseObject reads a body as one JSON object: valid UTF-8, within the bounds, nothing after
// it. A name that is given twice is a fault of the document; what cannot be looked into is
// Unreadable.
func ParseObject(body []byte) (Document, error) {
	if !utf8.Valid(body) || hasLoneSurrogate(body) {
		return Document{}, ErrSyntax()
	}
	p := parser{dec: json.NewDecoder(bytes.NewReader(body))}
	p.dec.UseNumber()
	top, err := p.value("", 0)
	if err != nil {
		return Document{}, err
	}
	if !json.Valid(body) { // also what follows the value
		return Document{}, ErrSyntax()
	}
	if top.Kind != KindObject {
		p.fault("body", "field.type")
	}
	return Document{top, p.faults}, nil
}

// hasLoneSurrogate finds \u escapes that stand for no character: the decoder
// would put another one in their place. In valid JSON a backslash begins an
// escape wherever it stands.
func hasLoneSurrogate(body []byte) bool {
	for i := 0; i+1 < len(body); i++ {
		if body[i] != '\\' {
			continue
		}
		first := escaped(body[i:])
		switch {
		case !utf16.IsSurrogate(first):
			i++
		case utf16.DecodeRune(first, escaped(body[min(i+6, len(body)):])) == utf8.RuneError:
			return true
		default:
			i += 11
		}
	}
	return false
}

// escaped returns the unit of a \uXXXX that s begins with, or -1.
func escaped(s []byte) rune {
	if len(s) < 6 || s[0] != '\\' || s[1] != 'u' {
		return -1
	}
	unit, err := strconv.ParseUint(string(s[2:6]), 16, 16)
	if err != nil {
		return -1
	}
	return rune(unit)
}

// parser walks the tokens of a body, keeping what encoding/json's own decoding
// drops: the case of names, and names given twice.
type parser struct {
	dec    *json.Decoder
	faults account.Faults
}

func (p *parser) value(path string, depth int) (Value, error) {
	token, err := p.dec.Token()
	if err != nil {
		return Value{}, ErrSyntax()
	}
	switch t := token.(type) {
	case json.Delim:
		if depth == MaxNesting {
			return Value{}, Unreadable{"body.depth", "At most 8 levels of objects and lists."}
		}
		if t == '{' {
			return p.object(path, depth+1)
		}
		return p.array(path, depth+1)
	case string:
		return Value{Kind: KindString, Text: t}, nil
	case json.Number:
		return Value{Kind: KindNumber, Text: t.String()}, nil
	case bool:
		return Value{Kind: KindBool, Text: strconv.FormatBool(t)}, nil
	default:
		return Value{Kind: KindNull}, nil
	}
}

func (p *parser) object(path string, depth int) (Value, error) {
	n, seen := Value{Kind: KindObject}, map[string]bool{}
	for p.dec.More() {
		token, err := p.dec.Token()
		name, ok := token.(string)
		if err != nil || !ok {
			return Value{}, ErrSyntax()
		}
		within := Within(path, name)
		v, err := p.value(within, depth)
		if err != nil {
			return Value{}, err
		}
		if seen[name] {
			p.fault(within, "field.duplicate", within)
			continue
		}
		seen[name] = true
		n.Members = append(n.Members, Member{name, v})
	}
	return n, p.end()
}

func (p *parser) array(path string, depth int) (Value, error) {
	n := Value{Kind: KindArray}
	for p.dec.More() {
		v, err := p.value(path, depth)
		if err != nil {
			return Value{}, err
		}
		n.Items = append(n.Items, v)
	}
	return n, p.end()
}

// end takes the closing bracket.
func (p *parser) end() error {
	if _, err := p.dec.Token(); err != nil {
		return ErrSyntax()
	}
	return nil
}

func (p *parser) fault(path, code string, args ...any) {
	p.faults = AddFault(p.faults, account.NewFault(path, code, args...))
}
