package webhook

import (
	"context"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"encoding/binary"
	"io"
	"log/slog"
	mathrand "math/rand/v2"
	"net/netip"
	"time"
)

// Config adjusts a Dispatcher. The zero value of each field is its default.
type Config struct {
	// Clock is the present instant. Default time.Now. Hosts that share a database
	// need clocks that agree to well within Lease.
	Clock func() time.Time
	// Random feeds ids, secrets and the spread of tries; default crypto/rand. Safe for
	// concurrent use.
	Random io.Reader
	// Logger hears of each try (debug), and of what an operator should know (warn);
	// default nothing. No URL, secret or message is ever logged.
	Logger *slog.Logger
	// Observer hears the same, for counters and alarms; default nobody.
	Observer Observer
	// UserAgent is the header of that name; default "clientaccount-webhook".
	UserAgent string

	// Hooks is how many URLs are worked at once; default 512.
	Hooks int
	// Tries is how many calls run at once, over all URLs; default 1,024. Each takes a
	// goroutine, a socket and some 20 kB. As many connections are kept for a few seconds
	// for the next calls.
	Tries int
	// Batch is how many deliveries of one URL are read at once; default 32. Memory is
	// bounded by Hooks times twice this many bodies.
	Batch int
	// Poll is how often the outbox is looked at when nobody calls Wake; default 1 s.
	Poll time.Duration
	// Lease is for how long a URL stays with a dispatcher that died; default 60 s, at
	// least twice Try.
	Lease time.Duration

	// Connect is the limit for a connection; default 3 s.
	Connect time.Duration
	// Try is the limit for a whole call; default 15 s.
	Try time.Duration
	// KeepDone is for how long deliveries that were made stay; default 3 days.
	KeepDone time.Duration
	// KeepDead is for how long those that were given up can be replayed; default 30
	// days.
	KeepDead time.Duration

	// Lookup returns the addresses of a name; default the machine's resolver. What it
	// returns is checked like any other address.
	Lookup func(ctx context.Context, host string) ([]netip.Addr, error)
	// RootCAs are trusted beside nothing else; default the machine's.
	RootCAs *x509.CertPool
	// AllowAddr lets addresses be dialled that the rules refuse. It is for tests, whose
	// receivers listen on loopback: see webhooktest. Never set it in production.
	AllowAddr func(netip.AddrPort) bool
}

func (c *Config) withDefaults() Config {
	var out Config
	if c != nil {
		out = *c
	}
	if out.Clock == nil {
		out.Clock = time.Now
	}
	if out.Random == nil {
		out.Random = rand.Reader
	}
	if out.Logger == nil {
		out.Logger = slog.New(slog.DiscardHandler)
	}
	if out.Observer == nil {
		out.Observer = nobody{}
	}
	if out.UserAgent == "" {
		out.UserAgent = "clientaccount-webhook"
	}
	out.sizes()
	out.times()
	return out
}

func (c *Config) sizes() {
	for size, standard := range map[*int]int{&c.Hooks: 512, &c.Tries: 1024, &c.Batch: 32} {
		if *size <= 0 {
			*size = standard
		}
	}
}

func (c *Config) times() {
	const day = 24 * time.Hour
	for span, standard := range map[*time.Duration]time.Duration{
		&c.Poll: time.Second, &c.Lease: time.Minute, &c.Connect: 3 * time.Second, &c.Try: 15 * time.Second,
		&c.KeepDone: 3 * day, &c.KeepDead: 30 * day,
	} {
		if *span <= 0 {
			*span = standard
		}
	}
	c.Lease = max(c.Lease, 2*c.Try)
}

func (c *Config) sender() *sender {
	l := limits{connect: c.Connect, try: c.Try, reply: min(time.Second, c.Try/2)}
	return &sender{
		network: &network{
			lookup: c.Lookup, allow: c.AllowAddr, limits: l,
			tls: &tls.Config{MinVersion: tls.VersionTLS12, RootCAs: c.RootCAs}, idle: c.Tries,
		},
		limits: l, clock: c.Clock, agent: c.UserAgent,
	}
}

// spread returns the percentages that tries are spread by, 80 to 120.
func (c *Config) spread() (func() int64, error) {
	var seed [16]byte
	if _, err := io.ReadFull(c.Random, seed[:]); err != nil {
		return nil, err
	}
	source := mathrand.New(mathrand.NewPCG(binary.BigEndian.Uint64(seed[:8]), binary.BigEndian.Uint64(seed[8:])))
	return func() int64 { return 80 + source.Int64N(41) }, nil
}
