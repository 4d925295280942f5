// Package due keeps hooks that were found due for the claims that come next.
package due

import (
	"sync"
	"time"

	"github.com/clientaccount/clientaccount/store/bunstore/internal/rows"
)

// Most is how many hooks are kept, at most: some 60 bytes each.
const Most = 10_000

// leftFor is for how long they are, so that those that fell due meanwhile do not wait for long.
const leftFor = time.Second

// Hooks were free and had something due at an instant, those longest without a lease first.
type Hooks struct {
	At    time.Time
	Hooks []rows.DueHook
}

// Left are those of them that no claim has come to yet. Whether they are still free is seen
// when they are leased. The zero value has none; it is safe for concurrent use.
type Left struct {
	mu    sync.Mutex
	hooks Hooks
}

// Take returns what is left, unless it is too old, and leaves nothing: others who claim look
// for themselves.
func (l *Left) Take(now time.Time) Hooks {
	l.mu.Lock()
	defer l.mu.Unlock()
	taken := l.hooks
	l.hooks = Hooks{}
	if age := now.Sub(taken.At); age < 0 || age >= leftFor {
		return Hooks{}
	}
	return taken
}

// Keep leaves hooks for the next claim.
func (l *Left) Keep(h Hooks) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.hooks = h
}
