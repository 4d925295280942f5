// Package ask is a request to the Service, whoever asks: what pages and JSON both do with
// clients, money, messages, webhooks and lists, once. It knows who asks and, by the judge of
// package access, what they may; it reads texts and returns faults, and neither renders nor
// parses a page or a body.
package ask

import (
	"context"
	"errors"
	"io"
	"iter"
	"log/slog"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/clientaccount/clientaccount"
	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/account/document"
	"github.com/clientaccount/clientaccount/account/price"
	"github.com/clientaccount/clientaccount/account/sheet"
	"github.com/clientaccount/clientaccount/adminhttp/internal/access"
	"github.com/clientaccount/clientaccount/internal/language"
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
	ReadWorkbook func(io.Reader, price.ReadOptions) ([]price.Row, error)
	// ReadSheet reads the first sheet of a workbook; nil: nobody does.
	ReadSheet       func(io.Reader) iter.Seq2[sheet.Line, error]
	SignIn          func(r *http.Request, back string) string // nil: the host names no page for it
	SignOut         string                                    // URL of the host's page; empty: it names none
	Links           func(*http.Request, account.Account) []Link
	Views           func(*http.Request, account.Actor) []View // the host's own of the Clients list; nil: none
	Title           string
	PaymentRequired bool          // of top-ups from the pages
	ConfirmWithin   time.Duration // how long something waits for a second person
	Languages       *language.Set
	Speaks          func(*http.Request) string // the tag of a request's language
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

// Link is a page of the host's own about a client.
type Link struct{ Name, Href string }

// Routed reports whether the request came as far as a route: it is of this site's own pages.
func (r *Request) Routed() bool { return r.Context().Value(asReceived{}) != nil }

// Received returns the host's own request.
func (r *Request) Received() *http.Request { return received(r.Request) }

// Back returns the path and query that the host's own request was for, as it came, which begins
// with one slash and leads to no other site.
func (r *Request) Back() string { return r.BackTo("") }

// BackTo returns the path, as the host has it, of a page of the admin; empty for the request's own,
// with its query.
func (r *Request) BackTo(page string) string {
	received := r.Received()
	at, err := url.ParseRequestURI(received.RequestURI)
	if err != nil {
		at = received.URL
	}
	back := url.URL{Path: at.Path, RawPath: at.RawPath, RawQuery: at.RawQuery}
	if page != "" {
		back = *back.ResolveReference(&url.URL{Path: r.Root + page})
	}
	query := ""
	if back.RawQuery != "" {
		query = "?" + back.RawQuery
	}
	return "/" + strings.TrimLeft(back.EscapedPath(), "/") + query
}

// Anonymous returns a request of nobody known yet; inner is its path within the admin.
func (s Site) Anonymous(plain *http.Request, inner string) *Request {
	return &Request{Request: plain, Site: s, Inner: inner, Root: toRoot(inner), Language: s.Languages.Choose(s.Speaks(received(plain)))}
}

// received returns the host's own request.
func received(r *http.Request) *http.Request {
	if own, ok := r.Context().Value(asReceived{}).(*http.Request); ok {
		return own
	}
	return r
}

// Identified asks the host who this is and what they may do, and hands errors to
// fail, which writes them as a page or as a problem.
func (s Site) Identified(do Endpoint, fail func(http.ResponseWriter, *Request, error)) http.HandlerFunc {
	return func(w http.ResponseWriter, plain *http.Request) {
		r := s.Anonymous(plain, plain.URL.EscapedPath())
		err := r.identify(r.Received())
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

// View is the Clients list in a state that has a name.
type View struct{ Name, Query string }
