package main

import (
	"context"
	"io"
	"net/http"
	"strings"
)

// connect opens the API to the load, over a loopback socket or in the process, and returns
// what closes it.
func (l *load) connect(ctx context.Context) (closes func() error, err error) {
	if !l.socket {
		l.base, l.http = "http://in-process", &http.Client{Transport: inProcess{newAPI(l.gateway)}}
		return func() error { return nil }, nil
	}
	server, err := l.listenAndServe(ctx, "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	transport := &http.Transport{MaxIdleConns: l.callers, MaxIdleConnsPerHost: l.callers}
	l.base, l.http = "http://"+server.Addr, &http.Client{Transport: transport}
	return func() error { transport.CloseIdleConnections(); return shutdown(server) }, nil
}

// inProcess calls a handler without a socket.
type inProcess struct{ handler http.Handler }

// RoundTrip answers a request.
func (t inProcess) RoundTrip(r *http.Request) (*http.Response, error) {
	r = r.Clone(r.Context())
	r.RemoteAddr = "127.0.0.1:1"
	w := &recorded{header: http.Header{}, status: http.StatusOK}
	t.handler.ServeHTTP(w, r)
	return &http.Response{
		StatusCode: w.status, Status: http.StatusText(w.status), Header: w.header, Request: r,
		Body: io.NopCloser(strings.NewReader(w.body.String())),
	}, nil
}

// recorded is a response that is kept.
type recorded struct {
	header http.Header
	status int
	body   strings.Builder
}

func (w *recorded) Header() http.Header         { return w.header }
func (w *recorded) Write(b []byte) (int, error) { return w.body.Write(b) }
func (w *recorded) WriteHeader(status int)      { w.status = status }
