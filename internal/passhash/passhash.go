// Package passhash computes hashes of passwords.
package passhash

import (
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"sync/atomic"

	"github.com/alexedwards/argon2id"
)

// Hasher computes argon2id hashes, a bounded number at once, since each takes
// tens of milliseconds and megabytes. Safe for concurrent use.
type Hasher struct {
	params *argon2id.Params
	slots  chan struct{}
	nobody string // a hash that no password has, for logins that do not exist
	begun  atomic.Int64
}

// Cost is the cost of one hash, as RFC 9106 names its parts.
type Cost struct {
	MemoryKiB   uint32
	Iterations  uint32
	Parallelism uint8
}

// New returns a Hasher of a cost, which computes so many hashes at once.
func New(c Cost, atOnce int) *Hasher {
	params := &argon2id.Params{
		Memory: c.MemoryKiB, Iterations: c.Iterations, Parallelism: c.Parallelism,
		SaltLength: 16, KeyLength: 32,
	}
	b64 := base64.RawStdEncoding
	nobody := fmt.Sprintf("$argon2id$v=19$m=%d,t=%d,p=%d$%s$%s", c.MemoryKiB, c.Iterations, c.Parallelism,
		b64.EncodeToString(make([]byte, params.SaltLength)), b64.EncodeToString(make([]byte, params.KeyLength)))
	return &Hasher{params: params, slots: make(chan struct{}, atOnce), nobody: nobody}
}

// Begun returns how many hashes were computed so far.
func (h *Hasher) Begun() int { return int(h.begun.Load()) }

// Acquire waits for a slot, or ends with the context's cause. The caller releases it.
func (h *Hasher) Acquire(ctx context.Context) (release func(), err error) {
	select {
	case h.slots <- struct{}{}:
		return func() { <-h.slots }, nil
	case <-ctx.Done():
		return nil, context.Cause(ctx)
	}
}

// Hash returns the PHC string of a password.
func (h *Hasher) Hash(ctx context.Context, plain string) (string, error) {
	release, err := h.Acquire(ctx)
	if err != nil {
		return "", err
	}
	defer release()
	h.begun.Add(1)
	return argon2id.CreateHash(plain, h.params)
}

// Verify reports whether the password has the hash, and whether the hash was made at
// a lower cost than today's. An empty hash costs as much as any and never matches.
// The caller holds a slot.
func (h *Hasher) Verify(plain, hash string) (ok, weak bool, err error) {
	if hash == "" {
		hash = h.nobody
	}
	h.begun.Add(1)
	ok, params, err := argon2id.CheckHash(plain, hash)
	if err != nil {
		return false, false, errors.New("clientaccount: a stored hash cannot be read")
	}
	return ok, params.Memory < h.params.Memory || params.Iterations < h.params.Iterations, nil
}
