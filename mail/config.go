package mail

import (
	"crypto/rand"
	"encoding/binary"
	"io"
	"log/slog"
	mathrand "math/rand/v2"
	"time"
)

// Config adjusts a Dispatcher. Composer is needed; the zero value of each other field is its
// default.
type Config struct {
	Composer Composer
	// Clock is the present instant. Default time.Now. Hosts that share a database need clocks
	// that agree to well within a minute.
	Clock func() time.Time
	// Random feeds the id of a run and the spread of tries; default crypto/rand. Safe for
	// concurrent use.
	Random io.Reader
	// Logger hears of each try (debug), and of what an operator should know (warn); default
	// nothing. No address, text or secret is ever logged.
	Logger *slog.Logger
	// Observer hears of each try, for counters and alarms; default nobody.
	Observer Observer

	// Concurrency is how many mails are sent at once; default 8. A Sender that takes fewer makes
	// some wait for those of other domains.
	Concurrency int
	// PerDomain is how many of these may go to one domain; default 2.
	PerDomain int
	// Poll is how often the outbox is looked at when nobody calls Wake; default 5 s.
	Poll time.Duration
	// Try is the limit for making and sending a mail; default 2 minutes. A mail that a process
	// was sending when it died waits for one minute longer than that.
	Try time.Duration
	// Drain is for how long mails under way may go on when Run is to end; default 10 s.
	Drain time.Duration
	// NoOlderThan is for how long after it was due a mail is still worth sending that nobody
	// tried to send yet, as when no dispatcher ran; default 7 days.
	NoOlderThan time.Duration
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
	positive(&out.Concurrency, 8)
	positive(&out.PerDomain, 2)
	positive(&out.Poll, 5*time.Second)
	positive(&out.Try, 2*time.Minute)
	positive(&out.Drain, 10*time.Second)
	positive(&out.NoOlderThan, 7*24*time.Hour)
	return out
}

func positive[N int | time.Duration](n *N, standard N) {
	if *n <= 0 {
		*n = standard
	}
}

// lease is for how long a mail is a dispatcher's: to make and send it, to wait for a Sender that
// does not end, and to note what came of it.
func (c *Config) lease() time.Duration { return c.Try + time.Minute }

// spread returns the percentages that tries are spread by, 80 to 120.
func (c *Config) spread() (func() int64, error) {
	var seed [16]byte
	if _, err := io.ReadFull(c.Random, seed[:]); err != nil {
		return nil, err
	}
	source := mathrand.New(mathrand.NewPCG(binary.BigEndian.Uint64(seed[:8]), binary.BigEndian.Uint64(seed[8:])))
	return func() int64 { return 80 + source.Int64N(41) }, nil
}
