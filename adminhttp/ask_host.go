package adminhttp

import (
	"context"
	"errors"
	"log/slog"
	"net/http"

	"github.com/clientaccount/clientaccount"
	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/adminhttp/internal/access"
)

// errNoActor is what a host's function returns for a request of nobody it knows.
var errNoActor = errors.New("adminhttp: nobody is signed in")

// host is the Service that requests are made to, and what the host told of itself and
// answers about each of them. It is safe for concurrent use.
type host struct {
	service  *clientaccount.Service
	who      func(*http.Request) (account.Actor, error)
	may      func(*http.Request, account.Actor) (access.Policy, error)
	testHook func(context.Context, account.ID, account.HookKind) (clientaccount.Try, error)
	title    string
	logger   *slog.Logger
}

// endpoint answers a request of a known actor. An error it returns has not been
// answered yet.
type endpoint func(w http.ResponseWriter, r *request) error

// asReceived is the context key of the host's own request.
type asReceived struct{}

// receive keeps the host's own request, with its whole path and the wildcards of the
// pattern that the admin is mounted under, for the host's functions to be asked about.
func receive(r *http.Request) context.Context {
	return context.WithValue(r.Context(), asReceived{}, r)
}

// anonymous is a request of nobody known yet; inner is its path within the admin.
func (h host) anonymous(plain *http.Request, inner string) *request {
	return &request{Request: plain, host: h, inner: inner, root: toRoot(inner)}
}

// identified asks the host who this is and what they may do, and hands errors to
// fail, which writes them as a page or as a problem.
func (h host) identified(do endpoint, fail func(http.ResponseWriter, *request, error)) http.HandlerFunc {
	return func(w http.ResponseWriter, plain *http.Request) {
		r := h.anonymous(plain, plain.URL.EscapedPath())
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
func (r *request) identify(received *http.Request) (err error) {
	if r.actor, err = r.who(received); err != nil {
		return err
	}
	policy, err := r.may(received, r.actor)
	if err == nil {
		r.judge = access.New(r.service, policy)
	}
	return err
}
