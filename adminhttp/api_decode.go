package adminhttp

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"mime"
	"net/http"
	"strconv"
	"strings"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/clientaccount/clientaccount/account"
)

// Bounds of a JSON body, beside its size (maxBody).
const (
	maxNesting = 8
	// maxFaults bounds an answer: a body has room for tens of thousands of faults.
	maxFaults = 100
	// maxName is how much of a name that means nothing is repeated in an answer.
	maxName = 64
)

// jsonKind tells the values of JSON apart.
type jsonKind int

const (
	jsonNull jsonKind = iota
	jsonBool
	jsonNumber
	jsonString
	jsonArray
	jsonObject
)

// node is a JSON value. Numbers keep their exact text.
type node struct {
	kind    jsonKind
	text    string   // of a string or number; "true" or "false"
	items   []node   // of an array
	members []member // of an object, as sent
}

type member struct {
	name  string
	value node
}

// isText says whether the value is a string or a number, to be taken by its text.
func (n node) isText() bool { return n.kind == jsonString || n.kind == jsonNumber }

// document is a body's top object, and what is wrong with its names.
type document struct {
	node
	faults account.Faults
}

// readObject reads a request's body as one JSON object, strictly: of the media
// types named, within the bounds, valid UTF-8, no name twice in one object,
// nothing after it. A doubled name is a fault; the rest is a problem at once.
func readObject(r *request, mediaTypes ...string) (document, error) {
	if !hasMediaType(r, mediaTypes) {
		return document{}, newProblem(http.StatusUnsupportedMediaType, "body", "body.content_type", "Use "+mediaTypes[0]+".")
	}
	body, err := readBody(r)
	if err != nil {
		return document{}, err
	}
	return parseObject(body)
}

// readOptional is readObject where an empty body stands for {}.
func readOptional(r *request) (document, error) {
	body, err := readBody(r)
	if err != nil || len(body) == 0 {
		return document{node: node{kind: jsonObject}}, err
	}
	r.Body = io.NopCloser(bytes.NewReader(body))
	return readObject(r, jsonMedia)
}

const (
	jsonMedia  = "application/json"
	patchMedia = "application/merge-patch+json" // RFC 7396
)

func hasMediaType(r *request, accepted []string) bool {
	sent, params, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	charset := params["charset"]
	for _, mediaType := range accepted {
		if err == nil && sent == mediaType && (charset == "" || strings.EqualFold(charset, "utf-8")) {
			return true
		}
	}
	return false
}

func readBody(r *request) ([]byte, error) {
	body, err := io.ReadAll(r.Body)
	_, over := errors.AsType[*http.MaxBytesError](err)
	switch {
	case over || len(body) > maxBody:
		return nil, newProblem(http.StatusRequestEntityTooLarge, "body", "body.too_large", "At most 256 kB.")
	case err != nil: // the caller hung up, or broke the transfer encoding
		return nil, errSyntax()
	default:
		return body, nil
	}
}

func errSyntax() error {
	return newProblem(http.StatusBadRequest, "body", "body.syntax", "The body must be one JSON object in UTF-8.")
}

func parseObject(body []byte) (document, error) {
	if !utf8.Valid(body) || hasLoneSurrogate(body) {
		return document{}, errSyntax()
	}
	p := parser{dec: json.NewDecoder(bytes.NewReader(body))}
	p.dec.UseNumber()
	top, err := p.value("", 0)
	if err != nil {
		return document{}, err
	}
	if !json.Valid(body) { // also what follows the value
		return document{}, errSyntax()
	}
	if top.kind != jsonObject {
		p.fault("body", "field.type")
	}
	return document{top, p.faults}, nil
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

// escaped is the unit of a \uXXXX that s begins with, or -1.
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

func (p *parser) value(path string, depth int) (node, error) {
	token, err := p.dec.Token()
	if err != nil {
		return node{}, errSyntax()
	}
	switch t := token.(type) {
	case json.Delim:
		if depth == maxNesting {
			return node{}, newProblem(http.StatusBadRequest, "body", "body.depth", "At most 8 levels of objects and lists.")
		}
		if t == '{' {
			return p.object(path, depth+1)
		}
		return p.array(path, depth+1)
	case string:
		return node{kind: jsonString, text: t}, nil
	case json.Number:
		return node{kind: jsonNumber, text: t.String()}, nil
	case bool:
		return node{kind: jsonBool, text: strconv.FormatBool(t)}, nil
	default:
		return node{kind: jsonNull}, nil
	}
}

func (p *parser) object(path string, depth int) (node, error) {
	n, seen := node{kind: jsonObject}, map[string]bool{}
	for p.dec.More() {
		token, err := p.dec.Token()
		name, ok := token.(string)
		if err != nil || !ok {
			return node{}, errSyntax()
		}
		within := join(path, name)
		v, err := p.value(within, depth)
		if err != nil {
			return node{}, err
		}
		if seen[name] {
			p.fault(within, "field.duplicate", within)
			continue
		}
		seen[name] = true
		n.members = append(n.members, member{name, v})
	}
	return n, p.end()
}

func (p *parser) array(path string, depth int) (node, error) {
	n := node{kind: jsonArray}
	for p.dec.More() {
		v, err := p.value(path, depth)
		if err != nil {
			return node{}, err
		}
		n.items = append(n.items, v)
	}
	return n, p.end()
}

// end takes the closing bracket.
func (p *parser) end() error {
	if _, err := p.dec.Token(); err != nil {
		return errSyntax()
	}
	return nil
}

func (p *parser) fault(path, code string, args ...any) {
	p.faults = addFault(p.faults, account.NewFault(path, code, args...))
}

// addFault appends within the bound.
func addFault(faults account.Faults, more ...account.Fault) account.Faults {
	return append(faults, more[:min(len(more), max(0, maxFaults-len(faults)))]...)
}

// join is the path of a name within an object; long names are cut short.
func join(path, name string) string {
	if len(name) > maxName {
		name = strings.ToValidUTF8(name[:maxName], "") + "…"
	}
	if path == "" {
		return name
	}
	return path + "." + name
}
