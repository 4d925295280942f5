package webhook

import (
	"context"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/store"
	"github.com/clientaccount/clientaccount/webhook/target"
)

// maxURL is the longest URL that is called with GET, in bytes; beyond it the fields
// go into a form. Servers commonly take 8,190 for the whole request line.
const maxURL = 8000

// call is what one try sends.
type call struct {
	method  string
	url     *url.URL
	content string // what is signed: the body, or the query of a GET
	mime    string // of the body; empty for a GET
}

func familyOf(kind account.HookKind) target.Family {
	if kind == account.HookAPIState || kind == account.HookAPIIncoming {
		return target.API
	}
	return target.REST
}

// endpoint is where calls of a hook go. It does not change.
type endpoint struct {
	raw    string
	family target.Family
	url    *url.URL
	err    error // a *target.Error: it may not be called
}

// newEndpoint checks the URL again, since the rules may be stricter than when it was saved.
func newEndpoint(raw string, kind account.HookKind) endpoint {
	e := endpoint{raw: raw, family: familyOf(kind)}
	if e.err = target.Check(raw, e.family); e.err != nil {
		return e
	}
	var err error
	if e.url, err = url.Parse(raw); err != nil { // Check has parsed it
		e.err = &target.Error{Code: "url.syntax"}
	}
	return e
}

// newCall returns what to send. The error is a *target.Error.
func newCall(to endpoint, d store.Delivery) (call, error) {
	if to.err != nil {
		return call{}, to.err
	}
	if to.family == target.REST {
		return call{http.MethodPost, to.url, d.Body, "application/json"}, nil
	}
	u := *to.url
	query := u.RawQuery
	if query != "" && !strings.HasSuffix(query, "&") {
		query += "&"
	}
	query += d.Body
	if len(to.raw)-len(u.RawQuery)+len(query) > maxURL {
		return call{http.MethodPost, to.url, d.Body, "application/x-www-form-urlencoded"}, nil
	}
	u.RawQuery, u.ForceQuery = query, false
	return call{method: http.MethodGet, url: &u, content: query}, nil
}

// request returns the call, signed as of now.
func (c call) request(ctx context.Context, id account.ID, now time.Time, secrets []account.HookSecret, agent string) (*http.Request, error) {
	headers, err := Sign(id, now, c.content, secrets)
	if err != nil {
		return nil, err
	}
	headers.Set("User-Agent", agent)
	headers.Set("Accept", "*/*")
	r := &http.Request{Method: c.method, URL: c.url, Host: c.url.Host, Header: headers, Body: once{}}
	if c.method == http.MethodPost {
		headers.Set("Content-Type", c.mime)
		r.Body, r.ContentLength = io.NopCloser(strings.NewReader(c.content)), int64(len(c.content))
	}
	return r.WithContext(ctx), nil
}

// once is an empty body that cannot be had again. Without a body, or with one that
// can, net/http sends a GET a second time when a connection that was kept dies: a
// call that nobody counts.
type once struct{}

func (once) Read([]byte) (int, error) { return 0, io.EOF }
func (once) Close() error             { return nil }
