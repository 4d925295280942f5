// Package throttle slows down the guessing of passwords.
package throttle

import (
	"crypto/sha256"
	"sync"
	"time"
)

// A login may fail Free times in a row from one place; then each further failure doubles
// the wait, up to Longest. Silence for Longest forgets it.
const (
	Free    = 5
	first   = time.Second
	Longest = 15 * time.Minute
	// Keys bounds the memory: about 100 bytes each.
	Keys = 50_000
)

// Throttle counts the failures of logins. It is per process and forgets on restart. Safe for
// concurrent use.
type Throttle struct {
	mu     sync.Mutex
	failed map[Key]failures
}

// Key is a login, tried from one place.
type Key [sha256.Size]byte

type failures struct {
	count int
	last  time.Time
}

// New returns a Throttle that has counted nothing.
func New() *Throttle { return &Throttle{failed: map[Key]failures{}} }

// Len returns how many failing logins are remembered.
func (t *Throttle) Len() int {
	t.mu.Lock()
	defer t.mu.Unlock()
	return len(t.failed)
}

// KeyOf returns the key of a login from a place, of one size whatever was sent.
func KeyOf(login, from string) Key { return sha256.Sum256([]byte(login + "\x00" + from)) }

// Wait returns how long the next attempt has to wait, 0 for not at all.
func (t *Throttle) Wait(key Key, now time.Time) time.Duration {
	t.mu.Lock()
	defer t.mu.Unlock()
	f := t.failed[key]
	if f.count < Free {
		return 0
	}
	if f.last.After(now) { // the clock was set back: the wait begins anew, once
		f.last = now
		t.failed[key] = f
	}
	penalty := Longest
	if doublings := f.count - Free; doublings < 10 {
		penalty = min(first<<doublings, Longest)
	}
	return max(0, f.last.Add(penalty).Sub(now))
}

// Fail counts a wrong password.
func (t *Throttle) Fail(key Key, now time.Time) {
	t.mu.Lock()
	defer t.mu.Unlock()
	f := t.failed[key]
	if now.Sub(f.last) > Longest {
		f.count = 0
	}
	if _, known := t.failed[key]; !known && len(t.failed) >= Keys {
		t.forget(now)
	}
	t.failed[key] = failures{count: f.count + 1, last: now}
}

// Clear forgets the failures of a login that got in.
func (t *Throttle) Clear(key Key) {
	t.mu.Lock()
	defer t.mu.Unlock()
	delete(t.failed, key)
}

// forget makes room: what is silent for long, else any one.
func (t *Throttle) forget(now time.Time) {
	for key, f := range t.failed {
		if now.Sub(f.last) > Longest {
			delete(t.failed, key)
		}
	}
	for key := range t.failed {
		if len(t.failed) < Keys {
			return
		}
		delete(t.failed, key)
	}
}
