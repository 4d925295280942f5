package adminhttp

import (
	"errors"
	"fmt"
	"net/http"
	"strings"

	"github.com/clientaccount/clientaccount"
	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/adminhttp/internal/api"
	"github.com/clientaccount/clientaccount/adminhttp/internal/ask"
	"github.com/clientaccount/clientaccount/adminhttp/internal/page"
	"github.com/clientaccount/clientaccount/adminhttp/internal/sent"
)

// contentSecurity allows our own embedded files and nothing else: no inline
// script or style, no frame around us, no form to elsewhere.
const contentSecurity = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; " +
	"connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"

// handler is the admin. It is safe for concurrent use.
type handler struct {
	ask.Site
	mux   *http.ServeMux
	cross *http.CrossOriginProtection
}

// New returns the admin over a service. The error says what Config lacks.
func New(svc *clientaccount.Service, cfg Config) (http.Handler, error) {
	cfg, err := cfg.withDefaults()
	if err != nil {
		return nil, err
	}
	if svc == nil {
		return nil, errors.New("adminhttp: New needs a Service")
	}
	languages, err := cfg.languages()
	if err != nil {
		return nil, fmt.Errorf("adminhttp: %w", err)
	}
	h := &handler{Site: cfg.site(svc, languages), mux: http.NewServeMux(), cross: http.NewCrossOriginProtection()}
	h.routePages()
	api.Register(h.mux, h.Site)
	return h, nil
}

// ServeHTTP finds the route within the mount and answers.
func (h *handler) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	setHeaders(w.Header())
	inner := innerPath(r)
	if err := h.cross.Check(r); err != nil {
		h.refuse(w, r, inner, ask.StatusError(http.StatusForbidden))
		return
	}
	if to, lacking := withSlash(r, inner); lacking {
		page.Redirect(w, to)
		return
	}
	if !clean(inner) {
		h.refuse(w, r, inner, account.ErrNotFound)
		return
	}
	routed := r.Clone(ask.Receive(r))
	routed.URL = innerURL(inner, r.URL.RawQuery)
	routed.Body = http.MaxBytesReader(w, r.Body, sent.MaxBody+1)
	h.mux.ServeHTTP(w, routed)
}

// refuse answers a request that reaches no route.
func (h *handler) refuse(w http.ResponseWriter, plain *http.Request, inner string, err error) {
	r := h.Anonymous(plain, inner)
	if strings.HasPrefix(inner, "/api/") {
		api.Fail(w, r, err)
		return
	}
	page.Fail(w, r, err)
}

// setHeaders are those of every answer; handlers may relax Cache-Control.
func setHeaders(header http.Header) {
	header.Set("Content-Security-Policy", contentSecurity)
	header.Set("X-Content-Type-Options", "nosniff")
	header.Set("Referrer-Policy", "same-origin")
	header.Set("Cache-Control", "no-store")
}
