package clientaccount

import (
	"crypto/sha256"
	"sync"
	"time"
)

// A login may fail throttleFree times in a row from one place; then each further
// failure doubles the wait, up to throttleMax. Silence for throttleMax forgets it.
const (
	throttleFree = 5
	throttleBase = time.Second
	throttleMax  = 15 * time.Minute
	// throttleKeys bounds the memory: about 100 bytes each.
	throttleKeys = 50_000
)

// throttle slows down guessing. It is per process and forgets on restart.
type throttle struct {
	mu     sync.Mutex
	failed map[[32]byte]failures
}

type failures struct {
	count int
	last  time.Time
}

func newThrottle() *throttle { return &throttle{failed: map[[32]byte]failures{}} }

// throttleKey is of one size whatever was sent.
func throttleKey(login, from string) [32]byte { return sha256.Sum256([]byte(login + "\x00" + from)) }

// wait is how long the next attempt has to wait, 0 for not at all.
func (t *throttle) wait(key [32]byte, now time.Time) time.Duration {
	t.mu.Lock()
	defer t.mu.Unlock()
	f := t.failed[key]
	if f.count < throttleFree {
		return 0
	}
	if f.last.After(now) { // the clock was set back: the wait begins anew, once
		f.last = now
		t.failed[key] = f
	}
	penalty := throttleMax
	if doublings := f.count - throttleFree; doublings < 10 {
		penalty = min(throttleBase<<doublings, throttleMax)
	}
	return max(0, f.last.Add(penalty).Sub(now))
}

// fail counts a wrong password.
func (t *throttle) fail(key [32]byte, now time.Time) {
	t.mu.Lock()
	defer t.mu.Unlock()
	f := t.failed[key]
	if now.Sub(f.last) > throttleMax {
		f.count = 0
	}
	if _, known := t.failed[key]; !known && len(t.failed) >= throttleKeys {
		t.forget(now)
	}
	t.failed[key] = failures{count: f.count + 1, last: now}
}

// clear forgets the failures of a login that got in.
func (t *throttle) clear(key [32]byte) {
	t.mu.Lock()
	defer t.mu.Unlock()
	delete(t.failed, key)
}

// forget makes room: what is silent for long, else any one.
func (t *throttle) forget(now time.Time) {
	for key, f := range t.failed {
		if now.Sub(f.last) > throttleMax {
			delete(t.failed, key)
		}
	}
	for key := range t.failed {
		if len(t.failed) < throttleKeys {
			return
		}
		delete(t.failed, key)
	}
}
