package clientaccount

import (
	"crypto/rand"
	"io"
	"log/slog"
	"time"
)

// Options adjust a Service. The zero value of each field is its default.
type Options struct {
	// Clock is the present instant; default time.Now. Safe for concurrent use.
	Clock func() time.Time
	// Random feeds ids and generated passwords; default crypto/rand. Safe for
	// concurrent use.
	Random io.Reader
	// Logger hears of what goes wrong beside the answers; default nothing. No
	// password, hash or URL is ever logged.
	Logger *slog.Logger
	// Hash is the cost of one password hash; default OWASPHash.
	Hash HashCost
	// Hashes is how many hashes run at once, each taking Hash.MemoryKiB; default 4.
	Hashes int
	// OverdrawHorizon is how far ahead an overdraw may end; default 90 days.
	OverdrawHorizon time.Duration
}

func (o *Options) withDefaults() Options {
	var out Options
	if o != nil {
		out = *o
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
	if out.Hash == (HashCost{}) {
		out.Hash = OWASPHash
	}
	if out.Hashes <= 0 {
		out.Hashes = 4
	}
	return out
}
