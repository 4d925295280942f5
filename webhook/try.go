package webhook

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io"
	"net"
	"net/http"
	"strings"
	"time"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/store"
)

// limits bound a try in time.
type limits struct {
	connect time.Duration // name, connection, and again for TLS
	try     time.Duration // all of it
	reply   time.Duration // the answer's body, once its status is known
}

// sender makes tries. It keeps nothing between them.
type sender struct {
	network *network
	limits  limits
	clock   func() time.Time
	agent   string
}

// outcome is what a try came to.
type outcome struct {
	store.Try
	retryAfter time.Duration // as asked for by the far end
	blocked    string        // the address that was not dialled, for the operator alone
}

func (o outcome) ok() bool { return o.Code == CodeOK }

// try calls an endpoint once. It ends within the limits whatever the far end does.
func (s *sender) try(ctx context.Context, via http.RoundTripper, to endpoint, secrets []account.HookSecret, d store.Delivery) outcome {
	at := s.clock()
	made, err := newCall(to, d)
	if err != nil {
		return outcome{Try: store.Try{At: at, Code: CodeBlockedURL}}
	}
	ctx, cancel := context.WithTimeout(ctx, s.limits.try)
	defer cancel()
	o := s.send(ctx, cancel, via, made, d.ID, at, secrets)
	o.At, o.Took = at, max(0, s.clock().Sub(at)).Truncate(time.Millisecond)
	if o.Reply != "" {
		o.Reply = scrub(o.Reply, hidden(to.raw, secrets))
	}
	return o
}

func (s *sender) send(
	ctx context.Context, cancel func(), via http.RoundTripper, made call, id account.ID, at time.Time, secrets []account.HookSecret,
) outcome {
	r, err := made.request(ctx, id, at, secrets, s.agent)
	if err != nil { // the dispatcher sees to it that there is a secret
		return outcome{Try: store.Try{Code: CodeBlockedURL}}
	}
	answer, err := via.RoundTrip(r)
	if err != nil {
		return failure(err)
	}
	o := outcome{Try: store.Try{Code: codeOf(answer.StatusCode), Status: answer.StatusCode}}
	o.Reply = s.read(answer.Body, cancel)
	if !o.ok() {
		o.retryAfter = retryAfter(answer.Header.Get("Retry-After"), at)
	}
	return o
}

// read returns the beginning of an answer's body. The status has been heard, so a body
// that does not come is not waited for.
func (s *sender) read(body io.ReadCloser, cancel func()) string {
	defer func() { _ = body.Close() }()
	if body == http.NoBody {
		return ""
	}
	patience := time.AfterFunc(s.limits.reply, cancel)
	defer patience.Stop()
	head, err := io.ReadAll(io.LimitReader(body, maxReply+maxHidden))
	if err != nil || len(head) == maxReply+maxHidden {
		cancel() // else closing may go on to read
	}
	return string(head)
}

func codeOf(status int) string {
	switch {
	case status >= 200 && status <= 299:
		return CodeOK
	case status >= 300 && status <= 399:
		return CodeRedirect
	case status == http.StatusGone:
		return CodeGone
	default:
		return CodeStatus
	}
}

// failure tells apart why there was no answer. The error goes no further: it may
// quote what the far end sent.
func failure(err error) outcome {
	var blocked *blockedError
	if errors.As(err, &blocked) {
		return outcome{Try: store.Try{Code: CodeBlockedAddress}, blocked: blocked.address}
	}
	return outcome{Try: store.Try{Code: failureCode(err)}}
}

func failureCode(err error) string {
	var dns *net.DNSError
	var socket *net.OpError
	switch {
	case errors.As(err, &dns):
		return CodeDNS
	case errors.As(err, &socket) && socket.Op == "dial":
		return CodeConnect
	case isTimeout(err) || errors.Is(err, context.Canceled):
		return CodeTimeout
	case isTLS(err):
		return CodeTLS
	case mentions(err, "headers exceeded", "malformed", "too many 1xx", "invalid", "unsupported", "bad Content-Length", "cannot contain"):
		return CodeAnswer
	default:
		return CodeLost
	}
}

func isTLS(err error) bool {
	var certificate *tls.CertificateVerificationError
	var header tls.RecordHeaderError
	var alert tls.AlertError
	var host x509.HostnameError
	return errors.As(err, &certificate) || errors.As(err, &header) || errors.As(err, &alert) || errors.As(err, &host) ||
		mentions(err, "tls:")
}

// mentions goes by the text, where net/http and crypto/tls have no type.
func mentions(err error, texts ...string) bool {
	for _, text := range texts {
		if strings.Contains(err.Error(), text) {
			return true
		}
	}
	return false
}
