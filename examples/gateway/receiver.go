package main

import (
	"context"
	"encoding/json"
	"hash/maphash"
	"io"
	"net"
	"net/http"
	"net/netip"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	standardwebhooks "github.com/standard-webhooks/standard-webhooks/libraries/go"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/webhook"
	"github.com/clientaccount/clientaccount/webhook/target"
)

// receiver is the far end of all clients' URLs: it verifies what comes, and notes what each
// client was told. Package receivewebhook of the examples is one to copy from.
type receiver struct {
	listener net.Listener
	server   *http.Server
	finals   atomic.Int64 // final states that came in time, each message's once
	lates    atomic.Int64 // final states that came late, likewise
	forged   atomic.Int64 // calls that nobody signed whom the client trusts

	mu      sync.RWMutex
	clients map[string]*ear // by login, which is the path of the URL
}

// ear is what one client hears.
type ear struct {
	secret *standardwebhooks.Webhook
	mu     sync.Mutex
	heard  map[string][]told // by the message's id
}

// told is a state that a client was told.
type told struct {
	seq   int64
	state account.MessageState
	late  bool
	call  uint64 // what was said and under which webhook-id, as a hash
}

// receiverHost is the public name of the receiver: URLs of clients have such.
const receiverHost = "receiver.example.com"

// listen takes a port that a client's URL may have, and serves until Close.
func listen(ctx context.Context) (*receiver, error) {
	r := &receiver{clients: map[string]*ear{}}
	for r.listener == nil || target.Check(r.url("x"), target.REST) != nil {
		next, err := (&net.ListenConfig{}).Listen(ctx, "tcp", "127.0.0.1:0")
		if err != nil {
			return nil, err
		}
		if r.listener != nil {
			_ = r.listener.Close()
		}
		r.listener = next
	}
	r.server = &http.Server{Handler: r, ReadHeaderTimeout: 5 * time.Second}
	go func() { _ = r.server.Serve(r.listener) }() // ends with Close
	return r, nil
}

// Close ends it.
func (r *receiver) Close() error { return r.server.Close() }

// url returns the URL of a client.
func (r *receiver) url(login string) string {
	_, port, _ := net.SplitHostPort(r.listener.Addr().String())
	return "http://" + net.JoinHostPort(receiverHost, port) + "/" + login
}

// reach lets a dispatcher call the receiver. Loopback is nowhere that a real one may go.
func (r *receiver) reach(c *webhook.Config) {
	loopback := netip.MustParseAddr("127.0.0.1")
	c.Lookup = func(context.Context, string) ([]netip.Addr, error) { return []netip.Addr{loopback}, nil }
	c.AllowAddr = func(to netip.AddrPort) bool { return to.String() == r.listener.Addr().String() }
}

// trust has a client's URL believe what is signed by a secret.
func (r *receiver) trust(login, secret string) error {
	verifier, err := standardwebhooks.NewWebhook(secret)
	if err != nil {
		return err
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.clients[login] = &ear{secret: verifier, heard: map[string][]told{}}
	return nil
}

// heard returns what a client was told, by message, in the order of the states.
func (r *receiver) heard(login string) map[string][]told {
	r.mu.RLock()
	e := r.clients[login]
	r.mu.RUnlock()
	e.mu.Lock()
	defer e.mu.Unlock()
	heard := make(map[string][]told, len(e.heard))
	for id, states := range e.heard {
		heard[id] = slices.SortedFunc(slices.Values(states), func(a, b told) int { return int(a.seq - b.seq) })
	}
	return heard
}

var callSeed = maphash.MakeSeed()

// ServeHTTP notes a call. One that comes again under the same webhook-id says nothing new.
func (r *receiver) ServeHTTP(w http.ResponseWriter, request *http.Request) {
	body, err := io.ReadAll(http.MaxBytesReader(w, request.Body, 1<<20))
	r.mu.RLock()
	e := r.clients[request.URL.Path[1:]]
	r.mu.RUnlock()
	if err != nil || e == nil {
		w.WriteHeader(http.StatusBadRequest)
		return
	}
	// Signatures have a time, and the clock of this program is moved forward: it is not looked at.
	if e.secret.VerifyIgnoringTimestamp(body, request.Header) != nil {
		r.forged.Add(1)
		w.WriteHeader(http.StatusUnauthorized)
		return
	}
	id, what, err := read(body, request.Header.Get("Webhook-Id"))
	if err != nil {
		w.WriteHeader(http.StatusBadRequest)
		return
	}
	if e.note(id, what) && what.state.Final() {
		if what.late {
			r.lates.Add(1)
		} else {
			r.finals.Add(1)
		}
	}
	w.WriteHeader(http.StatusNoContent)
}

// read returns what a call says, and of which message.
func read(body []byte, webhookID string) (messageID string, what told, err error) {
	var call struct {
		Data struct {
			MessageID string
			State     string
			Seq       int64
			Late      bool
		}
	}
	if err := json.Unmarshal(body, &call); err != nil {
		return "", told{}, err
	}
	state, err := account.ParseMessageState(call.Data.State)
	sum := maphash.Bytes(callSeed, append(body, webhookID...))
	return call.Data.MessageID, told{call.Data.Seq, state, call.Data.Late, sum}, err
}

// note keeps what was told, and reports whether it was new.
func (e *ear) note(messageID string, what told) bool {
	e.mu.Lock()
	defer e.mu.Unlock()
	if slices.Contains(e.heard[messageID], what) {
		return false
	}
	e.heard[messageID] = append(e.heard[messageID], what)
	return true
}
