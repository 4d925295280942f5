package clientaccount

import (
	"reflect"
	"testing"

	"github.com/clientaccount/clientaccount/account"
)

// HashesBegun counts the password hashes that the Service computed so far.
func (s *Service) HashesBegun() int { return int(s.hasher.begun.Load()) }

// Tests seal and open cursors as the lists do.
var (
	sealed     = newCursors([]byte("a key for tests"))
	SealCursor = sealed.sealRow
	OpenCursor = sealed.openRow
)

// The throttle's bounds, for tests that reach them.
const (
	ThrottleFree = throttleFree
	ThrottleKeys = throttleKeys
)

// ThrottledKeys is how many failing logins are remembered.
func (s *Service) ThrottledKeys() int {
	s.throttle.mu.Lock()
	defer s.throttle.mu.Unlock()
	return len(s.throttle.failed)
}

// WaitingForLock counts the movements that wait to be written under an account's lock.
func (s *Service) WaitingForLock(id account.ID) int {
	return s.committer.Queued(id)
}

// EndOneHoldAtOnce makes transactions end one hold that has timed out, until the test
// ends.
func EndOneHoldAtOnce(t *testing.T) { EndHoldsAtOnce(t, 1) }

// EndHoldsAtOnce is EndOneHoldAtOnce for n holds.
func EndHoldsAtOnce(t *testing.T, n int) {
	was := mostEnded
	mostEnded = n
	t.Cleanup(func() { mostEnded = was })
}

// Verbs are the types of what the verbs of money take.
func Verbs() []reflect.Type {
	return []reflect.Type{
		reflect.TypeFor[TopUp](), reflect.TypeFor[Charge](), reflect.TypeFor[Hold](), reflect.TypeFor[Capture](), reflect.TypeFor[Release](),
		reflect.TypeFor[Adjustment](), reflect.TypeFor[Refund](), reflect.TypeFor[Transfer](),
	}
}

// MovementOf is the movement that a verb makes of what it takes.
func MovementOf(verb any) account.Movement {
	return verb.(interface{ movement() account.Movement }).movement()
}
