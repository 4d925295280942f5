package ask

import (
	"errors"
	"log/slog"
	"net/http"
	"strings"

	"github.com/clientaccount/clientaccount"
	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/adminhttp/internal/access"
	"github.com/clientaccount/clientaccount/internal/language"
)

// Request is an HTTP request with the host's answers about it.
type Request struct {
	*http.Request
	Site
	Actor account.Actor
	// Language is what the answer is said in, where it is a page.
	Language *language.Language
	Judge    access.Judge
	Inner    string          // the path within the admin, escaped
	Root     string          // relative URL of the admin's root
	List     string          // query of the Clients list that led to a page of a client; empty: none did
	ID       account.ID      // of what the path names; zero where it names nothing
	Client   account.Account // the path's, where it names one; or that of the task
	Task     Task            // the path's, where it names one
	// standings are those that were read together, for a page of many clients.
	standings map[account.ID]clientaccount.Standing
}

// StatusError is a refusal that an HTTP status says all about.
type StatusError int

// Error returns the status in words.
func (e StatusError) Error() string { return http.StatusText(int(e)) }

// Declared asks the judge for what a route needs before it does anything: that what the
// path names is within the scope, and the actions.
func Declared(need access.Need, do Endpoint) Endpoint {
	return func(w http.ResponseWriter, r *Request) error {
		if err := r.find(need.Of); err != nil {
			return err
		}
		if !r.Judge.Meets(need) {
			return StatusError(http.StatusForbidden)
		}
		return do(w, r)
	}
}

// find looks for what the path's {id} names; account.ErrNotFound when it does not exist
// within the actor's scope, the same for both.
func (r *Request) find(object access.Object) (err error) {
	if object == access.Nothing {
		return nil
	}
	if r.ID, err = account.ParseID(r.PathValue("id")); err != nil || r.ID.IsZero() {
		return account.ErrNotFound
	}
	switch object {
	case access.Client:
		r.Client, err = r.Judge.Client(r.Context(), r.ID)
	case access.Task:
		r.Task, err = r.findTask(r.ID)
		r.ID, r.Client = r.Task.Account, r.Task.Client
	case access.Manager:
		if !r.Judge.Manager(r.ID) {
			err = account.ErrNotFound
		}
	}
	return err
}

// Large lets the body be as long as n bytes, where others may be [sent.MaxBody].
func (r *Request) Large(w http.ResponseWriter, n int64) {
	r.Body = http.MaxBytesReader(w, received(r.Request).Body, n)
}

// Seen returns an account that something else names, nil when there is none within the
// actor's scope.
func (r *Request) Seen(id account.ID) (*account.Account, error) {
	a, err := r.Judge.Client(r.Context(), id)
	switch {
	case errors.Is(err, account.ErrNotFound):
		return nil, nil
	case err != nil:
		return nil, err
	default:
		return &a, nil
	}
}

// Cut returns the first rows of a page of some size, of which one more was asked for, and
// whether there was one more.
func Cut[T any](rows []T, size int) (page []T, more bool) {
	return rows[:min(len(rows), size)], len(rows) > size
}

// LogFailure reports what is not the caller's fault.
func (r *Request) LogFailure(err error) {
	r.Logger.ErrorContext(r.Context(), "admin request failed",
		slog.String("method", r.Method), slog.String("route", r.Pattern), slog.Any("error", err))
}

// toRoot returns the relative URL from an inner path to the admin's root: "" within
// it, "../" for each level below.
func toRoot(inner string) string {
	return strings.Repeat("../", strings.Count(strings.TrimPrefix(inner, "/"), "/"))
}
