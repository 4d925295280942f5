package clientaccount

import (
	"cmp"
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"sync/atomic"

	"github.com/alexedwards/argon2id"
)

// HashCost is the cost of one argon2id hash (RFC 9106).
type HashCost struct {
	MemoryKiB   uint32 `json:"memory_ki_b"`
	Iterations  uint32 `json:"iterations"`
	Parallelism uint8  `json:"parallelism"`
}

// OWASPHash is the least that the OWASP Password Storage Cheat Sheet asks of
// argon2id: 19 MiB, 2 passes, 1 lane.
var OWASPHash = HashCost{MemoryKiB: 19 * 1024, Iterations: 2, Parallelism: 1}

// withDefaults is the cost with what it leaves out.
func (c HashCost) withDefaults() HashCost {
	return HashCost{
		MemoryKiB:   cmp.Or(c.MemoryKiB, OWASPHash.MemoryKiB),
		Iterations:  cmp.Or(c.Iterations, OWASPHash.Iterations),
		Parallelism: cmp.Or(c.Parallelism, OWASPHash.Parallelism),
	}
}

// hasher computes argon2id hashes, a bounded number at once, since each takes
// tens of milliseconds and megabytes.
type hasher struct {
	params *argon2id.Params
	slots  chan struct{}
	nobody string // a hash that no password has, for logins that do not exist
	begun  atomic.Int64
}

func newHasher(cost HashCost, atOnce int) *hasher {
	params := &argon2id.Params{
		Memory: cost.MemoryKiB, Iterations: cost.Iterations, Parallelism: cost.Parallelism,
		SaltLength: 16, KeyLength: 32,
	}
	b64 := base64.RawStdEncoding
	nobody := fmt.Sprintf("$argon2id$v=19$m=%d,t=%d,p=%d$%s$%s", cost.MemoryKiB, cost.Iterations, cost.Parallelism,
		b64.EncodeToString(make([]byte, params.SaltLength)), b64.EncodeToString(make([]byte, params.KeyLength)))
	return &hasher{params: params, slots: make(chan struct{}, atOnce), nobody: nobody}
}

// acquire waits for a slot, or ends with the context's error.
func (h *hasher) acquire(ctx context.Context) (release func(), err error) {
	select {
	case h.slots <- struct{}{}:
		return func() { <-h.slots }, nil
	case <-ctx.Done():
		return nil, context.Cause(ctx)
	}
}

// hash is the PHC string of a password.
func (h *hasher) hash(ctx context.Context, plain string) (string, error) {
	release, err := h.acquire(ctx)
	if err != nil {
		return "", err
	}
	defer release()
	h.begun.Add(1)
	return argon2id.CreateHash(plain, h.params)
}

// verify says whether the password has the hash, and whether the hash was made at
// a lower cost than today's. An empty hash costs as much as any and never matches.
// The caller holds a slot.
func (h *hasher) verify(plain, hash string) (ok, weak bool, err error) {
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
