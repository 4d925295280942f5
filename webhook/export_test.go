package webhook

import (
	"context"
	"net"
	"net/http"
	"time"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/store"
)

// What tests of the rules ask for, without a dispatcher around it.
var (
	RetryAfter = retryAfter
	Schedule   = schedule[:]
	Pause      = pause
	Hidden     = hidden
	Scrub      = scrub
)

const (
	MaxReply = maxReply
	MaxURL   = maxURL
)

// TryOnce makes one try with a configuration.
func TryOnce(ctx context.Context, c *Config, url string, secrets []account.HookSecret, d store.Delivery) (store.Try, time.Duration, string) {
	return TryAsking(ctx, nil, c, url, secrets, d)
}

// TryAsking is TryOnce with a resolver that asks another server than the machine's.
func TryAsking(
	ctx context.Context, resolver *net.Resolver, c *Config, url string, secrets []account.HookSecret, d store.Delivery,
) (store.Try, time.Duration, string) {
	full := c.withDefaults()
	s := full.sender()
	s.network.resolver = resolver
	via := s.network.transport()
	defer via.CloseIdleConnections()
	o := s.try(ctx, via, newEndpoint(url, d.Hook.Kind), secrets, d)
	return o.Try, o.retryAfter, o.blocked
}

// Outcome makes an outcome.
func Outcome(t store.Try, retryAfter time.Duration) outcome {
	return outcome{Try: t, retryAfter: retryAfter}
}

// Verdict and Tried are the rules that follow a try.
var (
	Verdict  = verdict
	Health   = afterTry
	WidthFor = width
)

// Request returns what would be sent.
func Request(url string, d store.Delivery, now time.Time, secrets []account.HookSecret) (*http.Request, string, error) {
	made, err := newCall(newEndpoint(url, d.Hook.Kind), d)
	if err != nil {
		return nil, "", err
	}
	r, err := made.request(context.Background(), d.ID, now, secrets, "agent")
	return r, made.content, err
}

// LetGo returns how many hooks a run of a dispatcher is about to release after it was woken, and
// polled, so many times, of as many as it may hold, all of them busy for long.
func LetGo(d *Dispatcher, wakes, polls int) (closing int) {
	r, now := newRun(d, account.ID{}), d.config.Clock()
	for n := range r.config.Hooks {
		h := store.Hook{Account: account.ID{byte(n)}, Kind: account.HookRESTState}
		w := newWorker(store.Claimed{Hook: h, URL: "https://client.io/dlr"}, store.Claim{Now: now.Add(-2 * fresh)})
		w.inFlight = 1
		r.workers[h] = w
	}
	for range wakes {
		r.lookAgain()
	}
	for range polls {
		r.makeRoom()
	}
	for _, w := range r.workers {
		if w.closing {
			closing++
		}
	}
	return closing
}

// Dial dials an address with the machine's resolver, and reports whether it was blocked.
func Dial(ctx context.Context, address string) (blocked bool, err error) {
	n := (&Config{Connect: time.Minute}).sender().network
	conn, err := n.dial(ctx, "tcp", address)
	if err == nil {
		return false, conn.Close()
	}
	return failure(err).Code == CodeBlockedAddress, err
}
