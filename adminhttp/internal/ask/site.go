// Package ask is a request to the Service, whoever asks: what pages and JSON both do with
// clients, money, messages, webhooks and lists, once. It knows who asks and, by the judge of
// package access, what they may; it reads texts and returns faults, and neither renders nor
// parses a page or a body.
package ask

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"time"

	"github.com/clientaccount/clientaccount"
	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/account/document"
	"github.com/clientaccount/clientaccount/account/price"
	"github.com/clientaccount/clientaccount/adminhttp/internal/access"
)

// ErrNoActor is what a host's function returns for a request of nobody it knows.
var ErrNoActor = errors.New("adminhttp: nobody is signed in")

// Site is the Service that requests are made to, and what the host told of itself and
// answers about each of them. It is safe for concurrent use.
type Site struct {
	Service  *clientaccount.Service
	Who      func(*http.Request) (account.Actor, error)
	May      func(*http.Request, account.Actor) (access.Policy, error)
	TestHook func(context.Context, account.ID, account.HookKind) (clientaccount.Try, error)
	Files    document.Files
	Preview  func(d document.Document, to string) (MailPreview, error) // nil: no mails are written
	// ReadWorkbook reads prices from a workbook; nil: nobody does.
	ReadWorkbook    func(io.Reader, price.ReadOptions) ([]price.Row, error)
	PaymentRequired bool          // of top-ups from the pages
	ConfirmWithin   time.Duration // how long something waits for a second person
	Title           string
	Logger          *slog.Logger
}

// Endpoint answers a request of a known actor. An error it returns has not been
// answered yet.
type Endpoint func(w http.ResponseWriter, r *Request) error

// asReceived is the context key of the host's own request.
type asReceived struct{}

// Receive keeps the host's own request, with its whole path and the wildcards of the
// pattern that the admin is mounted under, for the host's functions to be asked about.
func Receive(r *http.Request) context.Context {
	return context.WithValue(r.Context(), asReceived{}, r)
}

// Anonymous returns a request of nobody known yet; inner is its path within the admin.
func (s Site) Anonymous(plain *http.Request, inner string) *Request {
	return &Request{Request: plain, Site: s, Inner: inner, Root: toRoot(inner)}
}

// Identified asks the host who this is and what they may do, and hands errors to
// fail, which writes them as a page or as a problem.
func (s Site) Identified(do Endpoint, fail func(http.ResponseWriter, *Request, error)) http.HandlerFunc {
	return func(w http.ResponseWriter, plain *http.Request) {
		r := s.Anonymous(plain, plain.URL.EscapedPath())
		received, ok := plain.Context().Value(asReceived{}).(*http.Request)
		if !ok {
			received = plain
		}
		err := r.identify(received)
		if err == nil {
			err = do(w, r)
		}
		if err != nil {
			fail(w, r, err)
		}
	}
}

// identify asks the host about the request as it was received.
func (r *Request) identify(received *http.Request) (err error) {
	if r.Actor, err = r.Who(received); err != nil {
		return err
	}
	policy, err := r.May(received, r.Actor)
	if err == nil {
		r.Judge = access.New(r.Service, policy)
	}
	return err
}
