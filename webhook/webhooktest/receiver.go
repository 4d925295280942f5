// Package webhooktest is a far end for tests of what sends webhooks: it verifies
// signatures, records what came, and fails on demand in every way that far ends do.
//
//	r := webhooktest.New(t)
//	r.Trust(secret.Reveal())
//	config := &webhook.Config{}
//	r.Reach(config)
//	client.Webhooks.RESTState = r.URL("/dlr?token=abc")
//	r.Answer(webhooktest.Status(503)) // once, then 204
//	...
//	calls := r.Await(2)
//
// The receiver listens on loopback, which a dispatcher does not call: Reach gives it a
// public name in a dispatcher's configuration, and leave to be called.
package webhooktest

import (
	"context"
	"crypto/tls"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"net/url"
	"sync"
	"testing"
	"time"

	standardwebhooks "github.com/standard-webhooks/standard-webhooks/libraries/go"

	"github.com/clientaccount/clientaccount/webhook"
	"github.com/clientaccount/clientaccount/webhook/target"
)

// Host is the name by which receivers are called.
const Host = "receiver.example.com"

// patience is for how long Await waits.
const patience = time.Minute

// Call is a request that came.
type Call struct {
	At        time.Time // by the machine's clock
	ID        string    // the webhook-id
	Timestamp string    // the webhook-timestamp, as sent
	Method    string
	Path      string
	Query     string // as sent
	Header    http.Header
	Body      string
	// Unverified is why the signature is not by a trusted secret; nil if it is. The
	// timestamp is not checked: tests set clocks.
	Unverified error
}

// Receiver is a far end. It is safe for concurrent use, and closed with its test.
type Receiver struct {
	tb     testing.TB
	server *httptest.Server
	scheme string
	closed chan struct{}

	mu       sync.Mutex
	came     *sync.Cond
	calls    []Call
	verify   []*standardwebhooks.Webhook
	answers  []Answer // for the next calls
	standard Answer
}

// New returns a receiver that answers 204 over plain HTTP.
func New(tb testing.TB) *Receiver {
	tb.Helper()
	r := newReceiver(tb)
	r.scheme = "http"
	r.server.Start()
	return r
}

// NewTLS is New over TLS, with a certificate that is good or bad in the way asked for.
func NewTLS(tb testing.TB, c Certificate) *Receiver {
	tb.Helper()
	r := newReceiver(tb)
	r.scheme = "https"
	r.server.TLS = serverTLS(tb, c)
	r.server.StartTLS()
	return r
}

func newReceiver(tb testing.TB) *Receiver {
	r := &Receiver{tb: tb, closed: make(chan struct{}), standard: Status(http.StatusNoContent)}
	r.came = sync.NewCond(&r.mu)
	r.server = httptest.NewUnstartedServer(r)
	r.listen()
	r.server.Config.ErrorLog = quiet()
	tb.Cleanup(func() {
		close(r.closed)
		r.server.CloseClientConnections()
		r.server.Close()
	})
	return r
}

// listen takes a port that a webhook's URL may have.
func (r *Receiver) listen() {
	for target.Check("http://"+net.JoinHostPort(Host, r.port())+"/", target.REST) != nil {
		refused := r.server.Listener
		next, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			r.tb.Fatal(err)
		}
		r.server.Listener = next
		_ = refused.Close()
	}
}

// URL returns the receiver's address with a path and a query, by a public name.
func (r *Receiver) URL(path string) string {
	u := url.URL{Scheme: r.scheme, Host: net.JoinHostPort(Host, r.port())}
	return u.String() + path
}

func (r *Receiver) port() string {
	_, port, err := net.SplitHostPort(r.server.Listener.Addr().String())
	if err != nil {
		r.tb.Fatal(err)
	}
	return port
}

// Reach lets a dispatcher of the configuration call this receiver, by any name, beside
// others that it was given leave for. It trusts the certificate of [NewTLS], if good.
func (r *Receiver) Reach(c *webhook.Config) {
	c.Lookup = func(context.Context, string) ([]netip.Addr, error) {
		return []netip.Addr{netip.MustParseAddr("127.0.0.1")}, nil
	}
	before, mine := c.AllowAddr, netip.MustParseAddrPort(r.server.Listener.Addr().String())
	c.AllowAddr = func(to netip.AddrPort) bool { return to == mine || before != nil && before(to) }
	c.RootCAs = roots(r.tb)
}

// Trust takes the secrets, whsec_ and base64, that signatures may be by, in place of
// any before.
func (r *Receiver) Trust(secrets ...string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.verify = nil
	for _, secret := range secrets {
		v, err := standardwebhooks.NewWebhook(secret)
		if err != nil {
			r.tb.Error("webhooktest: not a secret")
			continue
		}
		r.verify = append(r.verify, v)
	}
}

// Answer says how the next calls are answered, one after the other; those behind them
// get 204, or what AnswerAll said.
func (r *Receiver) Answer(next ...Answer) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.answers = append(r.answers, next...)
}

// AnswerAll says how calls are answered for which Answer said nothing.
func (r *Receiver) AnswerAll(standard Answer) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.standard = standard
}

// Calls returns the requests that came, in their order.
func (r *Receiver) Calls() []Call {
	r.mu.Lock()
	defer r.mu.Unlock()
	return append([]Call(nil), r.calls...)
}

// Await waits until n requests have come and returns all. It fails the test when they do
// not.
func (r *Receiver) Await(n int) []Call {
	r.tb.Helper()
	late := time.AfterFunc(patience, r.came.Broadcast)
	defer late.Stop()
	end := time.Now().Add(patience)
	r.mu.Lock()
	defer r.mu.Unlock()
	for len(r.calls) < n && time.Now().Before(end) {
		r.came.Wait()
	}
	if len(r.calls) < n {
		r.tb.Fatalf("webhooktest: %d calls came, want %d", len(r.calls), n)
	}
	return append([]Call(nil), r.calls...)
}

// ServeHTTP records a call and answers it.
func (r *Receiver) ServeHTTP(w http.ResponseWriter, request *http.Request) {
	body, err := io.ReadAll(request.Body)
	if err != nil { // broken off: not a call
		return
	}
	r.take(request, string(body))(w, request.WithContext(context.WithValue(request.Context(), closing{}, r.closed)))
}

// closing is the context's key of a channel that closes with the receiver.
type closing struct{}

func (r *Receiver) take(request *http.Request, body string) Answer {
	call := Call{
		At: time.Now(), ID: request.Header.Get(standardwebhooks.HeaderWebhookID),
		Timestamp: request.Header.Get(standardwebhooks.HeaderWebhookTimestamp),
		Method:    request.Method, Path: request.URL.Path, Query: request.URL.RawQuery,
		Header: request.Header.Clone(), Body: body,
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	call.Unverified = r.unverified(call)
	r.calls = append(r.calls, call)
	r.came.Broadcast()
	if len(r.answers) == 0 {
		return r.standard
	}
	next := r.answers[0]
	r.answers = r.answers[1:]
	return next
}

func (r *Receiver) unverified(c Call) error {
	signed := c.Body
	if c.Method == http.MethodGet {
		signed = c.Query
	}
	err := standardwebhooks.ErrNoMatchingSignature
	for _, v := range r.verify {
		if err = v.VerifyIgnoringTimestamp([]byte(signed), c.Header); err == nil {
			return nil
		}
	}
	return err
}

func serverTLS(tb testing.TB, c Certificate) *tls.Config {
	tb.Helper()
	config := &tls.Config{MinVersion: tls.VersionTLS12, Certificates: []tls.Certificate{certificate(tb, c)}}
	if c == OldVersion {
		config.MinVersion, config.MaxVersion = tls.VersionTLS10, tls.VersionTLS10
	}
	return config
}
