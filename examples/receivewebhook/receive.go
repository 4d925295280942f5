package main

import (
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/url"
	"strings"
	"sync"

	standardwebhooks "github.com/standard-webhooks/standard-webhooks/libraries/go"
)

// maxBody is more than any call has.
const maxBody = 1 << 20

// Message is what a call tells, whichever of the two forms it came in.
type Message struct {
	Type  string // sms.state or sms.incoming
	ID    string // of the SMS
	State string // of a state: DELIVRD and the like
	Text  string // of an incoming message
}

// Receiver verifies calls and hands each message on once.
type Receiver struct {
	verifiers []*standardwebhooks.Webhook
	handle    func(Message) error

	mu   sync.Mutex
	seen map[string]bool // webhook-ids; a real one keeps them in its database, for a week
}

// NewReceiver takes one secret, or two while one is rotated.
func NewReceiver(secrets []string, handle func(Message) error) (*Receiver, error) {
	if len(secrets) == 0 {
		return nil, errors.New("no secret: nobody could be told from anybody")
	}
	r := &Receiver{handle: handle, seen: map[string]bool{}}
	for _, secret := range secrets {
		v, err := standardwebhooks.NewWebhook(secret)
		if err != nil || secret == "whsec_" {
			return nil, errors.New("a secret is whsec_ and base64")
		}
		r.verifiers = append(r.verifiers, v)
	}
	return r, nil
}

// ServeHTTP answers 204 for what is taken, now or before; 401 for what is not signed by
// us; and 503 for what should come again.
func (r *Receiver) ServeHTTP(w http.ResponseWriter, request *http.Request) {
	body, err := io.ReadAll(http.MaxBytesReader(w, request.Body, maxBody))
	if err != nil {
		w.WriteHeader(http.StatusBadRequest)
		return
	}
	if !r.verified(signed(request, body), request.Header) {
		w.WriteHeader(http.StatusUnauthorized)
		return
	}
	m, err := read(request, body)
	if err != nil {
		w.WriteHeader(http.StatusBadRequest)
		return
	}
	if err := r.once(request.Header.Get("webhook-id"), m); err != nil {
		w.WriteHeader(http.StatusServiceUnavailable)
		return
	}
	w.WriteHeader(http.StatusNoContent)
}

// signed returns what the signature is over: the query of a GET, byte for byte as it came,
// else the body.
func signed(request *http.Request, body []byte) []byte {
	if request.Method == http.MethodGet {
		return []byte(request.URL.RawQuery)
	}
	return body
}

// verified reports whether one of our secrets signed the call, not long ago.
func (r *Receiver) verified(content []byte, headers http.Header) bool {
	for _, v := range r.verifiers {
		if v.Verify(content, headers) == nil {
			return true
		}
	}
	return false
}

// once handles a message unless its call came before. A call that failed may come again.
func (r *Receiver) once(id string, m Message) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.seen[id] {
		return nil
	}
	if err := r.handle(m); err != nil {
		return err
	}
	r.seen[id] = true
	return nil
}

// read reads JSON (RestAPI), or form fields from the query or, where there were too many
// for a query, from the body (API).
func read(request *http.Request, body []byte) (Message, error) {
	if strings.HasPrefix(request.Header.Get("Content-Type"), "application/json") {
		var call struct {
			Type string
			Data struct{ MessageID, State, Text string }
		}
		err := json.Unmarshal(body, &call)
		return Message{call.Type, call.Data.MessageID, call.Data.State, call.Data.Text}, err
	}
	fields, err := url.ParseQuery(string(signed(request, body)))
	m := Message{"sms.incoming", fields.Get("msgid"), fields.Get("stat"), fields.Get("text")}
	if m.State != "" {
		m.Type = "sms.state"
	}
	return m, err
}
