package webhook

import (
	"context"
	"crypto/tls"
	"errors"
	"net"
	"net/http"
	"net/netip"
	"syscall"
	"time"

	"github.com/clientaccount/clientaccount/webhook/target"
)

// network is how far ends are reached: names looked up, each address checked at the
// moment it is dialled, and nothing of the environment obeyed.
type network struct {
	lookup   func(ctx context.Context, host string) ([]netip.Addr, error) // nil: the resolver
	resolver *net.Resolver                                                // nil: the machine's; tests have another
	allow    func(netip.AddrPort) bool
	tls      *tls.Config
	limits   limits
	idle     int // connections that are kept, at most
}

// blockedError is an address that must not be dialled. It is for the operator.
type blockedError struct {
	address string
	reason  error
}

func (e *blockedError) Error() string { return e.reason.Error() }
func (e *blockedError) Unwrap() error { return e.reason }

// control runs for every socket, when its address is known and before it connects:
// whatever resolver answered, and however the name changed since it was asked.
func (n *network) control(_ context.Context, _, address string, _ syscall.RawConn) error {
	to, err := netip.ParseAddrPort(address)
	if err != nil {
		return &blockedError{address, target.ErrBlocked}
	}
	if n.allow != nil && n.allow(to) {
		return nil
	}
	if err := target.CheckAddr(to.Addr()); err != nil {
		return &blockedError{address, err}
	}
	return nil
}

func (n *network) dial(ctx context.Context, _, address string) (net.Conn, error) {
	ctx, cancel := context.WithTimeout(ctx, n.limits.connect)
	defer cancel()
	dialer := net.Dialer{ControlContext: n.control, Resolver: n.resolver}
	if n.lookup == nil {
		return dialer.DialContext(ctx, "tcp", address)
	}
	host, port, err := net.SplitHostPort(address)
	if err != nil {
		return nil, err
	}
	found, err := n.lookup(ctx, host)
	if err != nil {
		return nil, &net.DNSError{Err: "lookup failed", UnwrapErr: err}
	}
	failed := error(&net.DNSError{Err: "no address", IsNotFound: true})
	for i, addr := range found {
		conn, err := dialer.DialContext(ctx, "tcp", net.JoinHostPort(addr.String(), port))
		if err == nil {
			return conn, nil
		}
		if i == 0 {
			failed = err
		}
	}
	return nil, failed
}

// transport returns a client for all URLs, for a while: connections do not outlive it, so
// that a name that moved is soon looked up again. How many calls of a URL run at once is
// not its to bound, else URLs of one host would wait for each other. HTTP/2 is left out: it
// has little to give here, and much to go wrong at the hand of a hostile far end.
func (n *network) transport() *http.Transport {
	var only http.Protocols
	only.SetHTTP1(true)
	return &http.Transport{
		Proxy:                  nil, // the guard would see nothing but the proxy
		DialContext:            n.dial,
		TLSClientConfig:        n.tls.Clone(),
		TLSHandshakeTimeout:    n.limits.connect,
		DisableCompression:     true,
		MaxIdleConns:           n.idle,
		MaxIdleConnsPerHost:    n.idle,
		IdleConnTimeout:        idleConnection,
		MaxResponseHeaderBytes: maxHeaders,
		Protocols:              &only,
	}
}

// isTimeout reports whether an error is one of waiting too long.
func isTimeout(err error) bool {
	var waited net.Error
	return errors.Is(err, context.DeadlineExceeded) || errors.As(err, &waited) && waited.Timeout()
}

const (
	perURL         = 8
	answersPerCall = 4                      // after so many there may be one more call at once
	slowAnswer     = 100 * time.Millisecond // or all of them
	crowd          = 8                      // unless more than one of so many of all calls are under way
	maxHeaders     = 16 << 10
	maxReply       = 4 << 10
	idleConnection = 5 * time.Second
)
