package adminhttp

import (
	"errors"
	"log/slog"
	"net/http"
	"strings"

	"github.com/clientaccount/clientaccount"
	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/adminhttp/internal/access"
	"github.com/clientaccount/clientaccount/adminhttp/internal/sent"
)

// contentSecurity allows our own embedded files and nothing else: no inline
// script or style, no frame around us, no form to elsewhere.
const contentSecurity = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; " +
	"connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"

// handler is the admin. It is safe for concurrent use.
type handler struct {
	host
	mux   *http.ServeMux
	cross *http.CrossOriginProtection
}

// request is an HTTP request with the host's answers about it.
type request struct {
	*http.Request
	host
	actor  account.Actor
	judge  access.Judge
	inner  string          // the path within the admin, escaped
	root   string          // relative URL of the admin's root
	id     account.ID      // of what the path names; zero where it names nothing
	client account.Account // the path's, where it names one
	// standings are those that were read together, for a page of many clients.
	standings map[account.ID]clientaccount.Standing
}

// New is the admin over a service. The error says what Config lacks.
func New(svc *clientaccount.Service, cfg Config) (http.Handler, error) {
	cfg, err := cfg.withDefaults()
	if err != nil {
		return nil, err
	}
	if svc == nil {
		return nil, errors.New("adminhttp: New needs a Service")
	}
	h := &handler{host: cfg.host(svc), mux: http.NewServeMux(), cross: http.NewCrossOriginProtection()}
	h.routePages()
	h.routeAPI()
	return h, nil
}

// ServeHTTP finds the route within the mount and answers.
func (h *handler) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	setHeaders(w.Header())
	inner := innerPath(r)
	if err := h.cross.Check(r); err != nil {
		h.refuse(w, r, inner, statusError(http.StatusForbidden))
		return
	}
	if to, lacking := withSlash(r, inner); lacking {
		redirect(w, to)
		return
	}
	if !clean(inner) {
		h.refuse(w, r, inner, account.ErrNotFound)
		return
	}
	routed := r.Clone(receive(r))
	routed.URL = innerURL(inner, r.URL.RawQuery)
	routed.Body = http.MaxBytesReader(w, r.Body, sent.MaxBody+1)
	h.mux.ServeHTTP(w, routed)
}

// statusError is a refusal that an HTTP status says all about.
type statusError int

// Error is the status in words.
func (e statusError) Error() string { return http.StatusText(int(e)) }

// refuse answers a request that reaches no route.
func (h *handler) refuse(w http.ResponseWriter, plain *http.Request, inner string, err error) {
	r := h.anonymous(plain, inner)
	if strings.HasPrefix(inner, "/api/") {
		failAPI(w, r, err)
		return
	}
	failPage(w, r, err)
}

// setHeaders are those of every answer; handlers may relax Cache-Control.
func setHeaders(header http.Header) {
	header.Set("Content-Security-Policy", contentSecurity)
	header.Set("X-Content-Type-Options", "nosniff")
	header.Set("Referrer-Policy", "same-origin")
	header.Set("Cache-Control", "no-store")
}

// declared asks the judge for what a route needs before it does anything: that what the
// path names is within the scope, and the actions.
func declared(need access.Need, do endpoint) endpoint {
	return func(w http.ResponseWriter, r *request) error {
		if err := r.find(need.Of); err != nil {
			return err
		}
		if !r.judge.Meets(need) {
			return statusError(http.StatusForbidden)
		}
		return do(w, r)
	}
}

// find looks for what the path's {id} names; account.ErrNotFound when it does not exist
// within the actor's scope, the same for both.
func (r *request) find(object access.Object) (err error) {
	if object == access.Nothing {
		return nil
	}
	if r.id, err = account.ParseID(r.PathValue("id")); err != nil || r.id.IsZero() {
		return account.ErrNotFound
	}
	switch object {
	case access.Client:
		r.client, err = r.judge.Client(r.Context(), r.id)
	case access.Manager:
		if !r.judge.Manager(r.id) {
			err = account.ErrNotFound
		}
	}
	return err
}

// seen is an account that something else names, nil when there is none within the
// actor's scope.
func (r *request) seen(id account.ID) (*account.Account, error) {
	a, err := r.judge.Client(r.Context(), id)
	switch {
	case errors.Is(err, account.ErrNotFound):
		return nil, nil
	case err != nil:
		return nil, err
	default:
		return &a, nil
	}
}

// logFailure reports what is not the caller's fault.
func (r *request) logFailure(err error) {
	r.logger.ErrorContext(r.Context(), "admin request failed",
		slog.String("method", r.Method), slog.String("route", r.Pattern), slog.Any("error", err))
}
