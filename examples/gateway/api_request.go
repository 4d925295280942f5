package main

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/base32"
	"encoding/json"
	"errors"
	"io"
	"mime"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"github.com/clientaccount/clientaccount"
	"github.com/clientaccount/clientaccount/account"
)

// maxPost is the most of a request's body: the longest message there is, escaped.
const maxPost = 256 << 10

// post is a message as a client asks for it.
type post struct {
	To    string `json:"to"`
	From  string `json:"from"`
	Text  string `json:"text"`
	Parts int    `json:"parts"` // in place of a text
	Ref   string `json:"ref"`   // the client's own

	key string // what a repeat is known by; empty: each is another message
}

// badRequest is a request that cannot be read.
type badRequest struct {
	status       int
	code, detail string
}

func (e *badRequest) Error() string { return e.detail }

// readPost reads a message, JSON or a form.
func readPost(w http.ResponseWriter, r *http.Request) (post, error) {
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxPost))
	if _, large := errors.AsType[*http.MaxBytesError](err); large {
		return post{}, &badRequest{http.StatusRequestEntityTooLarge, "body.length", "The body is too long."}
	}
	if err != nil {
		return post{}, &badRequest{http.StatusBadRequest, "body.broken", "The body broke off."}
	}
	var p post
	switch kind, _, _ := mime.ParseMediaType(r.Header.Get("Content-Type")); kind {
	case "application/json":
		err = p.readJSON(body)
	case "application/x-www-form-urlencoded":
		err = p.readForm(string(body))
	default:
		err = &badRequest{http.StatusUnsupportedMediaType, "body.type", "The body is application/json or application/x-www-form-urlencoded."}
	}
	if err != nil {
		return post{}, err
	}
	return p, p.complete(r.Header.Get("Idempotency-Key"))
}

func (p *post) readJSON(body []byte) error {
	decoder := json.NewDecoder(strings.NewReader(string(body)))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(p); err != nil {
		return &badRequest{http.StatusBadRequest, "body.json", "The body is not the JSON of a message: " + err.Error()}
	}
	if _, err := decoder.Token(); !errors.Is(err, io.EOF) {
		return &badRequest{http.StatusBadRequest, "body.json", "There is more behind the JSON."}
	}
	return nil
}

func (p *post) readForm(body string) error {
	form, err := url.ParseQuery(body)
	if err != nil {
		return &badRequest{http.StatusBadRequest, "body.form", "The body is not a form."}
	}
	var parts string
	fields := map[string]*string{"to": &p.To, "from": &p.From, "text": &p.Text, "ref": &p.Ref, "parts": &parts}
	for name, values := range form {
		field, known := fields[name]
		if !known || len(values) != 1 {
			return &badRequest{http.StatusBadRequest, "body.form", "A field is unknown or doubled: " + name}
		}
		*field = values[0]
	}
	if parts != "" {
		if p.Parts, err = strconv.Atoi(parts); err != nil {
			return &badRequest{http.StatusBadRequest, "parts.range", "The parts are no number."}
		}
	}
	return nil
}

// complete counts the parts of a text, and says what a repeat is known by.
func (p *post) complete(key string) error {
	switch {
	case p.Text == "" && p.Parts == 0 || p.Text != "" && p.Parts != 0:
		return &badRequest{http.StatusUnprocessableEntity, "text.required", "A message has a text, or a number of parts."}
	default:
		p.Parts = p.parts()
	}
	switch {
	case key != "":
		p.key = "key " + key
	case p.Ref != "":
		p.key = "ref " + p.Ref
	}
	return nil
}

// parts returns how many the message has, by its text if there is one.
func (p *post) parts() int {
	if p.Text != "" {
		return partsOf(p.Text)
	}
	return p.Parts
}

// id returns what the message is called. A repeat has the same, which is what makes it
// harmless: its hold is there already.
func (p *post) id() string {
	if p.key == "" {
		return strings.ToLower(rand.Text())
	}
	sum := sha256.Sum256([]byte(p.key))
	return strings.ToLower(base32.StdEncoding.WithPadding(base32.NoPadding).EncodeToString(sum[:16]))
}

// outgoing returns the message as the gateway takes it. Without a price the decision says so.
func (p *post) outgoing(client account.Account) outgoing {
	o := outgoing{client: client.ID, id: p.id(), text: p.Text, keep: clientaccount.Keep{ClientRef: p.Ref}}
	o.request = account.Request{Channel: account.ChannelREST, Sender: p.From, Destination: p.To, Parts: p.Parts}
	if to, found := routeTo(p.To); found {
		o.request.Price = account.Some(to.price)
		o.request.MCC, o.request.MNC = to.mcc, to.mnc
	}
	return o
}
